"""A trace for people: numbered hops out and back, what decided at each, and how it ends."""

from collections.abc import Sequence
from textwrap import wrap

from hubwright.diagnostics.render.ansi import (
    BLUE,
    BOLD,
    CYAN,
    DIM,
    GREEN,
    RED,
    YELLOW,
    Paint,
    one_line,
)
from hubwright.model.address import format_address
from hubwright.model.flow import Application, Disposition, Flow, Hop, Stage, Step, Symptom, Trace

COLUMNS = 100
_STAGES = {
    Stage.NSG: "nsg",
    Stage.THREAT_INTELLIGENCE: "threat intel",
    Stage.APPLICATION_RULE: "app rule",
    Stage.INFRASTRUCTURE_RULE: "infra rule",
    Stage.STATE: "state",
}
_STAGE_WIDTH, _ACTION_WIDTH, _NODE_WIDTH = 13, 10, 34
_INDENT = 6
_TEXT = _INDENT + _STAGE_WIDTH + 1 + _ACTION_WIDTH + 1
_SYMPTOMS = {
    Symptom.ANSWER: "an answer",
    Symptom.HTTP_470: "HTTP 470, from the firewall",
    Symptom.TLS_CLOSED: "the TLS connection closes at ClientHello",
    Symptom.TIMEOUT: "nothing, until it times out",
    Symptom.NXDOMAIN: "NXDOMAIN: the name does not exist",
    Symptom.FORBIDDEN: "HTTP 403: the service refuses public access",
    Symptom.UNKNOWN: "cannot be told",
}
_ACTIONS = {
    "allowed": GREEN,
    "delivered": GREEN,
    "denied": RED,
    "dropped": RED,
    "unknown": YELLOW,
    "translated": YELLOW,
}
_MANY = 4


