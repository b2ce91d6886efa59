"""AKS clusters and their node pools."""

from collections.abc import Iterator

from hubwright.catalogue.azurerm import POD_RANGE
from hubwright.catalogue.cluster_features import EXTENSIONS, SWITCHES
from hubwright.catalogue.egress import FEATURES
from hubwright.model.cluster import (
    KubernetesCluster,
    KubernetesClusterNodePool,
    MaintenanceWindow,
)
from hubwright.sources.terraform.names import SUBNET
from hubwright.sources.terraform.network import place
from hubwright.sources.terraform.roles import IDENTITY
from hubwright.sources.terraform.symbols import public_ip_name
from hubwright.sources.terraform.values import Reader, View
from hubwright.sources.terraform.waiting import Waiting, bootstrap_registry

CLUSTER = "azurerm_kubernetes_cluster"
POOL = "azurerm_kubernetes_cluster_node_pool"
EXTENSION = "azurerm_kubernetes_cluster_extension"
TYPES = frozenset({CLUSTER, POOL, EXTENSION})
_MAX_PODS = {"overlay": 250, "kubenet": 110}
"""Pods a node unless asked otherwise: learn.microsoft.com/azure/aks/concepts-network (2025)."""
_INGRESSES = frozenset(
    {
        "internal-nginx",
        "application-routing",
        "application-gateway",
        "application-gateway-for-containers",
    }
)
_TAINT = "CriticalAddonsOnly=true:NoSchedule"


def clusters(reader: Reader) -> Iterator[KubernetesCluster]:
    """Yield the clusters."""
    waiting = Waiting(reader)
    for view in reader.views(CLUSTER):
        network = view.block("network_profile")
        access = view.block("api_server_access_profile")
        rbac = view.block("azure_active_directory_role_based_access_control")
        plugin = network.text("network_plugin")
        mode = network.text("network_plugin_mode") or None
        private = view.flag("private_cluster_enabled")
        pods = network.text("pod_cidr")
        drivers = view.block("storage_profile")
        has_range = mode == "overlay" or plugin == "kubenet"
        yield KubernetesCluster(
            name=reader.names.of(view.resource),
            location=place(view),
            dns_prefix=view.text("dns_prefix") or view.text("dns_prefix_private_cluster"),
            private_cluster_enabled=private,
            private_cluster_public_fqdn_enabled=view.flag("private_cluster_public_fqdn_enabled"),
            private_dns_zone=_zone(view) if private else "None",
            authorized_ip_ranges=_ranges(view, access),
            outbound_type=network.text("outbound_type"),
            network_plugin=plugin,
            network_plugin_mode=mode,
            network_data_plane=network.text("network_data_plane"),
            network_policy=network.text("network_policy") or None,
            pod_cidr=pods or (POD_RANGE if has_range else None),
            service_cidr=network.text("service_cidr"),
            dns_service_ip=network.text("dns_service_ip"),
            sku_tier=view.text("sku_tier"),
            kubernetes_version=view.text("kubernetes_version") or None,
            local_account_disabled=view.flag("local_account_disabled"),
            azure_rbac_enabled=rbac.flag("azure_rbac_enabled"),
            user_assigned_identity=_identity(view),
            features=_features(reader, view),
            node_resource_group=view.text("node_resource_group") or None,
            api_server_subnet=_api_server_subnet(view, access),
            bootstrap_container_registry=bootstrap_registry(view),
            automatic_upgrade_channel=view.text("automatic_upgrade_channel") or None,
            node_os_upgrade_channel=view.text("node_os_upgrade_channel"),
            run_command_enabled=view.flag("run_command_enabled"),
            admin_group_object_ids=rbac.texts("admin_group_object_ids"),
            kubelet_identity=_kubelet(view),
            log_analytics_workspace=_workspace(view),
            monitor_workspace=_metrics_workspace(reader, view),
            disk_driver_enabled=drivers.flag("disk_driver_enabled"),
            file_driver_enabled=drivers.flag("file_driver_enabled"),
            blob_driver_enabled=drivers.flag("blob_driver_enabled"),
            snapshot_controller_enabled=drivers.flag("snapshot_controller_enabled"),
            maintenance_window_auto_upgrade=_window(view, "maintenance_window_auto_upgrade"),
            maintenance_window_node_os=_window(view, "maintenance_window_node_os"),
            ingress=_ingress(view),
            application_gateway=_gateway(view),
            waits_for=waiting.of(view),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(
                {name: network.origin(name) for name in network.values},
                user_assigned_identity=view.block("identity").origin("identity_ids"),
                private_dns_zone=view.origin("private_dns_zone_id"),
            ),
        )


