"""
The page of a rule is its test: the bad design triggers it, the good one does not.

A block `yaml change` is for what no design says: a change of the good design's estate, as
`tests/changes.py` reads it.

`HUBWRIGHT_UPDATE_GOLDEN=1 pytest tests/engines/verify/test_pages.py` writes the output blocks.
"""

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from changes import changed
from hubwright.diagnostics.diagnostic import Diagnostic, Severity
from hubwright.diagnostics.render.report import Report
from hubwright.diagnostics.render.text import render
from hubwright.engines.verify.check import check
from hubwright.engines.verify.rules import all_rules
from hubwright.sources.design import read_design

PAGES = Path(__file__).parents[3] / "docs" / "rules"
RULES = {info.code: info for info in all_rules()}
NAME = "estate.yaml"
_BLOCK = re.compile(r"```(?P<kind>[a-z]+(?: [a-z]+)?)\n(?P<body>.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """What a page holds for its test."""

    code: str
    text: str

    def block(self, kind: str) -> str | None:
        found = [m["body"] for m in _BLOCK.finditer(self.text) if m["kind"] == kind]
        assert len(found) < 2, f"{self.code} has {len(found)} blocks `{kind}`"
        return found[0] if found else None

    @property
    def bad(self) -> str:
        """The design of the example; the good one, where its estate is changed."""
        blocks = [self.block("yaml bad"), self.block("yaml refused")]
        if self.change is not None:
            blocks.append(self.block("yaml good"))
        found = [block for block in blocks if block is not None]
        assert len(found) == 1, f"{self.code} needs one bad example"
        return found[0]

    @property
    def change(self) -> str | None:
        return self.block("yaml change")

    @property
    def is_refused(self) -> bool:
        return self.block("yaml refused") is not None


@cache
def page(code: str) -> Page:
    return Page(code, (PAGES / f"{code}.md").read_text(encoding="utf-8"))


@cache
def found(text: str) -> list[Diagnostic]:
    estate, problems = read_design(NAME, text)
    return problems if estate is None else check(estate)


@cache
def mistakes(item: Page) -> list[Diagnostic]:
    if item.change is None:
        return found(item.bad)
    estate, problems = read_design(NAME, item.bad)
    assert estate is not None, problems
    return check(changed(estate, item.change))


def output(item: Page) -> str:
    diagnostics = [d for d in mistakes(item) if item.is_refused or d.code == item.code]
    return render(Report(diagnostics=tuple(diagnostics), sources={NAME: item.bad}))


def test_every_rule_has_a_page():
    assert set(RULES) <= {path.stem for path in PAGES.glob("*.md")}


@pytest.mark.parametrize("code", RULES)
def test_the_page_opens_with_title_and_severity(code):
    head = page(code).text.split("\n")[:3]
    assert head == [
        f"# {code}: {RULES[code].title}",
        "",
        f"Severity: {RULES[code].severity}",
    ]


@pytest.mark.parametrize("code", RULES)
def test_the_page_names_its_sources(code):
    sources = page(code).text.partition("## Sources")[2]
    assert re.search(r"- https://\S+", sources)


@pytest.mark.parametrize("code", RULES)
def test_the_bad_design_triggers_the_rule(code):
    item = page(code)
    codes = {d.code for d in mistakes(item)}
    if item.is_refused:
        assert codes
        assert all(other.startswith("DESIGN") for other in codes)
    else:
        assert code in codes


@pytest.mark.parametrize("code", RULES)
def test_the_bad_design_has_no_other_mistake(code):
    item = page(code)
    worse = [d for d in mistakes(item) if d.severity is not Severity.INFO]
    assert {d.code for d in worse if not d.code.startswith("DESIGN")} <= {code}


@pytest.mark.parametrize("code", RULES)
def test_the_good_design_is_clean(code):
    good = page(code).block("yaml good")
    assert good is not None
    left = [d for d in found(good) if d.severity is not Severity.INFO or d.code == code]
    assert [(d.code, d.message) for d in left] == []


@pytest.mark.parametrize("code", RULES)
def test_the_page_shows_the_exact_output(code):
    item = page(code)
    actual = output(item).rstrip("\n") + "\n"
    if os.environ.get("HUBWRIGHT_UPDATE_GOLDEN") == "1":
        text = re.sub(
            r"```text\n.*?```", lambda _: f"```text\n{actual}```", item.text, flags=re.DOTALL
        )
        (PAGES / f"{code}.md").write_text(text, encoding="utf-8")
        return
    assert item.block("text") == actual
