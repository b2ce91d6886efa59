from dataclasses import replace

import pytest

import builders
from asking import ask, http, https, nodes, ping, rules_of, seen
from builders import (
    HTTP,
    application_collection,
    application_rule,
    dnat,
    group,
    network_collection,
    network_rule,
    route,
)
from hubwright.model.address import AddressSet, format_address
from hubwright.model.firewall import (
    Action,
    ApplicationProtocol,
    FirewallPolicy,
    IpGroup,
    NatRuleCollection,
)
from hubwright.model.flow import Application, Disposition, Stage, Symptom
from hubwright.model.network import NatGateway, NextHopType, RouteTable
from hubwright.semantics.assigned import assign
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.names import site_address

ALLOW, DENY = Action.ALLOW, Action.DENY
VM = "vm-jumpbox"
SITE = "8.8.8.8"


def rules(*, network=(), application=(), nat=(), **changes):
    """The estate with only these rules, each a collection in order of priority."""
    return builders.with_rules(
        network=tuple(
            network_collection(f"n{n}", 100 + n, action, rule)
            for n, (action, rule) in enumerate(network)
        ),
        application=tuple(
            application_collection(f"a{n}", 100 + n, action, rule)
            for n, (action, rule) in enumerate(application)
        ),
        nat=(NatRuleCollection(name="nat", priority=100, rules=tuple(nat)),) if nat else (),
        base=builders.estate(**changes),
    )


def policy(**more):
    values = {
        "name": "afwp-hub",
        "location": "westeurope",
        "sku": "Premium",
        "dns_proxy_enabled": True,
        **more,
    }
    return FirewallPolicy(**values)


def public(estate, *names):
    return [estate.public_ip_by_name[name].ip_address for name in names]


def with_tier(estate, tier):
    return assign(replace(estate, firewalls=(replace(estate.firewalls[0], sku_tier=tier),)))


# The order of the stages


def test_a_network_allow_hides_an_application_deny():
    estate = rules(
        network=[(ALLOW, network_rule("all"))],
        application=[(DENY, application_rule("no", "*"))],
    )
    trace = https(estate, VM, "evil.com")
    assert (trace.disposition, trace.decided_by) == (Disposition.EXITS_NETWORK, Stage.NETWORK_RULE)


def test_a_network_deny_hides_an_application_allow():
    estate = rules(
        network=[(DENY, network_rule("none"))],
        application=[(ALLOW, application_rule("yes", "*"))],
    )
    trace = https(estate, VM, "mcr.microsoft.com")
    assert (trace.disposition, trace.symptom) == (Disposition.DENIED_IN, Symptom.TIMEOUT)
    assert trace.decided_by is Stage.NETWORK_RULE


def test_no_priority_lifts_an_application_rule_over_a_network_rule():
    estate = builders.estate(
        rule_collection_groups=(
            group(
                "first",
                priority=100,
                application_rule_collections=(
                    application_collection("a", 100, DENY, application_rule("no", "*")),
                ),
            ),
            group(
                "last",
                priority=65000,
                network_rule_collections=(
                    network_collection("n", 65000, ALLOW, network_rule("all")),
                ),
            ),
        )
    )
    assert https(estate, VM, "a.com").decided_by is Stage.NETWORK_RULE


def test_application_rules_are_asked_where_no_network_rule_matches():
    estate = rules(
        network=[(ALLOW, network_rule("other", destination_ports=("22",)))],
        application=[(ALLOW, application_rule("yes", "a.com"))],
    )
    assert https(estate, VM, "a.com").decided_by is Stage.APPLICATION_RULE


def test_application_rules_are_for_http_https_and_mssql_only():
    estate = rules(application=[(ALLOW, application_rule("yes", "*"))])
    trace = ask(estate, VM, "a.com", 22)
    assert (trace.decided_by, trace.symptom) == (Stage.DEFAULT, Symptom.TIMEOUT)
    udp = ask(estate, VM, "a.com", 443, protocol="UDP")
    assert (udp.decided_by, udp.symptom) == (Stage.DEFAULT, Symptom.TIMEOUT)


