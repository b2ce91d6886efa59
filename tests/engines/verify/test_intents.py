"""Intents: proved with evidence that holds, refuted by flows that the evaluator walks."""

from dataclasses import replace

import pytest

import builders
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.check import check
from hubwright.engines.verify.intents import judge, reach_of
from hubwright.engines.verify.reach.answer import Apart
from hubwright.engines.verify.space import Verdict, holds
from hubwright.model.firewall import Action
from hubwright.model.flow import Disposition
from hubwright.model.intent import Intent
from hubwright.model.network import NextHopType, RouteTable
from hubwright.semantics.evaluate import evaluate

NODES, PODS, VMS = "aks/AksSubnet", "aks/PodSubnet", "aks/VmSubnet"


def intent(claim: str, source: str, to: str, **more) -> Intent:
    protocol = more.pop("protocol", "TCP" if claim == "allow" else "Any")
    return Intent(claim=claim, sources=(source,), to=(to,), protocol=protocol, **more)


def judged(estate, *intents: Intent):
    return judge(Case(replace(estate, intents=intents)))


def verdict(estate, *args, **more) -> Verdict:
    return judged(estate, intent(*args, **more))[0].answer.verdict


TRUE = (
    intent("allow", NODES, "mcr.microsoft.com"),
    intent("allow", PODS, "eastus.data.mcr.microsoft.com", ports=("443",)),
    intent("allow", NODES, "vault"),
    intent("allow", "internet", "shop"),
    intent("allow", "internet", "web"),
    intent("allow", "bastion", "vm-jumpbox", ports=("22",)),
    intent("deny", NODES, "github.com"),
    intent("deny", PODS, "*.evil.com"),
    intent("deny", NODES, "internet", ports=("25",)),
    intent("deny", "internet", VMS),
    intent("deny", "internet", PODS, ports=("22",)),
    intent("must-cross", NODES, "internet"),
    intent("must-cross", "internet", VMS),
    intent("must-not-cross", NODES, "vault"),
    intent("must-not-cross", PODS, VMS),
    intent("symmetric", "internet", NODES),
    intent("symmetric", VMS, "internet"),
    intent("resolves", "aks", "vault.vault.azure.net"),
    intent("resolves", "hub", "vault.vault.azure.net"),
)
FALSE = (
    intent("allow", NODES, "github.com"),
    intent("allow", NODES, "mcr.microsoft.com", ports=("80", "443")),
    intent("allow", "internet", VMS, ports=("22",)),
    intent("allow", "internet", "shop", ports=("443",)),
    intent("deny", NODES, "mcr.microsoft.com"),
    intent("deny", NODES, "*.microsoft.com"),
    intent("deny", NODES, "internet"),
    intent("deny", "internet", PODS),
    intent("deny", "internet", "shop"),
    intent("must-cross", NODES, "vault"),
    intent("must-cross", PODS, VMS),
    intent("must-not-cross", NODES, "internet"),
    intent("must-not-cross", "internet", PODS, firewall="afw"),
    intent("must-cross", NODES, "internet", firewall="another"),
    intent("must-cross", "internet", PODS),
    intent("symmetric", "internet", PODS),
    intent("resolves", "aks", "mcr.microsoft.com"),
)


@pytest.mark.parametrize("claim", TRUE, ids=lambda item: item.name)
def test_what_holds_is_proved_with_evidence_that_can_be_checked(claim):
    (found,) = judged(builders.estate(), claim)

    assert found.answer.verdict is Verdict.PROVED, found
    for item in found.answer.evidence:
        assert item.holds() if isinstance(item, Apart) else holds(item)
    assert found.answer.evidence or claim.claim == "resolves"


@pytest.mark.parametrize("claim", FALSE, ids=lambda item: item.name)
def test_what_fails_is_refuted_by_a_flow_that_the_evaluator_walks(claim):
    case = Case(replace(builders.estate(), intents=(claim,)))

    (found,) = judge(case)

    answer = found.answer
    assert answer.verdict is Verdict.REFUTED, found
    assert answer.flow is not None
    assert evaluate(reach_of(case).estate, answer.flow) == answer.trace
    assert answer.trace is not None
    if claim.claim in ("allow", "deny"):
        assert answer.trace.disposition.is_success is (claim.claim == "deny")


