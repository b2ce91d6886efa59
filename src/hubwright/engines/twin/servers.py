"""The twin's servers: every endpoint that answers says who it is and whom it saw."""

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hubwright.engines.twin import pods
from hubwright.engines.twin.artefacts import Server, ServerKind
from hubwright.engines.twin.namespaces import Namespaces

_IP_PKTINFO = 8
_BACKLOG = 512
_TLS_HANDSHAKE = 0x16
_MAX_HEAD = 65536

ContextFor = Callable[[str], ssl.SSLContext]
"""Returns the TLS context of a server name (or of an address, where a client sent none)."""


class ServerSockets:
    """Listening sockets of one server, open since `bind`, answered since `serve`."""

    def __init__(self, server: Server) -> None:
        """Remember the server; nothing is opened yet."""
        self.server = server
        self._streams: list[tuple[socket.socket, bool]] = []
        self._datagrams: list[socket.socket] = []

    def bind(self) -> None:
        """Open the sockets in the calling thread's namespace."""
        tls = set(self.server.tls_ports)
        for port in dict.fromkeys(
            (*self.server.plain_ports, *self.server.tls_ports, *self.server.tcp_ports)
        ):
            self._streams.append((listening_stream("0.0.0.0", port), port in tls))
        for port in self.server.udp_ports:
            datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            datagrams.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
            datagrams.bind(("0.0.0.0", port))
            datagrams.setblocking(False)
            self._datagrams.append(datagrams)

    def serve(self, loop: asyncio.AbstractEventLoop, context_for: ContextFor) -> None:
        """Answer from now on; what came since `bind` has waited in the kernel."""
        for listener, tls in self._streams:
            loop.add_reader(listener, self._accept, loop, listener, context_for if tls else None)
        for datagrams in self._datagrams:
            loop.add_reader(datagrams, self._echo, datagrams)

    def _accept(
        self,
        loop: asyncio.AbstractEventLoop,
        listener: socket.socket,
        context_for: ContextFor | None,
    ) -> None:
        for _ in range(16):
            try:
                client, _address = listener.accept()
            except OSError:
                return
            self._connect(loop, client, context_for)

    def _connect(
        self,
        loop: asyncio.AbstractEventLoop,
        client: socket.socket,
        context_for: ContextFor | None,
    ) -> None:
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection: Any
        if self.server.kind is ServerKind.WORKLOAD:
            connection = pods.connection(self.server.name)
        else:
            connection = _Connection(self.server)
        if context_for is None:
            _spawn(loop, loop.connect_accepted_socket(lambda: connection, client))
        else:
            loop.add_reader(client, self._choose, loop, client, connection, context_for)

    def _choose(
        self,
        loop: asyncio.AbstractEventLoop,
        client: socket.socket,
        connection: Any,
        context_for: ContextFor,
    ) -> None:
        """Look at the first byte: a TLS port also tells who it is to a client without TLS."""
        loop.remove_reader(client)
        try:
            first = client.recv(1, socket.MSG_PEEK)
            local = str(client.getsockname()[0])
        except OSError:
            first, local = b"", ""
        if not first:
            client.close()
            return
        context = _tls(connection, context_for, local) if first[0] == _TLS_HANDSHAKE else None
        _spawn(loop, loop.connect_accepted_socket(lambda: connection, client, ssl=context))

    def _echo(self, datagrams: socket.socket) -> None:
        for _ in range(64):
            try:
                _data, ancillary, _flags, client = datagrams.recvmsg(2048, 64)
            except OSError:
                return
            arrived = next((d for _, kind, d in ancillary if kind == _IP_PKTINFO), None)
            # The answer leaves from the address that was asked, of which there may be many.
            answer_from: list[tuple[int, int, bytes]] = []
            if arrived:
                info = struct.pack("=I4s4s", 0, arrived[4:8], b"\0\0\0\0")
                answer_from = [(socket.IPPROTO_IP, _IP_PKTINFO, info)]
            with suppress(OSError):
                datagrams.sendmsg([_who(self.server.name, client)], answer_from, 0, client)


