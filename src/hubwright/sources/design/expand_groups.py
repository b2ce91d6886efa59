"""Resource groups, and which resource is in which: one for the hub, one for each spoke."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hubwright.model.estate import Estate
from hubwright.model.identity import ResourceGroup
from hubwright.sources.design.draft import HUB, Draft
from hubwright.sources.design.expand_identity import firewall_identity


def group_name(draft: Draft, key: str) -> str:
    """Return the name of the group of `hub` or a spoke."""
    return draft.design.resource_groups.get(key) or f"rg-{draft.design.name}-{key}"


def resource_groups(draft: Draft) -> tuple[ResourceGroup, ...]:
    """Return the groups, the hub's first."""
    for key in draft.design.resource_groups:
        if key not in draft.network_keys:
            draft.unknown("network", key, draft.network_keys, ("resource_groups", key))
    found: dict[str, ResourceGroup] = {}
    for key in draft.network_keys:
        base = ("hub",) if key == HUB else ("spokes", key)
        written = ("resource_groups", key)
        why = "what is shared lives with the hub, the rest with its spoke"
        group = ResourceGroup(
            name=group_name(draft, key),
            location=draft.design.location,
            origin=draft.places.value(written)
            if draft.places.has(written)
            else draft.origin(base, why),
        )
        found.setdefault(group.name.lower(), group)
    return tuple(found.values())


def in_groups(draft: Draft, estate: Estate) -> Estate:
    """
    Return the estate with every resource in its group.

    What serves all networks is in the hub's group: firewall, policies, Bastion, DDoS plan,
    private DNS zones, logs. What a network carries is in that network's group; the services of
    the cluster, which no subnet holds, are in the group of the cluster's spoke.
    """
    changed: dict[str, Any] = {
        name: tuple(
            replace(item, resource_group_name=place(item)) for item in getattr(estate, name)
        )
        for name, place in _places(draft, estate).items()
    }
    return replace(estate, **changed)


def _places(draft: Draft, estate: Estate) -> dict[str, Callable[[Any], str]]:
    """Return what tells the group of a resource, for each field of the estate."""
    hub, home = group_name(draft, HUB), group_name(draft, _home(draft))
    groups = {draft.network_name(key): group_name(draft, key) for key in draft.network_keys}

    def of_network(item: Any) -> str:
        return groups.get(item.name, hub)

    def of_subnet(item: Any) -> str:
        return groups.get(item.subnet.partition("/")[0], hub)

    def of_users(argument: str) -> Callable[[Any], str]:
        first = {
            getattr(subnet, argument): groups[subnet.virtual_network]
            for subnet in reversed(estate.subnets)
        }
        return lambda item: first.get(item.name, hub)

    owners = _public_ip_owners(draft, estate)
    wafs = {item.firewall_policy: of_subnet(item) for item in estate.application_gateways}
    wafs |= {item.firewall_policy: of_subnet(item) for item in estate.application_load_balancers}
    shared = firewall_identity(draft)
    places: dict[str, Callable[[Any], str]] = {
        "virtual_networks": of_network,
        "route_tables": of_users("route_table"),
        "network_security_groups": of_users("network_security_group"),
        "nat_gateways": of_users("nat_gateway"),
        "public_ips": lambda item: groups.get(owners.get(item.name, ""), hub),
        "virtual_machines": of_subnet,
        "virtual_machine_scale_sets": of_subnet,
        "managed_devops_pools": of_subnet,
        "user_assigned_identities": lambda item: hub if item.name == shared else home,
        "kubernetes_clusters": lambda _: home,
        "web_application_firewall_policies": lambda item: wafs.get(item.name, home),
        "application_gateways": of_subnet,
        "application_load_balancers": of_subnet,
        "container_registries": lambda _: home,
        "key_vaults": lambda _: home,
        "storage_accounts": lambda _: home,
        "private_endpoints": lambda item: "" if item.made_by_platform else of_subnet(item),
        "private_dns_zones": lambda item: "" if item.made_by_platform else hub,
    }
    return places | dict.fromkeys(_HUB_ONLY, lambda _: hub)


_HUB_ONLY = (
    "network_ddos_protection_plans",
    "ip_groups",
    "firewalls",
    "firewall_policies",
    "bastion_hosts",
    "log_analytics_workspaces",
    "monitor_workspaces",
    "monitor_data_collection_rules",
    "monitor_metric_alerts",
    "monitor_private_link_scopes",
)


def _home(draft: Draft) -> str:
    """Return the network of the cluster; without one, the first spoke, or the hub."""
    cluster, spokes = draft.design.cluster, draft.design.spokes
    if cluster is not None and cluster.spoke in spokes:
        return cluster.spoke
    return next(iter(spokes), HUB)


def _public_ip_owners(draft: Draft, estate: Estate) -> dict[str, str]:
    """Return the network of each public IP that a spoke has a use for."""
    home = draft.network_name(_home(draft))
    owners = {
        service.frontend: home
        for service in estate.kubernetes_services
        if service.load_balancer == "public"
    }
    users = [(item.public_ip, item.subnet) for item in estate.virtual_machines]
    users += [(item.public_ip, item.subnet) for item in estate.application_gateways]
    owners |= {name: subnet.partition("/")[0] for name, subnet in users if name is not None}
    for gateway in estate.nat_gateways:
        networks = [s.virtual_network for s in estate.subnets if s.nat_gateway == gateway.name]
        owners |= dict.fromkeys(gateway.public_ips, networks[0] if networks else "")
    return owners
