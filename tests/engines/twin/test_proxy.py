"""Envoy is started early, waited for, watched, and taken down with the rest."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from engines.twin import tiny
from hubwright.engines.twin import driver
from hubwright.engines.twin.artefacts import Document, Tool
from hubwright.engines.twin.driver import Twin
from hubwright.engines.twin.observation import Question
from hubwright.engines.twin.proxy import listener_ports, upstream_failure
from hubwright.engines.twin.state import Process, base_directory
from hubwright.errors import MachineError
from hubwright.model.flow import Application, Symptom

HTTP = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3"
ROUTER = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"
FILE = "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog"


def bootstrap(port: int) -> str:
    """Return an Envoy that denies every HTTP request, as the firewall's default does."""
    route = {
        "match": {"prefix": "/"},
        "direct_response": {"status": 470},
        "name": "deny:default",
    }
    fields = {
        "time": "%START_TIME%",
        "protocol": "HTTP",
        "source": "%DOWNSTREAM_REMOTE_ADDRESS%",
        "port": "%DOWNSTREAM_LOCAL_PORT%",
        "name": "%REQ(:AUTHORITY)%",
        "chain": "%ROUTE_NAME%",
        "path": "%REQ(:PATH)%",
    }
    log = {
        "@type": FILE,
        "path": "@STATE@/envoy-access.ndjson",
        "log_format": {"json_format": fields},
    }
    manager = {
        "@type": f"{HTTP}.HttpConnectionManager",
        "stat_prefix": "http",
        "access_log": [{"name": "file", "typed_config": log}],
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
        "http_filters": [{"name": "router", "typed_config": {"@type": ROUTER}}],
    }
    listener = {
        "name": "http",
        "address": {"socket_address": {"address": "0.0.0.0", "port_value": port}},
        "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}],
    }
    return json.dumps({"static_resources": {"listeners": [listener]}})


def up(name: str, text: str) -> Twin:
    document = Document(name="060-envoy.json", tool=Tool.ENVOY, namespace="router", text=text)
    plan = tiny.with_document(tiny.plan(name), document)
    return Twin.up(plan, tiny.estate(plan.estate))


@tiny.netns
@tiny.needs_namespaces
def test_envoy_answers_as_soon_as_up_returns_and_its_log_becomes_rows() -> None:
    twin = up("envoy", bootstrap(15080))
    try:
        seen = twin.observe(
            [
                Question(
                    node="client",
                    address="10.0.0.2",
                    target="10.0.0.1",
                    port=15080,
                    application=Application.HTTP,
                    server_name="www.contoso.com",
                )
            ]
        )[0][0]
        assert seen.symptom is Symptom.HTTP_470
        (row,) = [row for row in twin.logs() if row["Type"] == "AZFWApplicationRule"]
        assert (row["Fqdn"], row["ActionReason"]) == ("www.contoso.com", "Default Action")
        assert row["SourceIp"] == "10.0.0.2"
    finally:
        twin.down()


@tiny.netns
@tiny.needs_namespaces
def test_a_killed_envoy_is_reported_and_down_leaves_nothing() -> None:
    twin = up("killed-envoy", bootstrap(15080))
    try:
        children = twin.supervisor.children()
        (envoy,) = [p for p in children if b"envoy" in Path(f"/proc/{p.pid}/cmdline").read_bytes()]
        assert twin.status()["proxies"][0]["running"] is True
        os.kill(envoy.pid, signal.SIGKILL)
        deadline = time.monotonic() + 5
        while twin.status()["proxies"][0]["running"] and time.monotonic() < deadline:
            time.sleep(0.01)
        assert twin.status()["proxies"][0]["running"] is False
        supervisor: Process = twin.supervisor
    finally:
        driver.down(twin.plan.estate)
    assert not envoy.alive
    assert not supervisor.alive
    assert not list(base_directory().glob(f"{twin.plan.estate}*"))


@tiny.netns
@tiny.needs_namespaces
def test_an_envoy_that_cannot_start_says_why() -> None:
    text = bootstrap(15080).replace("direct_response", "no_such_field")
    with pytest.raises(MachineError, match=r"Envoy \(060-envoy.json\) ended.*no_such_field"):
        up("bad-envoy", text)
    assert not list(base_directory().glob("bad-envoy*"))


def test_ports_of_listeners_and_admin_are_waited_for_but_not_udp() -> None:
    def at(port: int, **more: str) -> dict[str, object]:
        return {"address": {"socket_address": {"port_value": port, **more}}}

    text = json.dumps(
        {
            "admin": at(9901),
            "static_resources": {"listeners": [at(443), at(53, protocol="UDP")]},
        }
    )
    assert sorted(listener_ports(text)) == [443, 9901]


@pytest.mark.parametrize(
    ("chain", "flags", "expected"),
    [
        ("app:Allow:3", "UF,URX", (10001, "UF,URX")),
        ("infra:Allow", "UF", (10001, "UF")),
        ("app:Allow:3", "-", None),
        ("app:Deny:3", "UF", None),
        ("deny:default", "UH", None),
    ],
)
def test_only_an_allowed_connection_fails_upstream(
    chain: str, flags: str, expected: tuple[int, str] | None
) -> None:
    line = {"chain": chain, "response_flags": flags, "source": "10.1.0.4:10001"}
    assert upstream_failure(json.dumps(line)) == expected


@pytest.mark.parametrize("line", ["", "{}", "[]", "1", '{"chain": "app:Allow:1"'])
def test_a_broken_line_tells_of_no_failure(line: str) -> None:
    assert upstream_failure(line) is None
