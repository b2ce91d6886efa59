"""The design, expanded into the complete estate."""

from collections.abc import Iterable
from typing import Any

from hubwright.diagnostics.diagnostic import Diagnostic, Label
from hubwright.model.address import is_address
from hubwright.model.cluster import KubernetesService
from hubwright.model.estate import Estate
from hubwright.model.firewall import FirewallPolicyRuleCollectionGroup
from hubwright.model.network import PublicIp
from hubwright.sources.design.draft import Draft
from hubwright.sources.design.expand_cluster import (
    Homes,
    clusters,
    find_homes,
    machine_plots,
    machines,
    node_pools,
    services,
)
from hubwright.sources.design.expand_filters import attach
from hubwright.sources.design.expand_firewall import (
    bastion_hosts,
    firewall,
    ip_groups,
    parent_groups,
    policies,
    written_groups,
)
from hubwright.sources.design.expand_network import (
    bastion_of,
    peerings,
    plan_addresses,
    virtual_networks,
)
from hubwright.sources.design.expand_private import (
    api_zone,
    endpoints,
    key_vaults,
    links,
    registries,
    storage_accounts,
    workspaces,
    zones,
)
from hubwright.sources.design.expand_public_ips import firewall_public_ips, public_ips
from hubwright.sources.design.expand_rules import derived_groups
from hubwright.sources.design.expand_security import Surroundings
from hubwright.sources.design.schema import Design
from hubwright.sources.design.spans import Path, Places


def expand(design: Design, places: Places) -> tuple[Estate, list[Diagnostic]]:
    """
    Return everything that follows from a design, and what is wrong with it.

    The estate is complete but for what Azure assigns (`semantics.assigned`); with any diagnostic
    it may lack resources, and must not be used.
    """
    draft = Draft(design, places)
    plan_addresses(draft)
    homes = find_homes(draft)
    plots = machine_plots(draft)
    afw_ips = tuple(firewall_public_ips(draft))
    exposed = tuple(services(draft, homes))
    draft.frontends.update({service.name: service.frontend for service in exposed})
    attachments = attach(
        draft,
        Surroundings(
            node_subnets=frozenset(plot.id for plot in homes.nodes),
            machine_subnets=frozenset(plot.id for _, _, _, plot in plots),
            bastion=bastion_of(draft) is not None,
            firewall_public_ips=afw_ips,
            public_frontends=_public_frontends(exposed),
        ),
    )
    nat_gateways = tuple(attachments.nat_gateways.values())
    aks = tuple(clusters(draft, afw_ips, api_zone(draft)))
    acr, kv, st = (
        tuple(registries(draft)),
        tuple(key_vaults(draft)),
        tuple(storage_accounts(draft)),
    )
    private = tuple(endpoints(draft, homes, aks, (*acr, *kv, *st)))
    dns_zones = zones(draft, private)
    estate = Estate(
        name=design.name,
        location=design.location,
        cloud=design.cloud,
        hub=draft.hub_name,
        tags=dict(design.tags),
        virtual_networks=virtual_networks(draft),
        subnets=tuple(attachments.subnets),
        virtual_network_peerings=tuple(peerings(draft)),
        route_tables=tuple(attachments.route_tables.values()),
        network_security_groups=tuple(attachments.security_groups.values()),
        public_ips=public_ips(draft, tuple(row[:3] for row in plots), nat_gateways),
        nat_gateways=nat_gateways,
        ip_groups=ip_groups(draft),
        firewalls=(firewall(draft, afw_ips),),
        firewall_policies=tuple(policies(draft)),
        rule_collection_groups=_groups(draft, homes, plots),
        bastion_hosts=tuple(bastion_hosts(draft)),
        virtual_machines=tuple(machines(draft, plots)),
        kubernetes_clusters=aks,
        node_pools=tuple(node_pools(draft, homes)),
        kubernetes_services=exposed,
        container_registries=acr,
        key_vaults=kv,
        storage_accounts=st,
        log_analytics_workspaces=tuple(workspaces(draft)),
        private_endpoints=private,
        private_dns_zones=dns_zones,
        private_dns_zone_virtual_network_links=tuple(links(draft, dns_zones)),
        origin=places.key(("name",)),
    )
    _check(draft, estate)
    return estate, draft.problems


def _public_frontends(
    exposed: tuple[KubernetesService, ...],
) -> tuple[tuple[str, str, int, Path], ...]:
    return tuple(
        (service.name, service.frontend, service.port, ("workloads", service.name))
        for service in exposed
        if service.load_balancer == "public"
    )


def _groups(
    draft: Draft, homes: Homes, plots: tuple[Any, ...]
) -> tuple[FirewallPolicyRuleCollectionGroup, ...]:
    agents = tuple(
        (name, tuple(str(prefix) for prefix in plot.prefixes), path)
        for _, name, path, plot in plots
        if path[0] == "agents"
    )
    return (
        *parent_groups(draft),
        *derived_groups(draft, homes, agents),
        *written_groups(draft),
    )


def _check(draft: Draft, estate: Estate) -> None:
    """Note what only shows in the whole: names that clash, priorities, public IPs that lack."""
    for resources in (
        estate.virtual_networks,
        estate.public_ips,
        estate.virtual_machines,
        estate.private_endpoints,
        estate.virtual_network_peerings,
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
