"""Roles: wider than needed, or missing."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.rules.roles import (
    BROAD,
    WRITERS,
    holds_firewall,
    kind_of,
    missing_roles,
    principal_of,
    said,
)
from hubwright.model.estate import Estate
from hubwright.model.identity import RoleAssignment

_WIDE = ("resource_group", "subscription", "management_group", "node_resource_group")


@rule("IDN004", Severity.WARNING, "a role is wider than needed")
def too_wide(case: Case) -> Iterator[Finding]:
    """Find identities with Owner or Contributor, or that may write in whole groups."""
    estate = case.estate
    clusters = {principal_of(cluster) for cluster in estate.kubernetes_clusters}
    for item in _of_identities(estate):
        role, kind = item.role_definition_name, kind_of(item.scope)
        guarded = holds_firewall(estate, item.scope)
        if role not in WRITERS or (guarded and item.principal in clusters):
            continue  # that a cluster rules its own guard is IDN001
        wide = role in BROAD or kind in _WIDE or role == "AcrPush"
        if not wide or _is_needed(item):
            continue
        yield Finding(
            message=f"{said(item.principal)} is {role} on {said(item.scope)}",
            at=nearest(item.origin.of("role_definition_name"), item.origin),
            label="wider than needed" if role in BROAD else f"on a whole {kind.replace('_', ' ')}",
            notes=("it can rewrite the firewall",) if guarded else (),
            help=_narrower(item),
            severity=Severity.ERROR if guarded else None,
        )


def _is_needed(item: RoleAssignment) -> bool:
    """Tell whether a broad role is the one that its holder is documented to need."""
    addon = item.principal.startswith("ingress_application_gateway:")
    return addon and kind_of(item.scope) == "application_gateway"


def _narrower(item: RoleAssignment) -> str:
    if kind_of(item.scope) == "container_registry":
        return "nodes need `AcrPull` only"
    if item.role_definition_name in BROAD:
        return "give the role for the one thing that it does, on the one resource"
    return "give it on the subnets, tables and zones that it needs"


def _of_identities(estate: Estate) -> Iterator[RoleAssignment]:
    """Yield the assignments of machines and services; what people may do is not looked at."""
    people = ("group", "user")
    return (item for item in estate.role_assignments if kind_of(item.principal) not in people)


@rule("IDN003", Severity.ERROR, "the cluster's identity lacks a role")
def lacks_role(case: Case) -> Iterator[Finding]:
    """Compare the roles of each cluster's identity with what AKS does as it."""
    for cluster in case.estate.kubernetes_clusters:
        if cluster.user_assigned_identity is None:
            continue
        for need in missing_roles(case.estate, cluster):
            yield Finding(
                message=(
                    f"`{cluster.name}` lacks {need.roles[0]} on {said(need.scope)}, so {need.why}"
                ),
                at=nearest(cluster.origin.of("user_assigned_identity"), cluster.origin),
                label=f"acts as {said(principal_of(cluster))}",
                notes=(f"creation fails with {need.error}",) if need.error else (),
                help=f"assign {need.roles[0]} on {said(need.scope)} before the cluster is made",
            )


@rule("IDN005", Severity.ERROR, "a cluster needs a user-assigned identity")
def system_identity(case: Case) -> Iterator[Finding]:
    """Find clusters whose own identity comes too late for what they are asked to do."""
    for cluster in case.estate.kubernetes_clusters:
        if cluster.user_assigned_identity is not None:
            continue
        own_zone = cluster.private_cluster_enabled and "." in cluster.private_dns_zone
        plugin, way_out = cluster.network_plugin, cluster.outbound_type
        routed = plugin == "kubenet" and way_out == "userDefinedRouting"
        why = "its own private DNS zone" if own_zone else "kubenet with routes of your own"
        if not own_zone and not routed:
            continue
        argument = "private_dns_zone" if own_zone else "network_plugin"
        yield Finding(
            message=f"`{cluster.name}` has {why}, and no identity that can have roles before it",
            at=nearest(
                cluster.origin.of("user_assigned_identity"),
                cluster.origin.of(argument),
                cluster.origin,
            ),
            label="system-assigned identity",
            help="give it a user-assigned identity, with its roles first",
        )


@rule("IDN012", Severity.ERROR, "nodes may not pull from the registry")
def no_pull(case: Case) -> Iterator[Finding]:
    """Find clusters whose kubelets have no right on any registry of the estate."""
    estate = case.estate
    for cluster in estate.kubernetes_clusters:
        kubelet = (
            f"user_assigned_identity:{cluster.kubelet_identity}"
            if cluster.kubelet_identity
            else f"kubelet:{cluster.name}"
        )
        for registry in estate.container_registries:
            roles = {
                item.role_definition_name
                for item in estate.role_assignments
                if item.principal == kubelet
                and item.scope
                in (
                    f"container_registry:{registry.name}",
                    f"resource_group:{registry.resource_group_name}",
                    "subscription:",
                )
            }
            if roles & {"AcrPull", "AcrPush", "Contributor", "Owner"}:
                continue
            yield Finding(
                message=f"nodes of `{cluster.name}` may not pull from `{registry.name}`",
                at=nearest(registry.origin, cluster.origin),
                label=f"{said(kubelet)} has no role on it",
                causes=((cluster.origin, f"`{cluster.name}`"),),
                notes=("pods stay in ImagePullBackOff with 401 Unauthorized",),
                help=f"assign AcrPull on `{registry.name}` to {said(kubelet)}",
            )


def _pools_without(estate: Estate) -> Iterator[tuple[str, str, list[str]]]:
    me = "service_principal:DevOpsInfrastructure"
    for pool in estate.managed_devops_pools:
        network = pool.subnet.partition("/")[0]
        scopes = (
            f"virtual_network:{network}",
            f"resource_group:{_group(estate, network)}",
            "subscription:",
        )
        have = {
            item.role_definition_name
            for item in estate.role_assignments
            if item.principal == me and item.scope in scopes
        }
        if not have & {"Contributor", "Owner"}:
            missing = [role for role in ("Reader", "Network Contributor") if role not in have]
            if missing:
                yield pool.name, network, missing


def _group(estate: Estate, network: str) -> str:
    found = estate.virtual_network_by_name.get(network)
    return found.resource_group_name if found else ""


@rule("IDN014", Severity.ERROR, "Managed DevOps Pools may not use the network")
def pool_roles(case: Case) -> Iterator[Finding]:
    """Find pools of agents into whose network the service may not put them."""
    for name, network, missing in _pools_without(case.estate):
        pool = next(p for p in case.estate.managed_devops_pools if p.name == name)
        yield Finding(
            message=(
                f"the service behind `{name}` may not put agents into `{network}`: it lacks "
                f"{' and '.join(missing)}"
            ),
            at=nearest(pool.origin.of("subnet"), pool.origin),
            label=f"`{pool.subnet}`",
            help=f"assign {' and '.join(missing)} on `{network}` to DevOpsInfrastructure",
        )
