"""Regions obey the laws of sets, packet by packet."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.verify.space.strategies import CATEGORY, OTHER_TAG, TAG, cubes, members
from hubwright.engines.verify.space import (
    Certificate,
    Cube,
    Region,
    Space,
    Verdict,
    covered,
    first_match,
    holds,
)
from hubwright.model.address import AddressSet, PortSet

FEW = st.lists(cubes(), max_size=4)


def regions(*lists):
    space = Space([cube for cubes_ in lists for cube in cubes_])
    return [Region.of(space, cubes_) for cubes_ in lists]


@settings(max_examples=60, deadline=None)
@given(FEW, FEW)
def test_operators_are_those_of_sets_of_packets(one, other):
    a, b = regions(one, other)
    assert members((a | b).cubes()) == members(one) | members(other)
    assert members((a & b).cubes()) == members(one) & members(other)
    assert members((a - b).cubes()) == members(one) - members(other)
    assert members(a.compact().cubes()) == members(one)


@settings(max_examples=100, deadline=None)
@given(FEW, FEW, FEW)
def test_the_laws_of_sets_hold_exactly(one, other, third):
    a, b, c = regions(one, other, third)
    assert not (a - b) & b
    assert (a - b) | b <= a | b <= (a - b) | b
    assert (a - (b | c)) <= (a - b) - c <= a - (b | c)
    assert a - (b & c) <= (a - b) | (a - c) <= a - (b & c)
    assert a & (b | c) <= (a & b) | (a & c) <= a & (b | c)
    assert (a <= b) == (not a - b)


@settings(max_examples=60, deadline=None)
@given(FEW, FEW)
def test_differences_come_in_parts_that_do_not_overlap(one, other):
    a, b = regions(one, other)
    rest = a - b
    parts = [Region(rest.space, (piece,)) for piece in rest.pieces]
    assert not any(x & y for n, x in enumerate(parts) for y in parts[:n])


@settings(max_examples=120, deadline=None)
@given(FEW, FEW)
def test_every_witness_is_a_packet_of_the_region(one, other):
    a, b = regions(one, other)
    rest = a - b
    for point in rest.points():
        assert any(point.is_in(cube) for cube in one)
        assert not any(point.is_in(cube) for cube in other)


@settings(max_examples=120, deadline=None)
@given(cubes(), FEW)
def test_coverage_is_proved_exactly_when_nothing_is_left(cube, covers):
    space = Space([cube, *covers])
    answer = covered(space, [cube], by=covers)
    left = Region.of(space, [cube]) - Region.of(space, covers)
    assert answer.is_proved == (not left)
    if not answer.is_proved:
        assert answer.witness is not None
        assert answer.witness.is_in(cube)
        assert not any(answer.witness.is_in(cover) for cover in covers)


@settings(max_examples=120, deadline=None)
@given(cubes(), st.lists(cubes(), min_size=1, max_size=6))
def test_certificates_hold_and_none_of_their_covers_can_be_spared(cube, covers):
    answer = covered(Space([cube, *covers]), [cube], by=covers)
    for certificate in answer.certificates:
        assert holds(certificate)
        for n in range(len(certificate.covers)):
            fewer = certificate.covers[:n] + certificate.covers[n + 1 :]
            assert not holds(type(certificate)(cube=certificate.cube, covers=fewer))


@settings(max_examples=120, deadline=None)
@given(cubes(), st.lists(cubes(), max_size=5))
def test_the_checker_agrees_with_the_engine(cube, covers):
    answer = covered(Space([cube, *covers]), [cube], by=covers)
    assert holds(Certificate(cube=cube, covers=tuple(covers))) == answer.is_proved


@settings(max_examples=100, deadline=None)
@given(st.lists(FEW, max_size=4))
def test_first_match_gives_each_packet_to_the_first_line_that_has_it(lines):
    space = Space([cube for line in lines for cube in line])
    seen = set()
    for number, taken in first_match(Region.everything(space), lines):
        mine = members(taken.cubes())
        assert not mine & seen
        if number is not None:
            assert mine == members(lines[number]) - seen
        seen |= mine
    assert seen == members([Cube()])


def net(text):
    return AddressSet.parse(text)


def ask(cube, *covers):
    return covered(Space([cube, *covers]), [cube], by=covers)


def test_a_tag_is_covered_by_itself_and_by_everything():
    tag = Cube(inside=frozenset({TAG}), ports=PortSet.parse("443"))
    assert ask(tag, Cube(inside=frozenset({TAG}))).is_proved
    assert ask(tag, Cube()).is_proved


def test_a_tag_and_another_are_taken_apart_and_the_answer_says_so():
    answer = ask(Cube(inside=frozenset({TAG})), Cube(inside=frozenset({OTHER_TAG})))
    assert answer.verdict is Verdict.REFUTED
    assert set(answer.hangs_on) == {TAG, OTHER_TAG}


def test_what_hangs_on_a_web_category_is_unknown_and_names_it():
    answer = ask(Cube(ports=PortSet.parse("443")), Cube(inside=frozenset({CATEGORY})))
    assert answer.verdict is Verdict.UNKNOWN
    assert answer.hangs_on == (CATEGORY,)
    assert answer.reason == "it hangs on web category Games"


def test_what_is_left_whatever_a_category_holds_is_refuted():
    answer = ask(
        Cube(destination=net("10.0.0.0/8")),
        Cube(destination=net("10.0.0.0/9"), inside=frozenset({CATEGORY})),
        Cube(destination=net("10.0.0.0/9"), outside=frozenset({CATEGORY})),
    )
    assert answer.verdict is Verdict.REFUTED
    assert answer.witness is not None
    assert answer.witness.destination in net("10.128.0.0/9")


def test_both_sides_of_a_category_are_everything():
    assert (
        ask(Cube(), Cube(inside=frozenset({CATEGORY})), Cube(outside=frozenset({CATEGORY}))).verdict
        is Verdict.PROVED
    )


def test_a_refutation_may_lie_on_both_sides_of_a_category():
    space = Space(
        [a := Cube(inside=frozenset({CATEGORY})), b := Cube(outside=frozenset({CATEGORY}))]
    )
    answer = Region.of(space, [a, b]).is_empty()
    assert answer.verdict is Verdict.REFUTED


def test_a_spent_budget_is_unknown():
    cube = Cube(source=net("10.0.0.0/24"))
    parts = [Cube(source=net(f"10.0.0.{n}")) for n in range(0, 256, 2)]
    answer = covered(Space([cube, *parts], budget=5), [cube], by=parts)
    assert answer.verdict is Verdict.UNKNOWN
    assert "budget of 5 cuts" in answer.reason


def test_the_one_cover_that_is_enough_is_named_alone():
    whole = Cube(source=net("10.0.0.0/8"))
    halves = [Cube(source=net("10.0.0.0/9")), Cube(source=net("10.128.0.0/9"))]
    answer = ask(whole, *halves, Cube())
    assert [c.positions for c in answer.certificates] == [(2,)]
    assert [c.positions for c in ask(whole, *halves).certificates] == [(0, 1)]


def test_equal_sets_need_not_be_the_same_object():
    space = Space([Cube(source=net("10.0.0.0/8"))])
    assert Region.of(space, [Cube(source=net("10.0.0.0/8"))])


def test_an_answer_is_no_truth_value():
    with pytest.raises(TypeError, match="three values"):
        bool(ask(Cube(), Cube()))
