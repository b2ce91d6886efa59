"""The workflows for GitHub Actions: clean, pinned, and with no more rights than needed."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import tools
from engines.delivery.designs import NAMES, delivered

WORKFLOWS = {p: t for p, t in delivered("reference").items() if p.startswith(".github/workflows/")}


def workflow(path: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(WORKFLOWS[path])
    return found


def written(where: Path, files: dict[str, str]) -> list[Path]:
    for path, text in files.items():
        (where / path).parent.mkdir(parents=True, exist_ok=True)
        (where / path).write_text(text)
    return sorted((where / ".github/workflows").iterdir())


def linted(paths: list[Path]) -> str:
    shellcheck = Path(tools.path("shellcheck"))
    return tools.run("actionlint", ["-shellcheck", shellcheck, *paths])


@pytest.mark.parametrize("name", NAMES)
def test_workflows_are_clean(name: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    found = {p: t for p, t in delivered(name).items() if p.startswith(".github/")}
    assert linted(written(tmp_path, found)) == ""


def test_the_linter_would_see_a_mistake(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    path = ".github/workflows/environment.yaml"
    broken = {path: WORKFLOWS[path].replace("needs: plan", "needs: plam")}
    assert "plam" in linted(written(tmp_path, broken))


def test_actions_are_pinned_by_commit() -> None:
    used = [found for text in WORKFLOWS.values() for found in re.findall(r"uses: (.+)", text)]
    outside = [found for found in used if not found.startswith("./")]
    assert outside
    for found in outside:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", found), found


@pytest.mark.parametrize("path", WORKFLOWS)
def test_rights_are_given_job_by_job(path: str) -> None:
    found = workflow(path)
    assert found["permissions"] == {}
    for job in found["jobs"].values():
        assert job["permissions"].get("contents") == "read"
        assert "write-all" not in str(job["permissions"])


@pytest.mark.parametrize("path", WORKFLOWS)
def test_there_is_no_secret_and_nothing_is_pasted_into_scripts(path: str) -> None:
    assert "secrets." not in WORKFLOWS[path]
    for job in workflow(path)["jobs"].values():
        for step in job.get("steps", []):
            assert "${{" not in step.get("run", "")


def test_environments_follow_each_other() -> None:
    jobs = workflow(".github/workflows/infrastructure.yaml")["jobs"]
    assert [jobs[name]["needs"] for name in ("test", "staging", "production")] == [
        "check",
        "test",
        "staging",
    ]


def test_only_main_is_applied_and_after_the_environments_rules() -> None:
    apply = workflow(".github/workflows/environment.yaml")["jobs"]["apply"]
    assert apply["needs"] == "plan"
    assert "refs/heads/main" in apply["if"]
    assert apply["environment"] == "hubwright-${{ inputs.environment }}"
    assert "self-hosted" in apply["runs-on"]
