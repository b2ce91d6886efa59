"""Sets of integers as sorted, disjoint, closed intervals: the algebra under addresses and ports."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Self

from hubwright.lazy_dataclass import dataclass

_BEYOND = 1 << 64
"""More than any member."""


@dataclass(frozen=True, slots=True)
class IntervalSet:
    """
    An immutable set of non-negative integers.

    `intervals` is sorted, disjoint and not adjacent, so equal sets have equal tuples.
    """

    intervals: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, intervals: Iterable[tuple[int, int]]) -> Self:
        """Return the union of closed intervals, given in any order."""
        merged: list[tuple[int, int]] = []
        for first, last in sorted(intervals):
            if merged and first <= merged[-1][1] + 1:
                if last > merged[-1][1]:
                    merged[-1] = (merged[-1][0], last)
            else:
                merged.append((first, last))
        return cls(tuple(merged))

    def __contains__(self, value: int) -> bool:
        """Tell whether one integer is in the set."""
        index = bisect_right(self.intervals, (value, _BEYOND)) - 1
        return index >= 0 and value <= self.intervals[index][1]

    def __bool__(self) -> bool:
        """Tell whether the set has any member."""
        return bool(self.intervals)

    def __len__(self) -> int:
        """Return the number of members."""
        return sum(last - first + 1 for first, last in self.intervals)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Iterate over the intervals in ascending order."""
        return iter(self.intervals)

    def __or__(self, other: Self) -> Self:
        """Return the union."""
        return self.of((*self.intervals, *other.intervals))

    def __and__(self, other: Self) -> Self:
        """Return the intersection."""
        out: list[tuple[int, int]] = []
        i = j = 0
        a, b = self.intervals, other.intervals
        while i < len(a) and j < len(b):
            first, last = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
            if first <= last:
                out.append((first, last))
            if a[i][1] < b[j][1]:
                i += 1
            else:
                j += 1
        return type(self)(tuple(out))

    def __sub__(self, other: Self) -> Self:
        """Return the members that `other` does not have."""
        out: list[tuple[int, int]] = []
        for first, last in self.intervals:
            at = first
            for cut_first, cut_last in other.intervals:
                if cut_last < at or cut_first > last:
                    continue
                if cut_first > at:
                    out.append((at, cut_first - 1))
                at = cut_last + 1
            if at <= last:
                out.append((at, last))
        return type(self)(tuple(out))

    def __le__(self, other: Self) -> bool:
        """Tell whether every member is in `other`."""
        return not self - other

    def overlaps(self, other: Self) -> bool:
        """Tell whether the two sets share a member."""
        return bool(self & other)

    def first(self) -> int:
        """Return the smallest member; the set must not be empty."""
        return self.intervals[0][0]
