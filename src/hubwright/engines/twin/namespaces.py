"""Enters network namespaces, and applies the plan's documents in them."""

import ctypes
import os
import subprocess
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hubwright.engines.twin.artefacts import Document, Tool
from hubwright.errors import MachineError

_CLONE_NEWNET = 0x40000000
_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 0x40000
_libc = ctypes.CDLL(None, use_errno=True)

CONGESTION_CONTROL = "net/ipv4/tcp_congestion_control"
WORKERS = 2
"""Threads that apply documents of different namespaces side by side."""


def mount(source: str, target: str, kind: str | None, flags: int = 0) -> None:
    """Attach a file system; raises OSError."""
    result = _libc.mount(
        source.encode(), target.encode(), kind.encode() if kind else None, flags, None
    )
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), target)


def private_run(state: Path) -> None:
    """
    Give this mount namespace its own empty /run, with the state directory still in its place.

    Namespaces that `ip netns` makes live below /run/netns; so they are seen by nobody else and
    go when the twin goes.
    """
    mount("none", "/", None, _MS_REC | _MS_PRIVATE)
    kept = os.open(state, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    mount("tmpfs", "/run", "tmpfs")
    if not state.exists():
        state.mkdir(parents=True)
        mount(f"/proc/self/fd/{kept}", str(state), None, _MS_BIND)
    os.close(kept)
    resolv = Path("/etc/resolv.conf").resolve()
    if not resolv.exists() and resolv.is_relative_to("/run"):
        resolv.parent.mkdir(parents=True, exist_ok=True)
        resolv.touch()


class Namespaces:
    """The twin's network namespaces, by name; None is the one the twin was started in."""

    def __init__(self) -> None:
        self._root = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        self._opened: dict[str, int] = {}

    def enter(self, name: str | None) -> None:
        """Move the calling thread into a namespace; sockets made there stay there."""
        if _libc.setns(self._root if name is None else self._handle(name), _CLONE_NEWNET):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), name)

    @contextmanager
    def inside(self, name: str | None) -> Generator[None]:
        """Run a block in a namespace; the thread returns to the twin's root namespace."""
        self.enter(name)
        try:
            yield
        finally:
            self.enter(None)

    def _handle(self, name: str) -> int:
        handle = self._opened.get(name)
        if handle is None:
            handle = os.open(f"/run/netns/{name}", os.O_RDONLY | os.O_CLOEXEC)
            self._opened[name] = handle
        return handle


def waves(documents: tuple[Document, ...]) -> Iterator[list[list[Document]]]:
    """
    Yield what may be applied together, in order: each wave is a list of queues.

    A document of the root namespace, or one that moves links into other namespaces, is a wave
    of its own. Other consecutive documents form one wave with one queue a namespace.
    """
    queues: dict[str | None, list[Document]] = {}
    for document in documents:
        if document.namespace is None or (document.tool is Tool.IP and " netns " in document.text):
            if queues:
                yield list(queues.values())
                queues = {}
            yield [[document]]
        else:
            queues.setdefault(document.namespace, []).append(document)
    if queues:
        yield list(queues.values())


def apply_wave(namespaces: Namespaces, queues: list[list[Document]]) -> None:
    """
    Apply the queues of a wave, a few side by side.

    Raises:
        MachineError: a tool refused a document; the message holds what it said.
    """
    remaining = list(reversed(queues))
    failures: list[Exception] = []

    def work() -> None:
        try:
            while remaining and not failures:
                try:
                    queue = remaining.pop()
                except IndexError:
                    return
                for document in queue:
                    apply_document(namespaces, document)
        except (OSError, MachineError) as failure:
            failures.append(failure)

    if len(queues) == 1:
        work()
    else:
        threads = [threading.Thread(target=work) for _ in range(min(WORKERS, len(queues)))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]


def apply_document(namespaces: Namespaces, document: Document) -> None:
    """
    Apply one document of `ip`, `nft` or sysctl in its namespace, from the calling thread.

    Raises:
        MachineError: the tool refused it.
    """
    with namespaces.inside(document.namespace):
        match document.tool:
            case Tool.IP:
                _run(document, ["ip", "-batch", "-"])
            case Tool.NFT:
                _run(document, ["nft", "-f", "-"])
            case Tool.SYSCTL:
                for line in document.text.splitlines():
                    if line.strip() and not line.startswith("#"):
                        _write_sysctl(document, line)
            case Tool.ENVOY:
                pass


def _run(document: Document, command: list[str]) -> None:
    result = subprocess.run(
        command, input=document.text, capture_output=True, text=True, check=False
    )
    if result.returncode:
        said = result.stderr.strip() or f"exit code {result.returncode}"
        raise MachineError(f"{document.name} ({document.tool}) could not be applied: {said}")


def _write_sysctl(document: Document, line: str) -> None:
    key, value = (part.strip() for part in line.split("=", 1))
    if key == CONGESTION_CONTROL:
        set_congestion_control(value)
        return
    try:
        Path("/proc/sys", key).write_text(value)
    except OSError as error:
        raise MachineError(f"{document.name}: {key}={value}: {error.strerror}") from error


def set_congestion_control(wanted: str = "cubic") -> None:
    """
    Choose how TCP paces in the calling thread's namespace; Linux's default, whatever the host's.

    A namespace may only take what the host lists in tcp_allowed_congestion_control; where cubic
    is not listed it is reno, which always is.
    """
    path = Path("/proc/sys", CONGESTION_CONTROL)
    for name in (wanted, "reno"):
        with suppress(OSError):
            path.write_text(name)
            return
