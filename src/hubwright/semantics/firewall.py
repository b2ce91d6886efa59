"""
What the rules of Azure Firewall match: threat intelligence, DNAT, network and application rules.

`firewall_rules` has their order, `translation` the addresses; both are offered here too.
Sources: learn.microsoft.com/azure/firewall/rule-processing (2026-03-23), azure-docs
firewall-faq.yml (2023) for wildcards.
"""

from functools import lru_cache

from hubwright.catalogue.egress import fqdn_tag
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressSet, PortSet
from hubwright.model.estate import Estate
from hubwright.model.firewall import Action, ApplicationRule, Firewall, NatRule, NetworkRule
from hubwright.model.flow import Application, Packet
from hubwright.semantics.assigned import address_of
from hubwright.semantics.assumptions import DEFAULTS, Assumptions
from hubwright.semantics.dns import firewall_resolves
from hubwright.semantics.firewall_rules import (
    Placed,
    addresses_in,
    application_rules,
    groups,
    may_come_from,
    nat_rules,
    network_rules,
    open_end,
    source_unknowns,
    sources,
)
from hubwright.semantics.translation import (
    gateway_addresses,
    instance_addresses,
    outbound_addresses,
    private_ranges,
    public_addresses,
)

ALWAYS_INTERCEPTED = (80, 443, 1433)
"""TCP ports that the application engine answers even without a rule that names them.
Source: azure-docs firewall-faq.md (2020): a TCP ping to 80 or 443 completes."""
SPOKEN = {
    "Http": Application.HTTP,
    "Https": Application.HTTPS,
    "Mssql": Application.MSSQL,
}
"""Protocol types of application rules -> what clients speak."""
_TYPES = {application: word for word, application in SPOKEN.items()}


@dataclass(frozen=True, slots=True)
class Destinations:
    """What a network rule matches: known addresses, and tags or names that nobody resolved."""

    addresses: AddressSet
    unknowns: tuple[str, ...] = ()


def destinations(
    estate: Estate, firewall: Firewall, rule: NetworkRule, assumptions: Assumptions = DEFAULTS
) -> Destinations:
    """
    Return a network rule's destinations; names are resolved as the firewall itself does.

    A firewall of the Basic tier has no names in network rules
    (learn.microsoft.com/azure/firewall/features-by-sku).
    """
    total, rest = addresses_in(estate, rule.destination_addresses, rule.destination_ip_groups)
    unknowns: list[str] = []
    for text in rest:
        tag = assumptions.service_tag(text)
        if tag is None:
            unknowns.append(open_end(text))
        else:
            total |= tag
    names = rule.destination_fqdns if firewall.sku_tier != "Basic" else ()
    for name in names:
        answer = firewall_resolves(estate, firewall, name, assumptions)
        if answer.unknown:
            unknowns.append(f"{name} by {answer.unknown}")
        total |= AddressSet.of((a, a) for a in answer.addresses)
    return Destinations(total, tuple(unknowns))


def protocols(rule: NetworkRule) -> frozenset[str] | None:
    """
    Return the protocols that a network rule matches; None is every IP protocol.

    `Any` with explicit ports means TCP and UDP.
    """
    if "Any" not in rule.protocols:
        return frozenset(protocol.upper() for protocol in rule.protocols)
    every = not rule.destination_ports or "*" in rule.destination_ports
    return None if every else frozenset({"TCP", "UDP"})


@dataclass(frozen=True, slots=True)
class NetworkMatch:
    """How the network rules decide: the first that matches, and what is left open before it."""

    placed: Placed[NetworkRule] | None
    unknowns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NatMatch:
    """How the DNAT rules decide: the first that matches, and what is left open before it."""

    placed: Placed[NatRule] | None
    unknowns: tuple[str, ...] = ()


def match_nat(
    estate: Estate, firewall: Firewall, packet: Packet, assumptions: Assumptions = DEFAULTS
) -> Placed[NatRule] | None:
    """Return the first DNAT rule that matches a packet to one of the firewall's addresses."""
    return find_nat(estate, firewall, packet, assumptions).placed


