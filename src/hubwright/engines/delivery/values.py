"""The chart's values for each workload, as the design decides them."""

from collections.abc import Iterator
from typing import Any

from hubwright.engines.delivery.names import (
    ingress_kind,
    registry_server,
    resource_group,
    serves_tls,
    workload_identity,
)
from hubwright.model.address import format_address
from hubwright.model.cluster import KubernetesCluster, KubernetesService
from hubwright.model.estate import Estate
from hubwright.model.network import NicKind
from hubwright.semantics.assigned import address_of

_PORTS = {"sqlServer": (1433,)}
"""Ports of private endpoints whose services do not speak HTTPS."""


def values(estate: Estate, service: KubernetesService) -> dict[str, Any]:
    """
    Return a workload's values for the chart.

    Identity and tenant are known once Terraform has run; the release fills them in.
    """
    cluster = next(c for c in estate.kubernetes_clusters if c.name == service.cluster)
    server = registry_server(estate)
    out: dict[str, Any] = {
        "port": service.target_port,
        "service": {"port": service.port, "loadBalancer": _load_balancer(estate, service)},
        "networkPolicy": {},
    }
    if server is not None:
        out["image"] = {"repository": f"{server}/{service.name}"}
    out["ingress"] = _ingress(estate, cluster, service)
    clients = list(_clients(estate, cluster, out["ingress"]["kind"]))
    if clients:
        out["networkPolicy"]["ingressFrom"] = clients
    if serves_tls(estate, service):
        out["tls"] = {"secretName": f"{service.name}-tls"}
    tolerations = list(_tolerations(estate, cluster))
    if tolerations:
        out["tolerations"] = tolerations
    secrets = _secrets(estate, cluster, service)
    if secrets is not None:
        out["secrets"] = secrets
    by_sidecar = secrets is not None and secrets["provider"] == "dapr"
    if by_sidecar:
        out["networkPolicy"]["egressToInternet"] = True  # the sign-in of its identity
    vault = secrets["vault"] if secrets is not None and by_sidecar else None
    out["networkPolicy"]["egressTo"] = list(_endpoints(estate, vault))
    return out


def _load_balancer(estate: Estate, service: KubernetesService) -> dict[str, str]:
    public = estate.public_ip_by_name.get(service.frontend)
    if public is not None:
        group = resource_group(estate, public.resource_group_name)
        return {"kind": "public", "publicIp": public.name, "resourceGroup": group}
    out = {"kind": "internal", "address": service.frontend}
    address = address_of(estate, service.frontend)
    for subnet in estate.subnets:
        if address is not None and any(address in p for p in subnet.address_prefixes):
            out["subnet"] = subnet.name
    return out


def _ingress(
    estate: Estate, cluster: KubernetesCluster, service: KubernetesService
) -> dict[str, Any]:
    kind = ingress_kind(estate, service)
    out: dict[str, Any] = {"kind": kind}
    if kind == "none":
        return out
    if service.port == 443:
        out["tlsSecretName"] = f"{service.name}-tls"
    if kind == "internal-nginx":
        out["className"] = nginx_class(service)
    for balancer in estate.application_load_balancers:
        if balancer.name == cluster.application_gateway:
            out["frontend"] = balancer.frontends[0]
    for gateway in estate.application_gateways:
        if gateway.name == cluster.application_gateway:
            out["usePrivateAddress"] = gateway.private_ip_address is not None
    return out


def _clients(estate: Estate, cluster: KubernetesCluster, kind: str) -> Iterator[str]:
    """
    Yield the prefixes that a workload's clients are in, where something in front has its own.

    Source: learn.microsoft.com/azure/aks/api-server-vnet-integration (2026-04-15): the API server
    then calls pods from its subnet, and not by its agents.
    """
    subnets: list[str] = []
    if kind.startswith("application-gateway"):
        name = cluster.application_gateway
        subnets += [g.subnet for g in estate.application_gateways if g.name == name]
        subnets += [g.subnet for g in estate.application_load_balancers if g.name == name]
    if kind != "none" and cluster.api_server_subnet is not None:
        subnets.append(cluster.api_server_subnet)
    for subnet in subnets:
        yield from map(str, estate.subnet_by_id[subnet].address_prefixes)


def nginx_class(service: KubernetesService) -> str:
    """Return the class of a workload's own NGINX; each has an address of its own."""
    return f"nginx-{service.name}"


def _secrets(
    estate: Estate, cluster: KubernetesCluster, service: KubernetesService
) -> dict[str, str] | None:
    """Return how the workload reads a secret, if it has an identity and a way to do so."""
    if not estate.key_vaults or workload_identity(estate, service.name) is None:
        return None
    providers = {"key-vault-csi": "csi", "dapr": "dapr"}
    found = (provider for feature, provider in providers.items() if feature in cluster.features)
    provider = next(found, None)
    if provider is None:
        return None
    return {"provider": provider, "vault": estate.key_vaults[0].name, "name": service.name}


def _endpoints(estate: Estate, vault: str | None) -> Iterator[dict[str, Any]]:
    """
    Yield the private endpoints that a workload calls: those to services that the design lists.

    Registry, storage and API server are for nodes, machines and people. The driver reads the vault
    from the node; only Dapr's sidecar reads it from the pod.
    """
    platform = {item.name for item in estate.container_registries}
    platform |= {item.name for item in estate.storage_accounts}
    platform |= {item.name for item in estate.key_vaults}
    platform |= {item.name for item in estate.kubernetes_clusters}
    open_to = {
        endpoint.name: endpoint
        for endpoint in estate.private_endpoints
        if endpoint.target not in platform - {vault} and endpoint.subresource != "azuremonitor"
    }
    for nic in estate.network_interfaces:
        endpoint = open_to.get(nic.owner) if nic.kind is NicKind.PRIVATE_ENDPOINT else None
        if endpoint is not None:
            ports = list(_PORTS.get(endpoint.subresource, (443,)))
            yield {"to": f"{format_address(nic.private_ip_address)}/32", "ports": ports}


def _tolerations(estate: Estate, cluster: KubernetesCluster) -> Iterator[dict[str, str]]:
    """Yield what lets pods onto the user pools; a taint reads `key=value:Effect`."""
    taints = {
        taint
        for pool in estate.node_pools
        if pool.cluster == cluster.name and pool.mode == "User"
        for taint in pool.node_taints
    }
    for taint in sorted(taints):
        pair, _, effect = taint.rpartition(":")
        key, _, value = pair.partition("=")
        yield {"key": key, "operator": "Equal", "value": value, "effect": effect}
