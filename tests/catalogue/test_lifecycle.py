"""The table of what Terraform leaves alone is that of the modules."""

import re
from pathlib import Path

import pytest

from hubwright.catalogue.lifecycle import LEFT_ALONE, WORKLOADS_GROUP, left_alone

MODULES = Path(__file__).parents[2] / "terraform" / "modules"
ARGUMENTS = {"public_ips": "ip_configuration"}
"""Argument of the model -> azurerm's block, where they are not called alike."""


def ignored(resource: str) -> set[str]:
    """What modules ignore of a resource type."""
    found: set[str] = set()
    for path in MODULES.rglob("*.tf"):
        for block in re.split(r"(?m)^(?=resource )", path.read_text()):
            if block.startswith(f'resource "azurerm_{resource}"'):
                for names in re.findall(r"ignore_changes = \[([^\]]*)\]", block):
                    found |= {name.strip() for name in names.split(",")}
    return found


@pytest.mark.parametrize("kind", LEFT_ALONE)
def test_the_modules_ignore_what_the_table_says(kind):
    assert {ARGUMENTS.get(a, a) for a in LEFT_ALONE[kind]} <= ignored(kind)


def test_the_collections_of_the_workloads_are_ignored():
    assert ignored("firewall_policy_rule_collection_group") == {
        "nat_rule_collection",
        "network_rule_collection",
        "application_rule_collection",
    }
    kind = "firewall_policy_rule_collection_group"

    assert left_alone(kind, f"p/{WORKLOADS_GROUP}", "nat_rule_collections", autoscaled=False)
    assert left_alone(kind, "p/platform", "nat_rule_collections", autoscaled=False) is None
    assert left_alone(kind, f"p/{WORKLOADS_GROUP}", "priority", autoscaled=False) is None


def test_only_the_autoscaler_takes_the_count_from_terraform():
    kind = "kubernetes_cluster_node_pool"

    assert left_alone(kind, "aks/user", "node_count", autoscaled=True)
    assert left_alone(kind, "aks/user", "node_count", autoscaled=False) is None
