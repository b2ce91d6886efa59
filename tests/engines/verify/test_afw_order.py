"""Which rules hide which."""

from dataclasses import replace

import pytest

from builders import (
    HTTP,
    application_collection,
    application_rule,
    dnat,
    estate,
    group,
    network_collection,
    network_rule,
    with_rules,
)
from hubwright.engines.verify.check import check
from hubwright.model.firewall import Action, IpGroup, NatRuleCollection


def shadowed(**collections):
    found = check(with_rules(**collections))
    return [item.message for item in found if item.code == "AFW002"]


def net(*rules, priority=100, action=Action.ALLOW, name="net"):
    return network_collection(name, priority, action, *rules)


def app(*rules, priority=100, action=Action.ALLOW, name="app"):
    return application_collection(name, priority, action, *rules)


def nodes(name, **more):
    return network_rule(
        name,
        **{
            "source_addresses": ("10.1.0.0/20",),
            "destination_addresses": ("10.9.0.0/24",),
            "destination_ports": ("443",),
            **more,
        },
    )


def test_two_halves_hide_a_whole():
    halves = (
        nodes("low", destination_addresses=("10.9.0.0/25",)),
        nodes("high", destination_addresses=("10.9.0.128/25",)),
    )
    assert shadowed(network=(net(*halves, nodes("whole")),)) == [
        "rule `whole` never matches: `low` and `high` come first"
    ]


def test_one_that_hides_alone_is_named_alone():
    rules = (nodes("low", destination_addresses=("10.9.0.0/25",)), nodes("all"), nodes("again"))
    assert shadowed(network=(net(*rules),)) == ["rule `again` never matches: `all` comes first"]


@pytest.mark.parametrize(
    "change",
    [
        {"source_addresses": ("10.1.0.0/21",)},
        {"destination_addresses": ("10.9.0.0/25",)},
        {"destination_ports": ("8443",)},
        {"protocols": ("UDP",)},
        {"destination_addresses": ("AzureMonitor",)},
    ],
)
def test_what_leaves_something_hides_nothing(change):
    assert shadowed(network=(net(nodes("first", **change), nodes("second")),)) == []


def test_any_protocol_hides_tcp_and_udp():
    rules = (nodes("any", protocols=("Any",)), nodes("both", protocols=("TCP", "UDP")))
    assert len(shadowed(network=(net(*rules),))) == 1


def test_the_same_service_tag_hides_and_another_does_not():
    tag = {"destination_addresses": ("AzureMonitor",)}
    other = {"destination_addresses": ("Storage",)}
    rules = (nodes("one", **tag), nodes("two", **tag), nodes("three", **other))
    assert shadowed(network=(net(*rules),)) == ["rule `two` never matches: `one` comes first"]


def test_priority_counts_not_the_order_of_the_file():
    late = net(nodes("late"), priority=300, name="late")
    early = net(nodes("early"), priority=200, name="early")
    assert shadowed(network=(late, early)) == ["rule `late` never matches: `early` comes first"]


def test_ip_groups_count_by_their_members():
    base = estate(ip_groups=(IpGroup(name="g", cidrs=("10.9.0.0/16",)),))
    rules = (nodes("group", destination_addresses=(), destination_ip_groups=("g",)), nodes("one"))
    found = check(with_rules(network=(net(*rules),), base=base))
    assert [i.message for i in found if i.code == "AFW002"] == [
        "rule `one` never matches: `group` comes first"
    ]


def test_a_wildcard_hides_a_name_below_it():
    rules = (application_rule("wide", "*.example.com"), application_rule("one", "a.example.com"))
    assert shadowed(application=(app(*rules),)) == ["rule `one` never matches: `wide` comes first"]


def test_a_wildcard_does_not_hide_its_apex():
    rules = (application_rule("wide", "*.example.com"), application_rule("apex", "example.com"))
    assert shadowed(application=(app(*rules),)) == []


def test_another_protocol_hides_nothing():
    rules = (
        application_rule("http", "example.com", protocols=(HTTP,)),
        application_rule("https", "example.com"),
    )
    assert shadowed(application=(app(*rules),)) == []


def test_a_deny_that_comes_late_is_called_out():
    allow = app(application_rule("allow", "example.com"))
    deny = app(
        application_rule("deny", "example.com"), priority=200, action=Action.DENY, name="deny"
    )
    found = [i for i in check(with_rules(application=(allow, deny))) if i.code == "AFW002"]
    assert found[0].notes[0] == "`allow` decides otherwise"
    assert found[0].help == "remove it, or move it before"


def test_a_second_dnat_rule_for_the_same_address_and_port_is_dead():
    rules = (dnat("one", "pip-fw-1", "10.1.15.250"), dnat("two", "pip-fw-1", "10.1.15.250"))
    nat = NatRuleCollection(name="nat", priority=100, rules=rules)
    assert shadowed(nat=(nat,)) == ["rule `two` never matches: `one` comes first"]


def hiding(*rules, action=Action.ALLOW):
    found = check(
        with_rules(
            network=(net(*rules, action=action),),
            application=(app(application_rule("mcr", "mcr.microsoft.com")),),
        )
    )
    return [item for item in found if item.code == "AFW001"]


def test_an_open_rule_on_443_hides_https():
    (found,) = hiding(network_rule("web", destination_ports=("80", "443")))
    assert "never reached: `mcr`" in found.notes
    assert found.trace is not None
    assert found.trace.disposition.is_success


def test_a_deny_to_everywhere_hides_what_is_allowed_by_name():
    (found,) = hiding(network_rule("lock"), action=Action.DENY)
    assert "denies everything" in found.message
    assert found.trace is not None
    assert not found.trace.disposition.is_success


@pytest.mark.parametrize(
    "change",
    [
        {"destination_ports": ("22",)},
        {"protocols": ("UDP",)},
        {"source_addresses": ("10.99.0.0/16",)},
        {"destination_addresses": ("10.0.0.0/8",)},
    ],
)
def test_what_does_not_meet_application_rules_hides_none(change):
    rule = network_rule("some", **change)
    sources = {"source_addresses": ("10.1.0.0/16",)}
    found = check(
        with_rules(
            network=(net(rule),),
            application=(app(application_rule("mcr", "mcr.microsoft.com", **sources)),),
        )
    )
    assert not [item for item in found if item.code == "AFW001"]


def test_collections_of_different_types_may_share_a_priority():
    found = check(
        with_rules(
            network=(net(nodes("a")),), application=(app(application_rule("b", "example.com")),)
        )
    )
    assert not [item for item in found if item.code == "AFW003"]


def test_collections_of_one_type_may_not():
    base = estate()
    two = group(network_rule_collections=(net(nodes("a"), name="a"), net(nodes("b"), name="b")))
    found = check(replace(base, rule_collection_groups=(two,)))
    assert [i.message for i in found if i.code == "AFW003"] == [
        "collections `a` and `b` of `group` have the same priority"
    ]
