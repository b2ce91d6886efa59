"""Variables of `terraform/variables.platform.tf`."""

from typing import Any

from hubwright.engines.terraform.values import keyed, plain
from hubwright.model.estate import Estate

_KINDS = (
    "container_registries",
    "key_vaults",
    "storage_accounts",
    "log_analytics_workspaces",
    "monitor_workspaces",
)


def variables(estate: Estate) -> dict[str, Any]:
    """Return registry, vault, storage and workspaces."""
    return {
        kind: keyed(
            kind.replace("_", " "),
            getattr(estate, kind),
            lambda item: str(item.name),
            lambda item: plain(item, without={"name"}),
        )
        for kind in _KINDS
    }
