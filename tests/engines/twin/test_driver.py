"""A twin comes up, answers, is joined, and goes without a trace, whatever was killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engines.twin import tiny
from hubwright.engines.twin import driver
from hubwright.engines.twin.artefacts import Document, Tool
from hubwright.engines.twin.driver import Twin
from hubwright.engines.twin.observation import Question
from hubwright.engines.twin.state import Process, base_directory, running_estates
from hubwright.errors import MachineError, UnknownResource, UsageError

pytestmark = [tiny.netns, tiny.needs_namespaces]


@pytest.fixture
def twin() -> Iterator[Twin]:
    plan = tiny.plan("driver")
    running = Twin.up(plan, tiny.estate(plan.estate))
    yield running
    driver.down(running.plan.estate)


def descendants(process: Process) -> set[Process]:
    out = {process}
    for child in process.children():
        out |= descendants(child)
    return out


def with_joined(twin: Twin, outside: int) -> set[Process]:
    """Return the twin's processes and those of a joined command, once that is `sleep`."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        root = Process.of(outside)
        joined = descendants(root) if root else set()
        names = {Path(f"/proc/{process.pid}/comm").read_text().strip() for process in joined}
        if "sleep" in names:
            return joined | descendants(twin.process)
        time.sleep(0.02)
    pytest.fail("the command did not start")


def run_outside(code: str, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a few lines with a driver in a process of its own, as the command line does."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, check=False, timeout=60)


EXEC = (
    "import sys; from hubwright.engines.twin.driver import Twin;"
    "sys.exit(Twin.attach(sys.argv[1]).exec(sys.argv[2], sys.argv[3:]))"
)
CAPTURE = (
    "import sys; from hubwright.engines.twin.driver import Twin;"
    "sys.exit(Twin.attach(sys.argv[1]).capture(sys.argv[2], sys.argv[3], int(sys.argv[4])))"
)


def test_status_counts_what_the_plan_asked_for(twin: Twin) -> None:
    status = twin.status()
    assert (status["namespaces"], status["nodes"], status["servers"]) == (3, 2, 2)
    assert status["pid"] == twin.supervisor.pid


def test_only_its_owner_can_look_into_the_state_directory(twin: Twin) -> None:
    assert twin.state.path.stat().st_mode & 0o777 == 0o700


def test_namespaces_are_not_visible_outside(twin: Twin) -> None:
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=False)
    assert "client" not in listed.stdout.split()
    inside = run_outside(EXEC, twin.plan.estate, "client", "ip", "netns", "list")
    assert b"client" in inside.stdout.split()


def test_exec_joins_the_network_and_the_resolver_of_a_node(twin: Twin) -> None:
    seen = run_outside(
        EXEC, twin.plan.estate, "client", "sh", "-c", "ip -br addr show a0; cat /etc/resolv.conf"
    )
    assert b"10.0.0.2/24" in seen.stdout
    assert seen.stdout.endswith(b"nameserver 10.0.0.1\n")
    assert b"10.0.0.1\n" not in Path("/etc/resolv.conf").read_bytes()


def test_exec_keeps_the_exit_code_and_the_working_directory(twin: Twin) -> None:
    seen = run_outside(EXEC, twin.plan.estate, "client", "sh", "-c", "pwd; exit 42")
    assert seen.returncode == 42
    assert seen.stdout.decode().strip() == str(Path.cwd())
    assert run_outside(EXEC, twin.plan.estate, "client", "no-such-program").returncode == 127
    killed = run_outside(EXEC, twin.plan.estate, "client", "sh", "-c", "kill -9 $$")
    assert killed.returncode == 128 + signal.SIGKILL


def test_programs_trust_the_certificates_of_the_twin(twin: Twin) -> None:
    get = (
        "import urllib.request as r; print(r.urlopen('https://www.contoso.com/x').read().decode())"
    )
    seen = run_outside(EXEC, twin.plan.estate, "client", sys.executable, "-c", get)
    assert b'"sni": "www.contoso.com"' in seen.stdout, seen.stderr


