"""
What ordered lines do to each other: hidden, redundant, exceptions, conflicts.

Everything is decided on whole sets of packets. Service tags, names and categories that nobody
listed are symbols, so a finding holds whatever they hold. A question that takes too many cuts is
answered with "no finding": `Hygiene.unknown` has those lines.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from hubwright.engines.verify.case import Case
from hubwright.engines.verify.lines import Line, firewall_lines
from hubwright.engines.verify.space import Certificate, Cube, Index, Piece, Point, Space, bits
from hubwright.engines.verify.space.cover import (
    BUDGET,
    BudgetExceeded,
    clip,
    fewest,
    first_left,
    meet,
)
from hubwright.lazy_dataclass import dataclass
from hubwright.model.firewall import Firewall
from hubwright.model.flow import Stage


@dataclass(frozen=True, slots=True)
class Claim:
    """One step of a proof: lines that cover a cube together."""

    certificate: Certificate
    lines: tuple[int, ...]
    """Positions of the lines that the covers are of, in the covers' order."""


def hygiene_of(case: Case, firewall: Firewall) -> "Hygiene":
    """Return the firewall's lines, classified; found once."""
    key = ("verify.hygiene", firewall.name, case.assumptions)
    if key not in case.estate.memo:
        lines = firewall_lines(case.estate, firewall, case.assumptions)
        case.estate.memo[key] = Hygiene(lines, stays=lambda line: not line.is_written)
    result: Hygiene = case.estate.memo[key]
    return result


