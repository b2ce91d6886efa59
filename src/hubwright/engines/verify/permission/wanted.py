"""Which demands the rules of a firewall may serve, by what they name."""

from collections.abc import Iterator
from functools import lru_cache

from hubwright.catalogue.egress_tags import SERVED_BY_TAG, is_served_by
from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.permission.demands import Demand
from hubwright.engines.verify.permission.grants import Grant
from hubwright.engines.verify.places import public_space
from hubwright.engines.verify.space import Cube, NameSet, Symbol
from hubwright.model.estate import Estate
from hubwright.model.firewall import ApplicationRule, NetworkRule
from hubwright.semantics.firewall import SPOKEN
from hubwright.semantics.names import SITE

_FQDN_TAG = "FQDN tag "
_TAG = "service tag "


class Wanted:
    """Demands, found by what a rule names, so that most rules are judged at a glance."""

    def __init__(self, estate: Estate, known: tuple[Demand, ...]) -> None:
        """Sort demands by name."""
        self.estate = estate
        self.known = known
        self.by_address = [demand for demand in known if demand.cubes]
        self.exact: dict[str, list[Demand]] = {}
        """Name -> demands by application rules."""
        self.wild: list[tuple[str, Demand]] = []
        """Likewise, the ends of wildcards."""
        self.servers: dict[str, list[Demand]] = {}
        """Name or service tag -> demands that a network rule for it serves."""
        for demand in known:
            for name in demand.names:
                self.servers.setdefault(name, []).append(demand)
                if demand.applications and name.startswith("*"):
                    self.wild.append((name[1:], demand))
                elif demand.applications:
                    self.exact.setdefault(name, []).append(demand)

    def settles(self, line: Line) -> bool:
        """Tell whether demands by name have all of a rule, destination by destination."""
        rule = line.rule
        if not isinstance(rule, ApplicationRule) or rule.destination_urls or rule.web_categories:
            return False
        sources = {id(cube.source): cube.source for cube in line.cubes}.values()
        spoken = [(SPOKEN[protocol.type], protocol.port) for protocol in rule.protocols]

        def has_all(demand: Demand) -> bool:
            return all(
                word in demand.applications and port in demand.ports for word, port in spoken
            ) and all(source <= demand.source for source in sources)

        return all(
            any(map(has_all, self._naming(name.lower()))) for name in rule.destination_fqdns
        ) and all(any(map(has_all, self._tagged(tag))) for tag in rule.destination_fqdn_tags)

    def may_serve(self, line: Line) -> bool:
        """Tell whether a rule names anything that is needed: without that it serves nothing."""
        rule = line.rule
        if isinstance(rule, ApplicationRule):
            hosts = (url.partition("/")[0] for url in rule.destination_urls)
            names = (*rule.destination_fqdns, *hosts)
            if any(True for name in names for _ in self._meeting(name.lower())):
                return True
            if any(True for tag in rule.destination_fqdn_tags for _ in self._tagged(tag)):
                return True
        elif isinstance(rule, NetworkRule):
            texts = (*rule.destination_addresses, *rule.destination_fqdns)
            if any(self._serving(text.lower()) for text in texts):
                return True
            if any(self._is_everywhere(cube) for cube in line.cubes):
                return True
        return any(
            _may_meet(cube, mine)
            for demand in self.by_address
            for cube in demand.cubes
            for mine in line.cubes
        )

    def near(self, line: Line, grant: Grant) -> list[tuple[Demand, tuple[Cube, ...]]]:
        """Return the demands that a grant may serve, each with its packets as the rule sees it."""
        by_name = isinstance(line.rule, ApplicationRule)
        found = self._named(grant) if by_name else self._at(grant)
        by_address = ((demand, demand.cubes) for demand in self.by_address)
        return [
            (demand, cubes)
            for demand, cubes in (*found, *by_address)
            if any(_may_meet(cube, mine) for cube in cubes for mine in grant.cubes)
        ]

    def _naming(self, text: str) -> Iterator[Demand]:
        """Yield the demands for all that a pattern stands for."""
        yield from self.exact.get(text, ())
        yield from (demand for suffix, demand in self.wild if text.endswith(suffix))

    def _meeting(self, text: str) -> Iterator[Demand]:
        """Yield the demands for some of what a pattern stands for, perhaps more than once."""
        yield from self._naming(text)
        if text.startswith("*"):
            tail = text[1:]
            for name, found in self.exact.items():
                if name.endswith(tail):
                    yield from found
            yield from (demand for suffix, demand in self.wild if suffix.endswith(tail))

    def _tagged(self, tag: str) -> Iterator[Demand]:
        return (demand for demand in self.known if demand.tag == tag.lower())

    def _serving(self, text: str) -> list[Demand]:
        """Return the demands whose servers a network rule's destination is said to hold."""
        if text not in self.servers and text.partition(".")[0] in SERVED_BY_TAG:
            self.servers[text] = [
                demand
                for demand in self.known
                if any(is_served_by(text, name.lstrip("*")) for name in demand.names)
            ]
        return self.servers.get(text, [])

    def _is_everywhere(self, cube: Cube) -> bool:
        """Tell whether a network rule's cube holds the whole internet."""
        return (
            not cube.inside
            and SITE in cube.destination
            and public_space(self.estate) <= cube.destination
        )

    def _named(self, grant: Grant) -> Iterator[tuple[Demand, tuple[Cube, ...]]]:
        """Yield what an application rule's destination may serve: by its name."""
        inside, names = grant.cubes[0].inside, grant.cubes[0].names
        if inside:
            tag = grant.text.removeprefix(_FQDN_TAG)
            yield from ((d, (_spoken(d, names, inside),)) for d in self._tagged(tag))
            return
        for demand in {id(d): d for d in self._meeting(grant.text)}.values():
            yield demand, (_spoken(demand, _all_names(demand.names), inside),)

    def _at(self, grant: Grant) -> Iterator[tuple[Demand, tuple[Cube, ...]]]:
        """Yield what a network rule's destination may serve: by its servers, or as anything."""
        for demand in self._serving(grant.text.lower().removeprefix(_TAG)):
            yield demand, tuple(_sent(demand, cube) for cube in grant.cubes)
        if any(self._is_everywhere(cube) for cube in grant.cubes):
            for demand in self.known:
                if demand.names and demand.applications:
                    yield demand, (_spoken(demand, _all_names(demand.names), frozenset()),)


def _may_meet(one: Cube, other: Cube) -> bool:
    """Tell whether two cubes may share packets, the widest fields first."""
    return (
        one.destination.overlaps(other.destination)
        and one.source.overlaps(other.source)
        and bool(one & other)
    )


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
