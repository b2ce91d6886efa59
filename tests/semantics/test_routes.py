from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import builders
from builders import prefix, route, subnet
from hubwright.model.address import MAX_ADDRESS, AddressSet, Prefix, format_address, parse_address
from hubwright.model.network import (
    NextHopType,
    PrivateEndpointNetworkPolicies,
    RouteTable,
    VirtualNetwork,
)
from hubwright.semantics.assigned import assign
from hubwright.semantics.assumptions import Assumption, Assumptions
from hubwright.semantics.routes import (
    EffectiveRoute,
    connected_peerings,
    effective_routes,
    lookup,
    unknown_routes,
)

APPLIANCE = NextHopType.VIRTUAL_APPLIANCE
EXACT = Assumptions(private_endpoint_route="exact")
ENDPOINT = "10.1.48.4"


def best(estate, subnet_id, address, assumptions=None, **more):
    routes = effective_routes(estate, subnet_id, assumptions or Assumptions(), **more)
    return lookup(routes, parse_address(address))


def with_table(*routes, subnet_id="aks/VmSubnet", base=None):
    """The estate with these as the only routes of a subnet."""
    source = base or builders.estate()
    source = replace(
        source, route_tables=(*source.route_tables, RouteTable(name="own", routes=routes))
    )
    return builders.change_subnet(source, subnet_id, route_table="own")


def appliance(name, space):
    return route(name, space, APPLIANCE, builders.FIREWALL_IP)


def with_policies(estate, policies):
    return builders.change_subnet(
        estate, "aks/VmSubnet", private_endpoint_network_policies=policies
    )


# System routes


def test_every_prefix_of_the_address_space_is_one_local_route():
    spaces = (*prefix("10.1.0.0/16"), *prefix("10.9.0.0/24"))
    estate = builders.estate()
    networks = (
        estate.virtual_networks[0],
        replace(estate.virtual_networks[1], address_space=spaces),
    )
    estate = assign(replace(estate, virtual_networks=networks))
    local = [
        str(r.prefix)
        for r in effective_routes(estate, "aks/VmSubnet")
        if r.next_hop_type is NextHopType.VNET_LOCAL
    ]
    assert sorted(local) == ["10.1.0.0/16", "10.9.0.0/24"]
    assert best(estate, "hub/AzureBastionSubnet", "10.9.0.7").next_hop_type is (
        NextHopType.VNET_PEERING
    )


def test_there_is_one_local_route_for_the_space_and_none_for_subnets():
    routes = effective_routes(builders.estate(), "aks/VmSubnet")
    assert "10.1.48.0/24" not in {str(r.prefix) for r in routes}


def test_the_internet_is_the_default_without_a_table():
    found = best(with_table(), "aks/VmSubnet", "8.8.8.8")
    assert (found.next_hop_type, found.source) == (NextHopType.INTERNET, "Default")


@pytest.mark.parametrize(
    "address", ["10.200.0.1", "172.20.0.1", "192.168.1.1", "100.64.0.1", "100.127.255.254"]
)
def test_reserved_ranges_are_dropped_while_the_default_route_is_the_systems(address):
    found = best(with_table(), "aks/VmSubnet", address)
    assert found.next_hop_type is NextHopType.NONE


@pytest.mark.parametrize("address", ["10.200.0.1", "172.20.0.1", "192.168.1.1", "100.64.0.1"])
def test_a_udr_default_route_removes_the_reserved_none_routes(address):
    found = best(builders.estate(), "aks/VmSubnet", address)
    assert (found.next_hop_type, found.name) == (APPLIANCE, "rt/default")


def test_a_longer_udr_leaves_the_reserved_none_routes():
    estate = with_table(appliance("spokes", "10.0.0.0/9"))
    assert best(estate, "aks/VmSubnet", "10.200.0.1").next_hop_type is NextHopType.NONE
    assert best(estate, "aks/VmSubnet", "10.100.0.1").next_hop_type is APPLIANCE


