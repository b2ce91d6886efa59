from dataclasses import replace

import pytest

import builders
import random_estates
from goldens import assert_golden
from hubwright.model.flow import (
    Application,
    Disposition,
    Flow,
    Hop,
    Packet,
    Stage,
    Step,
    Symptom,
    Trace,
)
from hubwright.model.network import NetworkSecurityGroup, SecurityRule
from hubwright.semantics.assigned import assign
from hubwright.semantics.evaluate import evaluate
from hubwright.surfaces.report.svg import draw_trace
from surfaces.report.drawn import read
from surfaces.report.estates import SHAPES, unassigned
from surfaces.report.test_svg import assert_tidy

WEB = Flow(source="internet", destination="web", destination_port=80)
SHOP = Flow(source="internet", destination="shop", destination_port=80)
DENIED = Flow(
    source="aks-user-0",
    destination="evil.contoso.com",
    application=Application.HTTPS,
    server_name="evil.contoso.com",
)
VAULT = Flow(source="vm-jumpbox", destination="vault", application=Application.HTTPS)
UNRESOLVED = Flow(source="vm-jumpbox", destination="nothing.privatelink.vaultcore.azure.net")
FLOWS = {"web": WEB, "shop": SHOP, "denied": DENIED, "vault": VAULT, "unresolved": UNRESOLVED}


def drawn(flow: Flow, estate=None):
    estate = estate or builders.estate()
    trace = evaluate(estate, flow)
    return trace, read(draw_trace(estate, trace))


@pytest.mark.parametrize("name", FLOWS)
def test_walks_are_tidy(name: str) -> None:
    _, drawing = drawn(FLOWS[name])

    assert_tidy(drawing)


@pytest.mark.parametrize("seed", range(30))
def test_random_walks_are_tidy(seed: int) -> None:
    estate = random_estates.estate(seed)
    for flow in random_estates.flows(estate, seed, 2):
        assert_tidy(drawn(flow, estate)[1])


@pytest.mark.parametrize("name", FLOWS)
def test_walks_look_as_before(name: str) -> None:
    estate = builders.estate()

    assert_golden(f"report/trace-{name}.svg", draw_trace(estate, evaluate(estate, FLOWS[name])))


def test_hops_are_numbered_out_and_back_and_each_is_listed() -> None:
    trace, drawing = drawn(SHOP)
    numbers = [text.what for text in drawing.texts() if text.what.isdigit()]
    expected = [str(n + 1) for n in range(len(trace.forward) + len(trace.reverse))]

    # once in the picture, once in the list
    assert sorted(numbers, key=int) == sorted(expected * 2, key=int)
    words = drawing.words()
    for hop in (*trace.forward, *trace.reverse):
        assert hop.node in words
        assert str(hop.packet).replace("->", "→") in words


def test_the_way_back_is_another_line() -> None:
    trace, drawing = drawn(SHOP)

    # a leg that passes a public IP has two pieces; the legend has a sample of each
    assert drawing.count("walk-out") == len(trace.forward) - 1 + 1 + 1
    assert drawing.count("walk-back") == len(trace.reverse) - 1 + 1 + 1


def test_a_denied_flow_has_a_bar_over_the_firewall_and_names_what_stopped_it() -> None:
    _, drawing = drawn(DENIED)
    (bar,) = drawing.rects("bar")
    (card,) = drawing.rects("fw")

    assert bar.left <= card.left
    assert bar.right >= card.right
    assert bar.top < card.top < bar.bottom + 1
    assert "Stopped at afw by default deny" in drawing.words()
    assert "DENIED_IN" in drawing.words()


def test_a_flow_that_passes_has_no_bar() -> None:
    assert drawn(SHOP)[1].rects("bar") == []


def test_a_security_group_that_denies_carries_the_bar_on_its_badge() -> None:
    deny = SecurityRule(name="deny", priority=100, direction="Outbound", access="Deny")
    group = NetworkSecurityGroup(name="nsg", security_rules=(deny,))
    estate = assign(replace(builders.estate(), network_security_groups=(group,)))
    trace, drawing = drawn(replace(VAULT, destination="10.1.16.9"), estate)
    (bar,) = drawing.rects("bar")

    assert trace.decided_by is Stage.NSG
    badges = [b for b in drawing.rects("badge-nsg") if bar.left < b.left and b.right < bar.right]
    assert any(bar.top < badge.top < bar.bottom + 4 for badge in badges)


def test_the_rule_that_let_it_through_is_named() -> None:
    _, drawing = drawn(SHOP)

    assert "Decided at afw by dnat rule: afwp-hub/workloads/dnat/shop" in drawing.words()


def test_a_hop_that_the_picture_does_not_know_is_still_listed() -> None:
    packet = Packet(
        source_address=1, source_port=2, destination_address=3, destination_port=4, protocol="TCP"
    )
    step = Step(stage=Stage.ROUTE, action="dropped", detail="no idea <&>", blocks=True)
    hop = Hop(node="somewhere<else>", kind="gateway", packet=packet, steps=(step,))
    trace = Trace(
        flow=SHOP,
        disposition=Disposition.NO_ROUTE,
        symptom=Symptom.TIMEOUT,
        forward=(hop,),
        decided_by=Stage.ROUTE,
    )
    drawing = read(draw_trace(builders.estate(), trace))

    assert "somewhere<else>" in drawing.words()
    assert "not in the picture" in drawing.words()
    assert "no idea <&>" in drawing.words()
    assert drawing.rects("bar") == []


def test_the_name_server_is_marked_where_it_is() -> None:
    _, drawing = drawn(VAULT)
    (card,) = drawing.rects("fw")
    marks = [text for text in drawing.texts() if text.what == "?"]

    assert any(card.left < mark.left < card.right for mark in marks)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_walk_can_be_drawn_over_any_estate(shape: str) -> None:
    drawing = read(draw_trace(SHAPES[shape](), evaluate(builders.estate(), SHOP)))

    assert_tidy(drawing)
    assert "kubernetes-internal" in drawing.words()


def test_a_question_from_a_place_that_the_estate_lacks_is_listed() -> None:
    trace = evaluate(builders.estate(), UNRESOLVED)
    drawing = read(draw_trace(SHAPES["empty"](), trace))

    assert "does not resolve" in drawing.words()
    assert drawing.count("walk-dns") == 0


def test_the_walk_is_drawn_on_an_estate_without_addresses() -> None:
    trace = evaluate(builders.estate(), VAULT)
    drawing = read(draw_trace(unassigned(), trace))

    assert "vm-jumpbox" in drawing.words()
