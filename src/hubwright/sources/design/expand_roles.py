"""
Role assignments: what each identity must do, at the narrowest scope that allows it.

Sources: learn.microsoft.com/azure/aks/concepts-identity, /use-managed-identity and
/private-clusters (2026-08-05) for the cluster and its kubelets; /azure/firewall/
premium-certificates (2025) for TLS inspection; /azure/application-gateway/
ingress-controller-install-existing (2025) and /azure/application-gateway/for-containers/
quickstart-deploy-application-gateway-for-containers-byo-deployment (2025) for controllers;
/azure/devops/managed-devops-pools/configure-networking (2025-09-20) for agents;
/entra/identity/devices/howto-vm-sign-in-azure-ad-linux (2025) for machines.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate
from hubwright.model.identity import RoleAssignment
from hubwright.sources.design.draft import Draft
from hubwright.sources.design.expand_homes import Homes
from hubwright.sources.design.expand_identity import (
    alb_identity,
    firewall_identity,
    workload_identity,
)
from hubwright.sources.design.expand_machines import Seat
from hubwright.sources.design.schema_machines import Machine
from hubwright.sources.design.spans import Path

Row = tuple[str, str, str, Path, str]
"""Scope, role, principal, what needs it, and why."""
_NETWORK = "Network Contributor"


def role_assignments(
    draft: Draft, estate: Estate, homes: Homes, seats: tuple[Seat, ...]
) -> tuple[RoleAssignment, ...]:
    """
    Return every role assignment, each once.

    Args:
        draft: The design.
        estate: With all resources but these, and their groups.
        homes: Where nodes and pods live.
        seats: The machines.
    """
    rows: Iterable[Row] = chain(
        *(_cluster_rows(draft, estate, homes, item) for item in estate.kubernetes_clusters),
        _administrators(draft, estate),
        _machine_rows(draft, estate, seats),
        _vault_rows(draft, estate),
        _pool_rows(estate, seats),
    )
    found: dict[tuple[str, str, str], RoleAssignment] = {}
    for scope, role, principal, path, why in rows:
        item = RoleAssignment(
            scope=scope,
            role_definition_name=role,
            principal=principal,
            origin=draft.origin(path, why),
        )
        found.setdefault((scope, role, principal), item)
    return tuple(found.values())


def _cluster_rows(
    draft: Draft, estate: Estate, homes: Homes, cluster: KubernetesCluster
) -> Iterator[Row]:
    if cluster.user_assigned_identity is None:
        return
    me = f"user_assigned_identity:{cluster.user_assigned_identity}"
    path: Path = ("cluster",)
    yield from _network_rows(estate, homes, cluster, me)
    kubelet = f"kubelet:{cluster.name}"
    if cluster.kubelet_identity is not None:
        kubelet = f"user_assigned_identity:{cluster.kubelet_identity}"
        why = "the cluster gives its nodes an identity that it does not own"
        yield kubelet, "Managed Identity Operator", me, path, why
    for registry in estate.container_registries:
        why = "nodes pull images"
        yield f"container_registry:{registry.name}", "AcrPull", kubelet, ("registry",), why
    yield from _public_ip_rows(estate, me)
    yield from _controller_rows(draft, estate, cluster)


def _network_rows(
    estate: Estate, homes: Homes, cluster: KubernetesCluster, me: str
) -> Iterator[Row]:
    """Yield rights on the cluster's network: all of it where AKS links a zone that is not its."""
    path: Path = ("cluster",)
    subnets = list(dict.fromkeys(plot.id for plot in homes.all))
    if cluster.api_server_subnet is not None:
        subnets.append(cluster.api_server_subnet)
    zone = cluster.private_dns_zone
    if zone not in {"System", "None"} and homes.nodes:
        network = homes.nodes[0].virtual_network
        why = "AKS links the zone of its API server to this network, and joins its subnets"
        yield f"virtual_network:{network}", _NETWORK, me, path, why
        why = "AKS writes the record of its API server"
        yield f"private_dns_zone:{zone}", "Private DNS Zone Contributor", me, path, why
    else:
        for subnet in subnets:
            why = "nodes, pods and load balancers join it"
            yield f"subnet:{subnet}", _NETWORK, me, path, why
    tables = (estate.subnet_by_id[subnet].route_table for subnet in subnets)
    for table in dict.fromkeys(name for name in tables if name):
        why = "AKS checks the routes of its subnets, which are in a group of yours"
        yield f"route_table:{table}", _NETWORK, me, path, why


def _public_ip_rows(estate: Estate, me: str) -> Iterator[Row]:
    """
    Yield rights on public IPs that services claim by annotation.

    The controller lists the addresses of the group before it takes the one that is named.
    Source: cloud-provider-azure 7b31c76 (2026-08-19), `azure-pip-name`.
    """
    for service in estate.kubernetes_services:
        public = estate.public_ip_by_name.get(service.frontend)
        if service.load_balancer != "public" or public is None:
            continue
        path: Path = ("workloads", service.name)
        why = f"the service `{service.name}` claims it by annotation"
        yield f"public_ip:{public.name}", _NETWORK, me, path, why
        group = public.resource_group_name
        if group:
            why = "a service that claims a public IP finds it by listing its group"
            yield f"resource_group:{group}", "Reader", me, path, why


