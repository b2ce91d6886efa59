from dataclasses import replace

import pytest

from hubwright.diagnostics.diagnostic import Diagnostic, Label, Severity
from hubwright.diagnostics.suppression import Outcome, suppress
from hubwright.model.origin import Origin, Span


def finding(line: int, code: str = "ROUTE001") -> Diagnostic:
    place = Origin(source="e.yaml", span=Span(line, 1, line, 2))
    return Diagnostic(
        code=code, severity=Severity.ERROR, message="bad", labels=(Label(place, primary=True),)
    )


def run(text: str, *found: Diagnostic) -> Outcome:
    return suppress(found, {"e.yaml": text})


def codes(outcome: Outcome) -> list[str]:
    return [item.code for item in outcome.diagnostics]


def test_a_comment_on_the_line_ignores_the_finding_with_its_reason():
    outcome = run("a: 1  # hubwright: ignore[ROUTE001] ticket 12\n", finding(1))

    assert codes(outcome) == []
    assert [(i.diagnostic.code, i.reason) for i in outcome.ignored] == [("ROUTE001", "ticket 12")]


def test_a_comment_alone_ignores_on_the_next_line_that_is_no_comment():
    text = "# hubwright: ignore[ROUTE001] why\n# more words\n\na: 1\nb: 2\n"

    assert codes(run(text, finding(4))) == []
    assert codes(run(text, finding(5))) == ["DESIGN091", "ROUTE001"]


def test_a_comment_behind_a_value_does_not_reach_the_next_line():
    text = "a: 1  # hubwright: ignore[ROUTE001] why\nb: 2\n"

    assert codes(run(text, finding(2))) == ["DESIGN091", "ROUTE001"]


def test_another_code_is_not_ignored():
    outcome = run("a: 1  # hubwright: ignore[NSG001] why\n", finding(1))

    assert codes(outcome) == ["ROUTE001", "DESIGN091"]


def test_several_codes_and_an_unused_one_is_marked_at_its_own_column():
    text = "a: 1  # hubwright: ignore[ROUTE001, NSG001] why\n"

    outcome = run(text, finding(1))

    (unused,) = outcome.diagnostics
    span = unused.primary.origin.span
    assert span is not None
    assert text[span.column - 1 : span.end_column - 1] == "NSG001"


def test_without_a_reason_the_finding_stays_and_the_comment_is_an_error():
    outcome = run("a: 1  # hubwright: ignore[ROUTE001]\n", finding(1))

    assert codes(outcome) == ["ROUTE001", "DESIGN090"]
    assert outcome.diagnostics[1].severity is Severity.ERROR
    assert outcome.ignored == ()


@pytest.mark.parametrize("words", ["ignore", "ignore[]", "ignore[route one] x", "skip[ROUTE001] x"])
def test_words_that_cannot_be_read_are_reported(words):
    assert codes(run(f"a: 1  # hubwright: {words}\n")) == ["DESIGN092"]


def test_a_hash_in_quoted_or_block_text_begins_no_comment():
    text = (
        'a: "x # hubwright: ignore[ROUTE001] no"\nb: |\n  # hubwright: ignore[ROUTE001] no\nc: 1\n'
    )

    assert codes(run(text, finding(1), finding(4))) == ["ROUTE001", "ROUTE001"]


def test_comments_are_found_in_text_that_is_not_yaml():
    text = "a: [1  # hubwright: ignore[ROUTE001] why\n\tb: {\n"

    assert codes(run(text, finding(1))) == []


def test_findings_without_a_line_are_kept():
    bare = replace(finding(1), labels=(Label(Origin(source="plan.json"), primary=True),))

    assert codes(run("a: 1\n", bare)) == ["ROUTE001"]
