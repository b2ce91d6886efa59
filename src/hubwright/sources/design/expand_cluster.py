"""The cluster and its node pools."""

from collections.abc import Iterator
from dataclasses import replace

from hubwright.model.address import Prefix, format_address
from hubwright.model.cluster import (
    KubernetesCluster,
    KubernetesClusterNodePool,
    MaintenanceWindow,
)
from hubwright.sources.design.checks_cluster import (
    MONITORED,
    check_choices,
    check_pools,
    check_ranges,
)
from hubwright.sources.design.draft import Draft
from hubwright.sources.design.expand_homes import Homes, cluster_name, default_pool
from hubwright.sources.design.expand_identity import (
    alb_identity,
    cluster_identity,
    kubelet_identity,
)
from hubwright.sources.design.expand_ingress import gateway_name
from hubwright.sources.design.expand_platform import (
    monitor_workspace_name,
    registry_name,
    workspace_name,
)
from hubwright.sources.design.schema_cluster import Cluster, Pool, Window


def clusters(
    draft: Draft, firewall_public_ips: tuple[str, ...], zone: str | None
) -> Iterator[KubernetesCluster]:
    """
    Yield the cluster, if there is one.

    Args:
        draft: With its subnets in place.
        firewall_public_ips: What a public API server lets in unless the design says otherwise.
        zone: The API server's private DNS zone.
    """
    cluster = draft.design.cluster
    if cluster is None:
        return
    check_ranges(draft, cluster)
    check_pools(draft, cluster)
    check_choices(draft, cluster)
    yield _kept(draft, cluster, _networked(draft, cluster, firewall_public_ips, zone))


def _networked(
    draft: Draft, cluster: Cluster, firewall_public_ips: tuple[str, ...], zone: str | None
) -> KubernetesCluster:
    """Return the cluster with its network, and who reaches its API server."""
    name, service = cluster_name(draft), Prefix.parse(cluster.service_cidr)
    plane = cluster.network_data_plane
    if plane is None:
        plane = "cilium" if cluster.network_plugin == "azure" else "azure"
    policy = cluster.network_policy
    if policy is None:
        policy = "cilium" if plane == "cilium" else "calico"
    mode = cluster.network_plugin_mode
    if mode is None and cluster.network_plugin == "azure":
        mode = None if any(pool.pod_subnet for pool in cluster.pools.values()) else "overlay"
    ranges = cluster.authorized_ip_ranges
    if ranges is None:
        ranges = [] if cluster.private else list(firewall_public_ips)
    zones = {"own": zone or "System", "system": "System", "none": "None"}
    return KubernetesCluster(
        name=name,
        location=draft.design.location,
        dns_prefix=cluster.dns_prefix or name.replace("_", "-")[:54].strip("-"),
        private_cluster_enabled=cluster.private,
        private_cluster_public_fqdn_enabled=public_fqdn(cluster),
        private_dns_zone=zones[cluster.private_dns_zone] if cluster.private else "None",
        authorized_ip_ranges=tuple(ranges),
        api_server_subnet=_api_subnet(draft, cluster),
        outbound_type=cluster.outbound_type,
        bootstrap_container_registry=registry_name(draft) if bootstraps(cluster) else None,
        network_plugin=cluster.network_plugin,
        network_plugin_mode=mode,
        network_data_plane=plane,
        network_policy=None if policy == "none" else policy,
        pod_cidr=_pod_cidr(cluster, mode),
        service_cidr=cluster.service_cidr,
        dns_service_ip=cluster.dns_service_ip or format_address(service.first + 10),
        ingress=cluster.ingress,
        application_gateway=gateway_name(draft),
        origin=draft.places.resource(("cluster",), _CLUSTER_KEYS),
    )


def _kept(draft: Draft, cluster: Cluster, made: KubernetesCluster) -> KubernetesCluster:
    """Return the cluster with who may do what, what is installed, and how it is upgraded."""
    channel, drivers = cluster.upgrade_channel, cluster.storage_drivers
    is_monitored = bool(MONITORED & set(cluster.features))
    return replace(
        made,
        sku_tier=cluster.sku_tier,
        kubernetes_version=cluster.kubernetes_version,
        local_account_disabled=not cluster.local_accounts,
        azure_rbac_enabled=cluster.azure_rbac,
        user_assigned_identity=cluster_identity(draft),
        kubelet_identity=kubelet_identity(draft),
        admin_group_object_ids=tuple(cluster.admin_group_object_ids),
        run_command_enabled=cluster.run_command,
        features=features(draft, cluster),
        disk_driver_enabled="disk" in drivers,
        file_driver_enabled="file" in drivers,
        blob_driver_enabled="blob" in drivers,
        snapshot_controller_enabled="snapshot" in drivers,
        log_analytics_workspace=workspace_name(draft) if is_monitored else None,
        monitor_workspace=monitor_workspace_name(draft),
        node_resource_group=cluster.node_resource_group,
        automatic_upgrade_channel=None if channel == "none" else channel,
        node_os_upgrade_channel=cluster.node_os_upgrade_channel,
        maintenance_window_auto_upgrade=_window(cluster.maintenance_window),
        maintenance_window_node_os=_window(cluster.node_os_maintenance_window),
    )


