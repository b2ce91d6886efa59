from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import builders
from asking import packet
from hubwright.model.address import AddressSet, parse_address
from hubwright.model.network import NetworkSecurityGroup, NextHopType, RouteTable, SecurityRule
from hubwright.semantics.assigned import assign
from hubwright.semantics.assumptions import Assumption, Assumptions
from hubwright.semantics.nsg import evaluate, expand, ordered_rules, virtual_network_tag

SUBNET = "aks/VmSubnet"
WITHOUT = Assumptions(virtual_network_tag="without")
VM, NODE, SITE, CLIENT = "10.1.48.6", "10.1.0.4", "198.18.0.9", "198.51.100.10"


def rule(name="rule", priority=100, access="Deny", direction="Outbound", **more):
    return SecurityRule(name=name, priority=priority, access=access, direction=direction, **more)


def ranges(source="*", destination="*"):
    return {"source_address_prefixes": (source,), "destination_address_prefixes": (destination,)}


def with_rules(*rules, table="rt"):
    estate = builders.estate(
        network_security_groups=(NetworkSecurityGroup(name="nsg", security_rules=rules),)
    )
    return builders.change_subnet(estate, SUBNET, route_table=table)


def outbound(estate, destination, port=443, protocol="TCP", assumptions=None, **more):
    sent = packet(VM, destination, port, protocol, **more)
    return evaluate(estate, "nsg", "Outbound", SUBNET, sent, assumptions or Assumptions())


def inbound(estate, source, port=443, protocol="TCP", assumptions=None, **more):
    sent = packet(source, VM, port, protocol)
    chosen = assumptions or Assumptions()
    return evaluate(estate, "nsg", "Inbound", SUBNET, sent, chosen, **more)


# Order and defaults


def test_no_group_allows_everything():
    verdict = evaluate(with_rules(), None, "Inbound", SUBNET, packet(CLIENT, VM))
    assert (verdict.allowed, verdict.rule) == (True, None)


@pytest.mark.parametrize(
    ("direction", "names"),
    [
        ("Inbound", ["AllowVnetInBound", "AllowAzureLoadBalancerInBound", "DenyAllInBound"]),
        ("Outbound", ["AllowVnetOutBound", "AllowInternetOutBound", "DenyAllOutBound"]),
    ],
)
def test_azures_default_rules_come_last_with_their_priorities(direction, names):
    rules = ordered_rules(with_rules(rule(direction=direction, priority=4096)), "nsg", direction)
    assert [r.name for r in rules] == ["rule", *names]
    assert [r.priority for r in rules] == [4096, 65000, 65001, 65500]


def test_the_lowest_number_wins_whatever_the_order_of_writing():
    deny, allow = rule("deny", 200, "Deny"), rule("allow", 100, "Allow")
    for order in ((deny, allow), (allow, deny)):
        assert outbound(with_rules(*order), SITE).rule.name == "allow"


def test_rules_of_the_other_direction_do_not_count():
    assert outbound(with_rules(rule(direction="Inbound")), SITE).allowed


def test_inbound_from_a_peer_is_allowed_by_default():
    assert inbound(with_rules(), "10.0.0.70").rule.name == "AllowVnetInBound"


def test_outbound_to_the_internet_is_allowed_by_default():
    verdict = outbound(with_rules(table=None), SITE)
    assert verdict.rule.name == "AllowInternetOutBound"


def test_inbound_from_the_internet_is_denied_by_default():
    verdict = inbound(with_rules(table=None), CLIENT)
    assert (verdict.allowed, verdict.rule.name) == (False, "DenyAllInBound")


def test_load_balancer_probes_are_allowed_by_default_and_can_be_denied():
    probe = "168.63.129.16"
    assert inbound(with_rules(table=None), probe, assumptions=WITHOUT).allowed
    deny = rule("no-probes", direction="Inbound", **ranges("AzureLoadBalancer"))
    assert inbound(with_rules(deny), probe).rule.name == "no-probes"


# Criteria


@pytest.mark.parametrize(
    ("protocol", "sent", "matches"),
    [
        ("Tcp", "TCP", True),
        ("Tcp", "UDP", False),
        ("Udp", "UDP", True),
        ("Icmp", "ICMP", True),
        ("Icmp", "TCP", False),
        ("Esp", "TCP", False),
        ("*", "ICMP", True),
        ("*", "UDP", True),
    ],
)
def test_protocols(protocol, sent, matches):
    port = 0 if sent == "ICMP" else 443
    verdict = outbound(with_rules(rule(protocol=protocol)), SITE, port, sent)
    assert (verdict.rule.name == "rule") == matches


