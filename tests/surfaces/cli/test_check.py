import json

import pytest

from hubwright.diagnostics.diagnostic import Diagnostic, Label, Severity
from hubwright.engines.verify import check as engine
from hubwright.model.origin import Origin, Span
from hubwright.surfaces.cli import rules
from hubwright.surfaces.cli.rules import Rule

pytestmark = pytest.mark.usefixtures("findings")

KNOWN = {
    code: Rule(code, title, "error", checked=code[0] != "D")
    for code, title in (
        ("DESIGN091", "an unused comment"),
        ("NSG001", "a rule hides another"),
        ("ROUTE001", "egress avoids the firewall"),
        ("ROUTE002", "a reply has no way back"),
    )
}


def finding(code: str, severity: Severity, line: int) -> Diagnostic:
    place = Origin(source="estate.yaml", span=Span(line, 1, line, 5))
    return Diagnostic(
        code=code,
        severity=severity,
        message=f"{code} is wrong",
        labels=(Label(place, primary=True),),
    )


@pytest.fixture
def findings(monkeypatch, design):  # noqa: ARG001  the design must be there
    """Let the engine find an error, a warning and a piece of information."""
    found = [
        finding("ROUTE001", Severity.ERROR, 3),
        finding("ROUTE002", Severity.WARNING, 4),
        finding("NSG001", Severity.INFO, 7),
    ]
    monkeypatch.setattr(engine, "check", lambda *_words: list(found))
    monkeypatch.setattr("hubwright.surfaces.cli.selection.known_rules", lambda: KNOWN)
    assert rules.known_rules
    return found


def codes(out: str) -> list[str]:
    return [item["code"] for item in json.loads(out)["diagnostics"]]


def test_findings_go_to_stdout_and_the_summary_to_stderr(run):
    result = run("check")

    assert result.code == 1
    assert result.out.startswith("error[ROUTE001]: ROUTE001 is wrong\n --> estate.yaml:3:1\n")
    assert result.err == "estate.yaml: 3 findings (1 error, 1 warning, 1 info)\n"


def test_quiet_leaves_only_the_findings(run):
    assert run("check", "-q").err == ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 1),
        (["--fail-on", "warning", "--ignore", "ROUTE001"], 1),
        (["--ignore", "ROUTE001"], 0),
        (["--select", "NSG"], 0),
        (["--select", "nsg", "--fail-on", "info"], 1),
        (["--exit-zero"], 0),
    ],
)
def test_exit_codes_follow_the_worst_finding_that_is_shown(run, words, code):
    assert run("check", *words).code == code


@pytest.mark.parametrize("form", ["concise", "sarif", "junit", "github", "azure", "markdown"])
def test_the_format_never_changes_the_code(run, form):
    assert run("check", "--output", form).code == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--select", "ROUTE"], ["ROUTE001", "ROUTE002"]),
        (["--select", "ROUTE001,NSG001"], ["ROUTE001", "NSG001"]),
        (["--select", "ROUTE", "--ignore", "ROUTE002"], ["ROUTE001"]),
        (["--select", "NSG", "--select", "ROUTE002"], ["ROUTE002", "NSG001"]),
    ],
)
def test_rules_are_selected_by_code_and_family(run, words, expected):
    assert codes(run("check", "--output", "json", *words).out) == expected


def test_an_unknown_rule_is_answered_with_near_ones(run):
    result = run("check", "--select", "ROUTE01")

    assert result.code == 2
    assert "no rule or family is called `ROUTE01`; did you mean ROUTE001" in result.err


def test_the_environment_sets_options(run, monkeypatch):
    monkeypatch.setenv("HUBWRIGHT_CHECK_OUTPUT", "json")
    monkeypatch.setenv("HUBWRIGHT_CHECK_SELECT", "ROUTE001 NSG")

    assert codes(run("check").out) == ["ROUTE001", "NSG001"]


def test_a_file_takes_the_findings(run, here):
    result = run("check", "--output", "json", "-o", "out.json")

    assert result.out == ""
    assert codes((here / "out.json").read_text()) == ["ROUTE001", "ROUTE002", "NSG001"]


def test_a_file_that_cannot_be_written_is_said_so(run):
    result = run("check", "-o", "/nowhere/out.txt")

    assert result.code == 2
    assert "cannot write /nowhere/out.txt: no such file or directory" in result.err


def test_a_comment_ignores_a_finding_and_show_ignored_shows_it(run, design):
    lines = design.read_text().splitlines()
    lines[2] += "  # hubwright: ignore[ROUTE001] NET-12"
    design.write_text("\n".join(lines) + "\n")

    plain = run("check")
    shown = run("check", "--show-ignored")

    assert plain.code == shown.code == 0
    assert "[ROUTE001]: " not in plain.out
    assert "= ignored: NET-12" in shown.out
    assert plain.err == "estate.yaml: 2 findings (1 warning, 1 info), 1 ignored\n"


def test_a_comment_that_ignores_nothing_is_found(run, design):
    design.write_text(design.read_text() + "# hubwright: ignore[ROUTE001] old\n")

    assert "warning[DESIGN091]" in run("check").out


def test_statistics_count_instead(run):
    assert [line.split()[:2] for line in run("check", "--statistics").out.splitlines()] == [
        ["1", "NSG001"],
        ["1", "ROUTE001"],
        ["1", "ROUTE002"],
    ]
    assert run("check", "--statistics", "--output", "sarif").code == 2


@pytest.mark.parametrize(
    ("variable", "mark"), [("GITHUB_ACTIONS", "::error "), ("TF_BUILD", "##vso[task.logissue ")]
)
def test_build_agents_get_annotations_behind_the_text(run, monkeypatch, variable, mark):
    monkeypatch.setenv(variable, "True")

    text = run("check").out
    asked = run("check", "--output", "text").out

    assert text.startswith("error[ROUTE001]")
    assert f"\n{mark}" in text
    assert mark not in asked
