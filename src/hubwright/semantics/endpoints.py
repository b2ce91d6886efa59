"""
The names behind private endpoints: what Azure publishes for a service, and where AKS puts its own.

A design and a plan say which service an endpoint is for; its names follow from that, by one rule.
Source: learn.microsoft.com/azure/private-link/private-endpoint-dns (2025).
"""

import hashlib

from hubwright.catalogue.zones import private_zone, public_suffix
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
    if cluster.private_dns_zone == "System":
        return private_zone("management", cloud, cluster.location)
    return cluster.private_dns_zone


def api_endpoint(
    cluster: KubernetesCluster, subnet: str, cloud: str, origin: Origin
) -> PrivateEndpoint:
    """
    Return the endpoint that AKS makes for its API server, in the subnet of the default pool.

    Source: learn.microsoft.com/azure/aks/private-clusters (2026-08-05).
    """
    zone = api_zone(cluster, cloud)
    label = f"{cluster.dns_prefix}-{stable_hash(cluster.name)}".lower()
    public = public_suffix("management", cloud, cluster.location)
    return PrivateEndpoint(
        name=f"pe-{cluster.name}-api",
        subnet=subnet,
        target=cluster.name,
        subresource="management",
        fqdns=(f"{label}.{zone}" if zone else f"{label}.hcp.{public}",),
        private_dns_zones=(zone,) if zone else (),
        made_by_platform=True,
        origin=origin,
    )
