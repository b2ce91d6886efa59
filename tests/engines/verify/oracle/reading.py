"""
A policy's rules in order, read from the model by code of its own.

Nothing here comes from the engine or from the semantics: addresses by `ipaddress`, order by hand.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from hubwright.model.estate import Estate
from hubwright.model.firewall import ApplicationRule, NetworkRule

WORDS = ("TCP", "UDP", "ICMP", "ESP", "AH", "OTHER")
SPEAKS = ("none", "http", "https", "mssql")
Intervals = list[tuple[int, int]]


@dataclass(frozen=True)
class Entry:
    """One rule: alternatives, each a product; and its decision."""

    path: str
    decision: str
    alternatives: tuple["Alternative", ...]


@dataclass(frozen=True)
class Alternative:
    """A product of sets; None is everything."""

    sources: tuple[tuple[int, int], ...] | None = None
    targets: tuple[tuple[int, int], ...] | None = None
    tag: str | None = None
    protocols: frozenset[str] | None = None
    ports: tuple[tuple[int, int], ...] | None = None
    speaks: str | None = None
    patterns: tuple[str, ...] | None = None


def addresses(text: str) -> tuple[int, int] | None:
    if text == "*":
        return 0, 2**32 - 1
    if "-" in text:
        low, high = text.split("-")
        return int(IPv4Address(low)), int(IPv4Address(high))
    try:
        network = IPv4Network(text)
    except ValueError:
        return None
    return int(network.network_address), int(network.broadcast_address)


def numbers(text: str) -> tuple[int, int]:
    if text == "*":
        return 0, 65535
    low, _, high = text.partition("-")
    return int(low), int(high or low)


def entries(estate: Estate) -> list[Entry]:
    """The firewall's own addresses, then network rules, then application rules; parents first."""
    firewall = estate.firewalls[0]
    own = [
        int(IPv4Address(p.ip_address)) for p in estate.public_ips if p.name in firewall.public_ips
    ]
    mine = tuple((a, a) for a in (*own, firewall.private_ip_address))
    out = [Entry("own", "own address", (Alternative(targets=mine),))]
    chain = ["afwp-base", "afwp-hub"]
    groups = sorted(
        estate.rule_collection_groups, key=lambda g: (chain.index(g.firewall_policy), g.priority)
    )
    for kind in ("network", "application"):
        for group in groups:
            collections = getattr(group, f"{kind}_rule_collections")
            for collection in sorted(collections, key=lambda c: c.priority):
                for rule in collection.rules:
                    path = f"{group.firewall_policy}/{group.name}/{collection.name}/{rule.name}"
                    read = network if kind == "network" else application
                    out.append(Entry(path, f"{kind} {collection.action}", tuple(read(rule))))
    return out


def network(rule: NetworkRule):
    sources = tuple(addresses(text) for text in rule.source_addresses)
    ports = tuple(numbers(text) for text in rule.destination_ports)
    words = frozenset(rule.protocols)
    if "Any" in words:
        words = frozenset(WORDS) if "*" in rule.destination_ports else frozenset({"TCP", "UDP"})
    literal = tuple(p for p in map(addresses, rule.destination_addresses) if p is not None)
    tags = [text for text in rule.destination_addresses if addresses(text) is None]
    for targets, tag in (*([(literal, None)] if literal else []), *((None, tag) for tag in tags)):
        if "ICMP" in words:
            yield Alternative(sources, targets, tag, frozenset({"ICMP"}), None)
        if words - {"ICMP"}:
            yield Alternative(sources, targets, tag, words - {"ICMP"}, ports)


def application(rule: ApplicationRule):
    sources = tuple(addresses(text) for text in rule.source_addresses)
    for protocol in rule.protocols:
        yield Alternative(
            sources=sources,
            protocols=frozenset({"TCP"}),
            ports=((protocol.port, protocol.port),),
            speaks=protocol.type.lower(),
            patterns=rule.destination_fqdns,
        )
