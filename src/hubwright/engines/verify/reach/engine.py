"""All packets of an estate, walked once from its networks and once from the internet."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from hubwright.engines.verify.reach.asked import Ask
from hubwright.engines.verify.reach.forward import Forward
from hubwright.engines.verify.reach.result import Result, Way
from hubwright.engines.verify.reach.sources import Source, peopled
from hubwright.engines.verify.reach.traverse import Diary
from hubwright.engines.verify.reach.world import World
from hubwright.engines.verify.space import Cube, Piece
from hubwright.engines.verify.space.cover import BUDGET
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import MAX_ADDRESS, AddressSet
from hubwright.model.estate import Estate
from hubwright.model.flow import Application, Disposition
from hubwright.semantics.assumptions import DEFAULTS, Assumptions

Cubes = Sequence[Cube]


@dataclass(frozen=True, slots=True)
class Walked:
    """What becomes of all packets of some senders."""

    result: Result
    diary: Diary


class Reach:
    """
    The reachability of an estate.

    The packets are those of TCP, UDP and ICMP, from every address that a machine of the estate
    has or may get, and from the internet, to every address but the sender's own. Only TCP
    connections speak HTTP, HTTPS or MSSQL; a name is what they say, or what was asked for.
    """

    def __init__(
        self, estate: Estate, assumptions: Assumptions = DEFAULTS, *, budget: int = BUDGET
    ) -> None:
        self.estate = peopled(estate)
        """With a machine in every subnet that may get one; witnesses are replayed in it."""
        self.assumptions = assumptions
        self.world = World(self.estate, assumptions, budget=budget)
        self._cube_of: dict[Piece, Cube] = {}
        self._masks: dict[tuple[str, AddressSet], int] = {}

    @property
    def domain(self) -> tuple[Piece, ...]:
        """Every packet that is asked about."""
        plane = self.world.plane
        full = (plane.space.full,)
        plain = plane.speaks(plane.protocol(full, "UDP", "ICMP"), Application.NONE)
        return (*plane.protocol(full, "TCP"), *plain)

    def walk(self, senders: tuple[Source, ...]) -> Walked:
        """Return what becomes of all packets of senders."""
        diary = Diary()
        return Walked(Forward(self.world, diary).start(senders, self.domain), diary)

    def walked(self, *, is_inside: bool) -> Walked:
        """Return what becomes of the packets of one of the two sides."""
        return self.inside if is_inside else self.outside

    def answered(self, ask: Ask) -> tuple[Cube, ...]:
        """Return the packets near those asked about that are answered."""
        found = self.walked(is_inside=ask.is_inside).result.answered
        return self._near(ask, ((piece, way.server) for piece, way in found))

    def ways(self, ask: Ask) -> Iterator[tuple[Cube, Way]]:
        """Yield the packets near those asked about that are answered, with who answers them."""
        by_way: dict[Way, list[tuple[Piece, str]]] = {}
        for piece, way in self.walked(is_inside=ask.is_inside).result.answered:
            by_way.setdefault(way, []).append((piece, way.server))
        for way, pieces in by_way.items():
            for cube in self._near(ask, pieces):
                yield cube, way

    def arrived(self, ask: Ask, among: Callable[[tuple[str, ...]], bool]) -> tuple[Cube, ...]:
        """Return the packets near those asked about that arrive past certain firewalls."""
        diary = self.walked(is_inside=ask.is_inside).diary
        found = (
            (piece, item.way.server)
            for item in diary.arrived
            if among(item.way.crossed)
            for piece in item.pieces
        )
        return self._near(ask, found)

    def lost_answers(self, ask: Ask) -> tuple[Cube, ...]:
        """Return the packets near those asked about that arrive, and whose answers get lost."""
        diary = self.walked(is_inside=ask.is_inside).diary
        found = (
            (piece, loss.server)
            for loss in diary.losses
            if loss.server and loss.disposition is Disposition.ASYMMETRIC
            for piece in loss.pieces
        )
        return self._near(ask, found)

    def unknown(self, ask: Ask) -> tuple[tuple[Cube, str], ...]:
        """Return the packets near those asked about that hang on something, and on what."""
        found = self.walked(is_inside=ask.is_inside).result.unknown
        return self._with_words(found, (*ask.cubes, *self._at_doors(ask)))

    def stopped(
        self, ask: Ask, among: Callable[[tuple[str, ...]], bool]
    ) -> tuple[tuple[Cube, str], ...]:
        """Return the requests near those asked about that hang on something, past firewalls."""
        diary = self.walked(is_inside=ask.is_inside).diary
        found = (
            (piece, why) for pieces, why, names in diary.open if among(names) for piece in pieces
        )
        return self._with_words(found, (*ask.cubes, *self._at_doors(ask)))

    def _at_doors(self, ask: Ask) -> Iterator[Cube]:
        """Yield what is sent to addresses behind which translations lead to other machines."""
        doors = self.world.own_public
        doors |= AddressSet.of((address, address) for address in self.world.internal)
        doors |= AddressSet.of(
            (item.private_ip_address, item.private_ip_address)
            for item in self.estate.firewalls
            if item.private_ip_address is not None
        )
        for cube in ask.through:
            yield replace(cube, destination=doors)

    def _near(self, ask: Ask, found: Iterable[tuple[Piece, str]]) -> tuple[Cube, ...]:
        """Return the packets that are sent to where was asked, or that end at a server of it."""
        direct, through = list[tuple[Piece, str]](), list[tuple[Piece, str]]()
        for piece, server in found:
            (through if server in ask.servers else direct).append((piece, ""))
        sent = self._cubes(direct, ask.cubes)
        if not ask.servers:
            return sent
        exact = (shared for cube in sent for asked in ask.cubes if (shared := cube & asked))
        return tuple(dict.fromkeys((*exact, *self._cubes(through, ask.through))))

    def _cubes(self, pieces: Iterable[tuple[Piece, str]], near: Cubes) -> tuple[Cube, ...]:
        return tuple(cube for cube, _ in self._with_words(pieces, near))

    def _with_words(
        self, pieces: Iterable[tuple[Piece, str]], near: Cubes
    ) -> tuple[tuple[Cube, str], ...]:
        """Return pieces as cubes: those whose senders and receivers are near."""
        at = self.world.plane.at
        source, destination = at["source"], at["destination"]
        senders = self._overlapping("source", [cube.source for cube in near])
        receivers = self._overlapping("destination", [cube.destination for cube in near])
        kept = {
            (piece, word): None
            for piece, word in pieces
            if piece[source] & senders and piece[destination] & receivers
        }
        return tuple((self._decoded(piece), word) for piece, word in kept)

    def _decoded(self, piece: Piece) -> Cube:
        """Return a piece as a cube; many questions are about the same pieces."""
        found = self._cube_of.get(piece)
        if found is None:
            found = self._cube_of[piece] = self.world.plane.space.decode(piece)
        return found

    def _overlapping(self, field: str, sets: list[AddressSet]) -> int:
        """Return the classes of a field that share an address with sets, noted or not."""
        wanted = AddressSet.of(pair for item in sets for pair in item.intervals)
        key = (field, wanted)
        if key not in self._masks:
            mask = 0
            line = self._lines[field]
            for first, last in wanted:
                at = max(bisect_right(line, (first, MAX_ADDRESS + 1, 0)) - 1, 0)
                for start, end, number in map(line.__getitem__, range(at, len(line))):
                    if start > last:
                        break
                    if end > first:
                        mask |= 1 << number
            self._masks[key] = mask
        return self._masks[key]

    @cached_property
    def _lines(self) -> dict[str, list[tuple[int, int, int]]]:
        """By field of addresses, the half-open pieces of the line with their classes, ascending."""
        plane = self.world.plane
        return {
            field: sorted(
                (start, end, number)
                for number, pieces in enumerate(plane.space.classes[plane.at[field]].pieces)
                for start, end in pieces
            )
            for field in ("source", "destination")
        }

    @cached_property
    def inside(self) -> Walked:
        """What becomes of the packets of the estate's own networks."""
        return self.walk(self.world.inside)

    @cached_property
    def outside(self) -> Walked:
        """What becomes of the packets of the internet."""
        return self.walk((self.world.internet,))
