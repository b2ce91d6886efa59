import dataclasses

import pytest

import builders
from hubwright.model.estate import Estate, by_name
from hubwright.model.firewall import FirewallPolicy
from hubwright.model.origin import Origin


def policy(name, base=None):
    return FirewallPolicy(name=name, location="westeurope", sku="Premium", base_policy=base)


def test_resources_are_found_by_name():
    estate = builders.estate()
    assert estate.subnet_by_id["aks/VmSubnet"].name == "VmSubnet"
    assert estate.virtual_network_by_name["hub"].name == "hub"
    assert estate.route_table_by_name["rt"].routes[0].name == "default"
    assert estate.public_ip_by_name["pip-fw-1"].ip_address is not None
    assert estate.network_interface_by_name["vm-jumpbox"].owner == "vm-jumpbox"


def test_equal_estates_from_different_places_are_equal():
    one, other = builders.estate(), builders.estate()
    assert one is not other
    assert one == other
    assert one == dataclasses.replace(other, origin=Origin(source="plan.json"))


def test_a_changed_route_makes_another_estate():
    other = builders.estate(route_tables=())
    assert builders.estate() != other


def test_the_memo_belongs_to_one_estate():
    one = builders.estate()
    one.memo["key"] = 1
    assert "key" not in dataclasses.replace(one).memo


def test_subnets_of_a_network_keep_their_order():
    names = [subnet.name for subnet in builders.estate().subnets_of("aks")]
    assert names == ["AksSubnet", "PodSubnet", "VmSubnet"]


def test_groups_of_a_policy_come_by_priority():
    estate = builders.estate(
        rule_collection_groups=(
            builders.group("late", priority=300),
            builders.group("early", priority=100),
            builders.group("foreign", policy="other", priority=50),
        )
    )
    assert [group.name for group in estate.groups_of("afwp-hub")] == ["early", "late"]


def test_a_policy_chain_starts_with_the_oldest():
    estate = Estate(
        name="t",
        location="westeurope",
        firewall_policies=(policy("child", "parent"), policy("parent", "grand"), policy("grand")),
    )
    assert [p.name for p in estate.policy_chain("child")] == ["grand", "parent", "child"]


def test_a_circle_of_policies_is_cut():
    estate = Estate(
        name="t", location="westeurope", firewall_policies=(policy("a", "b"), policy("b", "a"))
    )
    assert [p.name for p in estate.policy_chain("a")] == ["b", "a"]


def test_a_parent_outside_the_estate_ends_the_chain():
    estate = Estate(name="t", location="westeurope", firewall_policies=(policy("a", "gone"),))
    assert [p.name for p in estate.policy_chain("a")] == ["a"]
    assert estate.policy_chain("gone") == ()


def test_resources_are_iterated_type_by_type():
    estate = builders.estate()
    kinds = [type(item).__name__ for item in estate.resources()]
    assert kinds[0] == "VirtualNetwork"
    assert kinds.index("Subnet") < kinds.index("Firewall") < kinds.index("NetworkInterface")
    assert sum(kind == "Subnet" for kind in kinds) == len(estate.subnets)


def test_an_estate_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        builders.estate().name = "other"


def test_by_name_finds_or_gives_none():
    estate = builders.estate()
    assert by_name(estate.key_vaults, "vault") is estate.key_vaults[0]
    assert by_name(estate.key_vaults, "none") is None
