"""
A check of cover certificates that shares no code with the engine.

One field after the other, the line is cut at the ends of the covers that are still in play; on
every cut those must cover the fields that are left. Slow, short, and right for small certificates.
"""

from collections.abc import Sequence
from typing import Any

from hubwright.engines.verify.space.answer import Certificate
from hubwright.engines.verify.space.cube import Cube

Box = tuple[tuple[tuple[Any, Any], ...], ...]


def holds(certificate: Certificate) -> bool:
    """Tell whether the covers of a certificate really cover its cube."""
    symbols = sorted({s for c in (certificate.cube, *certificate.covers) for s in c.symbols})
    box = _box(certificate.cube, symbols)
    return _covers(box, [_box(cover, symbols) for cover in certificate.covers])


def _box(cube: Cube, symbols: Sequence[Any]) -> Box:
    """Return a cube as half-open intervals, field by field."""
    numbers = (cube.source, cube.destination, cube.ports, cube.source_ports)
    words = (cube.protocols, cube.applications)
    return (
        *(tuple((first, last + 1) for first, last in item.intervals) for item in numbers),
        *(tuple((str(word), f"{word}\0") for word in sorted(item)) for item in words),
        cube.names.intervals,
        *(
            tuple(
                (at, at + 1)
                for at in (0, 1)
                if not (at == 0 and symbol in cube.inside)
                and not (at == 1 and symbol in cube.outside)
            )
            for symbol in symbols
        ),
    )


def _covers(box: Box, covers: list[Box]) -> bool:
    if not box:
        return bool(covers)
    ends = sorted({end for cover in covers for pair in cover[0] for end in pair})
    seen: set[tuple[int, ...]] = set()
    for first, last in box[0]:
        inner = [end for end in ends if first < end < last]
        for start in (first, *inner):
            active = tuple(
                number
                for number, cover in enumerate(covers)
                if any(a <= start < b for a, b in cover[0])
            )
            if active in seen:
                continue
            seen.add(active)
            if not _covers(box[1:], [covers[number][1:] for number in active]):
                return False
    return True