def render(trace: Trace, *, color: bool = False, verbose: bool = False) -> str:
    """
    Return the whole walk, at most 100 columns wide unless a name alone is longer.

    Args:
        trace: What to show.
        color: ANSI colour.
        verbose: Also say why hubwright added what the user did not write, and show the walks of
            the other outcomes, where Azure chooses at random.
    """
    paint = Paint(color)
    asked = [paint(line, BOLD) for line in _wrapped(_question(trace.flow), COLUMNS)]
    lines = [*asked, *_whole(trace, paint, verbose=verbose)]
    for n, branch in enumerate(trace.branches if verbose else (), start=1):
        heading = f"otherwise ({n} of {len(trace.branches)})"
        lines += ["", paint(heading, BOLD), *_whole(branch, paint, verbose=True)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _whole(trace: Trace, paint: Paint, *, verbose: bool) -> list[str]:
    walk = _walk(trace, paint, verbose=verbose)
    return [*_path(trace, paint), *walk, "", *_ending(trace, paint)]


def _question(flow: Flow) -> str:
    match flow.application:
        case Application.NONE:
            return one_line(str(flow))
        case Application.HTTP:
            name = f"Host {flow.server_name}" if flow.server_name else "no Host"
        case Application.HTTPS | Application.MSSQL:
            name = f"SNI {flow.server_name}" if flow.server_name else "no SNI"
    return one_line(f"{flow}, {flow.application}, {name}")


def _path(trace: Trace, paint: Paint) -> list[str]:
    """Return the nodes with arrows between; the one that stops the flow stands in bars."""
    blocker = trace.blocker
    nodes: list[tuple[str, tuple[str, ...]]] = []
    for hop in (*trace.dns, *trace.forward, *trace.reverse):
        if blocker is not None and hop is blocker[0]:
            back = " (on the way back)" if hop in trace.reverse else ""
            nodes.append((f"| {hop.node}: {_stage(blocker[1])} |{back}", (RED, BOLD)))
            break
        if hop in trace.forward:
            nodes.append((hop.node, ()))
    lines, column = ["  "], 2
    for n, (text, codes) in enumerate(nodes):
        arrow = " -> " if n else ""
        if column + len(arrow) + len(text) > COLUMNS and n:
            lines.append("    ")
            arrow, column = "-> ", 4
        lines[-1] += paint(arrow, DIM) + (paint(text, *codes) if codes else text)
        column += len(arrow) + len(text)
    return lines


def _walk(trace: Trace, paint: Paint, *, verbose: bool) -> list[str]:
    lines: list[str] = []
    number = 0
    refused = trace.blocker is not None and trace.blocker[0] not in trace.reverse
    back = "back, with the refusal" if refused else "back"
    ways = (("name", trace.dns), ("out", trace.forward), (back, trace.reverse))
    for title, hops in ways:
        if hops:
            lines += ["", paint(title, BOLD, BLUE)]
        for hop in hops:
            number += 1
            lines.append(_heading(number, hop, paint))
            for step in hop.steps:
                lines += _step(step, paint, verbose=verbose)
    return lines


def _heading(number: int, hop: Hop, paint: Paint) -> str:
    blocked = any(step.blocks for step in hop.steps)
    kind = "" if hop.kind in ("interface", hop.node) else f" ({hop.kind})"
    plain = f"| {hop.node} |{kind}" if blocked else f"{hop.node}{kind}"
    name = paint(plain, RED, BOLD) if blocked else f"{paint(hop.node, BOLD)}{paint(kind, DIM)}"
    gap = " " * max(_NODE_WIDTH - len(plain), 2)
    packet = paint(str(hop.packet), CYAN) if hop.packet else ""
    return f"{number:>4}  {name}{gap if packet else ''}{packet}"


def _step(step: Step, paint: Paint, *, verbose: bool) -> list[str]:
    """Return what happened, with the place in the file where its rule stands."""
    colors = (RED, BOLD) if step.blocks else (_ACTIONS.get(step.action, DIM),)
    stage = f"{_stage(step):<{_STAGE_WIDTH}}"
    action = paint(f"{step.action:<{_ACTION_WIDTH}}", *colors)
    texts = _wrapped(one_line(step.detail), COLUMNS - _TEXT)
    lines = [f"{' ' * _INDENT}{paint(stage, DIM)} {action} {texts[0]}"]
    lines += [f"{' ' * _TEXT}{text}" for text in texts[1:]]
    place = _place(step, verbose=verbose)
    if not place:
        return lines
    if len(texts[-1]) + 2 + len(place) <= COLUMNS - _TEXT:
        lines[-1] += f"  {paint(place, DIM)}"
        return lines
    more = _wrapped(one_line(place), COLUMNS - _TEXT)
    return lines + [f"{' ' * _TEXT}{paint(text, DIM)}" for text in more]


def _place(step: Step, *, verbose: bool) -> str:
    """Return `estate.yaml:18`, where the rule that decided stands or what it follows from."""
    origin = step.origin
    if not (step.rule or step.blocks) or not origin.source:
        return ""
    place = f"{origin.source}:{origin.span.line}" if origin.span else str(origin)
    return f"{place} (added: {origin.derived})" if verbose and origin.derived else place


def _stage(step: Step) -> str:
    return _STAGES.get(step.stage, step.stage.value)


def _ending(trace: Trace, paint: Paint) -> list[str]:
    facts = [("client sees", _SYMPTOMS[trace.symptom])]
    if trace.servers:
        sources = [format_address(address) for address in trace.source_seen]
        seeing = f", seeing {_any_of(sources)}" if sources else ""
        facts.append(("answers", f"{_any_of(trace.servers)}{seeing}"))
    if trace.unknowns:
        facts.append(("hangs on", "; ".join(trace.unknowns)))
    facts += [
        ("or", f"{branch.disposition}: the client sees {_SYMPTOMS[branch.symptom]}")
        for branch in trace.branches
    ]
    if trace.assumptions:
        facts.append(("assumes", ", ".join(trace.assumptions)))
    lines = [_verdict(trace, paint)]
    for name, text in facts:
        first, *rest = _wrapped(one_line(text), COLUMNS - 15)
        lines.append(f"  {paint(f'{name:<12}', DIM)} {first}")
        lines += [f"{' ' * 15}{line}" for line in rest]
    return lines


def _verdict(trace: Trace, paint: Paint) -> str:
    blocker = trace.blocker
    if trace.disposition.is_success:
        let = "" if trace.decided_by is Stage.DELIVERY else f", by {trace.decided_by.value}"
        word, color, by = "DELIVERED", GREEN, f"{trace.disposition}{let}"
    elif trace.disposition is Disposition.INSUFFICIENT_INFO:
        word, color, by = "UNKNOWN", YELLOW, str(trace.disposition)
    else:
        place = f" at {blocker[0].node}" if blocker else ""
        word, color = "NOT DELIVERED", RED
        by = f"{trace.disposition}, by {trace.decided_by.value}{place}"
    return f"{paint(word, color, BOLD)}  {one_line(by)}"


def _any_of(names: Sequence[str]) -> str:
    if len(names) <= 1:
        return "".join(names)
    if len(names) > _MANY:
        return f"{', '.join(names[: _MANY - 1])} or {len(names) - _MANY + 1} others"
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _wrapped(text: str, columns: int) -> list[str]:
    return wrap(text, columns, break_long_words=False, break_on_hyphens=False) or [""]