def find_nat(
    estate: Estate, firewall: Firewall, packet: Packet, assumptions: Assumptions = DEFAULTS
) -> NatMatch:
    """
    Return the first DNAT rule that matches, and the unknowns of rules before it that may.

    The Basic tier translates what comes to public addresses only
    (learn.microsoft.com/azure/firewall/destination-nat-rules, 2025-04-29).
    """
    unknowns: list[str] = []
    if firewall.sku_tier == "Basic" and packet.destination_address == firewall.private_ip_address:
        return NatMatch(None)
    for placed in nat_rules(estate, firewall, assumptions):
        rule = placed.rule
        if not (
            packet.protocol in {p.upper() for p in rule.protocols}
            and address_of(estate, rule.destination_address) == packet.destination_address
            and packet.destination_port in _ports(rule.destination_ports)
        ):
            continue
        may, open_ = may_come_from(estate, rule, packet.source_address)
        if not may:
            continue
        if nat_target(estate, firewall, rule, assumptions) is None:
            open_ += _open_target(estate, firewall, rule, assumptions)
            if not open_:
                continue
        if not open_:
            return NatMatch(placed, tuple(unknowns))
        unknowns += [f"{item} in {placed.path}" for item in open_]
    return NatMatch(None, tuple(unknowns))


def _open_target(
    estate: Estate, firewall: Firewall, rule: NatRule, assumptions: Assumptions
) -> tuple[str, ...]:
    """Return why nobody can say where a DNAT rule sends to; empty: to nowhere."""
    if not rule.translated_fqdn:
        return (f"address {rule.translated_address}",)
    answer = firewall_resolves(estate, firewall, rule.translated_fqdn, assumptions)
    return (f"{rule.translated_fqdn} by {answer.unknown}",) if answer.unknown else ()


@lru_cache(maxsize=4096)
def _ports(texts: tuple[str, ...]) -> PortSet:
    return PortSet.parse_all(texts or ("*",))


def nat_target(
    estate: Estate, firewall: Firewall, rule: NatRule, assumptions: Assumptions = DEFAULTS
) -> int | None:
    """
    Return the address that a DNAT rule sends to.

    A name gives its first A record; when it does not resolve, the rule does not match
    (learn.microsoft.com/azure/firewall/destination-nat-rules, 2025-04-29).
    """
    if rule.translated_fqdn:
        found = firewall_resolves(estate, firewall, rule.translated_fqdn, assumptions).addresses
        return found[0] if found else None
    return address_of(estate, rule.translated_address or "")


def match_network(
    estate: Estate, firewall: Firewall, packet: Packet, assumptions: Assumptions = DEFAULTS
) -> NetworkMatch:
    """Return the first network rule that matches, and the unknowns of rules before it that may."""
    maybe: list[tuple[str, Action | None]] = []
    for placed in network_rules(estate, firewall):
        rule = placed.rule
        wanted = protocols(rule)
        if wanted is not None and packet.protocol not in wanted:
            continue
        if packet.protocol != "ICMP" and packet.destination_port not in _ports(
            rule.destination_ports
        ):
            continue
        may, open_ = may_come_from(estate, rule, packet.source_address)
        if not may:
            continue
        found = _destinations_memo(estate, firewall, placed, assumptions)
        if packet.destination_address not in found.addresses:
            if not found.unknowns:
                continue
            open_ += found.unknowns
        if not open_:
            differing = (text for text, action in maybe if action is not placed.action)
            return NetworkMatch(placed, tuple(differing))
        maybe += [(f"{item} in {placed.path}", placed.action) for item in open_]
    return NetworkMatch(None, tuple(text for text, _ in maybe))


def _destinations_memo(
    estate: Estate, firewall: Firewall, placed: Placed[NetworkRule], assumptions: Assumptions
) -> Destinations:
    key = (
        "destinations",
        firewall.name,
        id(placed.rule),
        assumptions.service_tags,
        assumptions.parent_dns,
    )
    if key not in estate.memo:
        found = destinations(estate, firewall, placed.rule, assumptions)
        estate.memo[key] = (placed.rule, found)
    result: Destinations = estate.memo[key][1]
    return result


def intercept_ports(estate: Estate, firewall: Firewall) -> tuple[int, ...]:
    """Return the TCP ports whose connections the application engine answers, ascending."""
    key = ("intercept-ports", firewall.name)
    if key not in estate.memo:
        named = {
            protocol.port
            for placed in application_rules(estate, firewall)
            for protocol in placed.rule.protocols
        }
        estate.memo[key] = tuple(sorted(named | set(ALWAYS_INTERCEPTED)))
    result: tuple[int, ...] = estate.memo[key]
    return result


