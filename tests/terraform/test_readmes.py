"""Every module has a README that says what the module says."""

import os

import pytest

from terraform_readmes import arguments, example, readme
from terraforming import MODULES, Terraform


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_readme_is_what_the_module_says(module):
    path = module / "README.md"
    now = path.read_text()
    wanted = readme(module, now)
    if os.environ.get("HUBWRIGHT_UPDATE_GOLDEN") == "1":
        path.write_text(wanted)
        now = wanted

    assert now == wanted
    assert now.startswith(f"# {module.name}\n\n")
    assert len(now.partition("## Example")[0].split()) > 5


@pytest.mark.terraform
def test_every_example_is_planned(terraform: Terraform):
    directory = terraform.root / "examples"
    directory.mkdir(exist_ok=True)
    modules = directory / "modules"
    if not modules.exists():
        modules.symlink_to(terraform.root / "modules")
    text = "\n".join(example(module) for module in MODULES)
    (directory / "main.tf").write_text(f'provider "azurerm" {{\n  features {{}}\n}}\n\n{text}')

    terraform.run("plan", "-input=false", at=directory)


def test_a_block_is_read_with_its_long_type():
    found = arguments(
        'variable "rules" {\n  description = "Rules by \\"name\\"."\n  type = map(object({\n'
        "    a = string\n  }))\n  default = {}\n\n  validation {\n"
        '    condition     = true\n    error_message = "default"\n  }\n}\n'
    )

    assert [(item.name, item.description, item.default) for item in found] == [
        ("rules", 'Rules by "name".', "{}")
    ]
    assert found[0].type == "map(object({\n  a = string\n}))"
