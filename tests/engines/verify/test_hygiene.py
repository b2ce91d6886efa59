"""Single questions on few lines; `oracle` has the many."""

from dataclasses import replace

import pytest

from hubwright.engines.verify import proofs
from hubwright.engines.verify.hygiene import Hygiene
from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.relations import conflicts, exceptions
from hubwright.engines.verify.space import Cube, Role, Symbol
from hubwright.model.address import AddressSet, PortSet
from hubwright.model.flow import Stage
from hubwright.model.network import SecurityRule

TAG = Symbol(Role.DESTINATION, "service tag Storage", distinct=True)


def line(name, decision="Allow", source="*", destination="*", ports="*", inside=()):
    return Line(
        path=name,
        name=name,
        stage=Stage.NSG,
        action=decision,
        decision=decision,
        cubes=(
            Cube(
                source=AddressSet.parse(source),
                destination=AddressSet.parse(destination),
                ports=PortSet.parse(ports),
                inside=frozenset(inside),
            ),
        ),
        rule=SecurityRule(name=name, priority=100, direction="Inbound", access=decision),
    )


LOW = line("low", source="10.0.0.0/9")
HIGH = line("high", source="10.128.0.0/9")
TEN = line("ten", source="10.0.0.0/8")
ONE = line("one", source="10.0.0.1")
DENY_ONE = line("deny-one", "Deny", source="10.0.0.1")
DENY_443 = line("deny-443", "Deny", ports="443")


def test_the_fewest_lines_that_hide_one_are_named():
    wide = line("wide", source="10.0.0.0/7", ports="1-65535")
    hygiene = Hygiene([LOW, ONE, HIGH, wide, TEN])
    assert hygiene.hidden == {1, 4}
    assert hygiene.hidden_by(1) == (0,)
    assert hygiene.hidden_by(4) == (0, 2)
    assert hygiene.hidden_by(3) == ()


def test_a_kind_alone_may_not_be_enough():
    other = replace(HIGH, stage=Stage.NETWORK_RULE)
    hygiene = Hygiene([LOW, other, TEN])
    assert hygiene.hidden_by(2, Stage.NSG) == ()
    assert hygiene.hidden_by(2) == (0, 1)


def test_a_rule_that_later_ones_repeat_is_redundant():
    assert Hygiene([ONE, TEN]).redundant == {0}
    assert Hygiene([ONE, DENY_443, TEN]).redundant == frozenset()


def test_a_hidden_rule_that_would_wake_keeps_its_hider():
    """Without `one`, `deny-one` would decide."""
    hygiene = Hygiene([ONE, DENY_ONE, TEN])
    assert hygiene.hidden == {1}
    assert hygiene.redundant == frozenset()


def test_the_default_takes_what_decides_like_it():
    assert Hygiene([DENY_ONE], "Deny").redundant == {0}
    assert Hygiene([DENY_ONE, TEN], "Deny").redundant == frozenset()


def test_what_stays_is_not_redundant_and_still_takes():
    assert Hygiene([ONE, TEN], stays=lambda item: item.name == "one").redundant == frozenset()
    assert Hygiene([ONE, TEN], stays=lambda item: item.name == "ten").redundant == {0}


def test_exceptions_lie_in_a_later_line():
    assert list(exceptions(Hygiene([DENY_ONE, TEN]))) == [(0, 1)]
    assert list(exceptions(Hygiene([ONE, TEN]))) == []


def test_conflicts_overlap_and_neither_holds_the_other():
    ((one, other, shared),) = conflicts(Hygiene([DENY_443, TEN]))
    assert (one, other) == (0, 1)
    assert str(shared) == "from 10.0.0.0/8 port 443"
    assert list(conflicts(Hygiene([DENY_ONE, TEN]))) == []


def test_conflicts_that_earlier_lines_settle_are_none():
    first = line("first", source="10.0.0.0/8", ports="443")
    assert list(conflicts(Hygiene([first, DENY_443, TEN]))) == []


def test_a_tag_is_hidden_by_itself_and_by_everything():
    tag = line("tag", inside=[TAG])
    assert Hygiene([tag, replace(tag, path="again")]).hidden == {1}
    assert Hygiene([line("all"), tag]).hidden == {1}
    assert Hygiene([TEN, tag]).hidden == frozenset()


def test_a_spent_budget_gives_no_finding_and_is_told():
    parts = [line(f"p{n}", source=f"10.0.0.{n}") for n in range(0, 256, 2)]
    parts += [line(f"q{n}", source=f"10.0.0.{n}", ports="0-32767") for n in range(1, 256, 2)]
    parts += [line(f"r{n}", source=f"10.0.0.{n}", ports="32768-65535") for n in range(1, 256, 2)]
    whole = line("whole", source="10.0.0.0/24")
    assert Hygiene([*parts, whole]).hidden == {len(parts)}
    short = Hygiene([*parts, whole], budget=3)
    assert short.hidden == frozenset()
    assert short.unknown == {len(parts)}


def test_a_witness_is_a_packet_that_the_line_decides_on():
    hygiene = Hygiene([LOW, TEN])
    point = hygiene.witness(1)
    assert point is not None
    assert point.is_in(TEN.cubes[0])
    assert not point.is_in(LOW.cubes[0])
    assert Hygiene([TEN, ONE]).witness(1) is None


@pytest.fixture
def proved():
    lines = [LOW, HIGH, ONE, TEN]
    return lines, Hygiene(lines)


def test_the_check_takes_a_right_proof(proved):
    lines, hygiene = proved
    assert proofs.is_hidden(lines, 3, hygiene.why_hidden(3))
    assert proofs.may_go([ONE, TEN], 0, Hygiene([ONE, TEN]).why_redundant(0))


def test_the_check_refuses_a_proof_with_a_hole(proved):
    lines, hygiene = proved
    (claim,) = hygiene.why_hidden(3)
    fewer = replace(
        claim,
        lines=claim.lines[:1],
        certificate=replace(claim.certificate, covers=claim.certificate.covers[:1]),
    )
    assert not proofs.is_hidden(lines, 3, [fewer])
    assert not proofs.is_hidden(lines, 3, [])


def test_the_check_refuses_covers_that_stand_behind(proved):
    _, hygiene = proved
    claims = hygiene.why_hidden(3)
    assert not proofs.is_hidden([TEN, LOW, HIGH], 0, claims)
    assert not proofs.is_hidden([LOW, DENY_ONE, ONE, TEN], 3, claims)


def test_the_check_refuses_to_let_go_of_an_exception():
    claims = Hygiene([ONE, TEN]).why_redundant(0)
    assert not proofs.may_go([ONE, DENY_443, TEN], 0, claims)
    assert not proofs.may_go([DENY_ONE, TEN], 0, claims)


def test_what_is_ahead_of_a_line_includes_what_hides_a_part_of_it():
    both = replace(LOW, name="both", cubes=(*LOW.cubes, *HIGH.cubes))
    hygiene = Hygiene([LOW, both])

    assert hygiene.ahead(0) == ()
    assert hygiene.ahead(1) == LOW.cubes
