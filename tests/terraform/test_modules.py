"""Every module's own tests, and that of the root."""

import pytest

from terraforming import CONFIGURATION, MODULES, Terraform

pytestmark = pytest.mark.terraform


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_passes_its_own_tests(terraform: Terraform, module):
    found = terraform.run("test", at=terraform.root / module.relative_to(CONFIGURATION))

    assert ", 0 failed." in found
    assert "Success! 0 passed" not in found


def test_the_configuration_is_formatted(terraform: Terraform):
    terraform.run("fmt", "-check", "-recursive", "-diff", at=terraform.root)


def test_the_root_is_valid(terraform: Terraform):
    assert "The configuration is valid" in terraform.run("validate")


def test_the_root_passes_its_own_tests(terraform: Terraform):
    found = terraform.run("test")

    assert ", 0 failed." in found
    assert "Success! 0 passed" not in found
