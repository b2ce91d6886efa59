from designs import read, refused, write
from hubwright.model.estate import Estate

ALL = (
    "jumpbox: {}\nregistry: {}\nkey_vault: {}\nstorage: {}\nlog_analytics: {}\n"
    "workloads: {web: {load_balancer: public, port: 80}}\n"
)


def groups(estate: Estate, field: str) -> set[str]:
    return {item.resource_group_name for item in getattr(estate, field)}


def test_what_is_shared_is_with_the_hub_and_the_rest_with_its_spoke():
    estate = read(write(ALL, hub="ddos_protection: true"))

    assert [group.name for group in estate.resource_groups] == ["rg-base-aks", "rg-base-hub"]
    for field in (
        "firewalls",
        "firewall_policies",
        "bastion_hosts",
        "network_ddos_protection_plans",
        "private_dns_zones",
        "log_analytics_workspaces",
    ):
        assert groups(estate, field) == {"rg-base-hub"}, field
    for field in (
        "kubernetes_clusters",
        "virtual_machines",
        "container_registries",
        "key_vaults",
        "storage_accounts",
        "user_assigned_identities",
    ):
        assert groups(estate, field) == {"rg-base-aks"}, field


def test_a_public_ip_is_with_what_uses_it():
    estate = read(write(ALL))

    found = {item.name: item.resource_group_name for item in estate.public_ips}

    assert found == {
        "pip-afw-hub-1": "rg-base-hub",
        "pip-afw-web": "rg-base-hub",
        "pip-bas-hub": "rg-base-hub",
        "pip-lb-web": "rg-base-aks",
    }


def test_every_resource_that_can_be_in_a_group_is_in_one_that_exists():
    estate = read(write(ALL))

    known = {group.name for group in estate.resource_groups}
    for resource in estate.resources():
        if hasattr(resource, "resource_group_name"):
            by_platform = getattr(resource, "made_by_platform", False) or "agentpool" in (
                resource.name
            )
            assert (resource.resource_group_name == "") == by_platform, resource
            assert by_platform or resource.resource_group_name in known


def test_a_group_can_have_another_name():
    estate = read(write("resource_groups: {hub: connectivity}\n"))

    assert groups(estate, "firewalls") == {"connectivity"}


def test_a_group_of_no_network_is_a_slip():
    assert refused(write("resource_groups: {hubb: connectivity}\n")) == [
        ("DESIGN008", "there is no network `hubb`", "resource_groups: {hubb: connectivity}")
    ]