def test_capture_writes_pcap_to_standard_output(twin: Twin) -> None:
    capture = subprocess.Popen(
        [sys.executable, "-c", CAPTURE, twin.plan.estate, "client", "a0", "12"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert capture.stdout is not None
    assert capture.stdout.read(24)[:4] == b"\xd4\xc3\xb2\xa1"
    echo = Question(node="client", address="10.0.0.2", target="10.0.1.2", protocol="ICMP")
    twin.observe([echo], attempts=6)
    data = capture.communicate(timeout=20)[0]
    request = bytes((10, 0, 0, 2, 10, 0, 1, 2))
    reply = bytes((10, 0, 1, 2, 10, 0, 0, 2))
    assert 0 < data.find(request) < data.find(reply)
    assert capture.returncode == 0


def test_an_unknown_node_is_answered_with_the_names_of_all(twin: Twin) -> None:
    with pytest.raises(UnknownResource, match="client, server"):
        twin.exec("nobody", ["true"])


def test_a_second_up_replaces_the_first(twin: Twin) -> None:
    said: list[str] = []
    first = twin.supervisor
    second = Twin.up(twin.plan, tiny.estate(twin.plan.estate), notify=said.append)
    assert not first.alive
    assert second.status()["nodes"] == 2
    assert len(said) == 1
    assert "replaced" in said[0]


def wait_for_the_end(processes: Iterable[Process]) -> None:
    """Wait until none is there: the kernel takes its time after a signal."""
    deadline = time.monotonic() + 30
    while any(process.alive for process in processes) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(process.alive for process in processes)


@pytest.mark.parametrize("victim", ["outermost", "supervisor"])
def test_down_leaves_nothing_after_a_kill(twin: Twin, victim: str) -> None:
    sleeper = subprocess.Popen(
        [sys.executable, "-c", EXEC, twin.plan.estate, "client", "sleep", "300"]
    )
    everything = with_joined(twin, sleeper.pid)
    killed = twin.process if victim == "outermost" else twin.supervisor
    os.kill(killed.pid, signal.SIGKILL)
    assert sleeper.wait(timeout=30) != 0
    wait_for_the_end([killed])
    assert driver.down(twin.plan.estate) == ()
    wait_for_the_end(everything)
    assert twin.plan.estate not in running_estates()
    assert not list(base_directory().glob(f"{twin.plan.estate}*"))


def test_down_ends_everything_and_says_what_ran(twin: Twin) -> None:
    everything = descendants(twin.process)
    assert driver.down(twin.plan.estate) == (twin.plan.estate,)
    assert not any(process.alive for process in everything)
    assert driver.down(twin.plan.estate) == ()
    assert not list(base_directory().glob(f"{twin.plan.estate}*"))


def test_a_twin_is_found_even_if_its_pid_file_is_gone(twin: Twin) -> None:
    twin.state.pid.unlink()
    assert driver.down(twin.plan.estate) == (twin.plan.estate,)
    assert not twin.process.alive


def test_a_twin_that_does_not_run_cannot_be_joined() -> None:
    with pytest.raises(UsageError, match="hubwright up"):
        Twin.attach("no-such-estate")


def test_a_refused_document_is_named_and_nothing_stays() -> None:
    bad = Document(name="090-bad.nft", tool=Tool.NFT, namespace="router", text="table ip {{{\n")
    plan = tiny.with_document(tiny.plan("refused"), bad)
    with pytest.raises(MachineError, match=r"090-bad\.nft \(nft\).*syntax error"):
        Twin.up(plan, tiny.estate(plan.estate))
    assert not list(base_directory().glob(f"{plan.estate}*"))


def test_a_state_directory_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hubwright").mkdir(mode=0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(MachineError, match="mode 0700"):
        base_directory()


def test_a_long_state_path_below_run_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = tmp_path / ("long" * 30)
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    plan = replace(tiny.plan("long"), resolvers=())
    twin = Twin.up(plan, tiny.estate(plan.estate))
    try:
        assert twin.status()["namespaces"] == 3
    finally:
        twin.down()
    assert list((runtime / "hubwright").iterdir()) == []
