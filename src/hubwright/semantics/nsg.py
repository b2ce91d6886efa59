"""
Network security groups: Azure's default rules, service tags, and the first match.

Sources: azure-docs network-security-groups-overview.md (2025-07-15), service-tags-overview.md.
"""

from dataclasses import dataclass

from hubwright.model.address import ALL_ADDRESSES, AddressSet, PortSet
from hubwright.model.estate import Estate
from hubwright.model.flow import Packet
from hubwright.model.network import NextHopType, SecurityRule
from hubwright.semantics.assigned import addresses_of
from hubwright.semantics.assumptions import DEFAULTS, Assumption, Assumptions
from hubwright.semantics.names import AZURE_DNS, INSTANCE_METADATA
from hubwright.semantics.routes import connected_peerings, effective_routes

PLATFORM_ADDRESSES = frozenset({AZURE_DNS, INSTANCE_METADATA})
"""Addresses that NSGs do not filter unless a rule names a platform tag."""


def _default(
    name: str, priority: int, direction: str, access: str, source: str, destination: str
) -> SecurityRule:
    return SecurityRule(
        name=name,
        priority=priority,
        direction=direction,
        access=access,
        source_address_prefixes=(source,),
        destination_address_prefixes=(destination,),
    )


DEFAULT_RULES = (
    _default("AllowVnetInBound", 65000, "Inbound", "Allow", "VirtualNetwork", "VirtualNetwork"),
    _default("AllowAzureLoadBalancerInBound", 65001, "Inbound", "Allow", "AzureLoadBalancer", "*"),
    _default("DenyAllInBound", 65500, "Inbound", "Deny", "*", "*"),
    _default("AllowVnetOutBound", 65000, "Outbound", "Allow", "VirtualNetwork", "VirtualNetwork"),
    _default("AllowInternetOutBound", 65001, "Outbound", "Allow", "*", "Internet"),
    _default("DenyAllOutBound", 65500, "Outbound", "Deny", "*", "*"),
)
"""The rules that Azure adds to every group."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a group says to a packet: the deciding rule, or the tags that leave it open."""

    allowed: bool | None
    """None: unknown, `unknowns` says why."""
    rule: SecurityRule | None = None
    unknowns: tuple[str, ...] = ()
    assumption: Assumption | None = None


def ordered_rules(estate: Estate, group: str | None, direction: str) -> tuple[SecurityRule, ...]:
    """
    Return a group's rules of one direction in Azure's order, the default rules last.

    An unknown or absent group has no rules: nothing is filtered.
    """
    found = estate.network_security_group_by_name.get(group or "")
    if found is None:
        return ()
    rules = [rule for rule in found.security_rules if rule.direction == direction]
    rules.sort(key=lambda rule: rule.priority)
    return (*rules, *(rule for rule in DEFAULT_RULES if rule.direction == direction))


def expand(
    estate: Estate,
    subnet_id: str,
    prefixes: tuple[str, ...],
    assumptions: Assumptions = DEFAULTS,
) -> AddressSet | None:
    """
    Return the addresses that a rule's prefixes stand for at a subnet.

    Returns:
        The union, or None when a service tag among them has no list.
    """
    total = AddressSet()
    for prefix in prefixes:
        known = addresses_of(estate, prefix)
        if known is None:
            known = _tag(estate, subnet_id, prefix, assumptions)
        if known is None:
            return None
        total |= known
    return total


def _tag(estate: Estate, subnet_id: str, tag: str, assumptions: Assumptions) -> AddressSet | None:
    match tag.lower():
        case "virtualnetwork":
            return virtual_network_tag(estate, subnet_id, assumptions)
        case "azureloadbalancer":
            return AddressSet(((AZURE_DNS, AZURE_DNS),))
        case "internet":
            return ALL_ADDRESSES - _connected_space(estate, subnet_id)
        case _:
            return assumptions.service_tag(tag)


