"""What is wrong with the published sample's pipelines, agents and chart is not wrong here."""

import re
import subprocess
from typing import Any

import pytest
import yaml

from engines.delivery.designs import delivered, estate
from engines.delivery.test_azure import PIPELINES, expanded, jobs, steps
from hubwright.engines.terraform.environments import starters

FILES = delivered("everything")
SCRIPTS = {p: t for p, t in FILES.items() if p.startswith(("pipelines/", "agents/", ".github/"))}
CODE = {
    path: "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for path, text in SCRIPTS.items()
    if not path.endswith(".md")
}
GIVEN = {
    *("AZP_URL", "AZP_POOL", "AZP_AGENT_NAME", "AZP_REGISTER_ONLY", "AGENT_HOME", "ENTRA_TOKEN"),
    *("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "AZURESUBSCRIPTION_CLIENT_ID"),
    *("AZURESUBSCRIPTION_TENANT_ID", "AZURE_CLIENT_ID", "SYSTEM_COLLECTIONURI", "PWD"),
    *("AGENT_IDENTITY", "AGENT_POOL", "RELEASE_HEADER", "STEP_SECONDS", "HUBWRIGHT_VERSION"),
}
"""What agents, tasks and variable groups put into a script's environment."""


def mentioned(*patterns: str) -> list[str]:
    found = re.compile("|".join(patterns))
    return [f"{path}: {hit[0]}" for path, text in CODE.items() for hit in found.finditer(text)]


def test_p1_the_version_of_kubernetes_is_the_designs() -> None:
    assert mentioned("get-versions", "orchestrators", r"sort -V") == []


def test_p2_what_is_applied_is_the_plan_of_the_same_run() -> None:
    assert mentioned("auto-approve") == []
    apply = FILES["pipelines/scripts/apply.sh"]
    assert apply.index("sha256sum --check") < apply.index("terraform apply")
    assert re.search(r"terraform apply .* tfplan$", apply, re.MULTILINE)
    for path in ("infrastructure", "firewall-rules", "destroy"):
        made: dict[str, str] = {}
        for stage, job in jobs(expanded(f"pipelines/azure-devops/{path}.yaml")):
            for step in steps(job):
                if "artifact" in step:
                    made[step["artifact"]] = stage
                wanted = step.get("inputs", {}).get("artifactName")
                if wanted is not None:
                    assert made[wanted].startswith("plan")


def test_p3_whatever_changes_azure_waits_for_an_environment() -> None:
    changing = ("apply.sh", "release.sh", "cluster.sh", "agent_pods.sh")
    for path in PIPELINES:
        for _, job in jobs(expanded(path)):
            if any(script in str(steps(job)) for script in changing):
                assert job["deployment"]
                assert job["environment"].startswith("hubwright-")
    for path, text in FILES.items():
        if path.startswith(".github/"):
            for job in yaml.safe_load(text)["jobs"].values():
                if any(script in str(job.get("steps")) for script in changing):
                    assert job["environment"].startswith("hubwright-")


def test_p4_path_filters_name_folders_that_exist() -> None:
    folders = {path.partition("/")[0] for path in FILES} | {"environments", "terraform"}
    for path, text in FILES.items():
        if path.startswith(("pipelines/azure-devops/", ".github/")) and path.endswith(".yaml"):
            for named in filters(yaml.safe_load(text)):
                assert named.removesuffix("/**") in folders, f"{path}: {named}"


def filters(pipeline: dict[Any, Any]) -> list[str]:
    trigger = pipeline.get("trigger")
    found = list(trigger["paths"]["include"]) if isinstance(trigger, dict) else []
    events = pipeline.get(True) or {}  # YAML 1.1 reads `on` as true
    for event in events.values() if isinstance(events, dict) else ():
        found += (event or {}).get("paths", []) if isinstance(event, dict) else []
    return found


def test_p5_every_parameter_is_used_and_namespaces_come_first() -> None:
    for path, text in FILES.items():
        if not path.startswith("pipelines/azure-devops/"):
            continue
        for parameter in yaml.safe_load(text).get("parameters", []):
            assert re.search(rf"parameters\.{parameter['name']}\b", text), f"{path}: {parameter}"
    assert mentioned(r"kubectl label", r"helm repo") == []
    namespace = yaml.safe_load(FILES["workloads/web/namespace.yaml"])
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for script in ("release.sh", "chart.sh"):
        assert "--create-namespace" not in FILES[f"pipelines/scripts/{script}"]


@pytest.mark.parametrize("path", [p for p in SCRIPTS if p.endswith(".sh")])
def test_p6_scripts_parse_and_use_only_what_they_are_given(path: str) -> None:
    parsed = subprocess.run(
        ["bash", "-n"], input=SCRIPTS[path], capture_output=True, text=True, check=False
    )
    assert (parsed.returncode, parsed.stderr) == (0, "")
    names = "".join(text for name, text in FILES.items() if name.endswith(".env"))
    known = GIVEN | set(re.findall(r"^([A-Z_]+)=", names, re.MULTILINE))
    known |= {"LOAD_BALANCER", "TAG", "DIGEST", "SOURCE_REGISTRY"}  # see build.sh and names.py
    own = set(re.findall(r"\b([A-Z][A-Z0-9_]+)=", CODE[path]))
    used = set(re.findall(r"(?<!\\)\$\{?([A-Z][A-Z0-9_]+)", CODE[path]))
    assert used <= known | own


def test_p7_pipelines_make_and_delete_nothing_beside_terraform() -> None:
    made = mentioned(r"az group (create|delete)", r"az storage account create", r"az vm ")
    assert {hit.partition(":")[0] for hit in made} == {"pipelines/scripts/bootstrap.sh"}
    called = [text for path, text in CODE.items() if path.endswith(".yaml")]
    assert not any("bootstrap.sh" in text for text in called)


def test_p8_nothing_is_exposed_beside_the_design_so_nothing_is_left_to_undo() -> None:
    assert mentioned(r"az network (firewall|dns|public-ip|nat|route-table)") == []
    release = FILES["pipelines/scripts/release.sh"]
    assert "helm rollback" in release
    assert "--rollback-on-failure" in release


def test_p9_no_key_no_secret_no_personal_access_token() -> None:
    secrets = (
        r"account[-_]key",
        r"list[Kk]eys|keys list",
        r"ARM_CLIENT_SECRET",
        r"ARM_ACCESS_KEY",
        r"servicePrincipalKey",
        r"\{\{ *secrets\.",
        r"\$\{?AZP_TOKEN",
    )
    assert mentioned(*secrets) == []
    assert "ARM_USE_OIDC=true" in FILES["pipelines/scripts/lib.sh"]
    assert "use_azuread_auth" in "".join(p for p in _terraform_backend())


def _terraform_backend() -> list[str]:
    from hubwright.carried import terraform

    return [(terraform() / "backend.tf").read_text()]


def test_s7_nobody_signs_in_to_the_cluster_as_its_administrator() -> None:
    assert mentioned(r"--admin\b") == []
    assert "kubelogin convert-kubeconfig" in FILES["pipelines/scripts/lib.sh"]


def test_s8_no_secret_is_printed_or_put_into_settings() -> None:
    assert mentioned(r"echo .*(TOKEN|KEY|SECRET|token\))", r"issecret", r"set -x") == []
    assert mentioned(r"[Cc]ustomScript", r"protectedSettings", r"\"settings\"") == []


def test_s9_agents_are_services_of_their_own_user() -> None:
    assert mentioned(r"\bat now\b", r"AGENT_ALLOW_RUNASROOT", r"nohup") == []
    assert "User=agent" in FILES["agents/machine/install.sh"]


def test_s10_nothing_is_anybodys_and_nobody_is_owner() -> None:
    public = {"499b84ac-1321-427f-aa17-267ca6975798", "00000000-0000-0000-0000-000000000000"}
    guids = {
        hit.rpartition(" ")[2] for hit in mentioned(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    }
    assert guids <= public
    assert mentioned(r"[\w.]+@[\w-]+\.(com|org|net)\b", r"\bOwner\b") == []
    assert "nobody is Owner" in FILES["pipelines/README.md"]


def test_f12_every_environment_has_a_state_of_its_own() -> None:
    names = ("test", "staging", "production")
    found = starters(estate("reference"), names)
    states = {found[f"environments/{name}.tfbackend"] for name in names}
    containers = {re.findall(rb'container_name +=.*"(.*)"', text)[0] for text in states}
    assert len(containers) == len(names)
    assert '-backend-config="environments/$1.tfbackend"' in FILES["pipelines/scripts/lib.sh"]


def test_f14_the_chart_spreads_its_own_pods_and_uses_what_exists() -> None:
    from workload.charting import of_kind, render, selects

    manifests = render({})
    (deployment,) = of_kind(manifests, "Deployment").values()
    template = deployment["spec"]["template"]
    for constraint in template["spec"]["topologySpreadConstraints"]:
        selector = constraint["labelSelector"]["matchLabels"]
        assert selects(selector, template["metadata"]["labels"])
    (scaler,) = of_kind(manifests, "HorizontalPodAutoscaler").values()
    assert scaler["apiVersion"] == "autoscaling/v2"
    assert template["spec"]["nodeSelector"] == {"kubernetes.io/os": "linux"}
