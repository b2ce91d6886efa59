"""What every estate is asked at once, against single walks and against estates with mistakes."""

from dataclasses import replace

import pytest

import builders
from engines.verify.reach import wild
from engines.verify.reach.test_questions import two_spokes
from hubwright.engines.verify.reach import Reach
from hubwright.engines.verify.reach.overview import Overview, overview
from hubwright.engines.verify.space import Verdict
from hubwright.errors import UnknownResource
from hubwright.model.estate import Estate
from hubwright.model.flow import Disposition
from hubwright.model.network import NextHopType, RouteTable
from hubwright.model.origin import Origin
from hubwright.semantics import locate
from hubwright.semantics.assigned import assign
from hubwright.semantics.evaluate import evaluate
from hubwright.sources.design import REFERENCE, read_design


def of(estate: Estate) -> Overview:
    return overview(Reach(estate))


def test_places_are_the_networks_and_the_internet():
    found = of(two_spokes())

    assert found.places == ("hub", "aks", "other", "internet")
    assert {place for pair in found.ways for place in pair} <= set(found.places)


def test_spokes_meet_only_through_the_firewall():
    found = of(two_spokes())

    assert found.ways["other", "aks"] == {("afw",)}
    assert () in found.ways["aks", "aks"]
    assert found.ways["internet", "aks"] == {("afw",)}
    assert ("internet", "other") not in found.ways


def test_spokes_that_no_rule_joins_do_not_meet():
    found = of(builders.with_rules(base=two_spokes()))

    assert ("other", "aks") not in found.ways


def test_everything_of_a_sound_estate_crosses_the_firewall_and_keeps_its_state():
    estate, _ = read_design("estate.yaml", REFERENCE)
    assert estate is not None

    found = of(estate)

    assert found.crossings
    assert all(item.answer.is_proved for item in found.crossings)
    assert any(item.arrives for item in found.crossings)
    assert all(item.answer.evidence for item in found.crossings if item.arrives)
    assert {item.place for item in found.states} == {"vnet-hub", "vnet-aks", "internet"}
    assert all(item.answer.is_proved for item in found.states)


def test_a_name_whose_zone_lacks_a_link_is_refuted_where_it_is_asked_for():
    estate, _ = read_design("estate.yaml", REFERENCE)
    assert estate is not None
    kept = tuple(
        item
        for item in estate.private_dns_zone_virtual_network_links
        if not ("vault" in item.private_dns_zone and item.virtual_network == "vnet-hub")
    )

    sound = of(estate)
    found = of(assign(replace(estate, private_dns_zone_virtual_network_links=kept)))

    assert len(sound.namings) == 10
    assert all(item.answer.is_proved for item in sound.namings)
    refuted = {item.name for item in found.namings if item.answer.verdict is Verdict.REFUTED}
    assert refuted == {"contoso-vault.vault.azure.net"}


def test_a_route_past_the_firewall_is_refuted_by_a_flow():
    straight = builders.route("straight", "20.0.0.0/8", NextHopType.INTERNET)
    tables = tuple(
        replace(table, routes=(*table.routes, straight)) for table in builders.estate().route_tables
    )
    estate = builders.estate(route_tables=tables)
    changed = estate
    for subnet in estate.subnets:
        changed = builders.change_subnet(changed, subnet.id, default_outbound_access_enabled=True)

    found = of(changed)

    refuted = [item for item in found.crossings if item.answer.verdict is Verdict.REFUTED]
    assert refuted
    for item in refuted:
        trace = item.answer.trace
        assert trace is not None
        assert all(hop.kind != "firewall" for hop in trace.forward)
        assert trace.flow.destination.startswith("20.")
    assert () in found.ways["aks", "internet"]


def test_answers_that_pass_by_the_firewall_are_refuted_by_a_flow():
    tables = tuple(
        replace(table, routes=tuple(r for r in table.routes if r.address_prefix == "0.0.0.0/0"))
        for table in builders.estate().route_tables
    )

    found = of(builders.estate(route_tables=tables))

    state = next(item for item in found.states if item.place == "internet")
    assert state.answer.verdict is Verdict.REFUTED
    assert state.answer.trace is not None
    walks = (state.answer.trace, *state.answer.trace.branches)
    assert any(walk.disposition is Disposition.ASYMMETRIC for walk in walks)
    assert any(hole.is_answer for hole in found.holes)


def test_holes_are_peoples_and_not_azures_reserved_ranges():
    written = Origin(source="estate.yaml", path="routes.hole")
    hole = replace(builders.route("hole", "20.0.0.0/8", NextHopType.NONE), origin=written)
    tables = (
        RouteTable(name="rt", routes=(builders.default_route(), hole)),
        *builders.estate().route_tables[1:],
    )

    found = of(builders.estate(route_tables=tables))

    assert any("rt/hole" in item.detail and item.origin == written for item in found.holes)
    assert not any("reserved range" in item.detail for item in found.holes)


@pytest.mark.parametrize("seed", range(0, 40, 4))
def test_whatever_a_walk_answers_is_in_the_table(seed):
    given = wild.assumptions(seed)
    reach = Reach(wild.estate(seed), given)
    ways = overview(reach).ways
    home = {n.name: n.virtual_network for n in reach.estate.network_interfaces}
    home["internet"] = "internet"
    compared = 0
    for flow in wild.flows(reach.estate, seed, 60):
        try:
            source = locate.source(reach.estate, flow.source)
            target = locate.destination(reach.estate, flow.destination)
        except UnknownResource:
            continue
        trace = evaluate(reach.estate, flow, given)
        one = source if isinstance(source, int) else source.private_ip_address
        if not trace.disposition.is_success or trace.branches or target.address in (None, one):
            continue
        here = "internet" if isinstance(source, int) else source.virtual_network
        crossed = tuple(hop.node for hop in trace.forward if hop.kind == "firewall")
        for server in trace.servers:
            if server in home and (here, home[server]) != ("internet", "internet"):
                compared += 1
                assert crossed in ways[here, home[server]], flow

    assert compared > 0
