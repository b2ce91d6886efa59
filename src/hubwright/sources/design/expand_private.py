"""Registry, vault, storage and logs, with private endpoints and private DNS."""

from collections.abc import Iterator
from dataclasses import dataclass

from hubwright.catalogue.zones import private_zone
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.origin import Origin
from hubwright.model.platform import (
    ContainerRegistry,
    KeyVault,
    LogAnalyticsWorkspace,
    StorageAccount,
)
from hubwright.model.private_access import (
    PrivateDnsZone,
    PrivateDnsZoneVirtualNetworkLink,
    PrivateEndpoint,
)
from hubwright.semantics.endpoints import API_REASON, api_endpoint, service_names
from hubwright.sources.design.draft import HUB, Draft
from hubwright.sources.design.expand_cluster import (
    Homes,
    default_pool,
    service_subnet,
)
from hubwright.sources.design.schema import Endpoint, EndpointForm, Link
from hubwright.sources.design.spans import Path

_PUBLIC_ACCESS = {"public_network_access_enabled": "public_network_access"}


def registries(draft: Draft) -> Iterator[ContainerRegistry]:
    """Yield the container registry."""
    section = draft.design.registry
    if section is None:
        return
    yield ContainerRegistry(
        name=section.name or f"acr{draft.design.name.replace('-', '')}",
        location=draft.design.location,
        sku=section.sku,
        public_network_access_enabled=section.public_network_access,
        zone_redundancy_enabled=section.zone_redundancy,
        admin_enabled=section.admin_enabled,
        georeplications=tuple(section.georeplications),
        origin=draft.places.resource(
            ("registry",), {**_PUBLIC_ACCESS, "zone_redundancy_enabled": "zone_redundancy"}
        ),
    )


def key_vaults(draft: Draft) -> Iterator[KeyVault]:
    """Yield the key vault."""
    section = draft.design.key_vault
    if section is None:
        return
    yield KeyVault(
        name=section.name or f"kv-{draft.design.name}"[:24].rstrip("-"),
        public_network_access_enabled=section.public_network_access,
        purge_protection_enabled=section.purge_protection,
        origin=draft.places.resource(
            ("key_vault",), {**_PUBLIC_ACCESS, "purge_protection_enabled": "purge_protection"}
        ),
    )


def storage_accounts(draft: Draft) -> Iterator[StorageAccount]:
    """Yield the storage account."""
    section = draft.design.storage
    if section is None:
        return
    yield StorageAccount(
        name=section.name or f"st{draft.design.name.replace('-', '')}"[:24],
        public_network_access_enabled=section.public_network_access,
        account_replication_type=section.replication,
        origin=draft.places.resource(
            ("storage",), {**_PUBLIC_ACCESS, "account_replication_type": "replication"}
        ),
    )


def workspaces(draft: Draft) -> Iterator[LogAnalyticsWorkspace]:
    """Yield the Log Analytics workspace."""
    section = draft.design.log_analytics
    if section is None:
        return
    yield LogAnalyticsWorkspace(
        name=section.name or f"log-{draft.design.name}",
        retention_in_days=section.retention_days,
        origin=draft.places.resource(("log_analytics",), {"retention_in_days": "retention_days"}),
    )


@dataclass(frozen=True, slots=True)
class _Service:
    """A service of the design that can have a private endpoint."""

    key: str
    form: EndpointForm
    target: str
    subresource: str
    fqdns: tuple[str, ...]


def api_zone(draft: Draft) -> str | None:
    """Return the private DNS zone of the API server, if it has one."""
    cluster = draft.design.cluster
    if cluster is None or not cluster.private or cluster.private_dns_zone == "none":
        return None
    return private_zone("management", draft.design.cloud, draft.design.location)


def endpoints(
    draft: Draft,
    homes: Homes,
    clusters: tuple[KubernetesCluster, ...],
    services: tuple[ContainerRegistry | KeyVault | StorageAccount, ...],
) -> Iterator[PrivateEndpoint]:
    """Yield the private endpoints: the API server's, the services', and the further ones."""
    for cluster in clusters:
        if cluster.private_cluster_enabled and homes.nodes and draft.design.cluster is not None:
            subnet = homes.of_pool(default_pool(draft.design.cluster)).id
            origin = draft.origin(("cluster",), API_REASON)
            yield api_endpoint(cluster, subnet, draft.design.cloud, origin)
    for service in _services(draft, services):
        yield from _service_endpoint(draft, service)
    for n, section in enumerate(draft.design.private_endpoints):
        path: Path = ("private_endpoints", n)
        plot = service_subnet(draft, section.subnet, path)
        if plot is not None:
            yield PrivateEndpoint(
                name=section.name,
                subnet=plot.id,
                target=section.target,
                subresource=section.subresource,
                fqdns=tuple(section.fqdns),
                private_dns_zones=tuple(section.zones),
                origin=draft.places.resource(path, {"private_dns_zones": "zones"}),
            )


