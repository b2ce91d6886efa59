"""Unions of pieces of one space, with set algebra, witnesses and three-valued answers."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Self

from hubwright.engines.verify.space.answer import Answer, Certificate, Verdict
from hubwright.engines.verify.space.cover import (
    BudgetExceeded,
    Piece,
    all_left,
    clip,
    fewest,
    first_left,
    meet,
)
from hubwright.engines.verify.space.cube import Cube, Point, Role, Symbol
from hubwright.engines.verify.space.space import EITHER, IN, Space
from hubwright.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """
    A set of packets: a union of pieces of a space. The pieces may overlap.

    Operators need both regions in the same space, and raise `BudgetExceeded` where the space's
    budget is not enough; `is_empty` and `covered` answer "unknown" instead.
    """

    space: Space
    pieces: tuple[Piece, ...]

    @classmethod
    def of(cls, space: Space, cubes: Iterable[Cube]) -> Self:
        """Return the union of cubes; their sets must be in the space."""
        return cls(space, tuple(dict.fromkeys(space.encode_all(cubes))))

    @classmethod
    def everything(cls, space: Space) -> Self:
        """Return every packet."""
        return cls(space, (space.full,))

    def __bool__(self) -> bool:
        """Tell whether any packet is in it, for some content of the symbols."""
        return bool(self.pieces)

    def __or__(self, other: Self) -> Self:
        """Return the union."""
        return type(self)(self.space, tuple(dict.fromkeys((*self.pieces, *other.pieces))))

    def __and__(self, other: Self) -> Self:
        """Return the intersection."""
        shared = (meet(a, b) for a in self.pieces for b in other.pieces)
        return type(self)(self.space, tuple(dict.fromkeys(p for p in shared if p is not None)))

    def __sub__(self, other: Self) -> Self:
        """Return the packets that the other has not, as pieces that do not overlap."""
        budget = self.space.budget
        out: list[Piece] = []
        for piece in self.pieces:
            for part in all_left(piece, clip(piece, out), budget):
                out += all_left(part, clip(part, other.pieces), budget)
        return type(self)(self.space, tuple(out))

    def __le__(self, other: Self) -> bool:
        """Tell whether every packet is in the other, whatever the symbols hold."""
        return all(
            first_left(piece, clip(piece, other.pieces), self.space.budget) is None
            for piece in self.pieces
        )

    def compact(self) -> Self:
        """Return the same packets in fewer pieces: neighbours that differ in one field merge."""
        pieces = list(dict.fromkeys(self.pieces))
        for number in range(len(self.space.full)):
            merged: dict[Piece, int] = {}
            for piece in pieces:
                rest = (*piece[:number], 0, *piece[number + 1 :])
                merged[rest] = merged.get(rest, 0) | piece[number]
            pieces = [(*rest[:number], mask, *rest[number + 1 :]) for rest, mask in merged.items()]
        return type(self)(self.space, tuple(pieces))

    def cubes(self) -> tuple[Cube, ...]:
        """Return the pieces in the model's own sets, in the order of the pieces."""
        return tuple(self.space.decode(piece) for piece in self.pieces)

    def points(self) -> Iterator[Point]:
        """Yield a packet of each piece."""
        return (self.space.point(piece) for piece in self.pieces)

    def witness(self) -> Point | None:
        """Return a packet, one that hangs on no symbol where there is one; None when empty."""
        if not self.pieces:
            return None
        sure = next((p for p in self.pieces if _is_sure(self.space, p)), self.pieces[0])
        return self.space.point(sure)

    def is_empty(self) -> Answer:
        """Answer whether no packet is in the region: refuted by one that is there for sure."""
        if not self.pieces:
            return Answer(verdict=Verdict.PROVED)
        for piece in self.pieces:
            if _is_sure(self.space, piece):
                return _refuted(self.space, piece)
        for piece in self.pieces:
            if self._for_every_content(piece):
                return _refuted(self.space, piece)
        return _open(self.space, self.pieces[0])

    def _for_every_content(self, piece: Piece) -> bool:
        """Tell whether a piece stays in the region whatever its symbols hold."""
        fields = len(self.space.fields)
        wide = (*piece[:fields], *(EITHER for _ in self.space.symbols))
        try:
            return first_left(wide, clip(wide, self.pieces), self.space.budget) is None
        except BudgetExceeded:
            return False


