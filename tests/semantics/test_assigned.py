from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import builders
import random_estates
from hubwright.model.address import AddressSet, Prefix, format_address, parse_address
from hubwright.model.network import NicKind
from hubwright.model.platform import LinuxVirtualMachine
from hubwright.model.private_access import PrivateDnsZone, PrivateEndpoint
from hubwright.semantics.assigned import (
    address_of,
    addresses_of,
    aks_group_name,
    assign,
    private_name,
)
from hubwright.semantics.names import public_ip_placeholders, site_address


def addresses(estate, kind=None):
    return {
        nic.name: format_address(nic.private_ip_address)
        for nic in estate.network_interfaces
        if kind is None or nic.kind is kind
    }


def test_a_firewall_has_the_first_usable_address_and_its_instances_the_next():
    estate = builders.estate()
    assert addresses(estate, NicKind.FIREWALL) == {
        "afw": "10.0.0.4",
        "afw-instance-0": "10.0.0.5",
        "afw-instance-1": "10.0.0.6",
    }
    assert estate.firewalls[0].private_ip_address == parse_address("10.0.0.4")


def test_the_first_four_addresses_and_the_last_are_reserved():
    estate = builders.change_subnet(
        builders.estate(), "aks/VmSubnet", address_prefixes=builders.prefix("10.1.48.0/29")
    )
    machines = tuple(LinuxVirtualMachine(name=f"vm-{n}", subnet="aks/VmSubnet") for n in range(5))
    found = addresses(assign(replace(estate, virtual_machines=machines)))
    assert found["pe-vault"] == "10.1.48.4"
    assert [found.get(f"vm-{n}") for n in range(3)] == ["10.1.48.5", "10.1.48.6", None]


def test_a_full_first_prefix_is_followed_by_the_second():
    prefixes = (Prefix.parse("10.1.48.0/29"), Prefix.parse("10.1.50.0/29"))
    estate = builders.change_subnet(builders.estate(), "aks/VmSubnet", address_prefixes=prefixes)
    machines = tuple(LinuxVirtualMachine(name=f"vm-{n}", subnet="aks/VmSubnet") for n in range(4))
    found = addresses(assign(replace(estate, virtual_machines=machines)))
    assert [found[f"vm-{n}"] for n in range(4)] == [
        "10.1.48.5",
        "10.1.48.6",
        "10.1.50.4",
        "10.1.50.5",
    ]


def test_an_address_that_was_asked_for_is_kept_and_not_given_away():
    machines = (
        LinuxVirtualMachine(name="vm-any", subnet="aks/VmSubnet"),
        LinuxVirtualMachine(name="vm-fixed", subnet="aks/VmSubnet", private_ip_address="10.1.48.5"),
    )
    found = addresses(builders.estate(virtual_machines=machines))
    assert (found["vm-fixed"], found["vm-any"]) == ("10.1.48.5", "10.1.48.6")


def test_an_internal_frontend_is_not_given_to_a_node():
    service = replace(builders.estate().kubernetes_services[1], frontend="10.1.0.5")
    found = addresses(builders.estate(kubernetes_services=(service,)), NicKind.NODE)
    assert "10.1.0.5" not in found.values()


def test_at_most_three_nodes_of_a_pool_are_modelled_with_a_pod_each():
    pools = tuple(replace(p, node_count=50) for p in builders.estate().node_pools)
    estate = builders.estate(node_pools=pools)
    assert len(addresses(estate, NicKind.NODE)) == 6
    pods = [nic for nic in estate.network_interfaces if nic.kind is NicKind.POD]
    assert [pod.host for pod in pods if pod.owner == "user"] == [f"aks-user-{n}" for n in range(3)]
    assert {pod.subnet for pod in pods} == {"aks/PodSubnet"}


def test_without_a_pod_subnet_pods_live_among_the_nodes():
    pools = tuple(replace(p, pod_subnet=None) for p in builders.estate().node_pools)
    estate = builders.estate(node_pools=pools)
    assert {n.subnet for n in estate.network_interfaces if n.kind is NicKind.POD} == {
        "aks/AksSubnet"
    }


@pytest.mark.parametrize("change", [{"network_plugin_mode": "overlay"}, {"network_plugin": "none"}])
def test_pods_of_an_overlay_have_no_address_of_the_network(change):
    cluster = replace(builders.estate().kubernetes_clusters[0], **change)
    assert addresses(builders.estate(kubernetes_clusters=(cluster,)), NicKind.POD) == {}


def test_an_endpoint_has_an_address_for_each_of_its_names():
    endpoint = PrivateEndpoint(
        name="pe-acr",
        subnet="aks/VmSubnet",
        target="reg",
        subresource="registry",
        fqdns=("reg.azurecr.io", "reg.westeurope.data.azurecr.io"),
        private_dns_zones=("privatelink.azurecr.io",),
    )
    estate = builders.estate(
        private_endpoints=(endpoint,),
        private_dns_zones=(PrivateDnsZone(name="privatelink.azurecr.io"),),
    )
    assert addresses(estate, NicKind.PRIVATE_ENDPOINT) == {
        "pe-acr": "10.1.48.4",
        "pe-acr-1": "10.1.48.5",
    }
    records = [(r.name, format_address(r.address)) for r in estate.private_dns_a_records]
    assert records == [("reg", "10.1.48.4"), ("reg.westeurope.data", "10.1.48.5")]


