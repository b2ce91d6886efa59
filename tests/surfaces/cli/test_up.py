import json
import subprocess

import pytest

from goldens import assert_golden
from hubwright.diagnostics.render.ansi import Paint
from hubwright.engines.twin import driver
from hubwright.engines.twin.probing import ProbeResult
from hubwright.errors import MachineError
from hubwright.surfaces.cli import probe_table

pytestmark = pytest.mark.usefixtures("design")
LACKING = "The program nft is missing: install the package nftables.\nAnd another thing."


def result(name: str, **more) -> ProbeResult:
    values = {
        "source": "a",
        "destination": "b:443",
        "predicted": "answer",
        "observed": "answer",
        "agrees": True,
        "detail": "pod-0 saw 10.0.0.4",
        **more,
    }
    return ProbeResult(name=name, **values)


RESULTS = (
    result("flow 1: internet -> web (public load balancer)"),
    result("flow 2: internet -> shop (internal load balancer)"),
    result("bootstrap system: outbound", observed="timeout", agrees=False, exit_code=50),
    result("bootstrap system: packages", predicted="answer or timeout"),
    result("egress: a -> b", predicted="unknown", agrees=None, detail="hangs on a tag"),
    result("egress: \x1b[2Jc", observed="not run", agrees=None, detail=""),
    result("alone"),
)


@pytest.fixture
def _unable(monkeypatch):
    """A machine that cannot run the network."""

    def refuse(*_words: object) -> None:
        raise MachineError(LACKING)

    monkeypatch.setattr(driver.Twin, "up", refuse)


def test_the_table_of_probes():
    assert_golden("up/probes.txt", probe_table.as_text(RESULTS, Paint(color=False)))
    assert "pod-0 saw" in probe_table.as_text(RESULTS[:1], Paint(color=False), verbose=True)


def test_the_summary_says_how_nodes_would_fail():
    assert probe_table.summary(RESULTS) == (
        "7 probes: 4 as predicted, 1 not, 2 cannot be compared; nodes would not start: exit code 50"
    )


@pytest.mark.usefixtures("_unable")
def test_where_the_machine_lacks_something_the_predictions_are_shown(run):
    done = run("up")

    assert done.code == 2
    assert "install the package nftables.\n" in done.err
    assert done.out.count("not run") > 20
    assert "Traceback" not in done.err


@pytest.mark.usefixtures("_unable")
def test_json_says_what_is_missing_and_what_is_predicted(run):
    done = run("up", "--output", "json")
    document = json.loads(done.out)
    by_name = {probe["name"]: probe for probe in document["probes"]}
    shop = by_name["flow 2: internet -> shop (internal load balancer)"]

    assert done.code == 2
    assert (document["format_version"], document["running"]) == ("1.0", False)
    assert document["missing"] == LACKING.split("\n")
    assert (shop["predicted"], shop["observed"], shop["agrees"]) == ("answer", "not run", None)


@pytest.mark.usefixtures("_unable")
def test_no_probes_ask_nothing(run):
    assert json.loads(run("up", "--no-probes", "--output", "json").out)["probes"] == []


def test_a_dry_run_prints_every_document(run):
    done = run("up", "--dry-run")

    assert done.code == 0
    assert done.out.startswith("# 010-namespaces.ip: for ip, in the twin's root namespace\n")
    assert "netns add" in done.out
    assert "chain" in done.out


def test_a_dry_run_writes_files_and_a_script_that_names_each(run, here):
    done = run("up", "--dry-run", "-o", "twin")
    script = (here / "twin" / "run.sh").read_text()
    documents = {path.name for path in (here / "twin").iterdir()} - {"run.sh", "servers.json"}
    checked = subprocess.run(["sh", "-n", here / "twin" / "run.sh"], check=False)

    assert done.code == 0
    assert checked.returncode == 0
    assert {name for name in documents if not name.endswith(".sysctl")} == {
        name for name in documents if f" {name}" in script
    }


def test_a_dry_run_is_the_same_every_time(run):
    assert run("up", "--dry-run").out == run("up", "--dry-run").out


def test_a_directory_that_cannot_be_written_is_said_so(run):
    done = run("up", "--dry-run", "-o", "/proc/nowhere")

    assert done.code == 2
    assert "cannot write to /proc/nowhere" in done.err


@pytest.mark.usefixtures("_unable")
def test_a_threat_feed_changes_what_is_predicted(run, here):
    (here / "feed.txt").write_text("# bad\nMCR.microsoft.com.\n198.51.100.0/24  # more\n")
    name = "egress: aks-user-0 -> https mcr.microsoft.com"

    def predicted(*words: str) -> str:
        document = json.loads(run("up", "--output", "json", *words).out)
        return next(p["predicted"] for p in document["probes"] if p["name"] == name)

    assert predicted() == "answer"
    assert predicted("--threat-feed", "feed.txt") != "answer"


def test_a_threat_feed_that_is_not_there_is_said_so(run):
    assert "cannot read none.txt" in run("up", "--threat-feed", "none.txt").err
