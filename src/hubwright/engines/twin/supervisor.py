"""
Process 1 of a twin: builds it, answers for it, and takes everything down by dying.

Runs as `python -m hubwright.engines.twin.supervisor STATE_DIRECTORY` inside new namespaces, with
standard output connected to whoever called `up`: one line of JSON says that the twin is up, or
why it is not.
"""

import json
import os
import pickle
import resource
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from hubwright.engines.twin import namespaces as spaces
from hubwright.engines.twin import proxy
from hubwright.engines.twin.artefacts import Document, Plan, Tool
from hubwright.engines.twin.namespaces import Namespaces
from hubwright.engines.twin.proxy import Proxy
from hubwright.engines.twin.state import StateDirectory
from hubwright.errors import MachineError


class Builder:
    """Makes the namespaces and applies the plan's documents, starting Envoys early."""

    def __init__(self, plan: Plan, state: StateDirectory) -> None:
        """Nothing is made yet."""
        self.namespaces = Namespaces()
        self.proxies: list[Proxy] = []
        self.seconds: dict[str, float] = {}
        self._plan = plan
        self._state = state
        self._waiting = [d for d in plan.documents if d.tool is Tool.ENVOY]

    def build(self) -> None:
        """
        Apply everything, and return when Envoy listens.

        Raises:
            MachineError: a document could not be applied.
        """
        documents = tuple(d for d in self._plan.documents if d.tool is not Tool.ENVOY)
        spaces.set_congestion_control()
        for wave in spaces.waves(documents):
            spaces.apply_wave(self.namespaces, wave)
            self._start_proxies()
        for document in self._waiting:
            raise MachineError(f"{document.name}: there is no namespace {document.namespace}")
        for name in self._plan.namespaces:
            with self.namespaces.inside(name):
                spaces.set_congestion_control()
        self.proxies = [self._listening(found) for found in self.proxies]

    def _start_proxies(self) -> None:
        for document in tuple(self._waiting):
            if document.namespace is None or Path("/run/netns", document.namespace).exists():
                self._waiting.remove(document)
                self.proxies.append(self._start(document))

    def _start(self, document: Document) -> Proxy:
        return proxy.start(self.namespaces, document, self._state.path)

    def _listening(self, found: Proxy) -> Proxy:
        """Wait for an Envoy; it gets a second start, now that all addresses exist."""
        try:
            found.wait()
        except MachineError:
            document = next(d for d in self._plan.documents if d.name == found.name)
            found = self._start(document)
            found.wait()
        return found


def main(arguments: list[str]) -> int:
    """Build and serve the twin of a state directory; returns only when it is stopped."""
    state = StateDirectory(Path(arguments[0]))
    try:
        service = _prepare(state)
    except (MachineError, OSError) as error:
        _tell({"error": str(error)})
        return 1
    service()
    return 0


def _prepare(state: StateDirectory) -> Callable[[], None]:
    _raise_file_limit()
    spaces.private_run(state.path)
    plan: Plan = pickle.loads(state.pickled_plan.read_bytes())  # noqa: S301 - our own directory
    builder = Builder(plan, state)
    failures: list[Exception] = []

    def build() -> None:
        try:
            builder.build()
        except (MachineError, OSError) as error:
            failures.append(error)

    thread = threading.Thread(target=build)
    thread.start()
    # Slow imports run while `ip`, `nft` and Envoy do their work.
    from hubwright.engines.twin.service import Service  # noqa: PLC0415

    thread.join()
    if failures:
        raise failures[0]
    service = Service(plan, state, builder.namespaces, tuple(builder.proxies))
    service.bind()
    return lambda: service.run(lambda: _tell({"ready": True}))


def _raise_file_limit() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _tell(message: dict[str, object]) -> None:
    """Answer whoever called `up`, and let go of the pipe."""
    os.write(1, json.dumps(message).encode() + b"\n")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
