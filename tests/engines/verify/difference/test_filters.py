"""The law: a packet is in a difference exactly when the two filters decide it differently."""

import random

import pytest

from hubwright.engines.verify.difference.filters import LineIndex, differences
from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.space import Cube, NameSet, Point
from hubwright.model.address import AddressSet, PortSet
from hubwright.model.flow import Application, Stage

HOSTS = ("a.example.com", "b.example.com", "example.org")


def line(name: str, action: str, *cubes: Cube) -> Line:
    return Line(
        path=name, name=name, stage=Stage.NETWORK_RULE, action=action, decision=action, cubes=cubes
    )


def decision(item: Line | None) -> str:
    return "Deny" if item is None else item.decision


def random_cube(rng: random.Random) -> Cube:
    def interval(top: int) -> tuple[int, int]:
        first, last = sorted((rng.randrange(top), rng.randrange(top)))
        return first, last

    more = {}
    if rng.random() < 0.3:
        more["names"] = NameSet.parse(rng.choice([*HOSTS, "*.example.com"]))
        more["applications"] = frozenset({Application.HTTPS})
    return Cube(
        source=AddressSet.of([interval(8)]),
        destination=AddressSet.of([interval(8), interval(8)]),
        ports=PortSet.of([interval(6)]),
        protocols=frozenset(rng.sample(["TCP", "UDP"], rng.randint(1, 2))),
        **more,
    )


def random_lines(rng: random.Random, count: int) -> list[Line]:
    return [
        line(
            f"r{rng.randrange(10**6)}",
            rng.choice(["Allow", "Deny"]),
            *(random_cube(rng) for _ in range(rng.randint(1, 2))),
        )
        for _ in range(count)
    ]


def points(rng: random.Random, count: int) -> list[Point]:
    return [
        Point(
            source=rng.randrange(9),
            destination=rng.randrange(9),
            protocol=rng.choice(["TCP", "UDP"]),
            port=rng.randrange(7),
            source_port=49152,
            application=rng.choice([Application.HTTPS, Application.NONE]),
            name=rng.choice([None, *HOSTS]),
        )
        for _ in range(count)
    ]


def first(lines: list[Line], point: Point) -> Line | None:
    return next((item for item in lines if any(point.is_in(cube) for cube in item.cubes)), None)


def edited(rng: random.Random, lines: list[Line]) -> list[Line]:
    out = list(lines)
    for _ in range(rng.randint(1, 3)):
        match rng.randrange(4):
            case 0:
                out.insert(rng.randrange(len(out) + 1), random_lines(rng, 1)[0])
            case 1 if out:
                out.pop(rng.randrange(len(out)))
            case 2 if len(out) > 1:
                out.insert(rng.randrange(len(out)), out.pop(rng.randrange(len(out))))
            case _:
                rng.shuffle(out)
    return out


@pytest.mark.parametrize("seed", range(60))
def test_differences_hold_exactly_the_packets_that_fare_otherwise(seed):
    rng = random.Random(seed)
    before = random_lines(rng, rng.randint(0, 9))
    after = edited(rng, before)
    found = list(differences(before, after, decision=decision))

    for point in points(rng, 120):
        was, now = first(before, point), first(after, point)
        hits = [d for d in found if any(point.is_in(cube) for cube in d.cubes)]
        assert len(hits) == (decision(was) != decision(now))
        for hit in hits:
            assert (hit.before, hit.after) == (was, now)


def test_swapping_rules_that_do_not_overlap_changes_nothing():
    one = line("one", "Allow", Cube(destination=AddressSet.parse("10.0.0.0/24")))
    other = line("other", "Deny", Cube(destination=AddressSet.parse("10.0.1.0/24")))

    assert list(differences([one, other], [other, one], decision=decision)) == []


def test_splitting_a_rule_changes_nothing():
    whole = line("whole", "Allow", Cube(destination=AddressSet.parse("10.0.0.0/23")))
    parts = [
        line("low", "Allow", Cube(destination=AddressSet.parse("10.0.0.0/24"))),
        line("high", "Allow", Cube(destination=AddressSet.parse("10.0.1.0/24"))),
    ]

    assert list(differences([whole], parts, decision=decision)) == []


def test_the_index_finds_every_line_that_shares_a_packet():
    rng = random.Random(3)
    lines = random_lines(rng, 40)
    index = LineIndex(lines)
    for _ in range(50):
        cube = random_cube(rng)
        meeting = [n for n, item in enumerate(lines) if any(mine & cube for mine in item.cubes)]

        assert set(meeting) <= set(index.meeting([cube]))
