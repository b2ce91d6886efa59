"""Routes out of workload subnets: past the firewall, to nobody, or nowhere."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.outbound import walk_out
from hubwright.engines.verify.places import (
    default_routes,
    firewall_hint,
    firewalls_of,
    hosts,
    nearest,
    node_subnets,
    pod_subnets,
    prefix_of,
    public_space,
    routes_of,
    spokesman,
    subnets_using,
    table_of,
    workload_subnets,
)
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.address import AddressSet, format_address
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate
from hubwright.model.flow import Disposition, Trace
from hubwright.model.network import NextHopType, NicKind, Route, Subnet
from hubwright.model.origin import Origin
from hubwright.semantics.assigned import address_of
from hubwright.semantics.names import site_address
from hubwright.semantics.routes import EffectiveRoute, effective_routes

_SITE = site_address("www.example.com")
_APPLIANCES = (NextHopType.VIRTUAL_APPLIANCE, NextHopType.VIRTUAL_NETWORK_GATEWAY)


def clusters_without_default(estate: Estate) -> Iterator[tuple[KubernetesCluster, Subnet]]:
    """Yield clusters told to use routes, with each node subnet that has no default route for it."""
    for cluster in estate.kubernetes_clusters:
        if cluster.outbound_type != "userDefinedRouting":
            continue
        for subnet in node_subnets(estate, cluster):
            hops = [route.next_hop_type for route in default_routes(estate, subnet)]
            if not any(hop in _APPLIANCES for hop in hops):
                yield cluster, subnet


def pods_without_table(estate: Estate) -> Iterator[tuple[Subnet, Subnet]]:
    """Yield pairs of node and pod subnet of which only the nodes have a default route."""
    for cluster in estate.kubernetes_clusters:
        for nodes, pods in pod_subnets(estate, cluster):
            if default_routes(estate, nodes) and not default_routes(estate, pods):
                yield nodes, pods


def _told_elsewhere(estate: Estate) -> set[str]:
    """Return the subnets for which a more specific rule speaks."""
    clusters = {subnet.id for _, subnet in clusters_without_default(estate)}
    return clusters | {pods.id for _, pods in pods_without_table(estate)}


def _escapes(case: Case, subnet: Subnet) -> Iterator[tuple[EffectiveRoute, int]]:
    """Yield each route that leads to the internet, with an address that it really decides on."""
    routes = effective_routes(case.estate, subnet.id, case.assumptions)
    left = public_space(case.estate)
    for route in routes:
        if not route.active:
            continue
        span = AddressSet(((route.prefix.first, route.prefix.last),))
        mine, left = left & span, left - span
        if mine and route.next_hop_type is NextHopType.INTERNET:
            yield route, _SITE if _SITE in mine else mine.first()


def _spared(trace: Trace) -> bool:
    return trace.disposition is Disposition.EXITS_NETWORK and not any(
        hop.kind == "firewall" for hop in trace.forward
    )


def _route_origin(subnet: Subnet, route: EffectiveRoute) -> Origin:
    if route.source == "User":
        return nearest(route.origin.of("next_hop_type"), route.origin, subnet.origin)
    return nearest(subnet.origin.of("route_table"), subnet.origin)


@rule("ROUTE001", Severity.ERROR, "egress reaches the internet without crossing the firewall")
def bypass(case: Case) -> Iterator[Finding]:
    """Follow every route to the internet out of every workload subnet."""
    estate = case.estate
    elsewhere = _told_elsewhere(estate)
    for subnet in workload_subnets(estate):
        if subnet.id in elsewhere or not firewalls_of(estate, subnet.virtual_network):
            continue
        for route, address in _escapes(case, subnet):
            trace = walk_out(case, subnet, spokesman(estate, subnet), address)
            if trace is None or not _spared(trace):
                continue
            written = route.source == "User"
            hint = firewall_hint(estate, subnet.virtual_network)
            yield Finding(
                message=(
                    f"egress from `{subnet.name}` reaches the internet without crossing the "
                    "firewall"
                ),
                at=_route_origin(subnet, route),
                label=(
                    f"route `{route.name}` leaves through `Internet`"
                    if written
                    else "no route to the firewall: Azure's default route leaves through `Internet`"
                ),
                causes=((subnet.origin, f"`{subnet.name}`"),),
                help=f"route {route.prefix} to {hint} as `VirtualAppliance`",
                trace=trace,
            )


@rule("ROUTE002", Severity.ERROR, "a workload subnet has no way out")
def stuck(case: Case) -> Iterator[Finding]:
    """Find private subnets with machines whose default route is Azure's own, which they lack."""
    estate = case.estate
    elsewhere = _told_elsewhere(estate)
    for subnet in workload_subnets(estate):
        if subnet.id in elsewhere or default_routes(estate, subnet):
            continue
        if not hosts(estate, subnet.id) or not firewalls_of(estate, subnet.virtual_network):
            continue
        trace = case.tcp(spokesman(estate, subnet), _SITE)
        if trace is None or trace.disposition is not Disposition.NO_ROUTE:
            continue
        yield Finding(
            message=f"nothing leaves `{subnet.name}`: it is private and has no route out",
            at=nearest(subnet.origin.of("route_table"), subnet.origin),
            label="no default route to the firewall",
            help=(
                f"route 0.0.0.0/0 to {firewall_hint(estate, subnet.virtual_network)} as "
                "`VirtualAppliance`"
            ),
            trace=trace,
        )


