from hypothesis import given
from hypothesis import strategies as st

from hubwright.engines.verify.cubes import Cube, leftover
from hubwright.model.address import AddressSet, PortSet


def sets(kind):
    pair = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(lambda p: (min(p), max(p)))
    return st.lists(pair, min_size=1, max_size=2).map(kind.of)


CUBES = st.builds(Cube, sets(AddressSet), sets(AddressSet), sets(PortSet))


def points(cube):
    return {
        (s, d, p)
        for s in range(6)
        for d in range(6)
        for p in range(6)
        if s in cube.source and d in cube.destination and p in cube.ports
    }


@given(CUBES, CUBES)
def test_minus_is_set_difference_in_disjoint_parts(one, other):
    parts = [points(part) for part in one.minus(other)]
    assert set().union(*parts) == points(one) - points(other)
    assert sum(map(len, parts)) == len(points(one) - points(other))


@given(CUBES, st.lists(CUBES, max_size=5))
def test_leftover_is_none_exactly_when_the_rest_is_empty(cube, covers):
    rest = points(cube).difference(*(points(cover) for cover in covers))
    found = leftover(cube, covers)
    assert (found is None) == (not rest)
    assert found is None or points(found) <= rest
