"""Peerings, endpoints and next hops, as one flow meets them."""

from dataclasses import replace

import pytest

import builders
from asking import ask, https, nodes, ping, seen
from builders import network_collection, network_rule, prefix, route, subnet
from hubwright.model.address import AddressSet
from hubwright.model.firewall import Action
from hubwright.model.flow import Disposition, Stage
from hubwright.model.network import NextHopType, RouteTable, VirtualNetwork
from hubwright.model.platform import LinuxVirtualMachine
from hubwright.semantics.assigned import assign
from hubwright.semantics.assumptions import Assumptions

APPLIANCE = NextHopType.VIRTUAL_APPLIANCE
VM = "vm-jumpbox"
NEW_FLOWS = Assumptions(forwarded_traffic="new-flows")
ALL = (network_collection("n", 100, Action.ALLOW, network_rule("all", protocols=("Any",))),)


def two_spokes(*, forwarded=True, **more):
    """A second spoke with a machine; both spokes send everything to the firewall."""
    base = builders.estate()
    other = VirtualNetwork(
        name="other", location="westeurope", address_space=prefix("10.2.0.0/16"), **more
    )
    estate = replace(
        base,
        virtual_networks=(*base.virtual_networks, other),
        subnets=(*base.subnets, subnet("other", "default", "10.2.0.0/24", route_table="rt")),
        virtual_machines=(
            *base.virtual_machines,
            LinuxVirtualMachine(name="vm-other", subnet="other/default"),
        ),
        virtual_network_peerings=(
            *builders.peered("hub", "aks"),
            *builders.peered("hub", "other", allow_forwarded_traffic=forwarded),
        ),
    )
    return builders.with_rules(network=ALL, base=estate)


def with_table(estate, subnet_id, *routes):
    table = RouteTable(name=f"own-{subnet_id}", routes=routes)
    estate = assign(replace(estate, route_tables=(*estate.route_tables, table)))
    return builders.change_subnet(estate, subnet_id, route_table=table.name)


# Spoke to spoke


def test_a_default_route_to_the_firewall_is_enough_between_spokes():
    trace = ask(two_spokes(), VM, "vm-other", 22)
    assert trace.disposition is Disposition.ACCEPTED
    assert nodes(trace.forward) == [VM, "afw", "vm-other"]
    assert nodes(trace.reverse) == ["vm-other", "afw", VM]


def test_the_source_of_spoke_to_spoke_traffic_is_kept_by_network_rules():
    assert seen(ask(two_spokes(), VM, "vm-other", 22)) == ["10.1.48.5"]


def test_icmp_passes_between_private_addresses():
    assert ping(two_spokes(), VM, "vm-other").disposition is Disposition.ACCEPTED


def test_without_forwarded_traffic_on_the_receiving_spoke_the_request_is_dropped():
    trace = ask(two_spokes(forwarded=False), VM, "vm-other", 22)
    assert (trace.disposition, trace.decided_by) == (Disposition.DENIED_IN, Stage.PEERING)
    assert trace.blocker[1].rule == "other-to-hub"


@pytest.mark.parametrize("mode", ["every-packet", "new-flows"])
def test_new_flows_need_forwarded_traffic_in_both_modes(mode):
    trace = ask(
        two_spokes(forwarded=False),
        VM,
        "vm-other",
        22,
        assumptions=Assumptions(forwarded_traffic=mode),
    )
    assert trace.decided_by is Stage.PEERING


def test_whether_answers_need_forwarded_traffic_is_an_assumption():
    estate = two_spokes(forwarded=False)
    strict = ask(estate, "vm-other", VM, 22)
    lax = ask(estate, "vm-other", VM, 22, assumptions=NEW_FLOWS)
    assert (strict.disposition, strict.decided_by) == (Disposition.DENIED_IN, Stage.PEERING)
    assert lax.disposition is Disposition.ACCEPTED
    assert "forwarded-traffic" in strict.assumptions
    assert "forwarded-traffic" in lax.assumptions


def test_where_forwarded_traffic_is_on_nothing_is_assumed_about_it():
    trace = ask(two_spokes(), VM, "vm-other", 22)
    assert "forwarded-traffic" not in trace.assumptions