def _zone(view: View) -> str:
    """Return `System`, `None`, or the zone's name."""
    text = view.raw("private_dns_zone_id")
    if isinstance(text, str) and text.lower() in {"system", "none"}:
        return text.capitalize()
    found = view.target("private_dns_zone_id", "azurerm_private_dns_zone")
    return found or view.text("private_dns_zone_id")


def _ranges(view: View, access: View) -> tuple[str, ...]:
    own = access.texts("authorized_ip_ranges") if access.exists else ()
    return tuple(map(public_ip_name, own or view.texts("api_server_authorized_ip_ranges")))


def _api_server_subnet(view: View, access: View) -> str | None:
    """Return the subnet of VNet Integration."""
    told = view.row_target("api_server_subnet", SUBNET)
    if told is not None:
        return told
    if not access.exists or not access.flag("virtual_network_integration_enabled"):
        return None
    return access.target("subnet_id", SUBNET)


def _identity(view: View) -> str | None:
    block = view.block("identity")
    found = block.targets("identity_ids", IDENTITY) if block.exists else ()
    return next(iter(found), None)


def _kubelet(view: View) -> str | None:
    told = view.row_target("kubelet_identity", IDENTITY)
    if told is not None:
        return told
    block = view.block("kubelet_identity")
    return block.target("user_assigned_identity_id", IDENTITY) if block.exists else None


def _workspace(view: View) -> str | None:
    for name in ("oms_agent", "microsoft_defender"):
        block = view.block(name)
        if block.exists:
            return block.target("log_analytics_workspace_id", "azurerm_log_analytics_workspace")
    return None


def _ingress(view: View) -> str | None:
    if (told := view.row("ingress")) in _INGRESSES:
        return str(told)
    if view.blocks("ingress_application_gateway"):
        return "application-gateway"
    if view.blocks("web_app_routing"):
        nginx = view.block("web_app_routing").text("default_nginx_controller")
        return "application-routing" if nginx == "None" else "application-routing-nginx"
    return None


def _gateway(view: View) -> str | None:
    told = view.row_target(
        "application_gateway", "azurerm_application_gateway", "azurerm_application_load_balancer"
    )
    block = view.block("ingress_application_gateway")
    if told is not None or not block.exists:
        return told
    found = block.target("gateway_id", "azurerm_application_gateway")
    return found or block.text("gateway_name") or None


def _features(reader: Reader, view: View) -> tuple[str, ...]:
    """Return the features that arguments and extensions switch on, by the catalogue's names."""
    told = view.row("features")
    if isinstance(told, list) and all(item in FEATURES for item in told):
        return tuple(sorted(map(str, told)))
    found = {name for name, switch in SWITCHES.items() if _is_on(view, switch.argument)}
    types = {
        extension.text("extension_type").lower()
        for extension in reader.views(EXTENSION)
        if extension.resource_of("cluster_id", CLUSTER) is view.resource
    }
    found |= {name for name, type_ in EXTENSIONS.items() if type_.lower() in types}
    for pool in reader.views(POOL):
        is_mine = pool.resource_of("kubernetes_cluster_id", CLUSTER) is view.resource
        if is_mine and pool.text("os_type") == "Windows":
            found.add("windows")
    return tuple(sorted(found))


