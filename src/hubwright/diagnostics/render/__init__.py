"""Formats in which findings are shown, one module each."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import cast

from hubwright.diagnostics.diagnostic import Diagnostic
from hubwright.diagnostics.render.report import Report
from hubwright.errors import UsageError

FORMATS = ("text", "concise", "json", "sarif", "junit", "github", "azure", "markdown")


def render(
    format: str,  # noqa: A002  the word users type
    diagnostics: Sequence[Diagnostic],
    sources: Mapping[str, str],
) -> str:
    """
    Return findings in a format, plainly; each line is ended.

    Args:
        format: One of `FORMATS`.
        diagnostics: Findings in the order to show them.
        sources: Text of the user's files by name, for the lines that are shown.

    Raises:
        UsageError: no such format.
    """
    return render_report(format, Report(diagnostics=tuple(diagnostics), sources=sources))


def render_report(format: str, report: Report) -> str:  # noqa: A002  the word users type
    """
    Return a report in a format, with its colours and ignored findings.

    Raises:
        UsageError: no such format.
    """
    if format not in FORMATS:
        raise UsageError(f"no format is called `{format}`; there are {', '.join(FORMATS)}")
    module = import_module(f"{__name__}.{format}")
    return cast("Callable[[Report], str]", module.render)(report)
