"""Every problem of the page is caught by the rule that it names, or says why none can."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from changes import changed
from engines.verify.mutations import merge
from hubwright.engines.verify.check import check
from hubwright.engines.verify.rules import all_rules
from hubwright.model.estate import Estate
from hubwright.sources.design import REFERENCE, read_design

PAGE = Path(__file__).parents[2] / "docs" / "concepts" / "field-problems.md"
_HEADING = re.compile(r"^## (\d+)\. .+$", re.MULTILINE)
_CHANGE = re.compile(r"```yaml (design|change)\n(.*?)```", re.DOTALL)
_RULE = re.compile(r"Caught by \[([A-Z]+\d{3})\]\(\.\./rules/\1\.md\)")


@dataclass(frozen=True)
class Problem:
    number: int
    kind: str | None
    text: str
    rule: str | None
    why_not: bool


def _problems() -> list[Problem]:
    parts = _HEADING.split(PAGE.read_text(encoding="utf-8"))[1:]
    out = []
    for number, body in zip(parts[::2], parts[1::2], strict=True):
        change, rule = _CHANGE.search(body), _RULE.search(body)
        out.append(
            Problem(
                number=int(number),
                kind=change[1] if change else None,
                text=change[2] if change else "",
                rule=rule[1] if rule else None,
                why_not="No property of an estate: " in body,
            )
        )
    return out


PROBLEMS = _problems()
CAUGHT = [problem for problem in PROBLEMS if problem.rule is not None]


def _read(text: str) -> Estate:
    found, problems = read_design("estate.yaml", text)
    assert found is not None, [item.message for item in problems]
    return found


@cache
def _before() -> frozenset[tuple[str, str]]:
    return frozenset((item.code, item.message) for item in check(_read(REFERENCE)))


def test_there_are_fifty_and_each_is_caught_or_explained():
    assert [problem.number for problem in PROBLEMS] == list(range(1, 51))
    for problem in PROBLEMS:
        assert (problem.rule is not None) != problem.why_not, problem.number
        assert (problem.kind is not None) == (problem.rule is not None), problem.number


def test_the_rules_exist():
    assert {problem.rule for problem in CAUGHT} <= {info.code for info in all_rules()}


@pytest.mark.parametrize("problem", CAUGHT, ids=lambda problem: f"{problem.number}")
def test_the_rule_catches_it(problem):
    if problem.kind == "design":
        design = merge(yaml.safe_load(REFERENCE), yaml.safe_load(problem.text))
        estate = _read(yaml.safe_dump(design, sort_keys=False))
    else:
        estate = changed(_read(REFERENCE), problem.text)

    found = {item.code for item in check(estate) if (item.code, item.message) not in _before()}

    assert problem.rule in found
