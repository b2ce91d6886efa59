"""Subnets and the firewall, written out."""

from collections.abc import Iterable
from typing import Any

from hubwright.model.estate import Estate
from hubwright.model.firewall import FirewallPolicy, FirewallPolicyRuleCollectionGroup
from hubwright.model.network import NetworkSecurityGroup, RouteTable, Subnet

Section = dict[str, Any]


def given(**values: Any) -> Section:
    """Return the values that are not None."""
    return {key: value for key, value in values.items() if value is not None}


def numbers(zones: Iterable[str]) -> list[int]:
    """Return zones as numbers."""
    return [int(zone) for zone in zones]


def ports(texts: tuple[str, ...]) -> list[str | int]:
    """Return single ports as numbers, ranges and `*` as text."""
    return [int(text) if text.isdigit() else text for text in texts]


def subnets(estate: Estate, network: str) -> Section:
    """Return the subnets of a network by name, with everything attached to them."""
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
                "source_port_ranges": ports(rule.source_port_ranges),
                "destination_port_ranges": ports(rule.destination_port_ranges),
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
                **given(next_hop_in_ip_address=route.next_hop_in_ip_address),
            }
            for route in table.routes
        ],
        "bgp_route_propagation_enabled": table.bgp_route_propagation_enabled,
    }


def firewall_section(estate: Estate) -> Section:
    """Return the firewall with its policies and all their rules."""
    firewall = estate.firewalls[0]
    policy = estate.firewall_policy_by_name[firewall.firewall_policy]
    out: Section = {
        "name": firewall.name,
        "sku_tier": firewall.sku_tier,
        "zones": numbers(firewall.zones),
        "public_ips": list(firewall.public_ips),
        **given(management_public_ip=firewall.management_public_ip),
        **_settings(policy),
        "policy_analytics": policy.insights_workspace is not None,
        "ip_groups": {group.name: list(group.cidrs) for group in estate.ip_groups},
    }
    if policy.tls_certificate is not None:
        out["tls_inspection"] = {
            "key_vault_secret": policy.tls_certificate,
            **given(identity=policy.user_assigned_identity),
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
                out[key] = ports(value)
            case "name" | "destination_address" | "translated_address" | "translated_fqdn":
                out[key] = value
            case "translated_port" | "terminate_tls":
                out[key] = value
            case _:
                out[key] = [str(item) for item in value]
    return out
