"""Findings as one JSON object; keys are only ever added."""

import json

from hubwright.diagnostics.diagnostic import Diagnostic, Edit, Label
from hubwright.diagnostics.render.report import Claim, Ignored, Json, Report, counted, page
from hubwright.diagnostics.render.walk import origin_object, trace_object

FORMAT_VERSION = "1.0"


def render(report: Report) -> str:
    """Return the object, indented, with a line break at its end."""
    document: dict[str, Json] = {
        "format_version": FORMAT_VERSION,
        "diagnostics": [diagnostic_object(item) for item in report.diagnostics],
        "summary": {severity.value: n for severity, n in counted(report.diagnostics).items()},
    }
    if report.claims:
        document["intents"] = [_claim(item) for item in report.claims]
    if report.ignored:
        document["ignored"] = [_ignored(item) for item in report.ignored]
    return dump(document)


def statistics(report: Report) -> str:
    """Return how often each rule found something, by code."""
    counts: dict[tuple[str, str], int] = {}
    for item in report.diagnostics:
        key = (item.code, item.severity.value)
        counts[key] = counts.get(key, 0) + 1
    rows: list[Json] = [
        {"code": code, "severity": severity, "count": count}
        for (code, severity), count in sorted(counts.items())
    ]
    return dump({"format_version": FORMAT_VERSION, "statistics": rows})


def dump(document: Json) -> str:
    """Return JSON as every command prints it: two spaces, characters as they are."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def diagnostic_object(item: Diagnostic) -> dict[str, Json]:
    """Return one finding; line and column are null where no file holds the value."""
    primary = item.primary.origin
    span = primary.span
    return {
        "code": item.code,
        "severity": item.severity.value,
        "message": item.message,
        "file": primary.source or None,
        "path": primary.path or None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
        "labels": [_label(label) for label in item.labels],
        "notes": list(item.notes),
        "help": item.help,
        "edits": [_edit(edit) for edit in item.edits],
        "url": page(item.code),
        "trace": trace_object(item.trace) if item.trace else None,
    }


def _claim(item: Claim) -> dict[str, Json]:
    return {
        "name": item.name,
        "claim": item.claim,
        "verdict": item.verdict,
        "reason": item.reason or None,
        "origin": origin_object(item.origin),
    }


def _ignored(item: Ignored) -> dict[str, Json]:
    return {**diagnostic_object(item.diagnostic), "reason": item.reason}


def _label(label: Label) -> dict[str, Json]:
    place = origin_object(label.origin) or {}
    return {"text": label.text, "primary": label.primary, **place}


def _edit(edit: Edit) -> dict[str, Json]:
    return {
        "file": edit.source,
        "line": edit.span.line,
        "column": edit.span.column,
        "end_line": edit.span.end_line,
        "end_column": edit.span.end_column,
        "replacement": edit.replacement,
    }
