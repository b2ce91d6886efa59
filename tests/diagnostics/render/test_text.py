from dataclasses import replace

import pytest

from findings import SOURCES, at, ignored, name_finding, report, route_finding
from goldens import assert_golden
from hubwright.diagnostics.diagnostic import Diagnostic, Label, Severity
from hubwright.diagnostics.render import FORMATS, render, render_report
from hubwright.diagnostics.render.report import Report, summary
from hubwright.diagnostics.render.text import statistics
from hubwright.errors import UsageError
from hubwright.model.origin import Origin, Span


def one(text: str, span: Span, label: str = "here") -> str:
    finding = Diagnostic(
        code="X001",
        severity=Severity.ERROR,
        message="wrong",
        labels=(Label(Origin(source="f", span=span), label, primary=True),),
    )
    return render("text", [finding], {"f": text})


def test_the_style_guides_finding_is_shown_as_the_style_guide_shows_it():
    assert_golden("render/route.txt", render("text", [route_finding()], SOURCES))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_the_same_findings(name):
    suffix = {"json": "json", "sarif": "sarif", "junit": "xml", "markdown": "md"}.get(name, "txt")
    titles = {"ROUTE001": "egress leaves by another way", "NSG001": "a quiet rule"}
    shown = report(ignored=(ignored(),), titles=titles)

    assert_golden(f"render/{name}.{suffix}", render_report(name, shown))


@pytest.mark.parametrize("name", ["text", "concise"])
def test_colour_and_links_only_add_escape_sequences(name):
    colored = render_report(name, report(color=True, links=True))

    assert_golden(f"render/{name}.ansi", colored)


def test_carets_stand_below_the_token_behind_tabs_and_wide_characters():
    text = "名前:\tvalue\n"

    shown = one(text, Span(1, 5, 1, 10))

    line, carets = shown.splitlines()[3:5]
    assert line == "1 | 名前: value"
    assert carets == "  |       ^^^^^ here"


def test_a_span_of_several_lines_is_underlined_to_the_end_of_its_first():
    shown = one("a:\n  b: 1\n", Span(1, 1, 2, 6))

    assert "  | ^^ here" in shown.splitlines()


def test_an_empty_span_still_gets_a_caret():
    assert "  |  ^ here" in one("ab\n", Span(1, 2, 1, 2)).splitlines()


def test_control_characters_of_a_file_do_not_reach_the_terminal():
    shown = one("a: \x1b[2J\u202egone\n", Span(1, 1, 1, 2))

    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_a_message_stays_on_its_first_line():
    shown = render("text", [replace(name_finding(), message="a\nb\x1b[0m")], SOURCES)

    assert shown.splitlines()[0] == "warning[DESIGN010]: a b\N{REPLACEMENT CHARACTER}[0m"


def test_a_line_that_the_file_does_not_have_leaves_the_place():
    shown = one("a\n", Span(9, 1, 9, 2))

    assert "--> f:9:1" in shown


def test_labels_in_another_file_have_their_own_snippet():
    other = Label(at(1, "spare", file="other.yaml", source="spare: 1\n"), "it is free")
    finding = route_finding()
    finding = replace(finding, labels=(*finding.labels, other))

    shown = render("text", [finding], {**SOURCES, "other.yaml": "spare: 1\n"})

    assert_golden("render/two-files.txt", shown)


def test_no_findings_give_no_text():
    assert render("text", [], {}) == ""


def test_statistics_count_by_rule_most_often_first():
    shown = Report(diagnostics=(route_finding(), name_finding(), name_finding()))

    rows = [line.split() for line in statistics(shown).splitlines()]

    assert rows == [["2", "DESIGN010", "warning"], ["1", "ROUTE001", "error"]]


def test_an_unknown_format_is_named_with_those_that_there_are():
    with pytest.raises(UsageError, match="no format is called `xml`; there are text"):
        render("xml", [], {})


def test_the_summary_counts_what_there_is():
    error, warning = route_finding(), name_finding()

    assert summary([]) == "no findings"
    assert summary([warning]) == "1 finding (1 warning)"
    assert summary([error, warning, warning]) == "3 findings (1 error, 2 warnings)"


def test_a_very_long_line_is_shown_around_the_token():
    line = f"{'a' * 500} token {'b' * 500}"
    shown = one(line, Span(1, 502, 1, 507)).splitlines()

    text = next(row for row in shown if "token" in row)
    carets = next(row for row in shown if "^" in row)
    assert text.startswith("1 | …a")
    assert text.endswith("b…")
    assert len(text) < 180
    assert text.index("token") == carets.index("^^^^^")
