"""Azure's limits on what a firewall and its policy hold: what is used, and what is left."""

from collections.abc import Iterator
from dataclasses import fields

from hubwright.catalogue import limits
from hubwright.catalogue.limits import Limit
from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.estate import Estate
from hubwright.model.firewall import (
    ApplicationRule,
    Firewall,
    FirewallPolicyRuleCollectionGroup,
    NatRule,
    NetworkRule,
)
from hubwright.model.origin import Origin
from hubwright.semantics.firewall import nat_rules, network_rules

_NEAR = 0.9
"""From this share of a limit on there is a warning."""


def over(
    owner: str, used: int, limit: Limit, at: Origin, help_: str, *, advice: bool = False
) -> Iterator[Finding]:
    """
    Yield a finding where a limit is passed, or nearly used up.

    Args:
        owner: What has the limit, in the user's names.
        used: How many it has.
        limit: How many it may have.
        at: What to edit.
        help_: The smallest edit.
        advice: Whether Azure only advises, so that passing it is a warning.
    """
    if used <= limit.value * _NEAR:
        return
    left = limit.value - used
    passed = left < 0
    verb = "advises" if advice else "allows"
    yield Finding(
        message=f"{owner} has {used:,} {limit.unit}: Azure {verb} {limit.value:,}",
        at=at,
        label=f"{-left:,} too many" if passed else f"{left:,} left",
        notes=(f"source: {limit.source} ({limit.date})",),
        help=help_,
        severity=Severity.ERROR if passed and not advice else Severity.WARNING,
    )


@rule("LIMIT001", Severity.ERROR, "a policy has too many groups or collections")
def groups(case: Case) -> Iterator[Finding]:
    """Count the rule collection groups of each policy, and the collections of each type."""
    for policy in case.estate.firewall_policies:
        own = case.estate.groups_of(policy.name)
        at = nearest(policy.origin, *(group.origin for group in own))
        yield from over(
            f"`{policy.name}`",
            len(own),
            limits.RULE_COLLECTION_GROUPS,
            at,
            "merge groups that are changed together",
        )
        for kind in ("nat", "network", "application"):
            used = sum(len(getattr(group, f"{kind}_rule_collections")) for group in own)
            yield from over(
                f"{kind} rules of `{policy.name}`",
                used,
                limits.COLLECTIONS_OF_A_TYPE,
                at,
                "merge collections of the same action",
            )


@rule("LIMIT002", Severity.ERROR, "a rule collection group is too large")
def group_size(case: Case) -> Iterator[Finding]:
    """Estimate the size of each group as Resource Manager keeps it."""
    for group in case.estate.rule_collection_groups:
        yield from over(
            f"group `{group.name}`",
            _bytes(group),
            limits.RULE_COLLECTION_GROUP_SIZE,
            nearest(group.origin),
            "split the group, or use IP groups instead of long lists of addresses",
        )


def _bytes(group: FirewallPolicyRuleCollectionGroup) -> int:
    """Return the length of a group's rules as JSON: what the limit is about, near enough."""
    kinds = (
        group.nat_rule_collections,
        group.network_rule_collections,
        group.application_rule_collections,
    )
    return sum(_length(item) for kind in kinds for one in kind for item in one.rules)


_KEY, _TEXT = 4, 3
"""Characters around a key, and around a text in a list: quotes, colon, comma."""


def _length(item: NatRule | NetworkRule | ApplicationRule) -> int:
    total = 2
    for part in fields(item):
        value = getattr(item, part.name)
        if part.name == "origin" or not value:
            continue
        texts = value if isinstance(value, tuple) else (value,)
        total += len(part.name) + _KEY + sum(len(str(text)) + _TEXT for text in texts)
    return total