def bind_all(namespaces: Namespaces, servers: tuple[Server, ...]) -> list[ServerSockets]:
    """Open the sockets of all servers, each in its namespace."""
    out: list[ServerSockets] = []
    for server in servers:
        sockets = ServerSockets(server)
        with namespaces.inside(server.namespace):
            sockets.bind()
        out.append(sockets)
    return out


def listening_stream(address: str, port: int) -> socket.socket:
    """Return a non-blocking listener in the calling thread's namespace."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    return listener


def _tls(connection: Any, context_for: ContextFor, address: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def chosen(tls: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        connection.sni = name
        tls.context = context_for((name or address).lower())

    context.sni_callback = chosen
    context.set_alpn_protocols(["http/1.1"])
    return context


def _spawn(loop: asyncio.AbstractEventLoop, handshake: Any) -> None:
    task = loop.create_task(handshake)
    _pending.add(task)
    task.add_done_callback(_settled)


def _settled(task: "asyncio.Task[Any]") -> None:
    _pending.discard(task)
    if not task.cancelled():
        task.exception()  # a client that gives up during the handshake is no event


_pending: set["asyncio.Task[Any]"] = set()


def _who(name: str, client: tuple[str, int]) -> bytes:
    return f"{name} {client[0]} {client[1]}\n".encode()


class _Connection(asyncio.Protocol):
    """One connection: HTTP/1.x requests are answered with JSON, anything else with a line."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.sni: str | None = None
        self._buffer = b""
        self._skip = 0
        self._transport: asyncio.Transport | None = None
        self._peer = ("", 0)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember who called."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - narrows for the checkers
        self._transport = transport
        peer = transport.get_extra_info("peername") or ("", 0)
        self._peer = (str(peer[0]), int(peer[1]))

    def data_received(self, data: bytes) -> None:
        """Take what came and answer as many requests as are complete."""
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        self._buffer += data[skipped:]
        while self._buffer and self._transport and not self._transport.is_closing():
            line, newline, _ = self._buffer.partition(b"\n")
            if self.server.kind is ServerKind.ECHO or (newline and b" HTTP/1." not in line):
                self._transport.write(_who(self.server.name, self._peer))
                self._buffer = b""
                return
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                if len(self._buffer) > _MAX_HEAD:
                    self._transport.close()
                return
            self._buffer = rest
            self._answer(head.decode("latin-1"))

    def _answer(self, head: str) -> None:
        if self._transport is None:
            return
        request, *lines = head.split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        method, path, version = (*request.split(" ", 2), "", "")[:3]
        self._drop_body(headers)
        host = headers.get("host", "")
        closing = headers.get("connection", "").lower() == "close" or version == "HTTP/1.0"
        closing = closing or "transfer-encoding" in headers
        names = {host.rpartition(":")[0].lower() or host.lower(), host.lower(), self.sni or ""}
        forbidden = bool(names & set(self.server.forbidden_names))
        body = json.dumps(
            {
                "server": self.server.name,
                "source": self._peer[0],
                "source_port": self._peer[1],
                "host": host,
                "sni": self.sni,
                "path": path,
            }
        ).encode()
        status = "403 Forbidden" if forbidden else "200 OK"
        answer = (
            f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body) + 1}\r\nConnection: "
            f"{'close' if closing else 'keep-alive'}\r\n\r\n"
        )
        self._transport.write(answer.encode() + (b"" if method == "HEAD" else body + b"\n"))
        if closing:
            self._transport.close()

    def _drop_body(self, headers: dict[str, str]) -> None:
        length = headers.get("content-length", "0")
        body = int(length) if length.isdigit() else 0
        here = min(body, len(self._buffer))
        self._buffer = self._buffer[here:]
        self._skip = body - here
