"""Findings as a pull request comment: a marker to find it again, a list, the long part folded."""

import re

from hubwright.diagnostics.diagnostic import Diagnostic, Severity
from hubwright.diagnostics.render.ansi import Paint, one_line
from hubwright.diagnostics.render.report import Report, page, summary
from hubwright.diagnostics.render.text import finding

MARKER = "<!-- hubwright: check -->"
LIMIT = 64_000
"""Characters at most; GitHub takes 65,536 and Azure DevOps 150,000."""
_ICONS = {Severity.ERROR: "\u274c", Severity.WARNING: "\u26a0\ufe0f", Severity.INFO: "\u2139\ufe0f"}
_SPECIAL = re.compile(r"[\\*_\[\]<>|#~]")


def render(report: Report) -> str:
    """Return the comment; findings beyond the limit are counted, not shown."""
    head = [MARKER, f"### hubwright: {summary(report.diagnostics)}", ""]
    blocks = [_block(item, report) for item in report.diagnostics]
    blocks += [_ignored(item.diagnostic, item.reason) for item in report.ignored]
    text = "\n".join(head)
    for n, block in enumerate(blocks):
        if len(text) + len(block) > LIMIT:
            return f"{text}\n{len(blocks) - n} more, see the log of the run.\n"
        text += f"\n{block}"
    return f"{text}\n"


def _block(item: Diagnostic, report: Report) -> str:
    detail = finding(item, report, Paint(color=False))
    ticks = max((len(run) for run in re.findall("`+", detail)), default=0)
    fence = "`" * max(3, ticks + 1)
    return "\n".join(
        [
            f"- {_ICONS[item.severity]} {_head(item)}",
            "  <details><summary>where and why</summary>",
            "",
            f"  {fence}text",
            *(f"  {line}".rstrip() for line in detail.splitlines()),
            f"  {fence}",
            "",
            "  </details>",
        ]
    )


def _ignored(item: Diagnostic, reason: str) -> str:
    return f"- ignored: {_head(item)} ({_prose(reason)})"


def _head(item: Diagnostic) -> str:
    place = _prose(str(item.primary.origin))
    where = f" {place}:" if place else ""
    return f"[{item.code}]({page(item.code)}){where} {_prose(item.message)}"


def _prose(text: str) -> str:
    """Escape what Markdown and HTML would read, outside of code between backticks."""
    parts = one_line(text).split("`")
    if len(parts) % 2 == 0:  # a lone backtick opens nothing
        return _SPECIAL.sub(r"\\\g<0>", one_line(text)).replace("`", "\\`")
    for n in range(0, len(parts), 2):
        parts[n] = _SPECIAL.sub(r"\\\g<0>", parts[n])
    return "`".join(parts)
