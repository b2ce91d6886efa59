"""Formats in which findings are shown, one module each."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import cast

from hubwright.diagnostics.diagnostic import Diagnostic
from hubwright.diagnostics.render.report import Ignored, Report
from hubwright.errors import UsageError

FORMATS = ("text", "concise", "json", "sarif", "junit", "github", "azure", "markdown")


def render(
    format: str,  # noqa: A002  the word users type
    diagnostics: Sequence[Diagnostic],
    sources: Mapping[str, str],
    *,
    ignored: Sequence[Ignored] = (),
    titles: Mapping[str, str] | None = None,
    color: bool = False,
    links: bool = False,
) -> str:
    """
    Return findings in a format, each line ended.

    Args:
        format: One of `FORMATS`.
        diagnostics: Findings in the order to show them.
        sources: Text of the user's files by name, for the lines that are shown.
        ignored: Findings to show as ignored.
        titles: A short claim for each rule that was looked at, by code.
        color: ANSI colour in the formats for people.
        links: Terminal hyperlinks in the formats for people.

    Raises:
        UsageError: no such format.
    """
    if format not in FORMATS:
        raise UsageError(f"no format is called `{format}`; there are {', '.join(FORMATS)}")
    report = Report(
        diagnostics=tuple(diagnostics),
        sources=sources,
        ignored=tuple(ignored),
        titles=titles or {},
        color=color,
        links=links,
    )
    module = import_module(f"{__name__}.{format}")
    return cast("Callable[[Report], str]", module.render)(report)
