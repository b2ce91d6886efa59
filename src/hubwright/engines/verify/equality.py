"""Whether two filters decide alike on every packet."""

from collections.abc import Iterator, Sequence

from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.space import (
    Answer,
    BudgetExceeded,
    Index,
    Piece,
    Region,
    Space,
    Verdict,
    bits,
)
from hubwright.engines.verify.space.cover import BUDGET, clip, first_left, meet
from hubwright.engines.verify.space.region import out_of_budget


class _Side:
    """One filter in the common space."""

    def __init__(self, space: Space, lines: Sequence[Line]) -> None:
        self.pieces: list[Piece] = []
        self.owner: list[int] = []
        self.before: list[int] = []
        self.of_decision: dict[str, int] = {}
        for number, line in enumerate(lines):
            self.before.append((1 << len(self.pieces)) - 1)
            mine = space.encode_all(line.cubes)
            self.pieces += mine
            self.owner += [number] * len(mine)
            own = ((1 << len(self.pieces)) - 1) & ~self.before[-1]
            self.of_decision[line.decision] = self.of_decision.get(line.decision, 0) | own
        self.lines = lines
        self.index = Index(space, self.pieces)


def equal(
    one: Sequence[Line], other: Sequence[Line], default: str = "default", *, budget: int = BUDGET
) -> Answer:
    """
    Answer whether two filters decide alike on every packet.

    Args:
        one: Lines in order.
        other: Lines in order.
        default: Decision on packets that no line takes.
        budget: Cuts at most for one step.

    Returns:
        Proved; refuted with a packet on which they decide differently; or unknown, where that
        packet hangs on symbols or the budget is spent.
    """
    space = Space((cube for line in (*one, *other) for cube in line.cubes), budget=budget)
    unsure: Answer | None = None
    try:
        for left in _differences(space, _Side(space, one), _Side(space, other), default):
            answer = Region(space, (left,)).is_empty()
            if answer.verdict is Verdict.REFUTED:
                return answer
            unsure = answer if unsure is None else unsure
    except BudgetExceeded:
        return out_of_budget(space) if unsure is None else unsure
    return Answer(verdict=Verdict.PROVED) if unsure is None else unsure


def _differences(space: Space, one: _Side, other: _Side, default: str) -> Iterator[Piece]:
    """
    Yield packets on which the sides differ: for each line of one, those that it decides alone.

    Such a packet is no earlier line's of its own side, and on the other side a line with another
    decision takes it, or none although the decision is not the default.
    """
    for position, piece in enumerate(one.pieces):
        line = one.lines[one.owner[position]]
        early = one.before[one.owner[position]]
        yield from _decided_otherwise(space, piece, (one, early), other, line.decision)
        if line.decision != default:
            yield from _left(space, piece, (one, early), (other, other.index.everyone))
    for position, piece in enumerate(other.pieces):
        number = other.owner[position]
        if other.lines[number].decision != default:
            early = other.before[number]
            yield from _left(space, piece, (one, one.index.everyone), (other, early))


def _decided_otherwise(
    space: Space, piece: Piece, mine: tuple[_Side, int], other: _Side, decision: str
) -> Iterator[Piece]:
    """Yield what lines of the other side with another decision take of a piece."""
    differing = other.index.meeting(piece) & ~other.of_decision.get(decision, 0)
    for position in bits(differing):
        shared = meet(piece, other.pieces[position])
        if shared is not None:
            yield from _left(space, shared, mine, (other, other.before[other.owner[position]]))


def _left(space: Space, piece: Piece, *covers: tuple[_Side, int]) -> Iterator[Piece]:
    """Yield a part of a piece that some pieces of each side leave, if they do."""
    parts: list[Piece] = []
    for side, among in covers:
        if side.index.containing(piece) & among:
            return
        parts += (side.pieces[position] for position in bits(side.index.meeting(piece) & among))
    left = first_left(piece, clip(piece, parts), space.budget)
    if left is not None:
        yield left
