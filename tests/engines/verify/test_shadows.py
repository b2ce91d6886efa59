"""The index says a rule is dead exactly when no packet gets to it."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import application_rule, estate, network_rule
from hubwright.engines.verify.shadows import ApplicationShadows, NetworkShadows
from hubwright.model.address import PortSet, parse_address
from hubwright.model.firewall import Action
from hubwright.semantics.assigned import addresses_of
from hubwright.semantics.firewall import Placed, fqdn_matches, sources

ESTATE = estate()
SOURCES = ("10.1.0.0/31", "10.1.0.0", "10.1.0.1", "10.1.0.2/31", "*")
TARGETS = ("10.9.0.0/31", "10.9.0.0", "10.9.0.1", "10.9.0.2/31", "*")
PORTS = ("22", "443", "22-23", "*")
PROTOCOLS = (("TCP",), ("UDP",), ("TCP", "UDP"), ("Any",), ("ICMP",))


def placed(rule, n):
    return Placed(rule, Action.ALLOW, "policy", "group", f"collection-{n}")


RULES = st.lists(
    st.builds(
        lambda s, d, p, proto: network_rule(
            "r",
            source_addresses=s,
            destination_addresses=d,
            destination_ports=p,
            protocols=proto,
        ),
        st.lists(st.sampled_from(SOURCES), min_size=1, max_size=2).map(tuple),
        st.lists(st.sampled_from(TARGETS), min_size=1, max_size=2).map(tuple),
        st.lists(st.sampled_from(PORTS), min_size=1, max_size=2).map(tuple),
        st.sampled_from(PROTOCOLS),
    ),
    min_size=1,
    max_size=6,
).map(lambda rules: [placed(rule, n) for n, rule in enumerate(rules)])

POINTS = [
    (proto, parse_address(s), parse_address(d), port)
    for proto, s, d, port in product(
        ("TCP", "UDP", "ICMP", "OTHER"),
        ("10.1.0.0", "10.1.0.1", "10.1.0.2", "192.0.2.1"),
        ("10.9.0.0", "10.9.0.1", "10.9.0.2", "192.0.2.1"),
        (22, 23, 443, 9999),
    )
]


def matches(rule, point):
    proto, source, target, port = point
    known = set(rule.protocols)
    if "Any" in known:
        known = {"TCP", "UDP"} | ({"ICMP", "OTHER"} if "*" in rule.destination_ports else set())
    if proto not in known:
        return False
    if proto != "ICMP" and port not in PortSet.parse_all(rule.destination_ports):
        return False
    there = (addresses_of(ESTATE, text) for text in rule.destination_addresses)
    return source in sources(ESTATE, rule) and any(target in item for item in there if item)


@settings(max_examples=200, deadline=None)
@given(RULES)
def test_a_network_rule_is_dead_exactly_when_no_packet_meets_it_first(rules):
    index = NetworkShadows(ESTATE, rules)
    for n, item in enumerate(rules):
        before = [other.rule for other in rules[:n]]
        alive = any(
            matches(item.rule, point) and not any(matches(other, point) for other in before)
            for point in POINTS
        )
        assert bool(index.covers(n)) == (not alive)


NAMES = ("a.example.com", "b.example.com", "*.example.com", "example.com", "*example.com", "*")
HOSTS = ("a.example.com", "b.example.com", "c.example.com", "example.com", "anexample.com", "x.org")
APPLICATIONS = st.lists(
    st.builds(
        lambda s, names: application_rule("r", *names, source_addresses=s),
        st.lists(st.sampled_from(SOURCES), min_size=1, max_size=2).map(tuple),
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=2),
    ),
    min_size=1,
    max_size=6,
).map(lambda rules: [placed(rule, n) for n, rule in enumerate(rules)])


def takes(rule, source, host):
    here = parse_address(source) in sources(ESTATE, rule)
    return here and any(fqdn_matches(pattern, host) for pattern in rule.destination_fqdns)


@settings(max_examples=200, deadline=None)
@given(APPLICATIONS)
def test_a_dead_application_rule_meets_no_request_first(rules):
    index = ApplicationShadows(ESTATE, rules)
    addresses = ("10.1.0.0", "10.1.0.1", "10.1.0.2", "192.0.2.1")
    for n, item in enumerate(rules):
        before = [other.rule for other in rules[:n]]
        alive = any(
            takes(item.rule, s, h) and not any(takes(other, s, h) for other in before)
            for s, h in product(addresses, HOSTS)
        )
        if index.covers(n):
            assert not alive


def test_a_single_source_and_name_is_decided_both_ways():
    rules = [
        placed(application_rule("wide", "*.example.com", source_addresses=("10.1.0.0/31",)), 0),
        placed(application_rule("half", "a.example.com", source_addresses=("10.1.0.0",)), 1),
        placed(application_rule("more", "a.example.com", source_addresses=("10.1.0.2",)), 2),
    ]
    index = ApplicationShadows(ESTATE, rules)
    assert [bool(index.covers(n)) for n in range(3)] == [False, True, False]
