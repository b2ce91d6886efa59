"""What rules let out beyond what is needed, against the plain evaluator and by hand."""

from itertools import product
from pathlib import Path

import pytest

from designs import BASE
from hubwright.catalogue.egress import required
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.check import check
from hubwright.engines.verify.hygiene import hygiene_of
from hubwright.engines.verify.permission.beyond import beyond
from hubwright.engines.verify.permission.excess import (
    Mark,
    unneeded,
    wider_than_needed,
    witness,
)
from hubwright.model.address import AddressSet, parse_address
from hubwright.model.flow import Application, Flow
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.evaluate import evaluate
from hubwright.sources.design import read_design

ESTATES = sorted((Path(__file__).parents[4] / "estates").glob("*/estate.yaml"))
SHARED = """\
hub:
  address_space: [10.0.0.0/16]
  firewall:
    policy:
      rule_collection_groups:
        - name: shared
          priority: 150
"""
MICROSOFT = """\
          application_rule_collections:
            - name: shared
              priority: 100
              action: Allow
              rules:
                - name: microsoft
                  protocols: ["Https:443", "Http:80", "Https:8443"]
                  source_addresses: [10.1.0.0/20, 10.1.16.0/24]
                  destination_fqdns: ["*.microsoft.com"]
"""


def case_of(text, assumptions=None):
    estate, problems = read_design("estate.yaml", text)
    assert estate is not None, [item.message for item in problems]
    return Case(estate, assumptions or Assumptions())


def shared(rules, more=""):
    """The base design with a group of rules before those of the catalogue."""
    hub = "hub:\n  address_space: [10.0.0.0/16]\n"
    return BASE.replace(hub, SHARED + rules) + more


def wide(case):
    (firewall,) = case.estate.firewalls
    return [(x.line.name, x.destination, dict(beyond(case, x))) for x in _wide(case, firewall)]


def _wide(case, firewall):
    return list(wider_than_needed(case, firewall))


def listed(case):
    (firewall,) = case.estate.firewalls
    return [(x.line.name, x.destination, x.mark) for x in unneeded(case, firewall)]


@pytest.mark.parametrize("path", ESTATES, ids=lambda path: path.parent.name)
def test_no_rule_of_the_catalogue_is_too_wide(path):
    case = case_of(path.read_text(encoding="utf-8"))
    for firewall in case.estate.firewalls:
        found = [*wider_than_needed(case, firewall), *unneeded(case, firewall)]

        assert [item.line.name for item in found if item.line.origin.derived] == []


@pytest.mark.parametrize("path", ESTATES, ids=lambda path: path.parent.name)
def test_no_estate_has_a_rule_that_is_too_wide(path):
    case = case_of(path.read_text(encoding="utf-8"))

    assert [item for item in check(case.estate) if item.code == "AFW045"] == []


def test_what_is_too_much_is_said_by_source_port_and_name():
    ((name, destination, parts),) = wide(case_of(shared(MICROSOFT)))

    assert (name, destination) == ("microsoft", "*.microsoft.com")
    assert parts == {
        "sources": "vnet-aks/VmSubnet",
        "ports": "http 80, https 8443",
        "names": "*.microsoft.com beyond mcr.microsoft.com, *.data.mcr.microsoft.com, "
        "packages.microsoft.com",
    }


def test_every_packet_is_judged_as_the_evaluator_and_the_catalogue_say():
    """Sources, ports and names, one by one: in the excess, or denied, or needed."""
    case = case_of(shared(MICROSOFT))
    (firewall,) = case.estate.firewalls
    (excess,) = wider_than_needed(case, firewall)
    needed = {
        (name, protocol, port)
        for item in required((), "westeurope", "public")
        for protocol in [item.protocol]
        for name in item.destinations
        for port in item.ports
    }
    hosts = {"10.1.0.5": True, "10.1.16.5": False}
    names = ("mcr.microsoft.com", "www.microsoft.com", "eastus.data.mcr.microsoft.com", "a.com")
    spoken = ((Application.HTTPS, 443), (Application.HTTP, 80), (Application.HTTPS, 8443))
    seen = set()
    for (host, is_node), name, (application, port) in product(hosts.items(), names, spoken):
        pattern = name.replace("eastus.", "*.")
        is_needed = is_node and (pattern, application.title(), port) in needed
        flow = Flow(
            source=host,
            destination=name,
            destination_port=port,
            application=application,
            server_name=name,
        )
        trace = evaluate(case.estate, flow)
        is_decided = any(s.rule == excess.line.path for hop in trace.forward for s in hop.steps)
        is_let_out = is_decided and trace.disposition.is_success
        is_excess = any(
            parse_address(host) in cube.source
            and port in cube.ports
            and application in cube.applications
            and name in cube.names
            for cube in excess.cubes
        )
        seen.add(is_excess)

        assert is_excess == (is_let_out and not is_needed), flow

    assert seen == {True, False}


