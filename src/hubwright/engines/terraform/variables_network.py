"""Variables of `terraform/variables.network.tf`."""

from typing import Any

from hubwright.engines.terraform.values import keyed, plain
from hubwright.model.estate import Estate
from hubwright.model.network import NetworkSecurityGroup, RouteTable, VirtualNetwork
from hubwright.semantics.assigned import aks_group_name

_NAME = frozenset({"name"})


def variables(estate: Estate) -> dict[str, Any]:
    """Return virtual networks, routes, filters, public addresses and Bastion."""
    aks_groups = {aks_group_name(cluster.name) for cluster in estate.kubernetes_clusters}
    return {
        "network_ddos_protection_plans": keyed(
            "DDoS protection plans",
            estate.network_ddos_protection_plans,
            lambda item: item.name,
            lambda item: plain(item, without=_NAME),
        ),
        "virtual_networks": keyed(
            "virtual networks",
            estate.virtual_networks,
            lambda item: item.name,
            lambda item: _virtual_network(estate, item),
        ),
        "virtual_network_peerings": keyed(
            "peerings",
            estate.virtual_network_peerings,
            lambda item: f"{item.virtual_network}/{item.name}",
            plain,
        ),
        "route_tables": keyed(
            "route tables", estate.route_tables, lambda item: item.name, _route_table
        ),
        "network_security_groups": keyed(
            "network security groups",
            (item for item in estate.network_security_groups if item.name not in aks_groups),
            lambda item: item.name,
            _network_security_group,
        ),
        "public_ips": keyed(
            "public IPs",
            estate.public_ips,
            lambda item: item.name,
            lambda item: plain(item, without={"name", "ip_address"}),
        ),
        "nat_gateways": keyed(
            "NAT gateways",
            estate.nat_gateways,
            lambda item: item.name,
            lambda item: plain(item, without=_NAME),
        ),
        "network_watcher_flow_logs": keyed(
            "flow logs",
            estate.network_watcher_flow_logs,
            lambda item: item.name,
            lambda item: plain(item, without=_NAME),
        ),
        "bastion_hosts": keyed(
            "Bastion hosts",
            estate.bastion_hosts,
            lambda item: item.name,
            lambda item: plain(item, without=_NAME),
        ),
    }


def _virtual_network(estate: Estate, network: VirtualNetwork) -> dict[str, Any]:
    subnets = keyed(
        f"subnets of {network.name}",
        estate.subnets_of(network.name),
        lambda subnet: subnet.name,
        lambda subnet: plain(subnet, without={"name", "virtual_network"}),
    )
    return {**plain(network, without=_NAME), "subnets": subnets}


def _route_table(table: RouteTable) -> dict[str, Any]:
    routes = keyed(
        f"routes of {table.name}",
        table.routes,
        lambda route: route.name,
        lambda route: plain(route, without=_NAME),
    )
    return {**plain(table, without={"name", "routes"}), "routes": routes}


def _network_security_group(group: NetworkSecurityGroup) -> dict[str, Any]:
    rules = keyed(
        f"rules of {group.name}",
        group.security_rules,
        lambda rule: rule.name,
        lambda rule: plain(rule, without=_NAME),
    )
    return {**plain(group, without={"name", "security_rules"}), "security_rules": rules}
