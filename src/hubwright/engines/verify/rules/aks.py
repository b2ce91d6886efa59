"""The cluster: who may sign in, and how it survives."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest, pools_of
from hubwright.engines.verify.registry import Finding, rule


@rule("AKS001", Severity.WARNING, "local accounts are on")
def local_accounts(case: Case) -> Iterator[Finding]:
    """Find clusters that can be entered past Entra."""
    for cluster in case.estate.kubernetes_clusters:
        if not cluster.local_account_disabled:
            yield Finding(
                message=(
                    f"`{cluster.name}` has local accounts: its admin certificate bypasses Entra"
                ),
                at=nearest(cluster.origin.of("local_account_disabled"), cluster.origin),
                label="on",
                help="turn local accounts off",
            )


@rule("AKS004", Severity.WARNING, "the system pool takes every pod")
def untainted(case: Case) -> Iterator[Finding]:
    """Find system pools without the CriticalAddonsOnly taint beside user pools."""
    for cluster in case.estate.kubernetes_clusters:
        pools = pools_of(case.estate, cluster)
        if not any(pool.mode == "User" for pool in pools):
            continue
        for pool in pools:
            if pool.mode == "System" and not pool.only_critical_addons_enabled:
                yield Finding(
                    message=f"system pool `{pool.name}` of `{cluster.name}` takes every pod",
                    at=nearest(pool.origin.of("only_critical_addons_enabled"), pool.origin),
                    label="no CriticalAddonsOnly taint",
                    help="taint it, so that workloads go to user pools",
                )


@rule("AKS005", Severity.WARNING, "the cluster has one pool only")
def one_pool(case: Case) -> Iterator[Finding]:
    """Find clusters without a user pool."""
    for cluster in case.estate.kubernetes_clusters:
        pools = pools_of(case.estate, cluster)
        if pools and not any(pool.mode == "User" for pool in pools):
            yield Finding(
                message=f"`{cluster.name}` has no user pool: workloads run beside the system pods",
                at=nearest(pools[0].origin.of("mode"), pools[0].origin, cluster.origin),
                label=f"`{pools[0].name}` is a system pool",
                help="add a pool of mode User",
            )


@rule("AKS006", Severity.WARNING, "a pool is not spread over zones")
def one_zone(case: Case) -> Iterator[Finding]:
    """Find pools in fewer than two availability zones."""
    for pool in case.estate.node_pools:
        if len(pool.zones) < 2:
            where = f"zone {pool.zones[0]} alone" if pool.zones else "no zone"
            yield Finding(
                message=f"pool `{pool.name}` of `{pool.cluster}` is in {where}",
                at=nearest(pool.origin.of("zones"), pool.origin),
                label="one failing zone takes it down",
                notes=("zones are chosen when a pool is made; they cannot be changed later",),
                help="use zones [1, 2, 3] where the region has them",
            )


@rule("AKS007", Severity.WARNING, "the cluster's tier has no SLA")
def free_tier(case: Case) -> Iterator[Finding]:
    """Find clusters in the Free tier."""
    for cluster in case.estate.kubernetes_clusters:
        if cluster.sku_tier == "Free":
            yield Finding(
                message=f"`{cluster.name}` is in tier Free, which has no SLA",
                at=nearest(cluster.origin.of("sku_tier"), cluster.origin),
                label="Free",
                help="use Standard: 99.95 % with zones, 99.9 % without",
            )
