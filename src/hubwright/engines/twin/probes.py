"""
What a fresh twin is asked: both ways in, what AKS needs to boot, and what must not get out.

A probe is a question. What should happen is the evaluator's to say, and what does is the packets'.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from hubwright.catalogue.egress import API_SERVER, AZURE_DNS_EXIT_CODE, NodeCheck, node_checks
from hubwright.engines.twin.artefacts import Probe
from hubwright.model.address import PortSet
from hubwright.model.cluster import KubernetesService
from hubwright.model.estate import Estate
from hubwright.model.firewall import Action, NatRule
from hubwright.model.flow import Application, Flow
from hubwright.model.network import NetworkInterface, NextHopType, NicKind, RouteTable
from hubwright.semantics import dns, services
from hubwright.semantics import firewall as rules
from hubwright.semantics.assigned import address_of
from hubwright.semantics.assumptions import DEFAULTS, Assumptions
from hubwright.semantics.names import AZURE_DNS, INTERNET

FOREIGN_NAME = "www.example.com"
"""A site that an allow-list seldom holds (reserved by RFC 2606)."""
FOREIGN_PORT = 4444
"""A port that no application rule is about."""
_DNS_FAILURE = 52
_MANAGEMENT = "management"


def probes(estate: Estate, assumptions: Assumptions = DEFAULTS) -> tuple[Probe, ...]:
    """
    Return the questions for an estate's twin, in the order in which they read best.

    Args:
        estate: An assigned estate.
        assumptions: With which names resolve.

    Returns:
        Workloads and application gateways from the internet, bootstrap of each node pool, ways
        out, private endpoints, API servers, machines and spokes; each name stands once.
    """
    found = (
        *_workloads(estate),
        *_gateways(estate),
        *_bootstrap(estate, assumptions),
        *_ways_out(estate),
        *_private_endpoints(estate),
        *_api_servers(estate),
        *_machines(estate),
        *_spokes(estate),
    )
    return tuple({probe.name: probe for probe in found}.values())


def without_firewall_routes(estate: Estate) -> Estate | None:
    """
    Return the estate without the routes that lead answers straight back to the firewall's address.

    A public load balancer behind the firewall needs `<firewall's public IP>/32 -> Internet` at its
    backends; without it answers follow 0.0.0.0/0 into a firewall that never saw the request.
    Source: learn.microsoft.com/azure/firewall/integrate-lb.

    Returns:
        None where no route table has such a route.
    """
    own = {a for item in estate.firewalls for a in rules.public_addresses(estate, item)}

    def kept(table: RouteTable) -> RouteTable:
        routes = tuple(
            route
            for route in table.routes
            if route.next_hop_type is not NextHopType.INTERNET
            or not route.address_prefix.endswith("/32")
            or address_of(estate, route.address_prefix) not in own
        )
        return replace(table, routes=routes)

    tables = tuple(kept(table) for table in estate.route_tables)
    return None if tables == estate.route_tables else replace(estate, route_tables=tables)


def asymmetric_probes(estate: Estate) -> tuple[Probe, ...]:
    """Return the questions for an estate without the routes back: flows by public balancers."""
    public = {s.name for s in estate.kubernetes_services if s.load_balancer == "public"}
    return tuple(
        replace(probe, name=f"{probe.name}, without the route back")
        for probe in _workloads(estate)
        if probe.flow.destination in public
    )


def _workloads(estate: Estate) -> Iterator[Probe]:
    for service in estate.kubernetes_services:
        number = 1 if service.load_balancer == "public" else 2
        name = f"flow {number}: internet -> {service.name} ({service.load_balancer} load balancer)"
        port = _exposed_port(estate, service)
        yield _probe(name, INTERNET, service.name, Application.HTTP, port, service.name)


def _gateways(estate: Estate) -> Iterator[Probe]:
    """Yield the ways to application gateways: through the firewall, and past it."""
    for gateway in estate.application_gateways:
        ways = [
            (rule.destination_address, PortSet.parse_all(rule.destination_ports).first())
            for rule in _nat_rules(estate)
            if rule.translated_address == gateway.private_ip_address
        ]
        if gateway.public_ip is not None:
            ways.append((gateway.public_ip, 443))
        for public_ip, port in ways:
            name = f"gateway: internet -> {gateway.name} at {public_ip}"
            yield _probe(name, INTERNET, public_ip, Application.NONE, port)


def _exposed_port(estate: Estate, service: KubernetesService) -> int:
    """Return the port on which a service is seen: that of its DNAT rule, or its own."""
    target = address_of(estate, service.frontend)
    for rule in _nat_rules(estate):
        there = address_of(estate, rule.translated_address or "")
        if target is not None and there == target and rule.translated_port == service.port:
            return PortSet.parse_all(rule.destination_ports).first()
    return service.port


def _nat_rules(estate: Estate) -> Iterator[NatRule]:
    for group in estate.rule_collection_groups:
        for collection in group.nat_rule_collections:
            yield from collection.rules


def _bootstrap(estate: Estate, assumptions: Assumptions) -> Iterator[Probe]:
    """
    Yield what a node of each pool tries before it joins, with the exit code of a failure.

    The look-up of the API server is part of the connection to it: which of the two would fail,
    and so which code it is, is what the node's resolver decides.
    """
    clusters = {cluster.name: cluster for cluster in estate.kubernetes_clusters}
    for pool in estate.node_pools:
        node = _first(estate, NicKind.NODE, pool.name)
        cluster = clusters.get(pool.cluster)
        if node is None or cluster is None:
            continue
        for check in node_checks(estate.location, estate.cloud):
            if check.protocol != "Https":
                continue
            host = (
                services.api_server_name(estate, cluster)
                if check.host == API_SERVER
                else check.host
            )
            probe = _https(f"bootstrap {pool.name}: {check.name}", node.name, host)
            code = _exit_code(estate, node, check, host, assumptions)
            yield replace(probe, expect_exit_code=code)


def _exit_code(
    estate: Estate, node: NetworkInterface, check: NodeCheck, host: str, assumptions: Assumptions
) -> int | None:
    if check.host != API_SERVER:
        return check.exit_code
    network = node.virtual_network
    answer = dns.client_resolves(estate, network, host, assumptions)
    if answer.addresses:
        return check.exit_code
    return AZURE_DNS_EXIT_CODE if answer.server == AZURE_DNS else _DNS_FAILURE


def _ways_out(estate: Estate) -> Iterator[Probe]:
    """Yield, from a node, a pod and a machine: an allowed name, and names that no rule allows."""
    kinds = (NicKind.NODE, NicKind.POD, NicKind.VM)
    for nic in filter(None, (_first(estate, kind) for kind in kinds)):
        where = f"egress: {nic.name} ->"
        allowed = _allowed_name(estate, nic)
        if allowed:
            yield _https(f"{where} https {allowed}", nic.name, allowed)
        yield _https(f"{where} https {FOREIGN_NAME}", nic.name, FOREIGN_NAME)
        yield _probe(
            f"{where} http {FOREIGN_NAME}",
            nic.name,
            FOREIGN_NAME,
            Application.HTTP,
            80,
            FOREIGN_NAME,
        )
        yield _probe(
            f"{where} {FOREIGN_NAME}:{FOREIGN_PORT}",
            nic.name,
            FOREIGN_NAME,
            Application.NONE,
            FOREIGN_PORT,
        )
    machine = _first(estate, NicKind.VM)
    if machine is not None:
        nameless = Flow(
            source=machine.name, destination=FOREIGN_NAME, application=Application.HTTPS
        )
        yield Probe(name=f"egress: {machine.name} -> https without a server name", flow=nameless)


def _allowed_name(estate: Estate, nic: NetworkInterface) -> str | None:
    """Return the first name without a star that an application rule lets an interface reach."""
    for firewall in estate.firewalls:
        for placed in rules.application_rules(estate, firewall):
            speaks = any(p.type == "Https" and p.port == 443 for p in placed.rule.protocols)
            sources = rules.sources(estate, placed.rule)
            if placed.action is not Action.ALLOW or not speaks:
                continue
            if nic.private_ip_address not in sources:
                continue
            plain = [name for name in placed.rule.destination_fqdns if "*" not in name]
            if plain:
                return plain[0]
    return None


def _private_endpoints(estate: Estate) -> Iterator[Probe]:
    kinds = (NicKind.NODE, NicKind.VM, NicKind.BASTION)
    starts = [nic.name for nic in filter(None, (_first(estate, kind) for kind in kinds))]
    for endpoint in estate.private_endpoints:
        if endpoint.subresource == _MANAGEMENT:
            continue
        for name in endpoint.fqdns:
            for start in starts:
                yield _https(f"private endpoint: {start} -> {name}", start, name)
        for name in endpoint.fqdns[:1]:
            yield _https(f"private endpoint: internet -> {name}", INTERNET, name)


def _api_servers(estate: Estate) -> Iterator[Probe]:
    machine = _first(estate, NicKind.VM)
    for cluster in estate.kubernetes_clusters:
        name = services.api_server_name(estate, cluster)
        for start in (machine.name if machine else None, INTERNET):
            if start:
                yield _https(f"API server: {start} -> {cluster.name}", start, name)


def _machines(estate: Estate) -> Iterator[Probe]:
    bastion = _first(estate, NicKind.BASTION)
    for nic in estate.network_interfaces:
        if nic.kind is NicKind.VM:
            if bastion is not None:
                yield _ssh(f"ssh: {bastion.name} -> {nic.name}", bastion.name, nic.name)
            yield _ssh(f"ssh: internet -> {nic.name}", INTERNET, nic.name)


def _spokes(estate: Estate) -> Iterator[Probe]:
    """Yield the way between neighbouring spokes, there and back."""
    kinds = (NicKind.NODE, NicKind.POD, NicKind.VM)
    ends: dict[str, NetworkInterface] = {}
    for nic in estate.network_interfaces:
        network = nic.virtual_network
        if nic.kind in kinds and network != estate.hub:
            ends.setdefault(network, nic)
    for one, other in pairwise(ends.values()):
        for start, end in ((one, other), (other, one)):
            yield _ssh(f"spoke to spoke: {start.name} -> {end.name}", start.name, end.name)


def _first(estate: Estate, kind: NicKind, owner: str | None = None) -> NetworkInterface | None:
    """Return the first interface of a kind; of a user pool where there is one."""
    user = {pool.name for pool in estate.node_pools if pool.mode == "User"}
    found = [
        nic for nic in estate.network_interfaces if nic.kind is kind and owner in (None, nic.owner)
    ]
    preferred = [nic for nic in found if nic.owner in user]
    return next(iter(preferred or found), None)


def _https(name: str, source: str, destination: str) -> Probe:
    return _probe(name, source, destination, Application.HTTPS, 443, destination)


def _ssh(name: str, source: str, destination: str) -> Probe:
    return _probe(name, source, destination, Application.NONE, 22)


def _probe(
    name: str,
    source: str,
    destination: str,
    application: Application,
    port: int,
    server_name: str | None = None,
) -> Probe:
    flow = Flow(
        source=source,
        destination=destination,
        destination_port=port,
        application=application,
        server_name=server_name,
    )
    return Probe(name=name, flow=flow)
