"""What is written once for an environment: every value that a design leaves to a deployer."""

import re

import pytest

from hubwright.engines.terraform.environments import starters
from hubwright.engines.terraform.variables import variables
from hubwright.errors import UsageError
from hubwright.sources.design import load_design
from terraform_readmes import arguments
from terraforming import CONFIGURATION, ESTATES


def settings(name: str) -> str:
    estate, _ = load_design(next(path for path in ESTATES if path.parent.name == name))
    assert estate is not None
    return starters(estate, ("test",))["environments/test.tfvars"].decode()


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("public-cluster", set()),
        ("reference", {"admin_ssh_public_key", "action_group_ids"}),
        (
            "two-spokes",
            {"admin_ssh_public_key", "private_endpoint_target_ids", "action_group_ids"},
        ),
        (
            "managed-devops-pool",
            {"admin_ssh_public_key", "service_principal_object_ids", "action_group_ids"},
        ),
    ],
)
def test_a_design_asks_for_what_it_needs_and_no_more(name, asked):
    found = set(re.findall(r"^# (\w+) = ", settings(name), re.MULTILINE)) - {"subscription_id"}

    assert found - {"action_group_ids"} == asked - {"action_group_ids"}
    assert asked <= found


@pytest.mark.parametrize("path", ESTATES, ids=lambda path: path.parent.name)
def test_every_variable_is_declared_and_has_a_value(path):
    estate, _ = load_design(path)
    assert estate is not None
    given = set(variables(estate))
    declared = {
        item.name: item.default
        for file in CONFIGURATION.glob("variables.*.tf")
        for item in arguments(file.read_text())
    }

    assert given <= set(declared)
    assert [name for name in declared if declared[name] is None and name not in given] == []


def test_every_value_that_is_asked_for_is_declared():
    declared = {
        item.name
        for file in CONFIGURATION.glob("variables.*.tf")
        for item in arguments(file.read_text())
    }
    asked = {
        name
        for path in ESTATES
        for name in re.findall(r"^# (\w+) = ", settings(path.parent.name), re.MULTILINE)
    }

    assert {"admin_ssh_public_key", "subscription_id"} <= asked <= declared


@pytest.mark.parametrize("name", ["Test", "te--st", "test-", "", "1st", "a" * 31, "../x"])
def test_names_that_no_container_can_have_are_refused(name):
    estate, _ = load_design(ESTATES[0])
    assert estate is not None

    with pytest.raises(UsageError, match="cannot name an environment"):
        starters(estate, (name,))
