"""What allow rules name, destination by destination, and which demands each may serve."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from hubwright.catalogue.egress_tags import is_served_by
from hubwright.engines.verify.demands import Demand
from hubwright.engines.verify.flows import RESOLVED
from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.places import public_space
from hubwright.engines.verify.space import Cube, NameSet, Role, Symbol
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressSet
from hubwright.model.estate import Estate
from hubwright.model.firewall import ApplicationRule, NetworkRule
from hubwright.model.flow import Application
from hubwright.semantics.dns import private_names
from hubwright.semantics.firewall_rules import addresses_in

_SPOKEN = {"Https": Application.HTTPS, "Http": Application.HTTP, "Mssql": Application.MSSQL}
_FQDN_TAG = "FQDN tag "
_TAG = "service tag "
_PRIVATE = ".privatelink."
"""In every name that Azure keeps for private endpoints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One destination of an allow rule, with all sources and ports of the rule."""

    text: str
    """The destination as it was written: a name, a tag, an address."""
    cubes: tuple[Cube, ...]
    """Whoever sends them; sources that nobody listed are left out."""

    @property
    def source(self) -> AddressSet:
        """Who may send."""
        return AddressSet.of(pair for cube in self.cubes for pair in cube.source.intervals)


def grants(estate: Estate, line: Line) -> Iterator[Grant]:
    """Yield what an allow rule lets through, one destination after the other."""
    found: dict[str, list[Cube]] = {}
    for cube in line.cubes:
        if any(symbol.role is Role.SOURCE for symbol in cube.inside):
            continue
        for text, part in _parts(estate, line, cube):
            if part:
                found.setdefault(text, []).append(part)
    for text, cubes in found.items():
        yield Grant(text=text, cubes=tuple(cubes))


def leads_inside(estate: Estate, text: str) -> bool:
    """Tell whether a name is a private endpoint's, so that clients do not leave for it."""
    inside = {name for name, _ in private_names(estate)}
    zones = tuple(f".{zone.name}" for zone in estate.private_dns_zones)
    return text in inside or _PRIVATE in text or text.endswith(zones)


def _parts(estate: Estate, line: Line, cube: Cube) -> Iterator[tuple[str, Cube]]:
    symbols: tuple[Symbol, ...] = tuple(cube.inside)
    if symbols:
        yield symbols[0].text.removeprefix(RESOLVED), cube
    elif isinstance(line.rule, ApplicationRule):
        for pattern in line.rule.destination_fqdns:
            yield pattern.lower(), replace(cube, names=_names(pattern))
        for url in line.rule.destination_urls:
            host = url.partition("/")[0].lower()
            yield host, replace(cube, names=cube.names & _names(host))
    elif isinstance(line.rule, NetworkRule):
        yield from _addressed(estate, line.rule, cube)


def _addressed(estate: Estate, rule: NetworkRule, cube: Cube) -> Iterator[tuple[str, Cube]]:
    """Yield the listed destinations of a network rule, each text by itself."""
    rest = cube.destination
    named = (*((t, ((t,), ())) for t in rule.destination_addresses),)
    groups = (*((t, ((), (t,))) for t in rule.destination_ip_groups),)
    for text, (texts, ip_groups) in (*named, *groups):
        known, _ = addresses_in(estate, texts, ip_groups)
        rest -= known
        yield text, replace(cube, destination=known & cube.destination)
    others = [t for t in rule.destination_addresses if not addresses_in(estate, (t,), ())[0]]
    yield ", ".join((*others, *rule.destination_fqdns)), replace(cube, destination=rest)


@lru_cache(maxsize=4096)
def _names(pattern: str) -> NameSet:
    return NameSet.parse(pattern)


