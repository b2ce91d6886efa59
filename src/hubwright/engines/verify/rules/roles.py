"""Roles and scopes: what holds what, and what a cluster's identity must be able to do."""

from collections.abc import Iterator

from hubwright.engines.verify.places import cluster_subnets, node_subnets
from hubwright.lazy_dataclass import dataclass
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate

BROAD = frozenset({"Owner", "Contributor", "User Access Administrator"})
WRITERS = BROAD | {"Network Contributor", "AcrPush", "Role Based Access Control Administrator"}
"""Roles that may change resources, of those that people give to clusters and agents.
Source: learn.microsoft.com/azure/role-based-access-control/built-in-roles (2026)."""
_NETWORK = ("Network Contributor", "Contributor", "Owner")


def kind_of(text: str) -> str:
    """Return the type in `type:name`."""
    return text.partition(":")[0]


def name_of(text: str) -> str:
    """Return the name in `type:name`."""
    return text.partition(":")[2]


def said(text: str) -> str:
    """Return a scope or principal as people say it: `` subnet `vnet-aks/AksSubnet` ``."""
    kind, name = kind_of(text).replace("_", " "), name_of(text)
    kinds = {
        "user assigned identity": "identity",
        "kubelet": "the kubelets of",
        "kubernetes cluster": "cluster",
        "virtual network": "network",
        "private dns zone": "zone",
    }
    return f"{kinds.get(kind, kind)} `{name}`" if name else f"the {kind}"


def principal_of(cluster: KubernetesCluster) -> str:
    """Return who the cluster acts as in Azure."""
    if cluster.user_assigned_identity:
        return f"user_assigned_identity:{cluster.user_assigned_identity}"
    return f"kubernetes_cluster:{cluster.name}"


def holds_firewall(estate: Estate, scope: str) -> bool:
    """Tell whether a firewall, its policy or its network lies in a scope."""
    kind, name = kind_of(scope), name_of(scope)
    if kind in ("subscription", "management_group"):
        return bool(estate.firewalls)
    for firewall in estate.firewalls:
        policy = estate.firewall_policy_by_name.get(firewall.firewall_policy)
        groups = {firewall.resource_group_name, policy.resource_group_name if policy else ""}
        if kind == "resource_group" and name in groups:
            return True
        if (kind, name) in {
            ("firewall", firewall.name),
            ("firewall_policy", firewall.firewall_policy),
        }:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Need:
    """A role that something must have, and what fails without it."""

    scope: str
    roles: tuple[str, ...]
    """The narrowest first; any of them will do."""
    why: str
    error: str = ""


def missing_roles(estate: Estate, cluster: KubernetesCluster) -> Iterator[Need]:
    """
    Yield the roles that a cluster's identity needs and does not have.

    Sources: learn.microsoft.com/azure/aks/concepts-identity, /private-clusters (2026-08-05),
    /troubleshoot/azure/azure-kubernetes/error-codes (2026).
    """
    me = principal_of(cluster)
    have = {
        (item.scope, item.role_definition_name)
        for item in estate.role_assignments
        if item.principal == me
    }
    for need in _needs(estate, cluster):
        scopes = _around(estate, need.scope)
        if not any((scope, role) in have for scope in scopes for role in need.roles):
            yield need


def _needs(estate: Estate, cluster: KubernetesCluster) -> Iterator[Need]:
    subnets = list(cluster_subnets(estate, cluster))
    home = estate.subnet_by_id.get(cluster.api_server_subnet or "")
    if home is not None and home.virtual_network not in {s.virtual_network for s in subnets}:
        home = None  # AKS033
    own_zone = cluster.private_cluster_enabled and "." in cluster.private_dns_zone
    for subnet in dict.fromkeys([*subnets, *([home] if home else [])]):
        why = "nodes and load balancers cannot join it"
        yield Need(f"subnet:{subnet.id}", _NETWORK, why, "LinkedAuthorizationFailed")
    if own_zone and cluster.private_dns_zone in {zone.name for zone in estate.private_dns_zones}:
        zone = f"private_dns_zone:{cluster.private_dns_zone}"
        roles = ("Private DNS Zone Contributor", "Contributor", "Owner")
        why = "the API server gets no name"
        yield Need(zone, roles, why, "CustomPrivateDNSZoneMissingPermissionError")
        for network in dict.fromkeys(s.virtual_network for s in node_subnets(estate, cluster)):
            why = "AKS cannot link the API server's zone to it"
            error = "CreateOrUpdateVirtualNetworkLinkFailed"
            yield Need(f"virtual_network:{network}", _NETWORK, why, error)
    if cluster.network_plugin == "kubenet" and cluster.outbound_type == "userDefinedRouting":
        for table in dict.fromkeys(s.route_table for s in node_subnets(estate, cluster)):
            if table is not None:
                why = "AKS cannot write the routes of its nodes"
                error = "CustomRouteTableMissingPermission"
                yield Need(f"route_table:{table}", _NETWORK, why, error)
    if cluster.kubelet_identity is not None:
        scope = f"user_assigned_identity:{cluster.kubelet_identity}"
        roles = ("Managed Identity Operator", "Contributor", "Owner")
        why = "it cannot give its nodes that identity"
        yield Need(scope, roles, why, "CustomKubeletIdentityMissingPermissionError")


def _around(estate: Estate, scope: str) -> list[str]:
    """Return a scope and those that hold it."""
    kind, name = kind_of(scope), name_of(scope)
    out = [scope, "subscription:"]
    networks = {item.name: item.resource_group_name for item in estate.virtual_networks}
    groups = {
        "virtual_network": networks,
        "route_table": {item.name: item.resource_group_name for item in estate.route_tables},
        "private_dns_zone": {
            item.name: item.resource_group_name for item in estate.private_dns_zones
        },
        "user_assigned_identity": {
            item.name: item.resource_group_name for item in estate.user_assigned_identities
        },
    }
    if kind == "subnet":
        network = name.partition("/")[0]
        out += [f"virtual_network:{network}", f"resource_group:{networks.get(network, '')}"]
    group = groups.get(kind, {}).get(name)
    if group:
        out.append(f"resource_group:{group}")
    return out
