"""
What is wrong with Microsoft's published sample, found in its plan.

The sample is Azure-Samples/private-aks-cluster-terraform-devops at 8bb5132, moved to azurerm 5 as
far as the provider's schema demands. HUBWRIGHT_SAMPLE_PLAN names `terraform show -json` of it.
"""

import os
from pathlib import Path

import pytest

from hubwright.diagnostics.diagnostic import Diagnostic
from hubwright.engines.verify.check import check
from hubwright.sources.terraform import read_plan

PLAN = os.environ.get("HUBWRIGHT_SAMPLE_PLAN", "")
pytestmark = pytest.mark.skipif(
    not Path(PLAN).is_file(),
    reason="HUBWRIGHT_SAMPLE_PLAN names no file; export it as the JSON of a plan of the sample",
)


@pytest.fixture(scope="module")
def found() -> list[Diagnostic]:
    estate, problems = read_plan("sample.json", Path(PLAN))
    assert estate is not None
    assert problems == []
    return check(estate)


def messages(found: list[Diagnostic], code: str) -> list[str]:
    return [item.message for item in found if item.code == code]


def test_one_network_rule_kills_every_application_rule(found):
    (item,) = [item for item in found if item.code == "AFW001"]

    assert "5 application rules" in item.message
    assert any("`AllowMicrosoftFqdns`, `AllowFqdnsForOsUpdates`" in note for note in item.notes)
    assert any("needs: " in note and "packages.aks.azure.com" in note for note in item.notes)
    assert item.trace is not None
    assert item.primary.origin.path.endswith(
        "network_rule_collection[0].rule[3].destination_addresses"
    )


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("PE001", ["BaboAcr", "BaboAksKeyVault", "bootabcdefgh"]),
        ("ROUTE001", ["PodSubnet", "VmSubnet"]),
        ("NSG001", ["TestVm"]),
        ("IDN001", ["BaboFirewall"]),
        ("IDN002", ["Network Contributor"]),
        ("AFW017", ["*.cdn.mscr.io", "acs-mirror.azureedge.net"]),
        ("AFW020", ["BaboFirewall"]),
        ("AFW021", ["BaboFirewallPolicy"]),
        ("AKS001", ["BaboAks"]),
        ("AKS004", ["system"]),
        ("AKS007", ["Free"]),
    ],
)
def test_each_known_defect_is_found_where_it_is(found, code, names):
    told = messages(found, code)

    assert len(told) == len(names)
    assert all(any(name in text for text in told) for name in names)


def test_tiers_that_fit_are_not_complained_of(found):
    assert messages(found, "AFW008") == []
    assert messages(found, "AFW009") == []
