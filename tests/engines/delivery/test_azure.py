"""The Azure pipelines: valid by the schema, whole once expanded, and their scripts clean."""

import json
import re
from functools import cache
from importlib import resources
from typing import Any

import jsonschema
import pytest
import yaml
from check_jsonschema.transforms.azure_pipelines import azure_main

import tools
from engines.delivery.azure_templates import Expander
from engines.delivery.designs import delivered

FILES = delivered("reference")
YAML = [path for path in FILES if path.startswith("pipelines/azure-devops/")]
PIPELINES = [p for p in YAML if p.count("/") == 2 and not p.endswith("variables.yaml")]
REASONS = ("PullRequest", "IndividualCI")


def expanded(path: str, reason: str = "IndividualCI") -> dict[str, Any]:
    given = {"environment": "test"} if path.endswith("destroy.yaml") else {}
    if path.endswith("agents.yaml"):
        given = {"pods": "true"}
    return Expander(FILES, Build_Reason=reason).pipeline(path, **given)


@cache
def validator() -> jsonschema.Draft7Validator:
    """Return Microsoft's schema of Azure Pipelines, as check-jsonschema carries it."""
    place = resources.files("check_jsonschema") / "builtin_schemas/vendor/azure-pipelines.json"
    return jsonschema.Draft7Validator(json.loads(place.read_text(encoding="utf-8")))


def complaints(pipeline: object) -> list[str]:
    return [f"{e.json_path}: {e.message[:200]}" for e in validator().iter_errors(pipeline)]


def jobs(pipeline: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(stage["stage"], job) for stage in pipeline["stages"] for job in stage["jobs"]]


def steps(job: dict[str, Any]) -> list[dict[str, Any]]:
    if "deployment" in job:
        found: list[dict[str, Any]] = job["strategy"]["runOnce"]["deploy"]["steps"]
        return found
    return list(job["steps"])


@pytest.mark.parametrize("path", YAML)
def test_azure_pipelines_would_take_it(path: str) -> None:
    if path.endswith("variables.yaml"):
        pytest.skip("a variables template is no pipeline; its use is expanded below")
    assert complaints(azure_main(yaml.safe_load(FILES[path]))) == []


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("path", PIPELINES)
def test_what_it_expands_to_would_be_taken_too(path: str, reason: str) -> None:
    assert complaints(expanded(path, reason)) == []


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("path", PIPELINES)
def test_stages_depend_on_stages_that_exist(path: str, reason: str) -> None:
    stages = expanded(path, reason)["stages"]
    names = [stage["stage"] for stage in stages]
    assert len(set(names)) == len(names)
    for stage in stages:
        after = stage.get("dependsOn", [])
        assert set([after] if isinstance(after, str) else after) <= set(names)


@pytest.mark.parametrize("path", PIPELINES)
def test_every_script_it_runs_exists(path: str) -> None:
    called: set[str] = set()
    for _, job in jobs(expanded(path)):
        for step in steps(job):
            text = f"{step.get('script', '')} {step.get('inputs', {}).get('scriptPath', '')}"
            called |= set(re.findall(r"pipelines/scripts/[\w.]+", text))
    assert called
    assert called <= FILES.keys()


@pytest.mark.parametrize("path", YAML)
def test_inline_scripts_are_clean(path: str) -> None:
    for script in scripts(yaml.safe_load(FILES[path])):
        text = re.sub(r"\$\{\{.*?\}\}|\$\(([\w.]+)\)", "value", script)
        said = tools.run("shellcheck", ["--shell", "bash", "-"], text)
        assert said == "", script


def scripts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for item in value for text in scripts(item)]
    if isinstance(value, dict):
        own = [value["script"]] if isinstance(value.get("script"), str) else []
        return own + [text for item in value.values() for text in scripts(item)]
    return []


def test_templates_that_nothing_includes_do_not_exist() -> None:
    used: set[str] = set()
    for path in PIPELINES:
        for reason in REASONS:
            expander = Expander(FILES, Build_Reason=reason)
            given = {"environment": "test"} if path.endswith("destroy.yaml") else {}
            expander.pipeline(path, **given)
            used |= set(expander.templates)
    assert used == {path for path in YAML if path not in PIPELINES}


def test_a_pull_request_checks_and_plans_every_environment_and_changes_nothing() -> None:
    pipeline = expanded("pipelines/azure-devops/infrastructure.yaml", "PullRequest")
    assert {stage["stage"] for stage in pipeline["stages"]} == {
        f"{what}_{where}"
        for what in ("check", "plan")
        for where in ("test", "staging", "production")
    }
    assert not any("deployment" in job for _, job in jobs(pipeline))


def test_environments_follow_each_other() -> None:
    stages = expanded("pipelines/azure-devops/infrastructure.yaml")["stages"]
    after = {stage["stage"]: stage.get("dependsOn") for stage in stages}
    assert "apply_test" in after["plan_staging"]
    assert "apply_staging" in after["plan_production"]


def test_rules_go_through_the_twin_then_staging_then_production() -> None:
    pipeline = expanded("pipelines/azure-devops/firewall-rules.yaml")
    after = {stage["stage"]: stage.get("dependsOn") for stage in pipeline["stages"]}
    assert set(after["plan_staging"]) == {"check_staging", "mirror"}
    assert set(after["plan_production"]) == {"check_production", "apply_staging"}
    for stage, job in jobs(pipeline):
        texts = [str(step.get("script")) for step in steps(job)]
        if stage.startswith("check"):
            assert any("twin.sh" in text for text in texts)
        if stage.startswith("plan"):
            assert any("rules_only.py" in text for text in texts)
