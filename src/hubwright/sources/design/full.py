"""A design with everything that follows from it written out."""

from collections.abc import Iterable
from typing import Any

import yaml

from hubwright.errors import UsageError
from hubwright.model.cluster import KubernetesCluster, KubernetesClusterNodePool
from hubwright.model.estate import Estate
from hubwright.model.firewall import FirewallPolicy, FirewallPolicyRuleCollectionGroup
from hubwright.model.network import NetworkSecurityGroup, RouteTable, Subnet
from hubwright.model.private_access import PrivateEndpoint
from hubwright.sources.design.expand import expand
from hubwright.sources.design.reader import parse
from hubwright.sources.design.scalars import resolve
from hubwright.sources.design.schema import Design

Section = dict[str, Any]
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
        item.name: _given(ip_address=item.ip_address) | {"zones": _numbers(item.zones)}
        for item in estate.public_ips
    }
    return out


def _given(**values: Any) -> Section:
    """Return the values that are not None."""
    return {key: value for key, value in values.items() if value is not None}


def _numbers(zones: Iterable[str]) -> list[int]:
    return [int(zone) for zone in zones]


def _ports(texts: tuple[str, ...]) -> list[str | int]:
    return [int(text) if text.isdigit() else text for text in texts]


def _hub(estate: Estate) -> Section:
    network = estate.virtual_networks[0]
    bastion = next(iter(estate.bastion_hosts), None)
    return {
        "name": network.name,
        "address_space": [str(prefix) for prefix in network.address_space],
        "dns_servers": list(network.dns_servers) or "azure",
        "subnets": _subnets(estate, network.name),
        "firewall": _firewall(estate),
        "bastion": bastion is not None
        and _given(
            name=bastion.name,
            sku=bastion.sku,
            public_ip=bastion.public_ip,
            zones=_numbers(bastion.zones),
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
        "subnets": _subnets(estate, network.name),
    }


def _subnets(estate: Estate, network: str) -> Section:
    return {item.name: _subnet(estate, item) for item in estate.subnets_of(network)}


def _subnet(estate: Estate, subnet: Subnet) -> Section:
    group = subnet.network_security_group
    table = subnet.route_table
    first_group = _first(estate, "network_security_group", group) == subnet.id
    first_table = _first(estate, "route_table", table) == subnet.id
    out: Section = {
        "address_prefixes": [str(prefix) for prefix in subnet.address_prefixes],
        "network_security_group": _group(estate.network_security_group_by_name[group])
        if group and first_group
        else group or False,
        "route_table": _table(estate.route_table_by_name[table])
        if table and first_table
        else table or False,
        "default_outbound_access": subnet.default_outbound_access_enabled,
        "private_endpoint_network_policies": str(subnet.private_endpoint_network_policies),
    }
    if subnet.service_endpoints:
        out["service_endpoints"] = list(subnet.service_endpoints)
    if subnet.delegation:
        out["delegation"] = subnet.delegation
    if subnet.nat_gateway:
        out["nat_gateway"] = _first(estate, "nat_gateway", subnet.nat_gateway) == subnet.id or (
            subnet.nat_gateway
        )
    return out


def _first(estate: Estate, argument: str, name: str | None) -> str | None:
    """Return the first subnet that has something attached."""
    return next((s.id for s in estate.subnets if name and getattr(s, argument) == name), None)


def _group(group: NetworkSecurityGroup) -> Section:
    return {
        "name": group.name,
        "rules": [
            {
                "name": rule.name,
                "priority": rule.priority,
                "direction": rule.direction,
                "access": rule.access,
                "protocol": rule.protocol,
                "source_port_ranges": _ports(rule.source_port_ranges),
                "destination_port_ranges": _ports(rule.destination_port_ranges),
                "source_address_prefixes": list(rule.source_address_prefixes),
                "destination_address_prefixes": list(rule.destination_address_prefixes),
            }
            for rule in group.security_rules
        ],
    }


def _table(table: RouteTable) -> Section:
    return {
        "name": table.name,
        "routes": [
            {
                "name": route.name,
                "address_prefix": route.address_prefix,
                "next_hop_type": str(route.next_hop_type),
                **_given(next_hop_in_ip_address=route.next_hop_in_ip_address),
            }
            for route in table.routes
        ],
        "bgp_route_propagation_enabled": table.bgp_route_propagation_enabled,
    }


def _firewall(estate: Estate) -> Section:
    firewall = estate.firewalls[0]
    policy = estate.firewall_policy_by_name[firewall.firewall_policy]
    out: Section = {
        "name": firewall.name,
        "sku_tier": firewall.sku_tier,
        "zones": _numbers(firewall.zones),
        "public_ips": list(firewall.public_ips),
        **_given(management_public_ip=firewall.management_public_ip),
        **_settings(policy),
        "ip_groups": {group.name: list(group.cidrs) for group in estate.ip_groups},
    }
    own: Section = {"name": policy.name, "sku": policy.sku}
    if policy.base_policy is not None:
        parent = estate.firewall_policy_by_name[policy.base_policy]
        own["parent"] = {
            "name": parent.name,
            "sku": parent.sku,
            **_settings(parent),
            "rule_collection_groups": _groups(estate, parent.name),
        }
    own["rule_collection_groups"] = _groups(estate, policy.name)
    out["policy"] = own
    return out


def _settings(policy: FirewallPolicy) -> Section:
    return {
        "threat_intelligence_mode": policy.threat_intelligence_mode,
        "threat_intelligence_allowlist": {
            "fqdns": list(policy.threat_intelligence_allowlist_fqdns),
            "ip_addresses": list(policy.threat_intelligence_allowlist_ip_addresses),
        },
        "dns_proxy": policy.dns_proxy_enabled,
        "dns_servers": list(policy.dns_servers),
        "private_ip_ranges": list(policy.private_ip_ranges),
        "intrusion_detection": policy.intrusion_detection_mode,
    }


def _groups(estate: Estate, policy: str) -> list[Section]:
    groups = [g for g in estate.rule_collection_groups if g.firewall_policy == policy]
    return [_rule_group(group) for group in groups]


def _rule_group(group: FirewallPolicyRuleCollectionGroup) -> Section:
    out: Section = {"name": group.name, "priority": group.priority}
    for key in (
        "nat_rule_collections",
        "network_rule_collections",
        "application_rule_collections",
    ):
        collections = getattr(group, key)
        if collections:
            out[key] = [_collection(item) for item in collections]
    return out


def _collection(collection: Any) -> Section:
    action = str(getattr(collection, "action", "Dnat"))
    return {
        "name": collection.name,
        "priority": collection.priority,
        "action": action,
        "rules": [_rule(rule) for rule in collection.rules],
    }


def _rule(rule: Any) -> Section:
    """Return a rule's arguments; empty ones say nothing."""
    out: Section = {}
    for key in rule.__dataclass_fields__:
        value = getattr(rule, key)
        if key == "origin" or value in ((), None, False):
            continue
        match key:
            case "destination_ports":
                out[key] = _ports(value)
            case "name" | "destination_address" | "translated_address" | "translated_fqdn":
                out[key] = value
            case "translated_port" | "terminate_tls":
                out[key] = value
            case _:
                out[key] = [str(item) for item in value]
    return out


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
        **_given(network_plugin_mode=cluster.network_plugin_mode),
        "network_data_plane": cluster.network_data_plane,
        "network_policy": cluster.network_policy or "none",
        **_given(pod_cidr=cluster.pod_cidr),
        "service_cidr": cluster.service_cidr,
        "dns_service_ip": cluster.dns_service_ip,
        "sku_tier": cluster.sku_tier,
        **_given(kubernetes_version=cluster.kubernetes_version),
        "local_accounts": not cluster.local_account_disabled,
        "azure_rbac": cluster.azure_rbac_enabled,
        **_given(identity=cluster.user_assigned_identity),
        "features": list(cluster.features),
        "pools": {pool.name: _pool(pool) for pool in estate.node_pools},
    }


def _pool(pool: KubernetesClusterNodePool) -> Section:
    return {
        "mode": pool.mode,
        "subnet": pool.subnet.rpartition("/")[2],
        **_given(pod_subnet=pool.pod_subnet.rpartition("/")[2] if pool.pod_subnet else None),
        "vm_size": pool.vm_size,
        "count": pool.node_count,
        **_given(min=pool.min_count, max=pool.max_count),
        "max_pods": pool.max_pods,
        "zones": _numbers(pool.zones),
        "os_sku": pool.os_sku,
        "tainted": pool.only_critical_addons_enabled,
    }


def _machines(design: Design, estate: Estate) -> Section:
    sections = [
        {
            "name": machine.name,
            "subnet": machine.subnet,
            "size": machine.size,
            **_given(private_ip_address=machine.private_ip_address),
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
