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
from hubwright.engines.verify.flows import flow_of
from hubwright.engines.verify.hygiene import hygiene_of
from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.permission.demands import Demand, demands
from hubwright.engines.verify.permission.grants import Grant, grants, leads_inside
from hubwright.engines.verify.permission.wanted import Wanted
from hubwright.engines.verify.places import public_space, sending_subnets, spokesman
from hubwright.engines.verify.space import BudgetExceeded, Cube, NameSet, Region, Space
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import ALL_ADDRESSES
from hubwright.model.firewall import Firewall
from hubwright.model.flow import Stage, Trace

Served = Sequence[tuple[Demand, tuple[Cube, ...]]]
"""Demands with their packets, as a rule sees them."""
EVERYTHING = Cube()
_MOST_WALKS = 12


class Mark(StrEnum):
    """How a destination stands to what is known."""

    WIDER = "wider than needed"
    UNKNOWN = "no known need"
    OPEN = "not decided"
    """It takes more steps than a question may."""


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
    wanted = _wanted(case)
    for number, line in _judged(case, firewall):
        if wanted.may_serve(line):
            pairs = ((grant, wanted.near(line, grant)) for grant in grants(case.estate, line))
            found = [(grant, near) for grant, near in pairs if near]
            for excess in _measured(case, firewall, number, found) if found else ():
                if excess.mark is Mark.WIDER:
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
    wanted = _wanted(case)
    for number, line in _judged(case, firewall):
        found = [
            (grant, wanted.near(line, grant))
            for grant in grants(case.estate, line)
            if not leads_inside(case.estate, grant.text)
        ]
        yield from _measured(case, firewall, number, found, limit)


def _judged(case: Case, firewall: Firewall) -> Iterator[tuple[int, Line]]:
    """Yield the allow rules that decide something, but those that are exact at a glance."""
    hygiene = hygiene_of(case, firewall)
    for number, line in enumerate(hygiene.lines):
        is_allow = line.stage is not Stage.DNAT and line.action == "Allow"
        if is_allow and number not in hygiene.hidden and not _wanted(case).settles(line):
            yield number, line


def _wanted(case: Case) -> Wanted:
    key = ("verify.permission.wanted", case.assumptions)
    if key not in case.estate.memo:
        case.estate.memo[key] = Wanted(case.estate, demands(case))
    result: Wanted = case.estate.memo[key]
    return result


def _measured(
    case: Case,
    firewall: Firewall,
    number: int,
    found: Sequence[tuple[Grant, Served]],
    limit: Cube = EVERYTHING,
) -> Iterator[Excess]:
    """Yield what nothing needs of some destinations of a line."""
    hygiene = hygiene_of(case, firewall)
    line = hygiene.lines[number]
    if line.stage is Stage.APPLICATION_RULE:
        limit &= Cube(destination=public_space(case.estate))
    arriving = list(_arriving(case, firewall, limit))
    cubes = [cube for grant, _ in found for cube in grant.cubes]
    needed = [cube for _, near in found for _, mine in near for cube in mine]
    ahead = hygiene.ahead(number)
    space = Space((*cubes, *arriving, *ahead, *needed), budget=hygiene.budget)
    come, before = Region.of(space, arriving), Region.of(space, ahead)
    for grant, near in found:
        allowed = Region.of(space, grant.cubes) & come
        served: tuple[Demand, ...] = ()
        try:
            allowed = allowed - before
            served = tuple(demand for demand, mine in near if allowed & Region.of(space, mine))
            rest = allowed - Region.of(space, [cube for _, mine in near for cube in mine])
            mark = Mark.WIDER if served else Mark.UNKNOWN
        except BudgetExceeded:
            rest, mark, served = allowed, Mark.OPEN, ()
        if rest:
            yield Excess(
                firewall=firewall,
                line=line,
                destination=grant.text,
                mark=mark,
                region=rest,
                allowed=allowed,
                served=served,
            )


def _arriving(case: Case, firewall: Firewall, limit: Cube) -> Iterator[Cube]:
    """Yield what the estate's machines can send to the firewall, subnet by subnet."""
    found = arrivals(case.estate, firewall, case.assumptions)
    for subnet in sending_subnets(case.estate):
        sent = ALL_ADDRESSES if found is None else found.sent_by(subnet)
        cube = Cube(source=subnet.space, destination=sent) & limit
        if cube:
            yield cube


def witness(case: Case, excess: Excess) -> Trace | None:
    """Walk a packet that nothing needs, if the plain evaluator says that the rule lets it out."""
    subnets = sending_subnets(case.estate)
    walked = 0
    for cube, subnet in product(excess.cubes, subnets):
        mine = cube.source & subnet.space
        if not mine or walked == _MOST_WALKS:
            continue
        flow = flow_of(_legible(cube, excess.destination), spokesman(case.estate, subnet))
        if flow is not None:
            walked += 1
            trace = case.walk(flow)
            if trace.disposition.is_success and trace.meets(excess.line.path):
                return trace
    return None


def _legible(cube: Cube, destination: str) -> Cube:
    """Return a part of a cube with a name that people know, where there is one."""
    if not destination.startswith("*"):
        return cube
    tail = destination.lstrip("*.") or "example.com"
    names = NameSet.parse(f"www.{tail}")
    return replace(cube, names=names) if names <= cube.names else cube
