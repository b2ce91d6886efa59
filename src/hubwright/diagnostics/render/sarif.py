"""
Findings as SARIF 2.1.0, for GitHub code scanning and Azure DevOps Advanced Security.

Sources: docs.oasis-open.org/sarif/sarif/v2.1.0 (2020),
docs.github.com/code-security (SARIF support: fingerprints, `security-severity`, 2026).
"""

import hashlib
from pathlib import Path
from urllib.parse import quote

from hubwright import __version__
from hubwright.diagnostics.diagnostic import Diagnostic, Edit, Label, Severity
from hubwright.diagnostics.render.json import dump
from hubwright.diagnostics.render.report import Json, Report, page
from hubwright.model.flow import Hop, Step, Trace
from hubwright.model.origin import Origin, Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
HOME = "https://github.com/hubwright/hubwright"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(report: Report) -> str:
    """Return one run with one result a finding; ignored findings carry their suppression."""
    everything = [*report.diagnostics, *(item.diagnostic for item in report.ignored)]
    codes = sorted({*report.titles, *(item.code for item in everything)})
    results = [_result(item, codes, report) for item in report.diagnostics]
    for item in report.ignored:
        result = dict(_result(item.diagnostic, codes, report))
        result["suppressions"] = [{"kind": "inSource", "justification": item.reason}]
        results.append(result)
    driver: Json = {
        "name": "hubwright",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": [_rule(code, report.titles.get(code)) for code in codes],
    }
    run: Json = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: str, title: str | None) -> Json:
    return {"id": code, "shortDescription": {"text": title or code}, "helpUri": page(code)}


def _result(item: Diagnostic, codes: list[str], report: Report) -> dict[str, Json]:
    detail = [item.message, *item.notes, *([f"help: {item.help}"] if item.help else [])]
    result: dict[str, Json] = {
        "ruleId": item.code,
        "ruleIndex": codes.index(item.code),
        "level": _LEVELS[item.severity],
        "message": {"text": "\n".join(detail)},
        "locations": [_location(item.primary.origin)],
        "partialFingerprints": {"hubwright/v1": _fingerprint(item, report)},
    }
    others = [label for label in item.labels if label is not item.primary]
    if others:
        result["relatedLocations"] = [_related(n, label) for n, label in enumerate(others)]
    if item.trace is not None:
        result["codeFlows"] = [_code_flow(item.trace)]
    if item.edits:
        result["fixes"] = [_fix(item)]
    return result


def _fingerprint(item: Diagnostic, report: Report) -> str:
    """Return what stays the same when lines above the finding come and go."""
    origin = item.primary.origin
    lines = report.sources.get(origin.source, "").splitlines()
    at = origin.span.line if origin.span else 0
    line = lines[at - 1].strip() if 0 < at <= len(lines) else ""
    words = (item.code, item.message, origin.source, origin.path, line)
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:32]


def _location(origin: Origin) -> dict[str, Json]:
    location: dict[str, Json] = {}
    if origin.source:
        physical: dict[str, Json] = {"artifactLocation": {"uri": _uri(origin.source)}}
        if origin.span is not None:
            physical["region"] = _region(origin.span)
        location["physicalLocation"] = physical
    if origin.path:
        location["logicalLocations"] = [{"fullyQualifiedName": origin.path}]
    return location


def _uri(source: str) -> str:
    path = Path(source)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _region(span: Span) -> dict[str, Json]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _related(number: int, label: Label) -> dict[str, Json]:
    message: dict[str, Json] = {"message": {"text": label.text}} if label.text else {}
    return {"id": number, **_location(label.origin), **message}


def _code_flow(trace: Trace) -> Json:
    """Return the walk of a packet, one location a step."""
    hops = (*trace.dns, *trace.forward, *trace.reverse)
    places = [_flow_location(hop, step) for hop in hops for step in hop.steps]
    if not places:
        places = [{"location": {"message": {"text": str(trace.flow)}}}]
    flow: Json = {"message": {"text": str(trace.flow)}, "locations": places}
    return {"threadFlows": [flow]}


def _flow_location(hop: Hop, step: Step) -> dict[str, Json]:
    location = _location(step.origin)
    if not location:
        location = {"logicalLocations": [{"fullyQualifiedName": step.rule or hop.node}]}
    text = f"{hop.node}: {step.stage.value} {step.action}: {step.detail}"
    importance = "essential" if step.blocks else "important" if step.rule else "unimportant"
    return {"location": {**location, "message": {"text": text}}, "importance": importance}


def _fix(item: Diagnostic) -> Json:
    by_file: dict[str, list[Edit]] = {}
    for edit in item.edits:
        by_file.setdefault(edit.source, []).append(edit)
    changes: list[Json] = [
        {
            "artifactLocation": {"uri": _uri(source)},
            "replacements": [_replacement(edit) for edit in edits],
        }
        for source, edits in by_file.items()
    ]
    return {"description": {"text": item.help or item.message}, "artifactChanges": changes}


def _replacement(edit: Edit) -> Json:
    return {
        "deletedRegion": _region(edit.span),
        "insertedContent": {"text": edit.replacement},
    }