@pytest.mark.parametrize(("port", "denied"), [(79, False), (80, True), (8005, True), (8011, False)])
def test_augmented_rules_have_several_ports_and_ranges(port, denied):
    estate = with_rules(rule(destination_port_ranges=("80", "8000-8010")))
    assert outbound(estate, SITE, port).allowed is not denied


def test_augmented_rules_have_several_addresses():
    estate = with_rules(rule(destination_address_prefixes=("198.18.0.9", "203.0.113.0/24")))
    denied = [outbound(estate, text).allowed for text in (SITE, "203.0.113.77", "198.18.0.10")]
    assert denied == [False, False, True]


def test_source_ports_count():
    estate = with_rules(rule(source_port_ranges=("1000-2000",)))
    assert not outbound(estate, SITE, source_port=1500).allowed
    assert outbound(estate, SITE, source_port=3000).allowed


def test_at_a_private_endpoint_the_source_port_is_any():
    estate = with_rules(rule(direction="Inbound", source_port_ranges=("1000-2000",)))
    assert inbound(estate, NODE).allowed
    assert not inbound(estate, NODE, any_source_port=True).allowed


def test_rules_may_name_a_public_ip_of_the_estate():
    estate = with_rules(rule(**ranges(destination="pip:pip-fw-web")))
    address = estate.public_ip_by_name["pip-fw-web"].ip_address
    assert not outbound(estate, address).allowed


# Tags


def test_virtual_network_tag_holds_the_space_the_peers_and_the_host_address():
    tag = virtual_network_tag(with_rules(table=None), SUBNET, WITHOUT)
    assert tag == AddressSet.parse("10.0.0.0/15") | AddressSet.parse("168.63.129.16")


def test_virtual_network_tag_holds_prefixes_of_udrs():
    table = RouteTable(
        name="partner",
        routes=(
            builders.route("p", "172.20.0.0/16", NextHopType.VIRTUAL_APPLIANCE, "10.0.0.4"),
            builders.route("n", "172.21.0.0/16", NextHopType.NONE),
        ),
    )
    estate = builders.estate()
    estate = assign(replace(estate, route_tables=(*estate.route_tables, table)))
    estate = builders.change_subnet(estate, SUBNET, route_table="partner")
    tag = virtual_network_tag(estate, SUBNET)
    assert parse_address("172.20.1.1") in tag
    assert parse_address("172.21.1.1") not in tag


def test_with_a_udr_default_route_allow_vnet_in_bound_lets_the_internet_in():
    verdict = inbound(with_rules(), CLIENT)
    assert (verdict.allowed, verdict.rule.name) == (True, "AllowVnetInBound")
    assert verdict.assumption is Assumption.VIRTUAL_NETWORK_TAG


def test_assuming_that_the_tag_has_no_default_route_the_internet_stays_out():
    verdict = inbound(with_rules(), CLIENT, assumptions=WITHOUT)
    assert (verdict.allowed, verdict.rule.name) == (False, "DenyAllInBound")
    assert verdict.assumption is Assumption.VIRTUAL_NETWORK_TAG


def test_the_tag_is_no_assumption_where_both_modes_agree():
    deny = rule("explicit", direction="Inbound", **ranges("Internet"))
    for chosen in (None, WITHOUT):
        verdict = inbound(with_rules(deny), CLIENT, assumptions=chosen)
        assert (verdict.rule.name, verdict.assumption) == ("explicit", None)
        assert outbound(with_rules(), SITE, assumptions=chosen).assumption is None


def test_internet_tag_is_everything_outside_the_network_and_its_peers():
    tag = expand(with_rules(), SUBNET, ("Internet",))
    inside = [parse_address(text) in tag for text in (VM, "10.0.0.70", SITE, "203.0.113.1")]
    assert inside == [False, False, True, True]


def test_tags_are_read_whatever_their_case():
    estate = with_rules()
    assert expand(estate, SUBNET, ("virtualnetwork",)) == expand(
        estate, SUBNET, ("VirtualNetwork",)
    )


