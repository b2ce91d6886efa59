"""The address plan of clusters: ranges inside them, and room for their nodes and pods."""

from collections.abc import Iterator

from hubwright.catalogue.limits import RESERVED_ADDRESSES
from hubwright.catalogue.ranges import AKS_RESERVED, LONGEST_SERVICE_RANGE, OVERLAY_NODE_PREFIX
from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import (
    cluster_subnets,
    most_nodes,
    nearest,
    node_subnets,
    pools_of,
)
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.rules.addr import prefix_origin
from hubwright.model.address import AddressError, Prefix, parse_address
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate
from hubwright.model.network import NicKind, Subnet, VirtualNetwork
from hubwright.model.origin import Origin


def _prefix(text: str | None) -> Prefix | None:
    try:
        return Prefix.parse(text) if text else None
    except AddressError:
        return None


def _inner(cluster: KubernetesCluster) -> Iterator[tuple[str, Prefix, Origin]]:
    """Yield the ranges that live inside a cluster: argument, range, where written."""
    for argument in ("service_cidr", "pod_cidr"):
        prefix = _prefix(getattr(cluster, argument))
        if prefix is not None:
            yield argument, prefix, nearest(cluster.origin.of(argument), cluster.origin)


def _reachable(estate: Estate, cluster: KubernetesCluster) -> list[VirtualNetwork]:
    """Return the networks that a cluster may talk to: its own, peers, and peers of peers."""
    near = {subnet.virtual_network for subnet in node_subnets(estate, cluster)}
    for _ in range(2):
        near |= {
            p.remote_virtual_network
            for p in estate.virtual_network_peerings
            if p.virtual_network in near
        }
    return [n for n in estate.virtual_networks if n.name in near]


@rule("ADDR003", Severity.ERROR, "a cluster's inner range overlaps a network")
def inner_overlap(case: Case) -> Iterator[Finding]:
    """Compare service and pod ranges with the networks that the cluster can reach."""
    for cluster in case.estate.kubernetes_clusters:
        for argument, prefix, origin in _inner(cluster):
            for network in _reachable(case.estate, cluster):
                space = next((s for s in network.address_space if s.overlaps(prefix)), None)
                if space is None:
                    continue
                yield Finding(
                    message=(
                        f"`{argument}` {prefix} of `{cluster.name}` overlaps `{network.name}` "
                        f"({space})"
                    ),
                    at=origin,
                    label=str(prefix),
                    causes=(
                        (nearest(network.origin.of("address_space"), network.origin), str(space)),
                    ),
                    notes=("pods could not reach what lies behind the overlap",),
                    help="choose a range that no network uses",
                )


@rule("ADDR004", Severity.ERROR, "a range that AKS reserves is used")
def reserved(case: Case) -> Iterator[Finding]:
    """Compare the cluster's ranges and subnets with those that AKS keeps for itself."""
    for cluster in case.estate.kubernetes_clusters:
        used = list(_inner(cluster))
        for subnet in cluster_subnets(case.estate, cluster):
            used += [
                (f"subnet {subnet.name}", p, prefix_origin(subnet)) for p in subnet.address_prefixes
            ]
        for what, prefix, origin in used:
            taken = next((r for r in AKS_RESERVED if r.overlaps(prefix)), None)
            if taken is not None:
                yield Finding(
                    message=f"`{what}` {prefix} of `{cluster.name}` touches {taken}",
                    at=origin,
                    label="AKS keeps this range for itself",
                    help="choose another range",
                )


@rule("ADDR005", Severity.ERROR, "a subnet is too small for its nodes or pods")
def no_room(case: Case) -> Iterator[Finding]:
    """Count the addresses that a subnet's pools may need at most."""
    for subnet in case.estate.subnets:
        need = _needed(case.estate, subnet)
        have = sum(p.size - RESERVED_ADDRESSES.value for p in subnet.address_prefixes)
        pools = [p for p in case.estate.node_pools if subnet.id in (p.subnet, p.pod_subnet)]
        if not pools or need <= have:
            continue
        yield Finding(
            message=f"`{subnet.name}` has {have} addresses, its pools may need {need}",
            at=prefix_origin(subnet),
            label=f"{have} usable addresses",
            causes=tuple((nearest(p.origin), f"pool `{p.name}`") for p in pools),
            notes=(
                (
                    "counted: the most nodes of each pool and one in ten more for upgrades, their "
                    "pods where they take addresses of the subnet, and what else lives there"
                ),
            ),
            help="make the subnet larger, or the pools smaller",
        )


def _needed(estate: Estate, subnet: Subnet) -> int:
    clusters = {cluster.name: cluster for cluster in estate.kubernetes_clusters}
    total = 0
    for pool in estate.node_pools:
        cluster = clusters.get(pool.cluster)
        routed = cluster is not None and cluster.network_plugin == "azure"
        overlay = cluster is not None and cluster.network_plugin_mode == "overlay"
        if pool.subnet == subnet.id:
            own_pods = routed and not overlay and pool.pod_subnet is None
            total += most_nodes(pool) * (1 + (pool.max_pods if own_pods else 0))
        if pool.pod_subnet == subnet.id:
            total += most_nodes(pool) * pool.max_pods
    others = (NicKind.VM, NicKind.PRIVATE_ENDPOINT, NicKind.BASTION)
    total += sum(n.subnet == subnet.id and n.kind in others for n in estate.network_interfaces)
    return total + sum(
        any(_inside(s.frontend, p) for p in subnet.address_prefixes)
        for s in estate.kubernetes_services
    )


def _inside(text: str, prefix: Prefix) -> bool:
    try:
        return parse_address(text) in prefix
    except AddressError:
        return False


@rule("ADDR009", Severity.ERROR, "a cluster's inner ranges do not work")
def inner_ranges(case: Case) -> Iterator[Finding]:
    """Check the DNS address, the size of the service range, and the overlay's room for nodes."""
    for cluster in case.estate.kubernetes_clusters:
        service = _prefix(cluster.service_cidr)
        if service is not None and service.length <= LONGEST_SERVICE_RANGE:
            yield Finding(
                message=f"`service_cidr` {service} of `{cluster.name}` is too large",
                at=nearest(cluster.origin.of("service_cidr"), cluster.origin),
                label=f"must be smaller than a /{LONGEST_SERVICE_RANGE}",
                help="use a /16",
            )
        if service is not None and not _usable(cluster.dns_service_ip, service):
            yield Finding(
                message=(
                    f"`dns_service_ip` {cluster.dns_service_ip} of `{cluster.name}` is not a "
                    f"usable address of {service}"
                ),
                at=nearest(cluster.origin.of("dns_service_ip"), cluster.origin),
                label="must lie in the service range, and not be its first two addresses",
                help="use the tenth address of the service range",
            )
        pods = _prefix(cluster.pod_cidr)
        if pods is None or cluster.network_plugin_mode != "overlay":
            continue
        nodes = sum(most_nodes(pool) for pool in pools_of(case.estate, cluster))
        room = 1 << max(0, OVERLAY_NODE_PREFIX - pods.length)
        if nodes > room:
            yield Finding(
                message=f"`pod_cidr` {pods} of `{cluster.name}` has room for {room} nodes, not "
                f"{nodes}",
                at=nearest(cluster.origin.of("pod_cidr"), cluster.origin),
                label=f"each node takes a /{OVERLAY_NODE_PREFIX}",
                help="make the range larger",
            )


def _usable(text: str, service: Prefix) -> bool:
    return _inside(text, service) and parse_address(text) > service.first + 1