def _connected_space(estate: Estate, subnet_id: str) -> AddressSet:
    name = subnet_id.partition("/")[0]
    names = [name, *(p.remote_virtual_network for p in connected_peerings(estate, name))]
    spaces = [p for n in names for p in estate.virtual_network_by_name[n].address_space]
    return AddressSet.prefixes_of(spaces)


def virtual_network_tag(
    estate: Estate, subnet_id: str, assumptions: Assumptions = DEFAULTS
) -> AddressSet:
    """
    Return what the VirtualNetwork tag holds at a subnet.

    The network's and its peers' address spaces, the host's virtual address, and the prefixes of
    user-defined routes; with the latter a default route, unless assumed otherwise.
    """
    key = ("vnet-tag", subnet_id, assumptions.virtual_network_tag)
    if key not in estate.memo:
        total = _connected_space(estate, subnet_id) | AddressSet(((AZURE_DNS, AZURE_DNS),))
        for route in effective_routes(estate, subnet_id, assumptions):
            is_default = route.prefix.length == 0
            keep = not is_default or assumptions.virtual_network_tag == "with-default-route"
            if route.source == "User" and keep and route.next_hop_type is not NextHopType.NONE:
                total |= AddressSet(((route.prefix.first, route.prefix.last),))
        estate.memo[key] = total
    result: AddressSet = estate.memo[key]
    return result


def evaluate(
    estate: Estate,
    group: str | None,
    direction: str,
    subnet_id: str,
    packet: Packet,
    assumptions: Assumptions = DEFAULTS,
) -> Verdict:
    """
    Return what one group says to the first packet of a flow.

    Rules are taken by ascending priority, the first match decides; no group allows everything.
    """
    peer = packet.source_address if direction == "Inbound" else packet.destination_address
    if group is None or peer in PLATFORM_ADDRESSES:
        return Verdict(True)
    for rule in ordered_rules(estate, group, direction):
        matched = _matches(estate, subnet_id, rule, packet, assumptions)
        if matched is None:
            tags = (*rule.source_address_prefixes, *rule.destination_address_prefixes)
            return Verdict(
                None,
                rule,
                tuple(
                    f"service tag {tag}"
                    for tag in tags
                    if _opaque(estate, subnet_id, tag, assumptions)
                ),
            )
        if matched:
            return Verdict(rule.access == "Allow", rule, (), _used(estate, subnet_id, rule, packet))
    return Verdict(True)


def _opaque(estate: Estate, subnet_id: str, tag: str, assumptions: Assumptions) -> bool:
    return expand(estate, subnet_id, (tag,), assumptions) is None


def _used(estate: Estate, subnet_id: str, rule: SecurityRule, packet: Packet) -> Assumption | None:
    """Name the VirtualNetwork assumption where the match hangs on a default route in the tag."""
    space = _connected_space(estate, subnet_id)
    ends = (
        (rule.source_address_prefixes, packet.source_address),
        (rule.destination_address_prefixes, packet.destination_address),
    )
    for prefixes, address in ends:
        if prefixes == ("VirtualNetwork",) and address not in space:
            return Assumption.VIRTUAL_NETWORK_TAG
    return None


def _matches(
    estate: Estate, subnet_id: str, rule: SecurityRule, packet: Packet, assumptions: Assumptions
) -> bool | None:
    """Tell whether a rule matches; None when only an unknown tag keeps it open."""
    if rule.protocol != "*" and rule.protocol.upper() != packet.protocol:
        return False
    if packet.protocol != "ICMP":
        ports = PortSet.parse_all(rule.destination_port_ranges)
        source_ports = PortSet.parse_all(rule.source_port_ranges)
        if packet.destination_port not in ports or packet.source_port not in source_ports:
            return False
    unknown = False
    for prefixes, address in (
        (rule.source_address_prefixes, packet.source_address),
        (rule.destination_address_prefixes, packet.destination_address),
    ):
        known = [expand(estate, subnet_id, (prefix,), assumptions) for prefix in prefixes]
        if any(item is not None and address in item for item in known):
            continue
        if None not in known:
            return False
        unknown = True
    return None if unknown else True
