"""Pairs of lines that decide otherwise on the same packets: exceptions and conflicts."""

from collections.abc import Iterator

from hubwright.engines.verify.hygiene import Hygiene
from hubwright.engines.verify.space import BudgetExceeded, Cube, bits
from hubwright.engines.verify.space.cover import clip, first_left, meet


def exceptions(hygiene: Hygiene) -> Iterator[tuple[int, int]]:
    """Yield lines, each with a later line that has all of its packets and decides otherwise."""
    for number, _ in enumerate(hygiene.lines):
        later = _later_others(hygiene, number)
        holders = _holders(hygiene, number, later)
        if holders:
            yield number, min(holders)


def conflicts(hygiene: Hygiene) -> Iterator[tuple[int, int, Cube]]:
    """
    Yield pairs of lines that share packets and decide otherwise, neither within the other.

    The cube is what both have; earlier lines do not take all of it, so there the order decides.
    """
    for number, _ in enumerate(hygiene.lines):
        later = _later_others(hygiene, number)
        containing = _holders(hygiene, number, later)
        met = {
            hygiene.owner[other]
            for position in bits(hygiene.own[number] & hygiene.alive)
            for other in bits(hygiene.index.meeting(hygiene.pieces[position]) & later)
        }
        for other in sorted(met - containing):
            if number in _holders(hygiene, other, hygiene.own[number]):
                continue
            shared = _shared(hygiene, number, other)
            if shared is not None:
                yield number, other, shared


def _later_others(hygiene: Hygiene, number: int) -> int:
    """Return the later pieces that are alive and decide otherwise."""
    if number in hygiene.hidden or not hygiene.own[number]:
        return 0
    same = hygiene.of_decision[hygiene.lines[number].decision]
    return hygiene.alive & ~hygiene.before[number] & ~hygiene.own[number] & ~same


def _holders(hygiene: Hygiene, number: int, among: int) -> set[int]:
    """Return the lines of some pieces that have all packets of a line, piece by piece."""
    sets = [
        {hygiene.owner[other] for other in bits(hygiene.index.containing(piece) & among)}
        for piece in (hygiene.pieces[position] for position in bits(hygiene.own[number]))
    ]
    return set.intersection(*sets) if sets else set()


def _shared(hygiene: Hygiene, number: int, other: int) -> Cube | None:
    """Return what cubes of two lines share, if no line before the first takes all of it."""
    for one in bits(hygiene.own[number] & hygiene.alive):
        for two in bits(hygiene.own[other] & hygiene.alive):
            shared = meet(hygiene.pieces[one], hygiene.pieces[two])
            if shared is None:
                continue
            ahead = hygiene.index.meeting(shared) & hygiene.before[number] & hygiene.alive
            parts = clip(shared, [hygiene.pieces[p] for p in bits(ahead)])
            try:
                left = first_left(shared, parts, hygiene.budget)
            except BudgetExceeded:
                hygiene.unknown.add(number)
                continue
            if left is not None:
                return hygiene.cubes[one] & hygiene.cubes[two]
    return None
