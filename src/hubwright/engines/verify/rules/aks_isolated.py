"""Clusters that start from a registry of their own, and API servers in a subnet of their own."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import cluster_subnets, nearest, node_subnets, pools_of
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate, by_name
from hubwright.model.origin import Origin

NOT_ISOLATED = frozenset({"dapr", "extensions", "flux", "marketplace"})
"""Features that a network isolated cluster does not have.
Source: learn.microsoft.com/azure/aks/concepts-network-isolated (2026-06-15)."""


def is_isolated(cluster: KubernetesCluster) -> bool:
    """Tell whether nothing of a cluster leaves its network."""
    return cluster.outbound_type in ("none", "block")


@rule("AKS031", Severity.ERROR, "a network isolated cluster lacks a registry to start from")
def no_bootstrap(case: Case) -> Iterator[Finding]:
    """Find clusters without a way out whose nodes start from the internet."""
    estate = case.estate
    for cluster in estate.kubernetes_clusters:
        at = nearest(
            cluster.origin.of("bootstrap_container_registry"),
            cluster.origin.of("outbound_type"),
            cluster.origin,
        )
        name = cluster.bootstrap_container_registry
        registry = by_name(estate.container_registries, name or "")
        if name is None and is_isolated(cluster):
            yield Finding(
                message=(
                    f"nodes of `{cluster.name}` have no way out, and no registry to start from"
                ),
                at=at,
                label=f"outbound type {cluster.outbound_type}",
                notes=("new nodes exit with code 50: mcr.microsoft.com cannot be reached",),
                help="name a Premium registry that caches mcr.microsoft.com",
            )
        elif registry is not None and registry.sku != "Premium":
            yield Finding(
                message=f"nodes of `{cluster.name}` start from `{registry.name}`, which is "
                f"{registry.sku}",
                at=nearest(registry.origin.of("sku"), registry.origin, at),
                label="has no private endpoint and no cache that nodes can use",
                causes=((at, f"`{cluster.name}` starts from it"),),
                help="make it Premium",
            )
        elif registry is not None and not _has_endpoint(estate, registry.name):
            yield Finding(
                message=f"nodes of `{cluster.name}` start from `{registry.name}`, which has no "
                "private endpoint",
                at=at,
                label="nodes have no way to it",
                notes=("new nodes exit with code 211: the registry cannot be reached",),
                help=f"give `{registry.name}` a private endpoint in the cluster's network",
            )


def _has_endpoint(estate: Estate, target: str) -> bool:
    return any(endpoint.target == target for endpoint in estate.private_endpoints)


@rule("AKS032", Severity.ERROR, "a network isolated cluster has what does not go with it")
def isolated_combinations(case: Case) -> Iterator[Finding]:
    """Find Windows pools, kubenet, unmanaged updates and extensions in isolated clusters."""
    for cluster in case.estate.kubernetes_clusters:
        if not is_isolated(cluster) and cluster.bootstrap_container_registry is None:
            continue
        for what, origin, help_ in _unfit(case.estate, cluster):
            yield Finding(
                message=f"`{cluster.name}` is network isolated, and has {what}",
                at=nearest(origin, cluster.origin),
                label="does not go with a network isolated cluster",
                causes=((nearest(cluster.origin.of("outbound_type"), cluster.origin), "isolated"),),
                help=help_,
            )


def _unfit(estate: Estate, cluster: KubernetesCluster) -> Iterator[tuple[str, Origin, str]]:
    """Yield what an isolated cluster cannot have, where it stands, and what to do."""
    if cluster.network_plugin == "kubenet":
        yield "kubenet", cluster.origin.of("network_plugin"), "use Azure CNI Overlay"
    if cluster.node_os_upgrade_channel == "Unmanaged":
        origin = cluster.origin.of("node_os_upgrade_channel")
        yield "nodes that update themselves", origin, "use channel `NodeImage`"
    for pool in pools_of(estate, cluster):
        if pool.os_sku.startswith("Windows"):
            yield (
                f"Windows nodes in pool `{pool.name}`",
                pool.origin.of("os_sku"),
                "use Linux nodes",
            )
    for feature in cluster.features:
        if feature in NOT_ISOLATED:
            yield feature, cluster.origin.of("features"), "do without it, or give nodes a way out"


@rule("AKS033", Severity.ERROR, "the API server's subnet does not fit")
def api_server_subnet(case: Case) -> Iterator[Finding]:
    """Check the subnet of API Server VNet Integration: its network, and who else lives there."""
    estate = case.estate
    for cluster in estate.kubernetes_clusters:
        subnet = estate.subnet_by_id.get(cluster.api_server_subnet or "")
        if subnet is None:
            continue
        at = nearest(cluster.origin.of("api_server_subnet"), cluster.origin)
        networks = {item.virtual_network for item in node_subnets(estate, cluster)}
        if subnet in cluster_subnets(estate, cluster):
            problem, help_ = "holds its nodes or pods", "give the API server a subnet of its own"
        elif networks and subnet.virtual_network not in networks:
            problem = f"is in `{subnet.virtual_network}`, not in the network of its nodes"
            help_ = "use a subnet of the nodes' network"
        else:
            continue
        yield Finding(
            message=f"`{subnet.name}` of the API server of `{cluster.name}` {problem}",
            at=at,
            label=f"`{subnet.id}`",
            causes=((subnet.origin, f"`{subnet.name}`"),),
            help=help_,
        )
