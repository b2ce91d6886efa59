"""Which packets a question is about."""

from hubwright.engines.verify.space import Cube
from hubwright.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Packets of one question, from inside or from the internet."""

    is_inside: bool
    cubes: tuple[Cube, ...]
    """By where they are sent."""
    through: tuple[Cube, ...] = ()
    """To anywhere: those count that end at one of the servers."""
    servers: frozenset[str] = frozenset()
    """Interfaces at which packets may end, whatever address they were sent to."""
    unknown: str = ""
    """Why nobody can say where they go: a DNS server that is not the estate's."""
    unresolved: str = ""
    """Why they never leave: the name has no address there."""
    name: str = ""
    """The name that is looked up."""

    @property
    def all_cubes(self) -> tuple[Cube, ...]:
        """Every packet that counts."""
        return (*self.cubes, *self.through)