def test_quic_needs_a_network_rule():
    estate = rules(
        network=[(ALLOW, network_rule("quic", protocols=("UDP",), destination_ports=("443",)))],
        application=[(ALLOW, application_rule("yes", "*"))],
    )
    udp = ask(estate, VM, "a.com", 443, protocol="UDP")
    assert udp.decided_by is Stage.NETWORK_RULE


def test_what_no_rule_matches_is_denied():
    trace = ask(rules(), VM, SITE, 22)
    assert (trace.disposition, trace.decided_by) == (Disposition.DENIED_IN, Stage.DEFAULT)


FEED = Assumptions(
    threat_feed_addresses=AddressSet.parse("8.8.8.8") | AddressSet.parse("198.51.100.10"),
    threat_feed_fqdns=frozenset({"bad.net"}),
)


def test_the_threat_feed_goes_before_network_rules():
    estate = rules(network=[(ALLOW, network_rule("all"))])
    estate = assign(replace(estate, firewall_policies=(policy(threat_intelligence_mode="Deny"),)))
    trace = ask(estate, VM, SITE, 22, assumptions=FEED)
    assert (trace.decided_by, trace.symptom) == (Stage.THREAT_INTELLIGENCE, Symptom.TIMEOUT)
    assert ask(estate, VM, SITE, 22).disposition.is_success


def test_the_threat_feed_goes_before_dnat():
    trace = http(builders.estate(), "internet", "web", assumptions=FEED)
    assert trace.decided_by is Stage.THREAT_INTELLIGENCE


def test_the_threat_feed_denies_names_before_application_rules():
    estate = rules(
        application=[(ALLOW, application_rule("all", "*"))],
        firewall_policies=(policy(threat_intelligence_mode="Deny"),),
    )
    trace = https(estate, VM, "bad.net", assumptions=FEED)
    assert (trace.decided_by, trace.symptom) == (Stage.THREAT_INTELLIGENCE, Symptom.TLS_CLOSED)
    assert https(estate, VM, "good.net", assumptions=FEED).disposition.is_success


def test_an_answer_by_the_firewall_rests_on_the_threat_feed():
    assert "threat-feed" in https(builders.estate(), VM, "mcr.microsoft.com").assumptions
    assert "threat-feed" not in ask(builders.estate(), VM, "aks-system-0", 22).assumptions


INFRASTRUCTURE = Assumptions(infrastructure_fqdns=("*.blob.storage.azure.net",))
DISK = "md-1.blob.storage.azure.net"


def test_infrastructure_rules_come_after_application_rules():
    estate = rules()
    trace = https(estate, VM, DISK, assumptions=INFRASTRUCTURE)
    assert trace.decided_by is Stage.INFRASTRUCTURE_RULE
    assert "infrastructure-rules" in trace.assumptions


def test_infrastructure_rules_match_nothing_unless_listed():
    trace = https(rules(), VM, DISK)
    assert (trace.decided_by, trace.symptom) == (Stage.DEFAULT, Symptom.TLS_CLOSED)
    assert "infrastructure-rules" in trace.assumptions


def test_a_last_application_deny_overrides_infrastructure_rules():
    estate = rules(application=[(DENY, application_rule("none", "*"))])
    trace = https(estate, VM, DISK, assumptions=INFRASTRUCTURE)
    assert trace.decided_by is Stage.APPLICATION_RULE


# What a denied client sees


def test_http_denied_by_the_engine_is_status_470():
    trace = http(rules(), VM, "a.com")
    assert (trace.disposition, trace.symptom) == (Disposition.DENIED_IN, Symptom.HTTP_470)


def test_https_denied_by_the_engine_is_closed_at_client_hello():
    assert https(rules(), VM, "a.com").symptom is Symptom.TLS_CLOSED