def test_a_tag_without_a_list_is_unknown_and_named():
    estate = with_rules(rule("cloud", **ranges(destination="AzureCloud")))
    assert expand(estate, SUBNET, ("AzureCloud",)) is None
    verdict = outbound(estate, SITE)
    assert (verdict.allowed, verdict.rule.name) == (None, "cloud")
    assert verdict.unknowns == ("service tag AzureCloud",)


def test_a_tag_without_a_list_does_not_matter_where_all_rules_agree():
    estate = with_rules(rule("cloud", access="Allow", **ranges(destination="AzureCloud")))
    verdict = outbound(estate, SITE)
    assert (verdict.allowed, verdict.unknowns) == (True, ())


def test_a_tag_without_a_list_does_not_matter_where_its_port_differs():
    estate = with_rules(rule(destination_port_ranges=("22",), **ranges(destination="AzureCloud")))
    assert outbound(estate, SITE).allowed is True


def test_a_rule_before_the_unknown_tag_settles_it():
    estate = with_rules(
        rule("first", 100, "Allow"), rule("cloud", 200, **ranges(destination="AzureCloud"))
    )
    assert outbound(estate, SITE).rule.name == "first"


def test_a_list_for_a_tag_makes_it_known():
    listed = Assumptions(service_tags=(("AzureCloud", AddressSet.parse("198.18.0.0/24")),))
    estate = with_rules(rule("cloud", **ranges(destination="azurecloud")))
    assert outbound(estate, SITE, assumptions=listed).allowed is False
    assert outbound(estate, "198.18.9.9", assumptions=listed).allowed is True


def test_a_known_address_beside_an_unknown_tag_matches():
    estate = with_rules(rule(destination_address_prefixes=("AzureCloud", "198.18.0.9")))
    assert outbound(estate, SITE).allowed is False


# Platform addresses


@pytest.mark.parametrize("address", ["168.63.129.16", "169.254.169.254"])
def test_a_deny_of_everything_does_not_filter_the_platform(address):
    assert outbound(with_rules(rule()), address, 53, "UDP").allowed


@pytest.mark.parametrize(
    ("tag", "dns", "metadata"),
    [("AzurePlatformDNS", False, True), ("AzurePlatformIMDS", True, False)],
)
def test_a_deny_of_a_platform_tag_filters_that_address_only(tag, dns, metadata):
    estate = with_rules(rule(**ranges(destination=tag)))
    assert outbound(estate, "168.63.129.16", 53, "UDP").allowed is dns
    assert outbound(estate, "169.254.169.254", 80).allowed is metadata


@pytest.mark.parametrize(("access", "allowed"), [("Deny", None), ("Allow", True)])
def test_a_deny_of_the_platform_for_sources_that_nobody_lists_leaves_it_open(access, allowed):
    platform = ranges(source="Storage", destination="AzurePlatformDNS")
    verdict = outbound(with_rules(rule(access=access, **platform)), "168.63.129.16", 53, "UDP")

    assert verdict.allowed is allowed
    assert verdict.unknowns == (() if allowed else ("service tag Storage",))


# First match against a slow oracle

SPACES = st.sampled_from(["*", "10.1.0.0/16", "10.1.48.0/24", "198.18.0.0/24", "198.18.0.9"])
PORTS = st.sampled_from(["*", "443", "80", "400-500"])
PROTOCOLS = st.sampled_from(["*", "Tcp", "Udp"])
RULES = st.lists(
    st.tuples(st.sampled_from(["Allow", "Deny"]), SPACES, PORTS, PROTOCOLS), max_size=6
)


@given(RULES, st.sampled_from([80, 443, 450]), st.sampled_from(["TCP", "UDP"]))
def test_the_first_rule_that_matches_decides(drawn, port, protocol):
    rules = [
        rule(
            f"r{n}",
            100 + n,
            access,
            destination_address_prefixes=(space,),
            destination_port_ranges=(ports,),
            protocol=kind,
        )
        for n, (access, space, ports, kind) in enumerate(drawn)
    ]
    wanted = "Allow"
    for access, space, ports, kind in drawn:
        first, _, last = ports.partition("-")
        in_ports = ports == "*" or int(first) <= port <= int(last or first)
        in_space = parse_address(SITE) in AddressSet.parse(space)
        if in_ports and in_space and kind.upper() in ("*", protocol):
            wanted = access
            break
    verdict = outbound(with_rules(*rules), SITE, port, protocol)
    assert verdict.allowed == (wanted == "Allow")