def _is_on(view: View, path: str) -> bool:
    """Tell whether a switch is on: a flag, or a block that is enough to be there."""
    *blocks, last = path.split(".")
    for name in blocks:
        view = view.block(name)
    return bool(view.blocks(last)) or view.flag(last)


def _window(view: View, name: str) -> MaintenanceWindow | None:
    block = view.block(name)
    if not block.exists or block.text("frequency") != "Weekly":
        return None
    return MaintenanceWindow(
        day_of_week=block.text("day_of_week"),
        start_time=block.text("start_time"),
        duration=block.number("duration") or 4,
        utc_offset=block.text("utc_offset") or "+00:00",
    )


def _metrics_workspace(reader: Reader, view: View) -> str | None:
    """Return the workspace of managed Prometheus, by the data collection rule on the cluster."""
    if not view.blocks("monitor_metrics"):
        return None
    for item in reader.views("azurerm_monitor_data_collection_rule_association"):
        if item.resource_of("target_resource_id", CLUSTER) is not view.resource:
            continue
        rule = item.resource_of("data_collection_rule_id", "azurerm_monitor_data_collection_rule")
        sinks = reader.view(rule).block("destinations").blocks("monitor_account") if rule else []
        if sinks:
            return sinks[0].target("monitor_account_id", "azurerm_monitor_workspace")
    return None


def node_pools(reader: Reader) -> Iterator[KubernetesClusterNodePool]:
    """Yield the default pool of each cluster, and the further pools."""
    by_resource: dict[int, View] = {}
    for view in reader.views(CLUSTER):
        by_resource[id(view.resource)] = view
        for block in view.blocks("default_node_pool"):
            name = reader.names.of(view.resource)
            yield _pool(block, block.text("name"), name, view, mode="System", is_default=True)
    for view in reader.views(POOL):
        cluster = view.target("kubernetes_cluster_id", CLUSTER)
        owner = view.resource_of("kubernetes_cluster_id", CLUSTER)
        if cluster is not None:
            above = by_resource.get(id(owner)) if owner else None
            yield _pool(view, view.text("name"), cluster, above, mode=view.text("mode"))


def _pool(
    view: View,
    name: str,
    cluster: str,
    above: View | None,
    *,
    mode: str,
    is_default: bool = False,
) -> KubernetesClusterNodePool:
    taints = view.texts("node_taints")
    labels = view.raw("node_labels")
    return KubernetesClusterNodePool(
        name=name or str(view.resource),
        cluster=cluster,
        mode=mode,
        is_default=is_default,
        subnet=view.target("vnet_subnet_id", SUBNET) or "",
        pod_subnet=view.target("pod_subnet_id", SUBNET),
        vm_size=view.text("vm_size"),
        node_count=_count(view),
        min_count=view.number("min_count"),
        max_count=view.number("max_count"),
        max_pods=_max_pods(view, above),
        zones=view.texts("zones"),
        os_sku=view.text("os_sku"),
        only_critical_addons_enabled=view.flag("only_critical_addons_enabled") or _TAINT in taints,
        node_labels=tuple(sorted(labels.items())) if isinstance(labels, dict) else (),
        node_taints=tuple(taint for taint in taints if taint != _TAINT),
        host_encryption_enabled=view.flag("host_encryption_enabled"),
        os_disk_type=view.text("os_disk_type"),
        origin=view.whole(subnet=view.origin("vnet_subnet_id"), mode=view.origin("mode")),
    )


def _count(view: View) -> int:
    """Return how many nodes there are at first: the least, where the autoscaler decides."""
    for argument in ("node_count", "min_count"):
        found = view.raw(argument)
        if isinstance(found, int) and not isinstance(found, bool):
            return found
    return view.number("node_count") or 1


def _max_pods(view: View, above: View | None) -> int:
    written = view.raw("max_pods")
    if isinstance(written, int):
        return written
    network = above.block("network_profile") if above else None
    kinds = (network.text("network_plugin_mode"), network.text("network_plugin")) if network else ()
    found = next((_MAX_PODS[kind] for kind in kinds if kind in _MAX_PODS), None)
    return found or view.number("max_pods") or 30
