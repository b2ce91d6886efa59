"""The table of what reaches what, for people."""

import textwrap
from collections.abc import Iterator

from hubwright.engines.verify.reach.table import Table
from hubwright.engines.verify.reach.words import words
from hubwright.engines.verify.space import ALL_APPLICATIONS, EVERY_NAME, Cube
from hubwright.model.address import ALL_PORTS, AddressSet
from hubwright.model.estate import Estate
from hubwright.model.flow import Application
from hubwright.semantics.ends import End

WIDTH = 100


def render(estate: Estate, sender: End, receiver: End, found: Table) -> str:
    """Return one block for each server, and one for each thing that packets hang on."""
    lines = [f"{sender.text} -> {receiver.text}"]
    for row in found.rows:
        way = f"through {', then '.join(row.crossed)}" if row.crossed else "past no firewall"
        lines += ["", f"  answered by {row.server}, {way}"]
        lines += packets_text(estate, found.senders, row.cubes)
    for why, cubes in found.unknown:
        lines += ["", f"  unknown: hangs on {why}"]
        lines += packets_text(estate, found.senders, cubes)
    if not found.rows:
        lines += ["", "  nothing is answered" + (" for sure" if found.unknown else "")]
    return "\n".join(lines) + "\n"


def packets_text(estate: Estate, senders: AddressSet, cubes: tuple[Cube, ...]) -> Iterator[str]:
    """Yield lines on packets; who sends them only where it is not everybody who was asked."""
    shown = dict.fromkeys(_text(estate, senders, cube) for cube in cubes)
    for text in sorted(shown):
        yield from textwrap.wrap(
            text, WIDTH, initial_indent="    ", subsequent_indent="        ", break_long_words=False
        )


def _text(estate: Estate, senders: AddressSet, cube: Cube) -> str:
    """Return `tcp 443 https to mcr.microsoft.com`."""
    parts = [", ".join(word.lower() for word in sorted(cube.protocols))]
    if cube.protocols != {"ICMP"}:
        parts.append("every port" if cube.ports == ALL_PORTS else f"{cube.ports}")
    spoken = _spoken(cube)
    if spoken:
        parts.append("/".join(spoken))
    if cube.source_ports != ALL_PORTS:
        parts.append(f"from port {cube.source_ports}")
    if cube.names != EVERY_NAME and Application.NONE not in cube.applications:
        parts.append(f"naming {cube.names}")
    if not senders <= cube.source:
        parts.append(f"from {', '.join(words(estate, cube.source))}")
    parts.append(f"to {', '.join(words(estate, cube.destination))}")
    return " ".join(parts)


def _spoken(cube: Cube) -> tuple[str, ...]:
    """Return what clients speak, where it matters."""
    if cube.applications == ALL_APPLICATIONS or "TCP" not in cube.protocols:
        return ()
    return tuple(sorted(str(item) for item in cube.applications))
