"""Terraform plans what is synthesised from every example design."""

import pytest

from terraforming import ESTATES, Terraform

pytestmark = pytest.mark.terraform


@pytest.mark.parametrize("estate", ESTATES, ids=lambda path: path.parent.name)
def test_every_design_is_planned(terraform: Terraform, estate):
    plan = terraform.plan_json(estate)

    assert plan["complete"]
    assert not plan["errored"]
    assert {change["change"]["actions"][0] for change in plan["resource_changes"]} <= {
        "create",
        "read",
    }