def test_evidence_that_does_not_fit_is_seen():
    (found,) = judged(builders.estate(), intent("deny", NODES, "github.com"))
    first = next(item for item in found.answer.evidence if isinstance(item, Apart) and item.ways)
    assert first.holds()
    assert not replace(first, ways=((first.asked, "source"),)).holds()


def test_a_tag_that_nobody_listed_leaves_a_claim_open_and_says_so():
    tag = builders.network_rule(destination_addresses=("AzureMonitor",), destination_ports=("443",))
    estate = builders.with_rules(
        network=[builders.network_collection("net", 100, Action.ALLOW, tag)]
    )

    (found,) = judged(estate, intent("deny", VMS, "20.0.0.0/8", ports=("443",), protocol="TCP"))

    assert found.answer.verdict is Verdict.UNKNOWN
    assert "service tag azuremonitor" in found.answer.reason.lower()
    assert verdict(estate, "deny", VMS, "20.0.0.0/8", ports=("22",)) is Verdict.PROVED


def test_a_resolver_outside_the_estate_leaves_names_open():
    networks = tuple(
        replace(item, dns_servers=("10.9.9.9",)) for item in builders.estate().virtual_networks
    )
    estate = builders.estate(virtual_networks=networks)

    assert verdict(estate, "allow", NODES, "mcr.microsoft.com") is Verdict.UNKNOWN
    assert verdict(estate, "resolves", "aks", "vault.vault.azure.net") is Verdict.UNKNOWN


def test_a_zone_without_the_link_of_the_proxy_is_refuted():
    estate = builders.estate(private_dns_zone_virtual_network_links=(builders.link("aks"),))

    (found,) = judged(estate, intent("resolves", "aks", "vault.vault.azure.net"))

    assert found.answer.verdict is Verdict.REFUTED
    assert "public DNS" in found.answer.reason


def test_a_route_to_nowhere_is_a_hole_in_what_is_allowed():
    tables = tuple(
        replace(
            table,
            routes=(
                *table.routes,
                builders.route("hole", "198.18.0.0/15", NextHopType.NONE),
            ),
        )
        for table in builders.estate().route_tables
    )

    (found,) = judged(
        builders.estate(route_tables=tables), intent("allow", NODES, "mcr.microsoft.com")
    )

    assert found.answer.trace is not None
    assert found.answer.trace.disposition is Disposition.NULL_ROUTED


def test_one_address_that_slips_past_refutes_what_every_packet_must_do():
    leak = builders.route("leak", "93.184.216.34/32", NextHopType.INTERNET)
    tables = (
        RouteTable(name="rt", routes=(builders.default_route(), leak)),
        *builders.estate().route_tables[1:],
    )
    estate = builders.estate(route_tables=tables)
    estate = builders.change_subnet(estate, VMS, default_outbound_access_enabled=True)

    (found,) = judged(estate, intent("must-cross", VMS, "internet"))

    assert found.answer.verdict is Verdict.REFUTED
    assert found.answer.flow is not None
    assert found.answer.flow.destination == "93.184.216.34"


def test_empty_subnets_get_a_guest_so_that_claims_about_them_say_something():
    spoke = builders.subnet("aks", "Empty", "10.1.64.0/24", route_table="rt")
    estate = builders.estate(subnets=(*builders.estate().subnets, spoke))

    assert verdict(estate, "deny", PODS, "aks/Empty") is Verdict.REFUTED


def test_check_reports_what_fails_and_what_stays_open():
    estate = replace(
        builders.estate(),
        intents=(
            intent("allow", NODES, "github.com"),
            intent("deny", NODES, "mcr.microsoft.com"),
            intent("allow", NODES, "mcr.microsoft.com"),
        ),
    )

    found = [item for item in check(estate) if item.code.startswith("INTENT")]

    assert sorted(item.code for item in found) == ["INTENT001", "INTENT002"]
    assert all(item.trace is not None for item in found)
