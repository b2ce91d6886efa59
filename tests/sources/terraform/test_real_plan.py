"""A plan that Terraform makes: modules, for_each, count, dynamic blocks, locals and outputs."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hubwright.model.estate import Estate
from hubwright.sources.terraform import read_plan

pytestmark = pytest.mark.terraform
CONFIGURATION = Path(__file__).parent / "configuration"


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> str:
    root = tmp_path_factory.mktemp("configuration") / "root"
    shutil.copytree(CONFIGURATION, root)
    environment = {k: v for k, v in os.environ.items() if k != "TF_PLUGIN_CACHE_DIR"}
    done = ""
    for words in (
        ["init", "-input=false"],
        ["plan", "-input=false", "-out=plan.tfplan"],
        ["show", "-json", "plan.tfplan"],
    ):
        done = subprocess.run(
            ["terraform", *words],
            cwd=root,
            env=environment | {"CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    return done


@pytest.fixture(scope="module")
def estate(text: str) -> Estate:
    found, problems = read_plan("plan.json", text)
    assert found is not None
    assert problems == []
    return found


def test_subnets_and_what_is_attached_to_them(estate):
    assert {s.id: s.route_table for s in estate.subnets} == {
        "vnet-hub/AzureFirewallSubnet": None,
        "vnet-apps/Nodes": "rt-apps",
        "vnet-apps/Tools": None,
        "vnet-data/Store": "rt-data",
    }


def test_the_firewall_and_all_its_addresses(estate):
    (firewall,) = estate.firewalls

    assert (estate.hub, firewall.firewall_policy) == ("vnet-hub", "afwp")
    assert firewall.public_ips == ("pip-main", "pip-blog", "pip-shop")


def test_the_firewall_s_address_in_routes_and_dns_servers(estate):
    routes = {r.name: r for r in estate.route_table_by_name["rt-apps"].routes}

    assert routes["default"].next_hop_in_ip_address == "10.0.0.4"
    assert routes["reply-main"].address_prefix == "pip:pip-main/32"
    assert estate.virtual_network_by_name["vnet-data"].dns_servers == ("10.0.0.4",)


def test_peerings_in_both_directions(estate):
    assert {
        (p.virtual_network, p.remote_virtual_network) for p in estate.virtual_network_peerings
    } == {
        ("vnet-apps", "vnet-hub"),
        ("vnet-data", "vnet-hub"),
        ("vnet-hub", "vnet-apps"),
        ("vnet-hub", "vnet-data"),
    }


def test_each_exposure_listens_on_its_own_address(estate):
    rules = [
        rule
        for group in estate.groups_of("afwp")
        for collection in group.nat_rule_collections
        for rule in collection.rules
    ]

    assert {(r.destination_address, r.translated_address) for r in rules} == {
        ("pip-blog", "10.1.0.241"),
        ("pip-shop", "10.1.0.240"),
    }


def test_a_machine_in_the_subnet_that_a_variable_names(estate):
    assert [(m.name, m.subnet) for m in estate.virtual_machines] == [
        ("vm-tools", "vnet-apps/Tools")
    ]


def test_origins_name_modules_and_keys(estate):
    subnet = estate.subnet_by_id["vnet-apps/Nodes"]

    assert subnet.origin.path == 'module.spoke["apps"].azurerm_subnet.this["Nodes"]'
    assert str(subnet.origin.of("route_table").path).endswith(
        'azurerm_subnet_route_table_association.this["Nodes"].route_table_id'
    )
