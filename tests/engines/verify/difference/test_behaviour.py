"""Whole estates: what an edit of the reference design does to packets."""

import pytest

from hubwright.engines.verify.difference import Kind, compare
from hubwright.model.flow import Disposition
from hubwright.sources.design import REFERENCE, read_design


def estate(text):
    found, diagnostics = read_design("estate.yaml", text)
    assert found is not None, diagnostics
    return found


@pytest.fixture(scope="module")
def reference():
    return estate(REFERENCE)


def effects(reference, old, new):
    assert REFERENCE.count(old) == 1
    changed = estate(REFERENCE.replace(old, new))
    return compare(("old", reference), ("new", changed))


def test_the_same_design_has_no_effects(reference):
    assert compare(("old", reference), ("new", estate(REFERENCE))).is_same


def test_an_fqdn_more_opens_exactly_that_name(reference):
    found = effects(reference, "get.helm.sh]", "get.helm.sh, example.com]")
    (effect,) = found.effects

    assert (effect.kind, effect.place) == (Kind.OPENED, "afw-hub")
    assert str(found.names.wording(effect.cubes[0])) == (
        "vnet-aks/VmSubnet -> example.com  tcp/443 https"
    )
    assert effect.after.startswith("afwp-hub/platform/egress-fqdns/jumpbox-tools")
    assert effect.was.disposition is Disposition.DENIED_IN
    assert effect.now.disposition is Disposition.EXITS_NETWORK


def test_an_fqdn_less_closes_it(reference):
    found = effects(reference, "github.com, ", "")

    assert [effect.kind for effect in found.effects] == [Kind.CLOSED]
    assert "github.com" in str(found.names.wording(found.effects[0].cubes[0]))


def test_the_order_of_names_is_no_change_in_behaviour(reference):
    found = effects(
        reference, "github.com, dl.k8s.io, get.helm.sh", "get.helm.sh, dl.k8s.io, github.com"
    )

    assert found.is_same_behaviour
    assert len(found.resources) == 1


def test_a_route_past_the_firewall_is_another_way(reference):
    found = effects(
        reference,
        "VmSubnet: 10.1.48.0/24",
        "VmSubnet: {address_prefix: 10.1.48.0/24, routes: [{name: x, "
        "address_prefix: 198.51.100.0/24, next_hop_type: Internet}]}",
    )
    (effect,) = found.effects

    assert effect.place == "routes of vnet-aks/VmSubnet"
    assert (effect.before, effect.after) == ("VirtualAppliance 10.0.0.4", "Internet")
    assert str(effect.cubes[0].destination) == "198.51.100.0/24"


def test_what_another_filter_still_stops_is_said_to_be_no_difference(reference):
    found = effects(
        reference,
        "AppGatewaySubnet: 10.1.49.0/24",
        "AppGatewaySubnet: {address_prefix: 10.1.49.0/24, network_security_group: {extra_rules: ["
        "{name: out, priority: 200, direction: Outbound, access: Deny, protocol: Udp, "
        "destination_address_prefixes: [10.1.48.0/24]}]}}",
    )

    assert [effect.kind for effect in found.effects] == [Kind.CLOSED]
    assert (
        found.effects[0].place == "nsg-aks-AppGatewaySubnet at vnet-aks/AppGatewaySubnet, outbound"
    )
    assert "vnet-aks/VmSubnet" in str(found.names.wording(found.effects[0].cubes[0]))
