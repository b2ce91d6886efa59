"""
How a packet moves: out through filters, routes and translations, and back through state.

Source: `docs/concepts/semantics.md` names the page of Azure's documentation behind each step.
"""

from abc import ABC, abstractmethod
from typing import NoReturn

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import RFC1918, RFC6598, format_address
from hubwright.model.cluster import KubernetesService
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall
from hubwright.model.flow import Application, Disposition, Packet, Stage
from hubwright.model.network import (
    NetworkInterface,
    NextHopType,
    NicKind,
    Route,
    Subnet,
)
from hubwright.semantics import firewall as rules
from hubwright.semantics.assigned import address_of
from hubwright.semantics.assumptions import Assumption, Assumptions
from hubwright.semantics.journey import Journey
from hubwright.semantics.names import site_address
from hubwright.semantics.publics import public_interfaces
from hubwright.semantics.routes import (
    EffectiveRoute,
    effective_routes,
    first_active,
    matching,
    reachable_networks,
    unknown_routes,
)
from hubwright.semantics.services import service_endpoint

EDGE = "edge"
"""The box that translates between an interface and its public address."""
OVERLAY = "overlay"
"""The leg of a node on which the pods of an overlay are."""
PUBLIC, PRIVATE = "public", "private"
"""The two legs of a firewall."""
UNROUTED = RFC1918 | RFC6598


