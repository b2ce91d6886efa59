"""
Azure Firewall: the order of its rules, what they match, and how it translates.

Sources: learn.microsoft.com/azure/firewall/rule-processing (2026-03-23),
/azure/firewall/policy-rule-sets, /azure/firewall-manager/policy-overview (2023-02),
/azure/firewall/snat-private-range (2023-08).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from hubwright.catalogue.egress import fqdn_tag
from hubwright.model.address import RFC1918, RFC6598, AddressSet, PortSet
from hubwright.model.estate import Estate
from hubwright.model.firewall import (
    Action,
    ApplicationRule,
    Firewall,
    FirewallPolicyRuleCollectionGroup,
    NatRule,
    NetworkRule,
)
from hubwright.model.flow import Application, Packet
from hubwright.model.network import NicKind
from hubwright.model.origin import Origin
from hubwright.semantics.assigned import address_of, addresses_of
from hubwright.semantics.assumptions import DEFAULTS, Assumptions
from hubwright.semantics.dns import firewall_resolves

R = TypeVar("R", NatRule, NetworkRule, ApplicationRule)

ALWAYS_INTERCEPTED = (80, 443, 1433)
"""TCP ports that the application engine answers even without a rule that names them.
Source: azure-docs firewall-faq.md (2020): a TCP ping to 80 or 443 completes."""
_APPLICATION_TYPES = {
    Application.HTTP: "Http",
    Application.HTTPS: "Https",
    Application.MSSQL: "Mssql",
}


@dataclass(frozen=True, slots=True)
class Placed(Generic[R]):
    """A rule with its place in the policy."""

    rule: R
    action: Action | None
    """None for DNAT."""
    policy: str
    group: str
    collection: str

    @property
    def path(self) -> str:
        """`policy/group/collection/rule`."""
        return f"{self.policy}/{self.group}/{self.collection}/{self.rule.name}"

    @property
    def origin(self) -> Origin:
        """Where the rule was written."""
        return self.rule.origin


@dataclass(frozen=True, slots=True)
class Destinations:
    """What a network rule matches: known addresses, and tags or names that nobody resolved."""

    addresses: AddressSet
    unknowns: tuple[str, ...] = ()


def groups(
    estate: Estate, firewall: Firewall
) -> tuple[tuple[FirewallPolicyRuleCollectionGroup, bool], ...]:
    """Return rule collection groups, parent policies first, and whether each is a parent's."""
    chain = estate.policy_chain(firewall.firewall_policy)
    return tuple(
        (group, policy is not chain[-1])
        for policy in chain
        for group in estate.groups_of(policy.name)
    )


def nat_rules(
    estate: Estate, firewall: Firewall, assumptions: Assumptions = DEFAULTS
) -> tuple[Placed[NatRule], ...]:
    """Return DNAT rules in Azure's order; a parent's only as `parent-dnat` assumes."""
    return tuple(
        Placed(rule, None, group.firewall_policy, group.name, collection.name)
        for group, inherited in groups(estate, firewall)
        if not inherited or assumptions.parent_dnat == "inherited"
        for collection in sorted(group.nat_rule_collections, key=lambda c: c.priority)
        for rule in collection.rules
    )


def network_rules(estate: Estate, firewall: Firewall) -> tuple[Placed[NetworkRule], ...]:
    """Return network rules in Azure's order."""
    return tuple(
        Placed(rule, collection.action, group.firewall_policy, group.name, collection.name)
        for group, _ in groups(estate, firewall)
        for collection in sorted(group.network_rule_collections, key=lambda c: c.priority)
        for rule in collection.rules
    )


def application_rules(estate: Estate, firewall: Firewall) -> tuple[Placed[ApplicationRule], ...]:
    """Return application rules in Azure's order."""
    return tuple(
        Placed(rule, collection.action, group.firewall_policy, group.name, collection.name)
        for group, _ in groups(estate, firewall)
        for collection in sorted(group.application_rule_collections, key=lambda c: c.priority)
        for rule in collection.rules
    )


def sources(estate: Estate, rule: NatRule | NetworkRule | ApplicationRule) -> AddressSet:
    """Return a rule's sources; empty where its only IP groups are empty: it is skipped."""
    return _addresses(estate, rule.source_addresses, rule.source_ip_groups)[0]


