"""
Starts, joins and ends twins, from outside.

A twin is one process tree in namespaces of its own; when its first process dies, all of it does,
packets, mounts and children. So `down` is a kill, and works after any crash.
"""

import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from hubwright.engines.twin import requirements
from hubwright.engines.twin.artefacts import Node, Plan
from hubwright.engines.twin.launch import locked, module_path, spawn, take_down, write_state
from hubwright.engines.twin.observation import Observation, Question
from hubwright.engines.twin.state import (
    Process,
    StateDirectory,
    recall,
    running_estates,
    state_directory,
)
from hubwright.errors import MachineError, UnknownResource, UsageError
from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Estate
from hubwright.semantics.assumptions import DEFAULTS, Assumptions

ANSWER_SECONDS = 300.0
"""After which a twin that does not answer a request is given up."""
_INSIDE = 'cd "$1" 2>/dev/null; mount --bind "$2" /etc/resolv.conf || exit 125; shift 2; exec "$@"'

Notify = Callable[[str], None]


@dataclass(frozen=True)
class Twin:
    """A running twin."""

    state: StateDirectory
    process: Process
    """Its outermost process: `unshare`, whose only child is the supervisor."""

    @staticmethod
    def up(
        plan: Plan,
        estate: Estate,
        assumptions: Assumptions = DEFAULTS,
        notify: Notify = lambda _: None,
    ) -> "Twin":
        """
        Start a plan's twin, replacing one of the same estate; return when it takes commands.

        Args:
            plan: What to build.
            estate: What its resolvers answer from.
            assumptions: With which they do.
            notify: Told in a sentence what else happened, such as that an old twin was replaced.

        Raises:
            MachineError: this machine lacks something, or refused a part of the plan.
        """
        lacking = requirements.missing()
        if lacking:
            raise MachineError("\n".join(lacking))
        state = state_directory(plan.estate)
        with locked(state):
            if take_down(state):
                notify(f"replaced the running twin of {plan.estate}")
            try:
                write_state(state, plan, estate, assumptions)
                process = spawn(state)
            except BaseException:
                take_down(state)
                raise
        return Twin(state, process)

    @staticmethod
    def attach(estate: str | None = None) -> "Twin":
        """
        Return the running twin of an estate, or the only one that runs.

        Raises:
            UsageError: none runs, or several do and none is named.
        """
        names = running_estates() if estate is None else (state_directory(estate).path.name,)
        found = [(state, recall(state)) for state in map(state_directory, names)]
        alive = [Twin(state, process) for state, process in found if process]
        if not alive:
            what = f"the twin of {estate}" if estate else "no twin"
            raise UsageError(f"{what} {'does not run' if estate else 'runs'}: `hubwright up`")
        if len(alive) > 1:
            several = ", ".join(twin.state.path.name for twin in alive)
            raise UsageError(f"several twins run, name one: {several}")
        return alive[0]

    @cached_property
    def plan(self) -> Plan:
        """The plan that it was built from."""
        plan: Plan = pickle.loads(self.state.pickled_plan.read_bytes())  # noqa: S301 - our own
        return plan

    @property
    def supervisor(self) -> Process:
        """
        The twin's process 1, seen from outside.

        Raises:
            MachineError: it just died.
        """
        children = self.process.children()
        if not children:
            raise MachineError(f"the twin died; see {self.state.supervisor_log}, then `up` again")
        return children[0]

    def node(self, name: str) -> Node:
        """
        Return a node by its name or address.

        Raises:
            UnknownResource: there is none; the message lists all.
        """
        for node in self.plan.nodes:
            if name in (node.name, node.address):
                return node
        names = ", ".join(node.name for node in self.plan.nodes)
        raise UnknownResource(f"no node is called `{name}`; there are {names}")

    def down(self) -> None:
        """End it, and return when nothing of it is left."""
        with locked(self.state):
            take_down(self.state)

    def status(self) -> dict[str, Any]:
        """Return what runs, as data."""
        return {**self._call({"do": "status"}), "pid": self.supervisor.pid}

    def drops(self) -> list[dict[str, Any]]:
        """Return the latest packets that were dropped, oldest first."""
        found: list[dict[str, Any]] = self._call({"do": "drops"})["drops"]
        return found

    def observe(
        self, questions: Sequence[Question], attempts: int = 1
    ) -> list[tuple[Observation, ...]]:
        """Let clients ask, many at once; return what each attempt of each question saw."""
        sent = [question.to_json() for question in questions]
        told = self._call({"do": "observe", "questions": sent, "attempts": attempts})
        return [tuple(map(Observation.from_json, several)) for several in told["observations"]]

    def logs(self, *, follow: bool = False) -> Iterator[dict[str, Any]]:
        """Yield the firewall's log rows, oldest first; with `follow`, wait for more."""
        self._call({"do": "flush"})
        offset = 0
        while True:
            with suppress(FileNotFoundError), self.state.logs.open() as file:
                file.seek(offset)
                while (line := file.readline()).endswith("\n"):
                    offset = file.tell()
                    yield json.loads(line)
            if not follow or not self.process.alive:
                return
            time.sleep(0.2)

    def exec(self, node: str, command: Sequence[str]) -> int:
        """
        Run a command at a node, on this process's own terminal; return its exit code.

        The command sees the node's network, resolver and certificate authority, and the files of
        this machine. 126 and 127 mean what they mean to shells, 128 and more a signal.
        """
        return self._run(node, command, {})

    def capture(self, node: str, interface: str = "any", count: int = 0) -> int:
        """
        Write a node's packets to standard output, in pcap format, until interrupted.

        Args:
            node: Name or address of the node.
            interface: Name of one of its interfaces, or `any`.
            count: Stop after so many packets; 0 goes on.
        """
        module = "hubwright.engines.twin.capture"
        command = [sys.executable, "-m", module, interface, str(count)]
        return self._run(node, command, {"PYTHONPATH": module_path()})

    def joined(self, node: str, command: Sequence[str]) -> list[str]:
        """Return the command line that runs a command at a node."""
        place = self.node(node)
        self._call({"do": "certificates"})
        user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        return [
            *("nsenter", "--target", str(self.supervisor.pid), *user, "--mount", "--pid", "--"),
            *("nsenter", f"--net=/run/netns/{place.namespace}", "--"),
            *("unshare", "--mount", "--", "sh", "-c", _INSIDE, "sh"),
            *(str(Path.cwd()), str(self.state.resolv / place.nameserver), *command),
        ]

    def _run(self, node: str, command: Sequence[str], extra: dict[str, str]) -> int:
        authority = str(self.state.authority)
        names = ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
        environment = {**os.environ, **dict.fromkeys(names, authority), **extra}
        return _wait(subprocess.Popen(self.joined(node, command), env=environment))

    def _call(self, request: dict[str, Any]) -> dict[str, Any]:
        """
        Put one request to the supervisor.

        Raises:
            MachineError: it does not answer, or refuses.
        """
        handle = os.open(self.state.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
                client.settimeout(ANSWER_SECONDS)
                # Through /proc, since a socket's path may not be longer than 107 octets.
                client.connect(f"/proc/self/fd/{handle}/{self.state.control.name}")
                client.sendall(json.dumps(request).encode() + b"\n")
                with client.makefile("rb") as reader:
                    answer: dict[str, Any] = json.loads(reader.readline() or b"{}")
        except OSError as error:
            why = error.strerror or str(error)
            raise MachineError(f"the twin does not answer ({why})") from error
        finally:
            os.close(handle)
        if not answer and request["do"] != "flush":
            raise MachineError(f"the twin died; see {self.state.supervisor_log}")
        if "error" in answer:
            raise MachineError(f"the twin refused: {answer['error']}")
        return answer


def down(estate: str | None = None) -> tuple[str, ...]:
    """
    Take down the twin of an estate, or all of this user's; also the remains of dead ones.

    Returns:
        Names of the twins that were running; empty when there was nothing to do.
    """
    names = running_estates() if estate is None else (estate,)
    ended: list[str] = []
    for name in names:
        state = state_directory(name)
        with locked(state):
            if take_down(state):
                ended.append(name)
    return tuple(ended)


def _wait(child: "subprocess.Popen[bytes]") -> int:
    """Wait for a child that shares the terminal: Ctrl-C is for it, not for us."""
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = child.wait()
    finally:
        signal.signal(signal.SIGINT, previous)
    return code if code >= 0 else 128 - code
