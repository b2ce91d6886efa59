"""Log messages of the kernel are read as they are written in its headers."""

import socket
import struct

import pytest

from engines.twin import tiny
from hubwright.engines.twin import nflog


def attribute(kind: int, value: bytes) -> bytes:
    body = struct.pack("=HH", 4 + len(value), kind) + value
    return body + b"\0" * (-len(body) % 4)


def ipv4(protocol: int, inner: bytes) -> bytes:
    head = bytes((0x45, 0)) + struct.pack(">HHHBBH", 20 + len(inner), 0, 0, 64, protocol, 0)
    return head + socket.inet_aton("10.1.0.4") + socket.inet_aton("10.0.1.4") + inner


def message(prefix: str, packet: bytes, group: int = 1, indev: int = 7) -> bytes:
    body = struct.pack(">BBH", 2, 0, group)
    body += attribute(10, prefix.encode() + b"\0") + attribute(4, struct.pack(">I", indev))
    body += attribute(9, packet)
    return struct.pack("=IHHII", 16 + len(body), 4 << 8, 0, 0, 0) + body


TCP_SYN = struct.pack(">HHIIBBHHH", 10001, 443, 0, 0, 0x50, 0x02, 0, 0, 0)


def test_prefix_interface_and_five_tuple_are_read() -> None:
    data = message("drop:nsg nsg-aks/deny ", ipv4(6, TCP_SYN))
    (event,) = nflog.parse(data, "fabric", {7: "n_aks"})
    assert (event.reason, event.namespace, event.indev) == ("nsg nsg-aks/deny", "fabric", "n_aks")
    assert (event.protocol, event.source, event.source_port) == ("TCP", "10.1.0.4", 10001)
    assert (event.destination, event.destination_port) == ("10.0.1.4", 443)
    assert event.is_syn


def test_several_messages_of_one_datagram_are_read() -> None:
    data = message("a", ipv4(6, TCP_SYN)) + message("fw:net:Deny:1", ipv4(17, TCP_SYN), group=2)
    first, second = nflog.parse(data, "fw", {})
    assert (first.group, second.group, second.protocol) == (1, 2, "UDP")
    assert not second.is_syn
    assert first.indev == "7"


def test_the_identifier_of_an_echo_stands_for_its_ports() -> None:
    echo = struct.pack(">BBHHH", 8, 0, 0, 10005, 1)
    (event,) = nflog.parse(message("x", ipv4(1, echo)), "fw", {})
    assert (event.protocol, event.source_port, event.destination_port) == ("ICMP", 10005, 10005)


@pytest.mark.parametrize("length", [0, 3, 15, 16, 19, 40])
def test_truncated_data_gives_no_error(length: int) -> None:
    data = message("drop:x", ipv4(6, TCP_SYN))[:length]
    assert len(list(nflog.parse(data, "fw", {}))) <= 1


@tiny.netns
@tiny.needs_namespaces
def test_a_namespace_without_connection_tracking_is_heard() -> None:
    """The fabric has no conntrack; `unshare` gives this test a namespace of its own."""
    import subprocess
    import sys

    code = """
import socket, subprocess, time
from hubwright.engines.twin import nflog
heard = nflog.listen()
rules = '''
table ip t {
  chain o {
    type filter hook output priority -300
    notrack
    udp dport 9 log group 1 prefix "drop:no route" drop
  }
}
'''
subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.bind(("127.0.0.1", 10010))
try:
    client.sendto(b"x", ("127.0.0.1", 9))
except OSError:
    pass
time.sleep(0.05)
print([(e.reason, e.source_port) for e in nflog.read(heard, "here", {})])
"""
    import os

    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    result = subprocess.run(
        ["unshare", *user, "--net", sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout.strip() == "[('no route', 10010)]", result.stderr