def test_a_record_goes_to_the_most_specific_zone_of_the_group():
    endpoint = PrivateEndpoint(
        name="pe-acr",
        subnet="aks/VmSubnet",
        target="reg",
        subresource="registry",
        fqdns=("reg.westeurope.data.azurecr.io",),
        private_dns_zones=(
            "privatelink.azurecr.io",
            "westeurope.data.privatelink.azurecr.io",
        ),
    )
    record = builders.estate(private_endpoints=(endpoint,)).private_dns_a_records[0]
    assert (record.zone, record.name) == ("westeurope.data.privatelink.azurecr.io", "reg")


def test_aks_opens_its_public_services_only():
    estate = builders.estate()
    group = estate.network_security_group_by_name[aks_group_name("aks-test")]
    rules = [
        (r.name, r.source_address_prefixes, r.destination_port_ranges) for r in group.security_rules
    ]
    assert rules == [("k8s-azure-lb-allow-web", ("Internet",), ("80",))]
    nodes = [n for n in estate.network_interfaces if n.kind is NicKind.NODE]
    assert {n.network_security_group for n in nodes} == {"aks-test-agentpool-nsg"}


def test_assigning_twice_changes_nothing():
    estate = builders.estate()
    assert assign(estate) == estate


@given(st.integers(0, 60))
def test_random_estates_are_assigned_once_and_within_their_subnets(seed):
    estate = random_estates.estate(seed)
    assert assign(estate) == estate
    taken = [(n.subnet.partition("/")[0], n.private_ip_address) for n in estate.network_interfaces]
    assert len(taken) == len(set(taken))
    for nic in estate.network_interfaces:
        prefixes = estate.subnet_by_id[nic.subnet].address_prefixes
        assert any(p.first + 4 <= nic.private_ip_address < p.last for p in prefixes), nic.name


@pytest.mark.parametrize(
    ("fqdn", "zone", "name"),
    [
        (
            "v.vault.azure.net",
            "privatelink.vaultcore.azure.net",
            "v.privatelink.vaultcore.azure.net",
        ),
        (
            "V.Vault.azure.net",
            "privatelink.vaultcore.azure.net",
            "v.privatelink.vaultcore.azure.net",
        ),
        (
            "s.blob.core.windows.net",
            "privatelink.blob.core.windows.net",
            "s.privatelink.blob.core.windows.net",
        ),
        ("r.azurecr.io", "privatelink.azurecr.io", "r.privatelink.azurecr.io"),
        (
            "r.westeurope.data.azurecr.io",
            "westeurope.data.privatelink.azurecr.io",
            "r.westeurope.data.privatelink.azurecr.io",
        ),
        ("r.azurecr.io", "westeurope.data.privatelink.azurecr.io", None),
        ("v.vault.azure.net", "privatelink.blob.core.windows.net", None),
        ("a.corp.contoso.com", "corp.contoso.com", "a.corp.contoso.com"),
        ("a.contoso.com", "corp.contoso.com", None),
        ("evilblob.core.windows.net", "privatelink.blob.core.windows.net", None),
    ],
)
def test_the_private_name_behind_a_public_one(fqdn, zone, name):
    assert private_name(fqdn, zone) == name


def test_public_ips_without_an_address_get_placeholders_and_others_keep_theirs():
    base = builders.estate()
    fixed = replace(base.public_ips[0], ip_address="20.1.2.3")
    estate = builders.estate(
        public_ips=(fixed, *(replace(p, ip_address=None) for p in base.public_ips[1:]))
    )
    found = [ip.ip_address for ip in estate.public_ips]
    assert found[0] == "20.1.2.3"
    assert len(set(found)) == len(found)
    assert all(text.startswith("203.0.113.") for text in found[1:])


@pytest.mark.parametrize("text", ["pip-fw-1", "pip:pip-fw-1", "pip:pip-fw-1/32"])
def test_a_public_ip_is_read_by_name_and_by_symbol(text):
    estate = builders.estate()
    wanted = parse_address(estate.public_ip_by_name["pip-fw-1"].ip_address)
    assert address_of(estate, text) == wanted
    assert addresses_of(estate, text) == AddressSet(((wanted, wanted),))


@pytest.mark.parametrize("text", ["AzureCloud", "pip-none", "", "10.0.0.0.0"])
def test_what_is_no_address_is_none(text):
    assert address_of(builders.estate(), text) is None
    assert addresses_of(builders.estate(), text) is None


def test_placeholders_are_distinct_and_of_documentation_blocks():
    found = public_ip_placeholders([f"p{n}" for n in range(508)])
    blocks = AddressSet.parse("203.0.113.0/24") | AddressSet.parse("233.252.0.0/24")
    assert len(set(found.values())) == 508
    assert all(address in blocks for address in found.values())


@given(st.text(max_size=40))
def test_sites_are_in_the_benchmark_block_whatever_their_name(name):
    assert site_address(name) in Prefix.parse("198.18.0.0/15")
    assert site_address(name) == site_address(name.lower())
