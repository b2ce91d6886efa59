"""Rules that follow from workloads, from the catalogue of what AKS needs, and from egress."""

from collections.abc import Iterator
from itertools import groupby

from hubwright.catalogue.egress import Requirement
from hubwright.catalogue.lifecycle import WORKLOADS_GROUP
from hubwright.model.address import AddressError, AddressSet
from hubwright.model.firewall import (
    Action,
    ApplicationProtocol,
    ApplicationRule,
    ApplicationRuleCollection,
    FirewallPolicyRuleCollectionGroup,
    NatRule,
    NatRuleCollection,
    NetworkRule,
    NetworkRuleCollection,
)
from hubwright.sources.design.draft import SERVICE_TAG, Draft
from hubwright.sources.design.expand_egress import (
    written_application_rules,
    written_network_rules,
)
from hubwright.sources.design.expand_firewall import policy_name
from hubwright.sources.design.expand_homes import Homes
from hubwright.sources.design.expand_ingress import (
    application_gateway_name,
    firewall_entry,
    frontend_address,
)
from hubwright.sources.design.expand_machines import Seat
from hubwright.sources.design.expand_needs import needs, reason
from hubwright.sources.design.expand_public_ips import exposures
from hubwright.sources.design.spans import Path

PLATFORM_GROUP = "platform"


def derived_groups(
    draft: Draft, homes: Homes, seats: tuple[Seat, ...]
) -> Iterator[FirewallPolicyRuleCollectionGroup]:
    """
    Yield the group of workloads and the group of the platform, where they hold any rule.

    Args:
        draft: With its subnets in place.
        homes: Where nodes and pods live.
        seats: The machines.
    """
    nat = (*_nat_rules(draft), *_gateway_rule(draft))
    if nat:
        yield FirewallPolicyRuleCollectionGroup(
            name=WORKLOADS_GROUP,
            firewall_policy=policy_name(draft),
            priority=100,
            nat_rule_collections=(
                NatRuleCollection(
                    name="dnat",
                    priority=100,
                    rules=nat,
                    origin=draft.origin(("workloads",), "each workload is exposed by one rule"),
                ),
            ),
            origin=draft.origin(("workloads",), "workloads are exposed through the firewall"),
        )
    network = tuple(_network_collections(draft, homes))
    application = tuple(_application_collections(draft, homes, seats))
    if network or application:
        path: Path = ("egress",) if draft.places.has(("egress",)) else ("cluster",)
        yield FirewallPolicyRuleCollectionGroup(
            name=PLATFORM_GROUP,
            firewall_policy=policy_name(draft),
            priority=200,
            network_rule_collections=network,
            application_rule_collections=application,
            origin=draft.origin(path, "what the platform needs may leave"),
        )


def _nat_rules(draft: Draft) -> Iterator[NatRule]:
    services = draft.design.workloads
    frontends = draft.frontends
    seen: dict[tuple[str, int], str] = {}
    for exposure in exposures(draft):
        workload = services[exposure.workload]
        if exposure.public_ip is None or exposure.workload not in frontends:
            continue
        at = (exposure.public_ip, workload.firewall_port or workload.port)
        other = seen.setdefault(at, exposure.workload)
        if other != exposure.workload:
            message = f"`{other}` and `{exposure.workload}` share {at[0]}:{at[1]}"
            path: Path = (*exposure.path, "public_ip")
            draft.report("DESIGN010", message, path, "give one of them another `firewall_port`")
        why = f"`{exposure.workload}` is reached at an address of the firewall"
        yield NatRule(
            name=exposure.workload,
            protocols=(workload.protocol,),
            source_addresses=("*",),
            destination_address=exposure.public_ip,
            destination_ports=(str(workload.firewall_port or workload.port),),
            translated_address=frontends[exposure.workload],
            translated_port=workload.port,
            origin=draft.origin(
                exposure.path,
                why,
                destination_address=draft.places.value((*exposure.path, "public_ip")),
                translated_address=draft.places.value((*exposure.path, "frontend")),
                translated_port=draft.places.value((*exposure.path, "port")),
            ),
        )


def _gateway_rule(draft: Draft) -> Iterator[NatRule]:
    """Yield the rule that leads to the application gateway's private frontend."""
    entry = firewall_entry(draft)
    plot = next((p for p in draft.plots.values() if p.purpose == "application-gateway"), None)
    if entry is None or plot is None:
        return
    yield NatRule(
        name=application_gateway_name(draft),
        protocols=("TCP",),
        source_addresses=("*",),
        destination_address=entry[0],
        destination_ports=("443",),
        translated_address=frontend_address(draft, plot),
        translated_port=443,
        origin=draft.origin(entry[1], "clients come through the firewall to the gateway"),
    )


