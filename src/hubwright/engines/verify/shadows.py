"""Which earlier rules leave nothing of a later one: exact for sets, by index for speed."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from hubwright.engines.verify.cubes import ANYWHERE, PROTOCOLS, STAND_IN, Cube, leftover
from hubwright.engines.verify.cubes import destinations as targets_of
from hubwright.model.address import ALL_PORTS, AddressSet, PortSet
from hubwright.model.estate import Estate
from hubwright.model.firewall import ApplicationRule, NatRule, NetworkRule
from hubwright.semantics.assigned import address_of
from hubwright.semantics.firewall import Placed, protocols, sources

S = TypeVar("S", AddressSet, PortSet)


class _Meet(Generic[S]):
    """
    For one field of all rules: which rules' sets meet a given set, as a bit mask.

    The line is cut at every interval's ends; each piece knows the rules that hold it.
    """

    def __init__(self, values: Sequence[S]) -> None:
        edges: dict[int, int] = {}
        for n, value in enumerate(values):
            for first, last in value:
                edges[first] = edges.get(first, 0) ^ 1 << n
                edges[last + 1] = edges.get(last + 1, 0) ^ 1 << n
        self.starts = sorted(edges)
        self.masks: list[int] = []
        mask = 0
        for start in self.starts:
            mask ^= edges[start]
            self.masks.append(mask)
        self.known: dict[S, int] = {}

    def __call__(self, value: S) -> int:
        """Return the rules that share a member with the set."""
        if value not in self.known:
            mask = 0
            for first, last in value:
                begin = max(bisect_right(self.starts, first) - 1, 0)
                for piece in self.masks[begin : bisect_right(self.starts, last)]:
                    mask |= piece
            self.known[value] = mask
        return self.known[value]


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


@dataclass(frozen=True, slots=True)
class _Shape:
    """A network rule as sets."""

    source: AddressSet
    literal: AddressSet
    tokens: tuple[str, ...]
    ports: PortSet
    protocols: frozenset[str]

    def cube(self, protocol: str, token: str | None) -> Cube:
        """Return the part of one protocol, and of one token in place of the addresses."""
        ports = ALL_PORTS if protocol == "ICMP" else self.ports
        if token is None:
            return Cube(self.source, self.literal, ports)
        known = token in self.tokens or self.literal == ANYWHERE
        return Cube(self.source, STAND_IN if known else AddressSet(), ports)


class NetworkShadows:
    """
    Finds network rules that never match.

    Service tags and names are taken as they are written: only the same one, or a rule for every
    address, covers them. That is exact whatever they hold, but for rules that several tags cover
    together.
    """

    def __init__(self, estate: Estate, rules: Sequence[Placed[NetworkRule]]) -> None:
        self.rules = rules
        self.shapes = [_shape(estate, placed.rule) for placed in rules]
        self.source = _Meet([shape.source for shape in self.shapes])
        self.literal = _Meet([shape.literal for shape in self.shapes])
        self.ports = _Meet([shape.ports for shape in self.shapes])
        self.of_protocol = {
            p: _mask(p in shape.protocols for shape in self.shapes) for p in PROTOCOLS
        }
        self.everywhere = _mask(shape.literal == ANYWHERE for shape in self.shapes)
        self.of_token: dict[str, int] = {}
        for n, shape in enumerate(self.shapes):
            for token in shape.tokens:
                self.of_token[token] = self.of_token.get(token, 0) | 1 << n

    def covers(self, n: int) -> list[Placed[NetworkRule]]:
        """Return the earlier rules that take all of rule `n`; none when something is left."""
        shape = self.shapes[n]
        parts: list[str | None] = [None] if shape.literal else []
        used: dict[int, None] = {}
        near = self.source(shape.source) & (1 << n) - 1
        if not shape.source:
            return []
        for token in [*parts, *shape.tokens]:
            there = (
                self.literal(shape.literal)
                if token is None
                else self.of_token[token] | self.everywhere
            )
            for protocol in shape.protocols:
                mask = near & there & self.of_protocol[protocol]
                mask &= self.ports(shape.ports) if protocol != "ICMP" else mask
                found = self._covering(shape.cube(protocol, token), protocol, token, mask)
                if not found:
                    return []
                used |= dict.fromkeys(found)
        return [self.rules[i] for i in sorted(used)]

    def _covering(self, cube: Cube, protocol: str, token: str | None, mask: int) -> list[int]:
        """Return one rule of a mask that covers a box alone, or all when they do so together."""
        cubes = [(i, self.shapes[i].cube(protocol, token)) for i in _bits(mask)]
        alone = next((i for i, other in cubes if not cube.minus(other)), None)
        if alone is not None:
            return [alone]
        if leftover(cube, [other for _, other in cubes]) is not None:
            return []
        return [i for i, _ in cubes]


def _shape(estate: Estate, rule: NetworkRule) -> _Shape:
    literal, tokens = targets_of(estate, rule)
    wanted = protocols(rule)
    return _Shape(
        source=sources(estate, rule),
        literal=literal,
        tokens=tokens,
        ports=PortSet.parse_all(rule.destination_ports or ("*",)),
        protocols=frozenset(PROTOCOLS) if wanted is None else wanted & frozenset(PROTOCOLS),
    )


def _mask(flags: Iterator[bool]) -> int:
    return sum(1 << n for n, flag in enumerate(flags) if flag)


def application_targets(rule: ApplicationRule) -> list[tuple[str, str]]:
    """Return what an application rule matches: kind (`name`, `tag`, ...) and text."""
    return [
        *(("name", text.lower()) for text in rule.destination_fqdns),
        *(("tag", text) for text in rule.destination_fqdn_tags),
        *(("url", text) for text in rule.destination_urls),
        *(("category", text) for text in rule.web_categories),
    ]


class ApplicationShadows:
    """Finds application rules that never match; name patterns nest, so this is exact for them."""

    def __init__(self, estate: Estate, rules: Sequence[Placed[ApplicationRule]]) -> None:
        self.rules = rules
        self.sources = [sources(estate, placed.rule) for placed in rules]
        self.of_target: dict[tuple[str, str], int] = {}
        self.of_protocol: dict[str, int] = {}
        for n, placed in enumerate(rules):
            for target in application_targets(placed.rule):
                self.of_target[target] = self.of_target.get(target, 0) | 1 << n
            for protocol in placed.rule.protocols:
                key = str(protocol)
                self.of_protocol[key] = self.of_protocol.get(key, 0) | 1 << n

    def covers(self, n: int) -> list[Placed[ApplicationRule]]:
        """Return the earlier rules that take all of rule `n`; none when something is left."""
        rule, used = self.rules[n].rule, dict[int, None]()
        if not self.sources[n]:
            return []
        for kind, text in application_targets(rule):
            there = self._covering(kind, text) & (1 << n) - 1
            for protocol in rule.protocols:
                left = self.sources[n]
                for i in _bits(there & self.of_protocol[str(protocol)]):
                    if left.overlaps(self.sources[i]):
                        used[i] = None
                        left -= self.sources[i]
                if left:
                    return []
        return [self.rules[i] for i in sorted(used)]

    def _covering(self, kind: str, text: str) -> int:
        """Return the rules with a target that holds all of this one: itself, `*`, a wildcard."""
        mask = self.of_target.get((kind, text), 0) | self.of_target.get(("name", "*"), 0)
        if kind == "name":
            rest = text.removeprefix("*")
            for at in range(len(rest)):
                mask |= self.of_target.get(("name", f"*{rest[at:]}"), 0)
        return mask


def nat_covers(estate: Estate, rules: Sequence[Placed[NatRule]], n: int) -> list[Placed[NatRule]]:
    """Return the earlier DNAT rule that takes all of rule `n`, if one does."""
    item = rules[n].rule
    where = address_of(estate, item.destination_address)
    ports = PortSet.parse_all(item.destination_ports)
    for earlier in rules[:n]:
        other = earlier.rule
        if (
            address_of(estate, other.destination_address) == where
            and set(item.protocols) <= set(other.protocols)
            and ports <= PortSet.parse_all(other.destination_ports)
            and sources(estate, item) <= sources(estate, other)
        ):
            return [earlier]
    return []
