"""Whole answers of the plain evaluator: names, chance, unknowns, and the same answer twice."""

from dataclasses import replace
from unittest import mock

import pytest

import builders
from asking import ask, http, https, nodes, seen
from builders import (
    application_collection,
    application_rule,
    link,
    network_collection,
    network_rule,
    route,
)
from hubwright.errors import UnknownResource
from hubwright.model.firewall import Action, FirewallPolicy
from hubwright.model.flow import Disposition, Flow, Stage, Symptom
from hubwright.model.network import (
    NetworkSecurityGroup,
    NextHopType,
    SecurityRule,
)
from hubwright.semantics import evaluate as module
from hubwright.semantics.assigned import assign
from hubwright.semantics.assumptions import Assumption, Assumptions
from hubwright.semantics.evaluate import evaluate

VM, VAULT = "vm-jumpbox", "vault.vault.azure.net"


def spoke_dns(estate, *servers):
    hub, spoke = estate.virtual_networks
    return assign(replace(estate, virtual_networks=(hub, replace(spoke, dns_servers=servers))))


# Names on the way


def test_a_name_is_resolved_before_anything_else():
    trace = https(builders.estate(), VM, "mcr.microsoft.com")
    assert nodes(trace.dns) == ["10.0.0.4"]
    assert trace.dns[0].steps[0].action == "resolved"


def test_an_address_is_not_resolved():
    assert ask(builders.estate(), VM, "8.8.8.8").dns == ()


def test_a_link_to_the_spoke_only_is_not_enough_with_the_firewall_as_dns_server():
    estate = builders.estate(private_dns_zone_virtual_network_links=(link("aks"),))
    trace = https(estate, "aks-system-0", VAULT)
    assert "afw" in nodes(trace.forward)
    assert trace.server != "pe-vault"


def test_a_link_to_the_spoke_is_enough_with_azure_dns():
    estate = builders.estate(private_dns_zone_virtual_network_links=(link("aks"),))
    trace = https(spoke_dns(estate), "aks-system-0", VAULT)
    assert trace.server == "pe-vault"


def test_a_missing_record_is_nxdomain():
    endpoint = replace(builders.estate().private_endpoints[0], private_dns_zones=())
    trace = https(builders.estate(private_endpoints=(endpoint,)), VM, VAULT)
    assert (trace.disposition, trace.symptom) == (Disposition.NAME_UNRESOLVED, Symptom.NXDOMAIN)


def test_a_dns_server_that_the_estate_does_not_have_is_unknown_and_named():
    for server in ("10.0.9.9", "10.1.48.200"):
        trace = https(spoke_dns(builders.estate(), server), VM, VAULT)
        assert trace.disposition is Disposition.INSUFFICIENT_INFO, server
        assert trace.unknowns == (f"DNS server {server}",)


def test_the_firewalls_own_dns_server_is_unknown_and_named():
    policy = replace(builders.estate().firewall_policies[0], dns_servers=("10.0.9.9",))
    trace = https(builders.estate(firewall_policies=(policy,)), VM, VAULT)
    assert trace.disposition is Disposition.INSUFFICIENT_INFO
    assert trace.unknowns == ("DNS server 10.0.9.9 of afwp-hub",)


@pytest.mark.parametrize("change", ["proxy", "tier"])
def test_without_a_proxy_at_the_firewall_no_name_resolves(change):
    estate = builders.estate()
    if change == "proxy":
        policy = replace(estate.firewall_policies[0], dns_proxy_enabled=False)
        estate = assign(replace(estate, firewall_policies=(policy,)))
    else:
        firewall = replace(estate.firewalls[0], sku_tier="Basic")
        estate = assign(replace(estate, firewalls=(firewall,)))
    trace = https(estate, VM, "mcr.microsoft.com")
    assert (trace.disposition, trace.symptom) == (Disposition.NAME_UNRESOLVED, Symptom.TIMEOUT)


def no_dns(name="no-dns", **more):
    rule = SecurityRule(
        name=name,
        priority=100,
        direction="Outbound",
        access="Deny",
        destination_port_ranges=("53",),
        **more,
    )
    return NetworkSecurityGroup(name="nsg", security_rules=(rule,))


def test_a_query_to_the_proxy_can_be_lost_in_a_security_group():
    trace = https(builders.estate(network_security_groups=(no_dns(),)), VM, "mcr.microsoft.com")
    assert (trace.disposition, trace.symptom) == (Disposition.NAME_UNRESOLVED, Symptom.TIMEOUT)
    assert trace.decided_by is Stage.NSG


