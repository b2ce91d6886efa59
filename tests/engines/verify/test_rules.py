"""
Each rule fires on its own mistake in the reference design, and alone.

The mistake is a change of the design (`MUTATIONS`), of its estate (`ESTATE_MUTATIONS`), or the
`yaml change` block of the rule's page.
"""

import re
from functools import cache

import pytest

from builders import FIREWALL_IP, default_route, estate, route, with_rules
from changes import changed
from engines.verify.mutations import ESTATE_MUTATIONS, MUTATIONS, mutate
from engines.verify.test_pages import page
from hubwright.diagnostics.diagnostic import Diagnostic, Severity, sort_key
from hubwright.engines.verify.check import check
from hubwright.engines.verify.rules import all_rules
from hubwright.model.estate import Estate
from hubwright.model.network import NextHopType
from hubwright.semantics.assigned import assign
from hubwright.semantics.evaluate import evaluate
from hubwright.sources.design import REFERENCE, read_design

INFO_OF_REFERENCE = ["AFW006", "ADDR007", "AFW006"]
FLOW_RULES = {
    *(f"INTENT{n:03}" for n in range(1, 6)),
    *(f"ROUTE{n:03}" for n in (1, 2, 3, 4, 7, 8, 9, 11, 12, 13)),
    *(
        "AFW001",
        "AFW002",
        "AFW006",
        "AFW011",
        "AFW013",
        "AFW015",
        "AFW019",
        "AFW040",
        "AFW042",
        "AFW045",
        "AFW046",
    ),
    *("DNS001", "DNS002", "DNS003", "DNS004", "DNS005", "DNS006"),
    *(
        "PE002",
        "PE003",
        "PE020",
        "NSG006",
        "NSG022",
        "AKS009",
        "AKS010",
        "AKS011",
        "AKS014",
        "AKS038",
    ),
}


@cache
def reference() -> Estate:
    found, problems = read_design("estate.yaml", REFERENCE)
    assert found is not None, problems
    return found


@cache
def mutated(code: str) -> Estate:
    if code in CHANGES:
        return changed(reference(), CHANGES[code])
    if code in ESTATE_MUTATIONS:
        return assign(ESTATE_MUTATIONS[code](reference()))
    found, problems = read_design("estate.yaml", mutate(REFERENCE, code))
    assert found is not None, [item.message for item in problems]
    return found


@cache
def findings(code: str) -> tuple[Diagnostic, ...]:
    """What the change adds to the findings of the reference."""
    before = {(item.code, item.message) for item in check(reference())}
    return tuple(item for item in check(mutated(code)) if (item.code, item.message) not in before)


CHANGES = {
    info.code: change
    for info in all_rules()
    if info.code not in {*MUTATIONS, *ESTATE_MUTATIONS}
    for change in [page(info.code).change]
    if change is not None
}
ALL = [*MUTATIONS, *ESTATE_MUTATIONS, *CHANGES]


def test_the_reference_has_no_error_and_no_warning():
    found = check(reference())
    assert [item.code for item in found] == INFO_OF_REFERENCE
    assert {item.severity for item in found} == {Severity.INFO}


def test_every_rule_has_a_mutation():
    assert {info.code for info in all_rules()} - {"ADDR007"} == set(ALL)


def test_without_a_public_load_balancer_nothing_needs_default_outbound_access():
    text = REFERENCE.replace("load_balancer: public", "load_balancer: internal")
    found, _ = read_design("estate.yaml", text)
    assert found is not None
    assert {item.code for item in check(found)} == {"AFW006"}


@pytest.mark.parametrize("code", ALL)
def test_one_mistake_gives_one_kind_of_finding(code):
    assert {item.code for item in findings(code)} == {code}


@pytest.mark.parametrize("code", ALL)
def test_witnesses_are_what_the_plain_evaluator_says(code):
    traces = [item.trace for item in findings(code) if item.trace is not None]
    assert bool(traces) == (code in FLOW_RULES)
    for trace in traces:
        assert evaluate(mutated(code), trace.flow) == trace


