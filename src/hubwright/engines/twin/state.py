"""Where a running twin keeps its files, and how its processes are recognised again."""

import copyreg
import io
import json
import os
import pickle
import re
import stat
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hubwright.errors import MachineError
from hubwright.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class StateDirectory:
    """The private directory of one running twin, mode 0700, removed by `down`."""

    path: Path

    @property
    def plan(self) -> Path:
        """The plan as JSON, for people and bug reports."""
        return self.path / "plan.json"

    @property
    def pickled_plan(self) -> Path:
        """The same plan for the supervisor."""
        return self.path / "plan.pickle"

    @property
    def pickled_estate(self) -> Path:
        """The estate and its assumptions, for the resolvers."""
        return self.path / "estate.pickle"

    @property
    def pid(self) -> Path:
        """Identity of the twin's outermost process."""
        return self.path / "supervisor.pid"

    @property
    def control(self) -> Path:
        """The supervisor's unix socket."""
        return self.path / "control.sock"

    @property
    def supervisor_log(self) -> Path:
        """What the supervisor and its children say when something is wrong."""
        return self.path / "supervisor.log"

    @property
    def logs(self) -> Path:
        """The firewall's log rows, one JSON object a line."""
        return self.path / "logs.ndjson"

    @property
    def envoy_access(self) -> Path:
        """Envoy's access log, from which application rule rows are made."""
        return self.path / "envoy-access.ndjson"

    @property
    def authority(self) -> Path:
        """Certificate of the twin's certificate authority, PEM."""
        return self.path / "ca.pem"

    @property
    def resolv(self) -> Path:
        """Directory of resolv.conf files, one a nameserver."""
        return self.path / "resolv"


@dataclass(frozen=True, slots=True)
class Process:
    """A process, told from a later one with the same number by when it started."""

    pid: int
    started: int
    """Clock ticks since boot, as in field 22 of /proc/PID/stat."""

    @classmethod
    def of(cls, pid: int) -> "Process | None":
        """Return the living process of that number, if there is one; zombies do not live."""
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else cls(pid, int(fields[19]))

    @property
    def alive(self) -> bool:
        """Whether this very process still runs."""
        return Process.of(self.pid) == self

    def children(self) -> tuple["Process", ...]:
        """Return the living children, whichever thread they belong to."""
        words: list[str] = []
        for thread in Path(f"/proc/{self.pid}/task").glob("*/children"):
            with suppress(OSError):
                words += thread.read_text().split()
        found = (Process.of(int(word)) for word in words)
        return tuple(process for process in found if process)


def base_directory() -> Path:
    """
    Return the directory of all twins of this user, made if needed.

    Raises:
        MachineError: it belongs to somebody else, or others may write into it.
    """
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    usable = runtime and Path(runtime).is_dir() and os.access(runtime, os.W_OK)
    base = Path(runtime) / "hubwright" if runtime and usable else _temporary()
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    info = base.lstat()
    if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.getuid() or info.st_mode & 0o077:
        raise MachineError(f"{base} must be a directory of your own with mode 0700; remove it")
    return base


def _temporary() -> Path:
    return Path(f"/tmp/hubwright-{os.getuid()}")  # noqa: S108 - owner and mode are checked


def state_directory(estate: str) -> StateDirectory:
    """Return the directory of an estate's twin; it exists only while the twin does."""
    return StateDirectory(base_directory() / (re.sub(r"[^A-Za-z0-9._-]", "-", estate) or "twin"))


def running_estates() -> tuple[str, ...]:
    """Return the directory names of this user's twins, dead ones included, sorted."""
    return tuple(sorted(entry.name for entry in base_directory().iterdir() if entry.is_dir()))


def remember(state: StateDirectory, process: Process) -> None:
    """Write down which process is the twin's outermost."""
    state.pid.write_text(json.dumps({"pid": process.pid, "started": process.started}) + "\n")


def recall(state: StateDirectory) -> Process | None:
    """Return the outermost process if it still lives."""
    try:
        found = json.loads(state.pid.read_text())
        process = Process(int(found["pid"]), int(found["started"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return process if process.alive else None


def strays(state: StateDirectory) -> tuple[Process, ...]:
    """Return supervisors of this state directory, found by their command line."""
    wanted = (b"hubwright.engines.twin.supervisor", os.fsencode(state.path))
    found: list[Process] = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        process = Process.of(int(entry.name)) if all(w in words for w in wanted) else None
        if process:
            found.append(process)
    return tuple(found)


def pickled(value: object) -> bytes:
    """Return the pickle of a value of the model, whose origins hold read-only mappings."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer)
    pickler.dispatch_table = copyreg.dispatch_table | {MappingProxyType: _reduced_mapping}
    pickler.dump(value)
    return buffer.getvalue()


def _read_only(items: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(items)


def _reduced_mapping(value: MappingProxyType[Any, Any]) -> tuple[Any, ...]:
    return _read_only, (dict(value),)
