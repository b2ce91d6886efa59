"""What became of packets: answered, or hanging on something; the rest is refused."""

from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import TypeVar

from hubwright.engines.verify.space import Piece
from hubwright.engines.verify.space.cover import all_left, clip, meet
from hubwright.lazy_dataclass import dataclass
from hubwright.model.flow import Disposition
from hubwright.model.origin import NOWHERE, Origin

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Way:
    """How answered packets go: who answers, and past which firewalls."""

    server: str
    """Interface that answers; `internet`, or `azure` for the platform's own addresses."""
    crossed: tuple[str, ...] = ()
    """Firewalls in order."""
    is_translated: bool = False
    """Whether the server sees another source than the sender's own address."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Packets that arrive somewhere, whether or not their answer comes back."""

    pieces: tuple[Piece, ...]
    way: Way


@dataclass(frozen=True, slots=True)
class Loss:
    """Packets that a route, a peering or a missing state loses."""

    pieces: tuple[Piece, ...]
    disposition: Disposition
    detail: str
    crossed: tuple[str, ...] = ()
    """Firewalls that had seen the request."""
    server: str = ""
    """Who answered, where the answer is lost and not the request."""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(slots=True)
class Result:
    """Answered and uncertain packets; pieces of the engine's space, which may overlap."""

    answered: list[tuple[Piece, Way]] = field(default_factory=list[tuple[Piece, Way]])
    unknown: list[tuple[Piece, str]] = field(default_factory=list[tuple[Piece, str]])
    """With what they hang on."""

    def add(self, other: "Result") -> None:
        """Take in what became of other packets."""
        self.answered += other.answered
        self.unknown += other.unknown


def worst(results: Sequence[Result]) -> Result:
    """
    Return what becomes of packets for which Azure chooses one of several ways at random.

    Refused where one choice refuses; else unknown where one is; else answered.
    """
    first = results[0]
    if all(_same(first, other) for other in results[1:]):
        return first
    answered = _distinct(first.answered)
    for other in results[1:]:
        theirs = [piece for piece, _ in other.answered]
        answered = _distinct(
            (shared, way)
            for piece, way in answered
            for theirs_piece in theirs
            if (shared := meet(piece, theirs_piece)) is not None
        )
    return Result(answered, _worst_unknown(results, [piece for piece, _ in answered]))


def _worst_unknown(results: Sequence[Result], answered: Sequence[Piece]) -> list[tuple[Piece, str]]:
    """Return what no choice refuses, and not every choice answers."""
    if not any(result.unknown for result in results):
        return []
    possible = [(piece, "") for piece, _ in results[0].answered] + results[0].unknown
    for other in results[1:]:
        theirs = [(piece, "") for piece, _ in other.answered] + other.unknown
        possible = _distinct(
            (shared, why or why_there)
            for piece, why in possible
            for piece_there, why_there in theirs
            if (shared := meet(piece, piece_there)) is not None
        )
    return [
        (part, why)
        for piece, why in possible
        if why
        for part in all_left(piece, clip(piece, answered))
    ]


def _distinct(items: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(items))


def _same(one: Result, other: Result) -> bool:
    mine, theirs = ({piece for piece, _ in item.answered} for item in (one, other))
    return mine == theirs and {p for p, _ in one.unknown} == {p for p, _ in other.unknown}
