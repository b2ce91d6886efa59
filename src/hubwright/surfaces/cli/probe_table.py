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
_NAME_COLUMNS = 64


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
    lines: list[str] = []
    group = None
    room = min(max((len(_label(r)) for r in results), default=0), _NAME_COLUMNS)
    for result in results:
        heading = result.name.partition(":")[0] if ":" in result.name else ""
        kind = heading.rstrip(" 0123456789")
        if kind != group:
            group = kind
            title = f"{'' if not lines else chr(10)}{paint(kind or 'probes', BOLD)}"
            lines.append(title)
        lines += _row(result, room, paint, verbose=verbose)
    return "".join(f"{line}\n" for line in lines)


def _label(result: ProbeResult) -> str:
    return one_line(result.name)


def _row(result: ProbeResult, room: int, paint: Paint, *, verbose: bool) -> list[str]:
    word, color = _verdict(result)
    name = _label(result)
    pad = " " * max(room - len(name), 0)
    seen = result.observed or result.predicted or "-"
    code = _exit_code(result)
    lines = [f"  {paint(f'{word:<8}', color, BOLD)} {name}{pad}  {seen}{paint(code, RED, BOLD)}"]
    if result.agrees is False or result.observed == NOT_RUN:
        lines.append(f"{' ' * 11}{paint(f'predicted {result.predicted}', DIM)}")
    if result.detail and (verbose or result.agrees is not True):
        lines.append(f"{' ' * 11}{paint(one_line(result.detail), DIM)}")
    return lines


def _verdict(result: ProbeResult) -> tuple[str, str]:
    if result.observed == NOT_RUN:
        return NOT_RUN, YELLOW
    if result.agrees is None:
        return "unknown", YELLOW
    return ("agrees", GREEN) if result.agrees else ("DIFFERS", RED)


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
