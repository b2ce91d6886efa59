"""
One order for resources that Azure keeps in none.

A design lists resources as a person likes them, a plan by address, ARM by id. Every source ends
in `assign`, which puts them in this order first, so that the same network is the same estate, and
gets the same addresses, wherever it was read. What has an order of its own keeps it: rules,
collections, DNS servers, a firewall's public addresses.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from hubwright.model.cluster import KubernetesClusterNodePool
from hubwright.model.estate import Estate
from hubwright.model.network import NetworkSecurityGroup, RouteTable, Subnet, VirtualNetwork
from hubwright.model.private_access import PrivateEndpoint

_KEPT = frozenset({"network_interfaces", "private_dns_a_records", "intents"})
"""Made, or written, in an order of their own."""


_ENDS = (
    "source_port_ranges",
    "destination_port_ranges",
    "source_address_prefixes",
    "destination_address_prefixes",
)
_SETS = {
    "ip_groups": ("cidrs",),
    "firewall_policies": (
        "threat_intelligence_allowlist_fqdns",
        "threat_intelligence_allowlist_ip_addresses",
    ),
    "kubernetes_clusters": ("authorized_ip_ranges",),
    "application_load_balancers": ("frontends",),
}
"""Resources -> what Azure keeps as a set in them, and azurerm types so."""


def canonical(estate: Estate) -> Estate:
    """Return the same estate with every unordered collection in its one order."""
    ranks = {
        network.name: n
        for n, network in enumerate(sorted(estate.virtual_networks, key=_hub(estate)))
    }
    keys: dict[str, Callable[[Any], Any]] = {
        "virtual_networks": lambda item: ranks[item.name],
        "subnets": lambda item: _subnet_key(ranks, item),
        "node_pools": default_pool_first,
        "rule_collection_groups": lambda item: (item.firewall_policy, item.priority, item.name),
        "private_endpoints": _endpoint_key,
        "role_assignments": lambda item: (item.scope, item.role_definition_name, item.principal),
        "private_dns_zone_virtual_network_links": lambda item: (item.private_dns_zone, item.name),
        "dns_forwarding_rules": lambda item: (item.dns_forwarding_ruleset, item.name),
        "dns_forwarding_virtual_network_links": lambda item: (
            item.dns_forwarding_ruleset,
            item.virtual_network,
            item.name,
        ),
        "virtual_network_peerings": lambda item: (item.virtual_network, item.name),
    }
    changed: dict[str, Any] = {}
    for item in fields(estate):
        value = getattr(estate, item.name)
        if isinstance(value, tuple) and item.name not in _KEPT:
            changed[item.name] = tuple(sorted(value, key=keys.get(item.name, _name)))
    changed["route_tables"] = tuple(map(_sorted_routes, changed["route_tables"]))
    groups = changed["network_security_groups"]
    changed["network_security_groups"] = tuple(map(_sorted_rules, groups))
    for kind, arguments in _SETS.items():
        changed[kind] = tuple(_sorted_sets(item, arguments) for item in changed[kind])
    return replace(estate, **changed)


def default_pool_first(pool: KubernetesClusterNodePool) -> tuple[str, bool, str]:
    """Return the sort key of node pools: the first of a cluster is its default pool."""
    return pool.cluster, not pool.is_default, pool.name


def _name(item: Any) -> str:
    return str(item.name)


def _hub(estate: Estate) -> Callable[[VirtualNetwork], Any]:
    return lambda network: (network.name != estate.hub, network.address_space, network.name)


def _subnet_key(ranks: dict[str, int], subnet: Subnet) -> Any:
    rank = ranks.get(subnet.virtual_network, len(ranks))
    return rank, subnet.virtual_network, subnet.address_prefixes, subnet.name


def _endpoint_key(endpoint: PrivateEndpoint) -> tuple[bool, str]:
    return not endpoint.made_by_platform, endpoint.name


def _sorted_routes(table: RouteTable) -> RouteTable:
    return replace(table, routes=tuple(sorted(table.routes, key=_name)))


def _sorted_sets(item: Any, arguments: tuple[str, ...]) -> Any:
    return replace(item, **{name: tuple(sorted(getattr(item, name))) for name in arguments})


def _sorted_rules(group: NetworkSecurityGroup) -> NetworkSecurityGroup:
    rules = sorted(
        group.security_rules, key=lambda rule: (rule.direction, rule.priority, rule.name)
    )
    return replace(group, security_rules=tuple(_sorted_sets(rule, _ENDS) for rule in rules))
