"""Files of a team's repository: the same twice, complete, and without anything left to fill in."""

import re

import pytest
import yaml

from engines.delivery.designs import NAMES, delivered, estate
from goldens import assert_golden
from hubwright.engines.delivery import files

MARKS = ("__WORKLOAD__", "__HUBWRIGHT__")


@pytest.mark.parametrize("name", NAMES)
def test_the_same_estate_gives_the_same_files(name: str) -> None:
    assert files(estate(name)) == delivered(name)
    assert list(delivered(name)) == sorted(delivered(name))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_left_to_fill_in(name: str) -> None:
    found = delivered(name)
    assert not [
        path for path, text in found.items() if "__WORKLOAD__" in text or "__HUBWRIGHT__" in text
    ]
    assert not [path for path in found if path.startswith("/") or ".." in path or "cache" in path]


@pytest.mark.parametrize("name", NAMES)
def test_every_workload_has_its_values_namespace_and_pipelines(name: str) -> None:
    found = delivered(name)
    for service in estate(name).kubernetes_services:
        for path in (
            f"workloads/{service.name}/values.yaml",
            f"workloads/{service.name}/namespace.yaml",
            f"workloads/{service.name}/names.env",
            f"pipelines/azure-devops/workload-{service.name}.yaml",
        ):
            assert path in found
    assert "pipelines/azure-devops/workload.yaml" not in found


def test_every_yaml_file_is_yaml() -> None:
    for path, text in delivered("reference").items():
        if path.endswith((".yaml", ".yml")) and "/chart/templates/" not in path:
            assert yaml.safe_load(text), path


def test_generated_files_say_so_and_are_as_reviewed() -> None:
    generated = {
        path: text
        for path, text in delivered("reference").items()
        if path.startswith(("workloads/", "pipelines/estate.env"))
    }
    for text in generated.values():
        assert text.startswith("# Written by `hubwright synth`")
    shown = "".join(f"--- {path}\n{text}" for path, text in generated.items())
    assert_golden("delivery/reference.txt", shown)


def test_scripts_start_by_failing_early() -> None:
    for path, text in delivered("reference").items():
        if path.endswith(".sh") and not path.endswith("lib.sh"):
            assert re.search(r"^set -euo pipefail$", text, re.MULTILINE), path
            assert text.startswith("#!/usr/bin/env bash\n"), path
