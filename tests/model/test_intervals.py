from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hubwright.model.intervals import IntervalSet

SPACE = 40
PAIRS = st.lists(
    st.tuples(st.integers(0, SPACE), st.integers(0, SPACE)).map(lambda p: (min(p), max(p))),
    max_size=6,
)
SETS = PAIRS.map(IntervalSet.of)


def members(value: IntervalSet) -> set[int]:
    return {n for first, last in value for n in range(first, last + 1)}


@given(PAIRS)
def test_of_holds_exactly_the_given_intervals(pairs):
    wanted = {n for first, last in pairs for n in range(first, last + 1)}
    assert members(IntervalSet.of(pairs)) == wanted


@given(SETS)
def test_intervals_are_sorted_disjoint_and_not_adjacent(value):
    bounds = list(value)
    assert all(first <= last for first, last in bounds)
    assert all(one[1] + 1 < other[0] for one, other in pairwise(bounds))


@given(SETS, SETS)
def test_equal_sets_have_equal_intervals(one, other):
    assert (members(one) == members(other)) == (one == other)


@given(SETS, SETS)
def test_union_is_the_union_of_members(one, other):
    assert members(one | other) == members(one) | members(other)


@given(SETS, SETS)
def test_intersection_is_the_intersection_of_members(one, other):
    assert members(one & other) == members(one) & members(other)


@given(SETS, SETS)
def test_difference_is_the_difference_of_members(one, other):
    assert members(one - other) == members(one) - members(other)


@given(SETS, SETS)
def test_le_is_the_subset_relation(one, other):
    assert (one <= other) == (members(one) <= members(other))


@given(SETS, SETS)
def test_overlaps_is_a_shared_member(one, other):
    assert one.overlaps(other) == bool(members(one) & members(other))


@given(SETS, st.integers(0, SPACE + 2))
def test_contains_is_membership(value, number):
    assert (number in value) == (number in members(value))


@given(SETS)
def test_length_and_truth_count_members(value):
    assert len(value) == len(members(value))
    assert bool(value) == bool(members(value))


@given(SETS, SETS, SETS)
def test_results_are_in_normal_form_whatever_the_order(one, other, third):
    assert (one | other) | third == third | (other | one)
    assert (one - other) - third == one - (other | third)
    assert one & (other | third) == (one & other) | (one & third)


def test_first_is_the_smallest_member():
    assert IntervalSet.of([(9, 12), (3, 4)]).first() == 3


def test_adjacent_intervals_are_one():
    assert IntervalSet.of([(1, 2), (3, 4)]).intervals == ((1, 4),)