def test_http_denied_on_a_port_that_rules_name_is_status_470_too():
    on_8080 = application_rule(
        "p", "b.com", protocols=(ApplicationProtocol(type="Http", port=8080),)
    )
    estate = rules(application=[(ALLOW, on_8080)])
    assert http(estate, VM, "a.com", 8080).symptom is Symptom.HTTP_470
    assert http(rules(), VM, "a.com", 8080).symptom is Symptom.TIMEOUT


def test_a_default_deny_on_other_ports_is_silent():
    assert ask(rules(), VM, SITE, 8443).symptom is Symptom.TIMEOUT


def test_a_tcp_ping_completes_though_nothing_reaches_the_target():
    trace = ask(rules(), VM, SITE, 443)
    assert (trace.disposition, trace.symptom) == (Disposition.DENIED_IN, Symptom.TLS_CLOSED)
    assert nodes(trace.forward) == [VM, "afw"]


def test_tls_without_sni_is_closed_whatever_application_rules_say():
    estate = rules(application=[(ALLOW, application_rule("all", "*"))])
    trace = ask(estate, VM, SITE, application=Application.HTTPS)
    assert (trace.symptom, trace.decided_by) == (Symptom.TLS_CLOSED, Stage.APPLICATION_RULE)
    assert "no SNI" in trace.blocker[1].detail


def test_tls_without_sni_needs_a_network_rule():
    estate = rules(network=[(ALLOW, network_rule("all"))])
    assert ask(estate, VM, SITE, application=Application.HTTPS).disposition.is_success


def test_https_is_matched_by_sni_and_not_by_the_name_that_was_resolved():
    estate = rules(application=[(ALLOW, application_rule("a", "a.com"))])
    fronted = ask(estate, VM, "b.com", application=Application.HTTPS, server_name="a.com")
    assert fronted.disposition.is_success
    assert not ask(
        estate, VM, "a.com", application=Application.HTTPS, server_name="b.com"
    ).disposition.is_success


def test_a_refusal_needs_the_firewalls_handshake_to_come_back():
    """Without forwarded traffic on the spoke's peering, the firewall's own answer is lost."""
    peerings = builders.peered("hub", "aks", allow_forwarded_traffic=False)
    estate = rules(virtual_network_peerings=peerings)
    trace = https(estate, VM, "a.com")
    assert (trace.symptom, trace.decided_by) == (Symptom.TIMEOUT, Stage.PEERING)


def test_the_blocker_is_the_rule_that_denied():
    estate = rules(application=[(DENY, application_rule("no", "*.com"))])
    hop, step = https(estate, VM, "a.com").blocker
    assert (hop.node, step.rule) == ("afw", "afwp-hub/group/a0/no")


# Unknowns


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"network": [(ALLOW, network_rule("t", destination_addresses=("Storage",)))]}, "Storage"),
        (
            {"network": [(ALLOW, network_rule("g", source_ip_groups=("x",), source_addresses=()))]},
            "IP group x",
        ),
        (
            {"application": [(ALLOW, application_rule("w", web_categories=("News",)))]},
            "web category News",
        ),
        (
            {"application": [(ALLOW, application_rule("w", destination_fqdn_tags=("Office365",)))]},
            "FQDN tag Office365",
        ),
        (
            {"application": [(ALLOW, application_rule("u", destination_urls=("a.com/x",)))]},
            "path of URL a.com/x",
        ),
    ],
)
def test_what_nobody_told_makes_the_answer_unknown_and_is_named(more, name):
    trace = https(rules(**more), VM, "a.com")
    assert trace.disposition is Disposition.INSUFFICIENT_INFO
    assert trace.symptom is Symptom.UNKNOWN
    assert any(name in text for text in trace.unknowns)


def test_an_empty_ip_group_is_not_unknown():
    estate = rules(
        network=[(ALLOW, network_rule("g", source_ip_groups=("g",), source_addresses=()))],
        ip_groups=(IpGroup(name="g"),),
    )
    assert https(estate, VM, "a.com").disposition is Disposition.DENIED_IN


