from dataclasses import replace

import pytest

import builders
from asking import packet
from builders import (
    HTTP,
    HTTPS,
    application_collection,
    application_rule,
    dnat,
    group,
    network_collection,
    network_rule,
)
from hubwright.model.address import AddressSet, parse_address
from hubwright.model.firewall import (
    Action,
    ApplicationProtocol,
    FirewallPolicy,
    IpGroup,
    NatRuleCollection,
)
from hubwright.model.flow import Application
from hubwright.model.network import NatGateway
from hubwright.semantics.assigned import assign
from hubwright.semantics.assumptions import DEFAULTS, Assumptions
from hubwright.semantics.firewall import (
    application_rules,
    find_nat,
    fqdn_matches,
    instance_addresses,
    intercept_ports,
    match_application,
    match_nat,
    match_network,
    nat_rules,
    nat_target,
    network_rules,
    outbound_addresses,
    private_ranges,
    protocols,
    public_addresses,
    sources,
    target_fqdns,
)
from hubwright.semantics.names import site_address
from hubwright.semantics.threats import threat_address, threat_mode, threat_name

ALLOW, DENY = Action.ALLOW, Action.DENY
VM, SITE, CLIENT = "10.1.48.6", "198.18.0.9", "198.51.100.10"


def policy(name="afwp-hub", **more):
    return FirewallPolicy(name=name, location="westeurope", sku="Premium", **more)


def networks(*collections, **changes):
    estate = builders.estate(**changes)
    return builders.with_rules(network=collections, base=estate)


def applications(*collections, **changes):
    estate = builders.estate(**changes)
    return builders.with_rules(application=collections, base=estate)


def nats(*rules, **changes):
    estate = builders.estate(**changes)
    return builders.with_rules(
        nat=(NatRuleCollection(name="nat", priority=100, rules=rules),), base=estate
    )


def tier(estate, name):
    return assign(replace(estate, firewalls=(replace(estate.firewalls[0], sku_tier=name),)))


def network(estate, destination=SITE, port=443, protocol="TCP", source=VM, assumptions=DEFAULTS):
    sent = packet(source, destination, port, protocol)
    return match_network(estate, estate.firewalls[0], sent, assumptions)


def application(estate, name, port=443, kind=Application.HTTPS, source=VM):
    return match_application(estate, estate.firewalls[0], parse_address(source), port, kind, name)


def nat(estate, public_ip="pip-fw-web", port=80, source=CLIENT, assumptions=DEFAULTS, **more):
    address = estate.public_ip_by_name[public_ip].ip_address
    sent = packet(source, address, port, **more)
    return find_nat(estate, estate.firewalls[0], sent, assumptions)


def one(name, action=ALLOW, priority=100, **more):
    return network_collection(f"c-{name}", priority, action, network_rule(name, **more))


# Order


def test_collections_go_by_priority_and_rules_top_down():
    late = network_collection("late", 300, ALLOW, network_rule("l1"), network_rule("l2"))
    estate = networks(late, network_collection("early", 200, ALLOW, network_rule("e")))
    names = [placed.rule.name for placed in network_rules(estate, estate.firewalls[0])]
    assert names == ["e", "l1", "l2"]


def test_a_groups_priority_goes_before_its_collections():
    estate = builders.estate(
        rule_collection_groups=(
            group("b", priority=300, network_rule_collections=(one("b", DENY, 100),)),
            group("a", priority=200, network_rule_collections=(one("a", ALLOW, 900),)),
        )
    )
    assert network(estate).placed.path == "afwp-hub/a/c-a/a"


def test_the_first_match_ends_it():
    estate = networks(one("deny", DENY, 100), one("allow", ALLOW, 200))
    assert network(estate).placed.action is DENY


def with_parent(**parent):
    return builders.estate(
        firewall_policies=(policy(base_policy="parent"), policy("parent")),
        rule_collection_groups=(
            group("child", priority=100, **parent),
            group("parents", policy="parent", priority=900, **parent),
        ),
    )


