"""Rules that follow from workloads, from the catalogue of what AKS needs, and from egress."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from hubwright.catalogue.egress import ON_MACHINES, Requirement, required
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
from hubwright.sources.design.expand_cluster import features
from hubwright.sources.design.expand_firewall import policy_name, protocols
from hubwright.sources.design.expand_homes import Homes
from hubwright.sources.design.expand_ingress import (
    application_gateway_name,
    firewall_entry,
    frontend_address,
)
from hubwright.sources.design.expand_machines import Seat, has_entra_login, has_monitor_agent
from hubwright.sources.design.expand_public_ips import exposures
from hubwright.sources.design.schema_egress import (
    AddressEgress,
    Egress,
    FqdnEgress,
    TagEgress,
)
from hubwright.sources.design.schema_machines import AgentMachine, AgentPool, AgentScaleSet
from hubwright.sources.design.spans import Path

PLATFORM_GROUP = "platform"
_FQDN_TAGS = frozenset(
    {
        "AppServiceEnvironment",
        "AzureBackup",
        "AzureHDInsight",
        "AzureKubernetesService",
        "CitrixHdxPlusForWindows365",
        "MicrosoftActiveProtectionService",
        "MicrosoftIntune",
        "Windows365",
        "WindowsDiagnostics",
        "WindowsUpdate",
        "WindowsVirtualDesktop",
        "citrixHdxPlusForWindows365",
    }
)
"""Source: learn.microsoft.com/azure/firewall/fqdn-tags (2025)."""


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


def _requirements(
    draft: Draft,
    homes: Homes,
    seats: tuple[Seat, ...] = (),
) -> Iterator[tuple[str, Requirement, tuple[str, ...], Path]]:
    """Yield collection, requirement, sources and path of what the catalogue asks for."""
    design, cluster = draft.design, draft.design.cluster
    if not design.egress.catalogue:
        return
    if cluster is not None and homes.pools and cluster.outbound_type != "none":
        own = tuple(str(prefix) for plot in homes.all for prefix in plot.prefixes)
        wanted = features(draft, cluster)
        for need in required(wanted, design.location, design.cloud, cluster.private):
            yield f"aks-{need.feature}", need, own, _feature_path(draft, need.feature)
    for feature, users in _machine_features(draft, seats).items():
        sources = tuple(dict.fromkeys(text for seat in users for text in seat.prefixes))
        for need in required((feature,), design.location, design.cloud):
            if need.feature == feature:
                yield feature, need, sources, users[0].path


def _machine_features(draft: Draft, seats: tuple[Seat, ...]) -> dict[str, list[Seat]]:
    """Return what machines need by feature of the catalogue, with the machines that need it."""
    found: dict[str, list[Seat]] = {name: [] for name in sorted(ON_MACHINES)}
    for seat in seats:
        section = seat.section
        if seat.is_agent:
            is_pool = isinstance(section, AgentPool)
            found["managed-devops-pool" if is_pool else "azure-devops-agent"].append(seat)
        if isinstance(section, (AgentMachine, AgentScaleSet, AgentPool)) and section.tools:
            found["pipeline-tools"].append(seat)
        if has_entra_login(seat):
            found["entra-login"].append(seat)
        if has_monitor_agent(draft, seat):
            found["azure-monitor-agent"].append(seat)
    return {name: users for name, users in found.items() if users}


def _feature_path(draft: Draft, feature: str) -> Path:
    cluster = draft.design.cluster
    if cluster is not None and feature in cluster.features:
        return ("cluster", "features", cluster.features.index(feature))
    return ("cluster",)


def _reason(need: Requirement) -> str:
    what = "the cluster" if need.feature == "base" else f"`{need.feature}`"
    return f"{what} needs it: {need.purpose} ({need.source}, {need.date})"


def _numbered(names: list[str]) -> list[str]:
    """Return names with a number behind those that stand more than once."""
    return [f"{name}-{names[:n].count(name) + 1}" for n, name in enumerate(names)]


def _network_collections(draft: Draft, homes: Homes) -> Iterator[NetworkRuleCollection]:
    egress = draft.design.egress
    priority = 200
    for action, number, suffix in ((Action.DENY, 100, "-deny"), (Action.ALLOW, 110, "")):
        rules = tuple(_egress_network_rules(draft, egress, action))
        if rules:
            yield NetworkRuleCollection(
                name=f"egress-addresses{suffix}",
                priority=number,
                action=action,
                rules=rules,
                origin=draft.origin(("egress",), "what the design lets out by address"),
            )
    needs = [item for item in _requirements(draft, homes) if item[1].kind == "network"]
    for collection, items in groupby(needs, key=lambda item: item[0]):
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
            origin=draft.origin(members[0][3], _reason(members[0][1])),
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
        origin=draft.origin(path, _reason(need)),
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
    deny = tuple(_egress_application_rules(draft, egress, Action.DENY))
    if deny:
        yield _egress_collection(draft, "egress-fqdns-deny", 1000, Action.DENY, deny)
    priority = 1100
    needs = [item for item in _requirements(draft, homes, seats) if item[1].kind in {"fqdn", "tag"}]
    for collection, items in groupby(needs, key=lambda item: item[0]):
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
            origin=draft.origin(members[0][3], _reason(members[0][1])),
        )
        priority += 10
    allow = tuple(_egress_application_rules(draft, egress, Action.ALLOW))
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
        origin=draft.origin(path, _reason(need)),
    )


def _egress_application_rules(
    draft: Draft, egress: Egress, action: Action
) -> Iterator[ApplicationRule]:
    for n, entry in enumerate(egress.fqdns):
        if entry.action == action:
            yield _fqdn_rule(draft, entry, ("egress", "fqdns", n))
    for n, tag_entry in enumerate(egress.tags):
        if tag_entry.action == action and _is_fqdn_tags(tag_entry.to):
            yield _fqdn_tag_rule(draft, tag_entry, ("egress", "tags", n))


def _is_fqdn_tags(tags: Iterable[str]) -> bool:
    return all(tag in _FQDN_TAGS or tag.startswith("Office365.") for tag in tags)


_FQDN_KEYS = {
    "source_addresses": "from",
    "source_ip_groups": "from",
    "destination_fqdns": "to",
    "destination_fqdn_tags": "to",
    "destination_addresses": "to",
    "destination_ip_groups": "to",
    "protocols": "protocol",
    "destination_ports": "ports",
}


def _fqdn_rule(draft: Draft, entry: FqdnEgress, path: Path) -> ApplicationRule:
    ends = draft.sources(entry.from_, (*path, "from"))
    return ApplicationRule(
        name=entry.name,
        protocols=protocols(entry.protocols),
        source_addresses=ends.addresses,
        source_ip_groups=ends.ip_groups,
        destination_fqdns=tuple(entry.to),
        origin=draft.places.resource(path, {**_FQDN_KEYS, "protocols": "protocols"}),
    )


def _fqdn_tag_rule(draft: Draft, entry: TagEgress, path: Path) -> ApplicationRule:
    ends = draft.sources(entry.from_, (*path, "from"))
    return ApplicationRule(
        name=entry.name,
        protocols=(ApplicationProtocol(type="Https", port=443),),
        source_addresses=ends.addresses,
        source_ip_groups=ends.ip_groups,
        destination_fqdn_tags=tuple(entry.to),
        origin=draft.places.resource(path, _FQDN_KEYS),
    )


def _egress_network_rules(draft: Draft, egress: Egress, action: Action) -> Iterator[NetworkRule]:
    for n, entry in enumerate(egress.addresses):
        if entry.action == action:
            path: Path = ("egress", "addresses", n)
            yield _address_rule(draft, entry, path)
    for n, tag_entry in enumerate(egress.tags):
        if tag_entry.action == action and not _is_fqdn_tags(tag_entry.to):
            path = ("egress", "tags", n)
            _check_tags(draft, tag_entry, path)
            yield _address_rule(draft, tag_entry, path)


def _check_tags(draft: Draft, entry: TagEgress, path: Path) -> None:
    for n, tag in enumerate(entry.to):
        at: Path = (*path, "to", n)
        if _is_fqdn_tags([tag]):
            message = f"`{tag}` is an FQDN tag among service tags"
            draft.report("DESIGN010", message, at, "write it as an entry of its own")
        elif not SERVICE_TAG.fullmatch(tag):
            draft.report("DESIGN006", f"`{tag[:80]}` is neither an FQDN tag nor a service tag", at)


def _address_rule(draft: Draft, entry: AddressEgress | TagEgress, path: Path) -> NetworkRule:
    ends = draft.sources(entry.from_, (*path, "from"))
    to = draft.destinations(entry.to, (*path, "to"))
    return NetworkRule(
        name=entry.name,
        protocols=(entry.protocol,),
        source_addresses=ends.addresses,
        source_ip_groups=ends.ip_groups,
        destination_addresses=to.addresses,
        destination_ip_groups=to.ip_groups,
        destination_fqdns=to.fqdns,
        destination_ports=tuple(map(str, entry.ports)),
        origin=draft.places.resource(path, _FQDN_KEYS),
    )
