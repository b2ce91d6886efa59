"""One thing that a change does to packets."""

from enum import StrEnum

from hubwright.engines.verify.space import Cube, Symbol
from hubwright.lazy_dataclass import dataclass
from hubwright.model.flow import Flow, Trace


class Kind(StrEnum):
    """What a change does to packets."""

    OPENED = "opened"
    CLOSED = "closed"
    REROUTED = "rerouted"
    """Still let through, but another way: another next hop, target, or inspection."""
    UNKNOWN = "unknown"
    """Too entangled to be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Packets that one place decides otherwise than before."""

    kind: Kind
    place: str
    """`afw-hub`; `nsg-aks at vnet-aks/AksSubnet, outbound`; `routes of vnet-aks/AksSubnet`."""
    cubes: tuple[Cube, ...]
    """The packets; their sources can reach the place."""
    before: str
    """The deciding rule's path and what it says; `default deny`; a next hop."""
    after: str
    flow: Flow | None = None
    """One of the packets, as somebody sends it; None where no witness is at hand."""
    was: Trace | None = None
    """What became of it, by the plain evaluator."""
    now: Trace | None = None

    @property
    def hangs_on(self) -> tuple[Symbol, ...]:
        """What nobody listed, and the packets are in or out of."""
        found = {symbol for cube in self.cubes for symbol in cube.symbols}
        return tuple(sorted(found))

    @property
    def is_seen(self) -> bool | None:
        """Whether the witness fares otherwise end to end; None where there is no witness."""
        if self.was is None or self.now is None:
            return None
        return _outcome(self.was) != _outcome(self.now)


def _outcome(trace: Trace) -> tuple[object, ...]:
    """Return the end, who answers, and the way there."""
    return trace.disposition, trace.servers, tuple(hop.node for hop in trace.forward)
