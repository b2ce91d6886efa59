"""
What Terraform leaves alone once it is made: `ignore_changes` of the modules, with the other way.

The modules let others manage a part of the network outside Terraform: what is exposed, and what
scales by itself. A change of a design in that part has no effect on what is deployed.
"""

from collections.abc import Mapping
from types import MappingProxyType

WORKLOADS_GROUP = "workloads"
"""The rule collection group of workloads, which is Terraform's to make and others' to change."""

LEFT_ALONE: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "firewall": {"public_ips": "`az network firewall ip-config` adds and removes them"},
        "kubernetes_cluster_node_pool": {
            "node_count": "the autoscaler sets it, between `min_count` and `max_count`"
        },
        "linux_virtual_machine_scale_set": {"instances": "Azure DevOps scales it"},
    }
)
"""azurerm type without its prefix -> argument of the model -> who sets it instead."""

GROUP_COLLECTIONS = "`az network firewall policy rule-collection-group collection` changes it"
"""Who sets the collections of the workloads' group instead."""


def left_alone(kind: str, name: str, argument: str, *, autoscaled: bool) -> str | None:
    """
    Return who sets an argument instead of Terraform, or None where Terraform does.

    Args:
        kind: azurerm type without its prefix.
        name: Name of the resource, for a rule collection group `policy/group`.
        argument: Argument of the model.
        autoscaled: Whether the node pool has a least and a greatest count.
    """
    if kind == "firewall_policy_rule_collection_group":
        is_theirs = name.rpartition("/")[2] == WORKLOADS_GROUP
        return GROUP_COLLECTIONS if is_theirs and argument.endswith("_collections") else None
    if kind == "kubernetes_cluster_node_pool" and not autoscaled:
        return None
    return LEFT_ALONE.get(kind, {}).get(argument)
