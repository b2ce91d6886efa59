"""Identities: what the cluster may do to the network that guards it, and when it may."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate
from hubwright.model.identity import RoleAssignment

_WIDE = frozenset({"Owner", "Contributor", "Network Contributor", "User Access Administrator"})
"""Roles that can change a firewall and its policy, or give themselves one that can.
Source: learn.microsoft.com/azure/role-based-access-control/built-in-roles (2026)."""
_GUARDS = ("firewall:", "firewall_policy:", "firewall_policy_rule_collection_group:")


def roles_of(estate: Estate, cluster: KubernetesCluster) -> Iterator[RoleAssignment]:
    """Yield what the cluster's own identity may do; not what its kubelets may."""
    principals = {f"kubernetes_cluster:{cluster.name}"}
    if cluster.user_assigned_identity is not None:
        principals = {f"user_assigned_identity:{cluster.user_assigned_identity}"}
    yield from (item for item in estate.role_assignments if item.principal in principals)


@rule("IDN001", Severity.ERROR, "the cluster may change the firewall that guards it")
def rules_its_guard(case: Case) -> Iterator[Finding]:
    """Find roles of clusters whose scope holds a firewall, its policy or the hub."""
    for cluster in case.estate.kubernetes_clusters:
        for item in roles_of(case.estate, cluster):
            held = _held(case.estate, item.scope)
            if item.role_definition_name not in _WIDE or held is None:
                continue
            yield Finding(
                message=(
                    f"`{cluster.name}` is {item.role_definition_name} of {_shown(item.scope)}, "
                    f"with {held} in it"
                ),
                at=nearest(item.origin.of("scope"), item.origin, cluster.origin),
                label=item.role_definition_name,
                causes=((cluster.origin, f"`{cluster.name}` acts by this identity"),),
                notes=("whoever gets the cluster's credential can open the firewall",),
                help="give it the role on the subnets and the route table that it uses",
            )


def _held(estate: Estate, scope: str) -> str | None:
    """Return what of the hub's guard lies in a scope, in words; None when nothing does."""
    kind, _, name = scope.partition(":")
    if scope.startswith(_GUARDS):
        return f"`{name}`"
    guards = [(item.name, item.resource_group_name) for item in estate.firewalls]
    guards += [(item.name, item.resource_group_name) for item in estate.firewall_policies]
    if kind == "subscription" and guards:
        return f"`{guards[0][0]}`"
    if kind == "resource_group":
        return next((f"`{guard}`" for guard, group in guards if group == name), None)
    if kind == "virtual_network" and any(f.virtual_network == name for f in estate.firewalls):
        return "the firewall's subnet"
    return None


def _shown(scope: str) -> str:
    kind, _, name = scope.partition(":")
    return f"{kind.replace('_', ' ')} `{name}`" if name else f"the {kind}"


@rule("IDN002", Severity.ERROR, "the cluster is made before its identity has its roles")
def roles_too_late(case: Case) -> Iterator[Finding]:
    """Find clusters in their own network that do not wait for their roles on it."""
    for cluster in case.estate.kubernetes_clusters:
        late = list(roles_of(case.estate, cluster))
        if not late or cluster.user_assigned_identity is None:
            continue
        if "role_assignment" in cluster.waits_for:
            continue
        names = ", ".join(dict.fromkeys(item.role_definition_name for item in late))
        yield Finding(
            message=f"`{cluster.name}` is made before its identity is {names}",
            at=nearest(late[0].origin, cluster.origin),
            label="nothing makes the cluster wait for it",
            causes=((cluster.origin, f"`{cluster.name}`"),),
            notes=("AKS refuses a cluster whose identity may not join its subnets and routes",),
            help="refer to the identity and not to the cluster, and let the cluster depend on it",
        )
