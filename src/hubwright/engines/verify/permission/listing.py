"""All that an estate's subnets may reach on the internet and nothing known needs, by rule."""

from collections.abc import Sequence

from hubwright.engines.verify.case import Case
from hubwright.engines.verify.permission.beyond import beyond
from hubwright.engines.verify.permission.excess import EVERYTHING, Excess, unneeded
from hubwright.engines.verify.places import sending_subnets
from hubwright.engines.verify.space import Cube
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import ALL_PORTS, PortSet
from hubwright.model.flow import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One destination of one rule, for some subnets."""

    firewall: str
    kind: str
    """`network rule` or `application rule`."""
    rule: str
    path: str
    """`policy/group/collection/rule`."""
    place: str
    """Where the rule was written."""
    destination: str
    """As it was written; a tag with its kind."""
    mark: str
    """`wider than needed` or `no known need`."""
    packets: str
    """Protocols and ports that nothing needs: `https 443`."""
    subnets: tuple[str, ...]
    """Ids of the subnets that may send it."""
    cubes: tuple[Cube, ...]
    """What nothing needs."""
    beyond: tuple[tuple[str, str], ...] = ()
    """In which respects it is wider than needed."""
    needed_by: tuple[str, ...] = ()


def listing(case: Case, limit: Cube = EVERYTHING) -> tuple[Row, ...]:
    """
    Return everything that is let out and that nothing known needs, firewall by firewall.

    Args:
        case: The estate, under assumptions.
        limit: What of it is asked for: some sources, some ports.
    """
    return tuple(
        _row(case, excess)
        for firewall in case.estate.firewalls
        for excess in unneeded(case, firewall, limit)
    )


def _row(case: Case, excess: Excess) -> Row:
    line, cubes = excess.line, excess.cubes
    return Row(
        firewall=excess.firewall.name,
        kind=str(line.stage),
        rule=line.name,
        path=line.path,
        place=str(line.origin),
        destination=excess.destination,
        mark=str(excess.mark),
        packets=_packets(cubes, by_name=line.stage is Stage.APPLICATION_RULE),
        subnets=_senders(case, cubes),
        cubes=cubes,
        beyond=beyond(case, excess) if excess.served else (),
        needed_by=tuple(dict.fromkeys(demand.text for demand in excess.served)),
    )


def _senders(case: Case, cubes: Sequence[Cube]) -> tuple[str, ...]:
    return tuple(
        subnet.id
        for subnet in sending_subnets(case.estate)
        for space in [subnet.space]
        if any(cube.source.overlaps(space) for cube in cubes)
    )


def _packets(cubes: Sequence[Cube], *, by_name: bool) -> str:
    """Return protocols with their ports, those of one protocol together."""
    ports = dict[str, list[tuple[int, int]]]()
    for cube in cubes:
        for word in sorted(cube.applications if by_name else cube.protocols):
            ports.setdefault(word.lower(), []).extend(cube.ports.intervals)
    shown: list[str] = []
    for word, intervals in ports.items():
        merged = PortSet.of(intervals)
        shown.append(f"{word} every port" if merged == ALL_PORTS else f"{word} {merged}")
    return ", ".join(shown)
