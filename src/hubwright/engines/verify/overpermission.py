"""
What a firewall lets out that nothing needs: each rule's own decisions, less what is known.

Every destination of an allow rule is measured by itself, on whole sets of packets: what earlier
rules leave of it, from subnets whose routes bring it to the firewall, less what demands have.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import product

from hubwright.engines.verify.arrivals import arrivals
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.demands import Demand, demands
from hubwright.engines.verify.flows import flow_of
from hubwright.engines.verify.grants import Grant, Wanted, grants, leads_inside
from hubwright.engines.verify.hygiene import hygiene_of
from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.places import public_space, sending_subnets, spokesman
from hubwright.engines.verify.space import BudgetExceeded, Cube, NameSet, Region, Space
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import ALL_ADDRESSES, ALL_PORTS, AddressSet
from hubwright.model.firewall import Firewall
from hubwright.model.flow import Stage, Trace
from hubwright.model.network import Subnet

EVERYTHING = Cube()
_MOST_WALKS = 12
_FEW = 3


class Mark(StrEnum):
    """How a destination stands to what is known."""

    WIDER = "wider than needed"
    UNKNOWN = "no known need"


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """What one destination of an allow rule lets through that nothing known needs."""

    firewall: Firewall
    line: Line
    destination: str
    """As it was written."""
    mark: Mark
    region: Region
    """What nothing needs."""
    allowed: Region
    """All that the rule decides of this destination."""
    served: tuple[Demand, ...]
    """What needs another part of it."""

    @property
    def cubes(self) -> tuple[Cube, ...]:
        """What nothing needs, as few products as can be."""
        return self.region.compact().cubes()


def wider_than_needed(case: Case, firewall: Firewall) -> Iterator[Excess]:
    """Yield the destinations of allow rules that serve a need, and more than that."""
    for number, line in _judged(case, firewall):
        meter: _Meter | None = None
        for grant in grants(case.estate, line):
            near = _wanted(case).near(line, grant)
            if near:
                meter = meter or _Meter(case, firewall, number)
                excess = meter.excess(grant, near)
                if excess is not None and excess.mark is Mark.WIDER:
                    yield excess


def unneeded(case: Case, firewall: Firewall, limit: Cube = EVERYTHING) -> Iterator[Excess]:
    """
    Yield all that a firewall lets out to the internet and nothing known needs, rule by rule.

    Args:
        case: The estate, under assumptions.
        firewall: One of its firewalls.
        limit: What of it counts: some sources, some ports.
    """
    limit &= Cube(destination=public_space(case.estate))
    for number, line in _judged(case, firewall):
        meter = _Meter(case, firewall, number, limit)
        for grant in grants(case.estate, line):
            if not leads_inside(case.estate, grant.text):
                excess = meter.excess(grant, _wanted(case).near(line, grant))
                if excess is not None:
                    yield excess


def _judged(case: Case, firewall: Firewall) -> Iterator[tuple[int, Line]]:
    """Yield the allow rules that decide something, but those that are exact at a glance."""
    hygiene = hygiene_of(case, firewall)
    for number, line in enumerate(hygiene.lines):
        is_allow = line.stage is not Stage.DNAT and line.action == "Allow"
        if is_allow and number not in hygiene.hidden and not _wanted(case).settles(line):
            yield number, line


def _wanted(case: Case) -> Wanted:
    key = ("verify.wanted", case.assumptions)
    if key not in case.estate.memo:
        case.estate.memo[key] = Wanted(case.estate, demands(case))
    result: Wanted = case.estate.memo[key]
    return result


class _Meter:
    """Measures the destinations of one line."""

    def __init__(
        self, case: Case, firewall: Firewall, number: int, limit: Cube = EVERYTHING
    ) -> None:
        self.case = case
        self.firewall = firewall
        hygiene = hygiene_of(case, firewall)
        self.budget = hygiene.budget
        self.line = hygiene.lines[number]
        self.limit = limit
        if self.line.stage is Stage.APPLICATION_RULE:
            self.limit &= Cube(destination=public_space(case.estate))
        self.ahead = hygiene.ahead(number)
        self.arriving = tuple(self._arriving())

    def excess(
        self, grant: Grant, near: Sequence[tuple[Demand, tuple[Cube, ...]]]
    ) -> Excess | None:
        """Return what of a grant nothing needs; None for nothing, or where it takes too long."""
        arriving = [cube for cube in self.arriving if any(cube & mine for mine in grant.cubes)]
        earlier = [cube for cube in self.ahead if any(cube & mine for mine in grant.cubes)]
        needed = [cube for _, cubes in near for cube in cubes]
        space = Space((*grant.cubes, *arriving, *earlier, *needed), budget=self.budget)
        try:
            allowed = Region.of(space, grant.cubes) & Region.of(space, arriving)
            allowed = allowed - Region.of(space, earlier)
            served = tuple(d for d, cubes in near if allowed & Region.of(space, cubes))
            rest = allowed - Region.of(space, needed)
        except BudgetExceeded:
            return None
        if not rest:
            return None
        return Excess(
            firewall=self.firewall,
            line=self.line,
            destination=grant.text,
            mark=Mark.WIDER if served else Mark.UNKNOWN,
            region=rest,
            allowed=allowed,
            served=served,
        )

    def _arriving(self) -> Iterator[Cube]:
        """Yield what the estate's machines can send to the firewall, subnet by subnet."""
        found = arrivals(self.case.estate, self.firewall, self.case.assumptions)
        for subnet in sending_subnets(self.case.estate):
            source = AddressSet.prefixes_of(subnet.address_prefixes)
            sent = ALL_ADDRESSES
            if found is not None:
                mine = (cube for cube in found.cubes if cube.source == source)
                sent = next((cube.destination for cube in mine), AddressSet())
            cube = Cube(source=source, destination=sent) & self.limit
            if cube:
                yield cube


