"""
Network security groups: Azure's default rules, service tags, and the first match.

Sources: azure-docs network-security-groups-overview.md (2025-07-15), service-tags-overview.md.
"""

from collections.abc import Iterable
from dataclasses import replace

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import ALL_ADDRESSES, AddressSet, PortSet
from hubwright.model.estate import Estate
from hubwright.model.flow import Packet
from hubwright.model.network import NetworkInterface, NextHopType, NicKind, SecurityRule
from hubwright.semantics.assigned import addresses_of
from hubwright.semantics.assumptions import DEFAULTS, Assumption, Assumptions
from hubwright.semantics.names import AZURE_DNS, INSTANCE_METADATA
from hubwright.semantics.routes import effective_routes, reachable_networks

PLATFORM_ADDRESSES = frozenset({AZURE_DNS, INSTANCE_METADATA})
"""Addresses that NSGs do not filter unless a rule names a platform tag."""
PLATFORM_TAGS = {"azureplatformdns": AZURE_DNS, "azureplatformimds": INSTANCE_METADATA}
"""Tags, lower case, by which a rule may filter the platform's own addresses."""


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


def is_closed(estate: Estate, nic: NetworkInterface) -> bool:
    """
    Tell whether an interface takes nothing from public addresses, since no group opens it.

    Frontends of Standard load balancers and Standard public IPs are closed until a security
    group allows something; within the network, no group allows everything.
    An application gateway is open without one.
    Source: azure-docs load-balancer/skus.md, learn.microsoft.com
    /azure/virtual-network/ip-services/public-ip-addresses.
    """
    if nic.kind is NicKind.APPLICATION_GATEWAY:
        return False
    subnet = estate.subnet_by_id[nic.subnet]
    return nic.network_security_group is None and subnet.network_security_group is None


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
        case "azureplatformdns" | "azureplatformimds":
            address = PLATFORM_TAGS[tag.lower()]
            return AddressSet(((address, address),))
        case "internet":
            return ALL_ADDRESSES - _connected_space(estate, subnet_id)
        case _:
            return assumptions.service_tag(tag)


def _connected_space(estate: Estate, subnet_id: str) -> AddressSet:
    name = subnet_id.partition("/")[0]
    names = reachable_networks(estate, name)
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
    *,
    any_source_port: bool = False,
) -> Verdict:
    """
    Return what one group says to the first packet of a flow.

    Rules are taken by ascending priority, the first match decides; no group allows everything.
    A tag without a list leaves the verdict open only where the rules behind it say otherwise.

    Args:
        estate: An assigned estate.
        group: Name of the group; None for no group.
        direction: `Inbound` or `Outbound`.
        subnet_id: Subnet whose interface is filtered; the VirtualNetwork tag depends on it.
        packet: As the interface sends it, or as it arrives.
        assumptions: `virtual_network_tag` and `service_tags` count.
        any_source_port: For private endpoints, whose rules are read with source port `*`
            (learn.microsoft.com/azure/private-link/private-endpoint-overview, limitations).
    """
    if group is None:
        return Verdict(True)
    if direction == "Outbound" and packet.destination_address in PLATFORM_ADDRESSES:
        return _platform(estate, group, subnet_id, packet, assumptions)
    if any_source_port:
        packet = replace(packet, source_port=_ANY_PORT)
    verdict = _decide(estate, group, direction, subnet_id, packet, assumptions)
    if not _hangs_on_default_route(estate, subnet_id, packet):
        return verdict
    flipped = replace(
        assumptions,
        virtual_network_tag="without"
        if assumptions.virtual_network_tag == "with-default-route"
        else "with-default-route",
    )
    other = _decide(estate, group, direction, subnet_id, packet, flipped)
    if other.allowed is verdict.allowed:
        return verdict
    return replace(verdict, assumption=Assumption.VIRTUAL_NETWORK_TAG)


_ANY_PORT = -1


