"""
Findings as Azure Pipelines logging commands, which the run's summary shows.

Sources: learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands (LogIssue, 2026);
escapes as in microsoft/azure-pipelines-agent, Microsoft.VisualStudio.Services.Agent/Command.cs.
"""

from hubwright.diagnostics.diagnostic import Diagnostic, Severity
from hubwright.diagnostics.render.report import Report

_ESCAPES = (("%", "%AZP25"), (";", "%3B"), ("\r", "%0D"), ("\n", "%0A"), ("]", "%5D"))


def render(report: Report) -> str:
    """Return one command a finding; Azure knows no information, so that comes as a warning."""
    return "".join(f"{_command(item)}\n" for item in report.diagnostics)


def _command(item: Diagnostic) -> str:
    origin = item.primary.origin
    kind = "error" if item.severity is Severity.ERROR else "warning"
    values = {"type": kind, "sourcepath": origin.source}
    if origin.span is not None:
        values |= {"linenumber": str(origin.span.line), "columnnumber": str(origin.span.column)}
    values["code"] = item.code
    properties = "".join(f"{name}={_escape(text)};" for name, text in values.items() if text)
    text = item.message if item.help is None else f"{item.message} (help: {item.help})"
    if origin.span is None and origin.path:
        text = f"{origin.path}: {text}"
    return f"##vso[task.logissue {properties}]{_escape(text)}"


def _escape(text: str) -> str:
    for char, escaped in _ESCAPES:
        text = text.replace(char, escaped)
    return text