def test_a_query_to_azure_dns_is_lost_in_no_security_group():
    estate = spoke_dns(builders.estate(network_security_groups=(no_dns(),)))
    assert https(estate, VM, "mcr.microsoft.com").disposition is Disposition.EXITS_NETWORK


def test_a_query_that_may_be_lost_is_unknown():
    group = no_dns(destination_address_prefixes=("AzureCloud",))
    trace = https(builders.estate(network_security_groups=(group,)), VM, "mcr.microsoft.com")
    assert trace.disposition is Disposition.INSUFFICIENT_INFO
    assert trace.unknowns == ("service tag AzureCloud",)


def test_parent_dns_is_an_assumption_of_the_whole_answer():
    policies = (
        FirewallPolicy(name="afwp-hub", location="westeurope", sku="Premium", base_policy="parent"),
        FirewallPolicy(name="parent", location="westeurope", sku="Premium", dns_proxy_enabled=True),
    )
    estate = builders.estate(firewall_policies=policies)
    own = https(estate, VM, "mcr.microsoft.com")
    inherited = https(
        estate, VM, "mcr.microsoft.com", assumptions=Assumptions(parent_dns="inherited")
    )
    assert own.disposition is Disposition.NAME_UNRESOLVED
    assert inherited.disposition is Disposition.EXITS_NETWORK
    assert Assumption.PARENT_DNS in own.assumptions
    assert Assumption.PARENT_DNS in inherited.assumptions


# Chance


def one_address_only(*names):
    """The public balancer's nodes have host routes for some of the firewall's addresses."""
    base = builders.estate()
    routes = (
        builders.default_route(),
        *(route(n, f"pip:{n}/32", NextHopType.INTERNET) for n in names),
    )
    tables = tuple(
        replace(t, routes=routes) if t.name == "rt-nodes" else t for t in base.route_tables
    )
    return assign(replace(base, route_tables=tables))


def test_the_worst_choice_is_the_verdict_and_the_others_are_branches():
    trace = http(one_address_only("pip-fw-1", "pip-fw-web"), "internet", "web")
    assert trace.disposition is Disposition.ASYMMETRIC
    assert [b.disposition for b in trace.branches] == [Disposition.ACCEPTED]
    shop = builders.estate().public_ip_by_name["pip-fw-shop"].ip_address
    balancer = next(hop for hop in trace.forward if hop.kind == "load balancer")
    assert str(balancer.packet).startswith(f"{shop}:")


def test_branches_are_ordered_worst_first():
    """Refused, then unknown, then answered."""
    tag = SecurityRule(
        name="maybe",
        priority=300,
        direction="Inbound",
        access="Deny",
        source_address_prefixes=("AzureCloud",),
    )
    base = one_address_only("pip-fw-1", "pip-fw-web")
    allow = replace(
        tag, name="first", priority=200, access="Allow", source_address_prefixes=("pip:pip-fw-1",)
    )
    estate = assign(
        replace(
            base,
            network_security_groups=(
                NetworkSecurityGroup(name="nsg", security_rules=(allow, tag)),
                NetworkSecurityGroup(name="open"),
            ),
        )
    )
    estate = builders.change_subnet(estate, "aks/PodSubnet", network_security_group="open")
    deny = replace(tag, name="no", priority=250, source_address_prefixes=("pip:pip-fw-shop",))
    groups = (
        NetworkSecurityGroup(name="nsg", security_rules=(allow, deny, tag)),
        NetworkSecurityGroup(name="open"),
    )
    trace = http(assign(replace(estate, network_security_groups=groups)), "internet", "web")
    assert [t.disposition for t in (trace, *trace.branches)] == [
        Disposition.DENIED_IN,
        Disposition.INSUFFICIENT_INFO,
        Disposition.ACCEPTED,
    ]


def test_alike_branches_are_one_with_every_address():
    rule = network_collection("n", 100, Action.ALLOW, network_rule("all"))
    trace = ask(builders.with_rules(network=(rule,)), VM, "8.8.8.8", 22)
    assert trace.branches == ()
    assert len(seen(trace)) == 3


def test_more_choices_than_are_followed_make_a_good_answer_unknown():
    rule = network_collection("n", 100, Action.ALLOW, network_rule("all"))
    estate = builders.with_rules(network=(rule,))
    with mock.patch.object(module, "MAX_BRANCHES", 2):
        trace = ask(estate, VM, "8.8.8.8", 22)
    assert trace.disposition is Disposition.INSUFFICIENT_INFO
    assert trace.unknowns == ("more than 2 random choices of Azure",)


