"""What lies in the folder that Terraform runs in: pure, from text to text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import hubwright
from hubwright.engines.terraform.variables import tfvars
from hubwright.errors import UsageError
from hubwright.model.estate import Estate

TFVARS = "estate.auto.tfvars.json"
ENVIRONMENTS = "environments"
_ENVIRONMENT = re.compile(r"[a-z][a-z0-9-]{0,29}")
_IGNORED = """\
.terraform/
*.tfplan
*.tfstate
*.tfstate.*
crash.log
"""


def configuration() -> Path:
    """Return where the modules are: in the package, or beside it in a source checkout."""
    package = Path(hubwright.__file__).parent
    packaged = package / "_terraform"
    return packaged if packaged.is_dir() else package.parent.parent / "terraform"


def files(estate: Estate) -> dict[str, bytes]:
    """
    Return the files that follow from a design, by path in the folder, sorted.

    Raises:
        UsageError: two resources of a kind share a name, or a plan left something unknown.
    """
    if estate.unknowns:
        names = ", ".join(item.name.removeprefix("unknown:") for item in estate.unknowns[:3])
        raise UsageError(f"what is not known cannot be written: {names}")
    found = dict(_static(configuration()))
    found[".gitignore"] = _IGNORED.encode()
    found[TFVARS] = tfvars(estate).encode()
    return dict(sorted(found.items()))


def starters(estate: Estate, environments: Sequence[str]) -> Mapping[str, bytes]:
    """
    Return the files that are written once and then belong to the team: two an environment.

    Raises:
        UsageError: an environment has a name that no storage container can have.
    """
    found: dict[str, bytes] = {}
    for name in environments:
        if not _ENVIRONMENT.fullmatch(name) or "--" in name or name.endswith("-"):
            raise UsageError(
                f"`{name}` cannot name an environment; "
                "write up to 30 lower-case letters, digits and single hyphens, a letter first"
            )
        found[f"{ENVIRONMENTS}/{name}.tfbackend"] = _backend(estate, name).encode()
        found[f"{ENVIRONMENTS}/{name}.tfvars"] = _settings(name).encode()
    return found


def _static(directory: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(directory.rglob("*")):
        parts = path.relative_to(directory).parts
        # The root's own tests bring a network that the design's values would mix with.
        if path.is_file() and parts[0] != "tests" and not any(map(_is_state, parts)):
            yield "/".join(parts), path.read_bytes()


def _is_state(part: str) -> bool:
    """Tell whether Terraform left it behind when it ran."""
    return part.startswith(".terraform") or ".tfstate" in part


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


def _settings(environment: str) -> str:
    return f"""\
# What only {environment} knows: terraform plan -var-file={ENVIRONMENTS}/{environment}.tfvars
# This file is yours. Without subscription_id, ARM_SUBSCRIPTION_ID says where to deploy.
# subscription_id = "00000000-0000-0000-0000-000000000000"
"""
