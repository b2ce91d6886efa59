"""What the rules of a firewall do to each other, on whole sets of packets."""

from collections.abc import Iterator, Sequence

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.flows import flow_of
from hubwright.engines.verify.hygiene import Hygiene, hygiene_of
from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.places import nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.rules.afw_order import hidden_by, host_in
from hubwright.model.firewall import Firewall
from hubwright.model.flow import Stage, Trace
from hubwright.model.origin import Origin

KINDS = {
    Stage.DNAT: "DNAT rule",
    Stage.NETWORK_RULE: "network rule",
    Stage.APPLICATION_RULE: "application rule",
}


@rule("AFW002", Severity.WARNING, "a rule can never match")
def shadowed(case: Case) -> Iterator[Finding]:
    """Find rules of which earlier rules of the same kind leave nothing."""
    for firewall, hygiene, number in _hidden(case):
        line = hygiene.lines[number]
        hiders = [hygiene.lines[n] for n in hygiene.hidden_by(number, line.stage)]
        wide = hidden_by(case, firewall)
        if not hiders or any(item.path in wide for item in hiders):
            continue
        names = _names(hiders)
        differs = any(item.action != line.action for item in hiders)
        verb = "s" * (len(hiders) == 1)
        yield Finding(
            message=f"rule `{line.name}` never matches: {names} come{verb} first",
            at=name_of(line),
            label="takes nothing that is left",
            causes=tuple((name_of(item), "takes it first") for item in hiders),
            notes=(
                *((f"{names} decide{verb} otherwise",) if differs else ()),
                *_parents(line, hiders),
            ),
            help="remove it, or move it before" if differs else "remove it",
            trace=walk_in(case, line, hiders),
        )


def _hidden(case: Case) -> Iterator[tuple[Firewall, Hygiene, int]]:
    """Yield the lines that people wrote and earlier ones hide, but what AFW001 reports."""
    for firewall in case.estate.firewalls:
        hygiene, wide = hygiene_of(case, firewall), hidden_by(case, firewall)
        for number in sorted(hygiene.hidden):
            line = hygiene.lines[number]
            if line.is_written and line.path not in wide:
                yield firewall, hygiene, number


def _names(lines: Sequence[Line]) -> str:
    shown = [f"`{line.name}`" for line in lines[:3]]
    more = f" and {len(lines) - 3} more" if len(lines) > 3 else ""
    return (", ".join(shown) if more else " and ".join(shown)) + more


def name_of(line: Line) -> Origin:
    """Return where a rule's name was written."""
    return nearest(line.origin.of("name"), line.origin)


def _parents(line: Line, hiders: Sequence[Line]) -> tuple[str, ...]:
    """Return notes on hiders that come first since they are a parent policy's."""
    if line.is_inherited:
        return ()
    return tuple(
        f"`{item.name}` stands in parent policy `{item.policy}`, which comes first whatever the "
        "priorities"
        for item in hiders
        if item.is_inherited
    )


@rule("AFW040", Severity.WARNING, "rules of another kind leave nothing of a rule")
def hidden_by_another_kind(case: Case) -> Iterator[Finding]:
    """Find rules that are hidden only with the help of rules of an earlier kind."""
    for firewall, hygiene, number in _hidden(case):
        line, wide = hygiene.lines[number], hidden_by(case, firewall)
        if hygiene.hidden_by(number, line.stage):
            continue
        hiders = [hygiene.lines[n] for n in hygiene.hidden_by(number)]
        if not hiders or any(item.path in wide for item in hiders):
            continue
        yield Finding(
            message=(
                f"{KINDS[line.stage]} `{line.name}` never matches: {_by_kind(firewall, hiders)}"
            ),
            at=name_of(line),
            label="takes nothing that is left",
            causes=tuple(
                (name_of(item), "takes it first") for item in hiders if item.rule is not None
            ),
            notes=(
                (
                    "DNAT rules come before network rules and those before application rules, "
                    "whatever the priorities"
                ),
            ),
            help="remove it, or narrow what comes first",
            trace=walk_in(case, line, hiders),
        )


def _by_kind(firewall: Firewall, hiders: Sequence[Line]) -> str:
    """Return what comes first, kind by kind."""
    parts: list[str] = []
    for stage, kind in KINDS.items():
        mine = [item for item in hiders if item.stage is stage and item.rule is not None]
        if mine:
            parts.append(f"{kind}{'s' * (len(mine) > 1)} {_names(mine)}")
    if any(item.rule is None for item in hiders):
        if not parts:
            return f"at its own addresses `{firewall.name}` looks at DNAT rules only"
        parts.append(f"the own addresses of `{firewall.name}`")
    single = len(hiders) == 1
    return f"{' and '.join(parts)} come{'s' * single} first"


@rule("AFW041", Severity.INFO, "a rule changes nothing")
def redundant(case: Case) -> Iterator[Finding]:
    """Find rules whose packets others would take with the same decision."""
    for firewall in case.estate.firewalls:
        hygiene = hygiene_of(case, firewall)
        for number in sorted(hygiene.redundant):
            line = hygiene.lines[number]
            used = {n for claim in hygiene.why_redundant(number) for n in claim.lines}
            takers = [hygiene.lines[n] for n in sorted(used) if n > number]
            if not takers:
                continue
            verb = "s" * (len(takers) == 1)
            yield Finding(
                message=(
                    f"rule `{line.name}` changes nothing: {_names(takers)} take{verb} the same "
                    "and decide" + verb + " alike"
                ),
                at=name_of(line),
                label="every decision stays as it is without it",
                causes=tuple((name_of(item), "takes the same") for item in takers),
                notes=(
                    (
                        "safe to delete: proved for every packet, whatever service tags, FQDN "
                        "tags and names hold"
                    ),
                ),
                help="remove it, unless its own name is wanted in the logs",
            )


def walk_in(case: Case, line: Line, deciders: Sequence[Line]) -> Trace | None:
    """Walk a packet of a line that one of several lines decides on, if a machine can send it."""
    paths = [item.path for item in deciders]
    for cube in line.cubes:
        host = host_in(case.estate, cube.source)
        flow = flow_of(cube, host) if host else None
        trace = case.walk(flow) if flow else None
        if trace is None:
            continue
        named = line.stage is Stage.APPLICATION_RULE and trace.decided_by in (
            Stage.APPLICATION_RULE,
            Stage.DELIVERY,
        )
        if named or any(trace.meets(path) for path in paths):
            return trace
    return None