def test_more_choices_than_are_followed_do_not_excuse_a_bad_answer():
    estate = one_address_only()
    with mock.patch.object(module, "MAX_BRANCHES", 2):
        trace = http(estate, "internet", "web")
    assert trace.disposition is Disposition.ASYMMETRIC


# Unknowns and errors


def test_a_security_groups_unlisted_tag_is_named():
    tag = SecurityRule(
        name="cloud",
        priority=100,
        direction="Outbound",
        access="Deny",
        destination_address_prefixes=("AzureCloud", "Storage.WestEurope"),
    )
    group = NetworkSecurityGroup(name="nsg", security_rules=(tag,))
    trace = ask(builders.estate(network_security_groups=(group,)), VM, "8.8.8.8")
    assert trace.disposition is Disposition.INSUFFICIENT_INFO
    assert trace.unknowns == ("service tag AzureCloud", "service tag Storage.WestEurope")
    assert trace.decided_by is Stage.NSG


def test_a_web_category_is_named():
    rule = application_rule("news", web_categories=("News",))
    collection = application_collection("a", 100, Action.DENY, rule)
    trace = https(builders.with_rules(application=(collection,)), VM, "a.com")
    assert trace.disposition is Disposition.INSUFFICIENT_INFO
    assert trace.unknowns == ("web category News in afwp-hub/group/a/news",)


@pytest.mark.parametrize("field", ["source", "destination"])
def test_a_place_that_does_not_exist_is_an_error_with_a_suggestion(field):
    places = {"source": VM, "destination": "8.8.8.8", field: "vm-jumpbax"}
    with pytest.raises(UnknownResource, match="did you mean `vm-jumpbox`"):
        evaluate(builders.estate(), Flow(**places))


# The answer itself


def test_the_same_question_has_the_same_answer():
    estate = builders.estate()
    once, twice = (http(estate, "internet", "web") for _ in range(2))
    assert once == twice == http(builders.estate(), "internet", "web")


def test_the_answer_to_one_question_does_not_depend_on_earlier_ones():
    """What is kept of one question, under other assumptions even, must not leak into the next."""
    estate = builders.estate()
    other = Assumptions(
        virtual_network_tag="without",
        private_endpoint_route="exact",
        parent_dns="inherited",
        private_ranges="rfc1918",
    )
    flows = [
        Flow(source=VM, destination="mcr.microsoft.com", server_name="mcr.microsoft.com"),
        Flow(source="internet", destination="web", destination_port=80),
        Flow(source="aks-user-0", destination=VAULT),
        Flow(source=VM, destination="ntp.ubuntu.com", destination_port=123, protocol="UDP"),
    ]
    fresh = [evaluate(builders.estate(), flow, other) for flow in flows]
    for flow in flows:
        evaluate(estate, flow)
    assert [evaluate(estate, flow, other) for flow in flows] == fresh
    assert [evaluate(estate, f) for f in reversed(flows)] == [
        evaluate(builders.estate(), f) for f in reversed(flows)
    ]


def test_a_success_has_no_blocker_and_a_refusal_has_one():
    estate = builders.estate()
    assert http(estate, "internet", "shop").blocker is None
    hop, step = ask(estate, VM, "8.8.8.8", 22).blocker
    assert (hop.node, step.blocks, step.stage) == ("afw", True, Stage.DEFAULT)


def test_a_machine_reaches_itself_without_any_filter():
    closed = NetworkSecurityGroup(
        name="nsg",
        security_rules=(
            SecurityRule(name="no", priority=100, direction="Outbound", access="Deny"),
        ),
    )
    trace = ask(builders.estate(network_security_groups=(closed,)), VM, VM, 22)
    assert trace.disposition is Disposition.ACCEPTED


def test_the_article_allows_image_pulls_and_nothing_else():
    estate = builders.estate()
    allowed = https(estate, "aks-system-0", "westeurope.data.mcr.microsoft.com")
    assert (allowed.disposition, allowed.symptom) == (Disposition.EXITS_NETWORK, Symptom.ANSWER)
    assert allowed.server == "internet"
    denied = https(estate, "aks-system-0", "docker.io")
    assert (denied.disposition, denied.symptom) == (Disposition.DENIED_IN, Symptom.TLS_CLOSED)
    plain = http(estate, "aks-system-0", "docker.io")
    assert plain.symptom is Symptom.HTTP_470
    updates = http(estate, "aks-system-0", "security.ubuntu.com")
    assert updates.disposition is Disposition.EXITS_NETWORK
