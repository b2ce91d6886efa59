"""
Network security groups at an interface, with connection tracking in its own namespace.

Inbound rules see a packet before any translation of the node, so an AKS node's groups see the
load balancer's frontend (floating IP); outbound rules see it after. Both apply to what does not
belong to a connection that was let through before.
"""

from collections.abc import Iterator
from dataclasses import replace

from hubwright.engines.twin import nft_text as nft
from hubwright.model.address import AddressSet, PortSet
from hubwright.model.estate import Estate
from hubwright.model.network import (
    NetworkInterface,
    NicKind,
    PrivateEndpointNetworkPolicies,
    SecurityRule,
)
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.nsg import PLATFORM_ADDRESSES, expand, ordered_rules

_PROTOCOLS = {"*": "", "TCP": "tcp", "UDP": "udp", "ICMP": "icmp", "ESP": "esp", "AH": "ah"}


def table(estate: Estate, nic: NetworkInterface, assumptions: Assumptions) -> str:
    """
    Return the table of an interface's groups, or "" where none filters it.

    Service tags without a list hold no address here; the evaluator says where that matters.
    """
    inbound = _groups(estate, nic, "Inbound")
    outbound = _groups(estate, nic, "Outbound")
    if not inbound and not outbound:
        return ""
    parts = [nft.chain("platform", _platform(estate, nic.subnet, outbound, assumptions))]
    for direction, groups in (("Inbound", inbound), ("Outbound", outbound)):
        for group in groups:
            rules = _rules(estate, nic, group, direction, assumptions)
            parts.append(nft.chain(_chain(direction, group), rules))
    return nft.table(
        "nsg",
        *parts,
        nft.chain(
            "inbound",
            _base("iifname", inbound, "Inbound"),
            "filter prerouting priority -150",
        ),
        nft.chain(
            "outbound",
            _base("oifname", outbound, "Outbound"),
            "filter postrouting priority 150",
        ),
    )


def _groups(estate: Estate, nic: NetworkInterface, direction: str) -> list[str]:
    """Return the groups in Azure's order: inbound the subnet's first, outbound the interface's."""
    subnet = estate.subnet_by_id[nic.subnet]
    if nic.kind is NicKind.PRIVATE_ENDPOINT:
        filtered = subnet.private_endpoint_network_policies in (
            PrivateEndpointNetworkPolicies.ENABLED,
            PrivateEndpointNetworkPolicies.NSG,
        )
        if not filtered or direction == "Outbound":
            return []
    named = [subnet.network_security_group, nic.network_security_group]
    if direction == "Outbound":
        named.reverse()
    return list(dict.fromkeys(n for n in named if n in estate.network_security_group_by_name if n))


def _chain(direction: str, group: str) -> str:
    letters = "".join(letter if letter.isalnum() else "_" for letter in group)
    return f"{direction.lower()}_{letters}"


def _base(device: str, groups: list[str], direction: str) -> Iterator[str]:
    yield f'{device} != "eth0" accept'
    yield "ct state established,related accept"
    if direction == "Outbound":
        yield f"ip daddr {nft.address_list(PLATFORM_ADDRESSES)} goto platform"
    for group in groups:
        yield f"jump {_chain(direction, group)}"


def _platform(
    estate: Estate, subnet: str, groups: list[str], assumptions: Assumptions
) -> Iterator[str]:
    """Yield what filters DNS and instance metadata: only rules that name the platform's tags."""
    for group in groups:
        for rule in ordered_rules(estate, group, "Outbound"):
            tags = tuple(
                tag
                for tag in rule.destination_address_prefixes
                if tag.lower() in ("azureplatformdns", "azureplatformimds")
            )
            named = replace(rule, destination_address_prefixes=tags)
            verdict = "return" if rule.access == "Allow" else nft.drop("nsg_out", group)
            for match in _matches(estate, subnet, named, assumptions) if tags else ():
                yield f"{match}{verdict}"


def _rules(
    estate: Estate, nic: NetworkInterface, group: str, direction: str, assumptions: Assumptions
) -> Iterator[str]:
    """
    Yield a group's rules: what it allows goes on to the next group.

    Source ports do not count at a private endpoint
    (learn.microsoft.com/azure/private-link/private-endpoint-overview, limitations).
    """
    reason = "nsg_in" if direction == "Inbound" else "nsg_out"
    for rule in ordered_rules(estate, group, direction):
        denied = nft.drop(reason, f"{group}/{rule.name}")
        verdict = "return" if rule.access == "Allow" else denied
        is_endpoint = nic.kind is NicKind.PRIVATE_ENDPOINT
        read = replace(rule, source_port_ranges=("*",)) if is_endpoint else rule
        for match in _matches(estate, nic.subnet, read, assumptions):
            yield f"{match}{verdict}"


def _matches(
    estate: Estate, subnet: str, rule: SecurityRule, assumptions: Assumptions
) -> Iterator[str]:
    """Yield the matches that make up a rule; ICMP has no ports, so it matches whatever they are."""
    source = _known(estate, subnet, rule.source_address_prefixes, assumptions)
    destination = _known(estate, subnet, rule.destination_address_prefixes, assumptions)
    if not source or not destination:
        return
    ends = nft.match_addresses("saddr", source) + nft.match_addresses("daddr", destination)
    there = nft.match_ports("sport", PortSet.parse_all(rule.source_port_ranges))
    there += nft.match_ports("dport", PortSet.parse_all(rule.destination_port_ranges))
    protocol = _PROTOCOLS.get(rule.protocol.upper())
    if protocol is None:
        return
    if protocol in ("tcp", "udp"):
        yield f"meta l4proto {protocol} {ends}{there}"
    elif protocol or not there:
        yield f"meta l4proto {protocol} {ends}" if protocol else ends
    else:
        yield f"meta l4proto {{ tcp, udp }} {ends}{there}"
        yield f"meta l4proto icmp {ends}"


def _known(
    estate: Estate, subnet: str, prefixes: tuple[str, ...], assumptions: Assumptions
) -> AddressSet:
    total = AddressSet()
    for prefix in prefixes:
        total |= expand(estate, subnet, (prefix,), assumptions) or AddressSet()
    return total