def test_the_internets_answer_to_a_spoke_without_forwarded_traffic_is_the_same_question():
    estate = builders.with_rules(
        network=ALL,
        base=builders.estate(
            virtual_network_peerings=builders.peered("hub", "aks", allow_forwarded_traffic=False)
        ),
    )
    assert ask(estate, VM, "8.8.8.8", 22).decided_by is Stage.PEERING
    assert ask(estate, VM, "8.8.8.8", 22, assumptions=NEW_FLOWS).disposition.is_success


def test_a_flow_within_one_network_asks_no_peering():
    peerings = builders.peered("hub", "aks", allow_forwarded_traffic=False)
    estate = builders.estate(virtual_network_peerings=peerings)
    assert ask(estate, VM, "aks-system-0", 22).disposition is Disposition.ACCEPTED


def test_a_network_of_several_prefixes_is_one_network():
    """A source in the second prefix is no forwarded traffic, and is reached without a firewall."""
    base = builders.estate(
        virtual_network_peerings=builders.peered("hub", "aks", allow_forwarded_traffic=False)
    )
    spoke = replace(
        base.virtual_networks[1], address_space=(*prefix("10.1.0.0/16"), *prefix("10.9.0.0/24"))
    )
    estate = assign(
        replace(
            base,
            virtual_networks=(base.virtual_networks[0], spoke),
            subnets=(*base.subnets, subnet("aks", "Extra", "10.9.0.0/24", route_table="rt")),
            virtual_machines=(
                *base.virtual_machines,
                LinuxVirtualMachine(name="vm-extra", subnet="aks/Extra"),
            ),
        )
    )
    inside = ask(estate, VM, "vm-extra", 22)
    assert nodes(inside.forward) == [VM, "vm-extra"]
    assert ask(estate, "vm-extra", "10.0.0.4", 53, protocol="UDP").disposition.is_success
    assert ask(estate, "bastion", "vm-extra", 22).disposition is Disposition.ACCEPTED


# Peerings


def test_a_one_sided_peering_leaves_the_firewall_out_of_reach():
    estate = builders.estate(virtual_network_peerings=builders.peered("hub", "aks")[1:])
    trace = ask(estate, VM, "8.8.8.8", 22)
    assert (trace.disposition, trace.decided_by) == (Disposition.NO_ROUTE, Stage.ROUTE)
    assert "10.0.0.4" in trace.blocker[1].detail


def test_access_off_in_one_direction_loses_the_answers_of_the_other():
    one, other = builders.peered("hub", "aks")
    estate = builders.estate(
        virtual_network_peerings=(one, replace(other, allow_virtual_network_access=False))
    )
    trace = ask(estate, "bastion", VM, 22)
    assert not trace.disposition.is_success


def test_bastion_reaches_a_machine_by_the_peering_and_its_answer_comes_back_the_same_way():
    trace = ask(builders.estate(), "bastion", VM, 22)
    assert trace.disposition is Disposition.ACCEPTED
    assert nodes(trace.forward) == ["bastion", VM]
    assert nodes(trace.reverse) == [VM, "bastion"]


# Next hops


def test_a_next_hop_that_nobody_has_is_no_route():
    estate = with_table(
        builders.estate(), "aks/VmSubnet", route("d", "0.0.0.0/0", APPLIANCE, "10.0.0.99")
    )
    trace = ask(estate, VM, "8.8.8.8")
    assert trace.disposition is Disposition.NO_ROUTE
    assert trace.blocker[1].rule == "own-aks/VmSubnet/d"


def test_a_next_hop_two_peerings_away_is_no_route():
    estate = with_table(
        two_spokes(), "other/default", route("d", "0.0.0.0/0", APPLIANCE, "10.1.48.5")
    )
    assert ask(estate, "vm-other", "8.8.8.8").disposition is Disposition.NO_ROUTE


def test_a_next_hop_that_is_a_machine_is_unknown():
    estate = with_table(
        builders.estate(), "aks/AksSubnet", route("d", "0.0.0.0/0", APPLIANCE, "10.1.48.5")
    )
    trace = ask(estate, "aks-system-0", "8.8.8.8")
    assert trace.disposition is Disposition.INSUFFICIENT_INFO
    assert trace.unknowns == ("whether vm-jumpbox forwards packets",)


