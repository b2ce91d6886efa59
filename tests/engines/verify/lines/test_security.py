"""The lines of a group decide as the plain evaluator does, packet by packet."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import estate
from hubwright.engines.verify.lines import security_lines
from hubwright.engines.verify.space import Point
from hubwright.model.address import AddressSet, parse_address
from hubwright.model.flow import Application, Packet
from hubwright.model.network import NetworkSecurityGroup, SecurityRule
from hubwright.semantics import nsg
from hubwright.semantics.assumptions import DEFAULTS

SUBNET = "aks/VmSubnet"
PREFIXES = (
    *("*", "10.1.48.0/24", "10.1.0.0/16", "10.0.0.0/25", "8.8.8.0/24"),
    *("VirtualNetwork", "Internet", "AzureLoadBalancer", "AzurePlatformDNS", "Storage"),
)
ADDRESSES = tuple(
    parse_address(text)
    for text in (
        *("10.1.48.4", "10.1.0.4", "10.0.0.4", "10.9.0.1", "8.8.8.8", "9.9.9.9"),
        *("168.63.129.16", "169.254.169.254"),
    )
)
STORAGE = AddressSet.parse("9.9.9.0/24")
ASSUMPTIONS = replace(DEFAULTS, service_tags=(("Storage", STORAGE),))


def some(values):
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True).map(tuple)


RULES = st.lists(
    st.builds(
        SecurityRule,
        name=st.just("rule"),
        priority=st.just(0),
        direction=st.sampled_from(["Inbound", "Outbound"]),
        access=st.sampled_from(["Allow", "Deny"]),
        protocol=st.sampled_from(["*", "Tcp", "Udp", "Icmp"]),
        source_port_ranges=st.sampled_from([("*",), ("1-1023",)]),
        destination_port_ranges=some(("*", "443", "22-80")),
        source_address_prefixes=some(PREFIXES),
        destination_address_prefixes=some(PREFIXES),
    ),
    max_size=5,
)
POINTS = st.builds(
    Point,
    source=st.sampled_from(ADDRESSES),
    destination=st.sampled_from(ADDRESSES),
    protocol=st.sampled_from(["TCP", "UDP", "ICMP"]),
    port=st.sampled_from([22, 443, 9000]),
    source_port=st.sampled_from([80, 49152]),
    application=st.just(Application.NONE),
    name=st.none(),
)


@settings(max_examples=120, deadline=None)
@given(RULES, st.lists(POINTS, min_size=5, max_size=15), st.sampled_from(["Inbound", "Outbound"]))
def test_the_first_line_that_has_a_packet_decides_as_the_evaluator_does(rules, points, direction):
    numbered = tuple(
        replace(rule, name=f"rule{n}", priority=100 + n) for n, rule in enumerate(rules)
    )
    group = NetworkSecurityGroup(name="nsg", security_rules=numbered)
    here = replace(estate(), network_security_groups=(group,))
    lines = security_lines(here, "nsg", direction, SUBNET, ASSUMPTIONS)
    for point in points:
        packet = Packet(
            source_address=point.source,
            source_port=point.source_port,
            destination_address=point.destination,
            destination_port=point.port,
            protocol=point.protocol,
        )
        verdict = nsg.evaluate(here, "nsg", direction, SUBNET, packet, ASSUMPTIONS)
        first = next((line for line in lines if any(point.is_in(c) for c in line.cubes)), None)
        assert (first is None or first.decision == "Allow") == verdict.allowed
        if first is not None and first.rule is not None:
            assert first.rule == verdict.rule


def test_no_group_has_no_lines():
    assert security_lines(estate(), None, "Inbound", SUBNET) == ()


def test_a_tag_without_a_list_is_a_symbol():
    rule = SecurityRule(
        name="r",
        priority=100,
        direction="Outbound",
        access="Allow",
        destination_address_prefixes=("Sql", "10.9.0.0/24"),
    )
    group = NetworkSecurityGroup(name="nsg", security_rules=(rule,))
    here = replace(estate(), network_security_groups=(group,))
    line = security_lines(here, "nsg", "Outbound", SUBNET)[1]
    assert [sorted(map(str, cube.inside)) for cube in line.cubes] == [[], ["service tag sql"]]
