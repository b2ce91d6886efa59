"""One estate laid out for walks of sets: its plane, its routes as disjoint sets, its filters."""

from collections.abc import Iterator
from dataclasses import replace

from hubwright.engines.verify.lines import Line, firewall_lines, security_lines
from hubwright.engines.verify.reach import names, sources
from hubwright.engines.verify.reach.filters import Filter
from hubwright.engines.verify.reach.names import Leads
from hubwright.engines.verify.reach.plane import Plane, points
from hubwright.engines.verify.space import Cube, NameSet
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import ALL_ADDRESSES, AddressSet, PortSet
from hubwright.model.cluster import KubernetesService
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall
from hubwright.model.flow import Stage
from hubwright.model.network import NetworkInterface, NextHopType
from hubwright.semantics import firewall as rules
from hubwright.semantics import services, threats
from hubwright.semantics.assigned import address_of
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.firewall_rules import addresses_in
from hubwright.semantics.names import AZURE_DNS, INSTANCE_METADATA, SITES, site_address
from hubwright.semantics.routes import EffectiveRoute, effective_routes, unknown_routes
from hubwright.semantics.traverse import UNROUTED

PLATFORM = AddressSet.of((address, address) for address in (AZURE_DNS, INSTANCE_METADATA))
SITE_SET = AddressSet.prefixes_of([SITES])
_DELIVERING = (
    NextHopType.VNET_LOCAL,
    NextHopType.VNET_PEERING,
    NextHopType.INTERFACE_ENDPOINT,
)


@dataclass(frozen=True, slots=True)
class Threats:
    """What threat intelligence denies at a firewall."""

    addresses: AddressSet
    names: NameSet


