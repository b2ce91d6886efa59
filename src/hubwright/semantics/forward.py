"""The way out: a new flow, filtered, balanced and translated."""

from collections.abc import Iterable
from dataclasses import replace

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import format_address
from hubwright.model.cluster import KubernetesService
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall
from hubwright.model.flow import Application, Disposition, Packet, Stage
from hubwright.model.network import (
    NetworkInterface,
    NicKind,
    PrivateEndpointNetworkPolicies,
    Subnet,
)
from hubwright.semantics import nsg
from hubwright.semantics.assigned import address_of
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.backward import Backward
from hubwright.semantics.inspection import Inspection
from hubwright.semantics.journey import Journey, Stopped, Translation
from hubwright.semantics.locate import is_overlay
from hubwright.semantics.names import CLUSTER_OUTBOUND, DEFAULT_OUTBOUND, DNS_PORT, INTERNET
from hubwright.semantics.publics import own_public_ip
from hubwright.semantics.traverse import EDGE, OVERLAY, Arrival, Question, Traverse


class Forward(Traverse):
    """The way out: a new flow, filtered and translated."""

    def start(self, origin: NetworkInterface | int, packet: Packet) -> Arrival:
        """Send the first packet from an interface, or from an internet address."""
        if isinstance(origin, int):
            self.journey.hop(INTERNET, "internet", packet)
            self.journey.step(Stage.ROUTE, "sent", f"from {format_address(origin)}")
            return self.enter_public(packet)
        return self._from_interface(origin, packet)

    def _from_interface(self, nic: NetworkInterface, packet: Packet) -> Arrival:
        self.journey.hop(nic.name, "interface", packet)
        host = self.estate.network_interface_by_name.get(nic.host or "")
        if host is not None and is_overlay(nic):
            return self._from_overlay(host, packet)
        if packet.destination_address == nic.private_ip_address:
            return self._accept(nic, packet)
        if nic.kind is not NicKind.PRIVATE_ENDPOINT:
            self._filter(nic, "Outbound", packet)
        if packet.destination_address in nsg.PLATFORM_ADDRESSES:
            return self._platform(packet)
        return self.route(nic.subnet, packet, nic)

    def _from_overlay(self, node: NetworkInterface, packet: Packet) -> Arrival:
        """
        Leave an overlay: outside it, the node's address stands for the pod's.

        Source: learn.microsoft.com/azure/aks/azure-cni-overlay (2026-08).
        """
        after = replace(packet, source_address=node.private_ip_address)
        self.journey.step(
            Stage.TRANSLATION,
            "translated",
            f"source {format_address(after.source_address)} (overlay, by {node.name})",
        )
        self.journey.translations.append(Translation(node.name, packet, after, OVERLAY))
        return self._from_interface(node, after)

    def by_service_endpoint(self, subnet: Subnet, service: str, packet: Packet) -> Arrival:
        """Go straight to the service, past any firewall, with the private source address."""
        self.journey.step(
            Stage.ROUTE,
            "routed",
            f"{subnet.name}: VirtualNetworkServiceEndpoint by {service} (longer than 0.0.0.0/0)",
            rule=service,
            origin=subnet.origin.of("service_endpoints"),
        )
        self.journey.stage = Stage.ROUTE
        return replace(self.at_internet(packet), by_endpoint=True)

    def _platform(self, packet: Packet) -> Arrival:
        self.journey.step(
            Stage.DELIVERY, "delivered", "a platform address: not subject to routes or firewall"
        )
        return Arrival(None, packet, ("azure",), (packet.source_address,))

    def _filter(self, nic: NetworkInterface, direction: str, packet: Packet) -> None:
        """Ask the groups of an interface and its subnet; inbound the subnet's comes first."""
        subnet = self.estate.subnet_by_id[nic.subnet]
        groups = [nic.network_security_group, subnet.network_security_group]
        if direction == "Inbound":
            groups.reverse()
        for group in groups:
            if group is None:
                continue
            verdict = nsg.evaluate(
                self.estate,
                group,
                direction,
                nic.subnet,
                packet,
                self.assumptions,
                any_source_port=nic.kind is NicKind.PRIVATE_ENDPOINT,
            )
            if verdict.assumption is not None:
                self.journey.assumptions.add(verdict.assumption)
            if verdict.allowed is None:
                self.journey.unknown(Stage.NSG, verdict.unknowns)
            rule = verdict.rule
            name = f"{group}/{rule.name}" if rule else group
            priority = f" (priority {rule.priority})" if rule else ""
            if not verdict.allowed:
                self.journey.stop(
                    Stage.NSG,
                    Disposition.DENIED_IN if direction == "Inbound" else Disposition.DENIED_OUT,
                    f"{direction.lower()} rule {name}{priority} denies it",
                    rule=name,
                    origin=rule.origin if rule else subnet.origin,
                )
            self.journey.step(
                Stage.NSG,
                "allowed",
                f"{direction.lower()} rule {name}{priority}",
                rule=name,
                origin=rule.origin if rule else subnet.origin,
            )

    def at_interface(self, nic: NetworkInterface, packet: Packet) -> Arrival:
        """Filter what comes in, and accept it."""
        self.journey.hop(nic.name, "interface", packet)
        policies = self.estate.subnet_by_id[nic.subnet].private_endpoint_network_policies
        if nic.kind is not NicKind.PRIVATE_ENDPOINT or policies in (
            PrivateEndpointNetworkPolicies.ENABLED,
            PrivateEndpointNetworkPolicies.NSG,
        ):
            self._filter(nic, "Inbound", packet)
        return self._accept(nic, packet)

    def _accept(self, nic: NetworkInterface, packet: Packet) -> Arrival:
        asks = packet.destination_port == DNS_PORT and packet.protocol in ("TCP", "UDP")
        if nic.kind is NicKind.DNS_RESOLVER and not asks:
            self.journey.stop(
                Stage.DELIVERY,
                Disposition.NEIGHBOR_UNREACHABLE,
                f"{nic.name} answers DNS alone, on port {DNS_PORT}",
                origin=nic.origin,
            )
        self.journey.step(Stage.DELIVERY, "delivered", f"{nic.kind} {nic.name}", origin=nic.origin)
        return Arrival(nic, packet, (nic.name,), (packet.source_address,))

    def at_public_machine(self, nic: NetworkInterface, packet: Packet) -> Arrival:
        """Translate a machine's public address to its private one, and let it in."""
        after = replace(packet, destination_address=nic.private_ip_address)
        self.journey.translations.append(Translation(EDGE, packet, after))
        self._need_group(nic, after)
        return self.at_interface(nic, after)

    def _need_group(self, nic: NetworkInterface, packet: Packet) -> None:
        """Stop what comes by a public frontend where no security group opens it."""
        if nsg.is_closed(self.estate, nic):
            self.journey.hop(nic.name, "interface", packet)
            self.journey.stop(
                Stage.NSG,
                Disposition.DENIED_IN,
                f"a public address is closed until a security group of {nic.name} opens it",
                origin=nic.origin,
            )

    def at_internet(self, packet: Packet) -> Arrival:
        """Arrive at an internet address."""
        self.journey.hop(INTERNET, "internet", packet)
        self.journey.step(Stage.DELIVERY, "delivered", "leaves the estate")
        return Arrival(None, packet, (INTERNET,), (packet.source_address,))

    def leave(self, subnet: Subnet, nic: NetworkInterface | None, packet: Packet) -> Arrival:
        """
        Go out by an Internet route: by NAT gateway, own public IP, the cluster's, or default.

        Source: azure-docs nat-overview.md (precedence), default-outbound-access.md (2025-12-03).
        """
        address, why = self._outbound(subnet, nic)
        if address is None:
            self.journey.stop(
                Stage.ROUTE,
                Disposition.NO_ROUTE,
                f"{subnet.name} is a private subnet: an Internet route needs explicit outbound "
                "access",
                origin=subnet.origin.of("default_outbound_access_enabled"),
            )
        if packet.protocol == "ICMP" and why == "NAT gateway":
            self.journey.stop(
                Stage.TRANSLATION, Disposition.NO_ROUTE, "a NAT gateway carries TCP and UDP only"
            )
        after = replace(packet, source_address=address)
        self.journey.step(
            Stage.TRANSLATION, "translated", f"source {format_address(address)} by {why}"
        )
        self.journey.translations.append(Translation(EDGE, packet, after))
        self.journey.stage = Stage.ROUTE
        return self.enter_public(after)

    def _outbound(self, subnet: Subnet, nic: NetworkInterface | None) -> tuple[int | None, str]:
        gateway = self.estate.nat_gateway_by_name.get(subnet.nat_gateway or "")
        if gateway is not None and gateway.public_ips:
            found = [address_of(self.estate, name) for name in gateway.public_ips]
            return self.journey.choose(found), "NAT gateway"
        own_ip = own_public_ip(self.estate, nic.name) if nic is not None else None
        if own_ip:
            return address_of(self.estate, own_ip), "its own public IP"
        if nic is not None and nic.kind in (NicKind.NODE, NicKind.POD):
            pool = next((p for p in self.estate.node_pools if p.name == nic.owner), None)
            for cluster in self.estate.kubernetes_clusters:
                owns = pool is not None and pool.cluster == cluster.name
                if owns and cluster.outbound_type in ("loadBalancer", "managedNATGateway"):
                    return CLUSTER_OUTBOUND, f"the cluster's {cluster.outbound_type}"
        if subnet.default_outbound_access_enabled:
            return DEFAULT_OUTBOUND, "default outbound access"
        return None, ""

    def at_balancer(self, service: KubernetesService, packet: Packet) -> Arrival:
        """
        Balance to a node, which sends on to a pod.

        Floating IP: the node, and its security groups, see the frontend's address. Cluster
        traffic policy: the node may choose any pod and puts its own address as source.
        Source: cloud-provider-azure 7b31c76 (2026-08-19); learn.microsoft.com
        /azure/load-balancer/load-balancer-floating-ip.
        """
        kind = "kubernetes" if service.load_balancer == "public" else "kubernetes-internal"
        self.journey.hop(kind, "load balancer", packet)
        listening = self._service_on(service, packet)
        nodes = self._nodes(listening) if listening else []
        if listening is None or not nodes:
            why = f"has no rule for port {packet.destination_port} on this frontend"
            self.journey.stop(
                Stage.LOAD_BALANCER,
                Disposition.NEIGHBOR_UNREACHABLE,
                f"{kind} {'has no node behind it' if listening else why}",
                origin=service.origin,
            )
        service = listening
        group = self.journey.choose(nodes)
        self.journey.step(
            Stage.LOAD_BALANCER,
            "balanced",
            f"service {service.name} to a node of {group[0].owner}",
            rule=service.name,
            origin=service.origin,
        )
        return self._at_node(service, group, packet)

    def _service_on(self, service: KubernetesService, packet: Packet) -> KubernetesService | None:
        """Return another service of the same frontend that listens on the packet's port."""
        for other in self.estate.kubernetes_services:
            same = other.frontend == service.frontend
            if same and packet.protocol == "TCP" and other.port == packet.destination_port:
                return other
        return None

    def _nodes(self, service: KubernetesService) -> list[tuple[NetworkInterface, ...]]:
        """Return the cluster's nodes, those alike (same subnet and group) together."""
        pools = {p.name for p in self.estate.node_pools if p.cluster == service.cluster}
        return _alike(
            nic
            for nic in self.estate.network_interfaces
            if nic.kind is NicKind.NODE and nic.owner in pools
        )

    def _pods(self, service: KubernetesService) -> list[tuple[NetworkInterface, ...]]:
        pools = [p for p in self.estate.node_pools if p.cluster == service.cluster]
        user = {p.name for p in pools if p.mode == "User"} or {p.name for p in pools}
        return _alike(
            nic
            for nic in self.estate.network_interfaces
            if nic.kind is NicKind.POD and nic.owner in user
        )

    def _at_node(
        self, service: KubernetesService, group: tuple[NetworkInterface, ...], packet: Packet
    ) -> Arrival:
        node = group[0]
        if service.load_balancer == "public":
            self._need_group(node, packet)
        self.journey.hop(node.name, "interface", packet)
        self._filter(node, "Inbound", packet)
        pods = self._pods(service)
        if not pods:
            after = replace(
                packet,
                destination_address=node.private_ip_address,
                destination_port=service.target_port,
            )
            self.journey.translations.append(Translation(node.name, packet, after))
            arrival = self._accept(node, after)
            return replace(arrival, servers=tuple(nic.name for nic in group))
        chosen = self.journey.choose(pods)
        after = replace(
            packet,
            source_address=node.private_ip_address,
            destination_address=chosen[0].private_ip_address,
            destination_port=service.target_port,
        )
        self.journey.step(Stage.TRANSLATION, "translated", f"{packet} becomes {after} (kube-proxy)")
        self.journey.translations.append(Translation(node.name, packet, after))
        self._filter(node, "Outbound", after)
        arrival = self.route(node.subnet, after, node)
        return replace(
            arrival,
            servers=tuple(nic.name for nic in chosen),
            sources=tuple(nic.private_ip_address for nic in group),
        )

    def at_firewall(
        self, firewall: Firewall, packet: Packet, leg: str, *, by_route: bool
    ) -> Arrival:
        """Put a new flow through the firewall's stages."""
        return Inspection(self, firewall, packet, leg).run(by_route=by_route)


