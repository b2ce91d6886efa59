"""Classic rule collections of a firewall without a policy, as a policy named for the firewall."""

from collections.abc import Iterator
from typing import Any

from hubwright.model.firewall import (
    ApplicationRule,
    ApplicationRuleCollection,
    FirewallPolicy,
    FirewallPolicyRuleCollectionGroup,
    NatRuleCollection,
    NetworkRuleCollection,
)
from hubwright.sources.terraform.firewall import (
    FIREWALL,
    IP_GROUP,
    action,
    nat_rule,
    network_rule,
    protocols,
)
from hubwright.sources.terraform.network import place
from hubwright.sources.terraform.values import Reader, View

APPLICATION = "azurerm_firewall_application_rule_collection"
NETWORK = "azurerm_firewall_network_rule_collection"
NAT = "azurerm_firewall_nat_rule_collection"
TYPES = frozenset({APPLICATION, NETWORK, NAT})
_WHY = "a firewall without a policy carries its settings and rules itself"
_PRIORITY = 100
"""Of the one group: classic collections have priorities among themselves only."""


def policies(reader: Reader) -> Iterator[FirewallPolicy]:
    """Yield a policy for each firewall that has none."""
    for view in reader.views(FIREWALL):
        if not _is_classic(view):
            continue
        yield FirewallPolicy(
            name=reader.names.of(view.resource),
            location=place(view),
            sku=view.text("sku_tier"),
            threat_intelligence_mode=view.text("threat_intel_mode"),
            dns_proxy_enabled=view.flag("dns_proxy_enabled"),
            dns_servers=view.texts("dns_servers"),
            private_ip_ranges=view.texts("private_ip_ranges"),
            origin=view.whole(
                derived=_WHY,
                sku=view.origin("sku_tier"),
                threat_intelligence_mode=view.origin("threat_intel_mode"),
            ),
        )


def _is_classic(view: View) -> bool:
    return not view.raw("firewall_policy_id") and not view.is_unknown("firewall_policy_id")


def groups(reader: Reader) -> Iterator[FirewallPolicyRuleCollectionGroup]:
    """Yield the one group of each firewall with classic collections."""
    found: dict[str, dict[str, list[Any]]] = {}
    for type_ in (NAT, NETWORK, APPLICATION):
        for view in reader.views(type_):
            owner = _owner(view)
            if owner:
                found.setdefault(owner, {}).setdefault(type_, []).append(_collection(type_, view))
    for view in reader.views(FIREWALL):
        name = reader.names.of(view.resource)
        if name in found and _is_classic(view):
            yield FirewallPolicyRuleCollectionGroup(
                name=name,
                firewall_policy=name,
                priority=_PRIORITY,
                nat_rule_collections=tuple(found[name].get(NAT, ())),
                network_rule_collections=tuple(found[name].get(NETWORK, ())),
                application_rule_collections=tuple(found[name].get(APPLICATION, ())),
                origin=view.whole(derived=_WHY),
            )


def _owner(view: View) -> str | None:
    """Return the firewall of a collection, by its name or by reference."""
    name = view.text("azure_firewall_name")
    if not name:
        return view.target("azure_firewall_name", FIREWALL)
    found = view.reader.names.find(FIREWALL, name, view.resource.resource_group)
    return view.reader.names.of(found) if found else name


def _collection(
    type_: str, view: View
) -> NatRuleCollection | NetworkRuleCollection | ApplicationRuleCollection:
    common: dict[str, Any] = {
        "name": view.text("name"),
        "priority": view.number("priority") or 0,
        "origin": view.whole(),
    }
    rules = view.blocks("rule")
    if type_ == NAT:
        return NatRuleCollection(
            rules=tuple(
                nat_rule(rule, address)
                for rule in rules
                for address in rule.texts("destination_addresses")
            ),
            **common,
        )
    if type_ == NETWORK:
        return NetworkRuleCollection(
            action=action(view), rules=tuple(map(network_rule, rules)), **common
        )
    return ApplicationRuleCollection(
        action=action(view), rules=tuple(map(_application_rule, rules)), **common
    )


def _application_rule(view: View) -> ApplicationRule:
    return ApplicationRule(
        name=view.text("name"),
        protocols=protocols(view, "protocol"),
        source_addresses=view.texts("source_addresses"),
        source_ip_groups=view.targets("source_ip_groups", IP_GROUP),
        destination_fqdns=view.texts("target_fqdns"),
        destination_fqdn_tags=view.texts("fqdn_tags"),
        origin=view.whole(
            destination_fqdns=view.origin("target_fqdns"),
            destination_fqdn_tags=view.origin("fqdn_tags"),
        ),
    )
