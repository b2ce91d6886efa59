"""Estate to the variables of the Terraform root: decisions only, Terraform makes none."""

import json
from typing import Any

from hubwright.engines.terraform import (
    variables_cluster,
    variables_firewall,
    variables_identity,
    variables_ingress,
    variables_machines,
    variables_monitor,
    variables_network,
    variables_platform,
    variables_private_access,
)
from hubwright.engines.terraform.values import keyed, plain
from hubwright.model.estate import Estate

_FAMILIES = (
    variables_network,
    variables_firewall,
    variables_identity,
    variables_cluster,
    variables_private_access,
    variables_platform,
    variables_machines,
    variables_ingress,
    variables_monitor,
)


def variables(estate: Estate) -> dict[str, Any]:
    """
    Return the value of every root variable that the estate decides.

    Raises:
        UsageError: two resources of a kind share a name.
    """
    found: dict[str, Any] = {
        "name": estate.name,
        "location": estate.location,
        "cloud": estate.cloud,
        "hub": estate.hub,
        "tags": dict(sorted(estate.tags.items())),
        "resource_groups": keyed(
            "resource groups",
            estate.resource_groups,
            lambda group: group.name,
            lambda group: plain(group, without={"name"}),
        ),
        "workloads": keyed(
            "workloads",
            estate.kubernetes_services,
            lambda service: service.name,
            lambda service: plain(service, without={"name"}),
        ),
    }
    for family in _FAMILIES:
        found |= family.variables(estate)
    return found


def tfvars(estate: Estate) -> str:
    """Return the text of `estate.auto.tfvars.json`: the same for the same estate, always."""
    return json.dumps(variables(estate), indent=2, ensure_ascii=False) + "\n"
