"""What lies in the folder that Terraform runs in: pure, from text to text."""

from collections.abc import Iterator
from pathlib import Path

from hubwright import carried
from hubwright.engines.terraform.variables import tfvars
from hubwright.errors import UsageError
from hubwright.model.estate import Estate

TFVARS = "estate.auto.tfvars.json"
_IGNORED = """\
.terraform/
*.tfplan
*.tfstate
*.tfstate.*
crash.log
"""


def files(estate: Estate) -> dict[str, bytes]:
    """
    Return the files that follow from a design, by path in the folder, sorted.

    Raises:
        UsageError: two resources of a kind share a name, or a plan left something unknown.
    """
    if estate.unknowns:
        names = ", ".join(item.name.removeprefix("unknown:") for item in estate.unknowns[:3])
        raise UsageError(f"what is not known cannot be written: {names}")
    found = dict(_static(carried.terraform()))
    found[".gitignore"] = _IGNORED.encode()
    found[TFVARS] = tfvars(estate).encode()
    return dict(sorted(found.items()))


def _static(directory: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(directory.rglob("*")):
        parts = path.relative_to(directory).parts
        # The root's own tests bring a network that the design's values would mix with.
        if path.is_file() and parts[0] != "tests" and not any(map(_is_state, parts)):
            yield "/".join(parts), path.read_bytes()


def _is_state(part: str) -> bool:
    """Tell whether Terraform left it behind when it ran."""
    return part.startswith(".terraform") or ".tfstate" in part