@rule("LIMIT003", Severity.WARNING, "network rules have too many sources and destinations")
def pairs(case: Case) -> Iterator[Finding]:
    """Count sources times destinations over the network rules of each firewall."""
    for firewall in case.estate.firewalls:
        found = network_rules(case.estate, firewall)
        if not found:
            continue
        most = max(found, key=lambda placed: _pairs(placed.rule))
        yield from over(
            f"`{firewall.name}`",
            sum(_pairs(placed.rule) for placed in found),
            limits.NETWORK_RULE_PAIRS,
            nearest(most.origin, firewall.origin),
            f"use IP groups, which count one each: `{most.rule.name}` has {_pairs(most.rule):,}",
            advice=True,
        )


def _pairs(item: NetworkRule) -> int:
    sources = {*item.source_addresses, *item.source_ip_groups}
    destinations = {
        *item.destination_addresses,
        *item.destination_ip_groups,
        *item.destination_fqdns,
    }
    return len(sources) * len(destinations)


@rule("LIMIT004", Severity.ERROR, "a firewall has too many DNAT targets")
def targets(case: Case) -> Iterator[Finding]:
    """Count the public IPs of each firewall and the targets of its DNAT rules, together."""
    for firewall in case.estate.firewalls:
        found = nat_rules(case.estate, firewall)
        if not found or len(firewall.public_ips) > limits.FIREWALL_PUBLIC_IPS.value * _NEAR:
            continue
        unique = {
            (
                placed.rule.translated_address or placed.rule.translated_fqdn,
                placed.rule.translated_port,
                protocol,
            )
            for placed in found
            for protocol in placed.rule.protocols
        }
        yield from over(
            f"`{firewall.name}`",
            len(firewall.public_ips) + len(unique),
            limits.DNAT_TARGETS,
            nearest(*(placed.origin for placed in found[:1]), firewall.origin),
            "lead several workloads to one ingress controller, or add a firewall",
        )


@rule("LIMIT005", Severity.ERROR, "a firewall has too many public IPs")
def public_ips(case: Case) -> Iterator[Finding]:
    """Count the public IPs of each firewall."""
    for firewall in case.estate.firewalls:
        yield from over(
            f"`{firewall.name}`",
            len(firewall.public_ips),
            limits.FIREWALL_PUBLIC_IPS,
            nearest(firewall.origin.of("public_ips"), firewall.origin),
            "share addresses between workloads by port, or put a NAT gateway on its subnet",
        )


@rule("LIMIT006", Severity.ERROR, "too many IP groups, or too much in one")
def ip_groups(case: Case) -> Iterator[Finding]:
    """Count the IP groups that each firewall uses, and what is in each."""
    estate = case.estate
    for firewall in estate.firewalls:
        yield from over(
            f"`{firewall.name}`",
            len(_used_groups(estate, firewall)),
            limits.IP_GROUPS,
            nearest(firewall.origin),
            "merge IP groups that stand in the same rules",
        )
    for group in estate.ip_groups:
        yield from over(
            f"IP group `{group.name}`",
            len(group.cidrs),
            limits.IP_GROUP_ENTRIES,
            nearest(group.origin.of("cidrs"), group.origin),
            "summarise its prefixes, or split it",
        )


def _used_groups(estate: Estate, firewall: Firewall) -> set[str]:
    return {
        name
        for policy in estate.policy_chain(firewall.firewall_policy)
        for group in estate.groups_of(policy.name)
        for collections in (
            group.nat_rule_collections,
            group.network_rule_collections,
            group.application_rule_collections,
        )
        for collection in collections
        for item in collection.rules
        for name in (*item.source_ip_groups, *getattr(item, "destination_ip_groups", ()))
    }


@rule("LIMIT007", Severity.WARNING, "network rules have too many names")
def network_names(case: Case) -> Iterator[Finding]:
    """Count the names in the network rules of each firewall."""
    for firewall in case.estate.firewalls:
        found = [p for p in network_rules(case.estate, firewall) if p.rule.destination_fqdns]
        yield from over(
            f"`{firewall.name}`",
            len({name for placed in found for name in placed.rule.destination_fqdns}),
            limits.NETWORK_RULE_FQDNS,
            nearest(*(placed.origin for placed in found[:1]), firewall.origin),
            "allow HTTP and HTTPS by application rules, which have no such limit",
            advice=True,
        )