def _addresses(
    estate: Estate, texts: tuple[str, ...], ip_groups: tuple[str, ...]
) -> tuple[AddressSet, list[str]]:
    total, unknown = AddressSet(), list[str]()
    members = [cidr for name in ip_groups for cidr in _members(estate, name, unknown)]
    for text in (*texts, *members):
        known = addresses_of(estate, text)
        if known is None:
            unknown.append(text)
        else:
            total |= known
    return total, unknown


def _members(estate: Estate, name: str, unknown: list[str]) -> tuple[str, ...]:
    group = estate.ip_group_by_name.get(name)
    if group is None:
        unknown.append(f"IP group {name}")
        return ()
    return group.cidrs


def destinations(
    estate: Estate, firewall: Firewall, rule: NetworkRule, assumptions: Assumptions = DEFAULTS
) -> Destinations:
    """
    Return a network rule's destinations; names are resolved as the firewall itself does.

    A firewall of the Basic tier has no names in network rules
    (learn.microsoft.com/azure/firewall/features-by-sku).
    """
    total, rest = _addresses(estate, rule.destination_addresses, rule.destination_ip_groups)
    unknowns: list[str] = []
    for text in rest:
        tag = assumptions.service_tag(text)
        if tag is None:
            unknowns.append(text if text.startswith("IP group") else f"service tag {text}")
        else:
            total |= tag
    names = rule.destination_fqdns if firewall.sku_tier != "Basic" else ()
    for name in names:
        answer = firewall_resolves(estate, firewall, name, assumptions)
        if answer.unknown:
            unknowns.append(answer.unknown)
        total |= AddressSet.of((a, a) for a in answer.addresses)
    return Destinations(total, tuple(unknowns))


def protocols(rule: NetworkRule) -> frozenset[str] | None:
    """
    Return the protocols that a network rule matches; None is every IP protocol.

    `Any` with explicit ports means TCP and UDP.
    """
    if "Any" not in rule.protocols:
        return frozenset(protocol.upper() for protocol in rule.protocols)
    return None if "*" in rule.destination_ports else frozenset({"TCP", "UDP"})


@dataclass(frozen=True, slots=True)
class NetworkMatch:
    """How the network rules decide: the first that matches, and what is left open before it."""

    placed: Placed[NetworkRule] | None
    unknowns: tuple[str, ...] = ()


def match_nat(
    estate: Estate, firewall: Firewall, packet: Packet, assumptions: Assumptions = DEFAULTS
) -> Placed[NatRule] | None:
    """Return the first DNAT rule that matches a packet to one of the firewall's addresses."""
    for placed in nat_rules(estate, firewall, assumptions):
        rule = placed.rule
        if (
            packet.protocol in {p.upper() for p in rule.protocols}
            and address_of(estate, rule.destination_address) == packet.destination_address
            and packet.destination_port in PortSet.parse_all(rule.destination_ports)
            and packet.source_address in sources(estate, rule)
            and nat_target(estate, firewall, rule, assumptions) is not None
        ):
            return placed
    return None


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
    unknowns: list[str] = []
    maybe: list[Action | None] = []
    for placed in network_rules(estate, firewall):
        rule = placed.rule
        wanted = protocols(rule)
        if wanted is not None and packet.protocol not in wanted:
            continue
        ports = PortSet.parse_all(rule.destination_ports or ("*",))
        if packet.protocol != "ICMP" and packet.destination_port not in ports:
            continue
        if packet.source_address not in sources(estate, rule):
            continue
        found = _destinations_memo(estate, firewall, placed, assumptions)
        if packet.destination_address in found.addresses:
            open_ = [u for u, a in zip(unknowns, maybe, strict=True) if a is not placed.action]
            return NetworkMatch(placed, tuple(open_))
        for name in found.unknowns:
            unknowns.append(f"{name} in {placed.path}")
            maybe.append(placed.action)
    return NetworkMatch(None, tuple(unknowns))


def _destinations_memo(
    estate: Estate, firewall: Firewall, placed: Placed[NetworkRule], assumptions: Assumptions
) -> Destinations:
    key = ("destinations", firewall.name, placed.path, id(placed.rule), assumptions.service_tags)
    if key not in estate.memo:
        estate.memo[key] = destinations(estate, firewall, placed.rule, assumptions)
    result: Destinations = estate.memo[key]
    return result