@dataclass(frozen=True, slots=True)
class _Ends:
    """What a rule's source or destination prefixes hold, and the tags that nobody listed."""

    addresses: AddressSet
    unknowns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """A rule, read once for a subnet."""

    rule: SecurityRule
    protocol: str | None
    source_ports: PortSet
    ports: PortSet
    source: _Ends
    destination: _Ends

    def matches(self, packet: Packet) -> bool | None:
        """Tell whether the rule matches; None when only an unknown tag keeps it open."""
        if self.protocol is not None and self.protocol != packet.protocol:
            return False
        if packet.protocol != "ICMP" and not (
            packet.destination_port in self.ports
            and (packet.source_port == _ANY_PORT or packet.source_port in self.source_ports)
        ):
            return False
        unknown = False
        for ends, address in (
            (self.source, packet.source_address),
            (self.destination, packet.destination_address),
        ):
            if address in ends.addresses:
                continue
            if not ends.unknowns:
                return False
            unknown = True
        return None if unknown else True

    @property
    def unknowns(self) -> tuple[str, ...]:
        """What keeps the rule open."""
        return tuple(
            f"service tag {tag}" for tag in self.source.unknowns + self.destination.unknowns
        )


def _decide(
    estate: Estate,
    group: str,
    direction: str,
    subnet_id: str,
    packet: Packet,
    assumptions: Assumptions,
) -> Verdict:
    """Return what the rules of one direction say."""
    return _first(_rules(estate, group, direction, subnet_id, assumptions), packet)


def _first(rules: Iterable[_Read], packet: Packet) -> Verdict:
    """Return the first match's access; unknown where an open rule before it says otherwise."""
    maybe: list[_Read] = []
    for read in rules:
        matched = read.matches(packet)
        if matched is None:
            maybe.append(read)
        elif matched:
            return _settled(maybe, read.rule.access, read.rule)
    return _settled(maybe, "Allow", None)


def _settled(maybe: list[_Read], access: str, rule: SecurityRule | None) -> Verdict:
    differing = [read for read in maybe if read.rule.access != access]
    if differing:
        unknowns = tuple(dict.fromkeys(u for read in differing for u in read.unknowns))
        return Verdict(None, differing[0].rule, unknowns)
    return Verdict(access == "Allow", rule)


def _rules(
    estate: Estate, group: str, direction: str, subnet_id: str, assumptions: Assumptions
) -> tuple[_Read, ...]:
    key = (
        "nsg",
        group,
        direction,
        subnet_id,
        assumptions.virtual_network_tag,
        assumptions.service_tags,
    )
    if key not in estate.memo:
        estate.memo[key] = tuple(
            _Read(
                rule=rule,
                protocol=None if rule.protocol == "*" else rule.protocol.upper(),
                source_ports=PortSet.parse_all(rule.source_port_ranges),
                ports=PortSet.parse_all(rule.destination_port_ranges),
                source=_ends(estate, subnet_id, rule.source_address_prefixes, assumptions),
                destination=_ends(
                    estate, subnet_id, rule.destination_address_prefixes, assumptions
                ),
            )
            for rule in ordered_rules(estate, group, direction)
        )
    result: tuple[_Read, ...] = estate.memo[key]
    return result


def _ends(
    estate: Estate, subnet_id: str, prefixes: tuple[str, ...], assumptions: Assumptions
) -> _Ends:
    total, unknowns = AddressSet(), list[str]()
    for prefix in prefixes:
        known = expand(estate, subnet_id, (prefix,), assumptions)
        if known is None:
            unknowns.append(prefix)
        else:
            total |= known
    return _Ends(total, tuple(unknowns))


def _platform(
    estate: Estate, group: str, subnet_id: str, packet: Packet, assumptions: Assumptions
) -> Verdict:
    """
    Let only rules that name the platform's own tags filter DNS and instance metadata.

    Source: azure-docs network-security-groups-overview.md (2025-07-15), platform considerations.
    """
    return _first(
        (
            read
            for read in _rules(estate, group, "Outbound", subnet_id, assumptions)
            if any(
                PLATFORM_TAGS.get(tag.lower()) == packet.destination_address
                for tag in read.rule.destination_address_prefixes
            )
        ),
        packet,
    )


def _hangs_on_default_route(estate: Estate, subnet_id: str, packet: Packet) -> bool:
    """Tell whether an end of the packet is in the VirtualNetwork tag by a default route only."""
    key = ("vnet-tag-narrow", subnet_id)
    if key not in estate.memo:
        wide = virtual_network_tag(estate, subnet_id)
        without = virtual_network_tag(estate, subnet_id, _NARROW)
        estate.memo[key] = None if wide == without else without
    narrow: AddressSet | None = estate.memo[key]
    if narrow is None:
        return False
    return packet.source_address not in narrow or packet.destination_address not in narrow


_NARROW = Assumptions(virtual_network_tag="without")
