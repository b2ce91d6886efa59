"""What is written once for an environment, and then belongs to the team."""

import re
from collections.abc import Iterator, Mapping, Sequence

from hubwright.errors import UsageError
from hubwright.model.estate import Estate

ENVIRONMENTS = "environments"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
_OUTSIDER = "service_principal:"


def starters(estate: Estate, environments: Sequence[str]) -> Mapping[str, bytes]:
    """
    Return the files of some environments: where the state lies, and what the design cannot know.

    Raises:
        UsageError: an environment has a name that no storage container can have.
    """
    found: dict[str, bytes] = {}
    for name in environments:
        if not _NAME.fullmatch(name) or "--" in name or name.endswith("-"):
            raise UsageError(
                f"`{name}` cannot name an environment; "
                "write up to 30 lower-case letters, digits and single hyphens, a letter first"
            )
        found[f"{ENVIRONMENTS}/{name}.tfbackend"] = _backend(estate, name).encode()
        found[f"{ENVIRONMENTS}/{name}.tfvars"] = _settings(estate, name).encode()
    return found


def _backend(estate: Estate, environment: str) -> str:
    account = "st" + re.sub(r"[^a-z0-9]", "", estate.name)[:17] + "state"
    path = f"{ENVIRONMENTS}/{environment}.tfbackend"
    return f"""\
# Where the state of {environment} lies: terraform init -backend-config={path}
# The names are a proposal; this file is yours. Whoever runs Terraform needs the role
# Storage Blob Data Contributor on the container, and the account needs no keys.
resource_group_name  = "rg-{estate.name}-state"
storage_account_name = "{account}"
container_name       = "tfstate-{environment}"
key                  = "{estate.name}.tfstate"
"""


def _settings(estate: Estate, environment: str) -> str:
    head = f"""\
# What only {environment} knows: terraform plan -var-file={ENVIRONMENTS}/{environment}.tfvars
# This file is yours. Everything in it may also be given as TF_VAR_<name> in the environment.

# Without it, ARM_SUBSCRIPTION_ID says where to deploy.
# subscription_id = "00000000-0000-0000-0000-000000000000"
"""
    return head + "".join(f"\n{text}\n" for text in _asked(estate))


def _asked(estate: Estate) -> Iterator[str]:
    """Yield what this design asks of a deployer, as comments to fill in."""
    systems = {machine.os_type for machine in estate.virtual_machines}
    if "Linux" in systems or estate.virtual_machine_scale_sets:
        yield (
            "# Needed: the administrator's public key on Linux machines.\n"
            '# admin_ssh_public_key = "ssh-ed25519 AAAA... platform"'
        )
    if "Windows" in systems:
        yield (
            "# Needed, but not in a file: the first password of Windows machines, as\n"
            "# TF_VAR_windows_admin_password."
        )
    outside = sorted(_outside(estate))
    if outside:
        yield _table(
            "Needed: what private endpoints lead to outside of this configuration.",
            "private_endpoint_target_ids",
            dict.fromkeys(outside, "/subscriptions/..."),
        )
    principals = {item.principal for item in estate.role_assignments}
    others = sorted(p.removeprefix(_OUTSIDER) for p in principals if p.startswith(_OUTSIDER))
    if others:
        yield _table(
            "Needed: object ids of Microsoft's own services in your tenant "
            "(az ad sp list --display-name).",
            "service_principal_object_ids",
            dict.fromkeys(others, "00000000-0000-0000-0000-000000000000"),
        )
    if estate.monitor_metric_alerts:
        yield (
            "# Who is told of an alert; without one it shows in the portal only.\n"
            "# action_group_ids = []"
        )


def _outside(estate: Estate) -> set[str]:
    """Return what private endpoints lead to by a name that only the deployer has an id for."""
    inside = {
        item.name
        for kind in (
            estate.container_registries,
            estate.key_vaults,
            estate.storage_accounts,
            estate.monitor_private_link_scopes,
            estate.monitor_workspaces,
            estate.kubernetes_clusters,
        )
        for item in kind
    }
    return {
        endpoint.target
        for endpoint in estate.private_endpoints
        if endpoint.target not in inside
        and not endpoint.target.startswith("/")
        and not endpoint.target.endswith(".azure.privatelinkservice")
    }


def _table(why: str, name: str, values: Mapping[str, str]) -> str:
    lines = "".join(f'#   "{key}" = "{value}"\n' for key, value in values.items())
    return f"# {why}\n# {name} = {{\n{lines}# }}"