def fqdn_matches(pattern: str, name: str) -> bool:
    """
    Tell whether a target FQDN matches a name, without regard to case.

    A star stands only at the left: `*.contoso.com` is any depth below it and not itself,
    `*contoso.com` anything that ends so, `*` everything (azure-docs firewall-faq.yml, 2023).
    """
    pattern, name = pattern.lower(), name.lower()
    return name.endswith(pattern[1:]) if pattern.startswith("*") else name == pattern


def target_fqdns(estate: Estate, rule: ApplicationRule) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    Return the name patterns of an application rule, and what about it is unknown.

    FQDN tags stand for dated lists where the catalogue has one; web categories and tags without
    a list stay unknown. A URL counts by its host; a path in it is unknown.
    """
    key = ("target-fqdns", id(rule))
    if key not in estate.memo:
        estate.memo[key] = (rule, _target_fqdns(estate, rule))
    result: tuple[tuple[str, ...], tuple[str, ...]] = estate.memo[key][1]
    return result


def _target_fqdns(estate: Estate, rule: ApplicationRule) -> tuple[tuple[str, ...], tuple[str, ...]]:
    patterns, unknowns = list(rule.destination_fqdns), list[str]()
    for tag in rule.destination_fqdn_tags:
        names = fqdn_tag(tag, estate.location, estate.cloud)
        if names is None:
            unknowns.append(f"FQDN tag {tag}")
        else:
            patterns += names
    unknowns += [f"web category {category}" for category in rule.web_categories]
    for url in rule.destination_urls:
        host, slash, path = url.partition("/")
        if slash and path not in ("", "*"):
            unknowns.append(f"path of URL {url}")
        else:
            patterns.append(host)
    return tuple(patterns), tuple(unknowns)


@dataclass(frozen=True, slots=True)
class ApplicationMatch:
    """How the application rules decide on a name."""

    placed: Placed[ApplicationRule] | None
    unknowns: tuple[str, ...] = ()
    pattern: str = ""
    by_tag: str = ""
    """FQDN tag whose list matched."""


def match_application(
    estate: Estate, firewall: Firewall, source: int, port: int, application: Application, name: str
) -> ApplicationMatch:
    """Return the first application rule for a name, and the unknowns of rules before it."""
    wanted = _TYPES.get(application)
    unknowns: list[tuple[Action | None, str]] = []
    for placed in application_rules(estate, firewall):
        rule = placed.rule
        if not any(p.type == wanted and p.port == port for p in rule.protocols):
            continue
        may, open_ = may_come_from(estate, rule, source)
        if not may:
            continue
        patterns, _ = target_fqdns(estate, rule)
        hit = next((pattern for pattern in patterns if fqdn_matches(pattern, name)), None)
        if hit is None:
            open_targets = _open_targets(estate, rule, name)
            if not open_targets:
                continue
            open_ += open_targets
        if hit is not None and not open_:
            tag = "" if hit in rule.destination_fqdns else ", ".join(rule.destination_fqdn_tags)
            differing = tuple(text for action, text in unknowns if action is not placed.action)
            return ApplicationMatch(placed, differing, hit, tag)
        unknowns += [(placed.action, f"{item} in {placed.path}") for item in open_]
    return ApplicationMatch(None, tuple(text for _, text in unknowns))


def _open_targets(estate: Estate, rule: ApplicationRule, name: str) -> tuple[str, ...]:
    """Return what may make a rule match a name; a URL only where its host does."""
    _, unknowns = target_fqdns(estate, rule)
    foreign = {
        f"path of URL {url}"
        for url in rule.destination_urls
        if not fqdn_matches(url.partition("/")[0], name)
    }
    return tuple(text for text in unknowns if text not in foreign)


__all__ = [
    "ALWAYS_INTERCEPTED",
    "ApplicationMatch",
    "Destinations",
    "NatMatch",
    "NetworkMatch",
    "Placed",
    "application_rules",
    "destinations",
    "find_nat",
    "fqdn_matches",
    "gateway_addresses",
    "groups",
    "instance_addresses",
    "intercept_ports",
    "match_application",
    "match_nat",
    "match_network",
    "nat_rules",
    "nat_target",
    "network_rules",
    "outbound_addresses",
    "private_ranges",
    "protocols",
    "public_addresses",
    "source_unknowns",
    "sources",
    "target_fqdns",
]
