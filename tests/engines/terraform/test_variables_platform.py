"""The variables of the cluster and of what stands around it."""

import pytest

from designs import read, write
from hubwright.catalogue.cluster_features import EXTENSIONS, SWITCHES
from hubwright.engines.terraform.variables import variables
from hubwright.sources.design import load_design
from terraforming import ESTATES


@pytest.fixture(scope="module", params=ESTATES, ids=lambda path: path.parent.name)
def estate(request):
    found, _ = load_design(request.param)
    assert found is not None
    return found


KINDS = (
    "user_assigned_identities",
    "federated_identity_credentials",
    "kubernetes_clusters",
    "container_registries",
    "key_vaults",
    "storage_accounts",
    "log_analytics_workspaces",
    "monitor_workspaces",
    "monitor_diagnostic_settings",
    "monitor_data_collection_rules",
    "monitor_metric_alerts",
    "monitor_private_link_scopes",
    "virtual_machines",
    "virtual_machine_scale_sets",
    "managed_devops_pools",
    "web_application_firewall_policies",
    "application_gateways",
    "application_load_balancers",
)


def test_every_kind_is_there_with_each_of_its_resources(estate):
    found = variables(estate)

    for kind in KINDS:
        assert list(found[kind]) == sorted(item.name for item in getattr(estate, kind))
    assert len(found["role_assignments"]) == len(estate.role_assignments)


def test_every_pool_is_in_its_cluster(estate):
    found = variables(estate)["kubernetes_clusters"]

    pools = {
        (name, pool)
        for name, cluster in found.items()
        for pool in (cluster["default_node_pool"]["name"], *cluster["node_pools"])
    }
    assert pools == {(pool.cluster, pool.name) for pool in estate.node_pools}


def test_every_feature_is_switched_or_listed(estate):
    for cluster in estate.kubernetes_clusters:
        found = variables(estate)["kubernetes_clusters"][cluster.name]
        on = {feature for feature, switch in SWITCHES.items() if found[switch.variable]}

        assert on == set(cluster.features) & set(SWITCHES)
        assert set(found["extensions"]) == set(cluster.features) & set(EXTENSIONS)
        assert found["features"] == list(cluster.features)


def test_what_aks_makes_is_not_ours_to_write(estate):
    found = variables(estate)

    made = {item.name for item in estate.private_endpoints if item.made_by_platform}
    assert made.isdisjoint(found["private_endpoints"])
    zones = {zone.name for zone in estate.private_dns_zones if not zone.made_by_platform}
    assert set(found["private_dns_zones"]) == zones


def test_every_link_of_our_zones_is_in_its_zone(estate):
    found = variables(estate)["private_dns_zones"]

    links = {(zone, link) for zone, item in found.items() for link in item["virtual_network_links"]}
    assert links == {
        (link.private_dns_zone, link.name)
        for link in estate.private_dns_zone_virtual_network_links
        if link.private_dns_zone in found
    }


def test_the_cluster_waits_for_roles_that_do_not_wait_for_it():
    found = variables(read(write("registry: {}\n")))["role_assignments"].values()

    assert not any(item["needs_cluster"] for item in found)


def test_roles_of_identities_that_come_with_the_cluster_wait_for_it():
    estate = read(write("registry: {}\n", cluster="kubelet_identity: false"))
    found = variables(estate)["role_assignments"].values()

    late = {item["principal"] for item in found if item["needs_cluster"]}
    assert late == {f"kubelet:{estate.kubernetes_clusters[0].name}"}


def test_a_windows_machine_has_a_name_that_windows_takes():
    estate = read(write("agents: [{os: Windows, name: vm-build-agent}]\n"))

    machine = variables(estate)["virtual_machines"]["vm-build-agent"]
    assert machine["computer_name"] == "vm-build-agent"