@dataclass(frozen=True, slots=True)
class Question:
    """What every part of a walk needs to know."""

    estate: Estate
    assumptions: Assumptions
    journey: Journey
    application: Application
    server_name: str | None
    asked_name: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where the request ends, and how it looks there."""

    nic: NetworkInterface | None
    """None on the internet."""
    packet: Packet
    servers: tuple[str, ...]
    sources: tuple[int, ...]
    by_endpoint: bool = False
    """Whether a service endpoint carried it: the answer comes back to the private source."""


class Traverse(ABC):
    """Routing, shared by both ways; subclasses say what happens where a packet arrives."""

    def __init__(self, question: Question) -> None:
        self.q = question
        self.estate = question.estate
        self.journey = question.journey
        self.assumptions = question.assumptions

    @abstractmethod
    def at_interface(self, nic: NetworkInterface, packet: Packet) -> Arrival:
        """Take a packet that was delivered to an interface."""

    @abstractmethod
    def at_firewall(
        self, firewall: Firewall, packet: Packet, leg: str, *, by_route: bool
    ) -> Arrival:
        """Take a packet that reaches a firewall; `by_route`: as next hop, not as destination."""

    @abstractmethod
    def at_balancer(self, service: KubernetesService, packet: Packet) -> Arrival:
        """Take a packet that reaches a load balancer's frontend."""

    @abstractmethod
    def at_internet(self, packet: Packet) -> Arrival:
        """Take a packet that reaches an address that is not the estate's."""

    @abstractmethod
    def leave(self, subnet: Subnet, nic: NetworkInterface | None, packet: Packet) -> Arrival:
        """Take a packet that an Internet route sends out of a subnet."""

    def route(
        self,
        subnet_id: str,
        packet: Packet,
        nic: NetworkInterface | None = None,
        firewall: Firewall | None = None,
    ) -> Arrival:
        """Send a packet on by the effective routes of a subnet."""
        own = nic is None or nic.kind is not NicKind.PRIVATE_ENDPOINT
        routes = effective_routes(self.estate, subnet_id, self.assumptions, user_defined=own)
        candidates = matching(routes, packet.destination_address)
        best = first_active(candidates)
        subnet = self.estate.subnet_by_id[subnet_id]
        self._check_tags(subnet_id, own, best, packet)
        if best is None:
            self.journey.stop(
                Stage.ROUTE, Disposition.NO_ROUTE, f"no route of {subnet.name} leads there"
            )
        if best.assumption is not None:
            self.journey.assumptions.add(best.assumption)
        service = self.endpoint_service(subnet, best, packet)
        if service is not None:
            return self.by_service_endpoint(subnet, service, packet)
        self._note(subnet, best, candidates)
        match best.next_hop_type:
            case NextHopType.VNET_LOCAL | NextHopType.VNET_PEERING | NextHopType.INTERFACE_ENDPOINT:
                return self._deliver(subnet, best, packet)
            case NextHopType.VIRTUAL_APPLIANCE:
                return self._appliance(subnet, best, packet, firewall)
            case NextHopType.INTERNET | NextHopType.SERVICE_ENDPOINT:
                if firewall is not None:
                    return self.enter_public(packet)
                return self.leave(subnet, nic, packet)
            case NextHopType.NONE:
                self.journey.stop(
                    Stage.ROUTE,
                    Disposition.NULL_ROUTED,
                    f"route {best.name} ({best.prefix}) has next hop None",
                    rule=best.name,
                    origin=best.origin.of("next_hop_type"),
                )
            case NextHopType.VIRTUAL_NETWORK_GATEWAY:
                self.journey.unknown(Stage.ROUTE, (f"what lies behind gateway route {best.name}",))

    def endpoint_service(
        self, subnet: Subnet, best: EffectiveRoute | None, packet: Packet
    ) -> str | None:
        """
        Return the service endpoint that takes a packet before the default route does.

        Source: learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview (2023-05).
        """
        name = self.q.asked_name
        if not subnet.service_endpoints or not name or (best and best.prefix.length):
            return None
        if packet.destination_address != site_address(name):
            return None
        return service_endpoint(self.estate, subnet.id, name)

    @abstractmethod
    def by_service_endpoint(self, subnet: Subnet, service: str, packet: Packet) -> Arrival:
        """Take a packet that a service endpoint's route sends straight to the service."""

    def _check_tags(
        self, subnet_id: str, own: bool, best: EffectiveRoute | None, packet: Packet
    ) -> None:
        """Stop where a route to a tag without a list could lead a packet elsewhere."""
        if not own or packet.destination_address in UNROUTED or (best and best.prefix.length == 32):
            return
        tags = [
            route
            for route in unknown_routes(self.estate, subnet_id, self.assumptions)
            if best is None or not _leads_alike(self.estate, route, best)
        ]
        if tags:
            self.journey.unknown(
                Stage.ROUTE,
                tuple(f"service tag {r.address_prefix} in route {r.name}" for r in tags),
            )

    def _note(self, subnet: Subnet, best: EffectiveRoute, candidates: list[EffectiveRoute]) -> None:
        """Write down the route that won, and why."""
        hop = f" {format_address(best.next_hop)}" if best.next_hop is not None else ""
        rivals = [r for r in candidates if r is not best]
        why = "the only route there"
        if any(not r.active and r.prefix == best.prefix for r in rivals):
            why = "user-defined before system"
        elif rivals:
            longest = max(
                (r for r in rivals if r.active), key=lambda r: r.prefix.length, default=None
            )
            why = f"longer than {longest.prefix}" if longest else "the others are not active"
        origin = best.origin
        self.journey.step(
            Stage.ROUTE,
            "routed",
            f"{subnet.name}: {best.prefix} -> {best.next_hop_type}{hop} by {best.name} ({why})",
            rule=best.name,
            origin=origin,
        )

    def _deliver(self, subnet: Subnet, best: EffectiveRoute, packet: Packet) -> Arrival:
        address = packet.destination_address
        networks = [best.virtual_network]
        if best.source == "User":
            networks += reachable_networks(self.estate, subnet.virtual_network)
        for nic in interfaces_at(self.estate, address):
            home = nic.virtual_network
            if home in networks:
                self._cross(subnet.virtual_network, home, packet)
                if nic.kind is NicKind.FIREWALL:
                    owner = next(f for f in self.estate.firewalls if f.name == nic.owner)
                    return self.at_firewall(owner, packet, PRIVATE, by_route=False)
                return self.at_interface(nic, packet)
        for service in self.estate.kubernetes_services:
            if address_of(self.estate, service.frontend) == address:
                home = self._home(service)
                if service.load_balancer == "internal" and home in networks:
                    self._cross(subnet.virtual_network, home, packet)
                    return self.at_balancer(service, packet)
        host = self._modelled_host(address, networks)
        if host is not None:
            self._cross(subnet.virtual_network, host.virtual_network, packet)
            return self.at_interface(host, packet)
        return self._nobody(address)

    def _modelled_host(self, address: int, networks: list[str]) -> NetworkInterface | None:
        """Return the asking host itself where the question named a bare address of a subnet."""
        del address, networks
        return None

    def _nobody(self, address: int) -> NoReturn:
        self.journey.stop(
            Stage.DELIVERY,
            Disposition.NEIGHBOR_UNREACHABLE,
            f"nobody has the address {format_address(address)}",
        )

    def _home(self, service: KubernetesService) -> str:
        pools = [p for p in self.estate.node_pools if p.cluster == service.cluster]
        return pools[0].virtual_network if pools else ""

    def _appliance(
        self, subnet: Subnet, best: EffectiveRoute, packet: Packet, here: Firewall | None
    ) -> Arrival:
        """Hand a packet to the appliance that a route names."""
        near = reachable_networks(self.estate, subnet.virtual_network)
        for nic in interfaces_at(self.estate, best.next_hop):
            home = nic.virtual_network
            if home not in near:
                continue
            if nic.kind is not NicKind.FIREWALL:
                self.journey.unknown(Stage.ROUTE, (f"whether {nic.name} forwards packets",))
            if here is not None and nic.owner == here.name:
                self.journey.stop(
                    Stage.ROUTE,
                    Disposition.LOOP,
                    f"route {best.name} sends the firewall's own traffic back to it",
                    rule=best.name,
                    origin=best.origin,
                )
            self._cross(subnet.virtual_network, home, packet)
            owner = next(f for f in self.estate.firewalls if f.name == nic.owner)
            return self.at_firewall(owner, packet, PRIVATE, by_route=True)
        shown = format_address(best.next_hop) if best.next_hop is not None else "(none)"
        self.journey.stop(
            Stage.ROUTE,
            Disposition.NO_ROUTE,
            f"next hop {shown} of route {best.name} is nobody's in this or a peered network",
            rule=best.name,
            origin=best.origin.of("next_hop_in_ip_address"),
        )

    def _cross(self, here: str, there: str, packet: Packet) -> None:
        """
        Pass a peering: the receiving side must allow what was forwarded.

        Source: azure-docs virtual-network-manage-peering.md; that replies are checked as well is
        the assumption `forwarded-traffic`.
        """
        if here == there:
            return
        space = self.estate.virtual_network_by_name[here].address_space
        if any(packet.source_address in prefix for prefix in space):
            return
        back = next(
            (
                peering
                for peering in self.estate.virtual_network_peerings
                if (peering.virtual_network, peering.remote_virtual_network) == (there, here)
            ),
            None,
        )
        if back is None or back.allow_forwarded_traffic:
            return
        if self.journey.at is self.journey.reverse:
            self.journey.assumptions.add(Assumption.FORWARDED_TRAFFIC)
            if self.assumptions.forwarded_traffic == "new-flows":
                return
        self.journey.stop(
            Stage.PEERING,
            Disposition.DENIED_IN,
            f"peering {back.name} of {there} takes no forwarded traffic, and "
            f"{format_address(packet.source_address)} is not of {here}",
            rule=back.name,
            origin=back.origin.of("allow_forwarded_traffic"),
        )

    def enter_public(self, packet: Packet) -> Arrival:
        """Take a packet on Azure's public side: to one of the estate's public IPs, or away."""
        address = packet.destination_address
        for firewall in self.estate.firewalls:
            own = rules.public_addresses(self.estate, firewall)
            if address in (*own, *rules.gateway_addresses(self.estate, firewall)):
                return self.at_firewall(firewall, packet, PUBLIC, by_route=False)
        for service in self.estate.kubernetes_services:
            public = service.load_balancer == "public"
            if public and address_of(self.estate, service.frontend) == address:
                return self.at_balancer(service, packet)
        for nic, own_address in public_interfaces(self.estate):
            if own_address == address:
                return self.at_public_machine(nic, packet)
        if address in UNROUTED:
            self.journey.stop(
                Stage.ROUTE,
                Disposition.NO_ROUTE,
                f"{format_address(address)} is private: the internet does not route it",
            )
        if any(address_of(self.estate, ip.name) == address for ip in self.estate.public_ips):
            self._nobody(address)
        return self.at_internet(packet)

    @abstractmethod
    def at_public_machine(self, nic: NetworkInterface, packet: Packet) -> Arrival:
        """Take a packet that reaches the own public address of a machine or gateway."""


def interfaces_at(estate: Estate, address: int | None) -> tuple[NetworkInterface, ...]:
    """Return the interfaces that have a private address: several where networks overlap."""
    key = "interfaces-by-address"
    if key not in estate.memo:
        found: dict[int, tuple[NetworkInterface, ...]] = {}
        for nic in estate.network_interfaces:
            found[nic.private_ip_address] = (*found.get(nic.private_ip_address, ()), nic)
        estate.memo[key] = found
    by_address: dict[int, tuple[NetworkInterface, ...]] = estate.memo[key]
    return () if address is None else by_address.get(address, ())


def _leads_alike(estate: Estate, route: Route, best: EffectiveRoute) -> bool:
    hop = route.next_hop_in_ip_address
    there = address_of(estate, hop) if hop else None
    return (route.next_hop_type, there) == (best.next_hop_type, best.next_hop)
