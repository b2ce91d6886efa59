"""
Resources that stand for what a plan does not tell.

A subnet whose route table is known only after apply must not pass for one without a table. So the
symbol of the unknown value names a table here whose one route leads to a prefix that nobody knows:
every answer through it is unknown, and names the symbol. Groups and policies likewise.
"""

from collections.abc import Iterator
from dataclasses import replace

from hubwright.model.estate import Estate, Unknown
from hubwright.model.firewall import (
    Action,
    FirewallPolicy,
    FirewallPolicyRuleCollectionGroup,
    NetworkRule,
    NetworkRuleCollection,
)
from hubwright.model.network import (
    NetworkSecurityGroup,
    NextHopType,
    Route,
    RouteTable,
    SecurityRule,
)
from hubwright.model.origin import Origin
from hubwright.sources.terraform.values import UNKNOWN

_DIRECTIONS = ("Inbound", "Outbound")


def with_stand_ins(estate: Estate) -> Estate:
    """Return the estate with a table, group or policy for each symbol that is used as one."""
    origins = {item.name: _origin(item) for item in estate.unknowns}
    tables = _used(subnet.route_table for subnet in estate.subnets)
    groups = _used(
        [
            *(subnet.network_security_group for subnet in estate.subnets),
            *(machine.network_security_group for machine in estate.virtual_machines),
        ]
    )
    policies = {
        firewall.firewall_policy: firewall
        for firewall in estate.firewalls
        if firewall.firewall_policy.startswith(UNKNOWN)
    }
    return replace(
        estate,
        route_tables=(
            *estate.route_tables,
            *(_table(name, origins[name]) for name in tables),
        ),
        network_security_groups=(
            *estate.network_security_groups,
            *(_group(name, origins[name]) for name in groups),
        ),
        firewall_policies=(
            *estate.firewall_policies,
            *(
                FirewallPolicy(
                    name=name,
                    location=firewall.location,
                    sku=firewall.sku_tier,
                    threat_intelligence_mode="Deny",
                    dns_proxy_enabled=True,
                    origin=origins[name],
                )
                for name, firewall in policies.items()
            ),
        ),
        rule_collection_groups=(
            *estate.rule_collection_groups,
            *(_rules(name, origins[name]) for name in policies),
        ),
    )


def _origin(item: Unknown) -> Origin:
    return replace(item.origin, derived=item.reason)


def _used(names: Iterator[str | None] | list[str | None]) -> tuple[str, ...]:
    found = (name for name in names if name is not None and name.startswith(UNKNOWN))
    return tuple(dict.fromkeys(found))


def _table(name: str, origin: Origin) -> RouteTable:
    route = Route(name=name, address_prefix=name, next_hop_type=NextHopType.NONE, origin=origin)
    return RouteTable(name=name, routes=(route,), origin=origin)


def _group(name: str, origin: Origin) -> NetworkSecurityGroup:
    """Return a group that may allow and may deny everything."""
    rules = tuple(
        SecurityRule(
            name=name,
            priority=priority,
            direction=direction,
            access=access,
            source_address_prefixes=(name,),
            origin=origin,
        )
        for direction in _DIRECTIONS
        for priority, access in ((100, "Allow"), (101, "Deny"))
    )
    return NetworkSecurityGroup(name=name, security_rules=rules, origin=origin)


def _rules(name: str, origin: Origin) -> FirewallPolicyRuleCollectionGroup:
    """Return a group of rules that may allow everything; the firewall denies the rest anyway."""
    rule = NetworkRule(
        name=name,
        protocols=("Any",),
        source_addresses=("*",),
        destination_addresses=(name,),
        destination_ports=("*",),
        origin=origin,
    )
    collection = NetworkRuleCollection(
        name=name, priority=100, action=Action.ALLOW, rules=(rule,), origin=origin
    )
    return FirewallPolicyRuleCollectionGroup(
        name=name,
        firewall_policy=name,
        priority=100,
        network_rule_collections=(collection,),
        origin=origin,
    )