def test_addresses_just_outside_the_reserved_ranges_go_to_the_internet():
    for address in ("100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1", "11.0.0.1"):
        found = best(with_table(), "aks/VmSubnet", address)
        assert found.next_hop_type is NextHopType.INTERNET, address


@pytest.mark.parametrize("space", ["192.168.0.0/16", "172.16.0.0/12"])
def test_a_space_equal_to_a_reserved_range_replaces_its_none_route(space):
    estate = builders.estate()
    lone = VirtualNetwork(name="lone", location="westeurope", address_space=prefix(space))
    first = format_address(Prefix.parse(space).first)
    estate = assign(
        replace(
            estate,
            virtual_networks=(*estate.virtual_networks, lone),
            subnets=(*estate.subnets, subnet("lone", "default", f"{first}/24")),
        )
    )
    routes = effective_routes(estate, "lone/default")
    same = [r for r in routes if str(r.prefix) == space]
    assert [r.next_hop_type for r in same] == [NextHopType.VNET_LOCAL]


def test_a_narrower_space_leaves_the_rest_of_the_reserved_range_dropped():
    estate = with_table()
    assert best(estate, "aks/VmSubnet", "10.1.200.1").next_hop_type is NextHopType.VNET_LOCAL
    assert best(estate, "aks/VmSubnet", "10.2.0.1").next_hop_type is NextHopType.NONE


# Selection


def test_the_longest_prefix_wins_whatever_the_order_in_the_table():
    for routes in (
        (appliance("a", "8.0.0.0/8"), route("b", "8.8.8.0/24", NextHopType.NONE)),
        (route("b", "8.8.8.0/24", NextHopType.NONE), appliance("a", "8.0.0.0/8")),
    ):
        assert best(with_table(*routes), "aks/VmSubnet", "8.8.8.8").name == "own/b"
        assert best(with_table(*routes), "aks/VmSubnet", "8.8.9.8").name == "own/a"


def test_a_udr_beats_a_system_route_of_equal_length():
    estate = with_table(appliance("default", "0.0.0.0/0"))
    routes = effective_routes(estate, "aks/VmSubnet")
    defaults = [(r.source, r.active) for r in routes if r.prefix.length == 0]
    assert defaults == [("User", True), ("Default", False)]


def test_udr_equal_to_the_peering_prefix_makes_the_peering_route_inactive():
    estate = with_table(appliance("hub", "10.0.0.0/16"))
    routes = effective_routes(estate, "aks/VmSubnet")
    peering = next(r for r in routes if r.next_hop_type is NextHopType.VNET_PEERING)
    assert not peering.active
    assert "own/hub" in peering.reason
    assert best(estate, "aks/VmSubnet", "10.0.0.70").name == "own/hub"


def test_udr_default_route_does_not_capture_the_network_peers_or_endpoints():
    estate = builders.estate()
    assert best(estate, "aks/VmSubnet", "10.1.0.9").next_hop_type is NextHopType.VNET_LOCAL
    assert best(estate, "aks/VmSubnet", "10.0.0.70").next_hop_type is NextHopType.VNET_PEERING
    assert best(estate, "aks/AksSubnet", ENDPOINT).next_hop_type is NextHopType.INTERFACE_ENDPOINT


def test_a_udr_for_the_own_prefix_hairpins_the_same_subnet_too():
    estate = with_table(appliance("own", "10.1.0.0/16"))
    assert best(estate, "aks/VmSubnet", "10.1.48.9").next_hop_type is APPLIANCE


def test_a_vnet_local_udr_exempts_the_own_subnet():
    estate = with_table(
        appliance("own", "10.1.0.0/16"), route("stay", "10.1.48.0/24", NextHopType.VNET_LOCAL)
    )
    assert best(estate, "aks/VmSubnet", "10.1.48.9").next_hop_type is NextHopType.VNET_LOCAL
    assert best(estate, "aks/VmSubnet", "10.1.0.9").next_hop_type is APPLIANCE