class Hygiene:
    """
    The lines of one filter, asked about each other.

    `hidden` and `redundant` look at all lines at once; the other questions are about one line,
    and are meant for the few that are reported. `relations` has questions about pairs.
    """

    def __init__(
        self,
        lines: Sequence[Line],
        default: str = "default",
        *,
        stays: Callable[[Line], bool] = lambda _: False,
        budget: int = BUDGET,
    ) -> None:
        """
        Classify the sets of all lines.

        Args:
            lines: In order.
            default: Decision on packets that no line takes.
            stays: Tells which lines are never said to be redundant: nobody can take them away.
            budget: Cuts at most for one question.
        """
        self.lines = lines
        self.stays = stays
        self.default = default
        self.budget = budget
        self.space = Space((cube for line in lines for cube in line.cubes), budget=budget)
        self.pieces: list[Piece] = []
        self.cubes: list[Cube] = []
        self.owner: list[int] = []
        """By piece, the position of its line."""
        self.own: list[int] = []
        """By line, the mask of its pieces."""
        self.before: list[int] = []
        """By line, the mask of the pieces of earlier lines."""
        for number, line in enumerate(lines):
            start = len(self.pieces)
            for cube in line.cubes:
                piece = self.space.encode(cube)
                if piece is not None:
                    self.pieces.append(piece)
                    self.cubes.append(cube)
                    self.owner.append(number)
            self.before.append((1 << start) - 1)
            self.own.append(((1 << len(self.pieces)) - 1) & ~self.before[-1])
        self.index = Index(self.space, self.pieces)
        self.unknown: set[int] = set()
        """Lines of which some question spent the budget."""
        self.hidden: frozenset[int] = frozenset()
        """Lines of which earlier lines leave nothing."""
        self.alive = 0
        """The pieces of which earlier ones leave something, as a mask."""
        self._hiders: dict[int, int] = {}
        self._gone: dict[int, int] = {}
        self.of_decision: dict[str, int] = {}
        """By decision, the pieces of its lines, as a mask."""
        for number, line in enumerate(lines):
            known = self.of_decision.get(line.decision, 0)
            self.of_decision[line.decision] = known | self.own[number]
        self._hide()

    def _hide(self) -> None:
        """Find, line by line, the pieces of which earlier ones leave nothing."""
        hidden: set[int] = set()
        for number in range(len(self.lines)):
            if not self.own[number]:
                continue
            earlier = self.alive
            for position in bits(self.own[number]):
                hiders = self._cover(self.pieces[position], earlier, number)
                if hiders:
                    self._hiders[position] = hiders
                else:
                    self.alive |= 1 << position
            if not self.own[number] & self.alive:
                hidden.add(number)
        self.hidden = frozenset(hidden)

    def _cover(self, piece: Piece, among: int, number: int) -> int:
        """Return pieces that cover one together, as a mask; 0 when they leave something."""
        alone = self.index.containing(piece) & among
        if alone:
            return alone & -alone
        if self.index.escapes(piece, among):
            return 0
        near = self.index.meeting(piece) & among
        if not near:
            return 0
        positions = list(bits(near))
        try:
            if first_left(piece, clip(piece, [self.pieces[p] for p in positions]), self.budget):
                return 0
        except BudgetExceeded:
            self.unknown.add(number)
            return 0
        return near

    @cached_property
    def redundant(self) -> frozenset[int]:
        """
        The lines that are not hidden, and yet change nothing: others take what they leave.

        All of them may go together, top-down, whether the hidden ones stay or go.
        """
        found: set[int] = set()
        waking = self._waking()
        gone = woken = 0
        for number in range(len(self.lines)):
            if not self.own[number] or number in self.hidden or self.stays(self.lines[number]):
                continue
            asleep = woken | waking.get(number, 0)
            if self._changes_nothing(number, self.alive & ~gone, asleep):
                found.add(number)
                self._gone[number] = gone
                gone |= self.own[number]
                woken = asleep
        return frozenset(found)

    def _waking(self) -> dict[int, int]:
        """Return by line the hidden pieces that might come to life without it."""
        waking: dict[int, int] = {}
        for position, hiders in self._hiders.items():
            for number in {self.owner[hider] for hider in bits(hiders)}:
                waking[number] = waking.get(number, 0) | 1 << position
        return waking

    def _changes_nothing(self, number: int, alive: int, woken: int) -> bool:
        """Tell whether others decide alike on a line's packets, with and without hidden ones."""
        own, line = self.own[number], self.lines[number]
        differing = ~self.before[number] & ~self.of_decision[line.decision]
        for position in bits(own & self.alive):
            piece = self.pieces[position]
            meeting = self.index.meeting(piece) & ~own
            near = meeting & alive
            if line.decision != self.default and not self._cover(piece, near, number):
                return False
            for other in bits(meeting & (alive | woken) & differing):
                # With the hidden lines gone, only living ones stand before a living one.
                ahead = near if alive >> other & 1 else meeting & (alive | woken)
                ahead &= self.before[self.owner[other]]
                if not self._share_covered(piece, other, ahead, number):
                    return False
        return True

    def _share_covered(self, piece: Piece, other: int, ahead: int, number: int) -> bool:
        """Tell whether some pieces cover what one shares with another."""
        if self.index.containing(self.pieces[other]) & ahead:
            return True
        shared = meet(piece, self.pieces[other])
        return shared is None or self._covers(
            shared, ahead & self.index.meeting(self.pieces[other]), number
        )

    def _covers(self, piece: Piece, among: int, number: int) -> bool:
        if self.index.escapes(piece, among):
            return False
        parts = clip(piece, [self.pieces[p] for p in bits(among)])
        try:
            return first_left(piece, parts, self.budget) is None
        except BudgetExceeded:
            self.unknown.add(number)
            return False

    def ahead(self, number: int) -> tuple[Cube, ...]:
        """Return the cubes of earlier lines that take something of a line."""
        mask = 0
        for position in bits(self.own[number]):
            mask |= self.index.meeting(self.pieces[position])
        return tuple(self.cubes[p] for p in bits(mask & self.before[number] & self.alive))

    def witness(self, number: int) -> Point | None:
        """Return a packet that a line decides on, or None when it is hidden or matches nothing."""
        earlier = self.alive & self.before[number]
        for position in bits(self.own[number] & self.alive):
            piece = self.pieces[position]
            near = bits(self.index.meeting(piece) & earlier)
            left = first_left(piece, clip(piece, [self.pieces[p] for p in near]), self.budget)
            if left is not None:
                return self.space.point(left)
        return None

    def hidden_by(self, number: int, stage: Stage | None = None) -> tuple[int, ...]:
        """
        Return the fewest earlier lines that hide a line, none of which can be spared.

        Args:
            number: Position of the line.
            stage: Only lines of this kind may hide it, when given.

        Returns:
            Positions, ascending; empty when those lines do not hide it.
        """
        lines: tuple[int, ...] | None = None
        allowed = self.alive & self.before[number]
        if stage is not None:
            allowed &= self._of_lines(n for n, line in enumerate(self.lines) if line.stage is stage)
        while True:
            claims = self._hiding(number, allowed)
            if any(not claim.lines for claim in claims):
                return lines or ()
            lines = tuple(sorted({line for claim in claims for line in claim.lines}))
            spare = next((n for n in lines if self._hides(number, {*lines} - {n})), None)
            if spare is None:
                return lines
            allowed = self._of_lines({*lines} - {spare})

    def _of_lines(self, numbers: Iterable[int]) -> int:
        """Return the living pieces of some lines."""
        mask = 0
        for number in numbers:
            mask |= self.own[number]
        return mask & self.alive

    def _hides(self, number: int, lines: set[int]) -> bool:
        """Tell whether some lines alone hide a line."""
        claims = self._hiding(number, self._of_lines(lines))
        return all(claim.lines for claim in claims)

    def why_hidden(self, number: int) -> tuple[Claim, ...]:
        """Return the proof that a line is hidden: a claim for each of its cubes."""
        return tuple(self._hiding(number, self.alive & self.before[number]))

    def _hiding(self, number: int, among: int) -> list[Claim]:
        return [
            self._claim(self.cubes[position], self.pieces[position], among)
            for position in bits(self.own[number])
        ]

    def why_redundant(self, number: int) -> tuple[Claim, ...]:
        """
        Return the proof that a redundant line may go.

        First, for each of its cubes, that other lines cover it, unless its decision is the
        default. Then, for each later line with another decision that it meets, that lines
        before that one cover what the two share. `proofs.may_go` checks it.
        """
        return tuple(self._claim(*duty) for duty in self._duties(number))

    def _duties(self, number: int) -> Iterator[tuple[Cube, Piece, int]]:
        """Yield what must be covered, and the pieces that may do so."""
        own, line = self.own[number], self.lines[number]
        there = self.index.everyone & ~own & ~self._gone.get(number, 0)
        differing = there & ~self.before[number] & ~self.of_decision[line.decision]
        for position in bits(own):
            piece, cube = self.pieces[position], self.cubes[position]
            near = self.index.meeting(piece) & there
            living = near & self.alive
            if line.decision != self.default:
                yield cube, piece, living
            for other in bits(near & differing):
                shared = meet(piece, self.pieces[other])
                ahead = living if self.alive >> other & 1 else near
                if shared is not None:
                    yield cube & self.cubes[other], shared, ahead & self.before[self.owner[other]]

    def _claim(self, cube: Cube, piece: Piece, among: int) -> Claim:
        positions = list(bits(self.index.meeting(piece) & among))
        used = fewest(piece, [self.pieces[position] for position in positions], self.budget)
        chosen = [positions[at] for at in used or ()]
        return Claim(
            Certificate(cube=cube, covers=tuple(self.cubes[position] for position in chosen)),
            tuple(self.owner[position] for position in chosen),
        )