# Where the proxied connection goes


def test_http_goes_where_the_firewall_resolves_the_host():
    estate = rules(application=[(ALLOW, application_rule("a", "a.com", protocols=(HTTP,)))])
    trace = ask(estate, VM, SITE, 80, application=Application.HTTP, server_name="a.com")
    assert trace.disposition.is_success
    last = trace.forward[-1].packet
    assert last.destination_address == site_address("a.com")


def test_http_to_a_host_that_the_firewall_cannot_resolve_fails():
    estate = rules(application=[(ALLOW, application_rule("a", "*", protocols=(HTTP,)))])
    trace = ask(estate, VM, SITE, 80, application=Application.HTTP, server_name="gone.invalid")
    assert (trace.disposition, trace.decided_by) == (Disposition.NAME_UNRESOLVED, Stage.DNS)


def test_https_keeps_the_clients_address_or_not_by_assumption():
    estate = rules(application=[(ALLOW, application_rule("a", "a.com"))])
    reresolved = Assumptions(https_destination="reresolved")
    more = {"application": Application.HTTPS, "server_name": "a.com"}
    kept = ask(estate, VM, SITE, **more)
    again = ask(estate, VM, SITE, assumptions=reresolved, **more)
    assert format_address(kept.forward[-1].packet.destination_address) == SITE
    assert again.forward[-1].packet.destination_address == site_address("a.com")
    assert "https-destination" in kept.assumptions
    assert "https-destination" in again.assumptions


def test_inspected_https_goes_where_the_firewall_resolves_the_name():
    estate = rules(application=[(ALLOW, application_rule("a", "a.com", terminate_tls=True))])
    trace = ask(estate, VM, SITE, application=Application.HTTPS, server_name="a.com")
    assert trace.forward[-1].packet.destination_address == site_address("a.com")
    assert "https-destination" not in trace.assumptions


def test_only_premium_inspects():
    estate = rules(application=[(ALLOW, application_rule("a", "a.com", terminate_tls=True))])
    estate = with_tier(estate, "Standard")
    trace = ask(estate, VM, SITE, application=Application.HTTPS, server_name="a.com")
    assert format_address(trace.forward[-1].packet.destination_address) == SITE


# DNAT


def test_a_dnat_match_needs_no_network_rule():
    trace = http(rules(nat=[dnat("shop", "pip-fw-shop", "10.1.15.250")]), "internet", "shop")
    assert (trace.disposition, trace.decided_by) == (Disposition.ACCEPTED, Stage.DNAT)


NAT_AND_DENY = {
    "nat": [dnat("shop", "pip-fw-shop", "10.1.15.250")],
    "network": [(DENY, network_rule("no", destination_addresses=("10.1.15.250",)))],
}


def test_a_dnat_match_is_final_in_the_default_mode():
    trace = http(rules(**NAT_AND_DENY), "internet", "shop")
    assert trace.disposition is Disposition.ACCEPTED
    assert "dnat-match" in trace.assumptions


def test_a_network_deny_overrides_dnat_in_the_implicit_rule_mode():
    trace = http(
        rules(**NAT_AND_DENY),
        "internet",
        "shop",
        assumptions=Assumptions(dnat_match="implicit-rule"),
    )
    assert (trace.disposition, trace.decided_by) == (Disposition.DENIED_IN, Stage.NETWORK_RULE)
    assert "dnat-match" in trace.assumptions


def test_an_explicit_allow_changes_nothing_in_the_implicit_rule_mode():
    estate = rules(nat=NAT_AND_DENY["nat"], network=[(ALLOW, network_rule("yes"))])
    mode = Assumptions(dnat_match="implicit-rule")
    assert http(estate, "internet", "shop", assumptions=mode).decided_by is Stage.DNAT


def test_inbound_without_dnat_is_dropped_though_a_network_rule_allows_it():
    estate = rules(network=[(ALLOW, network_rule("all"))])
    address = public(estate, "pip-fw-web")[0]
    trace = ask(estate, "internet", address, 80)
    assert (trace.disposition, trace.decided_by) == (Disposition.DENIED_IN, Stage.DEFAULT)