def test_the_witness_is_let_out_by_the_rule():
    case = case_of(shared(MICROSOFT))
    (firewall,) = case.estate.firewalls
    (excess,) = wider_than_needed(case, firewall)

    trace = witness(case, excess)

    assert trace is not None
    assert trace == evaluate(case.estate, trace.flow)
    assert trace.disposition.is_success
    assert excess.line.path in {step.rule for hop in trace.forward for step in hop.steps}


def test_what_earlier_rules_decide_does_not_count():
    """Behind the catalogue's own rules nothing needed is left, so nothing is served."""
    rule = '{name: all, from: [aks/AksSubnet], to: ["*.microsoft.com"]}'
    case = case_of(f"{BASE}egress: {{fqdns: [{rule}]}}\n")

    assert wide(case) == []
    assert listed(case) == [("all", "*.microsoft.com", Mark.UNKNOWN)]


def test_an_earlier_deny_narrows_a_rule():
    deny = """\
        - name: first
          priority: 140
          application_rule_collections:
            - name: deny
              priority: 100
              action: Deny
              rules:
                - name: no-machines
                  protocols: ["Https:443", "Http:80", "Https:8443"]
                  source_addresses: [10.1.16.0/24]
                  destination_fqdns: ["*"]
"""
    case = case_of(shared(MICROSOFT + deny))

    assert "sources" not in wide(case)[0][2]


def test_a_rule_that_is_exact_is_no_finding():
    exact = MICROSOFT.replace('"*.microsoft.com"', "mcr.microsoft.com, packages.microsoft.com")
    exact = exact.replace(', "Http:80", "Https:8443"', "").replace(", 10.1.16.0/24", "")
    case = case_of(shared(exact))

    assert wide(case) == []
    assert listed(case) == []


def test_names_of_a_workload_beside_needed_ones_are_no_finding_and_are_listed():
    mixed = MICROSOFT.replace('"*.microsoft.com"', "mcr.microsoft.com, api.example.com")
    mixed = mixed.replace(', "Http:80", "Https:8443"', "").replace(", 10.1.16.0/24", "")
    case = case_of(shared(mixed))

    assert wide(case) == []
    assert listed(case) == [("microsoft", "api.example.com", Mark.UNKNOWN)]


@pytest.mark.parametrize(
    ("to", "expected"),
    [("'*.example.com'", []), ("api.example.com", ["names"]), ("other.example.org", [])],
)
def test_an_intent_says_what_a_rule_is_for(to, expected):
    rule = '{name: feed, from: [aks/AksSubnet], to: ["*.example.com"]}'
    intent = f"{{allow: {to}, from: AksSubnet}}"
    case = case_of(f"{BASE}egress: {{fqdns: [{rule}]}}\nintents: [{intent}]\n")

    assert [list(parts) for _, _, parts in wide(case)] == ([expected] if expected else [])


def test_an_intent_on_addresses_measures_a_network_rule():
    rule = "{name: db, from: [aks/AksSubnet], to: [198.51.100.0/24], ports: [5432, 22]}"
    intent = "{allow: 198.51.100.7, from: AksSubnet, ports: [5432], protocol: TCP}"
    case = case_of(f"{BASE}egress: {{addresses: [{rule}]}}\nintents: [{intent}]\n")

    ((_, destination, parts),) = wide(case)
    assert destination == "198.51.100.0/24"
    assert parts == {"ports": "tcp 22", "destinations": "198.51.100.0/24"}


def test_an_intent_on_an_fqdn_measures_a_network_rule():
    rule = "{name: time, from: [aks/AksSubnet], to: [ntp.example.com], protocol: UDP, ports: [%s]}"
    intent = "{allow: ntp.example.com, from: AksSubnet, ports: [123], protocol: UDP}"
    found = [
        wide(case_of(f"{BASE}egress: {{addresses: [{rule % ports}]}}\nintents: [{intent}]\n"))
        for ports in ("123", "123-124")
    ]

    assert found == [[], [("time", "ntp.example.com", {"ports": "udp 124"})]]