def test_hub_subnets_reach_spokes_by_the_peering_unless_they_have_routes():
    estate = builders.estate()
    assert best(estate, "hub/AzureBastionSubnet", "10.1.48.9").next_hop_type is (
        NextHopType.VNET_PEERING
    )
    estate = with_table(
        appliance("spoke", "10.1.0.0/16"), subnet_id="hub/AzureBastionSubnet", base=estate
    )
    assert best(estate, "hub/AzureBastionSubnet", "10.1.48.9").name == "own/spoke"


def test_a_route_to_a_public_ip_of_the_estate_is_a_32():
    estate = builders.estate()
    address = estate.public_ip_by_name["pip-fw-web"].ip_address
    found = best(estate, "aks/AksSubnet", address)
    assert (found.name, found.prefix.length) == ("rt-nodes/fw-web", 32)


def test_routes_are_longest_first_and_user_defined_before_system():
    routes = effective_routes(builders.estate(), "aks/AksSubnet")
    keys = [(-r.prefix.length, r.prefix.network, r.source != "User") for r in routes]
    assert keys == sorted(keys)


# Service tags in routes


def tagged(*names):
    return tuple(route(name.lower(), name, NextHopType.INTERNET) for name in names)


def test_a_route_to_a_service_tag_without_a_list_is_unknown():
    estate = with_table(appliance("default", "0.0.0.0/0"), *tagged("Storage"))
    assert [r.address_prefix for r in unknown_routes(estate, "aks/VmSubnet")] == ["Storage"]


def test_a_route_to_a_listed_service_tag_stands_for_its_prefixes():
    tags = Assumptions(service_tags=(("Storage", AddressSet.parse("20.60.0.0/16")),))
    estate = with_table(appliance("default", "0.0.0.0/0"), *tagged("Storage"))
    assert unknown_routes(estate, "aks/VmSubnet", tags) == ()
    assert best(estate, "aks/VmSubnet", "20.60.1.1", tags).name == "own/storage"
    assert best(estate, "aks/VmSubnet", "20.61.1.1", tags).name == "own/default"


def test_an_explicit_prefix_beats_a_service_tag_of_equal_length():
    tags = Assumptions(service_tags=(("Storage", AddressSet.parse("20.60.0.0/16")),))
    estate = with_table(*tagged("Storage"), appliance("explicit", "20.60.0.0/16"))
    assert best(estate, "aks/VmSubnet", "20.60.1.1", tags).name == "own/explicit"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Storage.WestEurope", "Storage"),
        ("Storage", "AzureCloud.westeurope"),
        ("AzureCloud.westeurope", "AzureCloud"),
    ],
)
def test_between_tags_the_more_exact_one_is_taken(one, other):
    space = AddressSet.parse("20.60.0.0/16")
    tags = Assumptions(service_tags=((one, space), (other, space)))
    for order in ((one, other), (other, one)):
        estate = with_table(*tagged(*order))
        assert best(estate, "aks/VmSubnet", "20.60.1.1", tags).name == f"own/{one.lower()}"


# Peering


def test_a_peering_route_covers_the_peers_whole_space():
    found = best(builders.estate(), "aks/VmSubnet", "10.0.200.1")
    assert (str(found.prefix), found.virtual_network) == ("10.0.0.0/16", "hub")


def test_a_one_sided_peering_carries_nothing():
    peering = builders.peered("hub", "aks")[:1]
    estate = builders.estate(virtual_network_peerings=peering)
    assert connected_peerings(estate, "hub") == ()
    assert connected_peerings(estate, "aks") == ()
    assert best(estate, "aks/VmSubnet", "10.0.0.4").name == "rt/default"


