"""Firewall rules that meet each other, and those that no packet meets."""

from collections.abc import Iterator, Sequence

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify import relations
from hubwright.engines.verify.arrivals import arrivals
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.hygiene import hygiene_of
from hubwright.engines.verify.lines import Line, firewall_lines
from hubwright.engines.verify.places import nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.rules.afw_hygiene import KINDS, name_of, walk_in
from hubwright.engines.verify.space import Cube
from hubwright.model.address import ALL_ADDRESSES, ALL_PORTS
from hubwright.model.flow import Stage


@rule("AFW042", Severity.INFO, "a rule is an exception to a later one")
def exceptions(case: Case) -> Iterator[Finding]:
    """Find rules that decide otherwise than a later rule that has all of their packets."""
    for firewall in case.estate.firewalls:
        hygiene = hygiene_of(case, firewall)
        for number, other in relations.exceptions(hygiene):
            line, general = hygiene.lines[number], hygiene.lines[other]
            if not (line.is_written and general.is_written) or _is_catch_all(general):
                continue
            yield Finding(
                message=(
                    f"rule `{line.name}` is an exception to `{general.name}`: it decides "
                    f"{line.action} where that says {general.action}"
                ),
                at=name_of(line),
                label="a part of the later rule",
                causes=((name_of(general), "has all of its packets"),),
                help="keep it before the other; without it, or after it, the other decides",
                trace=walk_in(case, line, [line]),
            )


def _is_catch_all(line: Line) -> bool:
    """Tell whether a rule is for whatever is left: every source and every destination or name."""
    return any(
        cube.source == ALL_ADDRESSES
        and cube.destination == ALL_ADDRESSES
        and (cube.ports == ALL_PORTS or "www.example.com" in cube.names)
        and not cube.inside
        and "surely-nobody.invalid" in cube.names
        for cube in line.cubes
    )


@rule("AFW043", Severity.INFO, "two rules decide otherwise on the same packets")
def conflicts(case: Case) -> Iterator[Finding]:
    """Find pairs of rules with different actions that overlap, neither within the other."""
    for firewall in case.estate.firewalls:
        hygiene = hygiene_of(case, firewall)
        found: dict[int, list[tuple[Line, Cube]]] = {}
        for number, other, shared in relations.conflicts(hygiene):
            line, later = hygiene.lines[number], hygiene.lines[other]
            if not (line.is_written and later.is_written) or line.stage is not later.stage:
                continue
            if line.action != later.action and not (shared.inside or shared.outside):
                found.setdefault(number, []).append((later, shared))
        for number, others in found.items():
            yield _conflict(hygiene.lines[number], others)


def _conflict(line: Line, others: Sequence[tuple[Line, Cube]]) -> Finding:
    later = [item for item, _ in others]
    names = f"`{later[0].name}`"
    more = (f"so do {len(later) - 1} more rules behind it",) if len(later) > 1 else ()
    return Finding(
        message=(
            f"rules `{line.name}` and {names} decide otherwise on the same packets: their order "
            "counts"
        ),
        at=name_of(line),
        label=f"comes first: {line.action}",
        causes=tuple((name_of(item), f"would decide {item.action}") for item in later[:3]),
        notes=(f"both match: {others[0][1]}", *more),
        help="narrow one of them, or see that the order is what you mean",
    )


@rule("AFW044", Severity.WARNING, "no route brings a rule's packets to the firewall")
def never_reached(case: Case) -> Iterator[Finding]:
    """Find rules for subnets of the estate whose routes send nothing of it to the firewall."""
    for firewall in case.estate.firewalls:
        found = arrivals(case.estate, firewall, case.assumptions)
        if found is None:
            continue
        for line in firewall_lines(case.estate, firewall, case.assumptions):
            if not line.is_written or line.stage is Stage.DNAT or not line.cubes:
                continue
            if any(cube.inside or not cube.source <= found.inside for cube in line.cubes):
                continue
            if any(found.bring(cube) for cube in line.cubes):
                continue
            yield Finding(
                message=(
                    f"{KINDS[line.stage]} `{line.name}` sees no packet: no route leads them to "
                    f"`{firewall.name}`"
                ),
                at=nearest(line.origin.of("source_addresses"), line.origin.of("from"), line.origin),
                label="of these sources none sends to these destinations through the firewall",
                notes=tuple(
                    f"`{subnet}` sends there without the firewall"
                    for subnet in found.subnets_of(line.cubes)
                )[:3],
                help="add the route that is missing, or remove the rule",
            )
