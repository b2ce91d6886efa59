"""The order of a firewall's rules: what hides what."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.needs import lost_names
from hubwright.engines.verify.places import HOSTS, nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.targets import reaches_everything
from hubwright.model.address import AddressSet, PortSet
from hubwright.model.estate import Estate
from hubwright.model.firewall import (
    Action,
    ApplicationRule,
    ApplicationRuleCollection,
    Firewall,
    FirewallPolicyRuleCollectionGroup,
    NatRule,
    NatRuleCollection,
    NetworkRule,
    NetworkRuleCollection,
)
from hubwright.model.flow import Trace
from hubwright.semantics.assigned import addresses_of
from hubwright.semantics.firewall import (
    Placed,
    application_rules,
    network_rules,
    protocols,
    sources,
)

UNLISTED = "not-on-the-list.example.com"
"""A name that no allow-list holds."""
Item = TypeVar("Item", NatRule, NetworkRule, ApplicationRule)


def hidden_by(case: Case, firewall: Firewall) -> dict[str, list[Placed[ApplicationRule]]]:
    """Return the paths of network rules that hide application rules -> those, in order."""
    key = ("verify.hidden", firewall.name)
    if key not in case.estate.memo:
        case.estate.memo[key] = _hidden_by(case.estate, firewall)
    result: dict[str, list[Placed[ApplicationRule]]] = case.estate.memo[key]
    return result


def _hidden_by(estate: Estate, firewall: Firewall) -> dict[str, list[Placed[ApplicationRule]]]:
    wide = [
        placed
        for placed in network_rules(estate, firewall)
        if _takes_tcp(placed.rule) and reaches_everything(estate, placed.rule)
    ]
    out: dict[str, list[Placed[ApplicationRule]]] = {}
    for application in application_rules(estate, firewall):
        wanted = PortSet.of((p.port, p.port) for p in application.rule.protocols)
        for placed in wide:
            ports = PortSet.parse_all(placed.rule.destination_ports or ("*",))
            mine, theirs = sources(estate, application.rule), sources(estate, placed.rule)
            if wanted.overlaps(ports) and mine.overlaps(theirs):
                out.setdefault(placed.path, []).append(application)
                break
    return out


def _takes_tcp(item: NetworkRule) -> bool:
    wanted = protocols(item)
    return wanted is None or "TCP" in wanted


def hosts_in(estate: Estate, space: AddressSet) -> Iterator[str]:
    """Yield a machine of each subnet whose address is in a set."""
    seen: set[str] = set()
    for nic in estate.network_interfaces:
        if nic.kind in HOSTS and nic.private_ip_address in space and nic.subnet not in seen:
            seen.add(nic.subnet)
            yield nic.name


def host_in(estate: Estate, space: AddressSet) -> str | None:
    """Return a machine whose address is in a set, or None."""
    found = (n for n in estate.network_interfaces if n.kind in HOSTS)
    return next((nic.name for nic in found if nic.private_ip_address in space), None)


@rule("AFW001", Severity.ERROR, "a network rule hides application rules")
def hides_applications(case: Case) -> Iterator[Finding]:
    """Find network rules to everywhere on the ports of application rules."""
    for firewall in case.estate.firewalls:
        by_path = {placed.path: placed for placed in network_rules(case.estate, firewall)}
        for path, hidden in hidden_by(case, firewall).items():
            placed = by_path[path]
            allows = placed.action is Action.ALLOW
            names = [f"`{item.rule.name}`" for item in hidden]
            shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if names[6:] else "")
            verb = "allows" if allows else "denies"
            yield Finding(
                message=(
                    f"network rule `{placed.rule.name}` {verb} everything before "
                    f"{len(names)} application rule{'s' if names[1:] else ''} can look at it"
                ),
                at=nearest(
                    placed.rule.origin.of("destination_addresses"),
                    placed.rule.origin.of("to"),
                    placed.rule.origin,
                ),
                label=f"{', '.join(placed.rule.protocols)} to every address",
                notes=(
                    "network rules come before application rules, whatever the priorities",
                    f"never reached: {shown}",
                    *_missing(case, placed),
                ),
                help=(
                    "name the destinations that need a network rule, and leave HTTP and HTTPS to "
                    "application rules"
                ),
                trace=_past(case, placed, hidden),
            )


def _missing(case: Case, placed: Placed[NetworkRule]) -> Iterator[str]:
    """Tell what clusters need and no application rule allows: it shows once the rule is gone."""
    if placed.action is not Action.ALLOW:
        return
    narrowed = Case(_without(case.estate, placed.rule), case.assumptions)
    for cluster in case.estate.kubernetes_clusters:
        lost = lost_names(narrowed, cluster)
        if lost:
            yield f"no application rule allows what `{cluster.name}` needs: {', '.join(lost)}"


def _without(estate: Estate, item: NetworkRule) -> Estate:
    """Return the estate without a network rule, and without those that go by service tags."""

    def kept(rule_: NetworkRule) -> bool:
        spaces = (addresses_of(estate, text) for text in rule_.destination_addresses)
        return rule_ != item and all(space is not None for space in spaces)

    groups = tuple(
        replace(
            group,
            network_rule_collections=tuple(
                replace(collection, rules=tuple(filter(kept, collection.rules)))
                for collection in group.network_rule_collections
            ),
        )
        for group in estate.rule_collection_groups
    )
    return replace(estate, rule_collection_groups=groups)


def _past(
    case: Case, placed: Placed[NetworkRule], hidden: list[Placed[ApplicationRule]]
) -> Trace | None:
    """Return a walk that the network rule decides although application rules speak of it."""
    space = sources(case.estate, placed.rule)
    allows = placed.action is Action.ALLOW
    for item in hidden:
        plain = [name for name in item.rule.destination_fqdns if "*" not in name]
        for host in hosts_in(case.estate, sources(case.estate, item.rule) & space):
            for name in [UNLISTED] if allows else plain[:1]:
                for protocol in item.rule.protocols:
                    walk = case.http if protocol.type == "Http" else case.https
                    trace = walk(host, name, protocol.port)
                    if trace is not None and trace.meets(placed.path):
                        return trace
    return None


@rule("AFW003", Severity.WARNING, "two groups or collections have the same priority")
def same_priority(case: Case) -> Iterator[Finding]:
    """Find equal priorities among a policy's groups, and among a group's collections of a type."""
    for policy in case.estate.firewall_policies:
        yield from _same(case.estate.groups_of(policy.name), "groups", policy.name)
    for group in case.estate.rule_collection_groups:
        yield from _same(group.nat_rule_collections, "collections", group.name)
        yield from _same(group.network_rule_collections, "collections", group.name)
        yield from _same(group.application_rule_collections, "collections", group.name)


Ranked = (
    FirewallPolicyRuleCollectionGroup
    | NatRuleCollection
    | NetworkRuleCollection
    | ApplicationRuleCollection
)


def _same(items: Sequence[Ranked], what: str, owner: str) -> Iterator[Finding]:
    first: dict[int, Ranked] = {}
    for item in items:
        other = first.setdefault(item.priority, item)
        if other is item:
            continue
        yield Finding(
            message=f"{what} `{other.name}` and `{item.name}` of `{owner}` have the same priority",
            at=nearest(item.origin.of("priority"), item.origin),
            label=f"{item.priority}",
            causes=((nearest(other.origin.of("priority"), other.origin), "the same"),),
            notes=("which of two equals Azure takes first is not documented",),
            help="give each its own priority",
        )


@rule("AFW007", Severity.WARNING, "DNAT rules in a parent policy")
def parent_dnat(case: Case) -> Iterator[Finding]:
    """Find DNAT collections in policies that others inherit from."""
    estate = case.estate
    parents = {policy.base_policy for policy in estate.firewall_policies}
    for group in estate.rule_collection_groups:
        for collection in group.nat_rule_collections:
            if group.firewall_policy not in parents:
                continue
            yield Finding(
                message=(
                    f"DNAT collection `{collection.name}` stands in parent policy "
                    f"`{group.firewall_policy}`"
                ),
                at=nearest(collection.origin.of("name"), collection.origin, group.origin),
                label="whether children inherit it is documented both ways",
                notes=(
                    (
                        "the policy page (2023) says that DNAT rules are not inherited, the rule "
                        "processing page (2026) shows them inherited"
                    ),
                ),
                help="move it to the policy of the firewall whose address it names",
            )