def test_peering_is_not_transitive():
    estate = builders.estate()
    other = VirtualNetwork(name="other", location="westeurope", address_space=prefix("10.2.0.0/16"))
    estate = assign(
        replace(
            estate,
            virtual_networks=(*estate.virtual_networks, other),
            virtual_network_peerings=(
                *estate.virtual_network_peerings,
                *builders.peered("hub", "other"),
            ),
        )
    )
    assert best(estate, "hub/AzureBastionSubnet", "10.2.0.4").next_hop_type is (
        NextHopType.VNET_PEERING
    )
    assert best(estate, "aks/VmSubnet", "10.2.0.4").name == "rt/default"


def test_a_peering_without_access_has_no_route():
    one, other = builders.peered("hub", "aks")
    estate = builders.estate(
        virtual_network_peerings=(one, replace(other, allow_virtual_network_access=False))
    )
    assert [p.name for p in connected_peerings(estate, "hub")] == ["hub-to-aks"]
    assert connected_peerings(estate, "aks") == ()


# Private endpoints


def test_an_endpoints_32_is_in_its_own_and_in_directly_peered_networks():
    estate = builders.estate()
    for subnet_id in ("aks/AksSubnet", "aks/VmSubnet", "hub/AzureBastionSubnet"):
        found = best(estate, subnet_id, ENDPOINT)
        assert found.next_hop_type is NextHopType.INTERFACE_ENDPOINT, subnet_id
        assert found.prefix.length == 32


def test_an_endpoints_32_does_not_cross_two_peerings():
    estate = builders.estate()
    other = VirtualNetwork(name="other", location="westeurope", address_space=prefix("10.2.0.0/16"))
    estate = assign(
        replace(
            estate,
            virtual_networks=(*estate.virtual_networks, other),
            subnets=(*estate.subnets, subnet("other", "default", "10.2.0.0/24")),
            virtual_network_peerings=(
                *estate.virtual_network_peerings,
                *builders.peered("hub", "other"),
            ),
        )
    )
    assert best(estate, "other/default", ENDPOINT).next_hop_type is NextHopType.NONE


OFF = (PrivateEndpointNetworkPolicies.DISABLED, PrivateEndpointNetworkPolicies.NSG)
ON = (PrivateEndpointNetworkPolicies.ENABLED, PrivateEndpointNetworkPolicies.ROUTE_TABLE)


@pytest.mark.parametrize("policies", OFF)
@pytest.mark.parametrize("space", ["10.1.0.0/16", "10.1.48.0/24", "10.1.48.4/32"])
def test_with_route_policies_off_the_endpoints_32_stands(policies, space):
    estate = with_table(appliance("inspect", space), subnet_id="aks/AksSubnet")
    found = best(with_policies(estate, policies), "aks/AksSubnet", ENDPOINT)
    assert found.next_hop_type is NextHopType.INTERFACE_ENDPOINT


@pytest.mark.parametrize("policies", ON)
@pytest.mark.parametrize("space", ["10.1.0.0/16", "10.1.48.0/24", "10.1.48.4/32"])
def test_with_route_policies_on_a_route_as_specific_as_the_network_replaces_it(policies, space):
    estate = with_table(appliance("inspect", space), subnet_id="aks/AksSubnet")
    found = best(with_policies(estate, policies), "aks/AksSubnet", ENDPOINT)
    assert (found.name, found.assumption) == ("own/inspect", None)


@pytest.mark.parametrize("space", ["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/15"])
def test_a_default_route_or_a_wide_summary_never_replaces_an_endpoints_32(space):
    estate = with_table(appliance("wide", space), subnet_id="aks/AksSubnet")
    estate = with_policies(estate, PrivateEndpointNetworkPolicies.ENABLED)
    found = best(estate, "aks/AksSubnet", ENDPOINT)
    assert found.next_hop_type is NextHopType.INTERFACE_ENDPOINT


def test_the_policies_of_the_endpoints_subnet_count_not_the_sources():
    estate = with_table(appliance("inspect", "10.1.48.0/24"), subnet_id="aks/AksSubnet")
    estate = builders.change_subnet(
        estate,
        "aks/AksSubnet",
        private_endpoint_network_policies=PrivateEndpointNetworkPolicies.ENABLED,
    )
    found = best(estate, "aks/AksSubnet", ENDPOINT)
    assert found.next_hop_type is NextHopType.INTERFACE_ENDPOINT


