"""What is known to need something of a firewall: the catalogue, and the author's own intents."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from hubwright.catalogue.egress import ON_MACHINES, Requirement, required
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import cluster_subnets, implied_features, public_space
from hubwright.engines.verify.space import Cube
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import ALL_ADDRESSES, ALL_PORTS, AddressSet, PortSet, is_address
from hubwright.model.estate import Estate
from hubwright.model.flow import Application
from hubwright.model.intent import Intent
from hubwright.semantics import ends
from hubwright.semantics.ends import End
from hubwright.semantics.firewall import SPOKEN

_NAMED = frozenset({Application.HTTP, Application.HTTPS, Application.MSSQL})
_DNS = PortSet(((53, 53),))
_AGENT_FEATURES = ("azure-devops-agent", "pipeline-tools")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One thing that somebody must reach: names, an FQDN tag, or sets of packets."""

    who: str
    """A cluster, a feature of machines, a network, an intent."""
    why: str
    source: AddressSet
    names: tuple[str, ...] = ()
    """Lower case, with `*.` wildcards."""
    tag: str = ""
    """FQDN tag, lower case."""
    applications: frozenset[Application] = frozenset()
    """What clients speak, with which application rules let names and tags through."""
    protocols: frozenset[str] = frozenset({"TCP"})
    ports: PortSet = ALL_PORTS
    cubes: tuple[Cube, ...] = ()
    """What is needed by address."""

    @property
    def text(self) -> str:
        """Return `aks-contoso: Entra sign-in`."""
        return f"{self.who}: {self.why}"


def demands(case: Case) -> tuple[Demand, ...]:
    """Return everything that is known to be needed, the catalogue's first; found once."""
    key = ("verify.permission.demands", case.assumptions)
    if key not in case.estate.memo:
        estate = case.estate
        case.estate.memo[key] = (
            *_of_clusters(estate),
            *_of_machines(estate),
            *_of_resolvers(estate),
            *(demand for intent in estate.intents for demand in _of_intent(estate, intent)),
        )
    result: tuple[Demand, ...] = case.estate.memo[key]
    return result


def _listed(who: str, item: Requirement, source: AddressSet) -> Demand:
    is_network, is_tag = item.kind == "network", item.kind == "tag"
    spoken = SPOKEN.get(item.protocol)
    names = tuple(name.lower() for name in item.destinations)
    return Demand(
        who=who,
        why=f"{item.purpose} ({item.source}, {item.date})",
        source=source,
        names=() if is_tag else names,
        tag=names[0] if is_tag else "",
        applications=frozenset() if is_network or spoken is None else frozenset({spoken}),
        protocols=frozenset({item.protocol if spoken is None else "TCP"}),
        ports=_ports(item.ports),
    )


@lru_cache(maxsize=64)
def _ports(numbers: tuple[int, ...]) -> PortSet:
    return PortSet.of((number, number) for number in numbers)


def _of_clusters(estate: Estate) -> Iterator[Demand]:
    for cluster in estate.kubernetes_clusters:
        source = _space(estate, (s.id for s in cluster_subnets(estate, cluster)))
        if cluster.outbound_type == "none" or not source:
            continue
        features = (*cluster.features, *implied_features(estate, cluster))
        private = cluster.private_cluster_enabled
        for item in required(features, cluster.location, estate.cloud, private):
            yield _listed(cluster.name, item, source)


def _of_machines(estate: Estate) -> Iterator[Demand]:
    """Yield what machines need, feature by feature; whatever runs jobs may run any tool."""
    homes: dict[str, set[str]] = {name: set() for name in sorted(ON_MACHINES)}
    for machine in estate.virtual_machines:
        if machine.purpose == "agent":
            for feature in _AGENT_FEATURES:
                homes[feature].add(machine.subnet)
        if machine.entra_login_enabled:
            homes["entra-login"].add(machine.subnet)
        if machine.azure_monitor_agent_enabled:
            homes["azure-monitor-agent"].add(machine.subnet)
    for scale_set in estate.virtual_machine_scale_sets:
        for feature in _AGENT_FEATURES:
            homes[feature].add(scale_set.subnet)
    for pool in estate.managed_devops_pools:
        homes["managed-devops-pool"].add(pool.subnet)
        homes["pipeline-tools"].add(pool.subnet)
    for feature, subnets in homes.items():
        source = _space(estate, subnets)
        if source:
            for item in required((feature,), estate.location, estate.cloud):
                if item.feature == feature:
                    yield _listed(feature, item, source)


def _of_resolvers(estate: Estate) -> Iterator[Demand]:
    """Yield the look-ups of networks that ask servers of their own."""
    for network in estate.virtual_networks:
        servers = [text for text in network.dns_servers if is_address(text)]
        source = _space(estate, (s.id for s in estate.subnets if s.virtual_network == network.name))
        if servers and source:
            cube = Cube(
                source=source,
                destination=AddressSet.of(
                    pair for text in servers for pair in AddressSet.parse(text).intervals
                ),
                protocols=frozenset({"TCP", "UDP"}),
                ports=_DNS,
            )
            why = f"its machines look names up at {', '.join(servers)}"
            yield Demand(who=network.name, why=why, source=source, cubes=(cube,))


def _of_intent(estate: Estate, intent: Intent) -> Iterator[Demand]:
    """Yield what an intent wants answered; what it leaves unsaid is not narrowed."""
    if intent.claim != "allow":
        return
    senders = [found for text in intent.sources if (found := ends.sender(estate, text))]
    source = AddressSet.of(pair for end in senders for pair in end.addresses.intervals)
    for text in intent.to if source else ():
        end = ends.receiver(estate, text)
        if end is not None:
            yield _claimed(estate, intent, source, end)


def _claimed(estate: Estate, intent: Intent, source: AddressSet, end: End) -> Demand:
    usual = end.port or (443 if end.name else None)
    ports = ALL_PORTS if usual is None else PortSet(((usual, usual),))
    if intent.ports:
        ports = PortSet.parse_all(intent.ports)
    words = {"TCP", "UDP", "ICMP"} if intent.protocol == "Any" else {intent.protocol}
    where = end.addresses or (public_space(estate) if end.is_internet else ALL_ADDRESSES)
    cube = Cube(source=source, destination=where, protocols=frozenset(words), ports=ports)
    return Demand(
        who=f"intent `{intent.name}`",
        why="wants it answered",
        source=source,
        names=(end.name,) if end.name else (),
        applications=_NAMED,
        protocols=frozenset(words),
        ports=ports,
        cubes=() if end.name else (cube,),
    )


def _space(estate: Estate, subnets: Iterable[str]) -> AddressSet:
    """Return the addresses of subnets."""
    found = (estate.subnet_by_id[name] for name in subnets if name in estate.subnet_by_id)
    return AddressSet.prefixes_of([p for subnet in found for p in subnet.address_prefixes])
