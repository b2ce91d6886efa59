"""The cluster's way to its API server, and its way out."""

import re
from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import (
    default_routes,
    firewall_hint,
    firewalls_of,
    nearest,
    node_subnets,
    pools_of,
    spokesman,
)
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.rules.route import clusters_without_default
from hubwright.model.address import AddressSet
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate
from hubwright.model.network import NextHopType
from hubwright.semantics.assigned import address_of, addresses_of
from hubwright.semantics.names import site_address


@rule("AKS002", Severity.ERROR, "a public API server is open to everybody")
def open_api(case: Case) -> Iterator[Finding]:
    """Find public clusters without authorised ranges."""
    for cluster in case.estate.kubernetes_clusters:
        if cluster.private_cluster_enabled or cluster.authorized_ip_ranges:
            continue
        yield Finding(
            message=f"the API server of `{cluster.name}` is open to the internet",
            at=nearest(
                cluster.origin.of("authorized_ip_ranges"),
                cluster.origin.of("private_cluster_enabled"),
                cluster.origin,
            ),
            label="public, without authorised ranges",
            help="make the cluster private, or list who may reach it",
        )


@rule("AKS003", Severity.ERROR, "authorised ranges lack the firewall's addresses")
def nodes_locked_out(case: Case) -> Iterator[Finding]:
    """Compare authorised ranges with the addresses that nodes leave from."""
    estate = case.estate
    for cluster in estate.kubernetes_clusters:
        if cluster.private_cluster_enabled or not cluster.authorized_ip_ranges:
            continue
        known = [addresses_of(estate, text) for text in cluster.authorized_ip_ranges]
        allowed = AddressSet.of(pair for item in known if item for pair in item)
        missing = [name for name in _egress(estate, cluster) if not _in(estate, name, allowed)]
        if missing:
            names = ", ".join(f"`{name}`" for name in missing)
            yield Finding(
                message=f"nodes of `{cluster.name}` are locked out of their API server: {names} "
                f"{'is' if len(missing) == 1 else 'are'} not authorised",
                at=nearest(cluster.origin.of("authorized_ip_ranges"), cluster.origin),
                label="does not hold every public IP of the firewall",
                notes=(
                    "the firewall translates to any of its public IPs; nodes exit with code 51",
                ),
                help=f"add {', '.join(missing)}",
            )


def _egress(estate: Estate, cluster: KubernetesCluster) -> list[str]:
    """Return the public IPs that nodes leave from, where their default route is the firewall."""
    out: list[str] = []
    for subnet in node_subnets(estate, cluster):
        hops = {r.next_hop_in_ip_address for r in default_routes(estate, subnet)}
        for firewall in firewalls_of(estate, subnet.virtual_network):
            if any(address_of(estate, h or "") == firewall.private_ip_address for h in hops):
                out += firewall.public_ips
    return list(dict.fromkeys(out))


def _in(estate: Estate, name: str, allowed: AddressSet) -> bool:
    address = address_of(estate, name)
    return address is None or address in allowed


@rule("AKS011", Severity.ERROR, "userDefinedRouting without a default route to an appliance")
def no_default(case: Case) -> Iterator[Finding]:
    """Find node subnets whose routes AKS refuses, or that leak past the firewall."""
    for cluster, subnet in clusters_without_default(case.estate):
        routes = default_routes(case.estate, subnet)
        hint = firewall_hint(case.estate, subnet.virtual_network)
        refused = f"AKS refuses next hop {routes[0].next_hop_type}" if routes else ""
        yield Finding(
            message=(
                f"`{cluster.name}` leaves by routes, but `{subnet.name}` has no default route to "
                "an appliance"
            ),
            at=nearest(
                *((routes[0].origin.of("next_hop_type"), routes[0].origin) if routes else ()),
                subnet.origin.of("route_table"),
                subnet.origin,
            ),
            label=refused or "no 0.0.0.0/0",
            causes=(
                (nearest(cluster.origin.of("outbound_type"), cluster.origin), "userDefinedRouting"),
            ),
            help=f"route 0.0.0.0/0 to {hint} as `VirtualAppliance`",
            trace=case.tcp(spokesman(case.estate, subnet), site_address("www.example.com")),
        )


@rule("AKS012", Severity.WARNING, "authorised ranges on a private cluster do nothing")
def useless_ranges(case: Case) -> Iterator[Finding]:
    """Find authorised ranges of private clusters."""
    for cluster in case.estate.kubernetes_clusters:
        if cluster.private_cluster_enabled and cluster.authorized_ip_ranges:
            yield Finding(
                message=f"authorised ranges of `{cluster.name}` do nothing: it is private",
                at=nearest(cluster.origin.of("authorized_ip_ranges"), cluster.origin),
                label="apply to public API servers only",
                help="remove them; filter with security groups",
            )