@rule("ROUTE004", Severity.ERROR, "next hop Internet in a private subnet does not work")
def private_internet(case: Case) -> Iterator[Finding]:
    """Find Internet routes on subnets that have no outbound access of their own."""
    estate = case.estate
    for subnet in estate.subnets:
        if subnet.name.startswith("AzureFirewall") or not hosts(estate, subnet.id):
            continue
        dead = [r for r in routes_of(estate, subnet) if r.next_hop_type is NextHopType.INTERNET]
        for route in dead:
            trace = _dead_route(case, subnet, route)
            if trace is None:
                continue
            yield Finding(
                message=(
                    f"route `{route.name}` does not work: `{subnet.name}` is a private subnet"
                ),
                at=nearest(
                    subnet.origin.of("default_outbound_access_enabled"),
                    route.origin.of("next_hop_type"),
                    subnet.origin,
                ),
                label="no default outbound access, no NAT gateway",
                causes=((route.origin, f"`{route.name}` needs it"),),
                help=(
                    "turn default outbound access on for this subnet; better, expose the workload "
                    "on the internal load balancer and drop the route"
                ),
                trace=trace,
            )
            break


def _dead_route(case: Case, subnet: Subnet, route: Route) -> Trace | None:
    prefix = prefix_of(case.estate, route.address_prefix)
    if prefix is None:
        return None
    address = _SITE if _SITE in prefix else prefix.first
    trace = case.tcp(spokesman(case.estate, subnet), address, 80)
    if trace is None or trace.disposition is not Disposition.NO_ROUTE:
        return None
    blocker = trace.blocker
    return trace if blocker and "private subnet" in blocker[1].detail else None


@rule("ROUTE007", Severity.ERROR, "the next hop is nobody's address")
def unknown_hop(case: Case) -> Iterator[Finding]:
    """Find appliance routes whose next hop belongs to nothing that is near."""
    estate = case.estate
    owned = {
        nic.private_ip_address
        for nic in estate.network_interfaces
        if nic.kind is not NicKind.FIREWALL or nic.name == nic.owner
    }
    owned |= {address_of(estate, s.frontend) or 0 for s in estate.kubernetes_services}
    for table in estate.route_tables:
        users = subnets_using(estate, table.name)
        for route in table.routes:
            hop = address_of(estate, route.next_hop_in_ip_address or "")
            if route.next_hop_type is not NextHopType.VIRTUAL_APPLIANCE or hop in owned:
                continue
            trace = _lost(case, users, route)
            where = users[0].virtual_network if users else estate.hub
            shown = format_address(hop) if hop is not None else "(none)"
            taken = any(nic.private_ip_address == hop for nic in estate.network_interfaces)
            what = "an instance of the firewall" if taken else "which nothing has"
            yield Finding(
                message=f"route `{route.name}` leads to {shown}, {what}",
                at=nearest(route.origin.of("next_hop_in_ip_address"), route.origin, table.origin),
                label="not the firewall's own address",
                causes=tuple((s.origin.of("route_table"), f"`{s.name}` uses it") for s in users),
                help=f"set it to {firewall_hint(estate, where)}",
                trace=trace,
            )


def _lost(case: Case, users: tuple[Subnet, ...], route: Route) -> Trace | None:
    prefix = prefix_of(case.estate, route.address_prefix)
    if prefix is None:
        return None
    address = _SITE if _SITE in prefix else prefix.first
    for subnet in users:
        trace = case.tcp(spokesman(case.estate, subnet), address)
        if trace is not None and trace.disposition is Disposition.NO_ROUTE:
            return trace
    return None


@rule("ROUTE010", Severity.WARNING, "a service endpoint bypasses the firewall")
def service_endpoint(case: Case) -> Iterator[Finding]:
    """Find service endpoints on workload subnets that otherwise go through the firewall."""
    estate = case.estate
    for subnet in workload_subnets(estate):
        if not firewalls_of(estate, subnet.virtual_network) or not default_routes(estate, subnet):
            continue
        for service in subnet.service_endpoints:
            yield Finding(
                message=f"traffic of `{subnet.name}` to {service} bypasses the firewall",
                at=nearest(subnet.origin.of("service_endpoints"), subnet.origin),
                label=f"the service endpoint's routes are more specific than 0.0.0.0/0: {service}",
                help=(
                    "use a private endpoint, or put the service endpoint on AzureFirewallSubnet "
                    "instead"
                ),
            )


@rule("ROUTE013", Severity.WARNING, "a pod subnet lacks the default route of its nodes")
def pod_table(case: Case) -> Iterator[Finding]:
    """Find pod subnets beside node subnets that have a default route."""
    for nodes, pods in pods_without_table(case.estate):
        table = table_of(case.estate, nodes)
        yield Finding(
            message=f"pods of `{pods.name}` do not follow the default route of `{nodes.name}`",
            at=nearest(pods.origin.of("route_table"), pods.origin),
            label="no default route to the firewall",
            causes=(
                (nodes.origin.of("route_table"), f"nodes use `{table.name if table else ''}`"),
            ),
            notes=(
                (
                    "documentation and reports differ on which subnet's routes pods follow "
                    "(azure-container-networking issue 3204); one table on both settles it"
                ),
            ),
            help=f"put a default route to the firewall on `{pods.name}` too",
            trace=case.tcp(spokesman(case.estate, pods), _SITE),
        )
