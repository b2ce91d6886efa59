"""
The classes of one field: its values, told apart only as far as the sets of a question do.

A sweep over the ends of all intervals gives every piece of the line its exact signature (the sets
that hold it); pieces with equal signatures are one class. A set is then a bit mask of classes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from itertools import pairwise
from typing import Generic, TypeVar

from hubwright.lazy_dataclass import dataclass

V = TypeVar("V", int, str)


@dataclass(slots=True)
class Classes(Generic[V]):
    """The classes of a field: what each holds, and the mask of every set."""

    pieces: list[list[tuple[V, V]]] = field(default_factory=list[list[tuple[V, V]]])
    """By class, the half-open pieces of the line that it holds, ascending."""
    masks: list[int] = field(default_factory=list[int])
    """By set, in the order given, the classes that it holds."""
    plain: int = 0
    """The class that no set but those of everything holds; 0 when there is none."""

    @property
    def full(self) -> int:
        """The mask of everything."""
        return (1 << len(self.pieces)) - 1

    def intervals(self, mask: int) -> list[tuple[V, V]]:
        """Return the half-open intervals of a mask, ascending; neighbours are not merged."""
        out: list[tuple[V, V]] = []
        while mask:
            low = mask & -mask
            out += self.pieces[low.bit_length() - 1]
            mask ^= low
        out.sort()
        return out


def classify(
    sets: Sequence[Iterable[tuple[V, V]]],
    line: tuple[V, V],
    is_empty: Callable[[V, V], bool] | None = None,
) -> Classes[V]:
    """
    Return the classes that a list of sets makes of a line.

    Args:
        sets: Each a sequence of disjoint half-open intervals.
        line: Begin and end of everything.
        is_empty: Tells whether a piece holds no value at all; such pieces are left out.
    """
    everything = (line,)
    edges: dict[V, int] = {line[0]: 0}
    wide: list[int] = []
    for number, intervals in enumerate(sets):
        if tuple(intervals) == everything:
            wide.append(number)
            continue
        bit = 1 << number
        for first, end in intervals:
            edges[first] = edges.get(first, 0) ^ bit
            edges[end] = edges.get(end, 0) ^ bit
    edges.pop(line[1], None)
    classes: Classes[V] = Classes()
    ids: dict[int, int] = {}
    signature = 0
    for start, end in _spans(edges, line[1]):
        signature ^= edges[start]
        if is_empty is not None and is_empty(start, end):
            continue
        known = ids.setdefault(signature, len(ids))
        if known == len(classes.pieces):
            classes.pieces.append([])
        classes.pieces[known].append((start, end))
    classes.masks = _masks(ids, len(sets))
    for number in wide:
        classes.masks[number] = classes.full
    classes.plain = 1 << ids[0] if 0 in ids else 0
    return classes


def _spans(edges: Iterable[V], last: V) -> Iterator[tuple[V, V]]:
    """Yield the pieces between one edge and the next, and up to the last end."""
    ordered = list(edges)
    ordered.append(last)
    ordered.sort()
    return pairwise(ordered)


def _masks(ids: dict[int, int], count: int) -> list[int]:
    """Return by set the classes whose signature has it."""
    masks = [0] * count
    for signature, number in ids.items():
        bit, left = 1 << number, signature
        while left:
            low = left & -left
            masks[low.bit_length() - 1] |= bit
            left ^= low
    return masks
