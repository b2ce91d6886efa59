"""Resource groups, identities and role assignments."""

from collections.abc import Iterator

from hubwright.model.identity import (
    FederatedIdentityCredential,
    ResourceGroup,
    RoleAssignment,
    UserAssignedIdentity,
)
from hubwright.sources.terraform.addresses import arm_id
from hubwright.sources.terraform.names import ARM_TYPES, name_of_id
from hubwright.sources.terraform.network import place
from hubwright.sources.terraform.plan import Resource
from hubwright.sources.terraform.values import Reader, View
from hubwright.sources.terraform.words import FIELDS, Path

RESOURCE_GROUP = "azurerm_resource_group"
IDENTITY = "azurerm_user_assigned_identity"
ASSIGNMENT = "azurerm_role_assignment"
CREDENTIAL = "azurerm_federated_identity_credential"
_CLUSTER = "azurerm_kubernetes_cluster"
TYPES = frozenset({RESOURCE_GROUP, IDENTITY, ASSIGNMENT, CREDENTIAL})
_SCOPES = tuple(dict.fromkeys(type_ for types in ARM_TYPES.values() for type_ in types))
_PARTS = {
    "kubelet": _CLUSTER,
    "ingress_application_gateway": _CLUSTER,
    "node_resource_group": _CLUSTER,
    "storage_blob_service": "azurerm_storage_account",
}
"""Kinds of scopes and principals that belong to a resource of another type."""
_OTHERS = {"Group": "group", "User": "user", "ServicePrincipal": "service_principal"}


def resource_groups(reader: Reader) -> Iterator[ResourceGroup]:
    """Yield the resource groups."""
    for view in reader.views(RESOURCE_GROUP):
        name = reader.names.of(view.resource)
        yield ResourceGroup(name=name, location=place(view), origin=view.whole())


def identities(reader: Reader) -> Iterator[UserAssignedIdentity]:
    """Yield the user-assigned identities."""
    for view in reader.views(IDENTITY):
        yield UserAssignedIdentity(
            name=reader.names.of(view.resource),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(),
        )


def assignments(reader: Reader) -> Iterator[RoleAssignment]:
    """Yield the role assignments."""
    for view in reader.views(ASSIGNMENT):
        yield RoleAssignment(
            scope=typed(view, "scope"),
            role_definition_name=view.text("role_definition_name")
            or _last(view.text("role_definition_id")),
            principal=principal(view),
            origin=view.whole(principal=view.origin("principal_id")),
        )


def credentials(reader: Reader) -> Iterator[FederatedIdentityCredential]:
    """Yield the federated credentials whose tokens a cluster of the plan signs."""
    for view in reader.views(CREDENTIAL):
        identity = view.target("user_assigned_identity_id", IDENTITY) or view.target(
            "parent_id", IDENTITY
        )
        cluster = _issuer(view)
        if identity and cluster:
            yield FederatedIdentityCredential(
                name=view.text("name"),
                user_assigned_identity=identity,
                cluster=cluster,
                subject=view.text("subject"),
                origin=view.whole(),
            )


def _issuer(view: View) -> str | None:
    """Return the cluster whose issuer a credential trusts."""
    written = view.raw("issuer")
    if written is None:
        return view.target("issuer", _CLUSTER)
    for cluster in view.reader.plan.of_type(_CLUSTER):
        if cluster.values.get("oidc_issuer_url") == written:
            return view.reader.names.of(cluster)
    return None


def typed(view: View, argument: str) -> str:
    """Return `type:name` of what an argument, or its only entry, refers to."""
    names = view.reader.names
    found = view.raw(argument)
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if isinstance(found, str) and found:
        resource = names.by_id(found)
        if resource is not None:
            return f"{short(resource.type)}:{names.of(resource)}"
        parsed = arm_id(found)
        types = ARM_TYPES.get(parsed.type.lower(), ()) if parsed else ()
        if types:
            return f"{short(types[0])}:{name_of_id(found)}"
        return "subscription:" if _is_subscription(found) else found
    told = _told(view, argument)
    if told is not None:
        return told
    candidates = view.candidates(argument, *_SCOPES)
    if len(candidates) == 1:
        return f"{short(candidates[0].type)}:{names.of(candidates[0])}"
    return view.unknown_value(argument, candidates)


def _told(view: View, argument: str) -> str | None:
    """
    Return `type:name` where the variable that the resource is made from says it in these words.

    Some kinds are parts of a resource: the node group or the kubelets of a cluster.
    """
    for text in (view.row(FIELDS.get(argument, argument)), view.resource.address.key):
        kind, colon, name = text.partition(":") if isinstance(text, str) else ("", "", "")
        resources = view.reader.plan.of_type(_PARTS.get(kind, f"azurerm_{kind}"))
        known = any(view.reader.names.of(item) == name for item in resources)
        if colon and (known or kind in _OTHERS.values()):
            return str(text)
    return None


def short(type_: str) -> str:
    """Return a resource type without the provider's prefix."""
    return type_.removeprefix("azurerm_")


def _is_subscription(text: str) -> bool:
    parts = text.strip("/").split("/")
    return len(parts) == 2 and parts[0].lower() == "subscriptions"


def _last(text: str) -> str:
    return text.rpartition("/")[2]


def principal(view: View) -> str:
    """Return `type:name` of whoever a role is for."""
    told = _told(view, "principal_id")
    if told is not None:
        return told
    known = view.raw("principal_id")
    if isinstance(known, str) and known:
        return _known_principal(view, known)
    evidence = view.reader.references.evidence(view.resource, ("principal_id",))
    names = {
        text
        for resource, attribute in evidence.found.values()
        if (text := _of(view.reader, resource, attribute)) is not None
    }
    if len(names) == 1:
        return names.pop()
    candidates = view.candidates("principal_id", IDENTITY)
    if len(candidates) == 1 and not names:
        return f"user_assigned_identity:{view.reader.names.of(candidates[0])}"
    return view.unknown_value("principal_id", candidates)


def _of(reader: Reader, resource: Resource, attribute: Path) -> str | None:
    """Return the principal that an attribute of a resource is the id of."""
    name = reader.names.of(resource)
    if resource.type == IDENTITY:
        return f"user_assigned_identity:{name}"
    if resource.type == _CLUSTER and "kubelet_identity" in attribute:
        return f"kubelet:{name}"
    if attribute and attribute[0] == "identity":
        return f"{short(resource.type)}:{name}"
    return None


def _known_principal(view: View, id_: str) -> str:
    reader = view.reader
    for identity in reader.plan.of_type(IDENTITY):
        if identity.values.get("principal_id") == id_:
            return f"user_assigned_identity:{reader.names.of(identity)}"
    for cluster in reader.plan.of_type(_CLUSTER):
        for kind, key in (("kubelet_identity", "object_id"), ("identity", "principal_id")):
            for block in cluster.values.get(kind) or ():
                if isinstance(block, dict) and block.get(key) == id_:
                    owner = "kubelet" if kind == "kubelet_identity" else short(cluster.type)
                    return f"{owner}:{reader.names.of(cluster)}"
    return f"{_OTHERS.get(view.text('principal_type'), 'group')}:{id_}"
