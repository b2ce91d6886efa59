"""The design, expanded into the complete estate."""

from dataclasses import replace

from hubwright.diagnostics.diagnostic import Diagnostic
from hubwright.model.cluster import KubernetesService
from hubwright.model.estate import Estate
from hubwright.sources.design.checks_whole import check_whole
from hubwright.sources.design.draft import Draft
from hubwright.sources.design.expand_cluster import clusters, node_pools
from hubwright.sources.design.expand_delegations import (
    Special,
    check_alone,
    find_specials,
    gateway_of,
)
from hubwright.sources.design.expand_dns import links, zones
from hubwright.sources.design.expand_endpoints import api_zone, endpoints
from hubwright.sources.design.expand_filters import attach
from hubwright.sources.design.expand_firewall import (
    bastion_hosts,
    firewall,
    ip_groups,
    parent_groups,
    policies,
    written_groups,
)
from hubwright.sources.design.expand_groups import in_groups, resource_groups
from hubwright.sources.design.expand_homes import Homes, find_homes
from hubwright.sources.design.expand_identity import credentials, identities
from hubwright.sources.design.expand_ingress import (
    application_gateways,
    load_balancers,
    waf_policies,
)
from hubwright.sources.design.expand_intents import check_intents, intents
from hubwright.sources.design.expand_machines import (
    Seat,
    find_seats,
    machines,
    managed_pools,
    scale_sets,
)
from hubwright.sources.design.expand_monitor import (
    alerts,
    collection_rules,
    diagnostic_settings,
    flow_logs,
    private_link_scopes,
)
from hubwright.sources.design.expand_network import (
    bastion_of,
    ddos_plans,
    peerings,
    plan_addresses,
    virtual_networks,
)
from hubwright.sources.design.expand_order import in_order
from hubwright.sources.design.expand_platform import (
    key_vaults,
    monitor_workspaces,
    registries,
    storage_accounts,
    workspaces,
)
from hubwright.sources.design.expand_public_ips import firewall_public_ips, public_ips
from hubwright.sources.design.expand_roles import role_assignments
from hubwright.sources.design.expand_rules import derived_groups
from hubwright.sources.design.expand_security import Surroundings
from hubwright.sources.design.expand_services import services
from hubwright.sources.design.schema import Design
from hubwright.sources.design.schema_machines import AgentPool, Machine
from hubwright.sources.design.spans import Path, Places


def expand(design: Design, places: Places) -> tuple[Estate, list[Diagnostic]]:
    """
    Return everything that follows from a design, and what is wrong with it.

    The estate is complete but for what Azure assigns (`semantics.assigned`); with any diagnostic
    it may lack resources, and must not be used.
    """
    draft = Draft(design, places)
    plan_addresses(draft)
    specials = find_specials(draft)
    homes = find_homes(draft)
    seats = find_seats(draft)
    estate = _resources(draft, homes, seats, specials)
    check_alone(draft, specials, _guests(homes, seats, estate))
    estate = in_groups(draft, estate)
    estate = replace(
        estate,
        role_assignments=role_assignments(draft, estate, homes, seats),
        federated_identity_credentials=tuple(credentials(draft)),
        network_watcher_flow_logs=tuple(flow_logs(draft, estate)),
        monitor_diagnostic_settings=tuple(diagnostic_settings(draft, estate)),
    )
    estate = in_order(replace(estate, intents=tuple(intents(draft))))
    check_whole(draft, estate)
    check_intents(draft, estate)
    return estate, draft.problems


