"""Which networks of an estate reach which others, and with what."""

from functools import cached_property

from hubwright.engines.verify.reach.engine import Reach
from hubwright.engines.verify.reach.plane import Pieces
from hubwright.engines.verify.space import Cube, Piece
from hubwright.semantics.names import INTERNET


class Matrix:
    """What machines of one network get answered by machines of another, for all pairs."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.plane = reach.world.plane
        nics = reach.estate.network_interfaces
        home = self._home = {nic.name: nic.virtual_network for nic in nics}
        self._to: dict[str, list[Piece]] = {}
        for piece, way in reach.inside.result.answered:
            if way.server in home:
                self._to.setdefault(home[way.server], []).append(piece)
        self._from: dict[str, int] = {}
        for source in reach.world.inside:
            if source.nic is not None:
                mask = self.plane.mask("source", source.addresses)
                name = source.nic.virtual_network
                self._from[name] = self._from.get(name, 0) | mask

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs of different networks of which the first gets any answer from the second."""
        at = self.plane.at["source"]
        found: set[tuple[str, str]] = set()
        for there, pieces in self._to.items():
            senders = 0
            for piece in pieces:
                senders |= piece[at]
            found |= {
                (here, there)
                for here, mask in self._from.items()
                if here != there and mask & senders
            }
        return frozenset(found)

    @cached_property
    def ways(self) -> dict[tuple[str, str], frozenset[tuple[str, ...]]]:
        """
        The firewalls, in order, past which one place gets answers from another, for all pairs.

        Places are networks and `internet`; the empty way is past no firewall. What Azure itself
        answers (its DNS, its metadata) is nobody's.
        """
        at = self.plane.at["source"]
        home = {**self._home, INTERNET: INTERNET}
        found: dict[tuple[str, str], set[tuple[str, ...]]] = {}
        for piece, way in self.reach.inside.result.answered:
            there = home.get(way.server)
            for here, mask in self._from.items() if there else ():
                if mask & piece[at]:
                    found.setdefault((here, there or ""), set()).add(way.crossed)
        for _, way in self.reach.outside.result.answered:
            if way.server in home and way.server != INTERNET:
                found.setdefault((INTERNET, home[way.server]), set()).add(way.crossed)
        return {pair: frozenset(crossed) for pair, crossed in found.items()}

    def pieces(self, here: str, there: str) -> Pieces:
        """Return what is answered, as pieces of the engine's space."""
        return self.plane.only(self._to.get(there, ()), "source", self._from.get(here, 0))

    def cubes(self, here: str, there: str) -> tuple[Cube, ...]:
        """Return what is answered in the model's own sets, neighbours merged."""
        decode = self.plane.space.decode
        return tuple(decode(piece) for piece in self.plane.compact(self.pieces(here, there)))
