"""
Sets of host names, as half-open intervals of reversed names.

`moc.osotnoc.` begins every reversed name below `contoso.com`, so a wildcard is one interval, and
two wildcards nest or are apart. The empty string stands for a connection that names nothing: TLS
without SNI, or no protocol that carries a name.
Source: azure-docs firewall-faq.yml (2023): a star stands only at the left.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Self

from hubwright.lazy_dataclass import dataclass

TOP = "\U0010ffff"
"""Sorts behind every name."""
_AFTER = "\0"
_LETTERS = "-.0123456789_abcdefghijklmnopqrstuvwxyz"
"""What host names are made of, in the order in which strings sort."""


@dataclass(frozen=True, slots=True)
class NameSet:
    """
    An immutable set of names, with "no name" as a possible member.

    `intervals` is sorted, disjoint and not adjacent; each is `[first, end)` of reversed names.
    """

    intervals: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, intervals: Iterable[tuple[str, str]]) -> Self:
        """Return the union of half-open intervals of reversed names, given in any order."""
        merged: list[tuple[str, str]] = []
        for first, end in sorted(intervals):
            if merged and first <= merged[-1][1]:
                if end > merged[-1][1]:
                    merged[-1] = (merged[-1][0], end)
            else:
                merged.append((first, end))
        return cls(tuple(merged))

    @classmethod
    def parse(cls, pattern: str) -> Self:
        """Read a name, `*.contoso.com` (below it), `*contoso.com` (ends so) or `*` (any name)."""
        text = pattern.lower()
        if text.startswith("*"):
            tail = text[:0:-1]
            return cls(((tail or _AFTER, tail + TOP),))
        return cls(((text[::-1], text[::-1] + _AFTER),))

    @classmethod
    def parse_all(cls, patterns: Iterable[str]) -> Self:
        """Return the union of several patterns."""
        return cls.of(pair for text in patterns for pair in cls.parse(text).intervals)

    def __contains__(self, name: str | None) -> bool:
        """Tell whether a name is in the set; None asks for "no name"."""
        key = (name or "").lower()[::-1]
        return any(first <= key < end for first, end in self.intervals)

    def __bool__(self) -> bool:
        """Tell whether the set has any member."""
        return bool(self.intervals)

    def __or__(self, other: Self) -> Self:
        """Return the union."""
        return self.of((*self.intervals, *other.intervals))

    def __and__(self, other: Self) -> Self:
        """Return the intersection."""
        pairs = ((max(a, c), min(b, d)) for a, b in self.intervals for c, d in other.intervals)
        return self.of((first, end) for first, end in pairs if first < end)

    def __sub__(self, other: Self) -> Self:
        """Return the members that `other` does not have."""
        out: list[tuple[str, str]] = []
        for first, end in self.intervals:
            at = first
            for cut_first, cut_end in other.intervals:
                if cut_end <= at or cut_first >= end:
                    continue
                if cut_first > at:
                    out.append((at, cut_first))
                at = cut_end
            if at < end:
                out.append((at, end))
        return type(self)(tuple(out))

    def __le__(self, other: Self) -> bool:
        """Tell whether every member is in `other`."""
        return not self - other

    def __str__(self) -> str:
        """Return patterns, joined by commas, each with what it leaves out."""
        return ", ".join(_texts(self.intervals)) or "nothing"


NO_NAME = NameSet((("", _AFTER),))
"""A connection that names nothing."""
ANY_NAME = NameSet.parse("*")
EVERY_NAME = NameSet((("", TOP),))
"""With a name or without."""


def _texts(intervals: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Yield a pattern for each outermost interval, with the gaps in it as exceptions."""
    at = 0
    while at < len(intervals):
        first, end = intervals[at]
        if first == "":
            yield "no name"
            if end != _AFTER:
                yield from _texts(((_AFTER, end), *intervals[at + 1 :]))
                return
            at += 1
            continue
        base = first.rstrip(_AFTER)
        if end == base + _AFTER and first == base:
            yield base[::-1]
            at += 1
            continue
        last = max(
            (n for n in range(at, len(intervals)) if intervals[n][1] <= base + TOP), default=at
        )
        gaps = [*([(base, first)] if base and base != first else [])]
        gaps += [(intervals[n][1], intervals[n + 1][0]) for n in range(at, last)]
        if intervals[last][1] != base + TOP:
            gaps.append((intervals[last][1], base + TOP))
        besides = f" except {' and '.join(_texts(tuple(gaps)))}" if gaps else ""
        yield f"*{base[::-1]}{besides}"
        at = last + 1


def _is_name(text: str) -> bool:
    """Tell whether a reversed text is made like a host name: legal letters, no empty label."""
    return bool(text) and all(map(_LETTERS.__contains__, text)) and all(text.split("."))


@lru_cache(maxsize=65536)
def lowest_name(first: str, end: str) -> str | None:
    """
    Return the lowest reversed name in `[first, end)`; "" counts as "no name".

    Returns:
        None when no string that is made like a host name lies there; such an interval is empty.
    """
    if first == "" or _is_name(first):
        return first
    for length in range(len(first), -1, -1):
        stem = first[:length]
        if stem.startswith(".") or ".." in stem or not all(map(_LETTERS.__contains__, stem)):
            continue
        floor = first[length] if length < len(first) else ""
        for letter in _LETTERS:
            if letter <= floor or (letter == "." and (not stem or stem.endswith("."))):
                continue
            found = f"{stem}{letter}-" if letter == "." else stem + letter
            return found if found < end else None
    return None


def witness_name(first: str, end: str) -> str | None:
    """Return a name of an interval that reads well, or None for "no name"; it must have one."""
    lowest = lowest_name(first, end) or ""
    if lowest == "":
        return None
    bases = dict.fromkeys((first.rstrip(_AFTER), lowest.rstrip("-."), ""))
    for base in bases:
        for tail in ("", "www", ".www", "x", ".x", "-x", "moc.elpmaxe", "moc.elpmaxe.www", "1x"):
            text = base + tail
            if first <= text < end and _is_name(text) and not text.startswith("-"):
                return text[::-1]
    return lowest[::-1]
