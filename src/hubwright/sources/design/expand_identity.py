"""Identities, and what they may do: no more than they need, and no wider than there."""

from collections.abc import Iterator

from hubwright.model.identity import FederatedIdentityCredential, UserAssignedIdentity
from hubwright.sources.design.draft import Draft
from hubwright.sources.design.expand_homes import cluster_name

ALB_CONTROLLER = "system:serviceaccount:azure-alb-system:alb-controller-sa"
"""Service account of the controller of Application Gateway for Containers.
Source: learn.microsoft.com/azure/application-gateway/for-containers/
quickstart-deploy-application-gateway-for-containers-alb-controller (2025)."""


def cluster_identity(draft: Draft) -> str | None:
    """Return the name of the cluster's identity, or None where there is no cluster."""
    cluster = draft.design.cluster
    return None if cluster is None else cluster.identity or f"id-{cluster_name(draft)}"


def kubelet_identity(draft: Draft) -> str | None:
    """Return the name of the kubelets' identity; None where AKS makes it."""
    cluster = draft.design.cluster
    if cluster is None or cluster.kubelet_identity is False:
        return None
    form = cluster.kubelet_identity
    return form if isinstance(form, str) else f"id-{cluster_name(draft)}-kubelet"


def firewall_identity(draft: Draft) -> str | None:
    """Return the name of the identity that reads the CA of TLS inspection."""
    firewall = draft.design.hub.firewall
    if firewall.tls_inspection is None:
        return None
    policy = firewall.policy.name or "afwp-hub"
    return firewall.tls_inspection.identity or f"id-{policy}"


def alb_identity(draft: Draft) -> str | None:
    """Return the name of the identity of the controller of Application Gateway for Containers."""
    cluster = draft.design.cluster
    if cluster is None or cluster.ingress != "application-gateway-for-containers":
        return None
    return f"id-{cluster_name(draft)}-alb"


def workload_identity(draft: Draft, key: str) -> str:
    """Return the name of a workload's identity."""
    return draft.design.workload_identities[key].name or f"id-{key}"


def identities(draft: Draft) -> Iterator[UserAssignedIdentity]:
    """Yield the user-assigned identities."""
    rows = (
        (cluster_identity(draft), ("cluster", "identity"), "the cluster acts as it in Azure"),
        (
            kubelet_identity(draft),
            ("cluster", "kubelet_identity"),
            "nodes pull images as it, and may do so before the cluster exists",
        ),
        (
            firewall_identity(draft),
            ("hub", "firewall", "tls_inspection"),
            "the firewall reads its CA as it",
        ),
        (alb_identity(draft), ("cluster", "ingress"), "the gateway's controller acts as it"),
    )
    for name, path, why in rows:
        if name is not None:
            yield UserAssignedIdentity(name=name, origin=draft.origin(path, why))
    for key in draft.design.workload_identities:
        yield UserAssignedIdentity(
            name=workload_identity(draft, key),
            origin=draft.places.resource(("workload_identities", key)),
        )


def credentials(draft: Draft) -> Iterator[FederatedIdentityCredential]:
    """Yield the service accounts that may act as an identity."""
    cluster = draft.design.cluster
    if cluster is None:
        if draft.design.workload_identities:
            message = "there are workload identities but no cluster that signs their tokens"
            path = ("workload_identities",)
            draft.report("DESIGN007", message, path, "write `cluster:`", at_key=True)
        return
    alb = alb_identity(draft)
    if alb is not None:
        yield FederatedIdentityCredential(
            name=f"fc-{alb}",
            user_assigned_identity=alb,
            cluster=cluster_name(draft),
            subject=ALB_CONTROLLER,
            origin=draft.origin(("cluster", "ingress"), "the gateway's controller acts as it"),
        )
    for key, section in draft.design.workload_identities.items():
        namespace, _, account = section.service_account.partition("/")
        name = workload_identity(draft, key)
        yield FederatedIdentityCredential(
            name=f"fc-{name}",
            user_assigned_identity=name,
            cluster=cluster_name(draft),
            subject=f"system:serviceaccount:{namespace}:{account}",
            origin=draft.places.resource(
                ("workload_identities", key), {"subject": "service_account"}
            ),
        )