def test_a_next_hop_of_none_drops():
    estate = with_table(
        builders.estate(), "aks/VmSubnet", route("d", "8.8.8.0/24", NextHopType.NONE)
    )
    assert ask(estate, VM, "8.8.8.8").disposition is Disposition.NULL_ROUTED


def test_what_lies_behind_a_gateway_is_unknown():
    estate = with_table(
        builders.estate(),
        "aks/VmSubnet",
        route("onprem", "172.20.0.0/16", NextHopType.VIRTUAL_NETWORK_GATEWAY),
    )
    trace = ask(estate, VM, "172.20.1.1")
    assert trace.disposition is Disposition.INSUFFICIENT_INFO
    assert "own-aks/VmSubnet/onprem" in trace.unknowns[0]


def test_without_a_default_route_other_private_ranges_are_dropped():
    estate = with_table(builders.estate(), "aks/VmSubnet")
    assert ask(estate, VM, "192.168.0.1").disposition is Disposition.NULL_ROUTED


def test_an_address_of_the_network_that_nobody_has_is_unreachable():
    trace = ask(builders.estate(), VM, "10.1.200.200")
    assert trace.disposition is Disposition.NEIGHBOR_UNREACHABLE


def test_an_unlisted_service_tag_in_a_route_leaves_the_internet_unknown_and_only_that():
    estate = with_table(
        builders.estate(),
        "aks/VmSubnet",
        builders.default_route(),
        route("storage", "Storage", NextHopType.INTERNET),
    )
    trace = ask(estate, VM, "8.8.8.8")
    assert trace.disposition is Disposition.INSUFFICIENT_INFO
    assert trace.unknowns == ("service tag Storage in route storage",)
    assert ask(estate, VM, "aks-system-0", 22).disposition is Disposition.ACCEPTED


def test_an_unlisted_service_tag_that_leads_to_the_same_place_does_not_matter():
    estate = with_table(
        builders.with_rules(network=ALL),
        "aks/VmSubnet",
        builders.default_route(),
        route("storage", "Storage", APPLIANCE, builders.FIREWALL_IP),
    )
    assert ask(estate, VM, "8.8.8.8", 22).disposition is Disposition.EXITS_NETWORK


def test_a_listed_service_tag_routes_past_the_firewall():
    estate = with_table(
        builders.estate(),
        "aks/VmSubnet",
        builders.default_route(),
        route("storage", "Storage", NextHopType.INTERNET),
    )
    estate = builders.change_subnet(estate, "aks/VmSubnet", default_outbound_access_enabled=True)
    tags = Assumptions(service_tags=(("Storage", AddressSet.parse("8.8.8.0/24")),))
    trace = ask(estate, VM, "8.8.8.8", assumptions=tags)
    assert nodes(trace.forward) == [VM, "internet"]


# Private endpoints

VAULT = "vault.vault.azure.net"


def test_nodes_reach_an_endpoint_past_the_firewall():
    trace = https(builders.estate(), "aks-system-0", VAULT)
    assert (trace.disposition, trace.server) == (Disposition.ACCEPTED, "pe-vault")
    assert "afw" not in nodes(trace.forward)


def test_the_hub_reaches_an_endpoint_of_a_spoke_by_the_peering():
    trace = https(builders.estate(), "bastion", VAULT)
    assert nodes(trace.forward) == ["bastion", "pe-vault"]
    assert nodes(trace.reverse) == ["pe-vault", "bastion"]


def test_a_spoke_reaches_another_spokes_endpoint_through_the_firewall():
    estate = two_spokes(dns_servers=(builders.FIREWALL_IP,))
    trace = https(estate, "vm-other", VAULT)
    assert "afw" in nodes(trace.forward)


@pytest.mark.parametrize(("mode", "through"), [("policy", False), ("exact", True)])
def test_a_32_route_to_an_endpoint_is_named_as_an_assumption(mode, through):
    estate = with_table(
        builders.with_rules(network=ALL),
        "aks/AksSubnet",
        builders.default_route(),
        route("pe", "10.1.48.4/32", APPLIANCE, builders.FIREWALL_IP),
    )
    trace = https(
        estate, "aks-system-0", VAULT, assumptions=Assumptions(private_endpoint_route=mode)
    )
    assert ("afw" in nodes(trace.forward)) == through
    assert "private-endpoint-route" in trace.assumptions
