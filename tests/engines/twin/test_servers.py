"""The twin's servers answer HTTP as clients expect, and anything else with a line."""

import asyncio
import json
from typing import Any

import pytest

from hubwright.engines.twin.artefacts import Server, ServerKind
from hubwright.engines.twin.servers import _Connection

WEB = Server(
    name="internet",
    namespace="internet",
    kind=ServerKind.WEB,
    plain_ports=(80,),
    forbidden_names=("vault.contoso.com",),
)
ECHO = Server(name="echo", namespace="internet", kind=ServerKind.ECHO, tcp_ports=(7,))


class Wire(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__({"peername": ("10.1.0.4", 10001)})
        self.sent = b""
        self.closed = False

    def write(self, data: Any) -> None:
        self.sent += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


def talk(server: Server, *parts: bytes) -> Wire:
    wire, connection = Wire(), _Connection(server)
    connection.connection_made(wire)
    for part in parts:
        connection.data_received(part)
    return wire


def bodies(wire: Wire) -> list[dict[str, object]]:
    chunks = wire.sent.split(b"\r\n\r\n")[1:]
    return [json.loads(chunk.partition(b"\n")[0]) for chunk in chunks]


def test_a_request_is_answered_with_who_and_whom() -> None:
    wire = talk(WEB, b"GET /a HTTP/1.1\r\nHost: www.contoso.com\r\n\r\n")
    assert wire.sent.startswith(b"HTTP/1.1 200 OK\r\n")
    (told,) = bodies(wire)
    assert (told["server"], told["source"], told["source_port"]) == ("internet", "10.1.0.4", 10001)
    assert (told["host"], told["path"], told["sni"]) == ("www.contoso.com", "/a", None)
    assert not wire.closed


def test_requests_in_pieces_and_in_a_row_are_each_answered() -> None:
    wire = talk(WEB, b"GET /1 HTT", b"P/1.1\r\nHost: a\r\n", b"\r\nGET /2 HTTP/1.1\r\n\r\n")
    assert [told["path"] for told in bodies(wire)] == ["/1", "/2"]


def test_a_body_is_no_second_request() -> None:
    head = b"POST /1 HTTP/1.1\r\nContent-Length: 22\r\n\r\n"
    wire = talk(WEB, head + b"GET /x HTT", b"P/1.1\r\n\r\n...", b"GET /2 HTTP/1.1\r\n\r\n")
    assert [told["path"] for told in bodies(wire)] == ["/1", "/2"]


@pytest.mark.parametrize(
    "request_", [b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n"]
)
def test_the_connection_closes_when_the_client_wants_it(request_: bytes) -> None:
    assert talk(WEB, request_).closed


def test_head_has_no_body() -> None:
    assert talk(WEB, b"HEAD / HTTP/1.1\r\n\r\n").sent.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("host", [b"vault.contoso.com", b"VAULT.contoso.com:443"])
def test_a_forbidden_name_is_refused(host: bytes) -> None:
    wire = talk(WEB, b"GET / HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
    assert wire.sent.startswith(b"HTTP/1.1 403 Forbidden\r\n")


@pytest.mark.parametrize("server", [WEB, ECHO])
def test_what_is_not_http_is_answered_with_a_line(server: Server) -> None:
    assert talk(server, b"hubwright\n").sent == f"{server.name} 10.1.0.4 10001\n".encode()


def test_an_endless_head_is_hung_up_on() -> None:
    assert talk(WEB, b"GET / HTTP/1.1\r\nA: " + b"x" * 70000).closed
