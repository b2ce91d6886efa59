"""Private Resolvers: inbound endpoints, forwarding rules, and queries that go round."""

from dataclasses import replace

import pytest

import builders
from asking import https
from builders import VAULT_ZONE, link
from hubwright.model.address import format_address, parse_address
from hubwright.model.dns_resolver import (
    DNS_RESOLVER_DELEGATION,
    PrivateDnsResolver,
    PrivateDnsResolverDnsForwardingRuleset,
    PrivateDnsResolverForwardingRule,
    PrivateDnsResolverInboundEndpoint,
    PrivateDnsResolverOutboundEndpoint,
    PrivateDnsResolverVirtualNetworkLink,
    TargetDnsServer,
)
from hubwright.model.flow import Disposition, Flow, Stage, Symptom
from hubwright.model.network import NetworkSecurityGroup, NicKind, SecurityRule
from hubwright.semantics.assigned import assign
from hubwright.semantics.assumptions import Assumption, Assumptions
from hubwright.semantics.dns import client_resolves, firewall_resolves, resolve
from hubwright.semantics.evaluate import evaluate
from hubwright.semantics.names import site_address

NAME = "vault.vault.azure.net"
ALIAS = f"vault.{VAULT_ZONE}"
PRIVATE = (parse_address("10.1.48.4"),)
INBOUND = "10.0.200.4"
PROXY = "10.0.0.4"


def rule(domain, *targets, name="rule", port=53, **more):
    return PrivateDnsResolverForwardingRule(
        name=name,
        dns_forwarding_ruleset="rules",
        domain_name=domain,
        target_dns_servers=tuple(TargetDnsServer(ip_address=t, port=port) for t in targets),
        **more,
    )


def estate(*rules, zones=("hub",), follows=("aks",), servers=None, nsg=None, **more):
    """A resolver in the hub; zones are linked to the hub alone, the spoke follows the rules."""
    base = builders.estate(**more)
    ends = tuple(
        builders.subnet(
            "hub", name, space, delegation=DNS_RESOLVER_DELEGATION, network_security_group=group
        )
        for name, space, group in (
            ("dns-in", "10.0.200.0/28", nsg.name if nsg else None),
            ("dns-out", "10.0.200.16/28", None),
        )
    )
    networks = tuple(
        replace(item, dns_servers=(servers or {}).get(item.name, ()))
        for item in base.virtual_networks
    )
    return assign(
        replace(
            base,
            virtual_networks=networks,
            subnets=(*base.subnets, *ends),
            network_security_groups=(*base.network_security_groups, *([nsg] if nsg else ())),
            private_dns_zone_virtual_network_links=tuple(link(n) for n in zones),
            private_dns_resolvers=(PrivateDnsResolver(name="resolver", virtual_network="hub"),),
            private_dns_resolver_inbound_endpoints=(
                PrivateDnsResolverInboundEndpoint(
                    name="in", private_dns_resolver="resolver", subnet="hub/dns-in"
                ),
            ),
            private_dns_resolver_outbound_endpoints=(
                PrivateDnsResolverOutboundEndpoint(
                    name="out", private_dns_resolver="resolver", subnet="hub/dns-out"
                ),
            ),
            dns_forwarding_rulesets=(
                PrivateDnsResolverDnsForwardingRuleset(
                    name="rules", private_dns_resolver_outbound_endpoints=("out",)
                ),
            ),
            dns_forwarding_rules=rules,
            dns_forwarding_virtual_network_links=tuple(
                PrivateDnsResolverVirtualNetworkLink(
                    name=name, dns_forwarding_ruleset="rules", virtual_network=name
                )
                for name in follows
            ),
        )
    )


def denying(port="53"):
    return NetworkSecurityGroup(
        name="nsg-dns",
        security_rules=(
            SecurityRule(
                name="no-dns",
                priority=100,
                direction="Inbound",
                access="Deny",
                protocol="*",
                destination_port_ranges=(port,),
            ),
        ),
    )


def policies(*servers):
    return tuple(replace(p, dns_servers=servers) for p in builders.estate().firewall_policies)


# Inbound endpoints


def test_an_inbound_endpoint_gets_the_fifth_address_of_its_subnet():
    (nic,) = (n for n in estate().network_interfaces if n.kind is NicKind.DNS_RESOLVER)
    assert format_address(nic.private_ip_address) == INBOUND


def test_a_network_that_asks_an_endpoint_gets_the_zones_of_the_endpoints_network():
    answer = client_resolves(estate(servers={"aks": (INBOUND,)}), "aks", NAME)
    assert answer.addresses == PRIVATE
    assert (answer.server, answer.virtual_network) == (parse_address(INBOUND), "hub")
    assert answer.why.startswith("inbound endpoint in, Azure DNS for hub")


