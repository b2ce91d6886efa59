"""One connection: requests in, answers out."""

import asyncio
from http import HTTPStatus
from typing import ClassVar

from .application import Application, Client
from .messages import Request, Response, parsed

MAX_HEAD = 65536
"""Octets of a request's head at most."""
IDLE_SECONDS = 60.0
"""A connection that completes no request for so long is closed."""


class Connection(asyncio.Protocol):
    """Speaks HTTP/1.x for an application; anything else is refused, with who refused it."""

    open: ClassVar[set["Connection"]] = set()
    """All connections of this process that are not closed yet."""

    def __init__(self, application: Application) -> None:
        """Serve an application."""
        self.sni: str | None = None
        """Server name of TLS; set by whoever ends TLS, before the first request."""
        self._application = application
        self._buffer = b""
        self._skip = 0
        self._transport: asyncio.Transport | None = None
        self._peer = ("", 0)
        self._idle: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        """Whether no request has been begun."""
        return not self._buffer and not self._skip

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember who called."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - narrows for the checkers
        self._transport = transport
        peer = transport.get_extra_info("peername") or ("", 0)
        self._peer = (str(peer[0]), int(peer[1]))
        self.open.add(self)
        self._rest()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        del exc
        self.open.discard(self)
        if self._idle:
            self._idle.cancel()

    def close(self) -> None:
        """Close it once what was answered is sent."""
        if self._transport:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Take what came and answer as many requests as are complete."""
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        self._buffer += data[skipped:]
        while self._buffer and self._transport and not self._transport.is_closing():
            line, newline, _ = self._buffer.partition(b"\n")
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if newline and b" HTTP/1." not in line:
                self._refuse(HTTPStatus.BAD_REQUEST)
            elif end:
                self._buffer = rest
                self._answer(head.decode("latin-1"))
            elif len(self._buffer) > MAX_HEAD:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            else:
                return

    def _answer(self, head: str) -> None:
        request = parsed(head)
        if request is None:
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        self._drop_body(request.body_length)
        response = self._application.respond(request, self._client)
        self._send(response, request, closing=request.closes or self._application.draining)

    def _refuse(self, status: HTTPStatus) -> None:
        self._buffer = b""
        self._send(self._application.refuse(self._client, status), None, closing=True)

    def _send(self, response: Response, request: Request | None, *, closing: bool) -> None:
        if self._transport is None:
            return
        with_body = request is None or request.method != "HEAD"
        self._transport.write(response.encoded(with_body=with_body, closing=closing))
        if closing:
            self._transport.close()
        self._rest()

    @property
    def _client(self) -> Client:
        return Client(self._peer[0], self._peer[1], self.sni)

    def _drop_body(self, length: int) -> None:
        here = min(length, len(self._buffer))
        self._buffer = self._buffer[here:]
        self._skip = length - here

    def _rest(self) -> None:
        if self._idle:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(IDLE_SECONDS, self.close)