@pytest.mark.parametrize("code", ALL)
def test_a_finding_with_a_walk_shows_it(code):
    for item in findings(code):
        shown = [note for note in item.notes if note.startswith("witness: ")]
        assert len(shown) == (item.trace is not None)
        if item.trace is not None:
            assert item.trace.disposition in shown[0]


@pytest.mark.parametrize("code", MUTATIONS)
def test_findings_point_into_the_file(code):
    for item in findings(code):
        assert item.primary.origin.source == "estate.yaml"
        assert item.primary.origin.span is not None


@pytest.mark.parametrize("code", ALL)
def test_messages_follow_the_style(code):
    for item in findings(code):
        assert not item.message.endswith(".")
        assert not re.match(r"[A-Z][a-z]", item.message)
        assert item.help
        assert sum(label.primary for label in item.labels) == 1
        assert "  " not in item.message
        assert "None" not in item.message


def test_findings_are_sorted_by_place():
    text = mutate(mutate(REFERENCE, "AKS001"), "ROUTE012")
    found, _ = read_design("estate.yaml", text)
    assert found is not None
    out = check(found)
    assert out == sorted(out, key=sort_key)
    assert {"AKS001", "ROUTE012"} <= {item.code for item in out}


def test_checking_twice_gives_the_same():
    assert check(mutated("AFW001")) == check(mutated("AFW001"))


def codes(found: Estate) -> set[str]:
    return {item.code for item in check(found)}


def test_a_specific_route_to_the_internet_is_found_beside_the_default_route():
    base = estate()
    tables = tuple(
        table
        if table.name != "rt-nodes"
        else type(table)(
            name="rt-nodes",
            routes=(*table.routes, route("direct", "93.184.0.0/16", NextHopType.INTERNET)),
        )
        for table in base.route_tables
    )
    found = [item for item in check(estate(route_tables=tables)) if item.code == "ROUTE001"]
    assert [item.trace.flow.destination for item in found if item.trace] == ["93.184.0.0"]


@pytest.mark.parametrize(
    ("protocol", "ports", "expected"),
    [("Tcp", "443", ("TCP", 80)), ("Tcp", "*", ("UDP", 443))],
)
def test_a_bypass_is_found_on_what_the_security_group_lets_out(protocol, ports, expected):
    group = (
        "{extra_rules: [{name: deny, priority: 100, direction: Outbound, access: Deny, "
        f'protocol: {protocol}, destination_port_ranges: ["{ports}"]}}]}}'
    )
    text = REFERENCE.replace(
        "VmSubnet: 10.1.48.0/24",
        "VmSubnet: {address_prefix: 10.1.48.0/24, route_table: false, "
        f"default_outbound_access: true, network_security_group: {group}}}",
    )
    found, problems = read_design("estate.yaml", text)
    assert found is not None, problems
    (bypass,) = [item for item in check(found) if item.code == "ROUTE001"]
    assert bypass.trace is not None

    assert (bypass.trace.flow.protocol, bypass.trace.flow.destination_port) == expected


def test_an_instance_address_is_not_a_next_hop():
    tables = tuple(
        type(table)(name=table.name, routes=(default_route("10.0.0.5"), *table.routes[1:]))
        for table in estate().route_tables
    )
    found = [item for item in check(estate(route_tables=tables)) if item.code == "ROUTE007"]
    assert found
    assert all("an instance of the firewall" in item.message for item in found)
    assert all(FIREWALL_IP in (item.help or "") for item in found)


def test_no_firewall_no_routing_rules():
    found = codes(with_rules(base=estate(firewalls=(), firewall_policies=())))
    assert not {code for code in found if code in ("ROUTE001", "ROUTE002", "ROUTE010")}


def test_an_empty_estate_is_clean():
    assert check(Estate(name="empty", location="westeurope")) == []