def _services(
    draft: Draft, services: tuple[ContainerRegistry | KeyVault | StorageAccount, ...]
) -> Iterator[_Service]:
    cloud, design = draft.design.cloud, draft.design
    for service in services:
        match service:
            case ContainerRegistry() if design.registry:
                regions = (service.location, *service.georeplications)
                fqdns = service_names("registry", service.name, cloud, regions)
                form = design.registry.private_endpoint
                yield _Service("registry", form, service.name, "registry", fqdns)
            case KeyVault() if design.key_vault:
                fqdns = service_names("vault", service.name, cloud)
                form = design.key_vault.private_endpoint
                yield _Service("key_vault", form, service.name, "vault", fqdns)
            case StorageAccount() if design.storage:
                fqdns = service_names("blob", service.name, cloud)
                form = design.storage.private_endpoint
                yield _Service("storage", form, service.name, "blob", fqdns)
            case _:
                pass


def _service_endpoint(draft: Draft, service: _Service) -> Iterator[PrivateEndpoint]:
    if service.form is False:
        return
    path: Path = (service.key, "private_endpoint")
    section = service.form if isinstance(service.form, Endpoint) else Endpoint()
    written = isinstance(service.form, Endpoint)
    plot = service_subnet(draft, section.subnet, path if written else (service.key,))
    if plot is None:
        return
    zone = private_zone(service.subresource, draft.design.cloud)
    zones = section.zones
    if zones is None:
        zones = [zone] if zone else []
    why = "the service is reached by its private address only"
    yield PrivateEndpoint(
        name=section.name or f"pe-{service.target}",
        subnet=plot.id,
        target=service.target,
        subresource=service.subresource,
        fqdns=tuple(section.fqdns) if section.fqdns else service.fqdns,
        private_dns_zones=tuple(zones),
        origin=draft.places.resource(path, {"private_dns_zones": "zones"})
        if written
        else draft.origin((service.key,), why),
    )


def zones(draft: Draft, endpoints_: tuple[PrivateEndpoint, ...]) -> tuple[PrivateDnsZone, ...]:
    """Return the private DNS zones: what endpoints write to, then what only has links."""
    found: dict[str, Origin] = {}
    for endpoint in endpoints_:
        why = f"the records of `{endpoint.name}` stand in it"
        origin = Origin(
            source=endpoint.origin.source,
            path=endpoint.origin.path,
            span=endpoint.origin.span,
            derived=why,
        )
        for zone in endpoint.private_dns_zones:
            found.setdefault(zone, origin)
    for zone in draft.design.private_dns.links:
        found.setdefault(zone, draft.places.key(("private_dns", "links", zone)))
    return tuple(PrivateDnsZone(name=name, origin=origin) for name, origin in found.items())


def links(
    draft: Draft, zones_: tuple[PrivateDnsZone, ...]
) -> Iterator[PrivateDnsZoneVirtualNetworkLink]:
    """Yield each zone's links: wherever a resolver asks, unless the design says otherwise."""
    written = draft.design.private_dns.links
    for zone in zones_:
        forms = written.get(zone.name)
        if forms is None:
            yield from _derived_links(draft, zone)
            continue
        seen: set[str] = set()
        for n, form in enumerate(forms):
            path: Path = ("private_dns", "links", zone.name, n)
            section = form if isinstance(form, Link) else Link(virtual_network=form)
            key = draft.network_key(section.virtual_network)
            if key is None:
                known = draft.network_keys
                draft.unknown("network", section.virtual_network, known, path)
                continue
            if key in seen:
                message = f"`{zone.name}` is linked to `{key}` twice"
                draft.report("DESIGN010", message, path)
            seen.add(key)
            yield PrivateDnsZoneVirtualNetworkLink(
                name=section.name or f"link-{draft.network_name(key)}",
                private_dns_zone=zone.name,
                virtual_network=draft.network_name(key),
                resolution_policy=section.resolution_policy,
                origin=draft.places.value(path),
            )


def _derived_links(
    draft: Draft, zone: PrivateDnsZone
) -> Iterator[PrivateDnsZoneVirtualNetworkLink]:
    cluster = draft.design.cluster
    keys: tuple[str, ...] = draft.network_keys
    if (
        cluster is not None
        and cluster.private_dns_zone == "system"
        and zone.name == api_zone(draft)
    ):
        keys = (cluster.spoke,) if cluster.spoke in draft.design.spokes else ()
    for key in keys:
        name = draft.network_name(key)
        path: Path = ("hub",) if key == HUB else ("spokes", key)
        yield PrivateDnsZoneVirtualNetworkLink(
            name=f"link-{name}",
            private_dns_zone=zone.name,
            virtual_network=name,
            origin=draft.origin(path, "machines of this network resolve through it"),
        )
