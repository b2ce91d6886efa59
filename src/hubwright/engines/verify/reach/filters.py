"""
What ordered lines let through, for whole sets of packets whatever translations made of them.

Three values, as the plain evaluator has them: a line that hangs on something nobody can list may
match, and leaves open only what the next line that does match decides otherwise.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.reach.bundle import Head
from hubwright.engines.verify.reach.plane import Pieces, Plane
from hubwright.engines.verify.space import Cube, Index, Piece, bits
from hubwright.engines.verify.space.cover import all_left, clip, meet
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import ALL_ADDRESSES, ALL_PORTS

FEW = 12
"""Up to so many pieces are compared one by one."""
MANY = 200
"""More pieces are merged later, where they have been told apart by destination."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A line with what it matches for sure, and what it may match."""

    line: Line
    sure: tuple[Cube, ...]
    possible: tuple[Cube, ...]

    @classmethod
    def of(cls, line: Line) -> "Ruled":
        """Split a line's cubes; symbols are opened."""
        sure = tuple(cube for cube in line.cubes if not cube.inside)
        if len(sure) == len(line.cubes):
            return cls(line, sure, sure)
        opened = tuple(replace(cube, inside=frozenset()) for cube in line.cubes)
        return cls(line, sure, opened)

    @property
    def is_open(self) -> bool:
        """Whether it may match more than it does for sure."""
        return self.sure is not self.possible

    @property
    def why(self) -> str:
        """What it hangs on."""
        texts = dict.fromkeys(s.text for cube in self.line.cubes for s in sorted(cube.inside))
        return ", ".join(texts)


