"""Variables of `terraform/variables.identity.tf`."""

from typing import Any

from hubwright.engines.terraform.values import keyed, plain
from hubwright.model.estate import Estate
from hubwright.model.identity import RoleAssignment

_NAME = frozenset({"name"})
_WITH_THE_CLUSTER = frozenset(
    {
        "ingress_application_gateway",
        "kubelet",
        "kubernetes_cluster",
        "linux_virtual_machine",
        "node_resource_group",
        "windows_virtual_machine",
    }
)
"""Types of scopes and principals that exist only once the cluster, or a machine, does."""


def variables(estate: Estate) -> dict[str, Any]:
    """Return identities, what they may do, and who may act as them."""
    return {
        "user_assigned_identities": keyed(
            "identities",
            estate.user_assigned_identities,
            lambda item: item.name,
            lambda item: plain(item, without=_NAME),
        ),
        "role_assignments": keyed(
            "role assignments",
            estate.role_assignments,
            lambda item: f"{item.role_definition_name}|{item.scope}|{item.principal}",
            _role_assignment,
        ),
        "federated_identity_credentials": keyed(
            "federated credentials",
            estate.federated_identity_credentials,
            lambda item: item.name,
            lambda item: plain(item, without=_NAME),
        ),
    }


def _role_assignment(item: RoleAssignment) -> dict[str, Any]:
    """Return an assignment; the cluster waits for all that do not wait for it."""
    kinds = {text.partition(":")[0] for text in (item.scope, item.principal)}
    return {**plain(item), "needs_cluster": not kinds.isdisjoint(_WITH_THE_CLUSTER)}
