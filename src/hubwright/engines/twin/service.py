"""What the supervisor does once the twin is built: servers, DNS, logs, and the control socket."""

import asyncio
import gc
import json
import os
import pickle
import resource
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from hubwright.engines.twin import nflog, proxy, resolver, servers
from hubwright.engines.twin.artefacts import Plan, Resolver, Tool
from hubwright.engines.twin.namespaces import Namespaces
from hubwright.engines.twin.nflog import Event
from hubwright.engines.twin.observation import Question
from hubwright.engines.twin.prober import Drops, Prober
from hubwright.engines.twin.proxy import Proxy
from hubwright.engines.twin.state import StateDirectory

if TYPE_CHECKING:
    from hubwright.engines.twin.answers import DnsQuery
    from hubwright.engines.twin.certificates import CertificateAuthority
    from hubwright.engines.twin.logs import RowWriter
    from hubwright.model.estate import Estate
    from hubwright.semantics.assumptions import Assumptions
    from hubwright.semantics.dns import Resolution

_ACCESS_POLL = 0.25
"""Seconds between looks at Envoy's access log."""


class Service:
    """Everything that answers in a running twin, in one event loop."""

    def __init__(
        self, plan: Plan, state: StateDirectory, namespaces: Namespaces, proxies: tuple[Proxy, ...]
    ) -> None:
        """Take a built twin."""
        self._plan = plan
        self._state = state
        self._namespaces = namespaces
        self._proxies = proxies
        self._ended: dict[int, int] = {}
        self._since = time.time()
        self._drops = Drops()
        self._listeners: list[tuple[socket.socket, str, dict[int, str]]] = []
        self._access_offset = 0
        self._unreached: deque[tuple[int, str]] = deque(maxlen=5000)
        self._making = threading.Lock()
        self._control: asyncio.Server | None = None

    def bind(self) -> None:
        """Open every socket, so that whatever comes from now on waits for an answer."""
        for name in dict.fromkeys(
            d.namespace for d in self._plan.documents if d.tool is Tool.NFT and d.namespace
        ):
            with self._namespaces.inside(name):
                heard = nflog.listen()
                self._listeners.append((heard, name, dict(socket.if_nameindex())))
        self._servers = servers.bind_all(self._namespaces, self._plan.servers)
        self._resolvers = resolver.bind_all(self._namespaces, self._plan.resolvers)
        self._write_resolv()

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until killed; calls `ready` as soon as commands are taken."""
        asyncio.run(self._main(ready))

    async def _main(self, ready: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGCHLD, self._reap)
        loop.add_signal_handler(signal.SIGTERM, lambda: os._exit(0))
        self._reap()
        handle = os.open(self._state.path, os.O_RDONLY | os.O_DIRECTORY)
        control = f"/proc/self/fd/{handle}/{self._state.control.name}"
        self._control = await asyncio.start_unix_server(self._converse, control, limit=1 << 26)
        for heard, name, interfaces in self._listeners:
            loop.add_reader(heard, self._hear, heard, name, interfaces)
        for each in self._servers:
            each.serve(loop, self._context)
        reserved = {p for s in self._plan.servers for p in (*s.plain_ports, *s.tls_ports)}
        reserved |= {p for s in self._plan.servers for p in (*s.tcp_ports, *s.udp_ports)}
        self._prober = Prober(
            self._namespaces,
            self._plan.nodes,
            self._drops,
            self._state.authority,
            frozenset(reserved),
            self._why_unreached if self._proxies else None,
        )
        for sockets in self._resolvers:
            sockets.serve(loop, self._answer_query)
        ready()
        await loop.run_in_executor(None, self._warm_up)
        gc.freeze()
        while True:
            await asyncio.sleep(_ACCESS_POLL)
            self._read_access_log()

    def _answer_query(
        self, asked: Resolver, data: bytes, client: tuple[str, int], protocol: str
    ) -> bytes:
        from hubwright.engines.twin.answers import answer  # noqa: PLC0415 - slow to import
        from hubwright.semantics.dns import firewall_resolves, resolve  # noqa: PLC0415

        estate, assumptions = self._knowledge

        def heard(query: "DnsQuery") -> None:
            if resolver.is_proxy(asked):
                self._write(self._writer.of_query(query))

        def by_name(network: str | None, name: str) -> "Resolution":
            if resolver.is_proxy(asked):
                for firewall in estate.firewalls:
                    if firewall.name == asked.name:
                        return firewall_resolves(estate, firewall, name, assumptions)
            return resolve(estate, network, name, assumptions)

        return answer(asked, by_name, data, client, protocol, heard)

    @cached_property
    def _knowledge(self) -> "tuple[Estate, Assumptions]":
        found: tuple[Estate, Assumptions] = pickle.loads(  # noqa: S301 - our own file
            self._state.pickled_estate.read_bytes()
        )
        return found

    def _write_resolv(self) -> None:
        self._state.resolv.mkdir(exist_ok=True)
        for server in {node.nameserver for node in self._plan.nodes}:
            (self._state.resolv / server).write_text(f"nameserver {server}\n")

    def _warm_up(self) -> None:
        """Do in the background what the first query and the first handshake would wait for."""
        with suppress(ImportError):
            import_module("hubwright.engines.twin.answers")
            _ = self._authority, self._writer

    @property
    def _authority(self) -> "CertificateAuthority":
        with self._making:
            return self._made_authority

    @cached_property
    def _made_authority(self) -> "CertificateAuthority":
        from hubwright.engines.twin.certificates import (  # noqa: PLC0415 - made when asked for
            CertificateAuthority,
        )

        return CertificateAuthority(self._state.authority)

    def _context(self, name: str) -> Any:
        return self._authority.context(name)

    @cached_property
    def _writer(self) -> "RowWriter":
        from hubwright.engines.twin.logs import RowWriter  # noqa: PLC0415 - slow to import

        return RowWriter(self._plan.rules, self._knowledge[0])

    def _hear(self, heard: socket.socket, name: str, interfaces: dict[int, str]) -> None:
        for event in nflog.read(heard, name, interfaces):
            self._drops.add(event)
            if event.group == nflog.RULES_GROUP:
                self._write(self._writer.of_event(event))

    def _read_access_log(self) -> None:
        try:
            with self._state.envoy_access.open("rb") as file:
                file.seek(self._access_offset)
                data = file.read()
        except OSError:
            return
        whole = data[: data.rfind(b"\n") + 1]
        self._access_offset += len(whole)
        for line in whole.decode(errors="replace").splitlines():
            self._write(self._writer.of_access(line))
            failure = proxy.upstream_failure(line)
            if failure:
                self._unreached.append(failure)

    async def _catch_up(self) -> None:
        """Read what Envoy has logged until now, which it holds back for 20 ms."""
        await asyncio.sleep(proxy.FLUSH_SECONDS * 1.5)
        self._read_access_log()

    async def _why_unreached(self, port: int) -> str:
        await self._catch_up()
        return next((flags for source, flags in reversed(self._unreached) if source == port), "")

    def _write(self, row: dict[str, Any] | None) -> None:
        if row is not None:
            with self._state.logs.open("a") as file:
                file.write(json.dumps(row) + "\n")

    def _reap(self) -> None:
        """Bury children, also those that `exec` left to process 1."""
        with suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                self._ended[pid] = os.waitstatus_to_exitcode(status)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while line := await reader.readline():
                try:
                    answer = await self._do(json.loads(line))
                except (ValueError, KeyError, TypeError) as error:
                    answer = {"error": f"{type(error).__name__}: {error}"}
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        writer.close()

    async def _do(self, request: dict[str, Any]) -> dict[str, Any]:
        match request.get("do"):
            case "status":
                return self._status()
            case "observe":
                return await self._observe(request)
            case "drops":
                return {"drops": [_event_json(event) for event in self._drops.recent]}
            case "flush":
                await self._catch_up()
                return {}
            case "certificates":
                return {"authority": bool(self._authority)}
            case other:
                return {"error": f"unknown command {other}"}

    async def _observe(self, request: dict[str, Any]) -> dict[str, Any]:
        questions = [Question.from_json(value) for value in request["questions"]]
        _ = self._authority
        attempts = int(request.get("attempts", 1))
        seen = await asyncio.gather(*(self._prober.observe(q, attempts) for q in questions))
        return {"observations": [[one.to_json() for one in several] for several in seen]}

    def _status(self) -> dict[str, Any]:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "estate": self._plan.estate,
            "since": self._since,
            "namespaces": len(self._plan.namespaces),
            "nodes": len(self._plan.nodes),
            "servers": len(self._plan.servers),
            "resolvers": len(self._plan.resolvers),
            "drops": self._drops.total,
            "peak_memory_kib": usage.ru_maxrss,
            "proxies": [
                {"name": p.name, "namespace": p.namespace, "running": p.pid not in self._ended}
                for p in self._proxies
            ],
        }


def _event_json(event: Event) -> dict[str, Any]:
    return {
        "time": event.time,
        "namespace": event.namespace,
        "reason": event.reason,
        "in": event.indev,
        "out": event.outdev,
        "protocol": event.protocol,
        "source": event.source,
        "source_port": event.source_port,
        "destination": event.destination,
        "destination_port": event.destination_port,
    }
