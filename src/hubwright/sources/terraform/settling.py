"""
Puts assigned addresses where a plan refers to them.

A rule may lead to the address of a machine or an endpoint, which Azure assigns. Until
`semantics.assigned` has said which, `later:<owner>` stands for it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hubwright.model.address import format_address
from hubwright.model.estate import Estate
from hubwright.sources.terraform.values import UNKNOWN

LATER = "later:"
_RULES = ("source_addresses", "destination_addresses", "destination_address", "translated_address")
_PREFIXES = ("source_address_prefixes", "destination_address_prefixes")
_TARGETS = ("ip_address",)
_ROUTES = ("address_prefix", "next_hop_in_ip_address")
_COLLECTIONS = ("nat_rule_collections", "network_rule_collections", "application_rule_collections")


def settled(estate: Estate) -> Estate:
    """Return an assigned estate with addresses in place of the symbols for them."""
    owners: dict[str, str] = {}
    for nic in estate.network_interfaces:
        owners.setdefault(nic.owner, format_address(nic.private_ip_address))

    def address(text: str) -> str:
        if not text.startswith(LATER):
            return text
        owner = text.removeprefix(LATER)
        return owners.get(owner, f"{UNKNOWN}{owner}.private_ip_address")

    def group(item: Any) -> Any:
        changed = {
            kind: tuple(
                replace(collection, rules=_all(collection.rules, _RULES, address))
                for collection in getattr(item, kind)
            )
            for kind in _COLLECTIONS
        }
        return replace(item, **changed)

    return replace(
        estate,
        virtual_networks=_all(estate.virtual_networks, ("dns_servers",), address),
        firewall_policies=_all(estate.firewall_policies, ("dns_servers",), address),
        dns_forwarding_rules=tuple(
            replace(item, target_dns_servers=_all(item.target_dns_servers, _TARGETS, address))
            for item in estate.dns_forwarding_rules
        ),
        route_tables=tuple(
            replace(table, routes=_all(table.routes, _ROUTES, address))
            for table in estate.route_tables
        ),
        network_security_groups=tuple(
            replace(item, security_rules=_all(item.security_rules, _PREFIXES, address))
            for item in estate.network_security_groups
        ),
        rule_collection_groups=tuple(map(group, estate.rule_collection_groups)),
    )


def _all(items: tuple[Any, ...], names: tuple[str, ...], address: Callable[[str], str]) -> Any:
    return tuple(_one(item, names, address) for item in items)


def _one(item: Any, names: tuple[str, ...], address: Callable[[str], str]) -> Any:
    changed: dict[str, Any] = {}
    for name in names:
        value = getattr(item, name, None)
        if isinstance(value, str) and value.startswith(LATER):
            changed[name] = address(value)
        elif isinstance(value, tuple) and any(text.startswith(LATER) for text in value):
            changed[name] = tuple(map(address, value))
    return replace(item, **changed) if changed else item
