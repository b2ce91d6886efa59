"""
Asks the network as clients do: with sockets made in the node's own namespace.

A packet that some ruleset drops and logs is known at once, by the client's source port, which no
other connection of the run has; so a silent drop need not be waited for.
"""

import asyncio
import json
import socket
import ssl
import struct
import time
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from hubwright.engines.twin.artefacts import Node
from hubwright.engines.twin.namespaces import Namespaces
from hubwright.engines.twin.nflog import DROPS_GROUP, Event
from hubwright.engines.twin.observation import Observation, Question
from hubwright.model.flow import Application, Symptom

PATIENCE = 2.0
"""Seconds after which an answer is no longer waited for."""
GRACE = 0.25
"""Seconds for which a client still waits when a packet other than a SYN was dropped."""
_FIRST_PORT, _LAST_PORT = 10000, 65500
_IP_FREEBIND = 15
_STOPPING_ACTIONS = {"Deny", "Drop"}


class Drops:
    """Packets that went no further, and who waits for news of them."""

    def __init__(self, keep: int = 5000) -> None:
        """Keep the latest `keep` events."""
        self.recent: deque[Event] = deque(maxlen=keep)
        self.total = 0
        self._waiting: dict[int, asyncio.Queue[Event]] = {}

    def add(self, event: Event) -> None:
        """Record an event if it is a drop, and tell whose connection it was."""
        if not is_drop(event):
            return
        self.total += 1
        self.recent.append(event)
        for port in {event.source_port, event.destination_port}:
            queue = self._waiting.get(port)
            if queue is not None:
                queue.put_nowait(event)

    @contextmanager
    def watch(self, port: int) -> Generator["asyncio.Queue[Event]"]:
        """Hear of drops whose source or destination port is `port`."""
        queue = self._waiting[port] = asyncio.Queue()
        try:
            yield queue
        finally:
            del self._waiting[port]


def is_drop(event: Event) -> bool:
    """Whether the packet of an event goes no further."""
    if event.group == DROPS_GROUP:
        return True
    words = event.prefix.split(":")
    return len(words) > 2 and words[0] == "fw" and words[2] in _STOPPING_ACTIONS