def test_a_parents_groups_come_first_whatever_their_priority():
    estate = with_parent(
        network_rule_collections=(one("n"),),
        application_rule_collections=(
            application_collection("a", 100, ALLOW, application_rule("a", "*")),
        ),
    )
    for placed in (network_rules, application_rules):
        assert [p.policy for p in placed(estate, estate.firewalls[0])] == ["parent", "afwp-hub"]


@pytest.mark.parametrize(
    ("mode", "policies"), [("inherited", ["parent", "afwp-hub"]), ("own", ["afwp-hub"])]
)
def test_a_parents_dnat_is_inherited_or_not_by_assumption(mode, policies):
    rules = (dnat("web", "pip-fw-web", "10.1.15.250"),)
    collection = NatRuleCollection(name="nat", priority=100, rules=rules)
    estate = with_parent(nat_rule_collections=(collection,))
    found = nat_rules(estate, estate.firewalls[0], Assumptions(parent_dnat=mode))
    assert [placed.policy for placed in found] == policies


# Network rules


@pytest.mark.parametrize(
    ("protocols_", "ports", "wanted"),
    [
        (("TCP",), ("443",), {"TCP"}),
        (("TCP", "UDP"), ("*",), {"TCP", "UDP"}),
        (("Any",), ("*",), None),
        (("Any",), (), None),
        (("Any",), ("443",), {"TCP", "UDP"}),
    ],
)
def test_any_is_every_protocol_unless_a_port_is_given(protocols_, ports, wanted):
    rule = network_rule(protocols=protocols_, destination_ports=ports)
    assert protocols(rule) == (None if wanted is None else frozenset(wanted))


def test_any_with_a_port_does_not_match_icmp():
    estate = networks(one("any", protocols=("Any",), destination_ports=("443",)))
    assert network(estate, "10.0.0.70", 0, "ICMP").placed is None
    assert network(estate, port=443, protocol="UDP").placed is not None


def test_icmp_has_no_ports():
    estate = networks(one("icmp", protocols=("ICMP",), destination_ports=("*",)))
    assert network(estate, "10.0.0.70", 0, "ICMP").placed is not None


@pytest.mark.parametrize(("port", "hit"), [(79, False), (80, True), (8005, True), (8011, False)])
def test_ports_are_single_or_ranges(port, hit):
    estate = networks(one("r", destination_ports=("80", "8000-8010")))
    assert (network(estate, port=port).placed is not None) == hit


@pytest.mark.parametrize("source", ["10.1.48.6", "10.1.48.0/24", "10.1.48.1-10.1.48.9", "*"])
def test_sources_are_addresses_prefixes_ranges_or_star(source):
    estate = networks(one("r", source_addresses=(source,)))
    assert network(estate).placed is not None
    assert (network(estate, source="10.1.0.4").placed is not None) == (source == "*")


def test_a_service_tag_without_a_list_is_unknown_and_named_with_its_rule():
    estate = networks(one("cloud", destination_addresses=("AzureCloud.westeurope",)))
    found = network(estate)
    assert found.placed is None
    assert found.unknowns == ("service tag AzureCloud.westeurope in afwp-hub/group/c-cloud/cloud",)


def test_a_listed_service_tag_matches():
    tags = Assumptions(service_tags=(("AzureCloud", AddressSet.parse("198.18.0.0/24")),))
    estate = networks(one("cloud", destination_addresses=("AzureCloud",)))
    assert network(estate, assumptions=tags).placed.rule.name == "cloud"
    assert network(estate, "198.18.9.9", assumptions=tags) == match_network(
        networks(), estate.firewalls[0], packet(VM, "198.18.9.9")
    )


def test_an_unknown_tag_before_a_rule_of_the_same_action_does_not_matter():
    tag = one("tag", ALLOW, 100, destination_addresses=("AzureCloud",))
    assert network(networks(tag, one("all", ALLOW, 200))).unknowns == ()
    assert network(networks(tag, one("all", DENY, 200))).unknowns != ()


def test_an_unknown_tag_behind_the_match_does_not_matter():
    tag = one("tag", DENY, 200, destination_addresses=("AzureCloud",))
    assert network(networks(one("all", ALLOW, 100), tag)).unknowns == ()


