"""
The law: a design and the plan of what is synthesised from it are the same estate.

Only where a value was written may differ. What a person claims of packets (`intents`) is no part
of the network, and in no plan.
"""

import json
from dataclasses import fields, replace

import pytest

from hubwright.sources.design import load_design
from hubwright.sources.terraform import read_plan
from terraforming import ESTATES

pytestmark = [pytest.mark.terraform, pytest.mark.slow]


@pytest.mark.parametrize("path", ESTATES, ids=lambda path: path.parent.name)
def test_the_plan_of_a_design_is_the_design(terraform, path):
    design, _ = load_design(path)
    assert design is not None
    design = replace(design, intents=())

    plan, problems = read_plan("plan.json", json.dumps(terraform.plan_json(path)))

    assert problems == []
    assert plan is not None
    for item in fields(design):
        if item.name != "origin":
            assert getattr(plan, item.name) == getattr(design, item.name), item.name
    assert plan == design
