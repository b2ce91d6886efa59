"""Estate to tfvars: every resource, under its name, with what refers to it by name."""

import json
from dataclasses import replace

import pytest

from hubwright.engines.terraform.variables import tfvars, variables
from hubwright.errors import UsageError
from hubwright.model.network import NextHopType
from hubwright.sources.design import load_design
from terraforming import ESTATES


@pytest.fixture(scope="module", params=ESTATES, ids=lambda path: path.parent.name)
def estate(request):
    found, _ = load_design(request.param)
    assert found is not None
    return found


def test_the_text_is_the_same_every_time_and_json(estate):
    assert tfvars(estate) == tfvars(replace(estate))
    assert json.loads(tfvars(estate)) == variables(estate)


def test_every_kind_is_there_with_each_of_its_resources(estate):
    found = variables(estate)

    for kind in ("virtual_networks", "route_tables", "public_ips", "firewalls", "ip_groups"):
        assert list(found[kind]) == sorted(item.name for item in getattr(estate, kind))
    assert sum(len(network["subnets"]) for network in found["virtual_networks"].values()) == len(
        estate.subnets
    )
    assert sum(len(table["routes"]) for table in found["route_tables"].values()) == sum(
        len(table.routes) for table in estate.route_tables
    )


def test_what_azure_makes_is_not_ours_to_write(estate):
    found = variables(estate)

    assert not [name for name in found["network_security_groups"] if "agentpool" in name]
    assert all("ip_address" not in item for item in found["public_ips"].values())


def test_names_of_public_addresses_stay_names(estate):
    text = tfvars(estate)

    assert not [item.name for item in estate.public_ips if f'"{item.ip_address}"' in text]


def test_only_the_group_of_the_workloads_is_left_to_others(estate):
    groups = variables(estate)["rule_collection_groups"]

    assert {group["name"] for group in groups.values() if group["managed_elsewhere"]} <= {
        "workloads"
    }


def test_rules_keep_their_order(estate):
    groups = variables(estate)["rule_collection_groups"]

    for group in estate.rule_collection_groups:
        written = groups[f"{group.firewall_policy}/{group.name}"]
        for kind in ("nat", "network", "application"):
            assert [
                [rule["name"] for rule in collection["rules"]]
                for collection in written[f"{kind}_rule_collections"]
            ] == [
                [rule.name for rule in collection.rules]
                for collection in getattr(group, f"{kind}_rule_collections")
            ]


def test_enumerations_and_prefixes_are_text(estate):
    for table in variables(estate)["route_tables"].values():
        for route in table["routes"].values():
            assert type(route["next_hop_type"]) is str
            assert NextHopType(route["next_hop_type"])
    for network in variables(estate)["virtual_networks"].values():
        assert all("/" in prefix for prefix in network["address_space"])


def test_two_resources_of_one_name_are_refused(estate):
    twice = replace(estate, public_ips=(*estate.public_ips, estate.public_ips[0]))

    with pytest.raises(
        UsageError, match=f"two public IPs are called `{estate.public_ips[0].name}`"
    ):
        variables(twice)
