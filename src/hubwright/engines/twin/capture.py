"""
Writes packets to standard output in pcap format; runs inside a node's namespace.

`tcpdump` would do, but it gives up its root rights for a user that a rootless twin does not have.
Format: ietf.org/archive/id/draft-ietf-opsawg-pcap-04, tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.
"""

import socket
import struct
import sys
import time

_ALL_PROTOCOLS = 3
_SNAP_LENGTH = 262144
_LINUX_COOKED_2 = 276
_LINK_ADDRESS_LENGTH = 8

HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, _SNAP_LENGTH, _LINUX_COOKED_2)
"""What a file begins with: version 2.4, microseconds, Linux cooked packets."""


def record(
    packet: bytes, microseconds: int, index: int, address: tuple[str, int, int, int, bytes]
) -> bytes:
    """
    Return one packet's record.

    Args:
        packet: From the network layer's header on.
        microseconds: When it passed, since the epoch.
        index: Of the interface.
        address: As `recvfrom` gives it: interface, protocol, packet type, hardware type, sender.
    """
    _, protocol, packet_type, hardware_type, sender = address
    cooked = struct.pack(
        ">HHIHBB8s",
        protocol,
        0,
        index,
        hardware_type,
        packet_type,
        min(len(sender), _LINK_ADDRESS_LENGTH),
        sender[:_LINK_ADDRESS_LENGTH],
    )
    seconds, rest = divmod(microseconds, 1_000_000)
    kept = (cooked + packet)[:_SNAP_LENGTH]
    return struct.pack("<IIII", seconds, rest, len(kept), len(cooked) + len(packet)) + kept


def capture(interface: str, count: int) -> None:
    """Write `count` packets of an interface (`any`: all of them), or for ever where it is 0."""
    family, protocol = socket.AF_PACKET, socket.htons(_ALL_PROTOCOLS)
    with socket.socket(family, socket.SOCK_DGRAM, protocol) as heard:
        if interface != "any":
            heard.bind((interface, _ALL_PROTOCOLS))
        indexes = {name: index for index, name in socket.if_nameindex()}
        out = sys.stdout.buffer
        out.write(HEADER)
        out.flush()
        written = 0
        while not count or written < count:
            packet, address = heard.recvfrom(_SNAP_LENGTH)
            index = indexes.get(address[0], 0)
            out.write(record(packet, time.time_ns() // 1000, index, address))
            out.flush()
            written += 1


def main(arguments: list[str]) -> int:
    """Capture on the interface named first, the number of packets named second."""
    try:
        capture(arguments[0], int(arguments[1]))
    except (KeyboardInterrupt, BrokenPipeError):
        return 0
    except OSError as error:
        sys.stderr.write(f"{arguments[0]}: {error.strerror}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
