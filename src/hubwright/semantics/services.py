"""Azure services by the public names that they answer to, and what those names let people do."""

import re

from hubwright.model.address import AddressSet
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate, by_name
from hubwright.model.platform import ContainerRegistry, KeyVault, StorageAccount
from hubwright.semantics.assigned import addresses_of

Owner = ContainerRegistry | KeyVault | StorageAccount

_STORAGE = re.compile(
    r"(?P<name>[a-z0-9]+)(-secondary)?\.(blob|file|queue|table|dfs|web)\.core\."
    r"(windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)\Z"
)
_VAULT = re.compile(r"(?P<name>[a-z0-9-]+)\.vault\.(azure\.net|azure\.cn|usgovcloudapi\.net)\Z")
_REGISTRY = re.compile(r"(?P<name>[a-z0-9]+)(\.[a-z0-9]+\.data)?\.azurecr\.(io|cn|us)\Z")
_API_SERVER = re.compile(r"(?P<label>[a-z0-9-]+)\.hcp\.(?P<location>[a-z0-9]+)\.azmk8s\.io\Z")

_ENDPOINT_DOMAINS = {
    "microsoft.storage": (
        "core.windows.net",
        "core.chinacloudapi.cn",
        "core.usgovcloudapi.net",
    ),
    "microsoft.keyvault": ("vault.azure.net", "vault.azure.cn", "vault.usgovcloudapi.net"),
    "microsoft.containerregistry": ("azurecr.io", "azurecr.cn", "azurecr.us"),
    "microsoft.sql": (
        "database.windows.net",
        "database.chinacloudapi.cn",
        "database.usgovcloudapi.net",
    ),
    "microsoft.servicebus": ("servicebus.windows.net", "servicebus.chinacloudapi.cn"),
    "microsoft.eventhub": ("servicebus.windows.net", "servicebus.chinacloudapi.cn"),
    "microsoft.azurecosmosdb": ("documents.azure.com", "documents.azure.cn"),
    "microsoft.cognitiveservices": ("cognitiveservices.azure.com", "openai.azure.com"),
    "microsoft.web": ("azurewebsites.net", "chinacloudsites.cn", "azurewebsites.us"),
}


def owner(estate: Estate, name: str) -> Owner | None:
    """Return the service of the estate that a public name leads to, or None."""
    name = name.lower()
    for endpoint in estate.private_endpoints:
        if name in (fqdn.lower() for fqdn in endpoint.fqdns):
            found = _named(estate, endpoint.target)
            if found is not None:
                return found
    for pattern, items in (
        (_REGISTRY, estate.container_registries),
        (_VAULT, estate.key_vaults),
        (_STORAGE, estate.storage_accounts),
    ):
        match = pattern.match(name)
        if match is not None:
            return next((item for item in items if item.name.lower() == match["name"]), None)
    return None


def _named(estate: Estate, target: str) -> Owner | None:
    return (
        by_name(estate.container_registries, target)
        or by_name(estate.key_vaults, target)
        or by_name(estate.storage_accounts, target)
    )


def service_endpoint(estate: Estate, subnet_id: str, name: str) -> str | None:
    """
    Return the service endpoint by which a subnet sends what it sends to a name, or None.

    Azure routes the service's public ranges straight out of the subnet; those ranges are not in
    the estate, so names stand for them.
    Source: learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview.
    """
    name = name.lower()
    for service in estate.subnet_by_id[subnet_id].service_endpoints:
        if any(name.endswith(f".{domain}") for domain in endpoint_domains(service)):
            return service
    return None


def endpoint_domains(service: str) -> tuple[str, ...]:
    """Return the domains of the names that a service endpoint takes; empty for a foreign one."""
    return _ENDPOINT_DOMAINS.get(service.lower().removesuffix(".global"), ())


def api_server(estate: Estate, name: str) -> KubernetesCluster | None:
    """
    Return the cluster of the estate whose public API server name this is, or None.

    Azure puts eight characters of its own behind the DNS prefix, which nobody knows before.
    """
    match = _API_SERVER.match(name.lower())
    if match is None:
        return None
    for cluster in estate.kubernetes_clusters:
        prefix = cluster.dns_prefix.lower()
        own = match["label"] == prefix or match["label"].rpartition("-")[0] == prefix
        if own and match["location"] == cluster.location.replace(" ", "").lower():
            return cluster
    return None


def api_server_name(estate: Estate, cluster: KubernetesCluster) -> str:
    """Return the name by which nodes and clients know a cluster's API server."""
    for endpoint in estate.private_endpoints:
        if endpoint.target == cluster.name and endpoint.subresource == "management":
            return endpoint.fqdns[0]
    location = cluster.location.replace(" ", "").lower()
    return f"{cluster.dns_prefix}.hcp.{location}.azmk8s.io".lower()


def authorized_addresses(
    estate: Estate, cluster: KubernetesCluster
) -> tuple[AddressSet, tuple[str, ...]] | None:
    """
    Return who may reach a public API server, and the ranges that nobody can read.

    None is everybody: no ranges are set, or the cluster is private, to which they do not apply.
    Source: learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges, /private-clusters
    (2026-08-05).
    """
    if cluster.private_cluster_enabled or not cluster.authorized_ip_ranges:
        return None
    total, unknowns = AddressSet(), list[str]()
    for text in cluster.authorized_ip_ranges:
        known = addresses_of(estate, text)
        if known is None:
            unknowns.append(f"authorized range {text} of {cluster.name}")
        else:
            total |= known
    return total, tuple(unknowns)
