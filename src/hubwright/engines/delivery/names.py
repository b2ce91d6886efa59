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


def of_workload(estate: Estate, service: KubernetesService) -> str:
    """Return the names of a workload: of its identity, and how its service is asked by proxy."""
    serves_tls = service.port == 443 and _ingress(estate, service) is None
    names = {
        "IDENTITY": workload_identity(estate, service.name) or "",
        "SCHEME": "https:" if serves_tls else "",
    }
    return _settings(names)


def _ingress(estate: Estate, service: KubernetesService) -> str | None:
    clusters = (c for c in estate.kubernetes_clusters if c.name == service.cluster)
    return next((cluster.ingress for cluster in clusters), None)


def _settings(names: Mapping[str, str]) -> str:
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in names.items())