def _resources(
    draft: Draft, homes: Homes, seats: tuple[Seat, ...], specials: tuple[Special, ...]
) -> Estate:
    """Return every resource but what only follows from all others."""
    design = draft.design
    afw_ips = tuple(firewall_public_ips(draft))
    exposed = tuple(services(draft, homes))
    draft.frontends.update({service.name: service.frontend for service in exposed})
    attachments = attach(draft, _surroundings(draft, homes, seats, specials, exposed))
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
        resource_groups=resource_groups(draft),
        network_ddos_protection_plans=tuple(ddos_plans(draft)),
        virtual_networks=virtual_networks(draft),
        subnets=tuple(attachments.subnets),
        virtual_network_peerings=tuple(peerings(draft)),
        route_tables=tuple(attachments.route_tables.values()),
        network_security_groups=tuple(attachments.security_groups.values()),
        public_ips=public_ips(draft, seats, nat_gateways),
        nat_gateways=nat_gateways,
        ip_groups=ip_groups(draft),
        firewalls=(firewall(draft, afw_ips),),
        firewall_policies=tuple(policies(draft)),
        rule_collection_groups=(
            *parent_groups(draft),
            *derived_groups(draft, homes, seats),
            *written_groups(draft),
        ),
        bastion_hosts=tuple(bastion_hosts(draft)),
        virtual_machines=tuple(machines(draft, seats)),
        virtual_machine_scale_sets=tuple(scale_sets(draft, seats)),
        managed_devops_pools=tuple(managed_pools(draft, seats)),
        user_assigned_identities=tuple(identities(draft)),
        kubernetes_clusters=aks,
        node_pools=tuple(node_pools(draft, homes)),
        kubernetes_services=exposed,
        web_application_firewall_policies=tuple(waf_policies(draft)),
        application_gateways=tuple(application_gateways(draft, specials)),
        application_load_balancers=tuple(load_balancers(draft, specials)),
        container_registries=acr,
        key_vaults=kv,
        storage_accounts=st,
        log_analytics_workspaces=tuple(workspaces(draft)),
        monitor_workspaces=tuple(monitor_workspaces(draft)),
        monitor_private_link_scopes=tuple(private_link_scopes(draft)),
        private_endpoints=private,
        private_dns_zones=dns_zones,
        private_dns_zone_virtual_network_links=tuple(links(draft, dns_zones)),
        origin=draft.places.key(("name",)),
    )
    return replace(
        estate,
        monitor_data_collection_rules=tuple(collection_rules(draft, estate)),
        monitor_metric_alerts=tuple(alerts(draft, estate)),
    )


def _surroundings(
    draft: Draft,
    homes: Homes,
    seats: tuple[Seat, ...],
    specials: tuple[Special, ...],
    exposed: tuple[KubernetesService, ...],
) -> Surroundings:
    gateway = gateway_of(draft)
    is_open = gateway is not None and not gateway[0].behind_firewall
    return Surroundings(
        node_subnets=frozenset(plot.id for plot in homes.nodes),
        machine_subnets=frozenset(seat.plot.id for seat in seats),
        windows_subnets=frozenset(
            seat.plot.id
            for seat in seats
            if isinstance(seat.section, Machine) and seat.section.os == "Windows"
        ),
        bastion=bastion_of(draft) is not None,
        firewall_public_ips=tuple(firewall_public_ips(draft)),
        open_gateways=frozenset(
            special.plot.id
            for special in specials
            if special.purpose == "application-gateway" and is_open
        ),
        public_frontends=_public_frontends(exposed),
    )


def _guests(homes: Homes, seats: tuple[Seat, ...], estate: Estate) -> dict[str, Path]:
    """Return what lives in each subnet, with the path of one of its tenants."""
    found: dict[str, Path] = {}
    for name, nodes, pods in homes.pools:
        found.setdefault(nodes.id, ("cluster", "pools", name, "subnet"))
        if pods is not None:
            found.setdefault(pods.id, ("cluster", "pools", name, "pod_subnet"))
    for seat in seats:
        if not isinstance(seat.section, AgentPool):
            found.setdefault(seat.plot.id, seat.path)
    for endpoint in estate.private_endpoints:
        if not endpoint.made_by_platform:
            parts = endpoint.origin.path.split(".")
            found.setdefault(endpoint.subnet, tuple(parts))
    return found


def _public_frontends(
    exposed: tuple[KubernetesService, ...],
) -> tuple[tuple[str, str, int, Path], ...]:
    return tuple(
        (service.name, service.frontend, service.port, ("workloads", service.name))
        for service in exposed
        if service.load_balancer == "public"
    )
