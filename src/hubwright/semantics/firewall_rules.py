"""
The rules of a firewall, in the order in which Azure takes them, and where each one counts.

Sources: learn.microsoft.com/azure/firewall/rule-processing (2026-03-23),
/azure/firewall/policy-rule-sets, /azure/firewall-manager/policy-overview (2023-02).
"""

from typing import Generic, TypeVar

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressSet
from hubwright.model.estate import Estate
from hubwright.model.firewall import (
    Action,
    ApplicationRule,
    Firewall,
    FirewallPolicyRuleCollectionGroup,
    NatRule,
    NetworkRule,
)
from hubwright.model.origin import Origin
from hubwright.semantics.assigned import addresses_of
from hubwright.semantics.assumptions import DEFAULTS, Assumptions

Rule = NatRule | NetworkRule | ApplicationRule
R = TypeVar("R", NatRule, NetworkRule, ApplicationRule)


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
    key = ("network-rules", firewall.name)
    if key not in estate.memo:
        estate.memo[key] = tuple(
            Placed(rule, collection.action, group.firewall_policy, group.name, collection.name)
            for group, _ in groups(estate, firewall)
            for collection in sorted(group.network_rule_collections, key=lambda c: c.priority)
            for rule in collection.rules
        )
    result: tuple[Placed[NetworkRule], ...] = estate.memo[key]
    return result


def application_rules(estate: Estate, firewall: Firewall) -> tuple[Placed[ApplicationRule], ...]:
    """Return application rules in Azure's order."""
    key = ("application-rules", firewall.name)
    if key not in estate.memo:
        estate.memo[key] = tuple(
            Placed(rule, collection.action, group.firewall_policy, group.name, collection.name)
            for group, _ in groups(estate, firewall)
            for collection in sorted(group.application_rule_collections, key=lambda c: c.priority)
            for rule in collection.rules
        )
    result: tuple[Placed[ApplicationRule], ...] = estate.memo[key]
    return result


def sources(estate: Estate, rule: Rule) -> AddressSet:
    """Return a rule's sources; empty where its only IP groups are empty: it is skipped."""
    return _sources(estate, rule)[0]


def source_unknowns(estate: Estate, rule: Rule) -> tuple[str, ...]:
    """Return the IP groups among a rule's sources that are not in the estate."""
    return _sources(estate, rule)[1]


def _sources(estate: Estate, rule: Rule) -> tuple[AddressSet, tuple[str, ...]]:
    key = ("sources", id(rule))
    if key not in estate.memo:
        found, unknown = addresses_in(estate, rule.source_addresses, rule.source_ip_groups)
        estate.memo[key] = (rule, (found, tuple(open_end(text) for text in unknown)))
    result: tuple[AddressSet, tuple[str, ...]] = estate.memo[key][1]
    return result


def open_end(text: str) -> str:
    """Return how a text that stands for no address is named where it leaves something open."""
    return text if text.startswith("IP group") else f"service tag {text}"


def may_come_from(estate: Estate, rule: Rule, address: int) -> tuple[bool, tuple[str, ...]]:
    """Tell whether a rule may match a source, and what that hangs on; nothing: it does."""
    found, unknowns = _sources(estate, rule)
    if address in found:
        return True, ()
    return bool(unknowns), unknowns


def addresses_in(
    estate: Estate, texts: tuple[str, ...], ip_groups: tuple[str, ...]
) -> tuple[AddressSet, list[str]]:
    """Return the addresses of texts and IP groups, and what of them stands for no address."""
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
