"""What packets did beside what was predicted, as a table and as JSON."""

from collections.abc import Sequence

from hubwright.diagnostics.render.ansi import BOLD, DIM, GREEN, RED, YELLOW, Paint, one_line
from hubwright.diagnostics.render.json import FORMAT_VERSION, dump
from hubwright.engines.twin.artefacts import Probe
from hubwright.engines.twin.probing import ProbeResult
from hubwright.errors import UnknownResource
from hubwright.model.estate import Estate
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.evaluate import evaluate

NOT_RUN = "not run"
_NAME_COLUMNS, _SYMPTOM_COLUMNS, _VERDICT_COLUMNS = 60, 24, 7


def predicted_only(
    estate: Estate, probes: Sequence[Probe], assumptions: Assumptions
) -> list[ProbeResult]:
    """Return the probes with what the evaluator says, marked as not run."""
    return [_unasked(estate, probe, assumptions) for probe in probes]


def _unasked(estate: Estate, probe: Probe, assumptions: Assumptions) -> ProbeResult:
    flow = probe.flow
    predicted, detail = "", ""
    try:
        trace = evaluate(estate, flow, assumptions)
    except UnknownResource as error:
        detail = str(error)
    else:
        outcomes = (trace, *trace.branches)
        predicted = " or ".join(dict.fromkeys(outcome.symptom.value for outcome in outcomes))
        blocker = trace.blocker
        detail = blocker[1].detail if blocker else ""
    return ProbeResult(
        name=probe.name,
        source=flow.source,
        destination=f"{flow.destination}:{flow.destination_port}",
        predicted=predicted,
        observed=NOT_RUN,
        agrees=None,
        detail=detail,
    )


def as_json(estate: str, results: Sequence[ProbeResult], missing: Sequence[str]) -> str:
    """Return the results as one object."""
    return dump(
        {
            "format_version": FORMAT_VERSION,
            "estate": estate,
            "running": not missing,
            "missing": list(missing),
            "probes": [result.to_json() for result in results],
        }
    )


def as_text(results: Sequence[ProbeResult], paint: Paint, *, verbose: bool = False) -> str:
    """Return a table in the order of the probes, under a heading for each of their groups."""
    rows = [(*_parted(result), result) for result in results]
    room = min(max((len(name) for _, name, _ in rows), default=0), _NAME_COLUMNS)
    said = max((len(result.predicted) for result in results), default=0)
    said = min(max(said, len("predicted")), _SYMPTOM_COLUMNS)
    lines: list[str] = []
    group = None
    for heading, name, result in rows:
        if heading != group:
            group = heading
            columns = f"{'predicted':<{said}}  packets"
            title = f"{heading:<{room + _VERDICT_COLUMNS + 3}}"
            lines += [*([""] if lines else []), f"{paint(title, BOLD)}  {paint(columns, DIM)}"]
        lines += _row(name, result, room, said, paint, verbose=verbose)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _parted(result: ProbeResult) -> tuple[str, str]:
    """Return a probe's group and its name in it: `egress: a -> b`, `flow 1: a -> b`."""
    heading, colon, rest = one_line(result.name).partition(": ")
    if not colon:
        return "probes", heading
    kind = heading.rstrip(" 0123456789")
    return (kind, rest) if kind == heading else (f"{kind}s", f"{heading}: {rest}")


def _row(
    name: str, result: ProbeResult, room: int, said: int, paint: Paint, *, verbose: bool
) -> list[str]:
    word, color = _verdict(result)
    verdict = paint(f"{word:<{_VERDICT_COLUMNS}}", color, BOLD)
    seen = result.observed if result.observed != NOT_RUN else "-"
    code = paint(_exit_code(result), RED, BOLD)
    lines = [f"  {verdict} {name:<{room}}  {result.predicted or '-':<{said}}  {seen or '-'}{code}"]
    if result.detail and (verbose or result.agrees is not True):
        indent = " " * (_VERDICT_COLUMNS + 3)
        lines.append(f"{indent}{paint(one_line(result.detail), DIM)}")
    return lines


def _verdict(result: ProbeResult) -> tuple[str, str]:
    if result.observed == NOT_RUN:
        return NOT_RUN, YELLOW
    if result.agrees is None:
        return "unknown", YELLOW
    return ("ok", GREEN) if result.agrees else ("DIFFERS", RED)


def _exit_code(result: ProbeResult) -> str:
    return f"  exit code {result.exit_code}" if result.exit_code else ""


def summary(results: Sequence[ProbeResult]) -> str:
    """Return `41 probes: 40 agree, 1 differs`, and which AKS exit code nodes would end with."""
    differ = sum(result.agrees is False for result in results)
    open_ = sum(result.agrees is None for result in results)
    agree = len(results) - differ - open_
    parts = [f"{agree} as predicted"]
    if differ:
        parts.append(f"{differ} not")
    if open_:
        parts.append(f"{open_} cannot be compared")
    text = f"{len(results)} probes: {', '.join(parts)}"
    codes = sorted({result.exit_code for result in results if result.exit_code})
    if codes:
        shown = ", ".join(map(str, codes))
        text += f"; nodes would not start: exit code {shown}"
    return text