def _controller_rows(draft: Draft, estate: Estate, cluster: KubernetesCluster) -> Iterator[Row]:
    path: Path = ("cluster", "ingress")
    for gateway in estate.application_gateways:
        if cluster.ingress == "application-gateway" and gateway.name == cluster.application_gateway:
            addon = f"ingress_application_gateway:{cluster.name}"
            why = "the add-on writes listeners, rules and backends of the gateway"
            yield f"application_gateway:{gateway.name}", "Contributor", addon, path, why
            why = "the add-on finds the gateway in its group"
            yield f"resource_group:{gateway.resource_group_name}", "Reader", addon, path, why
            why = "a change of the gateway joins its subnet again"
            yield f"subnet:{gateway.subnet}", _NETWORK, addon, path, why
    alb = alb_identity(draft)
    for balancer in estate.application_load_balancers:
        if alb is not None and balancer.name == cluster.application_gateway:
            me = f"user_assigned_identity:{alb}"
            role = "AppGw for Containers Configuration Manager"
            why = "the controller writes the gateway's routes"
            yield f"application_load_balancer:{balancer.name}", role, me, path, why
            why = "the controller joins the gateway to its subnet"
            yield f"subnet:{balancer.subnet}", _NETWORK, me, path, why
            why = "the controller reads the nodes of the cluster"
            yield f"node_resource_group:{cluster.name}", "Reader", me, path, why


def _administrators(draft: Draft, estate: Estate) -> Iterator[Row]:
    cluster = draft.design.cluster
    if cluster is None:
        return
    for n, group in enumerate(cluster.admin_group_object_ids):
        path: Path = ("cluster", "admin_group_object_ids", n)
        for item in estate.kubernetes_clusters:
            scope = f"kubernetes_cluster:{item.name}"
            why = "administrators fetch the cluster's address"
            yield (
                scope,
                "Azure Kubernetes Service Cluster User Role",
                f"group:{group}",
                path,
                why,
            )
            if item.azure_rbac_enabled:
                why = "Azure decides what administrators may do in the cluster"
                role = "Azure Kubernetes Service RBAC Cluster Admin"
                yield scope, role, f"group:{group}", path, why


def _machine_rows(draft: Draft, estate: Estate, seats: tuple[Seat, ...]) -> Iterator[Row]:
    """Yield who may sign in: on the machine itself, and through Bastion."""
    cluster = draft.design.cluster
    machines = {item.name: item for item in estate.virtual_machines}
    for seat in seats:
        if not isinstance(seat.section, Machine) or not machines[seat.name].entra_login_enabled:
            continue
        kind = machines[seat.name].os_type.lower()
        groups, path = seat.section.admin_group_object_ids, (*seat.path, "admin_group_object_ids")
        if groups is None:
            groups = cluster.admin_group_object_ids if cluster else []
            path = ("cluster", "admin_group_object_ids")
        for group in groups:
            role = "Virtual Machine Administrator Login"
            why = "administrators sign in on it"
            yield f"{kind}_virtual_machine:{seat.name}", role, f"group:{group}", path, why
            for bastion in estate.bastion_hosts:
                why = "administrators reach their machines through it"
                yield f"bastion_host:{bastion.name}", "Reader", f"group:{group}", path, why


def _vault_rows(draft: Draft, estate: Estate) -> Iterator[Row]:
    role = "Key Vault Secrets User"
    identity = firewall_identity(draft)
    for vault in estate.key_vaults:
        scope = f"key_vault:{vault.name}"
        for key, section in draft.design.workload_identities.items():
            if section.key_vault:
                path: Path = ("workload_identities", key, "key_vault")
                me = f"user_assigned_identity:{workload_identity(draft, key)}"
                yield scope, role, me, path, f"`{section.service_account}` reads secrets"
        if identity is not None and _is_own_secret(estate):
            path = ("hub", "firewall", "tls_inspection")
            me = f"user_assigned_identity:{identity}"
            yield scope, role, me, path, "the firewall reads its CA"


def _is_own_secret(estate: Estate) -> bool:
    """Tell whether the CA of TLS inspection lies in the vault of the design."""
    secrets = (policy.tls_certificate or "" for policy in estate.firewall_policies)
    vaults = tuple(f"{vault.name}/" for vault in estate.key_vaults)
    return any(text.startswith(vaults) for text in secrets if vaults)


def _pool_rows(estate: Estate, seats: tuple[Seat, ...]) -> Iterator[Row]:
    """Yield what the Managed DevOps Pools service needs to put agents into a network."""
    paths = {seat.name: seat.path for seat in seats}
    for pool in estate.managed_devops_pools:
        network = pool.subnet.partition("/")[0]
        me = "service_principal:DevOpsInfrastructure"
        why = "the service puts its agents into the delegated subnet"
        for role in ("Reader", _NETWORK):
            yield f"virtual_network:{network}", role, me, paths[pool.name], why
