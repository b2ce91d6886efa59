"""All packets of an estate, walked once from its networks and once from the internet."""

from dataclasses import dataclass
from functools import cached_property

from hubwright.engines.verify.reach.forward import Forward
from hubwright.engines.verify.reach.result import Result
from hubwright.engines.verify.reach.sources import Source, peopled
from hubwright.engines.verify.reach.traverse import Diary
from hubwright.engines.verify.reach.world import World
from hubwright.engines.verify.space import Piece
from hubwright.engines.verify.space.cover import BUDGET
from hubwright.model.estate import Estate
from hubwright.model.flow import Application
from hubwright.semantics.assumptions import DEFAULTS, Assumptions


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

    @cached_property
    def inside(self) -> Walked:
        """What becomes of the packets of the estate's own networks."""
        return self.walk(self.world.inside)

    @cached_property
    def outside(self) -> Walked:
        """What becomes of the packets of the internet."""
        return self.walk((self.world.internet,))