def test_application_rules_do_not_apply_to_inbound_connections():
    estate = rules(
        nat=[dnat("shop", "pip-fw-shop", "10.1.15.250")],
        application=[(DENY, application_rule("no", "*", protocols=(HTTP,)))],
    )
    assert http(estate, "internet", "shop").disposition is Disposition.ACCEPTED


def test_dnat_to_a_private_target_has_an_instance_as_source_and_keeps_the_source_port():
    trace = http(builders.estate(), "internet", "shop", source_port=50123)
    translated = trace.forward[2].packet
    assert translated.source_port == 50123
    assert format_address(translated.source_address) in {"10.0.0.5", "10.0.0.6"}
    assert "firewall-instances" in trace.assumptions


def test_dnat_to_a_public_target_has_a_public_ip_of_the_firewall_as_source():
    trace = http(builders.estate(), "internet", "web")
    balancer = next(hop for hop in trace.forward if hop.kind == "load balancer")
    own = public(builders.estate(), "pip-fw-1", "pip-fw-web", "pip-fw-shop")
    assert format_address(balancer.packet.source_address) in own
    assert "public-addresses" in trace.assumptions


def test_dnat_on_the_private_address_serves_the_spokes():
    estate = rules(nat=[dnat("shop", "10.0.0.4", "10.1.15.250", 8081)])
    estate = assign(
        replace(
            estate,
            kubernetes_services=(replace(estate.kubernetes_services[0], port=8081),),
        )
    )
    trace = ask(estate, VM, "10.0.0.4", 8081)
    assert (trace.disposition, trace.decided_by) == (Disposition.ACCEPTED, Stage.DNAT)
    basic = ask(with_tier(estate, "Basic"), VM, "10.0.0.4", 8081)
    assert (basic.disposition, basic.decided_by) == (Disposition.DENIED_IN, Stage.DEFAULT)


def test_dnat_of_a_parent_is_an_assumption_where_it_decides():
    estate = builders.estate(
        firewall_policies=(policy(base_policy="parent"), policy(name="parent")),
        rule_collection_groups=(
            group(
                "nat",
                policy="parent",
                nat_rule_collections=(
                    NatRuleCollection(
                        name="nat",
                        priority=100,
                        rules=(dnat("shop", "pip-fw-shop", "10.1.15.250"),),
                    ),
                ),
            ),
        ),
    )
    inherited = http(estate, "internet", "shop")
    own = ask(estate, "internet", "pip-fw-shop", 80, assumptions=Assumptions(parent_dnat="own"))
    assert inherited.disposition is Disposition.ACCEPTED
    assert own.disposition is Disposition.DENIED_IN
    assert "parent-dnat" in inherited.assumptions
    assert "parent-dnat" in own.assumptions
    assert "parent-dnat" not in http(builders.estate(), "internet", "shop").assumptions


# Source translation


def test_a_network_rule_keeps_the_source_towards_private_ranges():
    estate = rules(network=[(ALLOW, network_rule("all"))])
    table = RouteTable(
        name="inspect",
        routes=(route("own", "10.1.0.0/20", NextHopType.VIRTUAL_APPLIANCE, "10.0.0.4"),),
    )
    estate = assign(replace(estate, route_tables=(*estate.route_tables, table)))
    estate = builders.change_subnet(estate, "aks/VmSubnet", route_table="inspect")
    back = RouteTable(
        name="back",
        routes=(route("vms", "10.1.48.0/24", NextHopType.VIRTUAL_APPLIANCE, "10.0.0.4"),),
    )
    estate = assign(replace(estate, route_tables=(*estate.route_tables, back)))
    estate = builders.change_subnet(estate, "aks/AksSubnet", route_table="back")
    trace = ask(estate, VM, "aks-system-0", 22)
    assert trace.disposition is Disposition.ACCEPTED
    assert nodes(trace.forward) == [VM, "afw", "aks-system-0"]
    assert nodes(trace.reverse) == ["aks-system-0", "afw", VM]
    assert seen(trace) == ["10.1.48.5"]


