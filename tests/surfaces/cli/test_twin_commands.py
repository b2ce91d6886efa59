"""The commands on a running network: without one, with one, and what they print."""

import json
import subprocess
import sys

import pytest

from hubwright.diagnostics.render.ansi import Paint
from hubwright.errors import UsageError
from hubwright.surfaces.cli.logs import line
from hubwright.surfaces.cli.twins import estate_name


@pytest.fixture
def _alone(monkeypatch, tmp_path):
    """A runtime directory in which nothing runs."""
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))


@pytest.mark.usefixtures("_alone")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["down"], 0),
        (["status"], 1),
        (["status", "nobody"], 1),
        (["exec", "vm-jumpbox", "--", "true"], 2),
        (["exec", "vm-jumpbox", "--"], 2),
        (["capture", "afw-hub"], 2),
        (["logs"], 2),
        (["logs", "--table", "Nope"], 2),
        (["down", "none.yaml"], 2),
    ],
)
def test_without_a_running_network_each_says_so(run, words, code):
    result = run(*words)

    assert result.code == code
    assert result.err
    assert "Traceback" not in result.err


@pytest.mark.usefixtures("_alone")
def test_status_as_json_without_a_network(run):
    assert json.loads(run("status", "--output", "json").out) == {
        "format_version": "1.0",
        "twins": [],
    }


@pytest.mark.usefixtures("_alone")
@pytest.mark.parametrize(
    ("text", "name"),
    [("name: contoso\n", "contoso"), ('a: [\nname:  "b-c" # x\n', "b-c"), ("name: 'd'\n", "d")],
)
def test_the_name_is_read_even_from_a_broken_design(here, text, name):
    (here / "estate.yaml").write_text(text)

    assert estate_name("estate.yaml") == estate_name(str(here)) == name


@pytest.mark.usefixtures("_alone")
def test_what_is_no_file_is_a_name(here):
    assert estate_name("contoso") == "contoso"
    (here / "x.yaml").write_text("a: 1\n")
    for text in ("x.yaml", "missing.yaml", "a/b"):
        with pytest.raises(UsageError):
            estate_name(text)


def row(table: str, **columns) -> dict:
    return {
        "TimeGenerated": "2026-11-23T13:58:04.552123Z",
        "Type": table,
        "Protocol": "TCP",
        "SourceIp": "10.1.0.8",
        "SourcePort": 10179,
        "DestinationPort": 443,
        "Policy": "p",
        "RuleCollectionGroup": "g",
        "RuleCollection": "c",
        "Rule": "r",
        **columns,
    }


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (
            row("AZFWApplicationRule", Action="Allow", Fqdn="mcr.microsoft.com", Protocol="HTTPS"),
            ["ApplicationRule", "Allow", "10.1.0.8:10179", "->", "mcr.microsoft.com:443", "HTTPS"],
        ),
        (
            row("AZFWNatRule", DestinationIp="1.2.3.4", TranslatedIp="10.0.9.9", TranslatedPort=80),
            ["NatRule", "DNAT", "10.1.0.8:10179", "->", "1.2.3.4:443", "->", "10.0.9.9:80", "TCP"],
        ),
        (
            row("AZFWDnsQuery", QueryType="A", QueryName="a\x1b.", ResponseCode="NOERROR"),
            ["DnsQuery", "NOERROR", "10.1.0.8", "asks", "A", "a\N{REPLACEMENT CHARACTER}."],
        ),
    ],
)
def test_a_row_of_the_log_is_a_line(given, shown):
    words = line(given, Paint(color=False)).split()

    assert words[0] == "13:58:04.552"
    assert words[1 : len(shown) + 1] == shown
    assert words[len(shown) + 1 :] == ([] if "DnsQuery" in shown else ["p/g/c/r"])


@pytest.mark.netns
@pytest.mark.usefixtures("_alone", "design")
def test_the_reference_network_runs_and_goes():
    up = shell("up", "--output", "json")
    try:
        status = shell("status")
        inside = shell("exec", "vm-jumpbox", "--", "sh", "-c", "cat /etc/resolv.conf; exit 7")
        logs = shell("logs", "--table", "AZFWNatRule", "--output", "json")
        unknown = shell("exec", "nobody", "--", "true")
    finally:
        down = shell("down", "estate.yaml")

    probes = json.loads(up.stdout)["probes"]
    assert [(p["name"], p["detail"]) for p in probes if not p["agrees"]] == []
    assert up.returncode == 0
    assert status.stdout.startswith("contoso runs for ")
    assert (inside.returncode, inside.stdout) == (7, "nameserver 10.0.0.4\n")
    assert {json.loads(text)["Rule"] for text in logs.stdout.splitlines()} == {"web", "shop"}
    assert (unknown.returncode, "there are" in unknown.stderr) == (2, True)
    assert down.stderr == "took down contoso\n"
    assert shell("status").returncode == 1


def shell(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run hubwright as a process of its own."""
    command = [sys.executable, "-m", "hubwright", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
