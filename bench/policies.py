"""
Policies of the shape of real ones: rules are products of sets, from groups that many rules share.

The scale follows a policy that its owner summarised in public
(github.com/erjosito/azure-firewall-rules-scripts, Optimize/README.md): 223 collections, 1,144
rules, 38,986 IP objects, up to 4,836 objects in one rule. Everything is drawn from a seed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from random import Random

Intervals = tuple[tuple[int, int], ...]
TOP = (1 << 32) - 1
ANYWHERE: Intervals = ((0, TOP),)
TEN: Intervals = ((10 << 24, (11 << 24) - 1),)
EVERY_PORT: Intervals = ((0, 65535),)
EVERY_PROTOCOL: Intervals = ((0, 255),)
COMMON_PORTS = (
    *(22, 53, 80, 88, 123, 135, 389, 443, 445, 464, 636, 1433, 1521, 3268, 3306, 3389, 5432),
    *(5671, 5985, 6379, 8080, 8443, 9093, 9200, 10250, 27017),
)


@dataclass(frozen=True)
class Row:
    """One rule: whether it allows, and the sets of its four fields."""

    allows: bool
    protocols: Intervals
    ports: Intervals
    sources: Intervals
    destinations: Intervals

    @property
    def sets(self) -> tuple[Intervals, ...]:
        return self.protocols, self.ports, self.sources, self.destinations


def prefix(address: int, length: int) -> tuple[int, int]:
    """Return the first and last address of a prefix."""
    mask = TOP >> length
    return address & ~mask, address | mask


class _Draw:
    """Draws the sets of one policy."""

    def __init__(self, rules: int, seed: int) -> None:
        self.random = Random(seed)
        pick = self.random
        self.networks = [
            10 << 24 | pick.randrange(256) << 16 | pick.randrange(16) << 12
            for _ in range(max(20, rules // 12))
        ]
        self.groups = [self._set(self.subnet, pick.lognormvariate(2.3, 1)) for _ in range(60)]
        self.tags = [self._set(self._public, pick.lognormvariate(4.5, 1.1)) for _ in range(30)]
        self.tags.append(tuple(sorted({pair for tag in self.tags[:10] for pair in tag})))
        self.hosts = [
            prefix(pick.getrandbits(32) | 1 << 31, pick.choice([24, 28, 32, 32, 32]))
            for _ in range(max(50, rules // 2))
        ]

    def _set(self, draw: Callable[[], tuple[int, int]], size: float) -> Intervals:
        return tuple(sorted({draw() for _ in range(int(size) + 1)}))

    def _some(self, draw: Callable[[], tuple[int, int]], mu: float) -> Intervals:
        return self._set(draw, min(59, self.random.lognormvariate(mu, 1.0)))

    def _public(self) -> tuple[int, int]:
        lengths = [16, 18, 20, 21, 22, 23, 24, 24, 26, 27, 28, 29, 30, 31, 32]
        return prefix(self.random.getrandbits(32) | 1 << 31, self.random.choice(lengths))

    def subnet(self) -> tuple[int, int]:
        network, x = self.random.choice(self.networks), self.random.random()
        if x < 0.25:
            return prefix(network, 20)
        if x < 0.7:
            return prefix(network | self.random.randrange(16) << 8, 24)
        return prefix(network | self.random.randrange(4096), 32)

    def sources(self) -> Intervals:
        x = self.random.random()
        if x < 0.04:
            return ANYWHERE
        if x < 0.07:
            return TEN
        return self.random.choice(self.groups) if x < 0.35 else self._some(self.subnet, 1.0)

    def destinations(self) -> Intervals:
        x = self.random.random()
        if x < 0.06:
            return ANYWHERE
        if x < 0.09:
            return TEN
        if x < 0.30:
            return self.random.choice(self.groups)
        if x < 0.45:
            return self.random.choice(self.tags)
        if x < 0.75:
            return self._some(self.subnet, 1.0)
        return self._some(lambda: self.random.choice(self.hosts), 0.8)

    def ports(self) -> Intervals:
        x = self.random.random()
        if x < 0.08:
            return EVERY_PORT
        if x < 0.6:
            port = self.random.choice(COMMON_PORTS)
            return ((port, port),)
        if x < 0.9:
            chosen = self.random.sample(COMMON_PORTS, self.random.randrange(2, 7))
            return tuple(sorted((port, port) for port in chosen))
        first = self.random.randrange(1024, 64000)
        return ((443, 443), (first, first + self.random.choice([10, 100, 1000])))

    def protocols(self) -> Intervals:
        x = self.random.random()
        if x < 0.65:
            return ((6, 6),)
        if x < 0.75:
            return ((17, 17),)
        if x < 0.9:
            return ((6, 6), (17, 17))
        return EVERY_PROTOCOL if x < 0.97 else ((1, 1),)


def policy(rules: int, seed: int = 1) -> list[Row]:
    """Return a policy: narrow rules mostly first, and one rule in 33 a copy or part of another."""
    draw = _Draw(rules, seed)
    random = draw.random
    ranked: list[tuple[float, Row]] = []
    for _ in range(rules):
        protocols = draw.protocols()
        row = Row(
            allows=random.random() < 0.88,
            protocols=protocols,
            ports=draw.ports() if protocols != ((1, 1),) else EVERY_PORT,
            sources=draw.sources(),
            destinations=draw.destinations(),
        )
        wide = sum(item in (ANYWHERE, EVERY_PORT, EVERY_PROTOCOL) for item in row.sets)
        ranked.append((wide + random.random() * 1.6, row))
    ranked.sort(key=lambda pair: pair[0])
    rows = [row for _, row in ranked]
    for _ in range(rules // 33):
        at = random.randrange(len(rows) // 2)
        rows.insert(random.randrange(at + 1, len(rows) + 1), _variant(random, rows[at]))
    return rows[:rules]


def _variant(random: Random, row: Row) -> Row:
    """Return the rule again, perhaps with another action, or a part of it."""
    if random.random() < 0.5:
        return Row(random.random() < 0.5, row.protocols, row.ports, row.sources, row.destinations)
    half = row.sources[: max(1, len(row.sources) // 2)]
    return Row(row.allows, row.protocols, row.ports[:1], half, row.destinations)


def objects(rows: list[Row]) -> int:
    """Return the number of addresses and prefixes that rules name."""
    return sum(len(row.sources) + len(row.destinations) for row in rows)


def boxes(rows: list[Row]) -> int:
    """Return the number of plain boxes (one interval a field) that rules stand for."""
    return sum(prod(len(item) for item in row.sets) for row in rows)
