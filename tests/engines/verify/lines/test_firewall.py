"""What a firewall's rules become as lines."""

from dataclasses import replace

import pytest

from builders import (
    application_collection,
    application_rule,
    dnat,
    estate,
    network_collection,
    network_rule,
    with_rules,
)
from hubwright.engines.verify.lines import firewall_lines
from hubwright.engines.verify.space import NameSet
from hubwright.model.address import AddressSet, parse_address
from hubwright.model.firewall import Action, IpGroup, NatRuleCollection
from hubwright.model.flow import Stage


def lines(*rules, base=None, is_snapshot=False):
    kinds = {"network": [], "application": []}
    for rule in rules:
        kinds["application" if hasattr(rule, "web_categories") else "network"].append(rule)
    here = with_rules(
        network=[network_collection("net", 100, Action.ALLOW, *kinds["network"])],
        application=[application_collection("app", 100, Action.ALLOW, *kinds["application"])],
        base=base,
    )
    return firewall_lines(here, here.firewalls[0], is_snapshot=is_snapshot)


def symbols(line):
    return sorted({str(symbol) for cube in line.cubes for symbol in cube.inside})


def test_kinds_come_in_azures_order_whatever_the_priorities():
    nat = NatRuleCollection(name="nat", priority=900, rules=(dnat("web", "pip-fw-1", "10.1.0.9"),))
    here = with_rules(
        nat=[nat],
        network=[network_collection("net", 500, Action.ALLOW, network_rule("open"))],
        application=[
            application_collection("app", 100, Action.DENY, application_rule("name", "x.org"))
        ],
    )
    found = firewall_lines(here, here.firewalls[0])
    assert [line.name for line in found] == ["web", "own addresses", "open", "name"]
    assert found[0].path == "afwp-hub/group/nat/web"
    assert [line.stage for line in found] == [
        Stage.DNAT,
        Stage.DNAT,
        Stage.NETWORK_RULE,
        Stage.APPLICATION_RULE,
    ]
    assert [line.action for line in found] == ["Dnat", "Deny", "Allow", "Deny"]


def test_the_own_addresses_are_public_and_private():
    own = lines()[0]
    assert parse_address("10.0.0.4") in own.cubes[0].destination
    assert not own.is_written


def test_an_empty_ip_group_matches_nothing():
    rule = network_rule("r", source_addresses=(), source_ip_groups=("g",))
    assert lines(rule, base=estate(ip_groups=(IpGroup(name="g"),)))[1].cubes == ()


def test_an_ip_group_that_is_not_in_the_estate_is_a_symbol():
    rule = network_rule("r", source_addresses=(), source_ip_groups=("g",))
    line = lines(rule)[1]
    assert symbols(line) == ["IP group g"]
    assert not any(s.distinct for cube in line.cubes for s in cube.inside)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"destination_fqdn_tags": ("AzureKubernetesService",)}, "FQDN tag AzureKubernetesService"),
        ({"web_categories": ("Games",)}, "web category Games"),
        ({"destination_urls": ("a.org/path",)}, "path of URL a.org/path"),
    ],
)
def test_what_nobody_lists_is_a_symbol(change, expected):
    assert symbols(lines(application_rule("r", **change))[1]) == [expected]


def test_a_url_counts_by_its_host():
    (cube,) = lines(application_rule("r", destination_urls=("a.org/path",)))[1].cubes
    assert cube.names == NameSet.parse("a.org")


def test_a_snapshot_takes_dated_lists_and_the_evaluators_addresses():
    tag = application_rule("r", destination_fqdn_tags=("AzureKubernetesService",))
    name = network_rule("n", destination_addresses=(), destination_fqdns=("ntp.ubuntu.com",))
    found = lines(name, tag, is_snapshot=True)
    assert symbols(found[1]) == symbols(found[2]) == []
    assert "mcr.microsoft.com" in found[2].cubes[0].names
    assert symbols(lines(name)[1]) == ["address of ntp.ubuntu.com"]


def test_a_name_of_a_private_zone_has_its_address():
    name = network_rule("n", destination_addresses=(), destination_fqdns=("vault.vault.azure.net",))
    line = lines(name)[1]
    assert symbols(line) == []
    assert line.cubes[0].destination <= AddressSet.parse("10.1.48.0/24")


def test_the_basic_tier_has_no_names_in_network_rules():
    base = estate()
    basic = replace(base, firewalls=tuple(replace(f, sku_tier="Basic") for f in base.firewalls))
    name = network_rule("n", destination_addresses=(), destination_fqdns=("ntp.ubuntu.com",))
    assert lines(name, base=basic)[1].cubes == ()


def test_inspection_is_another_decision():
    rules = (application_rule("a", "x.org"), application_rule("b", "x.org", terminate_tls=True))
    assert [line.decision for line in lines(*rules)[1:]] == [
        "application Allow",
        "application Allow inspected",
    ]
