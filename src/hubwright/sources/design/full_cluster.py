"""The cluster, what stands in front of it, and its identities, written out."""

from typing import Any

from hubwright.model.cluster import KubernetesCluster, KubernetesClusterNodePool, MaintenanceWindow
from hubwright.model.estate import Estate
from hubwright.sources.design.full_network import Section, given, numbers
from hubwright.sources.design.schema import Design


def cluster_section(design: Design, estate: Estate, cluster: KubernetesCluster) -> Section:
    """Return the cluster with its pools."""
    section = design.cluster
    zone = section.private_dns_zone if section else "own"
    spoke = section.spoke if section else ""
    return {
        "name": cluster.name,
        "spoke": spoke,
        "private": cluster.private_cluster_enabled,
        "public_fqdn": cluster.private_cluster_public_fqdn_enabled,
        "dns_prefix": cluster.dns_prefix,
        "authorized_ip_ranges": list(cluster.authorized_ip_ranges),
        "private_dns_zone": zone,
        **given(api_server_subnet=_bare(cluster.api_server_subnet)),
        "outbound_type": cluster.outbound_type,
        "bootstrap_registry": cluster.bootstrap_container_registry is not None,
        "network_plugin": cluster.network_plugin,
        **given(network_plugin_mode=cluster.network_plugin_mode),
        "network_data_plane": cluster.network_data_plane,
        "network_policy": cluster.network_policy or "none",
        **given(pod_cidr=cluster.pod_cidr),
        "service_cidr": cluster.service_cidr,
        "dns_service_ip": cluster.dns_service_ip,
        "sku_tier": cluster.sku_tier,
        **given(kubernetes_version=cluster.kubernetes_version),
        "upgrade_channel": cluster.automatic_upgrade_channel or "none",
        "node_os_upgrade_channel": cluster.node_os_upgrade_channel,
        **given(node_resource_group=cluster.node_resource_group),
        **_access(cluster),
        **given(
            maintenance_window=_window(cluster.maintenance_window_auto_upgrade),
            node_os_maintenance_window=_window(cluster.maintenance_window_node_os),
        ),
        "storage_drivers": _drivers(cluster),
        "features": list(cluster.features),
        **given(ingress=cluster.ingress),
        "pools": {pool.name: _pool(pool) for pool in estate.node_pools},
    }


def _window(window: MaintenanceWindow | None) -> Section | None:
    if window is None:
        return None
    return {
        "day": window.day_of_week,
        "start": window.start_time,
        "hours": window.duration,
        "utc_offset": window.utc_offset,
    }


def _drivers(cluster: KubernetesCluster) -> list[str]:
    switches = {
        "disk": cluster.disk_driver_enabled,
        "file": cluster.file_driver_enabled,
        "blob": cluster.blob_driver_enabled,
        "snapshot": cluster.snapshot_controller_enabled,
    }
    return [name for name, is_on in switches.items() if is_on]


def _access(cluster: KubernetesCluster) -> Section:
    return {
        "local_accounts": not cluster.local_account_disabled,
        "azure_rbac": cluster.azure_rbac_enabled,
        "admin_group_object_ids": list(cluster.admin_group_object_ids),
        "run_command": cluster.run_command_enabled,
        **given(identity=cluster.user_assigned_identity),
        "kubelet_identity": cluster.kubelet_identity or False,
    }


def _bare(subnet: str | None) -> str | None:
    return None if subnet is None else subnet.rpartition("/")[2]


def _pool(pool: KubernetesClusterNodePool) -> Section:
    return {
        "mode": pool.mode,
        "subnet": _bare(pool.subnet),
        **given(pod_subnet=_bare(pool.pod_subnet)),
        "vm_size": pool.vm_size,
        "count": pool.node_count,
        **given(min=pool.min_count, max=pool.max_count),
        "max_pods": pool.max_pods,
        "zones": numbers(pool.zones),
        "os_sku": pool.os_sku,
        "tainted": pool.only_critical_addons_enabled,
        "labels": dict(pool.node_labels),
        "taints": list(pool.node_taints),
        "host_encryption": pool.host_encryption_enabled,
        "os_disk_type": pool.os_disk_type,
    }


def identities(design: Design, estate: Estate) -> Section:
    """Return the workload identities."""
    names = {item.name: item for item in estate.federated_identity_credentials}
    out: Section = {}
    for key, section in design.workload_identities.items():
        name = section.name or f"id-{key}"
        subject = names[f"fc-{name}"].subject
        out[key] = {
            "name": name,
            "service_account": "/".join(subject.split(":")[2:]),
            "key_vault": section.key_vault,
        }
    return {"workload_identities": out} if out else {}


def gateways(estate: Estate) -> Section:
    """Return the application gateways; what leads to them stands among the firewall's rules."""
    out: Section = {}
    for gateway in estate.application_gateways:
        out["application_gateway"] = {
            "name": gateway.name,
            "subnet": gateway.subnet,
            "sku": gateway.sku,
            "expose": False,
            "public_ip": gateway.public_ip or False,
            **given(private_ip_address=gateway.private_ip_address),
            "waf": _waf(estate, gateway.firewall_policy),
            "min_capacity": gateway.min_capacity,
            "max_capacity": gateway.max_capacity,
            "zones": numbers(gateway.zones),
        }
    for balancer in estate.application_load_balancers:
        out["application_gateway_for_containers"] = {
            "name": balancer.name,
            "subnet": balancer.subnet,
            "frontends": list(balancer.frontends),
            "waf": _waf(estate, balancer.firewall_policy),
        }
    return out


def _waf(estate: Estate, name: str | None) -> Section | bool:
    for policy in estate.web_application_firewall_policies:
        if policy.name == name:
            sets: list[dict[str, Any]] = [
                {"type": kind, "version": version} for kind, version in policy.managed_rule_sets
            ]
            return {"name": policy.name, "mode": policy.mode, "rule_sets": sets}
    return False


def workloads(estate: Estate) -> Section:
    """Return the workloads; what leads to them stands among the firewall's rules."""
    return {
        service.name: {
            "load_balancer": service.load_balancer,
            "port": service.port,
            "target_port": service.target_port,
            "frontend": service.frontend,
            "expose": False,
        }
        for service in estate.kubernetes_services
    }