NETWORK = """\
          network_rule_collections:
            - name: shared
              priority: 100
              action: Allow
              rules:
                - name: monitor
                  protocols: [TCP]
                  source_addresses: [10.1.0.0/20]
                  destination_addresses: [AzureMonitor]
                  destination_ports: ["443"]
"""
INSIGHTS = (
    "cluster:\n  spoke: aks\n",
    "log_analytics: {}\ncluster:\n  features: [container-insights]\n  spoke: aks\n",
)


def test_a_service_tag_that_is_another_way_to_a_need_is_exact():
    text = shared(NETWORK).replace(*INSIGHTS)
    known = Assumptions(service_tags=(("AzureMonitor", AddressSet.parse("20.0.0.0/16")),))

    assert wide(case_of(text)) == []
    assert listed(case_of(text)) == []
    assert wide(case_of(text, known)) == []
    assert listed(case_of(text, known)) == []


def test_a_service_tag_on_other_ports_is_wider():
    text = shared(NETWORK.replace('["443"]', '["443", "8443"]')).replace(*INSIGHTS)

    assert [parts for _, _, parts in wide(case_of(text))] == [{"ports": "tcp 8443"}]
    assert [item.code for item in check(case_of(text).estate)].count("AFW045") == 1


def test_a_service_tag_of_a_feature_that_is_off_serves_nothing():
    case = case_of(shared(NETWORK))

    assert wide(case) == []
    assert listed(case) == [("monitor", "service tag azuremonitor", Mark.UNKNOWN)]


def test_a_network_rule_to_everywhere_serves_names_and_more():
    everywhere = NETWORK.replace("[AzureMonitor]", '["*"]')
    ((_, destination, parts),) = wide(case_of(shared(everywhere)))

    assert destination == "*"
    assert list(parts) == ["destinations"]


def test_a_subnet_whose_routes_pass_by_the_firewall_is_no_source():
    route = "{address_prefix: 10.1.16.0/24, route_table: false, default_outbound_access: true}"
    case = case_of(shared(MICROSOFT).replace("VmSubnet: 10.1.16.0/24", f"VmSubnet: {route}"))

    assert "sources" not in wide(case)[0][2]


def test_what_machines_need_is_known():
    """The agents' subnet may reach Azure DevOps by a rule of its own; nodes need not."""
    rule = MICROSOFT.replace('"*.microsoft.com"', "dev.azure.com")
    rule = rule.replace(', "Http:80", "Https:8443"', "")
    case = case_of(shared(rule, "agents: [{subnet: aks/VmSubnet}]\n"))

    assert wide(case) == [("microsoft", "dev.azure.com", {"sources": "vnet-aks/AksSubnet"})]


def test_a_custom_resolver_is_needed():
    rule = '{name: dns, from: [aks/AksSubnet], to: [9.9.9.9], protocol: UDP, ports: ["53"]}'
    spoke = "    address_space: [10.1.0.0/16]\n"
    text = BASE.replace(spoke, f"{spoke}    dns_servers: [9.9.9.9]\n")

    assert listed(case_of(f"{text}egress: {{addresses: [{rule}]}}\n")) == []
    assert listed(case_of(f"{BASE}egress: {{addresses: [{rule}]}}\n")) == [
        ("dns", "9.9.9.9", Mark.UNKNOWN)
    ]


def test_what_takes_too_many_steps_is_said_and_is_no_finding():
    case = case_of(shared(MICROSOFT))
    (firewall,) = case.estate.firewalls
    hygiene_of(case, firewall).budget = 0

    assert wide(case) == []
    assert listed(case) == [("microsoft", "*.microsoft.com", Mark.OPEN)]


def test_many_destinations_of_a_network_rule_are_measured_together():
    addresses = ", ".join(f"198.51.{n}.0/24" for n in range(40))
    rule = f"{{name: many, from: [aks/AksSubnet], to: [{addresses}], ports: [5432]}}"
    intent = "{allow: 198.51.7.0/24, from: AksSubnet, ports: [5432], protocol: TCP}"
    case = case_of(f"{BASE}egress: {{addresses: [{rule}]}}\nintents: [{intent}]\n")

    shown = "198.51.0.0/24, 198.51.1.0/24, 198.51.2.0/24 and 37 more"
    assert wide(case) == [("many", shown, {"destinations": shown})]