def test_a_name_matches_by_the_address_that_the_firewall_resolves():
    rule = one("ntp", destination_addresses=(), destination_fqdns=("ntp.ubuntu.com",))
    estate = networks(rule)
    address = builders.prefix("198.18.0.0/15")[0]
    found = network(estate, _text(site_address("ntp.ubuntu.com")))
    assert found.placed.rule.name == "ntp"
    assert network(estate, _text(address.last)).placed is None


def _text(address):
    return str(AddressSet(((address, address),)))


def test_names_in_network_rules_have_no_wildcards():
    estate = networks(one("w", destination_addresses=(), destination_fqdns=("*.ubuntu.com",)))
    assert network(estate, _text(site_address("ntp.ubuntu.com"))).placed is None


def test_the_basic_tier_has_no_names_in_network_rules():
    rule = one("ntp", destination_addresses=(), destination_fqdns=("ntp.ubuntu.com",))
    estate = tier(networks(rule), "Basic")
    assert network(estate, _text(site_address("ntp.ubuntu.com"))).placed is None


def test_a_name_that_a_foreign_server_resolves_is_unknown():
    rule = one("ntp", destination_addresses=(), destination_fqdns=("ntp.ubuntu.com",))
    estate = networks(rule, firewall_policies=(policy(dns_servers=("10.0.9.9",)),))
    assert "ntp.ubuntu.com by DNS server 10.0.9.9" in network(estate).unknowns[0]


# IP groups


def grouped(*cidrs, **more):
    return networks(one("r", **more), ip_groups=(IpGroup(name="g", cidrs=cidrs),))


def test_ip_groups_stand_for_their_members():
    estate = grouped(
        "10.1.48.0/24", "10.2.0.1-10.2.0.9", source_addresses=(), source_ip_groups=("g",)
    )
    hits = [
        network(estate, source=text).placed is not None
        for text in ("10.1.48.6", "10.2.0.5", "10.2.0.10")
    ]
    assert hits == [True, True, False]


def test_an_empty_group_skips_the_rule_and_does_not_match_all():
    as_source = grouped(source_addresses=(), source_ip_groups=("g",))
    as_destination = grouped(destination_addresses=(), destination_ip_groups=("g",))
    for estate in (as_source, as_destination):
        assert network(estate) == match_network(networks(), estate.firewalls[0], packet(VM, SITE))


@pytest.mark.parametrize("side", ["source", "destination"])
def test_a_group_outside_the_estate_is_unknown_and_named(side):
    more = {f"{side}_addresses": (), f"{side}_ip_groups": ("gone",)}
    found = network(networks(one("r", **more)))
    assert found.placed is None
    assert found.unknowns == ("IP group gone in afwp-hub/group/c-r/r",)


def test_a_known_source_beside_an_unknown_group_matches():
    estate = networks(one("r", source_addresses=(VM,), source_ip_groups=("gone",)))
    assert network(estate).placed is not None
    assert network(estate, source="10.1.0.4").unknowns != ()


def test_groups_are_sources_of_dnat_and_application_rules_too():
    members = (IpGroup(name="g", cidrs=("10.1.48.0/24", CLIENT)),)
    rule = application_rule("a", "*", source_addresses=(), source_ip_groups=("g",))
    estate = applications(application_collection("c", 100, ALLOW, rule), ip_groups=members)
    assert application(estate, "a.com").placed is not None
    assert application(estate, "a.com", source="10.1.0.4").placed is None
    translated = replace(
        dnat("web", "pip-fw-web", "10.1.15.250"), source_addresses=(), source_ip_groups=("g",)
    )
    assert nat(nats(translated, ip_groups=members)).placed is not None
    unknown = nat(nats(replace(translated, source_ip_groups=("gone",))))
    assert unknown.unknowns == ("IP group gone in afwp-hub/group/nat/web",)


# DNAT


def test_dnat_matches_its_own_public_ip_and_port_only():
    estate = builders.estate()
    assert nat(estate, "pip-fw-web", 80).placed.rule.name == "web"
    assert nat(estate, "pip-fw-shop", 80).placed.rule.name == "shop"
    assert nat(estate, "pip-fw-web", 443).placed is None
    assert nat(estate, "pip-fw-1", 80).placed is None


