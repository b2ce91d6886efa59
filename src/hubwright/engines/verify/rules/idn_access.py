"""Who signs in, and with what: keys and passwords where identities would do."""

import re
from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.estate import Estate, by_name
from hubwright.model.firewall import FirewallPolicy

_SUBJECT = re.compile(r"system:serviceaccount:[a-z0-9-]{1,63}:[a-z0-9.-]{1,253}")


@rule("IDN006", Severity.WARNING, "Azure does not decide what people may do in the cluster")
def no_azure_rbac(case: Case) -> Iterator[Finding]:
    """Find clusters whose inner rights Azure does not see."""
    for cluster in case.estate.kubernetes_clusters:
        if cluster.azure_rbac_enabled:
            continue
        locked_out = cluster.local_account_disabled and not cluster.admin_group_object_ids
        yield Finding(
            message=(
                f"nobody can administer `{cluster.name}`: no Azure RBAC, no administrators, no "
                "local accounts"
                if locked_out
                else f"who may do what in `{cluster.name}` shows nowhere in Azure"
            ),
            at=nearest(cluster.origin.of("azure_rbac_enabled"), cluster.origin),
            label="Azure RBAC is off",
            help="turn Azure RBAC on",
            severity=Severity.ERROR if locked_out else None,
        )


@rule("IDN007", Severity.WARNING, "the registry has an admin user")
def registry_admin(case: Case) -> Iterator[Finding]:
    """Find registries that one password opens."""
    for registry in case.estate.container_registries:
        if registry.admin_enabled:
            yield Finding(
                message=f"one password opens `{registry.name}` for pull and push",
                at=nearest(registry.origin.of("admin_enabled"), registry.origin),
                label="admin user is on",
                help="turn the admin user off; nodes have AcrPull by their identity",
            )


@rule("IDN008", Severity.WARNING, "storage takes shared keys")
def shared_keys(case: Case) -> Iterator[Finding]:
    """Find storage accounts that a key opens."""
    for account in case.estate.storage_accounts:
        if account.shared_access_key_enabled:
            yield Finding(
                message=f"a key opens all of `{account.name}`, and shows not who used it",
                at=nearest(account.origin.of("shared_access_key_enabled"), account.origin),
                label="shared keys are on",
                help="turn shared keys off, and sign in with Entra",
            )


@rule("IDN009", Severity.WARNING, "a vault does not use Azure RBAC")
def vault_policies(case: Case) -> Iterator[Finding]:
    """Find vaults with access policies, which every Contributor can change."""
    for vault in case.estate.key_vaults:
        if not vault.rbac_authorization_enabled:
            yield Finding(
                message=f"who may write `{vault.name}` can let himself read its secrets",
                at=nearest(vault.origin.of("rbac_authorization_enabled"), vault.origin),
                label="access policies instead of Azure RBAC",
                help="turn RBAC authorization on",
            )


@rule("IDN010", Severity.WARNING, "people sign in on a machine with keys")
def key_login(case: Case) -> Iterator[Finding]:
    """Find jump boxes without Entra sign-in."""
    for machine in case.estate.virtual_machines:
        if machine.purpose == "jumpbox" and not machine.entra_login_enabled:
            yield Finding(
                message=f"people sign in on `{machine.name}` with a key that nobody takes back",
                at=nearest(machine.origin.of("entra_login_enabled"), machine.origin),
                label="no Entra sign-in",
                help="let people sign in with Entra",
            )


@rule("IDN011", Severity.ERROR, "a service account's identity does not work")
def broken_federation(case: Case) -> Iterator[Finding]:
    """Check the subject, cluster and identity of each federated credential."""
    estate = case.estate
    for item in estate.federated_identity_credentials:
        cluster = by_name(estate.kubernetes_clusters, item.cluster)
        identity = by_name(estate.user_assigned_identities, item.user_assigned_identity)
        if not _SUBJECT.fullmatch(item.subject):
            argument = "subject"
            problem = f"`{item.subject}` names no service account"
            help_ = "write `system:serviceaccount:<namespace>:<name>`"
        elif identity is None:
            argument = "user_assigned_identity"
            problem = f"there is no identity `{item.user_assigned_identity}`"
            help_ = "name an identity of the estate"
        elif cluster is not None and "workload-identity" not in cluster.features:
            argument = "cluster"
            problem = f"`{cluster.name}` gives its pods no tokens"
            help_ = "add `workload-identity` to the cluster's features"
        else:
            continue
        yield Finding(
            message=f"`{item.name}` does not work: {problem}",
            at=nearest(item.origin.of(argument), item.origin),
            label="pods get no token of Entra",
            help=help_,
        )


@rule("IDN013", Severity.ERROR, "the firewall cannot read its certificate")
def no_certificate(case: Case) -> Iterator[Finding]:
    """Find policies that inspect TLS, and cannot read the certificate for it."""
    estate = case.estate
    for policy in estate.firewall_policies:
        if policy.tls_certificate is None:
            continue
        me = policy.user_assigned_identity
        if me is None:
            problem, help_ = "it has no identity", "give it a user-assigned identity"
        elif _may_read(estate, policy):
            continue
        else:
            problem = f"identity `{me}` may not read secrets there"
            help_ = f"assign Key Vault Secrets User to `{me}` on the vault"
        yield Finding(
            message=f"`{policy.name}` cannot read {policy.tls_certificate}: {problem}",
            at=nearest(
                policy.origin.of("user_assigned_identity"),
                policy.origin.of("tls_certificate"),
                policy.origin,
            ),
            label="for TLS inspection",
            help=help_,
        )


def _may_read(estate: Estate, policy: FirewallPolicy) -> bool:
    """Tell whether a policy's identity may read its secret; True for vaults of others."""
    vault = by_name(estate.key_vaults, (policy.tls_certificate or "").partition("/")[0])
    if vault is None or not vault.rbac_authorization_enabled:
        return True
    readers = {"Key Vault Secrets User", "Key Vault Secrets Officer", "Key Vault Administrator"}
    return any(
        item.principal == f"user_assigned_identity:{policy.user_assigned_identity}"
        and item.role_definition_name in readers
        and item.scope
        in (
            f"key_vault:{vault.name}",
            f"resource_group:{vault.resource_group_name}",
            "subscription:",
        )
        for item in estate.role_assignments
    )


@rule("IDN015", Severity.ERROR, "Bastion's tier lacks native clients")
def bastion_tier(case: Case) -> Iterator[Finding]:
    """Find Bastion hosts of low tiers that native clients should use."""
    for bastion in case.estate.bastion_hosts:
        if bastion.tunneling_enabled and bastion.sku in ("Basic", "Developer"):
            yield Finding(
                message=f"`{bastion.name}` is {bastion.sku}: it takes no native clients",
                at=nearest(bastion.origin.of("sku"), bastion.origin),
                label=bastion.sku,
                causes=((bastion.origin.of("tunneling_enabled"), "tunneling is on"),),
                help="make it Standard, or turn tunneling off",
            )
