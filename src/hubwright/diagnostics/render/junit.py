"""
Findings as JUnit XML: one test case a finding, and one that passes for each quiet rule.

Intents that are proved are test cases that pass as well.
"""

import re
from xml.sax.saxutils import escape, quoteattr

from hubwright.diagnostics.diagnostic import Diagnostic, Severity
from hubwright.diagnostics.render.ansi import Paint
from hubwright.diagnostics.render.report import Claim, Report
from hubwright.diagnostics.render.text import finding

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """Return one suite; errors and warnings fail, information passes, ignored ones are skipped."""
    cases = [_case(item, report) for item in report.diagnostics]
    skipped = [_skipped(item.diagnostic, item.reason) for item in report.ignored]
    found = {item.code for item in report.diagnostics}
    quiet = [
        f"    <testcase classname={_attr(code)} name={_attr(f'{code} {title}')}/>"
        for code, title in sorted(report.titles.items())
        if code not in found
    ]
    quiet += [_proved(item) for item in report.claims if item.verdict == "proved"]
    failures = sum(item.severity is not Severity.INFO for item in report.diagnostics)
    counts = (
        f'tests="{len(cases) + len(skipped) + len(quiet)}" failures="{failures}" '
        f'errors="0" skipped="{len(skipped)}"'
    )
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites name="hubwright" {counts}>',
            f'  <testsuite name="hubwright check" {counts}>',
            *cases,
            *skipped,
            *quiet,
            "  </testsuite>",
            "</testsuites>",
            "",
        ]
    )


def _proved(item: Claim) -> str:
    """Return the test of an intent that holds; one that fails is a finding."""
    file = f" file={_attr(item.origin.source)}" if item.origin.source else ""
    line = f' line="{item.origin.span.line}"' if item.origin.span else ""
    return f'    <testcase classname="INTENT" name={_attr(item.name)}{file}{line}/>'


def _attr(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text))


def _body(text: str) -> str:
    return escape(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text))


def _opening(item: Diagnostic) -> str:
    origin = item.primary.origin
    name = f"{item.code} {origin.path or origin}".rstrip()
    file = f" file={_attr(origin.source)}" if origin.source else ""
    line = f' line="{origin.span.line}"' if origin.span else ""
    return f"    <testcase classname={_attr(item.code)} name={_attr(name)}{file}{line}>"


def _case(item: Diagnostic, report: Report) -> str:
    text = _body(finding(item, report, Paint(color=False)))
    if item.severity is Severity.INFO:
        body = f"      <system-out>{text}</system-out>"
    else:
        kind, message = _attr(item.severity.value), _attr(item.message)
        body = f"      <failure type={kind} message={message}>{text}</failure>"
    return "\n".join([_opening(item), body, "    </testcase>"])


def _skipped(item: Diagnostic, reason: str) -> str:
    body = f"      <skipped message={_attr(f'ignored: {reason}')}/>"
    return "\n".join([_opening(item), body, "    </testcase>"])