def intercept_ports(estate: Estate, firewall: Firewall) -> tuple[int, ...]:
    """Return the TCP ports whose connections the application engine answers, ascending."""
    named = {
        protocol.port
        for placed in application_rules(estate, firewall)
        for protocol in placed.rule.protocols
    }
    return tuple(sorted(named | set(ALWAYS_INTERCEPTED)))


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
    wanted = _APPLICATION_TYPES.get(application)
    unknowns: list[tuple[Action | None, str]] = []
    for placed in application_rules(estate, firewall):
        rule = placed.rule
        if not any(p.type == wanted and p.port == port for p in rule.protocols):
            continue
        if source not in sources(estate, rule):
            continue
        patterns, open_ = target_fqdns(estate, rule)
        hit = next((pattern for pattern in patterns if fqdn_matches(pattern, name)), None)
        if hit is not None:
            tag = "" if hit in rule.destination_fqdns else ", ".join(rule.destination_fqdn_tags)
            differing = tuple(text for action, text in unknowns if action is not placed.action)
            return ApplicationMatch(placed, differing, hit, tag)
        unknowns += [(placed.action, f"{item} in {placed.path}") for item in open_]
    return ApplicationMatch(None, tuple(text for _, text in unknowns))


def threat_mode(estate: Estate, firewall: Firewall) -> str:
    """Return the threat intelligence mode in force: the strictest along the policy's ancestors."""
    modes = [p.threat_intelligence_mode for p in estate.policy_chain(firewall.firewall_policy)]
    mode = max(modes, key=("Off", "Alert", "Deny").index, default="Off")
    return "Alert" if firewall.sku_tier == "Basic" and mode == "Deny" else mode


def threat_address(
    estate: Estate, firewall: Firewall, packet: Packet, assumptions: Assumptions
) -> int | None:
    """Return the address for which threat intelligence denies a packet, or None."""
    if threat_mode(estate, firewall) != "Deny":
        return None
    allowed = _threat_allowlist(
        estate, firewall, lambda policy: policy.threat_intelligence_allowlist_ip_addresses
    )
    free = _addresses(estate, allowed, ())[0]
    for address in (packet.source_address, packet.destination_address):
        if address in assumptions.threat_feed_addresses and address not in free:
            return address
    return None


def threat_name(estate: Estate, firewall: Firewall, name: str, assumptions: Assumptions) -> bool:
    """Tell whether threat intelligence denies a name."""
    if threat_mode(estate, firewall) != "Deny":
        return False
    allowed = _threat_allowlist(
        estate, firewall, lambda policy: policy.threat_intelligence_allowlist_fqdns
    )
    if any(fqdn_matches(pattern, name) for pattern in allowed):
        return False
    return name.lower() in assumptions.threat_feed_fqdns


def _threat_allowlist(
    estate: Estate, firewall: Firewall, pick: Callable[..., tuple[str, ...]]
) -> tuple[str, ...]:
    chain = estate.policy_chain(firewall.firewall_policy)
    return tuple(text for policy in chain for text in pick(policy))


def private_ranges(
    estate: Estate, firewall: Firewall, assumptions: Assumptions = DEFAULTS
) -> AddressSet:
    """Return the destinations whose network-rule traffic keeps its source address."""
    policy = estate.firewall_policy_by_name.get(firewall.firewall_policy)
    default = RFC1918
    if assumptions.private_ranges == "rfc1918+rfc6598":
        default |= RFC6598
    if policy is None or not policy.private_ip_ranges:
        return default
    total = AddressSet()
    for text in policy.private_ip_ranges:
        if text == "255.255.255.255/32":
            return AddressSet()
        total |= default if text == "IANAPrivateRanges" else AddressSet.parse(text)
    return total


def public_addresses(estate: Estate, firewall: Firewall) -> tuple[int, ...]:
    """Return the firewall's public addresses, in the order of its IP configurations."""
    found = (address_of(estate, name) for name in firewall.public_ips)
    return tuple(address for address in found if address is not None)


def instance_addresses(estate: Estate, firewall: Firewall) -> tuple[int, ...]:
    """Return the addresses that the firewall's instances use as translated sources."""
    return tuple(_instances(estate, firewall))


def _instances(estate: Estate, firewall: Firewall) -> Iterator[int]:
    for nic in estate.network_interfaces:
        if nic.kind is NicKind.FIREWALL and nic.owner == firewall.name != nic.name:
            yield nic.private_ip_address