def test_dnat_matches_its_sources_only():
    rule = replace(dnat("web", "pip-fw-web", "10.1.15.250"), source_addresses=("192.0.2.0/24",))
    assert nat(nats(rule)).placed is None
    assert nat(nats(rule), source="192.0.2.7").placed is not None


def test_dnat_matches_its_protocol_only():
    rule = replace(dnat("dns", "pip-fw-web", "10.1.15.250", 53), protocols=("UDP",))
    assert nat(nats(rule), port=53, protocol="UDP").placed is not None
    assert nat(nats(rule), port=53).placed is None


def test_dnat_on_the_private_address_is_not_for_the_basic_tier():
    estate = nats(dnat("web", "10.0.0.4", "10.1.15.250"))
    sent = packet(VM, "10.0.0.4", 80)
    assert match_nat(estate, estate.firewalls[0], sent).rule.name == "web"
    for name, hit in (("Standard", True), ("Basic", False)):
        lower = tier(estate, name)
        assert (match_nat(lower, lower.firewalls[0], sent) is not None) == hit


def to_name(name):
    return replace(
        dnat("web", "pip-fw-web", "10.1.15.250"), translated_address=None, translated_fqdn=name
    )


def test_dnat_to_a_name_goes_where_the_firewall_resolves_it():
    estate = nats(to_name("vault.vault.azure.net"))
    placed = nat(estate).placed
    assert nat_target(estate, estate.firewalls[0], placed.rule) == parse_address("10.1.48.4")


def test_dnat_to_a_name_that_does_not_resolve_does_not_match():
    second = dnat("fallback", "pip-fw-web", "10.1.15.250")
    assert nat(nats(to_name("nothing.invalid"))).placed is None
    assert nat(nats(to_name("nothing.invalid"), second)).placed.rule.name == "fallback"


def test_dnat_to_a_name_of_a_foreign_server_is_unknown():
    estate = nats(to_name("a.com"), firewall_policies=(policy(dns_servers=("10.0.9.9",)),))
    assert "a.com by DNS server 10.0.9.9" in nat(estate).unknowns[0]


def test_dnat_to_an_address_that_nobody_knows_is_unknown():
    assert "address pip-gone" in nat(nats(dnat("web", "pip-fw-web", "pip-gone"))).unknowns[0]


# Application rules


@pytest.mark.parametrize(
    ("pattern", "name", "hit"),
    [
        ("www.contoso.com", "www.contoso.com", True),
        ("www.contoso.com", "WWW.Contoso.com", True),
        ("contoso.com", "www.contoso.com", False),
        ("*.contoso.com", "www.contoso.com", True),
        ("*.contoso.com", "a.b.contoso.com", True),
        ("*.contoso.com", "contoso.com", False),
        ("*.contoso.com", "evilcontoso.com", False),
        ("*contoso.com", "contoso.com", True),
        ("*contoso.com", "www.contoso.com", True),
        ("*contoso.com", "evilcontoso.com", True),
        ("*contoso.com", "contoso.com.evil.net", False),
        ("*", "anything.net", True),
        ("www.contoso.*", "www.contoso.com", False),
        ("*.contoso.*", "www.contoso.com", False),
    ],
)
def test_wildcards_of_target_fqdns(pattern, name, hit):
    assert fqdn_matches(pattern, name) == hit


def test_protocol_and_port_belong_together():
    rule = application_rule("a", "a.com", protocols=(HTTPS, HTTP))
    estate = applications(application_collection("c", 100, ALLOW, rule))
    assert application(estate, "a.com", 443).placed is not None
    assert application(estate, "a.com", 80, Application.HTTP).placed is not None
    assert application(estate, "a.com", 80, Application.HTTPS).placed is None
    assert application(estate, "a.com", 443, Application.HTTP).placed is None
    assert application(estate, "a.com", 443, Application.NONE).placed is None


def test_mssql_has_its_own_protocol():
    sql = ApplicationProtocol(type="Mssql", port=1433)
    rule = application_rule("sql", "sql.database.windows.net", protocols=(sql,))
    estate = applications(application_collection("c", 100, ALLOW, rule))
    name = "sql.database.windows.net"
    assert application(estate, name, 1433, Application.MSSQL).placed is not None
    assert application(estate, name, 1433, Application.HTTPS).placed is None


