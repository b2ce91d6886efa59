"""What only shows in the whole estate: names that clash, priorities, public IPs that lack."""

from collections.abc import Iterable
from typing import Any

from hubwright.diagnostics.diagnostic import Label
from hubwright.model.address import is_address
from hubwright.model.estate import Estate
from hubwright.model.firewall import FirewallPolicyRuleCollectionGroup
from hubwright.model.network import PublicIp
from hubwright.sources.design.draft import Draft


def check_whole(draft: Draft, estate: Estate) -> None:
    """Note what only shows in the whole: names that clash, priorities, public IPs that lack."""
    for resources in (
        estate.virtual_networks,
        estate.public_ips,
        estate.private_endpoints,
        estate.virtual_network_peerings,
        estate.route_tables,
        estate.network_security_groups,
        estate.user_assigned_identities,
        estate.federated_identity_credentials,
        estate.web_application_firewall_policies,
        estate.monitor_diagnostic_settings,
        estate.monitor_metric_alerts,
        (*estate.virtual_machines, *estate.virtual_machine_scale_sets),
    ):
        _check_names(draft, resources)
    for policy in estate.firewall_policies:
        _check_order(draft, estate.groups_of(policy.name), "rule collection group")
    for group in estate.rule_collection_groups:
        _check_order(draft, group.nat_rule_collections, "collection")
        _check_order(draft, group.network_rule_collections, "collection")
        _check_order(draft, group.application_rule_collections, "collection")
        _check_nat(draft, estate.public_ips, group)
    _check_addresses(draft, estate)
    _check_symbols(draft, estate)


def _check_names(draft: Draft, resources: Iterable[Any]) -> None:
    seen: dict[str, Any] = {}
    for resource in resources:
        earlier = seen.setdefault(resource.name.lower(), resource)
        if earlier is not resource:
            draft.report_at(
                "DESIGN010",
                f"the name `{resource.name}` is taken",
                resource.origin.of("name"),
                "give one of the two another name",
                (Label(earlier.origin, "taken here"),),
            )


def _check_order(draft: Draft, items: tuple[Any, ...], what: str) -> None:
    by_priority: dict[int, Any] = {}
    by_name: dict[str, Any] = {}
    for item in items:
        earlier = by_priority.setdefault(item.priority, item)
        if earlier is not item:
            draft.report_at(
                "DESIGN010",
                f"{what}s `{earlier.name}` and `{item.name}` share priority {item.priority}",
                item.origin.of("priority"),
                "give each its own: equal ones have no order",
                (Label(earlier.origin.of("priority"), f"`{earlier.name}` has it"),),
            )
        earlier = by_name.setdefault(item.name.lower(), item)
        if earlier is not item:
            draft.report_at(
                "DESIGN010", f"two {what}s are called `{item.name}`", item.origin.of("name")
            )


def _check_nat(
    draft: Draft, known: tuple[PublicIp, ...], group: FirewallPolicyRuleCollectionGroup
) -> None:
    names = {item.name for item in known}
    for collection in group.nat_rule_collections:
        for rule in collection.rules:
            for argument in ("destination_address", "translated_address"):
                text: str | None = getattr(rule, argument)
                if text is not None and not is_address(text) and text not in names:
                    draft.report_at(
                        "DESIGN008",
                        f"`{text[:80]}` is neither an address nor a public IP of the design",
                        rule.origin.of(argument),
                    )


def _check_addresses(draft: Draft, estate: Estate) -> None:
    """No two machines or frontends may ask for one address."""
    seen: dict[str, Any] = {}
    asked: list[tuple[str, Any, str]] = [
        (m.private_ip_address, m, "private_ip_address")
        for m in estate.virtual_machines
        if m.private_ip_address
    ]
    asked += [
        (g.private_ip_address, g, "private_ip_address")
        for g in estate.application_gateways
        if g.private_ip_address
    ]
    asked += [
        (s.frontend, s, "frontend")
        for s in estate.kubernetes_services
        if s.load_balancer == "internal"
    ]
    ports: dict[tuple[str, int], Any] = {}
    for service in estate.kubernetes_services:
        earlier = ports.setdefault((service.frontend, service.port), service)
        if earlier is not service:
            draft.report_at(
                "DESIGN010",
                f"`{earlier.name}` and `{service.name}` share {service.frontend}:{service.port}",
                service.origin.of("frontend"),
            )
    for address, owner, argument in asked:
        earlier = seen.setdefault(address, owner)
        if earlier is not owner and type(earlier) is not type(owner):
            draft.report_at(
                "DESIGN010",
                f"`{earlier.name}` and `{owner.name}` both take {address}",
                owner.origin.of(argument),
            )


def _check_symbols(draft: Draft, estate: Estate) -> None:
    """Every `pip:<name>` must be a public IP of the design."""
    names = {item.name for item in estate.public_ips}
    for cluster in estate.kubernetes_clusters:
        for n, text in enumerate(cluster.authorized_ip_ranges):
            if not text.replace(".", "").replace("/", "").isdigit() and text not in names:
                draft.unknown("public IP", text, names, ("cluster", "authorized_ip_ranges", n))
    for table in estate.route_tables:
        for route in table.routes:
            text = route.address_prefix
            name = text.removeprefix("pip:").removesuffix("/32")
            if text.startswith("pip:") and name not in names:
                message = f"there is no public IP `{name[:80]}`"
                draft.report_at("DESIGN008", message, route.origin.of("address_prefix"))
    for group in estate.network_security_groups:
        for rule in group.security_rules:
            for argument in ("source_address_prefixes", "destination_address_prefixes"):
                for text in getattr(rule, argument):
                    if text.startswith("pip:") and text.removeprefix("pip:") not in names:
                        message = f"there is no public IP `{text[4:84]}`"
                        draft.report_at("DESIGN008", message, rule.origin.of(argument))
