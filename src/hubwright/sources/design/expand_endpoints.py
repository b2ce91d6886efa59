"""Private endpoints: the API server's, the services', and the further ones."""

from collections.abc import Iterator

from hubwright.catalogue.zones import monitor_domains, private_zone
from hubwright.lazy_dataclass import dataclass
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.platform import ContainerRegistry, KeyVault, StorageAccount
from hubwright.model.private_access import PrivateEndpoint
from hubwright.semantics.endpoints import (
    API_REASON,
    api_endpoint,
    integration_zone,
    monitor_names,
    service_names,
)
from hubwright.sources.design.draft import Draft
from hubwright.sources.design.expand_homes import (
    Homes,
    default_pool,
    service_subnet,
)
from hubwright.sources.design.expand_monitor import scope_name, scope_of
from hubwright.sources.design.expand_platform import workspace_name
from hubwright.sources.design.schema_private import Endpoint, EndpointForm
from hubwright.sources.design.spans import Path


@dataclass(frozen=True, slots=True)
class _Service:
    """A service of the design that can have a private endpoint."""

    key: str
    form: EndpointForm
    target: str
    subresource: str
    fqdns: tuple[str, ...]


def api_zone(draft: Draft) -> str | None:
    """
    Return the private DNS zone of the API server, if it has one.

    `privatelink.<region>.azmk8s.io`, or `private.<region>.azmk8s.io` with VNet Integration.
    Source: learn.microsoft.com/azure/aks/private-clusters (2026-08-05).
    """
    cluster = draft.design.cluster
    if cluster is None or not cluster.private or cluster.private_dns_zone == "none":
        return None
    if cluster.api_server_subnet is not None:
        return integration_zone(draft.design.cloud, draft.design.location)
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
    yield from _monitor_endpoint(draft)
    for n, section in enumerate(draft.design.private_endpoints):
        path: Path = ("private_endpoints", n)
        if section.subresource and not section.fqdns:
            message = f"`{section.name}` does not say which names lead to it"
            draft.report("DESIGN007", message, path, "write `fqdns: [...]`", at_key=True)
        plot = service_subnet(draft, section.subnet, path)
        if plot is not None:
            yield PrivateEndpoint(
                name=section.name,
                subnet=plot.id,
                target=section.target,
                subresource=section.subresource or "",
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


def _monitor_endpoint(draft: Draft) -> Iterator[PrivateEndpoint]:
    """
    Yield the endpoint of the private link scope, by which the workspace takes logs in.

    Source: learn.microsoft.com/azure/azure-monitor/logs/private-link-configure (2026-01).
    """
    section = scope_of(draft)
    if section is None:
        return
    path: Path = ("log_analytics", "private_link")
    plot = service_subnet(draft, section.endpoint.subnet, (*path, "endpoint"))
    if plot is None:
        return
    cloud, region = draft.design.cloud, draft.design.location
    names = monitor_names(workspace_name(draft) or "", cloud, region)
    zones_ = tuple(f"privatelink.{domain}" for domain, _ in monitor_domains(cloud))
    why = "machines send their logs to the private address of the workspace"
    yield PrivateEndpoint(
        name=section.endpoint.name or f"pe-{scope_name(draft)}",
        subnet=plot.id,
        target=scope_name(draft),
        subresource="azuremonitor",
        fqdns=tuple(section.endpoint.fqdns) if section.endpoint.fqdns else names,
        private_dns_zones=zones_
        if section.endpoint.zones is None
        else tuple(section.endpoint.zones),
        origin=draft.origin(path, why),
    )