def test_a_32_route_to_an_endpoint_without_policies_is_an_assumption_in_both_modes():
    estate = with_table(appliance("inspect", "10.1.48.4/32"), subnet_id="aks/AksSubnet")
    by_policy = best(estate, "aks/AksSubnet", ENDPOINT)
    by_exact = best(estate, "aks/AksSubnet", ENDPOINT, EXACT)
    assert by_policy.next_hop_type is NextHopType.INTERFACE_ENDPOINT
    assert by_exact.name == "own/inspect"
    assert by_policy.assumption is by_exact.assumption is Assumption.PRIVATE_ENDPOINT_ROUTE


def test_exact_mode_does_not_let_a_shorter_route_replace_it():
    estate = with_table(appliance("inspect", "10.1.48.0/24"), subnet_id="aks/AksSubnet")
    found = best(estate, "aks/AksSubnet", ENDPOINT, EXACT)
    assert (found.next_hop_type, found.assumption) == (NextHopType.INTERFACE_ENDPOINT, None)


def test_what_an_endpoint_sends_follows_no_route_table():
    estate = builders.estate()
    assert best(estate, "aks/VmSubnet", "8.8.8.8").source == "User"
    found = best(estate, "aks/VmSubnet", "8.8.8.8", user_defined=False)
    assert found.source == "Default"


# Look-up against a slow oracle

ROUTES = st.lists(
    st.builds(
        lambda address, length, active, user: EffectiveRoute(
            prefix=Prefix(address >> (32 - length) << (32 - length), length),
            next_hop_type=NextHopType.NONE,
            source="User" if user else "Default",
            name=f"{address}/{length}",
            active=active,
        ),
        st.one_of(st.integers(0, MAX_ADDRESS), st.integers(0, 1023)),
        st.integers(0, 32),
        st.booleans(),
        st.booleans(),
    ),
    max_size=12,
)


def ordered(routes):
    key = lambda r: (-r.prefix.length, r.prefix.network, r.source != "User")  # noqa: E731
    return tuple(sorted(routes, key=key))


@given(ROUTES, st.one_of(st.integers(0, MAX_ADDRESS), st.integers(0, 1023)))
def test_lookup_is_the_longest_active_prefix(routes, address):
    found = lookup(ordered(routes), address)
    holding = [r for r in routes if r.active and r.prefix.first <= address <= r.prefix.last]
    if not holding:
        assert found is None
        return
    longest = max(r.prefix.length for r in holding)
    users = [r for r in holding if r.prefix.length == longest and r.source == "User"]
    assert found.prefix.length == longest
    assert address in found.prefix
    assert (found.source == "User") == bool(users)


TABLES = st.dictionaries(
    st.sampled_from(
        [
            "0.0.0.0/0",
            "10.0.0.0/8",
            "10.0.0.0/16",
            "10.1.0.0/16",
            "10.1.48.0/24",
            "10.1.48.4/32",
            "8.8.0.0/16",
            "8.8.8.8/32",
            "192.168.0.0/16",
        ]
    ),
    st.sampled_from([NextHopType.NONE, NextHopType.INTERNET, APPLIANCE]),
)


@given(TABLES, st.sampled_from(["8.8.8.8", "8.8.4.4", "10.0.0.9", "10.1.2.3", "10.7.7.7"]))
def test_a_table_never_loses_to_a_shorter_or_equal_system_route(table, address):
    routes = tuple(
        route(space.replace("/", "-"), space, hop, builders.FIREWALL_IP)
        for space, hop in table.items()
    )
    found = best(with_table(*routes), "aks/VmSubnet", address)
    held = [Prefix.parse(text) for text in table]
    longest = max((p.length for p in held if parse_address(address) in p), default=-1)
    assert found is not None
    assert found.prefix.length >= longest
    assert found.source == "User" or found.prefix.length > longest
