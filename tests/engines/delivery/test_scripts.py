"""Every script that needs no service of Azure is run, in a repository as `synth` writes it."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

import terraforming
import tools
from engines.delivery.designs import repository
from engines.twin import tiny
from hubwright import carried
from workload.running import running

SCRIPTS = carried.delivery() / "pipelines" / "scripts"
HELM = Path(__file__).with_name("helm_cli.py")


class Repository:
    """A repository of a team, with its commits."""

    def __init__(self, root: Path) -> None:
        self.root = repository(root)
        binaries = root / ".bin"
        binaries.mkdir()
        if shutil.which("helm") is None:
            helm = binaries / "helm"
            helm.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{HELM}" "$@"\n')
            helm.chmod(0o755)
        here = Path(sys.executable).parent
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in ("GITHUB_ACTIONS", "TF_BUILD")},
            "PATH": f"{binaries}:{here}:{os.environ['PATH']}",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        self.git("init", "--quiet", "--initial-branch", "main")
        self.commit("first")

    def git(self, *words: str) -> None:
        identity = ("-c", "user.name=team", "-c", "user.email=team@example.com")
        subprocess.run(["git", *identity, *words], cwd=self.root, check=True, capture_output=True)

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def run(self, script: str, *arguments: str, code: int = 0, **environment: str) -> str:
        """Run a script as the pipelines do; return what it said."""
        program = "bash" if script.endswith(".sh") else sys.executable
        seen = subprocess.run(
            [program, f"pipelines/scripts/{script}", *arguments],
            cwd=self.root,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        said = seen.stdout + seen.stderr
        assert seen.returncode == code, said
        return said

    def change(self, environment: str, old: str, new: str) -> None:
        """Change an environment's design."""
        path = self.root / "environments" / environment / "estate.yaml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))


