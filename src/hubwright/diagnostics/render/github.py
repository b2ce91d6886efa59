"""
Findings as workflow commands, which GitHub shows at the line.

Source: docs.github.com/actions/reference/workflow-commands-for-github-actions (2026);
escapes as in actions/toolkit, packages/core/src/command.ts.
"""

from hubwright.diagnostics.diagnostic import Diagnostic, Severity
from hubwright.diagnostics.render.report import Report

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """Return one command a finding."""
    return "".join(f"{_command(item)}\n" for item in report.diagnostics)


def _command(item: Diagnostic) -> str:
    origin = item.primary.origin
    values = {"title": item.code, "file": origin.source}
    span = origin.span
    if span is not None:
        values |= {"line": str(span.line), "endLine": str(span.end_line)}
        if span.line == span.end_line:  # columns across lines are rejected
            values |= {"col": str(span.column), "endColumn": str(span.end_column)}
    properties = ",".join(f"{name}={_property(text)}" for name, text in values.items() if text)
    text = item.message if item.help is None else f"{item.message}\nhelp: {item.help}"
    if span is None and origin.path:
        text = f"{origin.path}: {text}"
    return f"::{_COMMANDS[item.severity]} {properties}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
