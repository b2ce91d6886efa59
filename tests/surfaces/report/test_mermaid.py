import re
from dataclasses import replace

import pytest

import builders
from goldens import assert_golden
from hubwright.surfaces.report.mermaid import draw_estate, escape
from surfaces.report.estates import NASTY, SHAPES, spread

NODE = re.compile(r"^\s*(?:subgraph )?([a-z]+\d*)[\[({]")
EDGE = re.compile(r'^\s*([a-z]+\d*) (?:-->|---|<-->|-\.->|-\.-)(?: \|"[^"]*"\|)? ([a-z]+\d*)$')
LINE = re.compile(
    r'^(flowchart TB|\s*(subgraph [a-z]+\d+\["[^"\[\]]*"\]|direction TB|end'
    r'|[a-z]+\d*(\["[^"]*"\]|\(\("[^"]*"\)\)|\{\{"[^"]*"\}\}):::[a-z]+'
    r"|classDef [a-z]+ [a-z0-9#:,]+)|" + EDGE.pattern + r")$"
)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_line_is_of_the_grammar_and_every_edge_joins_drawn_things(shape: str) -> None:
    lines = draw_estate(SHAPES[shape]()).splitlines()

    assert [line for line in lines if not LINE.match(line)] == []
    drawn = [m.group(1) for m in map(NODE.match, lines) if m]
    assert len(drawn) == len(set(drawn))
    ends = [end for m in map(EDGE.match, lines) if m for end in m.groups()]
    assert set(ends) <= set(drawn)
    opened = sum(line.strip().startswith("subgraph") for line in lines)
    assert opened == sum(line.strip() == "end" for line in lines)


def test_names_are_escaped() -> None:
    assert escape('a"b#c<d>') == "a#34;b#35;c#60;d#62;"
    assert NASTY not in draw_estate(spread(2, name=NASTY))
    assert escape(NASTY) in draw_estate(spread(2, name=NASTY))


def test_what_the_firewall_lets_in_is_an_edge_to_the_workload() -> None:
    text = draw_estate(builders.estate())

    assert re.search(r'afw\d+ --> \|"shop<br/>203.0.113.2:80"\| svc\d+', text)
    assert re.search(r'internet --- \|"pip-fw-1 203.0.113.1<br/>', text)


def test_a_one_sided_peering_is_a_dashed_arrow() -> None:
    estate = builders.estate()
    one = replace(estate, virtual_network_peerings=estate.virtual_network_peerings[:1])

    assert '-.-> |"one side only"|' in draw_estate(one)
    assert '<--> |"peering"|' in draw_estate(estate)


def test_the_chart_looks_as_before() -> None:
    assert_golden("report/article.mmd", draw_estate(builders.estate()))