class Prober:
    """Asks questions from the twin's nodes, each from a source port of its own."""

    def __init__(
        self,
        namespaces: Namespaces,
        nodes: tuple[Node, ...],
        drops: Drops,
        authority: Path,
        reserved_ports: frozenset[int] = frozenset(),
        let_through: Callable[[int], Awaitable[str]] | None = None,
    ) -> None:
        """
        Take the twin's pieces.

        Args:
            namespaces: In which sockets are made.
            nodes: Where clients can be.
            drops: Where news of dropped packets arrives.
            authority: Certificate that clients trust, PEM.
            reserved_ports: Those that servers listen on; no client uses them.
            let_through: Says, for a source port, why the proxy could not reach the server of a
                connection that its rules allow; empty where that is not what happened.
        """
        self._namespaces = namespaces
        self._nodes = {node.name: node for node in nodes}
        self._drops = drops
        self._authority = authority
        self._reserved = reserved_ports
        self._let_through = let_through
        self._port = _FIRST_PORT - 1
        self._trust: ssl.SSLContext | None = None
        self._room = asyncio.Semaphore(48)

    async def observe(self, question: Question, attempts: int = 1) -> list[Observation]:
        """Ask one question a few times, one after the other."""
        async with self._room:
            return [await self._timed(question) for _ in range(attempts)]

    async def _timed(self, question: Question) -> Observation:
        began = time.perf_counter()
        try:
            seen = await self._ask(question)
        except OSError as error:
            seen = Observation(symptom=Symptom.UNKNOWN, detail=str(error))
        return _with_time(seen, time.perf_counter() - began)

    async def _ask(self, question: Question) -> Observation:
        node = self._nodes[question.node]
        target = question.target
        if question.name is not None:
            found = await self._resolve(node, question)
            if isinstance(found, Observation):
                return found
            target = found
        if target is None:
            return Observation(symptom=Symptom.UNKNOWN, detail="no destination")
        port = self._next_port()
        client = self._socket(node, question, port)
        try:
            work = self._converse(client, question, target, port)
            seen = await self._bounded(work, port)
        finally:
            client.close()
        if seen.symptom is Symptom.TLS_CLOSED and self._let_through:
            flags = await self._let_through(port)
            if flags:
                told = f"allowed by name, but the server cannot be reached ({flags})"
                seen = Observation(symptom=Symptom.TIMEOUT, detail=told)
        return _resolved(seen, target if question.name else None)

    async def _bounded(self, work: Awaitable[Observation], port: int) -> Observation:
        """Wait for the answer, for news of a drop, or for the end of patience."""
        with self._drops.watch(port) as news:
            asking = asyncio.ensure_future(work)
            drop: Event | None = None
            deadline = time.monotonic() + PATIENCE
            while not asking.done() and (left := deadline - time.monotonic()) > 0:
                hearing = asyncio.ensure_future(news.get())
                pair = {asking, hearing}
                await asyncio.wait(pair, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                if not hearing.done():
                    hearing.cancel()
                    continue
                drop = hearing.result()
                if drop.is_syn or drop.protocol != "TCP":
                    break
                deadline = min(deadline, time.monotonic() + GRACE)
            if asking.done():
                return _finished(asking, drop)
            asking.cancel()
            await asyncio.wait({asking}, timeout=GRACE)
            if asking.done() and not asking.cancelled():
                asking.exception()
        told = f"no answer in {PATIENCE:.0f} s" if drop is None else ""
        return Observation(symptom=Symptom.TIMEOUT, drop=_place(drop), detail=told)

    async def _resolve(self, node: Node, question: Question) -> str | Observation:
        """Ask the node's nameserver for an address; what fails is already the observation."""
        port = self._next_port()
        name = question.name or ""
        kind = socket.SOCK_DGRAM
        client = self._bound(node, question.address, kind, port)
        try:
            found = await self._bounded(_query(client, node.nameserver, name), port)
        finally:
            client.close()
        return found.resolved or found

    def _next_port(self) -> int:
        while True:
            self._port = self._port + 1 if self._port < _LAST_PORT else _FIRST_PORT
            if self._port not in self._reserved:
                return self._port

    def _socket(self, node: Node, question: Question, port: int) -> socket.socket:
        match question.protocol:
            case "ICMP":
                with self._namespaces.inside(node.namespace):
                    client = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
                return _prepared(client, question.address, 0)
            case "UDP":
                return self._bound(node, question.address, socket.SOCK_DGRAM, port)
            case _:
                return self._bound(node, question.address, socket.SOCK_STREAM, port)

    def _bound(self, node: Node, address: str, kind: socket.SocketKind, port: int) -> socket.socket:
        with self._namespaces.inside(node.namespace):
            client = socket.socket(socket.AF_INET, kind)
        return _prepared(client, address, port)

    async def _converse(
        self, client: socket.socket, question: Question, target: str, port: int
    ) -> Observation:
        """
        Do what the client does.

        asyncio's streams get a duplicate: they close it in their own time, and a descriptor that
        was closed under them would be another connection's by then.
        """
        loop = asyncio.get_running_loop()
        if question.protocol == "ICMP":
            return await _ping(client, target, port)
        await loop.sock_connect(client, (target, question.port))
        if question.protocol == "UDP":
            await loop.sock_sendall(client, b"hubwright\n")
            return _of_line(await loop.sock_recv(client, 2048))
        if question.application is Application.HTTPS:
            return await self._https(client, question, target)
        if question.application is Application.HTTP:
            reader, writer = await asyncio.open_connection(sock=client.dup())
            return await _get(reader, writer, question.server_name or target)
        await loop.sock_sendall(client, b"hubwright\n")
        return _of_line(await loop.sock_recv(client, 2048))

    async def _https(self, client: socket.socket, question: Question, target: str) -> Observation:
        context = self._trusting(bool(question.server_name))
        try:
            reader, writer = await asyncio.open_connection(
                sock=client.dup(), ssl=context, server_hostname=question.server_name or ""
            )
        except ssl.SSLCertVerificationError as error:
            return Observation(symptom=Symptom.UNKNOWN, detail=f"certificate: {error.reason}")
        return await _get(reader, writer, question.server_name or question.name or target)

    def _trusting(self, named: bool) -> ssl.SSLContext:
        if self._trust is None:
            self._trust = ssl.create_default_context(cafile=str(self._authority))
        if named:
            return self._trust
        context = ssl.create_default_context(cafile=str(self._authority))
        context.check_hostname = False
        return context


def _prepared(client: socket.socket, address: str, port: int) -> socket.socket:
    client.setblocking(False)
    client.setsockopt(socket.IPPROTO_IP, _IP_FREEBIND, 1)
    try:
        client.bind((address, port))
    except OSError:
        client.close()
        raise
    return client


def _finished(asking: "asyncio.Future[Observation]", drop: Event | None) -> Observation:
    try:
        return asking.result()
    except ConnectionRefusedError:
        return Observation(symptom=Symptom.UNKNOWN, detail="connection refused")
    except (ConnectionError, ssl.SSLError, EOFError, asyncio.IncompleteReadError) as error:
        return Observation(
            symptom=Symptom.TLS_CLOSED, drop=_place(drop), detail=type(error).__name__
        )
    except OSError as error:
        return Observation(
            symptom=Symptom.TIMEOUT, drop=_place(drop), detail=error.strerror or str(error)
        )


async def _query(client: socket.socket, nameserver: str, name: str) -> Observation:
    import dns.message  # noqa: PLC0415 - slow to import, and not needed to come up
    import dns.rcode  # noqa: PLC0415
    import dns.rdatatype  # noqa: PLC0415

    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, (nameserver, 53))
    await loop.sock_sendall(client, dns.message.make_query(name, "A").to_wire())
    reply = dns.message.from_wire(await loop.sock_recv(client, 4096))
    if reply.rcode() == dns.rcode.NXDOMAIN:
        return Observation(symptom=Symptom.NXDOMAIN, detail=f"{nameserver} knows no {name}")
    for records in reply.answer:
        if records.rdtype == dns.rdatatype.A:
            address = records.to_text().split()[4]
            return Observation(symptom=Symptom.ANSWER, resolved=address)
    code = dns.rcode.to_text(reply.rcode())
    return Observation(symptom=Symptom.UNKNOWN, detail=f"{nameserver} says {code} for {name}")


