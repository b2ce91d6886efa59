"""
The law of Terraform: a design and the plan of what is synthesised from it are the same estate.

Intents are what a person claims of a network; Terraform does not carry them.
"""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from hubwright.diagnostics.diagnostic import Diagnostic
from hubwright.engines.verify.check import check
from hubwright.model.estate import Estate
from hubwright.sources.design import load_design
from hubwright.sources.terraform import load_plan
from terraforming import ESTATES, Terraform

pytestmark = pytest.mark.terraform


def both(terraform: Terraform, path: Path) -> tuple[Estate, Estate]:
    """Return the estate of a design, and that of its plan."""
    design, _ = load_design(path)
    planned, problems = load_plan(terraform.plan_file(path))
    assert [problem.message for problem in problems] == []
    assert design is not None
    assert planned is not None
    return replace(design, intents=()), planned


@pytest.mark.parametrize("path", ESTATES, ids=lambda path: path.parent.name)
def test_a_design_and_its_plan_are_the_same_estate(terraform: Terraform, path):
    design, planned = both(terraform, path)

    assert planned.unknowns == ()
    assert planned == design


@pytest.mark.parametrize("path", ESTATES, ids=lambda path: path.parent.name)
def test_check_finds_the_same_in_both(terraform: Terraform, path):
    design, planned = both(terraform, path)

    assert said(check(planned)) == said(check(design))


def said(findings: tuple[Diagnostic, ...] | list[Diagnostic]) -> Counter[tuple[str, str, str]]:
    """Return what findings say, wherever they point."""
    return Counter((item.code, item.severity.value, item.message) for item in findings)
