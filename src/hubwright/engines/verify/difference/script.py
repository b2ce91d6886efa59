"""The edit script of two ordered lists: what stayed in its order, and what did not."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from hubwright.lazy_dataclass import dataclass

T = TypeVar("T")

_STEP = 64
"""Elements of the first slices that are compared."""


@dataclass(frozen=True, slots=True)
class Script:
    """Which positions of two lists do not stand against each other in the same order."""

    before: tuple[int, ...]
    """Positions of the old list that went or moved, ascending."""
    after: tuple[int, ...]
    """Positions of the new list that came or moved, ascending."""


def edit_script(before: Sequence[T], after: Sequence[T], key: Callable[[T], Hashable]) -> Script:
    """
    Return what of two lists was edited; the rest is the same in both, in the same order.

    Args:
        before: The old list.
        after: The new list.
        key: What makes two elements the same; equal elements are it in any case.

    Equal ends are found by comparing ever longer slices, which the interpreter does by identity
    first: a small edit of a long list costs next to nothing. Between them, the longest
    run of elements in common order stays, and everything else is edited.
    """
    shortest = min(len(before), len(after))
    one, other = len(before), len(after)
    head = _common(shortest, lambda a, b: before[a:b] == after[a:b])
    tail = _common(
        shortest - head, lambda a, b: before[one - b : one - a] == after[other - b : other - a]
    )
    old, new = range(head, len(before) - tail), range(head, len(after) - tail)
    kept_old, kept_new = _kept([key(before[n]) for n in old], [key(after[n]) for n in new])
    return Script(
        tuple(n for n in old if n - head not in kept_old),
        tuple(n for n in new if n - head not in kept_new),
    )


def _common(most: int, are_equal: Callable[[int, int], bool]) -> int:
    """Return how many elements are equal, of `most`: steps double until they fail, then halve."""
    length, step, grows = 0, _STEP, True
    while length < most and step:
        step = min(step, most - length)
        if are_equal(length, length + step):
            length += step
            step = step * 2 if grows else step
        else:
            step, grows = step // 2, False
    return length


def _kept(before: Sequence[Hashable], after: Sequence[Hashable]) -> tuple[set[int], set[int]]:
    """Return the positions, in both, of a longest subsequence in common order."""
    places: dict[Hashable, list[int]] = {}
    for n, item in enumerate(before):
        places.setdefault(item, []).append(n)
    pairs: list[tuple[int, int]] = []
    for n, item in enumerate(after):
        found = places.get(item)
        if found:
            pairs.append((found.pop(0), n))
    chain = _increasing([one for one, _ in pairs])
    return {pairs[n][0] for n in chain}, {pairs[n][1] for n in chain}


def _increasing(values: Sequence[int]) -> list[int]:
    """Return the positions of a longest increasing subsequence (patience sorting)."""
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for position, value in enumerate(values):
        pile = bisect_left(tops, value)
        before.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(value)
            piles.append(position)
        else:
            tops[pile] = value
            piles[pile] = position
    out: list[int] = []
    at = piles[-1] if piles else -1
    while at >= 0:
        out.append(at)
        at = before[at]
    return out[::-1]
