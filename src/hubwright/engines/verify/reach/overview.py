"""What every estate is asked at once: who reaches whom, what is exposed, what goes astray."""

from collections.abc import Iterator

from hubwright.engines.verify.places import workload_subnets
from hubwright.engines.verify.reach.answer import Answer, worst_of
from hubwright.engines.verify.reach.ask import Scope, packets
from hubwright.engines.verify.reach.claims import crossed, symmetric
from hubwright.engines.verify.reach.engine import Reach
from hubwright.engines.verify.reach.matrix import Matrix
from hubwright.engines.verify.reach.naming import resolves
from hubwright.engines.verify.reach.questions import (
    Caller,
    Exposure,
    Hole,
    callers,
    exposures,
    holes,
)
from hubwright.engines.verify.reach.sources import SENDERS
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import ALL_ADDRESSES, AddressSet
from hubwright.model.estate import Estate
from hubwright.model.flow import Disposition
from hubwright.model.network import VirtualNetwork
from hubwright.model.origin import NOWHERE
from hubwright.semantics.dns import private_names
from hubwright.semantics.ends import End
from hubwright.semantics.names import INTERNET

_ALL = Scope()
_OUTSIDE = End(INTERNET, is_internet=True)
_ANYWHERE = End("anywhere", ALL_ADDRESSES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Whether everything that a subnet gets to the internet has crossed a firewall."""

    subnet: str
    """`vnet/subnet`."""
    answer: Answer
    arrives: bool
    """Whether anything gets there at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Whether every answer to a place's packets meets the boxes that saw its request."""

    place: str
    """A network, or `internet`."""
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """Whether a private endpoint's name leads to it, from every machine of a network."""

    network: str
    name: str
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The answers, each over all packets."""

    places: tuple[str, ...]
    """Networks in the source's order, then `internet`."""
    ways: dict[tuple[str, str], frozenset[tuple[str, ...]]]
    """By pair of places: the firewalls past which answers come; the empty way is past none."""
    exposures: tuple[Exposure, ...]
    callers: dict[str, tuple[Caller, ...]]
    """By cluster."""
    namings: tuple[Naming, ...]
    crossings: tuple[Crossing, ...]
    states: tuple[State, ...]
    holes: tuple[Hole, ...]
    """What somebody's route, peering or subnet loses; Azure's reserved ranges are not among it."""
    unknown: tuple[str, ...]
    """What packets hang on: with it told, more may be answered."""


def overview(reach: Reach) -> Overview:
    """Return the answers to everything that is asked of any estate."""
    estate = reach.estate
    hanging = (*reach.inside.result.unknown, *reach.outside.result.unknown)
    return Overview(
        places=(*(network.name for network in estate.virtual_networks), INTERNET),
        ways=Matrix(reach).ways,
        exposures=exposures(reach),
        callers={cluster.name: callers(reach, cluster) for cluster in estate.kubernetes_clusters},
        namings=tuple(_namings(reach)),
        crossings=tuple(_crossings(reach)),
        states=tuple(_states(reach)),
        holes=tuple(hole for hole in holes(reach) if _is_somebodys(hole)),
        unknown=tuple(dict.fromkeys(why for _, why in hanging)),
    )


def _namings(reach: Reach) -> Iterator[Naming]:
    names = dict.fromkeys(name for name, _ in private_names(reach.estate))
    for network in _networks(reach.estate):
        for name in names:
            answer = resolves(reach, _machines(network), name)
            yield Naming(network=network.name, name=name, answer=answer)


def _crossings(reach: Reach) -> Iterator[Crossing]:
    for subnet in workload_subnets(reach.estate):
        here = End(subnet.id, subnet.space)
        arrives = any(
            reach.arrived(ask, lambda _: True) for ask in packets(reach, here, _OUTSIDE, _ALL)
        )
        answer = crossed(reach, here, _OUTSIDE, _ALL, must=True)
        yield Crossing(subnet=subnet.id, answer=answer, arrives=arrives)


def _states(reach: Reach) -> Iterator[State]:
    for network in _networks(reach.estate):
        here = _machines(network)
        answers = [symmetric(reach, here, there, _ALL) for there in (_ANYWHERE, _OUTSIDE)]
        yield State(place=network.name, answer=worst_of(answers))
    yield State(place=INTERNET, answer=symmetric(reach, _OUTSIDE, _ANYWHERE, _ALL))


def _networks(estate: Estate) -> Iterator[VirtualNetwork]:
    """Yield the networks in which there is a machine."""
    homes = {nic.virtual_network for nic in estate.network_interfaces if nic.kind in SENDERS}
    yield from (network for network in estate.virtual_networks if network.name in homes)


def _machines(network: VirtualNetwork) -> End:
    return End(network.name, AddressSet.prefixes_of(list(network.address_space)))


def _is_somebodys(hole: Hole) -> bool:
    """Tell whether a person's own line loses something, and not Azure's built-in routes."""
    return hole.is_answer or hole.disposition is Disposition.LOOP or hole.origin != NOWHERE
