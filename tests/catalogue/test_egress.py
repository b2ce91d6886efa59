import re

import pytest

from hubwright.catalogue.egress import (
    AKS_TAG,
    FEATURES,
    ON_MACHINES,
    RETIRED,
    fqdn_tag,
    node_checks,
    required,
)

CLOUDS = ("public", "china", "usgovernment")


def names(features=(), location="westeurope", cloud="public", **more):
    return {d for r in required(features, location, cloud, **more) for d in r.destinations}


def test_the_base_is_always_there():
    assert {"mcr.microsoft.com", "packages.aks.azure.com", "mcrprod.azurecr.io"} <= names()


def test_the_region_is_filled_in_and_folded():
    found = names(["container-insights"], "West Europe")
    assert "westeurope.handler.control.monitor.azure.com" in found
    assert not any("<region>" in name for name in found)


def test_only_a_public_cluster_needs_its_api_server_by_name():
    assert "*.hcp.westeurope.azmk8s.io" not in names()
    assert "*.hcp.westeurope.azmk8s.io" in names(private_cluster=False)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_retired_hosts_are_never_required(cloud):
    assert not names(tuple(FEATURES), cloud=cloud) & set(RETIRED)


def test_sovereign_clouds_have_their_own_names():
    assert "login.chinacloudapi.cn" in names(cloud="china")
    assert "login.microsoftonline.com" not in names(cloud="china")
    assert "data.policy.azure.us" in names(["azure-policy"], cloud="usgovernment")


def test_defender_ended_in_china():
    assert names(["defender"], cloud="china") == names(cloud="china")


def test_ubuntu_updates_use_http():
    found = [r for r in required(["ubuntu-updates"], "x", "public") if r.feature != "base"]
    assert {(r.protocol, r.ports) for r in found} == {("Http", (80,))}


WITHIN_THE_CORE = {
    "workload-identity",
    "key-vault-csi",
    "cost-analysis",
    "image-cleaner",
    "keda",
    "vertical-pod-autoscaler",
    "istio",
    "network-observability",
}
"""Features whose pods need no more than every cluster does."""


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_has_requirements_with_a_dated_source(feature):
    found = required([feature], "westeurope", "public")
    mine = [r for r in found if r.feature == feature]
    assert mine or feature in WITHIN_THE_CORE
    for requirement in found:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", requirement.date)
        assert "." in requirement.source
        assert requirement.kind != "network" or requirement.protocol in ("TCP", "UDP")


def test_wildcards_stand_only_at_the_left():
    for name in names(tuple(FEATURES), private_cluster=False):
        assert "*" not in name.removeprefix("*.")


def test_the_aks_tag_is_estimated_from_the_core_list():
    estimate = fqdn_tag(AKS_TAG, "westeurope", "public")
    assert estimate is not None
    assert "mcr.microsoft.com" in estimate
    assert "mcrprod.azurecr.io" not in estimate
    assert AKS_TAG not in estimate


def test_tags_without_a_list_are_unknown():
    assert fqdn_tag("WindowsUpdate", "westeurope", "public") is None


def test_nodes_check_the_registry_first_and_exit_with_50():
    first = node_checks("westeurope", "public")[0]
    assert (first.host, first.port, first.exit_code) == ("mcr.microsoft.com", 443, 50)
    assert node_checks("chinaeast2", "china")[0].host == "gcr.azk8s.cn"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_exit_codes_are_unique(cloud):
    codes = [c.exit_code for c in node_checks("x", cloud) if c.exit_code]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_no_destination_is_listed_twice(cloud):
    seen = [
        (r.feature in ON_MACHINES, r.protocol, r.ports, d)
        for r in required(tuple(FEATURES), "westeurope", cloud)
        for d in r.destinations
    ]
    assert len(seen) == len(set(seen))
    names_ = [d for _, _, _, d in seen]
    assert "global.handler.control.monitor.azure.com" in names_ or cloud != "public"
    assert "*.metrics.ingest.monitor.azure.com" not in names_


def test_an_agent_gets_its_sign_in_although_nodes_have_it_too():
    mine = [r for r in required(["azure-devops-agent"], "x", "public") if r.feature != "base"]
    assert "login.microsoftonline.com" in mine[0].destinations