def test_application_collections_go_by_priority():
    deny = application_collection("deny", 100, DENY, application_rule("d", "*.contoso.com"))
    allow = application_collection("allow", 200, ALLOW, application_rule("a", "*"))
    estate = applications(allow, deny)
    assert application(estate, "www.contoso.com").placed.rule.name == "d"
    assert application(estate, "contoso.com").placed.rule.name == "a"


def test_the_aks_tag_stands_for_its_dated_list():
    rule = application_rule("aks", destination_fqdn_tags=("AzureKubernetesService",))
    estate = applications(application_collection("c", 100, ALLOW, rule))
    found = application(estate, "mcr.microsoft.com")
    assert (found.placed.rule.name, found.by_tag) == ("aks", "AzureKubernetesService")
    assert application(estate, "docker.io").placed is None


def test_a_match_by_name_is_not_by_tag():
    rule = application_rule(
        "aks", "mcr.microsoft.com", destination_fqdn_tags=("AzureKubernetesService",)
    )
    estate = applications(application_collection("c", 100, ALLOW, rule))
    assert not application(estate, "mcr.microsoft.com").by_tag


@pytest.mark.parametrize(
    ("target", "unknown"),
    [
        ({"destination_fqdn_tags": ("WindowsUpdate",)}, "FQDN tag WindowsUpdate"),
        ({"web_categories": ("Gambling",)}, "web category Gambling"),
        ({"destination_urls": ("a.com/test",)}, "path of URL a.com/test"),
    ],
)
def test_what_only_microsoft_or_the_path_tells_is_unknown_and_named(target, unknown):
    estate = applications(application_collection("c", 100, ALLOW, application_rule("r", **target)))
    found = application(estate, "a.com")
    assert found.placed is None
    assert found.unknowns == (f"{unknown} in afwp-hub/group/c/r",)


def test_an_unknown_deny_before_an_allow_leaves_it_open():
    deny = application_collection(
        "deny", 100, DENY, application_rule("d", web_categories=("Gambling",))
    )
    allow = application_collection("allow", 200, ALLOW, application_rule("a", "a.com"))
    found = application(applications(deny, allow), "a.com")
    assert (found.placed.rule.name, len(found.unknowns)) == ("a", 1)


def test_a_url_of_another_host_leaves_nothing_open():
    rule = application_rule("r", destination_urls=("a.com/test",))
    estate = applications(application_collection("c", 100, ALLOW, rule))
    assert application(estate, "b.com").unknowns == ()


@pytest.mark.parametrize("url", ["a.com", "a.com/", "a.com/*"])
def test_a_url_without_a_path_counts_by_its_host(url):
    patterns, unknowns = target_fqdns(
        builders.estate(), application_rule("r", destination_urls=(url,))
    )
    assert (patterns, unknowns) == (("a.com",), ())


def test_the_engine_answers_on_its_own_ports_and_on_those_that_rules_name():
    proxy = application_rule("p", "a.com", protocols=(ApplicationProtocol(type="Http", port=8080),))
    estate = applications(application_collection("c", 100, ALLOW, proxy))
    assert intercept_ports(estate, estate.firewalls[0]) == (80, 443, 1433, 8080)


# Threat intelligence

FEED = Assumptions(
    threat_feed_addresses=AddressSet.parse("198.18.0.9"), threat_feed_fqdns=frozenset({"bad.net"})
)


def feed(estate, destination=SITE, source=VM):
    return threat_address(estate, estate.firewalls[0], packet(source, destination), FEED)


def test_the_feed_denies_by_either_end_in_mode_deny_only():
    estate = builders.estate()
    assert feed(estate) == parse_address(SITE)
    assert feed(estate, VM, SITE) == parse_address(SITE)
    assert feed(estate, "198.18.0.10") is None
    alert = builders.estate(firewall_policies=(policy(threat_intelligence_mode="Alert"),))
    assert feed(alert) is None