def _numbered(names: list[str]) -> list[str]:
    """Return names with a number behind those that stand more than once."""
    return [f"{name}-{names[:n].count(name) + 1}" for n, name in enumerate(names)]


def _network_collections(draft: Draft, homes: Homes) -> Iterator[NetworkRuleCollection]:
    egress = draft.design.egress
    priority = 200
    for action, number, suffix in ((Action.DENY, 100, "-deny"), (Action.ALLOW, 110, "")):
        rules = tuple(written_network_rules(draft, egress, action))
        if rules:
            yield NetworkRuleCollection(
                name=f"egress-addresses{suffix}",
                priority=number,
                action=action,
                rules=rules,
                origin=draft.origin(("egress",), "what the design lets out by address"),
            )
    found = [item for item in needs(draft, homes) if item[1].kind == "network"]
    for collection, items in groupby(found, key=lambda item: item[0]):
        members = list(items)
        names = _numbered([need.feature for _, need, _, _ in members])
        yield NetworkRuleCollection(
            name=collection,
            priority=priority,
            action=Action.ALLOW,
            rules=tuple(
                _needed_network_rule(draft, name, need, sources, path)
                for name, (_, need, sources, path) in zip(names, members, strict=True)
            ),
            origin=draft.origin(members[0][3], reason(members[0][1])),
        )
        priority += 10


def _needed_network_rule(
    draft: Draft, name: str, need: Requirement, sources: tuple[str, ...], path: Path
) -> NetworkRule:
    addresses = tuple(text for text in need.destinations if not _is_name(text))
    return NetworkRule(
        name=name,
        protocols=(need.protocol,),
        source_addresses=sources,
        destination_addresses=addresses,
        destination_fqdns=tuple(text for text in need.destinations if text not in addresses),
        destination_ports=tuple(map(str, need.ports)),
        origin=draft.origin(path, reason(need)),
    )


def _is_name(text: str) -> bool:
    if SERVICE_TAG.fullmatch(text):
        return False
    try:
        AddressSet.parse(text)
    except AddressError:
        return True
    return False


def _application_collections(
    draft: Draft,
    homes: Homes,
    seats: tuple[Seat, ...],
) -> Iterator[ApplicationRuleCollection]:
    egress = draft.design.egress
    deny = tuple(written_application_rules(draft, egress, Action.DENY))
    if deny:
        yield _egress_collection(draft, "egress-fqdns-deny", 1000, Action.DENY, deny)
    priority = 1100
    found = [item for item in needs(draft, homes, seats) if item[1].kind in {"fqdn", "tag"}]
    for collection, items in groupby(found, key=lambda item: item[0]):
        members = list(items)
        names = _numbered([need.feature for _, need, _, _ in members])
        yield ApplicationRuleCollection(
            name=collection,
            priority=priority,
            action=Action.ALLOW,
            rules=tuple(
                _needed_application_rule(draft, name, need, sources, path)
                for name, (_, need, sources, path) in zip(names, members, strict=True)
            ),
            origin=draft.origin(members[0][3], reason(members[0][1])),
        )
        priority += 10
    allow = tuple(written_application_rules(draft, egress, Action.ALLOW))
    if allow:
        yield _egress_collection(draft, "egress-fqdns", 2000, Action.ALLOW, allow)


def _egress_collection(
    draft: Draft, name: str, priority: int, action: Action, rules: tuple[ApplicationRule, ...]
) -> ApplicationRuleCollection:
    return ApplicationRuleCollection(
        name=name,
        priority=priority,
        action=action,
        rules=rules,
        origin=draft.origin(("egress",), "what the design lets out by name"),
    )


def _needed_application_rule(
    draft: Draft, name: str, need: Requirement, sources: tuple[str, ...], path: Path
) -> ApplicationRule:
    is_tag = need.kind == "tag"
    return ApplicationRule(
        name=name,
        protocols=tuple(
            ApplicationProtocol(type=str(need.protocol), port=port) for port in need.ports
        ),
        source_addresses=sources,
        destination_fqdns=() if is_tag else need.destinations,
        destination_fqdn_tags=need.destinations if is_tag else (),
        origin=draft.origin(path, reason(need)),
    )