def covered(space: Space, cubes: Sequence[Cube], by: Sequence[Cube]) -> Answer:
    """
    Answer whether cubes lie wholly in the union of others.

    Returns:
        Proved with a certificate for each cube, whose covers are as few as can be: none of them
        can be spared. Refuted with a packet that is left. Unknown where the packet that is left
        hangs on symbols, or the budget is spent.
    """
    offered = [(n, piece) for n, cube in enumerate(by) if (piece := space.encode(cube))]
    covers = [piece for _, piece in offered]
    certificates: list[Certificate] = []
    try:
        for cube in cubes:
            piece = space.encode(cube)
            if piece is None:
                continue
            used = fewest(piece, covers, space.budget)
            if used is None:
                return _left(space, cubes, covers)
            positions = tuple(offered[at][0] for at in used)
            certificates.append(
                Certificate(
                    cube=cube, covers=tuple(by[at] for at in positions), positions=positions
                )
            )
    except BudgetExceeded:
        return out_of_budget(space)
    return Answer(verdict=Verdict.PROVED, certificates=tuple(certificates))


def out_of_budget(space: Space) -> Answer:
    """Return the answer to a question that took too many cuts."""
    return Answer(
        verdict=Verdict.UNKNOWN, reason=f"the budget of {space.budget} cuts is spent on it"
    )


def _left(space: Space, cubes: Sequence[Cube], covers: list[Piece]) -> Answer:
    """Refute coverage by what is left, for sure if possible."""
    for cube in cubes:
        piece = space.encode(cube)
        left = piece and first_left(piece, clip(piece, covers), space.budget)
        if left and _is_sure(space, left):
            return _refuted(space, left)
    rest = Region.of(space, cubes) - Region(space, tuple(covers))
    return rest.is_empty()


def _constrained(space: Space, piece: Piece) -> list[tuple[Symbol, int]]:
    bits = piece[len(space.fields) :]
    return [(symbol, bit) for symbol, bit in zip(space.symbols, bits, strict=True) if bit != EITHER]


def _is_sure(space: Space, piece: Piece) -> bool:
    """
    Tell whether a piece holds a packet whatever the symbols hold.

    Distinct symbols may be taken to hold an address of their own: the packet is outside all, or
    in one of them at an address that no listed set has.
    """
    inside: dict[Role, int] = {}
    for symbol, bit in _constrained(space, piece):
        if not symbol.distinct:
            return False
        if bit == IN:
            inside[symbol.role] = inside.get(symbol.role, 0) + 1
    for role, count in inside.items():
        if count > 1:
            return False
        for field, classes, mask in zip(space.fields, space.classes, piece, strict=False):
            if field.role is role and not mask & classes.plain:
                return False
    return True


def _refuted(space: Space, piece: Piece) -> Answer:
    return Answer(
        verdict=Verdict.REFUTED,
        witness=space.point(piece),
        left=space.decode(piece),
        hangs_on=tuple(symbol for symbol, _ in _constrained(space, piece)),
    )


def _open(space: Space, piece: Piece) -> Answer:
    symbols = tuple(symbol for symbol, _ in _constrained(space, piece))
    return Answer(
        verdict=Verdict.UNKNOWN,
        witness=space.point(piece),
        left=space.decode(piece),
        hangs_on=symbols,
        reason="it hangs on " + ", ".join(dict.fromkeys(symbol.text for symbol in symbols)),
    )


def first_match(
    region: Region, lines: Sequence[Sequence[Cube]]
) -> Iterator[tuple[int | None, Region]]:
    """
    Yield which packets of a region each of several ordered lines takes, the first match first.

    Args:
        region: What arrives.
        lines: The cubes of each line; their sets must be in the region's space.

    Yields:
        The line's position and what it takes, without the lines that take nothing; at last None
        and what no line takes, if anything.

    Raises:
        BudgetExceeded: One line took more cuts than the space's budget.
    """
    left = region
    for number, cubes in enumerate(lines):
        mine = Region.of(region.space, cubes)
        taken = left & mine
        if not taken:
            continue
        yield number, taken
        left = left - mine
        if not left:
            return
    if left:
        yield None, left
