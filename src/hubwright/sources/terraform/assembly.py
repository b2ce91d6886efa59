"""Puts the families together into one estate, and closes what would lead out of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate
from hubwright.model.network import VirtualNetwork
from hubwright.model.origin import Origin
from hubwright.model.private_access import (
    PrivateDnsZone,
    PrivateDnsZoneVirtualNetworkLink,
    PrivateEndpoint,
)
from hubwright.semantics.endpoints import API_REASON, api_endpoint, api_zone
from hubwright.sources.terraform import (
    classic,
    cluster,
    dns_resolver,
    filters,
    firewall,
    ingress,
    monitor,
    network,
    platform,
    private_access,
    roles,
    services,
)
from hubwright.sources.terraform.facts import Facts
from hubwright.sources.terraform.stand_ins import with_stand_ins
from hubwright.sources.terraform.values import Reader
from hubwright.sources.terraform.version import cloud_of

TYPES = frozenset().union(
    *(
        module.TYPES
        for module in (
            classic,
            cluster,
            dns_resolver,
            filters,
            firewall,
            ingress,
            monitor,
            network,
            platform,
            private_access,
            roles,
        )
    )
)
"""Every resource type that a part of the estate is made from."""
_STUB = "only its name is in the plan: what lies in it is not known"


def assemble(reader: Reader) -> Estate:
    """Return the estate of a plan, before addresses are assigned."""
    facts = Facts.of(reader.plan)
    cloud = facts.cloud or cloud_of(reader.plan)
    subnets = tuple(network.subnets(reader))
    firewalls = tuple(firewall.firewalls(reader, {item.id for item in subnets}))
    clusters = tuple(facts.cluster(item) for item in cluster.clusters(reader))
    estate = Estate(
        name=facts.name or Path(reader.plan.source).stem or "plan",
        location=facts.location,
        cloud=cloud,
        hub=facts.hub or next((item.virtual_network for item in firewalls), ""),
        tags=facts.tags,
        resource_groups=tuple(roles.resource_groups(reader)),
        network_ddos_protection_plans=tuple(platform.ddos_plans(reader)),
        virtual_networks=tuple(network.virtual_networks(reader)),
        subnets=subnets,
        virtual_network_peerings=tuple(network.peerings(reader)),
        route_tables=tuple(filters.route_tables(reader)),
        network_security_groups=tuple(filters.security_groups(reader)),
        public_ips=tuple(platform.public_ips(reader)),
        nat_gateways=tuple(filters.nat_gateways(reader)),
        network_watcher_flow_logs=tuple(monitor.flow_logs(reader)),
        ip_groups=tuple(firewall.ip_groups(reader)),
        firewalls=firewalls,
        firewall_policies=(*firewall.policies(reader), *classic.policies(reader)),
        rule_collection_groups=(
            *firewall.rule_collection_groups(reader),
            *classic.groups(reader),
        ),
        bastion_hosts=tuple(platform.bastions(reader)),
        virtual_machines=tuple(map(facts.machine, platform.machines(reader))),
        virtual_machine_scale_sets=tuple(platform.scale_sets(reader)),
        managed_devops_pools=tuple(platform.devops_pools(reader)),
        user_assigned_identities=tuple(roles.identities(reader)),
        role_assignments=tuple(roles.assignments(reader)),
        federated_identity_credentials=tuple(roles.credentials(reader)),
        kubernetes_clusters=clusters,
        node_pools=tuple(cluster.node_pools(reader)),
        web_application_firewall_policies=tuple(ingress.policies(reader)),
        application_gateways=tuple(ingress.gateways(reader)),
        application_load_balancers=tuple(ingress.balancers(reader)),
        container_registries=tuple(platform.registries(reader)),
        key_vaults=tuple(platform.key_vaults(reader)),
        storage_accounts=tuple(platform.storage_accounts(reader)),
        log_analytics_workspaces=tuple(platform.workspaces(reader)),
        monitor_diagnostic_settings=tuple(monitor.settings(reader)),
        monitor_data_collection_rules=tuple(monitor.collection_rules(reader)),
        monitor_workspaces=tuple(monitor.metrics_workspaces(reader)),
        monitor_metric_alerts=tuple(monitor.alerts(reader)),
        monitor_private_link_scopes=tuple(monitor.link_scopes(reader)),
        private_endpoints=tuple(private_access.endpoints(reader, cloud)),
        private_dns_zones=tuple(private_access.zones(reader)),
        private_dns_zone_virtual_network_links=tuple(private_access.links(reader)),
        private_dns_a_records=tuple(private_access.records(reader)),
        private_dns_resolvers=tuple(dns_resolver.resolvers(reader)),
        private_dns_resolver_inbound_endpoints=tuple(dns_resolver.inbound_endpoints(reader)),
        private_dns_resolver_outbound_endpoints=tuple(dns_resolver.outbound_endpoints(reader)),
        dns_forwarding_rulesets=tuple(dns_resolver.rulesets(reader)),
        dns_forwarding_rules=tuple(dns_resolver.rules(reader)),
        dns_forwarding_virtual_network_links=tuple(dns_resolver.links(reader)),
        origin=Origin(source=reader.plan.source),
    )
    estate = replace(estate, location=estate.location or _location(estate))
    estate = _with_api_servers(_closed(estate))
    estate = replace(estate, kubernetes_services=services.services(reader.plan, estate))
    return with_stand_ins(replace(estate, unknowns=tuple(reader.unknowns.values())))


def _location(estate: Estate) -> str:
    """Return the region of the hub, or that of most networks."""
    hub = estate.virtual_network_by_name.get(estate.hub)
    if hub is not None and hub.location:
        return hub.location
    found = Counter(item.location for item in estate.virtual_networks if item.location)
    return found.most_common(1)[0][0] if found else ""


def _closed(estate: Estate) -> Estate:
    """Return the estate with a network for every name that something lies in or leads to."""
    known = estate.virtual_network_by_name
    named: dict[str, Origin] = {}
    for subnet in estate.subnets:
        named.setdefault(subnet.virtual_network, subnet.origin)
    for peering in estate.virtual_network_peerings:
        named.setdefault(peering.virtual_network, peering.origin)
        named.setdefault(
            peering.remote_virtual_network, peering.origin.of("remote_virtual_network")
        )
    for link in estate.private_dns_zone_virtual_network_links:
        named.setdefault(link.virtual_network, link.origin)
    for follower in estate.dns_forwarding_virtual_network_links:
        named.setdefault(follower.virtual_network, follower.origin)
    for item in estate.firewalls:
        named.setdefault(item.virtual_network, item.origin)
    for host in estate.bastion_hosts:
        named.setdefault(host.virtual_network, host.origin)
    stubs = tuple(
        VirtualNetwork(
            name=name,
            location=estate.location,
            address_space=tuple(p for s in estate.subnets_of(name) for p in s.address_prefixes),
            origin=replace(origin, derived=_STUB),
        )
        for name, origin in named.items()
        if name not in known
    )
    return replace(estate, virtual_networks=(*estate.virtual_networks, *stubs))


def _with_api_servers(estate: Estate) -> Estate:
    """Return the estate with what AKS makes for its private API servers."""
    endpoints: list[PrivateEndpoint] = []
    zones: list[PrivateDnsZone] = []
    links: list[PrivateDnsZoneVirtualNetworkLink] = []
    for item, subnet in _private_clusters(estate):
        origin = replace(item.origin, derived=API_REASON)
        endpoints.append(api_endpoint(item, subnet, estate.cloud, origin))
        zone = api_zone(item, estate.cloud)
        if item.private_dns_zone == "System" and zone:
            zones.append(PrivateDnsZone(name=zone, made_by_platform=True, origin=origin))
            home = subnet.partition("/")[0]
            links.append(
                PrivateDnsZoneVirtualNetworkLink(
                    name=f"link-{home}", private_dns_zone=zone, virtual_network=home, origin=origin
                )
            )
    names = {zone.name for zone in estate.private_dns_zones}
    return replace(
        estate,
        private_endpoints=(*endpoints, *estate.private_endpoints),
        private_dns_zones=(
            *estate.private_dns_zones,
            *{zone.name: zone for zone in zones if zone.name not in names}.values(),
        ),
        private_dns_zone_virtual_network_links=(
            *estate.private_dns_zone_virtual_network_links,
            *links,
        ),
    )


def _private_clusters(estate: Estate) -> Iterator[tuple[KubernetesCluster, str]]:
    """Yield the private clusters, with the subnet of the default pool."""
    for item in estate.kubernetes_clusters:
        pools = [pool for pool in estate.node_pools if pool.cluster == item.name]
        home = next((pool.subnet for pool in pools if pool.is_default), "")
        if item.private_cluster_enabled and home in estate.subnet_by_id:
            yield item, home
