"""
The names behind private endpoints: what Azure publishes for a service, and where AKS puts its own.

A design and a plan say which service an endpoint is for; its names follow from that, by one rule.
Source: learn.microsoft.com/azure/private-link/private-endpoint-dns (2025).
"""

import hashlib

from hubwright.catalogue.zones import monitor_domains, private_zone, public_suffix
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.origin import Origin
from hubwright.model.private_access import PrivateEndpoint

API_REASON = "AKS puts the private address of its API server there"


def stable_hash(text: str) -> str:
    """Return the eight characters that stand for the random part of a name of Azure's."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def service_names(
    subresource: str, name: str, cloud: str, regions: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """
    Return the public names of a service that its endpoint answers for, in Azure's order.

    Args:
        subresource: `vault`, `blob`, `registry`, ...
        name: Name of the service.
        cloud: `public`, `china` or `usgovernment`.
        regions: Of a registry, its own first: there is a data name in each.

    Returns:
        No name for a subresource that the catalogue does not know.
    """
    suffix = public_suffix(subresource, cloud)
    if suffix is None:
        return ()
    name = name.lower()
    data = tuple(f"{name}.{region}.data.{suffix}" for region in regions)
    return (f"{name}.{suffix}", *data)


def api_zone(cluster: KubernetesCluster, cloud: str) -> str | None:
    """Return the private DNS zone of a cluster's API server; None when it has none."""
    if not cluster.private_cluster_enabled or cluster.private_dns_zone == "None":
        return None
    if cluster.private_dns_zone != "System":
        return cluster.private_dns_zone
    if cluster.api_server_subnet is not None:
        return integration_zone(cloud, cluster.location)
    return private_zone("management", cloud, cluster.location)


def integration_zone(cloud: str, location: str) -> str:
    """
    Return the zone of an API server with VNet Integration.

    Source: learn.microsoft.com/azure/aks/private-clusters (2026-08-05).
    """
    return f"private.{public_suffix('management', cloud, location)}"


def monitor_names(workspace: str, cloud: str, location: str) -> tuple[str, ...]:
    """
    Return the names that a private link scope with one workspace answers for.

    Azure chooses the workspace's id, which is in three of them; a stand-in is there until then.
    """
    label = stable_hash(workspace)
    return tuple(
        f"{prefix.replace('<id>', label).replace('<region>', location)}.{domain}"
        for domain, prefixes in monitor_domains(cloud)
        for prefix in prefixes
    )


def api_endpoint(
    cluster: KubernetesCluster, subnet: str, cloud: str, origin: Origin
) -> PrivateEndpoint:
    """
    Return the private address that AKS makes for its API server.

    An endpoint in the subnet of the default pool (`subnet`); with VNet Integration, which has no
    endpoint, it stands for the internal load balancer in the delegated subnet (`assigned` tells
    the two apart by the delegation).
    Source: learn.microsoft.com/azure/aks/private-clusters (2026-08-05),
    /azure/aks/api-server-vnet-integration (2026-04-15).
    """
    zone = api_zone(cluster, cloud)
    label = f"{cluster.dns_prefix}-{stable_hash(cluster.name)}".lower()
    public = public_suffix("management", cloud, cluster.location)
    return PrivateEndpoint(
        name=f"pe-{cluster.name}-api",
        subnet=cluster.api_server_subnet or subnet,
        target=cluster.name,
        subresource="management",
        fqdns=(f"{label}.{zone}" if zone else f"{label}.hcp.{public}",),
        private_dns_zones=(zone,) if zone else (),
        made_by_platform=True,
        origin=origin,
    )
