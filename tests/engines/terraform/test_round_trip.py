"""
The law of Terraform: a design and the plan of what is synthesised from it are the same estate.

Only where a value was written may differ. Intents are what a person claims of a network; they are
in no plan.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace

import pytest

from hubwright.diagnostics.diagnostic import Diagnostic
from hubwright.engines.verify.check import check
from hubwright.sources.design import load_design
from hubwright.sources.terraform import load_plan
from terraforming import ESTATES, Terraform

pytestmark = [pytest.mark.terraform, pytest.mark.slow]


@pytest.mark.parametrize("path", ESTATES, ids=lambda path: path.parent.name)
def test_a_design_and_its_plan_are_the_same_estate(terraform: Terraform, path):
    design, _ = load_design(path)
    assert design is not None
    design = replace(design, intents=())

    planned, problems = load_plan(terraform.plan_file(path))

    assert [problem.message for problem in problems] == []
    assert planned is not None
    for item in fields(design):
        if item.name != "origin":
            assert getattr(planned, item.name) == getattr(design, item.name), item.name
    assert planned == design
    assert said(check(planned)) == said(check(design))


def said(findings: Iterable[Diagnostic]) -> Counter[tuple[str, str, str]]:
    """Return what findings say, wherever they point."""
    return Counter((item.code, item.severity.value, item.message) for item in findings)
