"""What the rules of a security group do to each other, and to Azure's own rules behind them."""

from collections.abc import Iterator
from dataclasses import replace

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.hygiene import Hygiene
from hubwright.engines.verify.lines import Line, security_lines
from hubwright.engines.verify.places import nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.network import BASTION_SUBNET, NetworkSecurityGroup, SecurityRule
from hubwright.semantics.nsg import DEFAULT_RULES

_DIRECTIONS = ("Inbound", "Outbound")
_TAG_MODES = ("with-default-route", "without")


def _places(case: Case, group: NetworkSecurityGroup) -> tuple[str, ...]:
    """Return the subnets at which a group filters: its tags mean something else at each."""
    estate = case.estate
    return tuple(
        dict.fromkeys(
            (
                *(s.id for s in estate.subnets if s.network_security_group == group.name),
                *(
                    nic.subnet
                    for nic in estate.network_interfaces
                    if nic.network_security_group == group.name
                ),
            )
        )
    )


def _groups(case: Case) -> Iterator[list[Hygiene]]:
    """
    Yield each written group's lines of one direction, at every subnet where it filters.

    Each subnet counts twice: documentation leaves open whether the VirtualNetwork tag holds a
    user-defined default route, and a finding must not rest on either reading. Subnets whose rules
    Azure prescribes do not count: a rule that changes nothing must be there all the same.
    """
    prescribed = _prescribed(case)
    for group in case.estate.network_security_groups:
        places = _places(case, group)
        if not places or prescribed.issuperset(places):
            continue
        for direction in _DIRECTIONS:
            if any(
                item.direction == direction and not item.origin.derived
                for item in group.security_rules
            ):
                yield [
                    _hygiene(case, group.name, direction, place, mode)
                    for place in places
                    for mode in _TAG_MODES
                ]


def _prescribed(case: Case) -> set[str]:
    """
    Return the subnets for which Azure prescribes rules: those of Bastion and of API servers.

    Source: learn.microsoft.com/azure/bastion/bastion-nsg and
    learn.microsoft.com/azure/aks/api-server-vnet-integration (2026).
    """
    bastion = {item.id for item in case.estate.subnets if item.name == BASTION_SUBNET}
    servers = {item.api_server_subnet for item in case.estate.kubernetes_clusters}
    return bastion | {subnet for subnet in servers if subnet is not None}


def _hygiene(case: Case, group: str, direction: str, place: str, mode: str) -> Hygiene:
    assumptions = replace(case.assumptions, virtual_network_tag=mode)
    key = ("verify.nsg-hygiene", group, direction, place, assumptions)
    if key not in case.estate.memo:
        lines = security_lines(case.estate, group, direction, place, assumptions)
        case.estate.memo[key] = Hygiene(lines, "Allow", stays=_stays)
    result: Hygiene = case.estate.memo[key]
    return result


def _stays(line: Line) -> bool:
    return not line.is_written or line.rule in DEFAULT_RULES


def _everywhere(found: list[Hygiene], *, hidden: bool) -> Iterator[int]:
    """Yield the lines that people wrote and that are hidden, or redundant, at every subnet."""
    lines = found[0].lines
    sets = [item.hidden if hidden else item.redundant for item in found]
    for number in sorted(frozenset.intersection(*sets)):
        twins = [n for n, line in enumerate(lines) if line.path == lines[number].path]
        if not _stays(lines[number]) and all(n in each for n in twins for each in sets):
            yield number


@rule("NSG007", Severity.WARNING, "a security rule can never match")
def hidden(case: Case) -> Iterator[Finding]:
    """Find rules of which rules with a lower number leave nothing, wherever the group filters."""
    for found in _groups(case):
        for number in _everywhere(found, hidden=True):
            line = found[0].lines[number]
            hiders = [found[0].lines[n] for n in found[0].hidden_by(number)]
            if not hiders:
                continue
            names = " and ".join(f"`{item.name}`" for item in hiders[:3])
            differs = any(item.action != line.action for item in hiders)
            verb = "s" * (len(hiders) == 1)
            yield Finding(
                message=(
                    f"security rule `{line.name}` of `{line.policy}` never matches: {names} "
                    f"come{verb} first"
                ),
                at=nearest(line.origin.of("name"), line.origin),
                label="takes nothing that is left",
                causes=tuple((item.origin, "takes it first") for item in hiders),
                notes=(f"{names} decide{verb} otherwise",) if differs else (),
                help="remove it, or give it a lower number" if differs else "remove it",
                severity=None if differs else Severity.INFO,
            )


@rule("NSG008", Severity.INFO, "a security rule changes nothing")
def redundant(case: Case) -> Iterator[Finding]:
    """Find rules whose packets later rules, or Azure's own, would take with the same access."""
    for found in _groups(case):
        for number in _everywhere(found, hidden=False):
            line = found[0].lines[number]
            used = {n for claim in found[0].why_redundant(number) for n in claim.lines}
            takers = [found[0].lines[n] for n in sorted(used) if n > number]
            names = " and ".join(f"`{item.name}`" for item in takers[:3]) or "what comes behind it"
            yield Finding(
                message=(
                    f"security rule `{line.name}` of `{line.policy}` changes nothing: {names} "
                    f"decide{'s' * (len(takers) < 2)} alike"
                ),
                at=nearest(line.origin.of("name"), line.origin),
                label="every decision stays as it is without it",
                causes=tuple((item.origin, "decides alike") for item in takers if item.is_written),
                notes=(
                    "safe to delete: proved for every packet, whatever service tags hold",
                    *(
                        f"`{item.name}` is a rule that Azure adds to every group"
                        for item in takers
                        if item.rule in DEFAULT_RULES
                    ),
                ),
                help="remove it, unless it is there to be seen",
            )


@rule("NSG009", Severity.ERROR, "two security rules have the same priority")
def same_priority(case: Case) -> Iterator[Finding]:
    """Find equal numbers in one direction of a group: Azure refuses the second."""
    for group in case.estate.network_security_groups:
        first: dict[tuple[str, int], SecurityRule] = {}
        for item in group.security_rules:
            other = first.setdefault((item.direction, item.priority), item)
            if other is item:
                continue
            yield Finding(
                message=(
                    f"{item.direction.lower()} rules `{other.name}` and `{item.name}` of "
                    f"`{group.name}` have the same priority"
                ),
                at=nearest(item.origin.of("priority"), item.origin),
                label=f"{item.priority}",
                causes=((nearest(other.origin.of("priority"), other.origin), "the same"),),
                notes=("Azure answers SecurityRuleConflict, and the deployment fails",),
                help="give each its own priority",
            )