def test_a_network_rule_translates_to_any_public_ip_towards_the_internet():
    estate = rules(network=[(ALLOW, network_rule("all"))])
    trace = ask(estate, VM, SITE, 22)
    assert sorted(seen(trace)) == sorted(public(estate, "pip-fw-1", "pip-fw-web", "pip-fw-shop"))
    assert "public-addresses" in trace.assumptions


def test_never_translating_leaves_the_internet_out_of_reach():
    estate = rules(
        network=[(ALLOW, network_rule("all"))],
        firewall_policies=(policy(private_ip_ranges=("0.0.0.0/0",)),),
    )
    assert ask(estate, VM, SITE, 22).disposition is Disposition.NO_ROUTE


def inspected_vault(**changes):
    """Nodes reach the vault's endpoint through the firewall: policies on, and a route for it."""
    estate = builders.estate(**changes)
    routes = (
        builders.default_route(),
        route("endpoints", "10.1.48.0/24", NextHopType.VIRTUAL_APPLIANCE, "10.0.0.4"),
    )
    table = RouteTable(name="inspect", routes=routes)
    estate = assign(replace(estate, route_tables=(*estate.route_tables, table)))
    estate = builders.change_subnet(
        estate, "aks/VmSubnet", private_endpoint_network_policies="RouteTableEnabled"
    )
    return builders.change_subnet(estate, "aks/AksSubnet", route_table="inspect")


VAULT = "vault.vault.azure.net"


def test_an_application_rule_translates_to_an_instance_towards_private_targets():
    rule = application_rule("v", VAULT)
    base = inspected_vault()
    estate = builders.with_rules(
        application=(application_collection("a", 100, ALLOW, rule),), base=base
    )
    trace = https(estate, "aks-system-0", VAULT)
    assert (trace.disposition, trace.server) == (Disposition.ACCEPTED, "pe-vault")
    assert sorted(seen(trace)) == ["10.0.0.5", "10.0.0.6"]


def test_a_network_rule_to_an_endpoint_loses_the_answer_without_translation():
    base = inspected_vault()
    estate = builders.with_rules(
        network=(network_collection("n", 100, ALLOW, network_rule("all")),), base=base
    )
    trace = https(estate, "aks-system-0", VAULT)
    assert trace.disposition is Disposition.ASYMMETRIC


def test_always_translating_makes_the_endpoints_answer_come_back():
    base = inspected_vault(firewall_policies=(policy(private_ip_ranges=("255.255.255.255/32",)),))
    estate = builders.with_rules(
        network=(network_collection("n", 100, ALLOW, network_rule("all")),), base=base
    )
    trace = https(estate, "aks-system-0", VAULT)
    assert trace.disposition is Disposition.ACCEPTED
    assert sorted(seen(trace)) == ["10.0.0.5", "10.0.0.6"]


def test_carrier_grade_addresses_are_an_assumption_only_where_it_decides():
    estate = rules(network=[(ALLOW, network_rule("all"))])
    trace = ask(estate, VM, "100.64.0.9", 22)
    assert "private-ranges" in trace.assumptions
    assert "private-ranges" not in ask(estate, VM, SITE, 22).assumptions
    custom = rules(
        network=[(ALLOW, network_rule("all"))],
        firewall_policies=(policy(private_ip_ranges=("10.0.0.0/8",)),),
    )
    assert "private-ranges" not in ask(custom, VM, "100.64.0.9", 22).assumptions


def test_icmp_does_not_leave_for_the_internet():
    estate = rules(network=[(ALLOW, network_rule("all", protocols=("Any",)))])
    trace = ping(estate, VM, SITE)
    assert (trace.disposition, trace.decided_by) == (Disposition.NO_ROUTE, Stage.TRANSLATION)