_CLUSTER_KEYS = {
    "private_cluster_enabled": "private",
    "private_cluster_public_fqdn_enabled": "public_fqdn",
    "local_account_disabled": "local_accounts",
    "azure_rbac_enabled": "azure_rbac",
    "user_assigned_identity": "identity",
    "run_command_enabled": "run_command",
    "automatic_upgrade_channel": "upgrade_channel",
    "maintenance_window_auto_upgrade": "maintenance_window",
    "maintenance_window_node_os": "node_os_maintenance_window",
    "disk_driver_enabled": "storage_drivers",
    "file_driver_enabled": "storage_drivers",
    "blob_driver_enabled": "storage_drivers",
    "snapshot_controller_enabled": "storage_drivers",
    "bootstrap_container_registry": "bootstrap_registry",
}
_POOL_KEYS = {
    "node_count": "count",
    "min_count": "min",
    "max_count": "max",
    "only_critical_addons_enabled": "tainted",
    "node_labels": "labels",
    "node_taints": "taints",
    "host_encryption_enabled": "host_encryption",
}


def features(draft: Draft, cluster: Cluster) -> tuple[str, ...]:
    """
    Return the features by the catalogue's names, sorted.

    Workload identity is among them where a pod acts as an identity.
    """
    pods_act = draft.design.workload_identities or alb_identity(draft)
    return tuple(sorted({*cluster.features, *(("workload-identity",) if pods_act else ())}))


def _window(section: Window | None) -> MaintenanceWindow | None:
    if section is None:
        return None
    return MaintenanceWindow(
        day_of_week=section.day,
        start_time=section.start,
        duration=section.hours,
        utc_offset=section.utc_offset,
    )


def bootstraps(cluster: Cluster) -> bool:
    """Tell whether nodes start from the design's registry: by default where nothing leaves."""
    if cluster.bootstrap_registry is None:
        return cluster.outbound_type == "none"
    return cluster.bootstrap_registry


def _api_subnet(draft: Draft, cluster: Cluster) -> str | None:
    if cluster.api_server_subnet is None or cluster.spoke not in draft.design.spokes:
        return None
    plot = draft.find_subnet(cluster.api_server_subnet, cluster.spoke)
    return plot.id if plot else None


def public_fqdn(cluster: Cluster) -> bool:
    """Tell whether the API server has a public name; without a private zone it must."""
    if not cluster.private:
        return False
    if cluster.public_fqdn is None:
        return cluster.private_dns_zone == "none"
    return cluster.public_fqdn


def _pod_cidr(cluster: Cluster, mode: str | None) -> str | None:
    if cluster.pod_cidr is not None:
        return cluster.pod_cidr
    return "10.244.0.0/16" if mode == "overlay" or cluster.network_plugin == "kubenet" else None


def _size(pool: Pool, *, is_default: bool) -> int:
    """
    Return how many nodes a pool starts with.

    Between its limits where it has any. The default pool starts at the lower one: Terraform must
    not write the size of a pool that is the autoscaler's, and cannot ignore it for one cluster and
    not for another.
    """
    if pool.min is None or pool.max is None:
        return pool.count
    return pool.min if is_default else max(pool.min, min(pool.count, pool.max))


def node_pools(draft: Draft, homes: Homes) -> Iterator[KubernetesClusterNodePool]:
    """Yield the node pools, in the design's order."""
    cluster = draft.design.cluster
    if cluster is None:
        return
    for name, nodes, pods in homes.pools:
        pool: Pool = cluster.pools[name]
        yield KubernetesClusterNodePool(
            name=name,
            cluster=cluster_name(draft),
            mode=pool.mode,
            is_default=name == default_pool(cluster),
            subnet=nodes.id,
            pod_subnet=pods.id if pods else None,
            vm_size=pool.vm_size,
            node_count=_size(pool, is_default=name == default_pool(cluster)),
            min_count=pool.min,
            max_count=pool.max,
            max_pods=pool.max_pods,
            zones=tuple(map(str, pool.zones)),
            os_sku=pool.os_sku,
            only_critical_addons_enabled=pool.mode == "System"
            if pool.tainted is None
            else pool.tainted,
            node_labels=tuple(sorted(pool.labels.items())),
            node_taints=tuple(pool.taints),
            host_encryption_enabled=pool.host_encryption,
            os_disk_type=pool.os_disk_type,
            origin=draft.places.resource(("cluster", "pools", name), _POOL_KEYS),
        )
