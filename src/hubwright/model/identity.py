"""Identities and what they may do."""

from dataclasses import field

from hubwright.lazy_dataclass import dataclass
from hubwright.model.origin import NOWHERE, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceGroup:
    """`azurerm_resource_group`."""

    name: str
    location: str
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAssignedIdentity:
    """`azurerm_user_assigned_identity`."""

    name: str
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssignment:
    """
    `azurerm_role_assignment`.

    A scope and a principal are written `type:name`, the type being azurerm's without its prefix:
    `subnet:vnet-aks/AksSubnet`, `resource_group:rg-hub`, `user_assigned_identity:id-aks`,
    `kubernetes_cluster:aks` (as a principal: its system-assigned identity),
    `kubelet:aks` (the identity that AKS makes for its nodes), `subscription:`, `group:<object id>`,
    `ingress_application_gateway:aks` (the identity of that add-on), `node_resource_group:aks` (the
    group that AKS makes for its nodes), `service_principal:DevOpsInfrastructure` (Microsoft's own,
    in every tenant).
    """

    scope: str
    role_definition_name: str
    principal: str
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FederatedIdentityCredential:
    """`azurerm_federated_identity_credential`: a service account that may act as an identity."""

    name: str
    user_assigned_identity: str
    cluster: str
    """Name of the cluster whose issuer signs the tokens."""
    subject: str
    """`system:serviceaccount:<namespace>:<service account>`."""
    origin: Origin = field(default=NOWHERE, compare=False)
