"""HTTP/1.x messages: what a request says, and a response as bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The head of one request."""

    method: str
    path: str
    """Target of the request line, query included."""
    version: str
    headers: Mapping[str, str]
    """Names in lower case; of a repeated header, the values joined by commas."""

    @property
    def host(self) -> str:
        """Host header, port included."""
        return self.headers.get("host", "")

    @property
    def body_length(self) -> int:
        """Octets of the body that follow the head."""
        length = self.headers.get("content-length", "0")
        return int(length) if length.isascii() and length.isdigit() else 0

    @property
    def closes(self) -> bool:
        """Whether the connection ends with this request; chunked bodies are not read."""
        wanted = self.headers.get("connection", "").lower()
        return (
            wanted == "close" or self.version == "HTTP/1.0" or "transfer-encoding" in self.headers
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer."""

    status: HTTPStatus = HTTPStatus.OK
    content_type: str = "application/json"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())

    def encoded(self, *, with_body: bool, closing: bool) -> bytes:
        """Return it as it goes over the wire."""
        lines = [
            f"HTTP/1.1 {self.status.value} {self.status.phrase}",
            f"Content-Type: {self.content_type}",
            f"Content-Length: {len(self.body)}",
            "Cache-Control: no-store",
            "X-Content-Type-Options: nosniff",
            f"Connection: {'close' if closing else 'keep-alive'}",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        head = "\r\n".join(lines) + "\r\n\r\n"
        return head.encode("latin-1") + (self.body if with_body else b"")


def parsed(head: str) -> Request | None:
    """Return the request of a head, or None if its first line is none of HTTP/1.x."""
    first, *lines = head.split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return None
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        key = name.strip().lower()
        headers[key] = f"{headers[key]}, {value.strip()}" if key in headers else value.strip()
    return Request(method=words[0], path=words[1], version=words[2], headers=headers)