class World:
    """Everything that walks look up, noted in one plane."""

    def __init__(self, estate: Estate, assumptions: Assumptions, *, budget: int) -> None:
        self.estate = estate
        self.assumptions = assumptions
        self.plane = Plane()
        self.inside = sources.inside(estate)
        self.internet = sources.internet(estate)
        self.known_names = names.known_names(estate)
        self.internal = {
            address: service
            for service in reversed(estate.kubernetes_services)
            if service.load_balancer == "internal"
            and (address := address_of(estate, service.frontend)) is not None
        }
        self.own_public = AddressSet.of(
            (address, address)
            for item in estate.public_ips
            if (address := address_of(estate, item.name)) is not None
        )
        self._routes: dict[tuple[str, bool], list[tuple[AddressSet, EffectiveRoute | None]]] = {}
        self._filters: dict[object, Filter] = {}
        self._parts: dict[AddressSet, tuple[AddressSet, AddressSet, tuple[AddressSet, ...]]] = {}
        """By set of a route: its prefix, the set, and the longer prefixes that it is without."""
        self._leads: dict[str, tuple[Leads, ...]] = {}
        self._senders: dict[str, int] = {}
        self._free: dict[tuple[str, bool], int] = {}
        self.threats = {fw.name: self._threats(fw) for fw in estate.firewalls}
        self._note()
        self.plane.build(budget=budget)
        for whole, part, less in self._parts.values():
            self.plane.define(part, whole, less)

    def _note(self) -> None:
        """Note every set that walks may ask for."""
        note = self.plane.note
        note(PLATFORM, SITE_SET, UNROUTED, self.own_public, self.internet.addresses)
        for source in self.inside:
            note(source.addresses)
        for network in self.estate.virtual_networks:
            note(self.space_of(network.name))
        for subnet in self.estate.subnets:
            for own in (True, False):
                self.routes(subnet.id, own=own)
        for whole, _, less in self._parts.values():
            note(*(item for item in (whole, *less) if item != ALL_ADDRESSES))
        addresses = {nic.private_ip_address for nic in self.estate.network_interfaces}
        addresses |= {*self.internal, AZURE_DNS, INSTANCE_METADATA}
        addresses |= {site_address(name) for name in self.known_names}
        note(*points(sorted(addresses)))
        note(*points(a for f, last in self.own_public.intervals for a in range(f, last + 1)))
        self.plane.note_names(*map(NameSet.parse, self.known_names), names.API_SERVERS)
        for service in self.estate.kubernetes_services:
            self.plane.note_ports(PortSet(((service.port, service.port),)))
        self.plane.note_ports(PortSet(((53, 53),)))
        for cluster in self.estate.kubernetes_clusters:
            ranges = services.authorized_addresses(self.estate, cluster)
            note(*(ranges[:1] if ranges else ()))
        for firewall in self.estate.firewalls:
            self._note_firewall(firewall)
        for subnet in self.estate.subnets:
            for endpoint in subnet.service_endpoints:
                self.plane.note_names(self.endpoint_names(endpoint))
            for group in self._groups(subnet.id):
                for direction in ("Inbound", "Outbound"):
                    for line in self._security(group, direction, subnet.id):
                        self.plane.note_cubes(_opened(line))

    def _note_firewall(self, firewall: Firewall) -> None:
        self.plane.note(*(part for part, _ in self.exits(firewall.subnet)))
        self.plane.note(rules.private_ranges(self.estate, firewall, self.assumptions))
        self.plane.note(self.threats[firewall.name].addresses, self.own_addresses(firewall))
        self.plane.note_names(self.threats[firewall.name].names, self.infrastructure)
        self.plane.note_names(*(item.names for item in self.leads(firewall)))
        self.plane.note_ports(self.intercepted(firewall))
        for line in self.lines(firewall):
            self.plane.note_cubes(_opened(line))

    def _groups(self, subnet_id: str) -> set[str]:
        groups = {self.estate.subnet_by_id[subnet_id].network_security_group}
        groups |= {
            nic.network_security_group
            for nic in self.estate.network_interfaces
            if nic.subnet == subnet_id
        }
        return {group for group in groups if group is not None}

    def lines(self, firewall: Firewall, *stages: Stage) -> tuple[Line, ...]:
        """Return a firewall's lines, of some stages or of all."""
        found = firewall_lines(self.estate, firewall, self.assumptions, is_snapshot=True)
        return tuple(line for line in found if not stages or line.stage in stages)

    def _security(self, group: str, direction: str, subnet_id: str) -> tuple[Line, ...]:
        return security_lines(self.estate, group, direction, subnet_id, self.assumptions)

    def security(self, group: str | None, direction: str, subnet_id: str) -> Filter | None:
        """Return a security group as a filter at a subnet; None where nothing is filtered."""
        if group is None:
            return None
        lines = self._security(group, direction, subnet_id)
        key = (group, direction, subnet_id)
        if lines and key not in self._filters:
            self._filters[key] = Filter(self.plane, lines)
        return self._filters.get(key)

    def network_filter(self, firewall: Firewall) -> Filter:
        """Return a firewall's network rules."""
        return self._filter(firewall, "network", self.lines(firewall, Stage.NETWORK_RULE))

    def application_filter(self, firewall: Firewall) -> Filter:
        """Return a firewall's application rules; inspected is a kind of its own."""
        return self._filter(firewall, "app", self.lines(firewall, Stage.APPLICATION_RULE))

    def _filter(self, firewall: Firewall, word: str, lines: tuple[Line, ...]) -> Filter:
        key = (word, firewall.name)
        if key not in self._filters:
            self._filters[key] = Filter(
                self.plane,
                lines,
                lambda line: "Deny" if line.action == "Deny" else line.decision,
            )
        return self._filters[key]

    def space_of(self, virtual_network: str) -> AddressSet:
        """Return a network's address space."""
        return AddressSet.prefixes_of(
            self.estate.virtual_network_by_name[virtual_network].address_space
        )

    def routes(
        self, subnet_id: str, *, own: bool = True
    ) -> list[tuple[AddressSet, EffectiveRoute | None]]:
        """Return which destinations each active route of a subnet takes; None takes the rest."""
        key = (subnet_id, own)
        if key not in self._routes:
            self._routes[key] = list(self._cut(subnet_id, own=own))
        return self._routes[key]

    def _cut(
        self, subnet_id: str, *, own: bool
    ) -> Iterator[tuple[AddressSet, EffectiveRoute | None]]:
        taken = AddressSet()
        longer: list[AddressSet] = []
        found = effective_routes(self.estate, subnet_id, self.assumptions, user_defined=own)
        for route in found:
            if not route.active:
                continue
            mine = AddressSet(((route.prefix.first, route.prefix.last),))
            part = mine - taken
            if part:
                less = tuple(item for item in longer if item.overlaps(mine))
                self._parts[part] = (mine, part, less)
                yield part, route
            taken |= mine
            longer.append(mine)
        left = ALL_ADDRESSES - taken
        if left:
            self._parts[left] = (ALL_ADDRESSES, left, tuple(longer))
            yield left, None

    def exits(self, subnet_id: str) -> list[tuple[AddressSet, EffectiveRoute | None]]:
        """Return a subnet's routes to the internet, and None for all that go elsewhere."""
        out: list[tuple[AddressSet, EffectiveRoute | None]] = [
            (part, route)
            for part, route in self.routes(subnet_id)
            if route is not None and route.next_hop_type is NextHopType.INTERNET
        ]
        elsewhere = ALL_ADDRESSES
        for part, _ in out:
            elsewhere -= part
        return [*out, (elsewhere, None)]

    def own_addresses(self, firewall: Firewall) -> AddressSet:
        """Return the addresses on which a firewall itself listens."""
        own = [*rules.public_addresses(self.estate, firewall)]
        if firewall.private_ip_address is not None:
            own.append(firewall.private_ip_address)
        return AddressSet.of((address, address) for address in own)

    def intercepted(self, firewall: Firewall) -> PortSet:
        """Return the TCP ports that a firewall's application engine answers."""
        ports = rules.intercept_ports(self.estate, firewall)
        return PortSet.of((port, port) for port in ports)

    @property
    def infrastructure(self) -> NameSet:
        """The names that Azure's built-in collection allows."""
        return NameSet.parse_all(self.assumptions.infrastructure_fqdns)

    def _threats(self, firewall: Firewall) -> Threats:
        """Return what the threat feed denies at a firewall, without its allow lists."""
        if threats.threat_mode(self.estate, firewall) != "Deny":
            return Threats(AddressSet(), NameSet())
        texts: list[str] = []
        patterns: list[str] = []
        for policy in self.estate.policy_chain(firewall.firewall_policy):
            texts += policy.threat_intelligence_allowlist_ip_addresses
            patterns += policy.threat_intelligence_allowlist_fqdns
        free = addresses_in(self.estate, tuple(texts), ())[0]
        bad = NameSet.parse_all(self.assumptions.threat_feed_fqdns)
        return Threats(
            self.assumptions.threat_feed_addresses - free, bad - NameSet.parse_all(patterns)
        )

    def leads(self, firewall: Firewall) -> tuple[Leads, ...]:
        """Return where a firewall's own look-ups lead."""
        if firewall.name not in self._leads:
            found = names.leads(self.estate, firewall, self.known_names, self.assumptions)
            self._leads[firewall.name] = found
        return self._leads[firewall.name]

    def endpoint_names(self, service: str) -> NameSet:
        """Return the names of a service endpoint that the estate says nothing about."""
        known = NameSet.parse_all(self.known_names)
        domains = services.endpoint_domains(service)
        return NameSet.parse_all(f"*.{domain}" for domain in domains) - known

    def firewall(self, name: str) -> Firewall:
        """Return a firewall by name."""
        return next(item for item in self.estate.firewalls if item.name == name)

    def nic(self, name: str) -> NetworkInterface:
        """Return an interface by name."""
        return self.estate.network_interface_by_name[name]

    def service(self, name: str) -> KubernetesService:
        """Return a service of a cluster by name."""
        return next(item for item in self.estate.kubernetes_services if item.name == name)

    def refused_names(self) -> Iterator[str]:
        """Yield the known names of services that refuse public callers."""
        for name in self.known_names:
            if services.api_server(self.estate, name) is not None:
                continue
            owner = services.owner(self.estate, name)
            if owner is not None and not owner.public_network_access_enabled:
                yield name

    def senders_mask(self, virtual_network: str) -> int:
        """Return, as a mask of sources, the senders that a network delivers answers to."""
        if virtual_network not in self._senders:
            mask = 0
            for source in self.inside:
                nic = source.nic
                if nic and source.host is None and nic.virtual_network == virtual_network:
                    mask |= self.plane.mask("source", source.addresses)
            self._senders[virtual_network] = mask
        return self._senders[virtual_network]

    def free_senders(self, subnet_id: str, *, own: bool) -> int:
        """
        Return, as a mask of sources, the senders to whom a subnet delivers any answer itself.

        Those of its own network, and of peers that take forwarded traffic.
        """
        key = (subnet_id, own)
        if key not in self._free:
            mask = 0
            subnet = self.estate.subnet_by_id[subnet_id]
            if not unknown_routes(self.estate, subnet_id, self.assumptions) or not own:
                for addresses, best in self.routes(subnet_id, own=own):
                    if best is None or best.next_hop_type not in _DELIVERING:
                        continue
                    home = best.virtual_network
                    if best.source != "User" and self._takes_all(subnet.virtual_network, home):
                        mine = self.plane.mask("source", addresses)
                        mask |= mine & self.senders_mask(home)
            self._free[key] = mask
        return self._free[key]

    def _takes_all(self, here: str, there: str) -> bool:
        """Tell whether a network takes from another whatever that one forwards."""
        back = (
            peering.allow_forwarded_traffic
            for peering in self.estate.virtual_network_peerings
            if (peering.virtual_network, peering.remote_virtual_network) == (there, here)
        )
        return here == there or next(back, True)

    def targets(self, virtual_networks: tuple[str, ...]) -> dict[int, NetworkInterface]:
        """Return by address who takes what some networks deliver."""
        key = ("targets", virtual_networks)
        if key not in self.estate.memo:
            found: dict[int, NetworkInterface] = {}
            for nic in self.estate.network_interfaces:
                if nic.virtual_network in virtual_networks:
                    found.setdefault(nic.private_ip_address, nic)
            self.estate.memo[key] = found
        result: dict[int, NetworkInterface] = self.estate.memo[key]
        return result


def _opened(line: Line) -> list[Cube]:
    return [replace(cube, inside=frozenset()) for cube in line.cubes]