def witness(case: Case, excess: Excess) -> Trace | None:
    """Walk a packet that nothing needs, if the plain evaluator says that the rule lets it out."""
    subnets = sending_subnets(case.estate)
    walked = 0
    for cube, subnet in product(excess.cubes, subnets):
        mine = cube.source & AddressSet.prefixes_of(subnet.address_prefixes)
        if not mine or walked == _MOST_WALKS:
            continue
        flow = flow_of(_legible(cube, excess.destination), spokesman(case.estate, subnet))
        if flow is not None:
            walked += 1
            trace = case.walk(flow)
            if trace.disposition.is_success and _is_decided(trace, excess.line):
                return trace
    return None


def _legible(cube: Cube, destination: str) -> Cube:
    """Return a part of a cube with a name that people know, where there is one."""
    if not destination.startswith("*"):
        return cube
    tail = destination.lstrip("*.") or "example.com"
    names = NameSet.parse(f"www.{tail}")
    return replace(cube, names=names) if names <= cube.names else cube


def _is_decided(trace: Trace, line: Line) -> bool:
    return any(step.rule == line.path for hop in trace.forward for step in hop.steps)


def beyond(case: Case, excess: Excess) -> tuple[tuple[str, str], ...]:
    """
    Return in which respects a destination is too wide, each with a few words.

    Sources come first, then ports of the sources that need something, then names or destinations
    on those ports.
    """
    return tuple(_Words(case, excess).parts())


class _Words:
    """Says what is too much, one respect after the other."""

    def __init__(self, case: Case, excess: Excess) -> None:
        self.case = case
        self.excess = excess
        self.is_named = excess.line.stage is Stage.APPLICATION_RULE
        self.rest = list(excess.cubes)
        self.needed = (excess.allowed - excess.region).compact().cubes()

    def parts(self) -> Iterator[tuple[str, str]]:
        """Yield respects and words."""
        idle = self._idle()
        if idle:
            yield "sources", ", ".join(subnet.id for subnet in idle)
        space = AddressSet.prefixes_of([p for s in idle for p in s.address_prefixes])
        narrowed = (replace(cube, source=cube.source - space) for cube in self.rest)
        self.rest = [cube for cube in narrowed if cube]
        ports = sorted({*self._ports()})
        if ports:
            yield "ports", ", ".join(ports)
        if self.rest:
            yield "names" if self.is_named else "destinations", self._others()

    def _idle(self) -> list[Subnet]:
        """Return the subnets that may send it and need nothing of it."""
        return [
            subnet
            for subnet in sending_subnets(self.case.estate)
            for space in [AddressSet.prefixes_of(subnet.address_prefixes)]
            if any(cube.source.overlaps(space) for cube in self.rest)
            and not any(cube.source.overlaps(space) for cube in self.needed)
        ]

    def _ports(self) -> Iterator[str]:
        """Yield protocols with ports that nothing needs, and leave the others in `rest`."""
        left: list[Cube] = []
        for cube in self.rest:
            spoken = sorted(cube.applications) if self.is_named else [None]
            for protocol, word in product(sorted(cube.protocols), spoken):
                part = replace(cube, protocols=frozenset({protocol}))
                if word is not None:
                    part = replace(part, applications=frozenset({word}))
                ports = cube.ports
                for item in self.needed:
                    if protocol in item.protocols and (word is None or word in item.applications):
                        ports -= item.ports
                if ports:
                    shown = "every port" if ports == ALL_PORTS else f"{ports}"
                    yield f"{(word or protocol).lower()} {shown}"
                kept = replace(part, ports=cube.ports - ports)
                left += [kept] if kept else []
        self.rest = left

    def _others(self) -> str:
        """Return what was written, and what of it is needed."""
        text = self.excess.destination
        if not self.is_named or not text.startswith("*"):
            return text
        names = [str(cube.names) for cube in self.needed]
        known = list(dict.fromkeys(name for item in names for name in item.split(", ")))
        more = f" and {len(known) - _FEW} more" if len(known) > _FEW else ""
        return f"{text} beyond {', '.join(known[:_FEW])}{more}"
