"""A design with everything that follows from it written out."""

from typing import Any

import yaml

from hubwright.errors import UsageError
from hubwright.model.cluster import KubernetesCluster, KubernetesClusterNodePool
from hubwright.model.estate import Estate
from hubwright.model.private_access import PrivateEndpoint
from hubwright.sources.design.expand import expand
from hubwright.sources.design.full_network import (
    Section,
    firewall_section,
    given,
    numbers,
    subnets,
)
from hubwright.sources.design.reader import parse
from hubwright.sources.design.scalars import resolve
from hubwright.sources.design.schema import Design

_HEADER = """\
# Everything that follows from the design, written out. Nothing here is derived any more: a change
# in one place no longer carries over to others.
"""


def full(estate_text: str) -> str:
    """
    Return the same design with everything derived written out: it reads as the same estate.

    Raises:
        UsageError: the text is not a valid design; `check` says why.
    """
    reading = parse("estate.yaml", estate_text)
    if reading.design is None or reading.problems:
        raise UsageError("the design has errors; `hubwright check` shows them")
    estate, problems = expand(reading.design, reading.places)
    if problems:
        raise UsageError("the design has errors; `hubwright check` shows them")
    return _HEADER + "\n" + _text(_design(reading.design, estate))


class _Dumper(yaml.SafeDumper):
    """Writes text that this package reads back: leaves in one line, doubtful scalars quoted."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow=flow, indentless=False)


def _text_node(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    del dumper
    style = None if resolve(value) == value else '"'
    return yaml.ScalarNode("tag:yaml.org,2002:str", value, style=style)


def _list_node(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.SequenceNode:
    is_leaf = all(not isinstance(item, (list, dict)) for item in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=is_leaf)


_Dumper.add_representer(str, _text_node)
_Dumper.add_representer(list, _list_node)


def _text(section: Section) -> str:
    parts = [
        yaml.dump({key: value}, Dumper=_Dumper, sort_keys=False, width=100, allow_unicode=True)
        for key, value in section.items()
    ]
    return "\n".join(parts)


def _design(design: Design, estate: Estate) -> Section:
    out: Section = {"name": design.name, "location": design.location, "cloud": design.cloud}
    if design.tags:
        out["tags"] = dict(design.tags)
    out["hub"] = _hub(estate)
    if design.spokes:
        out["spokes"] = {key: _spoke(estate, n + 1) for n, key in enumerate(design.spokes)}
    for cluster in estate.kubernetes_clusters:
        out["cluster"] = _cluster(design, estate, cluster)
    out |= _machines(design, estate)
    out |= _services(estate)
    out["private_dns"] = {"links": _links(estate)}
    if estate.kubernetes_services:
        out["workloads"] = _workloads(estate)
    out["egress"] = {"catalogue": False}
    out["public_ips"] = {
        item.name: given(ip_address=item.ip_address) | {"zones": numbers(item.zones)}
        for item in estate.public_ips
    }
    return out


def _hub(estate: Estate) -> Section:
    network = estate.virtual_networks[0]
    bastion = next(iter(estate.bastion_hosts), None)
    return {
        "name": network.name,
        "address_space": [str(prefix) for prefix in network.address_space],
        "dns_servers": list(network.dns_servers) or "azure",
        "subnets": subnets(estate, network.name),
        "firewall": firewall_section(estate),
        "bastion": bastion is not None
        and given(
            name=bastion.name,
            sku=bastion.sku,
            public_ip=bastion.public_ip,
            zones=numbers(bastion.zones),
        ),
    }


def _spoke(estate: Estate, index: int) -> Section:
    network = estate.virtual_networks[index]
    directions: Section = {"to_hub": False, "from_hub": False}
    for peering in estate.virtual_network_peerings:
        ends = (peering.virtual_network, peering.remote_virtual_network)
        if network.name not in ends:
            continue
        directions["to_hub" if ends[0] == network.name else "from_hub"] = {
            "name": peering.name,
            "allow_virtual_network_access": peering.allow_virtual_network_access,
            "allow_forwarded_traffic": peering.allow_forwarded_traffic,
            "allow_gateway_transit": peering.allow_gateway_transit,
            "use_remote_gateways": peering.use_remote_gateways,
        }
    return {
        "name": network.name,
        "address_space": [str(prefix) for prefix in network.address_space],
        "dns_servers": list(network.dns_servers) or "azure",
        "peering": directions,
        "subnets": subnets(estate, network.name),
    }


def _cluster(design: Design, estate: Estate, cluster: KubernetesCluster) -> Section:
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
        "outbound_type": cluster.outbound_type,
        "network_plugin": cluster.network_plugin,
        **given(network_plugin_mode=cluster.network_plugin_mode),
        "network_data_plane": cluster.network_data_plane,
        "network_policy": cluster.network_policy or "none",
        **given(pod_cidr=cluster.pod_cidr),
        "service_cidr": cluster.service_cidr,
        "dns_service_ip": cluster.dns_service_ip,
        "sku_tier": cluster.sku_tier,
        **given(kubernetes_version=cluster.kubernetes_version),
        "local_accounts": not cluster.local_account_disabled,
        "azure_rbac": cluster.azure_rbac_enabled,
        **given(identity=cluster.user_assigned_identity),
        "features": list(cluster.features),
        "pools": {pool.name: _pool(pool) for pool in estate.node_pools},
    }


def _pool(pool: KubernetesClusterNodePool) -> Section:
    return {
        "mode": pool.mode,
        "subnet": pool.subnet.rpartition("/")[2],
        **given(pod_subnet=pool.pod_subnet.rpartition("/")[2] if pool.pod_subnet else None),
        "vm_size": pool.vm_size,
        "count": pool.node_count,
        **given(min=pool.min_count, max=pool.max_count),
        "max_pods": pool.max_pods,
        "zones": numbers(pool.zones),
        "os_sku": pool.os_sku,
        "tainted": pool.only_critical_addons_enabled,
    }


def _machines(design: Design, estate: Estate) -> Section:
    sections = [
        {
            "name": machine.name,
            "subnet": machine.subnet,
            "size": machine.size,
            **given(private_ip_address=machine.private_ip_address),
            "public_ip": machine.public_ip or False,
        }
        for machine in estate.virtual_machines
    ]
    out: Section = {}
    if design.jumpbox is not None:
        out["jumpbox"] = sections.pop(0)
    if sections:
        out["agents"] = sections
    return out


def _services(estate: Estate) -> Section:
    out: Section = {}
    by_target = {(item.target, item.subresource): item for item in estate.private_endpoints}
    made: set[str] = {e.name for e in estate.private_endpoints if e.subresource == "management"}

    def endpoint(target: str, subresource: str) -> Section | bool:
        found = by_target.get((target, subresource))
        if found is None:
            return False
        made.add(found.name)
        return _endpoint(found)

    for registry in estate.container_registries:
        out["registry"] = {
            "name": registry.name,
            "sku": registry.sku,
            "public_network_access": registry.public_network_access_enabled,
            "zone_redundancy": registry.zone_redundancy_enabled,
            "admin_enabled": registry.admin_enabled,
            "georeplications": list(registry.georeplications),
            "private_endpoint": endpoint(registry.name, "registry"),
        }
    for vault in estate.key_vaults:
        out["key_vault"] = {
            "name": vault.name,
            "public_network_access": vault.public_network_access_enabled,
            "purge_protection": vault.purge_protection_enabled,
            "private_endpoint": endpoint(vault.name, "vault"),
        }
    for account in estate.storage_accounts:
        out["storage"] = {
            "name": account.name,
            "public_network_access": account.public_network_access_enabled,
            "replication": account.account_replication_type,
            "private_endpoint": endpoint(account.name, "blob"),
        }
    for workspace in estate.log_analytics_workspaces:
        out["log_analytics"] = {
            "name": workspace.name,
            "retention_days": workspace.retention_in_days,
        }
    rest = [item for item in estate.private_endpoints if item.name not in made]
    if rest:
        out["private_endpoints"] = [
            {**_endpoint(item), "target": item.target, "subresource": item.subresource}
            for item in rest
        ]
    return out


def _endpoint(endpoint: PrivateEndpoint) -> Section:
    return {
        "name": endpoint.name,
        "subnet": endpoint.subnet,
        "fqdns": list(endpoint.fqdns),
        "zones": list(endpoint.private_dns_zones),
    }


def _links(estate: Estate) -> Section:
    out: dict[str, list[Section]] = {zone.name: [] for zone in estate.private_dns_zones}
    for link in estate.private_dns_zone_virtual_network_links:
        out[link.private_dns_zone].append(
            {
                "virtual_network": link.virtual_network,
                "name": link.name,
                "resolution_policy": link.resolution_policy,
            }
        )
    return out


def _workloads(estate: Estate) -> Section:
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