def test_the_allow_list_frees_addresses_and_names_and_is_inherited():
    free = {
        "threat_intelligence_allowlist_ip_addresses": ("198.18.0.0/24",),
        "threat_intelligence_allowlist_fqdns": ("*.net",),
    }
    for policies in (
        (policy(threat_intelligence_mode="Deny", **free),),
        (
            policy(base_policy="parent", threat_intelligence_mode="Deny"),
            policy("parent", **free),
        ),
    ):
        estate = builders.estate(firewall_policies=policies)
        assert feed(estate) is None
        assert not threat_name(estate, estate.firewalls[0], "bad.net", FEED)


def test_names_of_the_feed_are_denied_whatever_their_case():
    estate = builders.estate()
    assert threat_name(estate, estate.firewalls[0], "BAD.net", FEED)
    assert not threat_name(estate, estate.firewalls[0], "good.net", FEED)


@pytest.mark.parametrize(
    ("child", "parent", "mode"),
    [("Off", "Deny", "Deny"), ("Deny", "Alert", "Deny"), ("Off", "Alert", "Alert")],
)
def test_a_child_cannot_be_laxer_than_its_parent(child, parent, mode):
    estate = builders.estate(
        firewall_policies=(
            policy(base_policy="parent", threat_intelligence_mode=child),
            policy("parent", threat_intelligence_mode=parent),
        )
    )
    assert threat_mode(estate, estate.firewalls[0]) == mode


def test_the_basic_tier_only_alerts():
    estate = tier(builders.estate(), "Basic")
    assert threat_mode(estate, estate.firewalls[0]) == "Alert"
    assert feed(estate) is None


# Translation


def ranges(*texts, assumptions=DEFAULTS):
    estate = builders.estate(firewall_policies=(policy(private_ip_ranges=texts),))
    return private_ranges(estate, estate.firewalls[0], assumptions)


def test_default_private_ranges_hold_rfc1918_and_by_assumption_rfc6598():
    assert parse_address("10.9.9.9") in ranges()
    assert parse_address("100.64.0.1") in ranges()
    narrow = Assumptions(private_ranges="rfc1918")
    assert parse_address("100.64.0.1") not in ranges(assumptions=narrow)
    assert parse_address("172.16.0.1") in ranges(assumptions=narrow)


def test_a_custom_list_replaces_the_default():
    found = ranges("20.0.0.0/8")
    assert parse_address("20.1.1.1") in found
    assert parse_address("10.1.1.1") not in found


def test_the_literal_for_the_default_can_be_repeated_in_a_list():
    found = ranges("20.0.0.0/8", "IANAPrivateRanges")
    assert parse_address("20.1.1.1") in found
    assert parse_address("10.1.1.1") in found


def test_everything_is_never_and_the_broadcast_address_always_translated():
    assert parse_address("8.8.8.8") in ranges("0.0.0.0/0")
    assert not ranges("255.255.255.255/32")


def test_public_addresses_are_in_the_order_of_the_configurations():
    estate = builders.estate()
    wanted = [estate.public_ip_by_name[n].ip_address for n in estate.firewalls[0].public_ips]
    assert [_text(a) for a in public_addresses(estate, estate.firewalls[0])] == wanted


def test_instances_have_addresses_behind_the_firewalls_own():
    estate = builders.estate()
    assert [_text(a) for a in instance_addresses(estate, estate.firewalls[0])] == [
        "10.0.0.5",
        "10.0.0.6",
    ]


def test_a_nat_gateway_on_the_firewalls_subnet_takes_over_what_goes_out():
    estate = builders.estate(nat_gateways=(NatGateway(name="nat", public_ips=("pip-lb-web",)),))
    firewall = estate.firewalls[0]
    assert outbound_addresses(estate, firewall) == public_addresses(estate, firewall)
    estate = builders.change_subnet(estate, firewall.subnet, nat_gateway="nat")
    wanted = estate.public_ip_by_name["pip-lb-web"].ip_address
    assert [_text(a) for a in outbound_addresses(estate, firewall)] == [wanted]


def test_sources_of_a_rule_are_the_union_of_texts_and_groups():
    estate = builders.estate(ip_groups=(IpGroup(name="g", cidrs=("10.2.0.0/16",)),))
    rule = network_rule(source_addresses=("10.1.0.0/16",), source_ip_groups=("g",))
    assert sources(estate, rule) == AddressSet.parse("10.1.0.0-10.2.255.255")
