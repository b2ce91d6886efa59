"""Variables of `terraform/variables.cluster.tf`."""

from typing import Any

from hubwright.catalogue.cluster_features import EXTENSIONS, SWITCHES
from hubwright.engines.terraform.values import keyed, plain
from hubwright.model.cluster import KubernetesCluster, KubernetesClusterNodePool
from hubwright.model.estate import Estate

_DEFAULT_ONLY = frozenset({"cluster", "is_default", "mode", "node_taints"})
"""What the default pool does not take: it is a system pool, and its taint is a switch."""


def variables(estate: Estate) -> dict[str, Any]:
    """Return the clusters with their pools."""
    return {
        "kubernetes_clusters": keyed(
            "clusters",
            estate.kubernetes_clusters,
            lambda item: item.name,
            lambda item: _cluster(estate, item),
        )
    }


def _cluster(estate: Estate, cluster: KubernetesCluster) -> dict[str, Any]:
    pools = [pool for pool in estate.node_pools if pool.cluster == cluster.name]
    default = next(pool for pool in pools if pool.is_default)
    further = keyed(
        f"pools of {cluster.name}",
        (pool for pool in pools if not pool.is_default),
        lambda pool: pool.name,
        lambda pool: _pool(pool, without=frozenset({"name", "cluster", "is_default"})),
    )
    return {
        **plain(cluster, without={"name", "waits_for"}),
        **{
            switch.variable: feature in cluster.features
            for feature, switch in sorted(SWITCHES.items())
        },
        "extensions": {
            feature: type_
            for feature, type_ in sorted(EXTENSIONS.items())
            if feature in cluster.features
        },
        "default_node_pool": _pool(default, without=_DEFAULT_ONLY),
        "node_pools": further,
    }


def _pool(pool: KubernetesClusterNodePool, *, without: frozenset[str]) -> dict[str, Any]:
    return {**plain(pool, without=without), "node_labels": dict(pool.node_labels)}
