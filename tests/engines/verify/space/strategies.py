"""Cubes over a universe that is small enough to be walked packet by packet."""

from itertools import product

from hypothesis import strategies as st

from hubwright.engines.verify.space import Cube, NameSet, Point, Role, Symbol
from hubwright.engines.verify.space.names import ANY_NAME, EVERY_NAME, NO_NAME
from hubwright.model.address import ALL_ADDRESSES, ALL_PORTS, AddressSet, PortSet
from hubwright.model.flow import Application

TAG = Symbol(Role.DESTINATION, "service tag Storage", distinct=True)
OTHER_TAG = Symbol(Role.DESTINATION, "service tag Sql", distinct=True)
CATEGORY = Symbol(Role.NAME, "web category Games")
SYMBOLS = (TAG, OTHER_TAG, CATEGORY)
PATTERNS = ("a.example.com", "b.example.com", "example.com", "*.example.com", "*example.com", "*")
NAMES = ("a.example.com", "b.example.com", "c.example.com", "example.com", "anexample.com", "x.org")


def numbers(kind, everything):
    pair = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda p: (min(p), max(p)))
    some = st.lists(pair, min_size=1, max_size=2).map(kind.of)
    return st.one_of(some, some, st.just(everything))


def name_sets():
    patterns = st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3).map(NameSet.parse_all)
    return st.one_of(patterns, patterns, st.sampled_from((NO_NAME, ANY_NAME, EVERY_NAME)))


def symbols():
    return st.lists(st.sampled_from(SYMBOLS), max_size=1).map(frozenset)


def cubes(*, with_symbols=True):
    free = {"inside": symbols(), "outside": symbols()} if with_symbols else {}
    return st.builds(
        Cube,
        source=numbers(AddressSet, ALL_ADDRESSES),
        destination=numbers(AddressSet, ALL_ADDRESSES),
        protocols=st.sampled_from(
            [frozenset({"TCP"}), frozenset({"TCP", "UDP"}), frozenset({"ICMP"})]
        ),
        ports=numbers(PortSet, ALL_PORTS),
        names=name_sets(),
        **free,
    )


POINTS = tuple(
    Point(
        source=source,
        destination=destination,
        protocol=protocol,
        port=port,
        source_port=49152,
        application=Application.NONE,
        name=name,
        inside=inside,
    )
    for source, destination, protocol, port, name, inside in product(
        (0, 2, 9),
        (1, 4),
        ("TCP", "UDP"),
        (3, 9),
        (None, "a.example.com", "c.example.com", "anexample.com", "x.org"),
        (frozenset(), frozenset({TAG}), frozenset({CATEGORY, OTHER_TAG})),
    )
)


def members(cubes_):
    """The packets of the small universe that are in any of some cubes, by position."""
    return {n for n, point in enumerate(POINTS) if any(point.is_in(cube) for cube in cubes_)}