def test_an_endpoint_follows_the_rules_that_its_own_network_is_linked_to():
    found = estate(
        rule("corp.contoso.com.", "10.9.0.4"), follows=("hub",), servers={"aks": (INBOUND,)}
    )
    assert client_resolves(found, "aks", "a.corp.contoso.com").unknown == "DNS server 10.9.0.4"
    assert client_resolves(found, "aks", "contoso.com").addresses == (site_address("contoso.com"),)


def test_a_firewall_whose_server_is_an_endpoint_asks_it():
    found = estate(firewall_policies=policies(INBOUND))
    assert firewall_resolves(found, found.firewalls[0], NAME).addresses == PRIVATE
    other = estate(firewall_policies=policies("10.9.0.4"))
    assert "10.9.0.4" in firewall_resolves(other, other.firewalls[0], NAME).unknown


@pytest.mark.parametrize(("protocol", "port"), [("UDP", 53), ("TCP", 53)])
def test_dns_reaches_an_endpoint(protocol, port):
    flow = Flow(
        source="aks-system-0", destination=INBOUND, protocol=protocol, destination_port=port
    )
    assert evaluate(estate(), flow).disposition is Disposition.ACCEPTED


@pytest.mark.parametrize(("protocol", "port"), [("UDP", 123), ("TCP", 443), ("ICMP", 0)])
def test_nothing_else_is_answered(protocol, port):
    flow = Flow(source="vm-jump", destination=INBOUND, protocol=protocol, destination_port=port)
    trace = evaluate(estate(), replace(flow, source="aks-system-0"))
    assert trace.disposition is Disposition.NEIGHBOR_UNREACHABLE
    assert trace.decided_by is Stage.DELIVERY


def test_queries_that_a_group_drops_leave_a_client_without_an_answer():
    trace = https(estate(servers={"aks": (INBOUND,)}, nsg=denying()), "aks-system-0", NAME)
    assert trace.disposition is Disposition.NAME_UNRESOLVED
    assert trace.decided_by is Stage.NSG
    assert https(estate(servers={"aks": (INBOUND,)}), "aks-system-0", NAME).disposition.is_success


def test_a_firewall_whose_queries_a_group_drops_gets_no_answer():
    found = estate(firewall_policies=policies(INBOUND), nsg=denying())
    answer = firewall_resolves(found, found.firewalls[0], NAME)
    assert answer.is_silent
    assert "nsg-dns/no-dns denies it" in answer.why


# Forwarding rules


def test_a_rule_leads_to_the_zone_that_the_network_is_not_linked_to():
    found = estate(rule("vault.azure.net.", INBOUND))
    assert client_resolves(found, "aks", NAME).addresses == PRIVATE
    assert resolve(found, "aks", NAME).virtual_network == "hub"
    unlinked = estate(rule("vault.azure.net.", INBOUND), follows=())
    assert client_resolves(unlinked, "aks", NAME).addresses == (site_address(NAME),)


def test_a_zone_of_the_network_itself_comes_before_every_rule():
    found = estate(rule(f"{VAULT_ZONE}.", "10.9.0.4"), zones=("aks",))
    assert client_resolves(found, "aks", ALIAS).addresses == PRIVATE


def test_the_longest_suffix_is_followed_and_a_disabled_rule_ignored():
    rules = (
        rule(".", "10.9.0.1", name="all"),
        rule("contoso.com.", "10.9.0.2", name="contoso"),
        rule("azure.contoso.com.", "10.9.0.3", name="azure"),
    )
    found = estate(*rules)
    asked = ("a.azure.contoso.com", "azure.contoso.com", "notcontoso.com", "contoso.com")
    servers = [resolve(found, "aks", name).unknown[-1] for name in asked]
    assert servers == ["3", "3", "1", "2"]
    without = estate(*rules[:2], replace(rules[2], enabled=False))
    assert resolve(without, "aks", "a.azure.contoso.com").unknown == "DNS server 10.9.0.2"


def test_a_wildcard_leaves_the_domains_of_azures_services_to_azure_dns():
    found = estate(rule(".", "10.9.0.1"))
    assert resolve(found, "aks", "mcr.microsoft.com").addresses
    assert resolve(found, "aks", "somebody.blob.core.windows.net").addresses
    assert resolve(found, "aks", "github.com").unknown == "DNS server 10.9.0.1"