@dataclass(frozen=True, slots=True)
class Lost:
    """Why a packet does not get somewhere."""

    decided_by: Stage
    detail: str
    unknowns: tuple[str, ...] = ()
    """What it hangs on, where nobody can say."""


def reaches_dns(
    estate: Estate, assumptions: Assumptions, nic: NetworkInterface, server: int
) -> Lost | None:
    """Return why a machine's queries do not reach a DNS server of the estate, or None."""
    key = ("reaches-dns", nic.name, server, assumptions)
    if key not in estate.memo:
        estate.memo[key] = _lost(estate, assumptions, nic, server)
    result: Lost | None = estate.memo[key]
    return result


def _lost(
    estate: Estate, assumptions: Assumptions, nic: NetworkInterface, server: int
) -> Lost | None:
    journey = Journey()
    question = Question(estate, assumptions, journey, Application.NONE, None, "")
    query = Packet(
        source_address=nic.private_ip_address,
        source_port=49152,
        destination_address=server,
        destination_port=53,
        protocol="UDP",
    )
    try:
        arrival = Forward(question).start(nic, query)
        journey.at = journey.reverse
        Backward(question, nic, query).start(arrival)
    except Stopped as stopped:
        hops = (*journey.forward.hops, *journey.reverse.hops)
        detail = next((s.detail for h in hops for s in h.steps if s.blocks), "")
        return Lost(stopped.stage, detail, tuple(journey.unknowns))
    return None


def _alike(nics: Iterable[NetworkInterface]) -> list[tuple[NetworkInterface, ...]]:
    """Group interfaces that no rule or route can tell apart: same subnet and security group."""
    groups: dict[tuple[str, str | None], list[NetworkInterface]] = {}
    for nic in nics:
        groups.setdefault((nic.subnet, nic.network_security_group), []).append(nic)
    return [tuple(group) for group in groups.values()]
