"""What the pipelines' scripts must know of an environment, as settings that a shell reads."""

import shlex
from collections.abc import Mapping

from hubwright.catalogue.zones import public_suffix
from hubwright.model.cluster import KubernetesService
from hubwright.model.estate import Estate


def resource_group(estate: Estate, name: str) -> str:
    """Return a resource group's name, or the estate's own where a resource says none."""
    return name or f"rg-{estate.name}"


def registry_server(estate: Estate) -> str | None:
    """Return the name that images have before the slash."""
    for registry in estate.container_registries:
        suffix = public_suffix("registry", estate.cloud)
        return f"{registry.name}.{suffix}".lower()
    return None


def workload_identity(estate: Estate, workload: str) -> str | None:
    """Return the identity that a workload's service account may act as."""
    subject = f"system:serviceaccount:{workload}:{workload}"
    found = (c for c in estate.federated_identity_credentials if c.subject == subject)
    return next((credential.user_assigned_identity for credential in found), None)


def of_estate(estate: Estate) -> str:
    """Return the names of an environment: of its cluster, its registry and its vault."""
    names = {"ESTATE": estate.name, "LOCATION": estate.location}
    for cluster in estate.kubernetes_clusters[:1]:
        names["CLUSTER"] = cluster.name
        names["CLUSTER_RESOURCE_GROUP"] = resource_group(estate, cluster.resource_group_name)
        if cluster.ingress == "application-gateway-for-containers":
            names["LOAD_BALANCER"] = cluster.application_gateway or ""
    for registry in estate.container_registries[:1]:
        names["REGISTRY"] = registry.name
        names["REGISTRY_SERVER"] = registry_server(estate) or ""
    for vault in estate.key_vaults[:1]:
        names["VAULT"] = vault.name
    return _settings(names)


def ingress_kind(estate: Estate, service: KubernetesService) -> str:
    """
    Return the chart's ingress for a workload: its cluster's, or none.

    An NGINX behind an internal load balancer is none for a workload on the public one.
    """
    clusters = (c for c in estate.kubernetes_clusters if c.name == service.cluster)
    kind = next((cluster.ingress for cluster in clusters), None)
    if kind == "internal-nginx" and service.load_balancer == "public":
        kind = None
    return kind or "none"


def serves_tls(estate: Estate, service: KubernetesService) -> bool:
    """Tell whether the application itself ends TLS: on 443, with nothing in front of it."""
    return service.port == 443 and ingress_kind(estate, service) == "none"


def of_workload(estate: Estate, service: KubernetesService) -> str:
    """Return the names of a workload: of its identity, and how its service is asked by proxy."""
    names = {
        "IDENTITY": workload_identity(estate, service.name) or "",
        "SCHEME": "https:" if serves_tls(estate, service) else "",
    }
    return _settings(names)


def _settings(names: Mapping[str, str]) -> str:
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in names.items())
