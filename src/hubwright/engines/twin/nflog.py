"""
Hears what the nftables rulesets log: raw netlink, one socket a namespace.

Wire format: linux/netfilter/nfnetlink_log.h and nfnetlink.h (uapi, kernel 6.x).
"""

import socket
import struct
import time
from collections.abc import Iterator

from hubwright.lazy_dataclass import dataclass

DROPS_GROUP = 1
"""Log group of `drop:<reason> <detail>`: a packet that goes no further."""
RULES_GROUP = 2
"""Log group of `fw:<kind>:<action>:<index>`: what the firewall decided on a first packet."""

_NETLINK_NETFILTER = 12
_SUBSYSTEM_LOG = 4
_MESSAGE_PACKET, _MESSAGE_CONFIG = 0, 1
_REQUEST_ACK = 1 | 4
_CONFIG_COMMAND, _CONFIG_MODE, _CONFIG_THRESHOLD = 1, 2, 5
_BIND = 1
_COPY_PACKET = 2
_SNAP_LENGTH = 96
_HEADER = struct.Struct("=IHHII")
_ATTRIBUTE = struct.Struct("=HH")
_IN, _OUT, _PAYLOAD, _PREFIX = 4, 5, 9, 10
_PROTOCOLS = {1: "ICMP", 6: "TCP", 17: "UDP"}
_SYN = 0x02


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One logged packet."""

    time: float
    """Seconds since the epoch."""
    namespace: str
    group: int
    prefix: str
    """As the ruleset wrote it, without trailing blanks."""
    indev: str = ""
    outdev: str = ""
    protocol: str = ""
    """`TCP`, `UDP`, `ICMP`, or the IP protocol's number."""
    source: str = ""
    source_port: int = 0
    """For an ICMP echo both ports are its identifier."""
    destination: str = ""
    destination_port: int = 0
    is_syn: bool = False
    """Whether it is a TCP packet with the SYN flag: without it no connection comes to be."""

    @property
    def reason(self) -> str:
        """The prefix without the word that says which list it belongs to."""
        return self.prefix.removeprefix("drop:").strip()


def listen(groups: tuple[int, ...] = (DROPS_GROUP, RULES_GROUP)) -> socket.socket:
    """
    Return a non-blocking socket that hears log groups of the calling thread's namespace.

    Raises:
        OSError: the kernel has no nfnetlink_log, or the caller no right to it.
    """
    kind = socket.SOCK_RAW | socket.SOCK_CLOEXEC
    heard = socket.socket(socket.AF_NETLINK, kind, _NETLINK_NETFILTER)
    heard.bind((0, 0))
    heard.settimeout(2)
    for group in groups:
        for attribute in (
            _attribute(_CONFIG_COMMAND, struct.pack("=B", _BIND)),
            _attribute(_CONFIG_MODE, struct.pack(">IBB", _SNAP_LENGTH, _COPY_PACKET, 0))
            + _attribute(_CONFIG_THRESHOLD, struct.pack(">I", 1)),
        ):
            _configure(heard, group, attribute)
    heard.setblocking(False)
    return heard


def read(heard: socket.socket, namespace: str, interfaces: dict[int, str]) -> Iterator[Event]:
    """Yield the events that wait at a socket; never blocks. `interfaces` names indexes."""
    while True:
        try:
            data = heard.recv(1 << 17)
        except BlockingIOError:
            return
        except OSError:
            continue  # the kernel's buffer ran over: older events are lost, later ones come
        yield from parse(data, namespace, interfaces)


def parse(data: bytes, namespace: str, interfaces: dict[int, str]) -> Iterator[Event]:
    """Yield the events of one datagram."""
    offset = 0
    while offset + _HEADER.size <= len(data):
        length, kind, *_ = _HEADER.unpack_from(data, offset)
        if length < _HEADER.size + 4 or offset + length > len(data):
            return
        if kind == (_SUBSYSTEM_LOG << 8 | _MESSAGE_PACKET):
            body = data[offset + _HEADER.size : offset + length]
            yield _event(body, namespace, interfaces)
        offset += (length + 3) & ~3


def _configure(heard: socket.socket, group: int, attributes: bytes) -> None:
    body = struct.pack(">BBH", socket.AF_UNSPEC, 0, group) + attributes
    kind = _SUBSYSTEM_LOG << 8 | _MESSAGE_CONFIG
    heard.send(_HEADER.pack(_HEADER.size + len(body), kind, _REQUEST_ACK, 1, 0) + body)
    while True:
        answer = heard.recv(1 << 16)
        _, kind, *_ = _HEADER.unpack_from(answer)
        if kind == 2:  # NLMSG_ERROR, which also carries the acknowledgement
            code = struct.unpack_from("=i", answer, _HEADER.size)[0]
            if code:
                raise OSError(-code, f"nfnetlink_log group {group}")
            return


def _attribute(kind: int, value: bytes) -> bytes:
    padding = b"\0" * (-len(value) % 4)
    return _ATTRIBUTE.pack(_ATTRIBUTE.size + len(value), kind) + value + padding


def _attributes(body: bytes) -> dict[int, bytes]:
    out: dict[int, bytes] = {}
    offset = 4
    while offset + _ATTRIBUTE.size <= len(body):
        length, kind = _ATTRIBUTE.unpack_from(body, offset)
        if length < _ATTRIBUTE.size:
            break
        out[kind & 0x3FFF] = body[offset + _ATTRIBUTE.size : offset + length]
        offset += (length + 3) & ~3
    return out


def _event(body: bytes, namespace: str, interfaces: dict[int, str]) -> Event:
    found = _attributes(body)
    packet = _Packet.parse(found.get(_PAYLOAD, b""))
    return Event(
        time=time.time(),
        namespace=namespace,
        group=struct.unpack_from(">H", body, 2)[0],
        prefix=found.get(_PREFIX, b"").rstrip(b"\0").decode(errors="replace").strip(),
        indev=_interface(found.get(_IN), interfaces),
        outdev=_interface(found.get(_OUT), interfaces),
        protocol=packet.protocol,
        source=packet.source,
        source_port=packet.source_port,
        destination=packet.destination,
        destination_port=packet.destination_port,
        is_syn=packet.is_syn,
    )


def _interface(value: bytes | None, interfaces: dict[int, str]) -> str:
    if value is None:
        return ""
    index = int(struct.unpack(">I", value)[0])
    return interfaces.get(index, str(index))


@dataclass(frozen=True, slots=True)
class _Packet:
    protocol: str = ""
    source: str = ""
    source_port: int = 0
    destination: str = ""
    destination_port: int = 0
    is_syn: bool = False

    @classmethod
    def parse(cls, data: bytes) -> "_Packet":
        """Read the addresses and ports of an IPv4 packet, as far as it was copied."""
        if len(data) < 20 or data[0] >> 4 != 4:
            return cls()
        protocol, inner = data[9], data[(data[0] & 15) * 4 :]
        ports = (0, 0)
        if protocol in (6, 17) and len(inner) >= 4:
            ports = struct.unpack_from(">HH", inner)
        elif protocol == 1 and len(inner) >= 8:
            ports = (int.from_bytes(inner[4:6], "big"),) * 2
        return cls(
            _PROTOCOLS.get(protocol, str(protocol)),
            socket.inet_ntoa(data[12:16]),
            ports[0],
            socket.inet_ntoa(data[16:20]),
            ports[1],
            protocol == 6 and len(inner) > 13 and bool(inner[13] & _SYN),
        )