def test_the_next_target_is_asked_where_one_does_not_respond():
    deaf = replace(
        rule("vault.azure.net.", INBOUND),
        target_dns_servers=(
            TargetDnsServer(ip_address=INBOUND, port=5353),
            TargetDnsServer(ip_address=INBOUND),
        ),
    )
    assert resolve(estate(deaf), "aks", NAME).addresses == PRIVATE
    alone = estate(rule("vault.azure.net.", INBOUND, port=5353))
    answer = resolve(alone, "aks", NAME)
    assert (answer.is_silent, answer.addresses) == (True, ())
    trace = https(alone, "aks-system-0", NAME)
    assert (trace.disposition, trace.symptom) == (Disposition.NAME_UNRESOLVED, Symptom.TIMEOUT)


def test_a_rule_may_lead_to_a_firewalls_proxy():
    found = estate(rule("vault.azure.net.", PROXY))
    assert resolve(found, "aks", NAME).addresses == PRIVATE
    off = tuple(replace(p, dns_proxy_enabled=False) for p in found.firewall_policies)
    assert resolve(replace(found, firewall_policies=off), "aks", NAME).is_silent


def test_an_outbound_endpoint_that_is_not_in_the_estate_leaves_it_open():
    found = estate(rule("vault.azure.net.", INBOUND))
    gone = replace(found, private_dns_resolver_outbound_endpoints=())
    assert "leave from" in resolve(gone, "aks", NAME).unknown


def test_where_no_peering_leads_to_the_endpoint_it_is_open_whether_queries_arrive():
    found = estate(rule("vault.azure.net.", INBOUND))
    ends = found.private_dns_resolver_outbound_endpoints
    moved = replace(
        found,
        private_dns_resolver_outbound_endpoints=(
            replace(ends[0], subnet=found.subnets_of("aks")[0].id),
        ),
        virtual_network_peerings=(),
    )
    answer = resolve(moved, "aks", NAME)
    assert answer.unknown == f"whether queries from aks reach DNS server {INBOUND}"


# In circles


def test_a_rule_that_leads_back_to_the_network_that_follows_it_goes_round():
    found = estate(rule("contoso.com.", INBOUND), follows=("hub",))
    answer = resolve(found, "hub", "www.contoso.com")
    assert answer.is_silent
    assert "goes round in a circle: hub -> hub" in answer.why
    assert resolve(found, "hub", "github.com").addresses


def test_queries_go_round_through_a_firewall_as_well():
    found = estate(
        rule("contoso.com.", PROXY),
        follows=("hub",),
        servers={"aks": (INBOUND,)},
        firewall_policies=policies(INBOUND),
    )
    trace = https(found, "aks-system-0", "www.contoso.com")
    assert (trace.disposition, trace.symptom) == (Disposition.NAME_UNRESOLVED, Symptom.TIMEOUT)
    assert "round in a circle" in trace.blocker[1].detail


def test_what_lies_in_a_zone_of_the_network_does_not_go_round():
    found = estate(rule(f"{VAULT_ZONE}.", INBOUND), follows=("hub",))
    assert resolve(found, "hub", NAME).addresses == PRIVATE


# What sources leave open


@pytest.mark.parametrize(("mode", "is_private"), [("followed", True), ("asked", False)])
def test_whether_an_alias_follows_rules_is_an_assumption(mode, is_private):
    found = estate(rule(f"{VAULT_ZONE}.", INBOUND))
    answer = resolve(found, "aks", NAME, Assumptions(forwarding_alias=mode))
    assert answer.assumptions == (Assumption.FORWARDING_ALIAS,)
    assert (answer.addresses == PRIVATE) is is_private
    direct = resolve(found, "aks", ALIAS, Assumptions(forwarding_alias=mode))
    assert (direct.addresses, direct.assumptions) == (PRIVATE, ())
    assert "forwarding-alias" in https(found, "aks-system-0", NAME).assumptions


@pytest.mark.parametrize(("mode", "unknown"), [("skipped", ""), ("followed", "10.9.0.4")])
def test_whether_a_fallback_follows_rules_is_an_assumption(mode, unknown):
    found = estate(rule(f"{VAULT_ZONE}.", "10.9.0.4"))
    found = replace(
        found,
        private_dns_zone_virtual_network_links=(link("aks", resolution_policy="NxDomainRedirect"),),
    )
    name = f"other.{VAULT_ZONE}"
    answer = resolve(found, "aks", name, Assumptions(forwarding_fallback=mode))
    assert answer.assumptions == (Assumption.FORWARDING_FALLBACK,)
    assert answer.unknown.removeprefix("DNS server ") == unknown