def test_a_nat_gateway_on_the_firewalls_subnet_is_what_the_internet_sees():
    estate = rules(
        network=[(ALLOW, network_rule("all"))],
        nat_gateways=(NatGateway(name="nat", public_ips=("pip-lb-web",)),),
        kubernetes_services=(),
    )
    estate = builders.change_subnet(estate, "hub/AzureFirewallSubnet", nat_gateway="nat")
    trace = ask(estate, VM, SITE, 22)
    assert trace.disposition is Disposition.EXITS_NETWORK
    assert seen(trace) == public(estate, "pip-lb-web")
    inbound = ask(estate, "internet", "pip-lb-web", 22)
    assert inbound.disposition is Disposition.DENIED_IN


def test_a_firewall_without_public_ip_has_nothing_to_send_from():
    estate = rules(network=[(ALLOW, network_rule("all"))])
    estate = assign(replace(estate, firewalls=(replace(estate.firewalls[0], public_ips=()),)))
    trace = ask(estate, VM, SITE, 22)
    assert (trace.disposition, trace.decided_by) == (Disposition.NO_ROUTE, Stage.TRANSLATION)


# The firewall's own addresses


def test_the_dns_proxy_needs_no_rule():
    trace = ask(rules(), VM, "10.0.0.4", 53, protocol="UDP")
    assert (trace.disposition, trace.server) == (Disposition.ACCEPTED, "afw")


def test_nothing_else_listens_on_the_firewalls_private_address():
    estate = rules(network=[(ALLOW, network_rule("all"))])
    assert ask(estate, VM, "10.0.0.4", 22).disposition is Disposition.DENIED_IN
    assert ask(estate, VM, "10.0.0.5", 22).disposition is Disposition.DENIED_IN


def test_a_default_route_of_the_firewalls_subnet_to_itself_is_a_loop():
    estate = rules(network=[(ALLOW, network_rule("all"))])
    estate = builders.change_subnet(estate, "hub/AzureFirewallSubnet", route_table="rt")
    assert ask(estate, VM, SITE, 22).disposition is Disposition.LOOP


def test_rules_and_routes_that_decided_are_named_with_their_paths():
    trace = https(builders.estate(), VM, "mcr.microsoft.com")
    assert rules_of(trace.forward) == [
        "nsg/AllowVnetOutBound",
        "rt/default",
        "afwp-hub/platform/app/mcr",
        "Azure's default route",
    ]


def test_the_aks_tag_is_an_assumption():
    rule = application_rule("aks", destination_fqdn_tags=("AzureKubernetesService",))
    estate = rules(application=[(ALLOW, rule)])
    assert "fqdn-tag" in https(estate, VM, "mcr.microsoft.com").assumptions


def test_a_name_in_a_network_rule_is_an_assumption():
    trace = ask(builders.estate(), VM, "ntp.ubuntu.com", 123, protocol="UDP")
    assert trace.disposition is Disposition.EXITS_NETWORK
    assert "network-fqdn" in trace.assumptions


def test_another_name_on_the_same_address_is_let_through_too():
    address = format_address(site_address("ntp.ubuntu.com"))
    trace = ask(builders.estate(), VM, address, 123, protocol="UDP")
    assert trace.disposition is Disposition.EXITS_NETWORK


def test_allowing_a_to_b_does_not_allow_b_to_a():
    rule = network_rule(
        "out", source_addresses=("10.1.48.0/24",), destination_addresses=("8.8.8.8",)
    )
    estate = rules(network=[(ALLOW, rule)])
    assert ask(estate, VM, SITE, 22).disposition.is_success
    assert not ask(estate, "internet", "pip-fw-1", 22).disposition.is_success


def test_answers_pass_though_a_rule_denies_their_direction():
    back = network_rule("back", source_addresses=("8.8.8.8",))
    estate = rules(network=[(DENY, back), (ALLOW, network_rule("all"))])
    assert ask(estate, VM, SITE, 22).disposition is Disposition.EXITS_NETWORK
