from dataclasses import replace

import pytest

from asking import ask, http, https
from builders import change_subnet, estate
from goldens import assert_golden
from hubwright.model.flow import Disposition, Stage, Step, Symptom, Trace
from hubwright.model.network import RouteTable
from hubwright.model.origin import Origin, Span
from hubwright.semantics.assigned import assign
from hubwright.surfaces.report.trace_text import COLUMNS, render


def without_reply_routes():
    """Answers of the public load balancer run into a firewall that does not know them."""
    base = estate()
    tables = tuple(
        replace(table, routes=table.routes[:1]) if table.name == "rt-nodes" else table
        for table in base.route_tables
    )
    return assign(replace(base, route_tables=tables))


def _renamed(trace: Trace, prefix: str) -> Trace:
    hops = tuple(replace(hop, node=prefix + hop.node) for hop in trace.forward)
    return replace(trace, forward=hops)


def traces() -> dict[str, Trace]:
    return {
        "denied": https(estate(), "vm-jumpbox", "example.com"),
        "allowed": https(estate(), "vm-jumpbox", "mcr.microsoft.com"),
        "asymmetric": http(without_reply_routes(), "internet", "web"),
        "unresolved": https(estate(), "vm-jumpbox", "nothing.privatelink.vaultcore.azure.net"),
        "long": _renamed(http(estate(), "internet", "web"), "a-name-of-some-length-"),
        "datagram": ask(estate(), "aks-system-0", "ntp.ubuntu.com", 123, protocol="UDP"),
    }


TRACES = traces()


@pytest.mark.parametrize("name", TRACES)
def test_the_whole_walk(name):
    assert_golden(f"trace/text/{name}.txt", render(TRACES[name], verbose=True))


@pytest.mark.parametrize("name", TRACES)
def test_no_line_is_wider_than_the_page(name):
    assert max(len(line) for line in render(TRACES[name], verbose=True).splitlines()) <= COLUMNS


@pytest.mark.parametrize("name", TRACES)
def test_colour_only_adds_escape_sequences(name):
    colored = render(TRACES[name], color=True)
    plain = "".join(
        part.partition("m")[2] if n else part for n, part in enumerate(colored.split("\x1b["))
    )

    assert [line.rstrip() for line in plain.splitlines()] == render(TRACES[name]).splitlines()


def test_what_stops_the_answer_on_its_way_back_is_said_so():
    shown = render(TRACES["asymmetric"])

    assert TRACES["asymmetric"].disposition is Disposition.ASYMMETRIC
    assert shown.splitlines()[1].endswith("| (on the way back)")
    assert "\nback\n" in shown


def test_the_way_of_a_refusal_is_called_that():
    assert "\nback, with the refusal\n" in render(TRACES["denied"])


def test_a_rule_of_the_users_file_has_its_line():
    trace = TRACES["denied"]
    hop = trace.forward[0]
    place = Origin(source="estate.yaml", span=Span(7, 3, 7, 9), derived="a spoke has one")
    step = Step(stage=Stage.ROUTE, action="routed", detail="so", rule="rt/default", origin=place)
    trace = replace(trace, forward=(replace(hop, steps=(step,)), *trace.forward[1:]))

    assert "routed     so  estate.yaml:7\n" in render(trace)
    assert "estate.yaml:7 (added: a spoke has one)" in render(trace, verbose=True)


def test_names_cannot_move_the_cursor():
    trace = TRACES["denied"]
    nasty = replace(trace, flow=replace(trace.flow, destination="a\x1b[2J\nb"))

    assert "\x1b" not in render(nasty)
    assert render(nasty).splitlines()[0].startswith("vm-jumpbox -> a\N{REPLACEMENT CHARACTER}[2J b")


def test_other_outcomes_are_named_and_walked_when_asked():
    other = replace(TRACES["allowed"], symptom=Symptom.ANSWER)
    trace = replace(TRACES["denied"], branches=(other,))

    assert "or           EXITS_NETWORK: the client sees an answer" in render(trace)
    assert "otherwise (1 of 1)" not in render(trace)
    assert "otherwise (1 of 1)" in render(trace, verbose=True)


def test_what_cannot_be_known_is_named():
    base = change_subnet(estate(), "aks/VmSubnet", route_table="rt-tag")
    table = RouteTable(name="rt-tag", routes=(replace(base.route_tables[0].routes[0]),))
    tagged = replace(table.routes[0], name="tag", address_prefix="AzureCloud")
    estate_ = assign(
        replace(base, route_tables=(*base.route_tables, replace(table, routes=(tagged,))))
    )

    shown = render(https(estate_, "vm-jumpbox", "mcr.microsoft.com"))

    assert "\nUNKNOWN  INSUFFICIENT_INFO\n" in shown
    assert "hangs on     service tag AzureCloud" in shown
