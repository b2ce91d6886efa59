import re
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings

import builders
import random_estates
from goldens import assert_golden
from hubwright.model.estate import Estate
from hubwright.surfaces.report.svg import draw_estate
from surfaces.report.drawn import Drawing, read
from surfaces.report.estates import LONG, NASTY, SHAPES, generated, spread, unassigned

RANDOM_SEEDS = range(20)


def assert_tidy(drawing: Drawing) -> None:
    """No text lies on another, and nothing reaches outside the picture."""
    texts = drawing.texts()
    clashes = [(a.what, b.what) for a, b in combinations(texts, 2) if a.overlaps(b)]
    assert clashes == []
    outside = [
        shown
        for shown in (*texts, *drawing.shapes())
        if shown.left < 0
        or shown.top < 0
        or shown.right > drawing.width
        or shown.bottom > drawing.height
    ]
    assert outside == []
    crossed = [
        (wire.what, text.what)
        for wire in drawing.wires()
        for text in drawing.uncovered_texts()
        if wire.overlaps(text)
    ]
    assert crossed == []


def assert_apart(drawing: Drawing, css: str) -> None:
    boxes = drawing.rects(css)
    assert [(a, b) for a, b in combinations(boxes, 2) if a.overlaps(b)] == []


@pytest.mark.parametrize("shape", SHAPES)
def test_texts_do_not_overlap_and_everything_is_inside(shape: str) -> None:
    drawing = read(draw_estate(SHAPES[shape]()))

    assert_tidy(drawing)
    for css in ("row", "chip", "pill", "spoke", "tag", "peer-tag"):
        assert_apart(drawing, css)


@given(generated)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_estate_is_tidy(estate: Estate) -> None:
    assert_tidy(read(draw_estate(estate)))


@pytest.mark.parametrize("seed", RANDOM_SEEDS)
def test_random_estates_are_tidy(seed: int) -> None:
    assert_tidy(read(draw_estate(random_estates.estate(seed))))


def test_the_same_estate_gives_the_same_bytes() -> None:
    assert draw_estate(spread(4)) == draw_estate(spread(4))


def test_a_picture_stands_alone() -> None:
    svg = draw_estate(builders.estate())

    assert svg.count("://") == 1
    assert 'xmlns="http://www.w3.org/2000/svg"' in svg
    assert not re.search(r"<script|<image|<foreignObject|url\(|@import|\son\w+=", svg)


def test_a_picture_is_readable_in_the_dark_and_by_a_screen_reader() -> None:
    svg = draw_estate(builders.estate())
    drawing = read(svg)

    assert "@media (prefers-color-scheme:dark)" in svg
    assert drawing.root.attrib["role"] == "img"
    title, description = drawing.root[0], drawing.root[1]
    assert drawing.root.attrib["aria-labelledby"].split() == [
        title.attrib["id"],
        description.attrib["id"],
    ]
    assert title.text == "test"
    assert "hub (10.0.0.0/16): 2 subnets" in (description.text or "")


def test_every_resource_is_shown() -> None:
    estate = builders.estate()
    words = read(draw_estate(estate)).words()

    shown = [
        *(item.name for item in estate.virtual_networks),
        *(item.name for item in estate.subnets),
        *(str(prefix) for item in estate.subnets for prefix in item.address_prefixes),
        *(item.name for item in estate.firewalls),
        *(item.name for item in estate.bastion_hosts),
        *(item.name for item in estate.virtual_machines),
        *(item.name for item in estate.private_endpoints),
        *(item.name for item in estate.private_dns_zones),
        *(item.name for item in estate.public_ips if item.name.startswith("pip-fw")),
        "Azure Firewall Premium",
        "policy afwp-hub",
        "10.0.0.4",
        "nsg",
        "rt-nodes",
        "system pool \u00d73",
        "user pods",
        "linked to aks, hub",
    ]
    assert [name for name in shown if name not in words] == []


def test_each_dnat_rule_with_a_target_has_an_arrow() -> None:
    drawing = read(draw_estate(builders.estate()))

    assert drawing.count("dnat-f") == 2
    assert drawing.count("tag") == 2


def test_dnat_rules_that_lead_elsewhere_are_counted() -> None:
    estate = builders.with_rules(
        nat=[
            builders.NatRuleCollection(
                name="dnat", priority=100, rules=(builders.dnat("away", "pip-fw-1", "192.0.2.1"),)
            )
        ]
    )
    drawing = read(draw_estate(estate))

    assert drawing.count("dnat-f") == 0
    assert "DNAT rules that are not drawn: 1." in drawing.words()


def test_a_one_sided_peering_is_broken_and_says_from_which_side() -> None:
    estate = builders.estate()
    one = replace(estate, virtual_network_peerings=estate.virtual_network_peerings[1:])
    drawing = read(draw_estate(one))

    assert drawing.count("broken") == 2  # the line, and its sample in the legend
    assert "only from hub" in drawing.words()


def test_long_names_are_cut_and_whole_in_the_tooltip() -> None:
    svg = draw_estate(spread(3, name=LONG))

    assert "…" in svg
    assert f"<title>{LONG}-2</title>" in svg


def test_nasty_names_survive() -> None:
    assert NASTY in read(draw_estate(spread(1, name=NASTY))).words()


def test_what_xml_cannot_carry_becomes_a_replacement_character() -> None:
    assert "a\ufffdb" in read(draw_estate(Estate(name="a\x00b", location=""))).words()


def test_without_assigned_addresses_the_resources_are_still_shown() -> None:
    words = read(draw_estate(unassigned())).words()

    assert "vm-jumpbox" in words
    assert "system pool \u00d73" in words
    assert "address set by Azure" in words
    assert "after deployment" in words


@pytest.mark.parametrize("shape", ["article", "seven-spokes", "no-hub", "long-names"])
def test_pictures_look_as_before(shape: str) -> None:
    assert_golden(f"report/{shape}.svg", draw_estate(SHAPES[shape]()))