class Decided:
    """Pieces that lines decide on, found by index when there are many."""

    def __init__(self, plane: Plane, pieces: Sequence[Piece]) -> None:
        self.plane = plane
        self.pieces = tuple(pieces)
        self._index = Index(plane.space, self.pieces) if len(self.pieces) > FEW else None

    def near(self, piece: Piece, among: int = -1) -> list[Piece]:
        """Return the pieces that share a packet with one."""
        if self._index is None:
            return [p for n, p in enumerate(self.pieces) if among >> n & 1 and meet(piece, p)]
        return [self.pieces[n] for n in bits(self._index.meeting(piece) & among)]

    def of(self, pieces: Iterable[Piece]) -> Pieces:
        """Return what of a union is among them."""
        if len(self.pieces) == 1 and self.pieces[0] == self.plane.space.full:
            return tuple(pieces)
        met = (meet(piece, other) for piece in pieces for other in self.near(piece))
        found = [item for item in met if item is not None]
        return self.plane.compact(found) if len(found) <= MANY else tuple(found)

    def rest(self, pieces: Iterable[Piece]) -> Pieces:
        """Return what of a union is not among them."""
        budget = self.plane.space.budget
        return tuple(
            part
            for piece in pieces
            for part in all_left(piece, clip(piece, self.near(piece)), budget)
        )


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What lines say: what passes, what nobody can say, and all that they may take."""

    passed: dict[str, Decided]
    """By the kind of passing: what `kind` said of the lines."""
    unknown: tuple[tuple[Decided, str], ...]
    taken: Decided


class Filter:
    """Ordered lines, asked under any head."""

    def __init__(
        self,
        plane: Plane,
        lines: Sequence[Line],
        kind: Callable[[Line], str] = lambda line: "" if line.action != "Deny" else "Deny",
    ) -> None:
        """
        Read lines; the first match decides.

        Args:
            plane: Has noted all their sets.
            lines: In order.
            kind: `Deny`, or how what the line allows goes on.
        """
        self.plane = plane
        self.lines = [Ruled.of(line) for line in lines]
        self.kind = kind
        self._known: dict[object, Verdicts] = {}

    def under(self, head: Head, *, any_source_port: bool = False) -> Verdicts:
        """Return the verdicts on packets that carry a head; ports of senders may not count."""
        key = (head.source, head.destination, head.port, any_source_port)
        if key not in self._known:
            self._known[key] = self._decide(head, any_source_port=any_source_port)
        return self._known[key]

    def _pulled(self, cubes: Sequence[Cube], head: Head, *, any_source_port: bool) -> list[Piece]:
        """Return, as they were sent, the packets that are in cubes under a head."""
        out: list[Piece] = []
        for cube in cubes:
            before = pull_back(cube, head)
            if before is not None and any_source_port:
                before = replace(before, source_ports=ALL_PORTS)
            if before is not None:
                piece = self.plane.space.encode(before)
                if piece is not None:
                    out.append(piece)
        return out

    def _decide(self, head: Head, *, any_source_port: bool) -> Verdicts:
        lines = [
            (
                ruled,
                self._pulled(ruled.sure, head, any_source_port=any_source_port),
                self._pulled(ruled.possible, head, any_source_port=any_source_port),
            )
            for ruled in self.lines
        ]
        lines = [item for item in lines if item[2]]
        kinds = [self.kind(ruled.line) for ruled, _, _ in lines]
        passed = {
            kind: Decided(self.plane, self._passed(lines, kinds, kind))
            for kind in dict.fromkeys(kinds)
            if kind != "Deny"
        }
        unknown = tuple(
            (Decided(self.plane, pieces), f"{lines[n][0].why} in {lines[n][0].line.path}")
            for n, pieces in self._open(lines)
        )
        taken = Decided(self.plane, [p for _, _, possible in lines for p in possible])
        return Verdicts(passed, unknown, taken)

    def _passed(
        self,
        lines: Sequence[tuple[Ruled, list[Piece], list[Piece]]],
        kinds: Sequence[str],
        wanted: str,
    ) -> list[Piece]:
        """Return what lines of a kind let through: less what earlier ones take or may take."""
        before: list[Piece] = []
        asked: list[tuple[Piece, int]] = []
        for (ruled, sure, possible), kind in zip(lines, kinds, strict=True):
            if kind == wanted:
                asked += [(piece, len(before)) for piece in sure]
            elif ruled.line.action == "Deny":
                before += possible
            else:
                before += sure
        hiding = Decided(self.plane, before)
        out: list[Piece] = []
        for piece, count in asked:
            near = hiding.near(piece, (1 << count) - 1) if count else []
            if near:
                out += self.plane.left(piece, clip(piece, near))
            else:
                out.append(piece)
        return list(dict.fromkeys(out))

    def _open(
        self, lines: Sequence[tuple[Ruled, list[Piece], list[Piece]]]
    ) -> list[tuple[int, Pieces]]:
        """Return by position of an open line what it leaves open."""
        out: list[tuple[int, Pieces]] = []
        for number, (ruled, _, possible) in enumerate(lines):
            if not ruled.is_open:
                continue
            earlier = [p for _, sure, _ in lines[:number] for p in sure]
            left = self.plane.minus(possible, earlier)
            agreed: list[Piece] = []
            other: list[Piece] = []
            for later, sure, _ in lines[number:]:
                if later.line.action == ruled.line.action:
                    agreed += self.plane.minus(sure, other)
                else:
                    other += sure
            left = self.plane.minus(left, agreed)
            if left:
                out.append((number, left))
        return out


def pull_back(cube: Cube, head: Head) -> Cube | None:
    """Return the packets, as they were sent, that are in a cube when they carry a head."""
    changes: dict[str, object] = {}
    if head.source is not None:
        if head.source not in cube.source:
            return None
        changes["source"] = ALL_ADDRESSES
    if head.destination is not None:
        if head.destination not in cube.destination:
            return None
        changes["destination"] = ALL_ADDRESSES
    if head.port is not None:
        if head.port not in cube.ports:
            return None
        changes["ports"] = ALL_PORTS
    return replace(cube, **changes) if changes else cube  # type: ignore[arg-type]
