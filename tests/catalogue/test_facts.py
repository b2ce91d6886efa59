import pytest

from hubwright.catalogue import limits, skus, zones
from hubwright.catalogue.ranges import AKS_RESERVED
from hubwright.catalogue.retirements import RETIREMENTS, retirement
from hubwright.catalogue.skus import Feature
from hubwright.model.address import Prefix


def test_vault_names_and_zone_differ():
    assert zones.private_zone("vault", "public") == "privatelink.vaultcore.azure.net"
    assert zones.public_suffix("vault", "public") == "vault.azure.net"


def test_the_zone_of_an_api_server_has_the_region():
    zone = zones.private_zone("management", "public", "westeurope")
    assert zone == "privatelink.westeurope.azmk8s.io"


def test_sovereign_zones():
    assert zones.private_zone("registry", "china") == "privatelink.azurecr.cn"
    assert zones.private_zone("nothing", "public") is None


@pytest.mark.parametrize(
    ("policy", "firewall", "fits"),
    [
        ("Premium", "Standard", False),
        ("Standard", "Premium", True),
        ("Basic", "Basic", True),
        ("Basic", "Standard", False),
        ("Standard", "Basic", False),
    ],
)
def test_which_policy_fits_which_firewall(policy, firewall, fits):
    assert skus.policy_fits(policy, firewall) is fits


def test_only_premium_detects_intrusion():
    assert [skus.has(tier, Feature.IDPS) for tier in skus.TIERS] == [False, False, True]


def test_every_feature_has_a_tier():
    assert set(skus.LOWEST_TIER) == set(Feature)


def test_firewall_subnet_is_26_or_larger():
    assert limits.SUBNET_LENGTHS["AzureFirewallSubnet"] == 26


def test_reserved_ranges():
    assert any(r.overlaps(Prefix.parse("172.31.4.0/24")) for r in AKS_RESERVED)
    assert not any(r.overlaps(Prefix.parse("172.16.0.0/16")) for r in AKS_RESERVED)


def test_kubenet_ends_but_has_not():
    found = retirement("network_plugin", "kubenet")
    assert found is not None
    assert not found.is_past()
    assert found.is_past("2028-03-31")


def test_a_version_is_near_half_a_year_ahead():
    found = retirement("kubernetes_version", "1.36.2")
    assert found is not None
    assert not found.is_near("2026-11-23")
    assert found.is_near("2027-01-02")


def test_a_size_counts_by_its_series():
    ends = {
        size: found.ends if (found := retirement("vm_size", size)) else None
        for size in (
            "Standard_DS3_v2",
            "Standard_D4ds_v5",
            "Standard_B2s",
            "Standard_B2s_v2",
            "Standard_F8s_v2",
            "Standard_F8as_v6",
            "Standard_L8s_v3",
            "Standard_NC6s_v3",
        )
    }
    assert ends == {
        "Standard_DS3_v2": "2028-05-01",
        "Standard_D4ds_v5": None,
        "Standard_B2s": "2028-11-15",
        "Standard_B2s_v2": None,
        "Standard_F8s_v2": "2028-11-15",
        "Standard_F8as_v6": None,
        "Standard_L8s_v3": None,
        "Standard_NC6s_v3": "2025-09-30",
    }


def test_old_kubernetes_ended():
    found = retirement("kubernetes_version", "1.21.1")
    assert found is not None
    assert found.is_past()


def test_what_is_not_retired_is_none():
    assert retirement("os_sku", "AzureLinux") is None
    assert retirement("kubernetes_version", "1.37") is None


def test_every_retirement_has_a_source_and_a_date():
    for item in RETIREMENTS:
        assert item.ends is None or len(item.ends) == 10
        assert item.source
