"""Starts and ends the processes of a twin."""

import fcntl
import json
import os
import pickle
import select
import shutil
import signal
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from hubwright.engines.twin import requirements
from hubwright.engines.twin.artefacts import Plan
from hubwright.engines.twin.state import (
    Process,
    StateDirectory,
    pickled,
    recall,
    remember,
    strays,
)
from hubwright.errors import MachineError
from hubwright.model.estate import Estate
from hubwright.semantics.assumptions import Assumptions

START_SECONDS = 60.0
"""After which a twin that did not come up is taken down again."""
_GONE_SECONDS = 15.0


def take_down(state: StateDirectory) -> bool:
    """
    End whatever runs of a state directory, and remove it.

    Returns:
        Whether anything was running. Dead remains are removed either way.

    Raises:
        MachineError: a process could not be ended.
    """
    outermost = recall(state)
    roots = {*([outermost] if outermost else []), *strays(state)}
    doomed = roots | {child for process in roots for child in process.children()}
    for process in doomed:
        with suppress(ProcessLookupError):
            if process.alive:
                os.kill(process.pid, signal.SIGKILL)
    deadline = time.monotonic() + _GONE_SECONDS
    while any(process.alive for process in doomed):
        if time.monotonic() > deadline:
            raise MachineError("the twin's processes do not end")
        time.sleep(0.002)
    for process in doomed:
        with suppress(ChildProcessError):
            os.waitpid(process.pid, os.WNOHANG)
    if state.path.exists():
        shutil.rmtree(state.path)
    return bool(doomed)


@contextmanager
def locked(state: StateDirectory) -> Generator[None]:
    """Keep others of this user from starting or ending the same twin at the same time."""
    path = Path(f"{state.path}.lock")
    lock = _lock(path)
    try:
        yield
    finally:
        if not state.path.exists():
            path.unlink(missing_ok=True)
        os.close(lock)


def _lock(path: Path) -> int:
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if path.stat().st_ino == os.fstat(lock).st_ino:
                return lock
        os.close(lock)  # whoever held it has removed it


def write_state(
    state: StateDirectory, plan: Plan, estate: Estate, assumptions: Assumptions
) -> None:
    """Make the state directory, with what the supervisor reads from it."""
    state.path.mkdir(mode=0o700)
    state.pickled_plan.write_bytes(pickle.dumps(plan))
    # A copy leaves behind what semantics has derived and kept in the estate.
    state.pickled_estate.write_bytes(pickled((replace(estate), assumptions)))
    state.plan.write_text(json.dumps(asdict(plan), indent=1))


def spawn(state: StateDirectory) -> Process:
    """
    Start the supervisor in new namespaces; return when it says that it is ready.

    Raises:
        MachineError: it could not start, or refused the plan.
    """
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    command = [
        requirements.find_program("unshare") or "unshare",
        *(*user, "--net", "--mount", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc"),
        *(sys.executable, "-m", "hubwright.engines.twin.supervisor", str(state.path)),
    ]
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": module_path()}
    reading, writing = os.pipe()
    log = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    actions: list[tuple[Any, ...]] = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, writing, 1),
        (os.POSIX_SPAWN_OPEN, 2, str(state.supervisor_log), log, 0o600),
    ]
    pid = os.posix_spawn(command[0], command, environment, file_actions=actions, setsid=True)
    os.close(writing)
    process = Process.of(pid)
    if process:
        remember(state, process)
    answer = _first_line(reading)
    if process and answer.get("ready"):
        return process
    raise MachineError(str(answer.get("error") or _last_words(state)))


def module_path() -> str:
    """Return a PYTHONPATH with which another Python finds what this one does."""
    return os.pathsep.join(filter(None, sys.path))


def _first_line(reading: int) -> dict[str, Any]:
    deadline = time.monotonic() + START_SECONDS
    os.set_blocking(reading, False)
    data = b""
    try:
        while b"\n" not in data:
            left = deadline - time.monotonic()
            if left <= 0:
                return {"error": f"the twin did not come up in {START_SECONDS:.0f} s"}
            if not _readable(reading, left):
                continue
            part = os.read(reading, 65536)
            if not part:
                return {}
            data += part
    finally:
        os.close(reading)
    answer: dict[str, Any] = json.loads(data)
    return answer


def _readable(handle: int, seconds: float) -> bool:
    return bool(select.select([handle], [], [], seconds)[0])


def _last_words(state: StateDirectory) -> str:
    with suppress(OSError):
        said = state.supervisor_log.read_text(errors="replace").strip()
        if said:
            hints = "\n".join(requirements.user_namespace_obstacles())
            return f"the twin could not start: {said.splitlines()[-1]}\n{hints}".strip()
    return "the twin could not start, and left no word why"
