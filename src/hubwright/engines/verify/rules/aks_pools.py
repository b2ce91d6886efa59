"""Node pools and names: what AKS refuses, and what no workload can run on."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import cluster_subnets, nearest, pools_of
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.rules.aks_isolated import is_isolated
from hubwright.model.cluster import KubernetesCluster, KubernetesClusterNodePool
from hubwright.model.origin import Origin

_CRITICAL = "CriticalAddonsOnly=true:NoSchedule"
LONGEST_NAME = 63
"""Characters of a Kubernetes label, which AKS makes of the names of networks and subnets.
Source: learn.microsoft.com/azure/aks/configure-azure-cni (2026)."""


@rule("AKS037", Severity.ERROR, "Windows nodes where there can be none")
def windows(case: Case) -> Iterator[Finding]:
    """Find Windows pools as the default pool, as system pools, and beside Linux-only networking."""
    for cluster in case.estate.kubernetes_clusters:
        for pool in pools_of(case.estate, cluster):
            if not pool.os_sku.startswith("Windows"):
                continue
            problem = _windows_problem(cluster, pool)
            if problem is not None:
                yield Finding(
                    message=f"pool `{pool.name}` of `{cluster.name}` cannot run Windows: {problem}",
                    at=nearest(pool.origin.of("os_sku"), pool.origin),
                    label=pool.os_sku,
                    help="use Linux nodes, or the Azure data plane with network policy calico",
                )


def _windows_problem(cluster: KubernetesCluster, pool: KubernetesClusterNodePool) -> str | None:
    if pool.mode == "System":
        return "system pools are Linux"
    if cluster.network_plugin == "kubenet":
        return "kubenet is for Linux only"
    if cluster.network_data_plane == "cilium":
        return "Cilium is for Linux only"
    return None


@rule("AKS039", Severity.ERROR, "a name is too long for AKS")
def long_names(case: Case) -> Iterator[Finding]:
    """Find names of networks and subnets that do not fit into a node's labels."""
    estate = case.estate
    for cluster in estate.kubernetes_clusters:
        named: dict[str, tuple[str, Origin]] = {}
        for subnet in cluster_subnets(estate, cluster):
            network = estate.virtual_network_by_name[subnet.virtual_network]
            named.setdefault(subnet.name, ("subnet", subnet.origin))
            named.setdefault(network.name, ("network", network.origin))
            named.setdefault(network.resource_group_name, ("resource group", network.origin))
        for name, (what, origin) in named.items():
            if len(name) > LONGEST_NAME:
                yield Finding(
                    message=(
                        f"{what} `{name}` of `{cluster.name}` has {len(name)} characters, "
                        f"{len(name) - LONGEST_NAME} too many"
                    ),
                    at=nearest(origin.of("name"), origin, cluster.origin),
                    label=f"AKS makes labels of it, which end at {LONGEST_NAME}",
                    help=f"shorten it to {LONGEST_NAME} characters",
                )


@rule("AKS040", Severity.ERROR, "no pool takes workloads")
def nowhere_to_run(case: Case) -> Iterator[Finding]:
    """Find clusters all of whose pools keep workloads away."""
    for cluster in case.estate.kubernetes_clusters:
        pools = pools_of(case.estate, cluster)
        users = [pool for pool in pools if pool.mode == "User"]
        if not users or not all(_keeps_away(pool) for pool in pools):
            continue
        yield Finding(
            message=f"every pool of `{cluster.name}` takes critical system pods only",
            at=nearest(users[0].origin.of("node_taints"), users[0].origin),
            label=f"`{users[0].name}` has taint CriticalAddonsOnly",
            causes=tuple((p.origin, f"`{p.name}` has it too") for p in pools if p is not users[0]),
            notes=("workloads, and the pods of `az aks command invoke`, stay pending",),
            help="take the taint off the user pool",
        )


def _keeps_away(pool: KubernetesClusterNodePool) -> bool:
    return pool.only_critical_addons_enabled or _CRITICAL in pool.node_taints


@rule("AKS036", Severity.WARNING, "nodes get no security updates")
def no_updates(case: Case) -> Iterator[Finding]:
    """Find clusters whose nodes are never patched by AKS."""
    for cluster in case.estate.kubernetes_clusters:
        channel = cluster.node_os_upgrade_channel
        isolated = is_isolated(cluster) or cluster.bootstrap_container_registry is not None
        if channel not in ("None", "Unmanaged") or (channel == "Unmanaged" and isolated):
            continue
        what = "not at all" if channel == "None" else "only by themselves, from the internet"
        yield Finding(
            message=f"nodes of `{cluster.name}` are patched {what}",
            at=nearest(cluster.origin.of("node_os_upgrade_channel"), cluster.origin),
            label=f"channel {channel.lower()}",
            help="use channel `NodeImage`, or `SecurityPatch`",
        )
