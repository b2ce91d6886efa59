"""
Which packets two filters decide differently.

A packet that no edited line holds meets the same lines in the same order in both, so only what
the edited lines hold is walked, through the lines that share packets with it: the cost follows
the edit, not the policy.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence

from hubwright.engines.verify.difference.script import edit_script
from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.space import Cube, Region, Space, bits, first_match
from hubwright.lazy_dataclass import dataclass
from hubwright.model.intervals import IntervalSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Packets that one line of the old filter decided, and another of the new decides otherwise."""

    region: Region
    before: Line | None
    """None: no line matched."""
    after: Line | None

    @property
    def cubes(self) -> tuple[Cube, ...]:
        """The packets, as few products as merging neighbours gives."""
        return self.region.compact().cubes()


class LineIndex:
    """
    Which lines of a filter may share packets with a cube, by addresses, ports and protocols.

    Built once for a filter; a question is a few bisections, and independent of its length.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        cubes = [(n, cube) for n, line in enumerate(lines) for cube in line.cubes]
        self._sources = _Sweep((n, cube.source) for n, cube in cubes)
        self._destinations = _Sweep((n, cube.destination) for n, cube in cubes)
        self._ports = _Sweep((n, cube.ports) for n, cube in cubes)
        self._protocols: dict[str, int] = {}
        for n, cube in cubes:
            for word in cube.protocols:
                self._protocols[word] = self._protocols.get(word, 0) | 1 << n

    def meeting(self, cubes: Iterable[Cube]) -> list[int]:
        """Return the positions of lines that may share a packet with a cube, ascending."""
        found = 0
        for cube in cubes:
            mask = 0
            for word in cube.protocols:
                mask |= self._protocols.get(word, 0)
            mask &= self._ports.meeting(cube.ports)
            mask &= self._sources.meeting(cube.source)
            mask &= self._destinations.meeting(cube.destination)
            found |= mask
        return list(bits(found))


class _Sweep:
    """For one field, the lines that hold each elementary piece, as bit masks."""

    def __init__(self, sets: Iterable[tuple[int, IntervalSet]]) -> None:
        holders: dict[IntervalSet, int] = {}
        for position, value in sets:
            holders[value] = holders.get(value, 0) | 1 << position
        self._starts: list[int] = []
        self._masks: list[int] = []
        ends: dict[int, list[tuple[int, int]]] = {}
        for number, value in enumerate(holders):
            for first, last in value.intervals:
                ends.setdefault(first, []).append((1, number))
                ends.setdefault(last + 1, []).append((-1, number))
        self._known: dict[IntervalSet, int] = {}
        masks = list(holders.values())
        here: dict[int, int] = {}
        for at in sorted(ends):
            for step, number in ends[at]:
                here[number] = here.get(number, 0) + step
                if not here[number]:
                    del here[number]
            total = 0
            for number in here:
                total |= masks[number]
            self._starts.append(at)
            self._masks.append(total)

    def meeting(self, value: IntervalSet) -> int:
        """Return the lines whose set shares a member with the given one."""
        if value not in self._known:
            found = 0
            for first, last in value.intervals:
                at = max(bisect_right(self._starts, first) - 1, 0)
                for mask in self._masks[at : bisect_right(self._starts, last)]:
                    found |= mask
            self._known[value] = found
        return self._known[value]


def differences(
    before: Sequence[Line],
    after: Sequence[Line],
    *,
    decision: Callable[[Line | None], str],
    index: LineIndex | None = None,
) -> Iterator[Difference]:
    """
    Yield the packets that two filters decide differently, by the new filter's line.

    Args:
        before: Lines in order; the first that matches decides.
        after: Likewise.
        decision: What becomes of a packet of a line, or of none; lines of equal decisions do not
            differ.
        index: Of `before`, where it is at hand.

    Raises:
        BudgetExceeded: the sets are too entangled to be told apart within the space's budget.
    """
    script = edit_script(before, after, key=_key)
    edited = [
        cube
        for lines, positions in ((before, script.before), (after, script.after))
        for n in positions
        for cube in lines[n].cubes
    ]
    if not edited:
        return
    old_index = index or LineIndex(before)
    positions = old_index.meeting(edited)
    kept = _kept(positions, script.before, script.after)
    clipped = _Clipped(edited)
    old = clipped.lines(before, positions)
    new = clipped.lines(after, sorted({*kept, *script.after}))
    space = Space([*edited, *(cube for _, cubes in (*old, *new) for cube in cubes)])
    region = Region.of(space, edited)
    one = list(first_match(region, [cubes for _, cubes in old]))
    other = list(first_match(region, [cubes for _, cubes in new]))
    for number, taken in other:
        line = None if number is None else new[number][0]
        for position, held in one:
            was = None if position is None else old[position][0]
            if decision(was) == decision(line):
                continue
            shared = taken & held
            if shared:
                yield Difference(region=shared, before=was, after=line)


_FEW = 4
"""Edited cubes up to which lines are cut down to them: their sets are then small."""


class _Clipped:
    """Lines as far as they share packets with the edited cubes."""

    def __init__(self, edited: Sequence[Cube]) -> None:
        distinct = list(dict.fromkeys(edited))
        self.edited = distinct if len(distinct) <= _FEW else []
        self.known: dict[int, tuple[Cube, ...]] = {}

    def lines(
        self, lines: Sequence[Line], positions: Sequence[int]
    ) -> list[tuple[Line, tuple[Cube, ...]]]:
        """Return the lines of positions with what they hold of the edited cubes, if anything."""
        found = ((lines[n], self._cubes(lines[n])) for n in positions)
        return [(line, cubes) for line, cubes in found if cubes]

    def _cubes(self, line: Line) -> tuple[Cube, ...]:
        if not self.edited:
            return line.cubes
        if id(line) not in self.known:
            parts = (part for cube in line.cubes for e in self.edited if (part := cube & e))
            self.known[id(line)] = tuple(parts)
        return self.known[id(line)]


def _kept(positions: Sequence[int], gone: Sequence[int], came: Sequence[int]) -> Iterator[int]:
    """Yield the new positions of kept lines, given old ones; all ascending."""
    lost = set(gone)
    for position in positions:
        if position not in lost:
            yield _nth_kept(came, position - bisect_right(gone, position))


def _nth_kept(came: Sequence[int], rank: int) -> int:
    """Return the position of the element of that rank among those not in `came`."""
    at = rank
    for taken in came:
        if taken > at:
            break
        at += 1
    return at


def _key(line: Line) -> tuple[str, tuple[Cube, ...]]:
    return line.decision, line.cubes