@pytest.fixture
def team(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.mark.parametrize("path", sorted(carried.delivery().rglob("*.sh")), ids=lambda p: p.name)
def test_shell_scripts_are_clean(path: Path) -> None:
    assert tools.run("shellcheck", ["--external-sources", path]) == ""


@pytest.mark.parametrize("path", sorted(carried.delivery().rglob("Dockerfile")), ids=str)
def test_images_of_agents_are_clean(path: Path) -> None:
    assert tools.run("hadolint", [path]) == ""


def test_check_reports_what_it_found_and_fails_on_errors(team: Repository) -> None:
    design = "environments/test/estate.yaml"
    team.run("check.sh", design, "results")
    assert "<testsuites" in (team.root / "results/check.junit.xml").read_text()
    assert (team.root / "results/check.md").read_text().startswith("<!-- hubwright: check -->")
    team.change("test", "AksSubnet: 10.1.0.0/20", "AksSubnet: 10.9.0.0/20")
    said = team.run("check.sh", design, "results", code=2)
    assert "10.9.0.0/20" in said


def test_diff_shows_what_a_commit_opens(team: Repository) -> None:
    design = "environments/test/estate.yaml"
    team.change("test", "to: [github.com,", "to: [example.org, github.com,")
    team.commit("open example.org")
    said = team.run("diff.sh", "HEAD~1", design, "results")
    assert "example.org" in said
    assert "example.org" in (team.root / "results/diff.md").read_text()
    assert "is new" in team.run("diff.sh", "HEAD~1", "environments/new/estate.yaml", "results")


def test_diff_compares_staging_with_production(team: Repository) -> None:
    team.change("staging", "to: [github.com,", "to: [example.org, github.com,")
    designs = [f"environments/{name}/estate.yaml" for name in ("staging", "production")]
    assert "example.org" in team.run("diff.sh", *designs, "results/mirror")


@tiny.netns
@tiny.needs_namespaces
def test_the_twin_runs_a_change_and_takes_itself_down(team: Repository) -> None:
    design = "environments/test/estate.yaml"
    team.run("twin.sh", design, "results")
    told = json.loads((team.root / "results/probes.json").read_text())
    assert told["running"]
    assert all(probe["agrees"] for probe in told["probes"])
    down = subprocess.run(
        ["hubwright", "down", design],
        cwd=team.root,
        env=team.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "took down" not in down.stdout + down.stderr


def test_the_chart_is_checked_with_the_values_of_an_environment(team: Repository) -> None:
    team.run("chart.sh", "test", "shop")
    rendered = team.root / "build/test/workloads/shop/manifests.yaml"
    kinds = {manifest["kind"] for manifest in yaml.safe_load_all(rendered.read_text()) if manifest}
    assert {"Deployment", "Service", "NetworkPolicy"} <= kinds


def test_a_chart_that_does_not_take_the_values_stops_the_build(team: Repository) -> None:
    broken = team.root / "workload/chart/templates/service.yaml"
    broken.write_text("{{ .Values.nothing.at.all }}\n")
    assert "nothing" in team.run("chart.sh", "test", "shop", code=1)


def test_the_workload_is_started_asked_and_drained(team: Repository) -> None:
    said = team.run("test_workload.sh")
    assert "versions {'tested': 20}" in said
    assert '"event": "stopped", "cut": 0' in said


def test_a_team_keeps_its_own_terraform_and_the_designs_decisions(team: Repository) -> None:
    own = team.root / "terraform"
    own.mkdir()
    (own / "own.tf").write_text('output "own" { value = 1 }\n')
    (team.root / "environments/test/terraform.tfvars").write_text('subscription_id = "x"\n')
    team.run("chart.sh", "test", "shop")
    built = team.root / "build/test/terraform"
    assert (built / "own.tf").exists()
    assert (built / "main.tf").exists()
    assert (built / "environments/test.tfvars").read_text() == 'subscription_id = "x"\n'
    assert json.loads((built / "estate.auto.tfvars.json").read_text())["name"] == "contoso"


@pytest.fixture
def planned(team: Repository, terraform: terraforming.Terraform) -> Repository:
    """Keep the state in a file, where the team's is in a storage account."""
    own = team.root / "terraform"
    own.mkdir()
    (own / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    (team.root / "environments/test/terraform.tfbackend").write_text('path = "test.tfstate"\n')
    team.environment |= terraform._environment
    team.environment["PATH"] = (
        f"{team.root / '.bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    )
    team.environment["ARM_SUBSCRIPTION_ID"] = "00000000-0000-0000-0000-000000000000"
    return team


@pytest.mark.terraform
def test_the_configuration_is_validated_without_a_state(planned: Repository) -> None:
    assert "The configuration is valid" in planned.run("validate.sh", "test")


@pytest.mark.terraform
def test_a_plan_is_sealed_and_another_is_not_applied(planned: Repository) -> None:
    planned.run("plan.sh", "test")
    built = planned.root / "build/test"
    assert (built / "results/plan.md").read_text().startswith("<!-- hubwright: plan test -->")
    planned.run("rules_only.py", "build/test/terraform/plan.json", code=1)
    sealed = built / "terraform/tfplan"
    sealed.write_bytes(sealed.read_bytes() + b"tampered")
    assert "tfplan: FAILED" in planned.run("apply.sh", "test", code=1)


def change(type_: str, *actions: str) -> dict[str, object]:
    return {"address": f"{type_}.this", "type": type_, "change": {"actions": list(actions)}}


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (change("azurerm_firewall_policy_rule_collection_group", "update"), 0),
        (change("azurerm_route", "delete"), 0),
        (change("azurerm_kubernetes_cluster", "no-op"), 0),
        (change("azurerm_kubernetes_cluster", "update"), 1),
        (change("azurerm_firewall", "delete", "create"), 1),
        (change("azurerm_firewall_policy", "update"), 0),
        (change("azurerm_firewall_policy", "delete", "create"), 1),
    ],
)
def test_the_rules_pipeline_lets_through_rules_alone(
    team: Repository, found: dict[str, object], code: int
) -> None:
    (team.root / "plan.json").write_text(json.dumps({"resource_changes": [found]}))
    said = team.run("rules_only.py", "plan.json", code=code)
    assert ("not a rule" in said) is bool(code)


def test_probes_count_failures_and_tell_versions_apart(team: Repository) -> None:
    with running(APP_VERSION="2.0") as web:
        team.run("probe.py", web.url(), "--count", "3", "--version", "2.0", "--only-version")
        team.run("probe.py", web.url(), "--count", "3", "--version", "3.0", code=1)
    team.run("probe.py", web.url(), "--count", "2", code=1)
    team.run("probe.py", web.url(), "--count", "2", "--max-failures", "2")
    assert "did not answer" in team.run("probe.py", web.url(), "--wait", "0.5", code=1)


class Forge(BaseHTTPRequestHandler):
    """The parts of Azure Repos' and GitHub's APIs that hold comments of a pull request."""

    comments: list[str]
    calls: list[tuple[str, str]]

    def do_GET(self) -> None:
        rows = [{"id": n, "content": text, "body": text} for n, text in enumerate(self.comments)]
        if "/threads" in self.path:
            self._answer({"value": [{"id": 7, "comments": rows}]})
        else:
            self._answer(rows if "page=1" in self.path.partition("&")[2] else [])

    def do_POST(self) -> None:
        sent = self._sent()
        new = sent["comments"][0]["content"] if "comments" in sent else sent["body"]
        self.comments.append(new)
        self._answer({})

    def do_PATCH(self) -> None:
        sent = self._sent()
        number = int(self.path.partition("?")[0].rpartition("/")[2])
        self.comments[number] = sent.get("content") or sent["body"]
        self._answer({})

    def _sent(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return found

    def _answer(self, value: object) -> None:
        self.calls.append((self.command, self.path))
        assert self.headers["Authorization"] == "Bearer token"
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def forge() -> Iterator[HTTPServer]:
    Forge.comments, Forge.calls = ["somebody's own"], []
    server = HTTPServer(("127.0.0.1", 0), Forge)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("where", ["azure", "github"])
def test_a_comment_is_made_once_and_then_updated(
    team: Repository, forge: HTTPServer, where: str
) -> None:
    url = f"http://127.0.0.1:{forge.server_port}"
    event = team.root / "event.json"
    event.write_text('{"pull_request": {"number": 12}}')
    given = {
        "azure": {
            "SYSTEM_COLLECTIONURI": f"{url}/",
            "SYSTEM_TEAMPROJECT": "project",
            "BUILD_REPOSITORY_ID": "repository",
            "SYSTEM_PULLREQUEST_PULLREQUESTID": "12",
            "SYSTEM_ACCESSTOKEN": "token",
        },
        "github": {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": url,
            "GITHUB_REPOSITORY": "owner/name",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_TOKEN": "token",
        },
    }[where]
    found = team.root / "diff.md"
    for text in ("one opened", "none opened", "x" * 70_000):
        found.write_text(f"<!-- hubwright: diff -->\n{text}\n")
        team.run("comment.py", "diff.md", "missing.md", **given)
        assert len(Forge.comments) == 2
        assert Forge.comments[0] == "somebody's own"
        assert text[:20] in Forge.comments[1]
    assert len(Forge.comments[1]) < 65_000
    assert all("12" in path or "comments/" in path for _, path in Forge.calls)


def test_outside_a_pull_request_nothing_is_said(team: Repository) -> None:
    (team.root / "diff.md").write_text("x")
    team.run("comment.py", "diff.md")