_ZONES = {
    "public": r"([a-z0-9-]{1,32}\.)?(privatelink|private)\.%s\.azmk8s\.io",
    "china": r"([a-z0-9-]{1,32}\.)?privatelink\.%s\.cx\.prod\.service\.azk8s\.cn",
    "usgovernment": r"([a-z0-9-]{1,32}\.)?privatelink\.%s\.cx\.aks\.containerservice\.azure\.us",
}


@rule("AKS013", Severity.ERROR, "AKS does not take the private DNS zone")
def wrong_zone(case: Case) -> Iterator[Finding]:
    """Check the name of a cluster's own zone, and what goes with `None`."""
    for cluster in case.estate.kubernetes_clusters:
        zone = cluster.private_dns_zone
        at = nearest(cluster.origin.of("private_dns_zone"), cluster.origin)
        if not cluster.private_cluster_enabled or zone.lower() == "system":
            continue
        if zone.lower() == "none":
            if not cluster.private_cluster_public_fqdn_enabled:
                yield Finding(
                    message=f"the API server of `{cluster.name}` has no name at all",
                    at=at,
                    label="no private zone, and the public name is off",
                    help="use a zone of your own, or turn the public name on",
                )
            continue
        if "." not in zone:
            continue
        pattern = _ZONES.get(case.estate.cloud, _ZONES["public"]) % re.escape(cluster.location)
        if not re.fullmatch(pattern, zone.lower()):
            yield Finding(
                message=f"AKS does not take zone `{zone}` for `{cluster.name}`",
                at=at,
                label="the name is fixed by the region",
                help=f"use privatelink.{cluster.location}.azmk8s.io, or a zone below it",
            )


@rule("AKS015", Severity.ERROR, "outbound rules and a default route to the firewall do not mix")
def split_egress(case: Case) -> Iterator[Finding]:
    """Find clusters with outbound rules of their own in subnets routed to an appliance."""
    estate = case.estate
    other = ("loadBalancer", "managedNATGateway", "userAssignedNATGateway")
    for cluster in estate.kubernetes_clusters:
        if cluster.outbound_type not in other:
            continue
        for subnet in node_subnets(estate, cluster):
            for route in default_routes(estate, subnet):
                if route.next_hop_type is not NextHopType.VIRTUAL_APPLIANCE:
                    continue
                yield Finding(
                    message=(
                        f"`{cluster.name}` leaves by {cluster.outbound_type}, but `{subnet.name}` "
                        "sends everything to an appliance"
                    ),
                    at=nearest(cluster.origin.of("outbound_type"), cluster.origin),
                    label=cluster.outbound_type,
                    causes=((nearest(route.origin, subnet.origin), f"route `{route.name}`"),),
                    notes=("the outbound address that AKS makes and watches is never used",),
                    help="set `outbound_type: userDefinedRouting`",
                )


@rule("AKS016", Severity.ERROR, "the data plane does not go with the network plugin")
def data_plane(case: Case) -> Iterator[Finding]:
    """Find Cilium without overlay or pod subnet, and policies that need another data plane."""
    for cluster in case.estate.kubernetes_clusters:
        pools = pools_of(case.estate, cluster)
        overlay = cluster.network_plugin_mode == "overlay"
        own = [pool for pool in pools if pool.pod_subnet is None]
        if cluster.network_data_plane == "cilium" and own and not overlay:
            yield Finding(
                message=f"`{cluster.name}` cannot run Cilium: its pods share the nodes' subnet",
                at=nearest(cluster.origin.of("network_data_plane"), cluster.origin),
                label="Cilium needs the overlay, or a pod subnet",
                causes=tuple((p.origin, f"`{p.name}` has no pod subnet") for p in own),
                help="set `network_plugin_mode: overlay`, or give every pool a pod subnet",
            )
        policy = cluster.network_policy
        if (policy == "cilium") != (cluster.network_data_plane == "cilium") and policy:
            yield Finding(
                message=(
                    f"network policy {policy} of `{cluster.name}` does not go with data plane "
                    f"{cluster.network_data_plane}"
                ),
                at=nearest(cluster.origin.of("network_policy"), cluster.origin),
                label=policy,
                help="use cilium for both, or for neither",
            )