class Wanted:
    """Demands, found by what a rule names, so that most rules are judged at a glance."""

    def __init__(self, estate: Estate, known: tuple[Demand, ...]) -> None:
        """Sort demands by name."""
        self.estate = estate
        self.known = known
        self.exact: dict[str, list[Demand]] = {}
        self.wild: list[tuple[str, Demand]] = []
        for demand in known:
            for name in demand.names if demand.applications else ():
                if name.startswith("*"):
                    self.wild.append((name[1:], demand))
                else:
                    self.exact.setdefault(name, []).append(demand)

    def settles(self, line: Line) -> bool:
        """Tell whether demands by name have all of a rule, destination by destination."""
        rule = line.rule
        if not isinstance(rule, ApplicationRule) or rule.destination_urls or rule.web_categories:
            return False
        sources = [cube.source for cube in line.cubes]
        spoken = [(_SPOKEN[protocol.type], protocol.port) for protocol in rule.protocols]

        def has_all(demand: Demand) -> bool:
            return all(
                word in demand.applications and port in demand.ports for word, port in spoken
            ) and all(source <= demand.source for source in sources)

        return all(
            any(map(has_all, self._naming(name.lower()))) for name in rule.destination_fqdns
        ) and all(any(map(has_all, self._tagged(tag))) for tag in rule.destination_fqdn_tags)

    def _naming(self, text: str) -> Iterator[Demand]:
        """Yield the demands for all that a pattern stands for."""
        yield from self.exact.get(text, ())
        yield from (demand for suffix, demand in self.wild if text.endswith(suffix))

    def _tagged(self, tag: str) -> Iterator[Demand]:
        return (demand for demand in self.known if demand.tag == tag.lower())

    def near(self, line: Line, grant: Grant) -> list[tuple[Demand, tuple[Cube, ...]]]:
        """Return the demands that a grant may serve, each with its packets as the rule sees it."""
        by_name = isinstance(line.rule, ApplicationRule)
        found = self._named(grant) if by_name else self._at(grant)
        by_address = ((demand, demand.cubes) for demand in self.known if demand.cubes)
        return [
            (demand, tuple(cubes))
            for demand, cubes in (*found, *by_address)
            if any(cube & mine for cube in cubes for mine in grant.cubes)
        ]

    def _named(self, grant: Grant) -> Iterator[tuple[Demand, tuple[Cube, ...]]]:
        """Yield what an application rule's destination may serve: by its name."""
        inside, names = grant.cubes[0].inside, grant.cubes[0].names
        if inside:
            tag = grant.text.removeprefix(_FQDN_TAG)
            yield from ((d, (_spoken(d, names, inside),)) for d in self._tagged(tag))
            return
        seen = list(self._naming(grant.text))
        if grant.text.startswith("*"):
            tail = grant.text[1:]
            seen += [d for name, found in self.exact.items() if name.endswith(tail) for d in found]
            seen += [d for suffix, d in self.wild if suffix.endswith(tail)]
        for demand in {id(d): d for d in seen}.values():
            yield demand, (_spoken(demand, _all_names(demand.names), inside),)

    def _at(self, grant: Grant) -> Iterator[tuple[Demand, tuple[Cube, ...]]]:
        """Yield what a network rule's destination may serve: by its servers, or as anything."""
        text = grant.text.lower()
        tag = text.removeprefix(_TAG)
        everywhere = any(
            not cube.inside and public_space(self.estate) <= cube.destination
            for cube in grant.cubes
        )
        for demand in self.known:
            names = demand.names
            if text in names or any(is_served_by(tag, name.lstrip("*")) for name in names):
                yield demand, tuple(_sent(demand, cube) for cube in grant.cubes)
            elif everywhere and names and demand.applications:
                yield demand, (_spoken(demand, _all_names(names), frozenset()),)


def _spoken(demand: Demand, names: NameSet, inside: frozenset[Symbol]) -> Cube:
    """Return what a demand is to an application rule."""
    return Cube(
        source=demand.source,
        protocols=frozenset({"TCP"}),
        ports=demand.ports,
        applications=demand.applications,
        names=names,
        inside=inside,
    )


def _sent(demand: Demand, cube: Cube) -> Cube:
    """Return what a demand is to a network rule for its servers."""
    return Cube(
        source=demand.source,
        destination=cube.destination,
        protocols=demand.protocols,
        ports=demand.ports,
        inside=cube.inside,
    )


@lru_cache(maxsize=1024)
def _all_names(names: tuple[str, ...]) -> NameSet:
    return NameSet.parse_all(names)
