from dataclasses import replace

import pytest

import builders
from hubwright.errors import UnknownResource
from hubwright.model.address import format_address, parse_address
from hubwright.model.network import NetworkInterface, NicKind
from hubwright.semantics.assigned import assign
from hubwright.semantics.locate import Destination, destination, is_overlay, source, subnet_holding
from hubwright.semantics.names import INTERNET_CLIENT


def name_of(estate, text):
    found = source(estate, text)
    assert isinstance(found, NetworkInterface)
    return found.name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("vm-jumpbox", "vm-jumpbox"),
        ("jumpbox", "vm-jumpbox"),
        ("aks-user-1", "aks-user-1"),
        ("pod-user-1", "pod-user-1"),
        ("user", "aks-user-0"),
        ("10.1.48.5", "vm-jumpbox"),
        ("aks/VmSubnet", "vm-jumpbox"),
        ("PodSubnet", "pod-system-0"),
        ("bastion", "bastion"),
    ],
)
def test_a_source_is_found_by_what_people_call_it(text, name):
    assert name_of(builders.estate(), text) == name


def test_the_internet_is_one_client():
    assert source(builders.estate(), "internet") == INTERNET_CLIENT


def test_an_address_outside_the_estate_is_a_client_of_the_internet():
    assert source(builders.estate(), "192.0.2.9") == parse_address("192.0.2.9")


def test_a_bare_address_of_a_subnet_is_a_machine_there():
    found = source(builders.estate(), "10.1.48.77")
    assert (found.kind, found.subnet, found.name) == (NicKind.VM, "aks/VmSubnet", "10.1.48.77")


def test_a_subnet_without_machines_lends_its_highest_free_address():
    estate = assign(replace(builders.estate(), virtual_machines=(), private_endpoints=()))
    found = source(estate, "aks/VmSubnet")
    assert format_address(found.private_ip_address) == "10.1.48.254"


def test_a_firewall_is_no_source():
    with pytest.raises(UnknownResource, match="is a firewall"):
        source(builders.estate(), "afw")


@pytest.mark.parametrize("text", ["vm-jumpbax", "nothing-like-it", ""])
def test_an_unknown_source_is_an_error(text):
    with pytest.raises(UnknownResource, match="nothing in the estate is called"):
        source(builders.estate(), text)


def test_near_names_are_suggested():
    with pytest.raises(UnknownResource, match="did you mean `vm-jumpbox`"):
        source(builders.estate(), "vm-jumpboxx")


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("8.8.8.8", None, "8.8.8.8"),
        ("mcr.microsoft.com", "mcr.microsoft.com", None),
        ("vault", "vault.vault.azure.net", None),
        ("pe-vault", "vault.vault.azure.net", None),
        ("vm-jumpbox", None, "10.1.48.5"),
        ("afw", None, "10.0.0.4"),
        ("aks/PodSubnet", None, "10.1.16.4"),
    ],
)
def test_a_destination_is_a_name_or_an_address(text, name, address):
    wanted = Destination(name=name, address=parse_address(address) if address else None)
    assert destination(builders.estate(), text) == wanted


def test_an_exposed_workload_is_reached_by_the_public_address_of_its_dnat_rule():
    estate = builders.estate()
    for workload in ("web", "shop"):
        public = estate.public_ip_by_name[f"pip-fw-{workload}"].ip_address
        assert destination(estate, workload) == Destination(address=parse_address(public))


def test_a_workload_without_dnat_is_reached_by_its_own_frontend():
    estate = builders.estate(rule_collection_groups=())
    assert destination(estate, "shop") == Destination(address=parse_address("10.1.15.250"))


def test_an_unknown_destination_is_an_error():
    with pytest.raises(UnknownResource, match="nothing in the estate is called `vaultt`"):
        destination(builders.estate(), "vaultt")


def test_the_subnet_of_an_address():
    estate = builders.estate()
    assert subnet_holding(estate, parse_address("10.1.16.9")).id == "aks/PodSubnet"
    assert subnet_holding(estate, parse_address("10.1.200.9")) is None


def test_a_pod_of_an_overlay_is_behind_its_node():
    cluster = replace(builders.estate().kubernetes_clusters[0], network_plugin_mode="overlay")
    found = source(builders.estate(kubernetes_clusters=(cluster,)), "pod-user-1")
    assert is_overlay(found)
    assert (found.host, found.subnet) == ("aks-user-1", "aks/AksSubnet")
    assert format_address(found.private_ip_address).startswith("10.244.")


def test_a_pod_with_an_address_of_the_network_is_none():
    assert not is_overlay(source(builders.estate(), "pod-user-1"))