async def _get(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str
) -> Observation:
    try:
        request = f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        body = await _body(reader, head)
    finally:
        writer.transport.abort()
    words = head.split(b" ", 2)
    return _of_status(words[1].decode() if len(words) > 1 else "?", body)


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length" and value.strip().isdigit():
            return await reader.readexactly(int(value))
    return await reader.read(65536)


def _of_status(status: str, body: bytes) -> Observation:
    server = source = None
    with suppress(ValueError, AttributeError):
        told = json.loads(body)
        server, source = told.get("server"), told.get("source")
    symptoms = {"200": Symptom.ANSWER, "403": Symptom.FORBIDDEN, "470": Symptom.HTTP_470}
    symptoms |= dict.fromkeys(("502", "503", "504"), Symptom.TIMEOUT)
    detail = "" if status == "200" else f"http {status}"
    symptom = symptoms.get(status, Symptom.UNKNOWN)
    return Observation(symptom=symptom, server=server, source_seen=source, detail=detail)


def _of_line(data: bytes) -> Observation:
    if not data:
        return Observation(symptom=Symptom.TLS_CLOSED, detail="closed without an answer")
    if data.startswith(b"HTTP/1.1 "):
        body = data.partition(b"\r\n\r\n")[2]
        seen = _of_status(data.split(b" ", 2)[1].decode(), body)
        # The workload refuses what is no HTTP, and says who it is: it was reached.
        refused = seen.server is not None and seen.detail == "http 400"
        return replace(seen, symptom=Symptom.ANSWER, detail="") if refused else seen
    words = data.decode(errors="replace").split()
    if len(words) != 3:
        return Observation(symptom=Symptom.UNKNOWN, detail=f"answered {data[:40]!r}")
    return Observation(symptom=Symptom.ANSWER, server=words[0], source_seen=words[1])


async def _ping(client: socket.socket, target: str, identifier: int) -> Observation:
    loop = asyncio.get_running_loop()
    body = b"hubwright"
    head = struct.pack(">BBHHH", 8, 0, 0, identifier, 1)
    head = struct.pack(">BBHHH", 8, 0, _checksum(head + body), identifier, 1)
    client.connect((target, 0))
    await loop.sock_sendall(client, head + body)
    while True:
        packet = await loop.sock_recv(client, 2048)
        inner = packet[(packet[0] & 15) * 4 :]
        if inner[0] == 0 and inner[4:6] == head[4:6]:
            return Observation(symptom=Symptom.ANSWER)


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (len(data) % 2)
    total = sum(int.from_bytes(padded[i : i + 2], "big") for i in range(0, len(padded), 2))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def _place(drop: Event | None) -> str | None:
    return None if drop is None else f"{drop.namespace}: {drop.reason}"


def _with_time(seen: Observation, seconds: float) -> Observation:
    return Observation(
        symptom=seen.symptom,
        server=seen.server,
        source_seen=seen.source_seen,
        drop=seen.drop,
        resolved=seen.resolved,
        detail=seen.detail,
        seconds=round(seconds, 6),
    )


def _resolved(seen: Observation, address: str | None) -> Observation:
    return Observation(
        symptom=seen.symptom,
        server=seen.server,
        source_seen=seen.source_seen,
        drop=seen.drop,
        resolved=address,
        detail=seen.detail,
    )
