"""
Which packets two filters decide differently.

A packet that no edited line holds meets the same lines in the same order in both, so only what
the edited lines hold is walked, through the lines that share packets with it: the cost follows
the edit, not the policy.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from hubwright.engines.verify.difference.script import edit_script
from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.space import Cube, Region, Space, bits, first_match
from hubwright.model.address import AddressSet


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
    Which lines of a filter may share packets with a cube, by the addresses of both ends.

    Built once for a filter; a question is two bisections, and independent of its length.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self._sources = _Sweep(
            (n, cube.source) for n, line in enumerate(lines) for cube in line.cubes
        )
        self._destinations = _Sweep(
            (n, cube.destination) for n, line in enumerate(lines) for cube in line.cubes
        )

    def meeting(self, cubes: Iterable[Cube]) -> list[int]:
        """Return the positions of lines that share a packet with any of the cubes, ascending."""
        out: set[int] = set()
        for cube in cubes:
            mask = self._sources.meeting(cube.source) & self._destinations.meeting(cube.destination)
            out |= {n for n in bits(mask) if n not in out and _shares(self.lines[n], cube)}
        return sorted(out)


class _Sweep:
    """For one field, the lines that hold each elementary piece, as bit masks."""

    def __init__(self, sets: Iterable[tuple[int, AddressSet]]) -> None:
        holders: dict[AddressSet, int] = {}
        for position, value in sets:
            holders[value] = holders.get(value, 0) | 1 << position
        self._starts: list[int] = []
        self._masks: list[int] = []
        ends: dict[int, list[tuple[int, int]]] = {}
        for number, value in enumerate(holders):
            for first, last in value.intervals:
                ends.setdefault(first, []).append((1, number))
                ends.setdefault(last + 1, []).append((-1, number))
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

    def meeting(self, value: AddressSet) -> int:
        """Return the lines whose set shares an address with the given one."""
        found = 0
        for first, last in value.intervals:
            at = max(bisect_right(self._starts, first) - 1, 0)
            end = bisect_right(self._starts, last)
            for mask in self._masks[at:end]:
                found |= mask
        return found


def _shares(line: Line, cube: Cube) -> bool:
    return any(bool(mine & cube) for mine in line.cubes)


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
    script = edit_script([_key(line) for line in before], [_key(line) for line in after])
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
    old = [before[n] for n in positions]
    kept = _kept(positions, script.before, script.after)
    new = [after[n] for n in sorted({*kept, *script.after})]
    space = Space([*edited, *(cube for line in (*old, *new) for cube in line.cubes)])
    region = Region.of(space, edited)
    one = list(first_match(region, [line.cubes for line in old]))
    other = list(first_match(region, [line.cubes for line in new]))
    for number, taken in other:
        line = None if number is None else new[number]
        for position, held in one:
            was = None if position is None else old[position]
            if decision(was) == decision(line):
                continue
            shared = taken & held
            if shared:
                yield Difference(region=shared, before=was, after=line)


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
