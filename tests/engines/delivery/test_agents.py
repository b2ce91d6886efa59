"""Agents: registered without a secret, unprivileged, and with egress that the catalogue knows."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import threading
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import helm_python
import pytest
import yaml

from hubwright import carried
from hubwright.catalogue.egress import required
from workload.charting import GUID, Manifest, of_kind, problems

AGENTS = carried.delivery() / "agents"
DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798"
VALUES = {
    "image": "contosoregistry.azurecr.io/azure-pipelines-agent:1",
    "url": "https://dev.azure.com/contoso",
    "pool": "hubwright-test",
    "identity": {"clientId": GUID},
}


class Entra(BaseHTTPRequestHandler):
    """A machine's metadata service, and the token endpoint of Microsoft Entra."""

    seen: list[dict[str, str]]

    def do_GET(self) -> None:
        query = urllib.parse.urlparse(self.path)
        ok = query.path == "/metadata/identity/oauth2/token" and self.headers["Metadata"] == "true"
        self._answer(ok, dict(urllib.parse.parse_qsl(query.query)))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer(self.path == "/tenant/oauth2/v2.0/token", dict(urllib.parse.parse_qsl(body)))

    def _answer(self, ok: bool, sent: dict[str, str]) -> None:
        self.seen.append(sent)
        body = json.dumps({"access_token": "short-lived"}).encode()
        self.send_response(200 if ok else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def entra() -> Iterator[str]:
    Entra.seen = []
    server = HTTPServer(("127.0.0.1", 0), Entra)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def token(**environment: str) -> str:
    plain = {k: v for k, v in os.environ.items() if not k.startswith("AZURE_")}
    command = [sys.executable, str(AGENTS / "linux/entra_token.py")]
    seen = subprocess.run(
        command, env={**plain, **environment}, capture_output=True, text=True, check=True
    )
    return seen.stdout


def test_a_machine_gets_a_token_as_its_managed_identity(entra: str) -> None:
    assert token(METADATA_HOST=entra, AZURE_CLIENT_ID=GUID) == "short-lived"
    (asked,) = Entra.seen
    assert (asked["resource"], asked["client_id"]) == (DEVOPS, GUID)


def test_a_pod_exchanges_its_service_accounts_token(entra: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("signed by the cluster\n")
    found = token(
        AZURE_FEDERATED_TOKEN_FILE=str(tmp_path / "token"),
        AZURE_AUTHORITY_HOST=f"{entra}/",
        AZURE_TENANT_ID="tenant",
        AZURE_CLIENT_ID=GUID,
    )
    assert found == "short-lived"
    (asked,) = Entra.seen
    assert asked["client_assertion"] == "signed by the cluster"
    assert asked["scope"] == f"{DEVOPS}/.default"


class Organization(BaseHTTPRequestHandler):
    """The list of agent packages of an organization, and a package whose programs say what ran."""

    package: bytes

    def do_GET(self) -> None:
        port = self.server.server_address[1]
        body = self.package
        if "packages/agent" in self.path:
            assert self.headers["Authorization"].startswith("Basic ")
            url = f"http://127.0.0.1:{port}/agent.tar.gz"
            body = json.dumps({"value": [{"downloadUrl": url}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def package(where: Path) -> bytes:
    """Return an agent package whose programs write down how they were called."""
    for program in ("config.sh", "run.sh"):
        path = where / program
        path.write_text(f'#!/bin/sh\necho "{program} $*" >> called\n')
        path.chmod(0o755)
    archive = where / "agent.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for program in ("config.sh", "run.sh"):
            tar.add(where / program, program)
    return archive.read_bytes()


@pytest.mark.skipif(
    not (shutil.which("jq") and shutil.which("curl")), reason="needs curl and jq on PATH"
)
def test_an_agent_registers_runs_one_job_and_leaves(tmp_path: Path) -> None:
    made, home = tmp_path / "made", tmp_path / "home"
    made.mkdir()
    home.mkdir()
    Organization.package = package(made)
    server = HTTPServer(("127.0.0.1", 0), Organization)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "token.py").write_text("print('short-lived', end='')")
    given = {
        "AZP_URL": f"http://127.0.0.1:{server.server_port}",
        "AZP_POOL": "hubwright-test",
        "AZP_AGENT_NAME": "one",
        "AGENT_HOME": str(home),
        "ENTRA_TOKEN": str(tmp_path / "token.py"),
    }
    try:
        subprocess.run(
            ["bash", str(AGENTS / "linux/start.sh"), "--once"],
            env={**os.environ, **given},
            check=True,
            timeout=60,
        )
    finally:
        server.shutdown()
        server.server_close()
    registered, ran, left = (home / "called").read_text().splitlines()
    assert "--pool hubwright-test --agent one" in registered
    assert registered.endswith("--auth PAT --token short-lived")
    assert ran == "run.sh --once"
    assert left == "config.sh remove --unattended --auth PAT --token short-lived"


def render(**values: Any) -> list[Manifest]:
    with helm_python.Chart.load(str(AGENTS / "chart")) as chart:
        chart.validate_schema({**VALUES, **values})
        texts = chart.render({**VALUES, **values}, name="agents", namespace="agents")
    return [m for text in texts.values() for m in yaml.safe_load_all(text) if m]


def pods(manifests: list[Manifest]) -> list[dict[str, Any]]:
    job = of_kind(manifests, "Job")["agents-template"]["spec"]["template"]
    return [job, of_kind(manifests, "ScaledJob")["agents"]["spec"]["jobTargetRef"]["template"]]


def test_agents_as_pods_are_valid_and_restricted() -> None:
    manifests = render(egressTo=[{"to": "10.1.0.4/32", "ports": [443]}])
    scaled = {"ScaledJob", "TriggerAuthentication"}
    assert [p for m in manifests if m["kind"] not in scaled for p in problems(m)] == []
    for pod in pods(manifests):
        job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x"}}
        assert list(problems({**job, "spec": {"template": pod}})) == []
        assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
        (container,) = pod["spec"]["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert not any("TOKEN" in item["name"] for item in container["env"])


def test_keda_scales_them_by_waiting_jobs_without_a_secret() -> None:
    manifests = render()
    (trigger,) = of_kind(manifests, "ScaledJob")["agents"]["spec"]["triggers"]
    assert trigger["type"] == "azure-pipelines"
    authentication = of_kind(manifests, "TriggerAuthentication")["agents"]["spec"]
    assert authentication == {"podIdentity": {"provider": "azure-workload", "identityId": GUID}}
    once, template = pods(manifests)[1], pods(manifests)[0]
    names = {item["name"]: item.get("value") for item in template["spec"]["containers"][0]["env"]}
    assert names["AZP_AGENT_NAME"] == trigger["metadata"]["parent"]
    assert once["spec"]["containers"][0]["args"] == ["--once"]


@pytest.mark.parametrize("missing", ["image", "url", "pool", "identity"])
def test_agents_need_to_know_where_and_as_whom(missing: str) -> None:
    empty: Any = {"clientId": ""} if missing == "identity" else ""
    with pytest.raises(helm_python.HelmError, match=missing):
        render(**{missing: empty})


def test_what_agents_download_is_in_the_catalogue() -> None:
    features = ("azure-devops-agent", "pipeline-tools")
    rows = required(features, "westeurope", "public")
    known = {n for row in rows if row.feature in features for n in row.destinations}
    texts = [p.read_text() for p in AGENTS.rglob("*") if p.suffix in (".sh", "") and p.is_file()]
    asked = {h for text in texts for h in re.findall(r"https://([\w.-]+\.[a-z]{2,})/", text)}
    asked |= {h for text in texts for h in re.findall(r"^FROM ([\w.-]+)/", text, re.MULTILINE)}
    assert {"releases.hashicorp.com", "get.helm.sh", "dl.k8s.io", "mcr.microsoft.com"} <= asked
    assert asked <= known


def test_agents_are_unprivileged_and_come_back() -> None:
    for system in ("linux", "windows"):
        text = (AGENTS / system / "Dockerfile").read_text()
        user = re.findall(r"^USER (.+)$", text, re.MULTILINE)[-1]
        assert user in ("10001:10001", "ContainerUser")
    unit = (AGENTS / "machine/install.sh").read_text()
    assert "User=agent" in unit
    assert "Restart=always" in unit
    assert "systemctl enable" in unit
