"""The twin's DNS: Azure DNS in each network, inbound endpoints, proxies, the internet's."""

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hubwright.engines.twin.artefacts import Resolver
from hubwright.engines.twin.namespaces import Namespaces
from hubwright.engines.twin.servers import listening_stream

AZURE_DNS = "168.63.129.16"
_IP_FREEBIND = 15

Answer = Callable[[Resolver, bytes, tuple[str, int], str], bytes]
"""Makes the reply to a query that a client sent by `udp` or `tcp`; empty: none."""


class ResolverSockets:
    """The sockets of one resolver, open since `bind`, answered since `serve`."""

    def __init__(self, resolver: Resolver) -> None:
        """Remember the resolver; nothing is opened yet."""
        self.resolver = resolver

    def bind(self) -> None:
        """Open port 53, UDP and TCP, in the calling thread's namespace."""
        self._datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._datagrams.setsockopt(socket.IPPROTO_IP, _IP_FREEBIND, 1)
        self._datagrams.bind((self.resolver.address, 53))
        self._datagrams.setblocking(False)
        self._listener = listening_stream(self.resolver.address, 53)

    def serve(self, loop: asyncio.AbstractEventLoop, answer: Answer) -> None:
        """Answer from now on; what came since `bind` has waited in the kernel."""
        loop.add_reader(self._datagrams, self._read, answer)
        loop.add_reader(self._listener, self._accept, loop, answer)

    def _read(self, answer: Answer) -> None:
        for _ in range(64):
            try:
                data, client = self._datagrams.recvfrom(4096)
            except OSError:
                return
            reply = answer(self.resolver, data, client, "udp")
            if reply:
                with suppress(OSError):
                    self._datagrams.sendto(reply, client)

    def _accept(self, loop: asyncio.AbstractEventLoop, answer: Answer) -> None:
        with suppress(OSError):
            client, _address = self._listener.accept()
            client.setblocking(False)
            task = loop.create_task(self._converse(client, answer))
            _pending.add(task)
            task.add_done_callback(_pending.discard)

    async def _converse(self, client: socket.socket, answer: Answer) -> None:
        reader, writer = await asyncio.open_connection(sock=client)
        peer = writer.get_extra_info("peername") or ("", 0)
        with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            while True:
                async with asyncio.timeout(10):
                    length = struct.unpack(">H", await reader.readexactly(2))[0]
                    data = await reader.readexactly(length)
                reply = answer(self.resolver, data, peer, "tcp")
                if not reply:
                    break
                writer.write(struct.pack(">H", len(reply)) + reply)
                await writer.drain()
        writer.close()


_pending: set["asyncio.Task[Any]"] = set()


def bind_all(namespaces: Namespaces, resolvers: tuple[Resolver, ...]) -> list[ResolverSockets]:
    """Open the sockets of all resolvers, each in its namespace."""
    out: list[ResolverSockets] = []
    for resolver in resolvers:
        sockets = ResolverSockets(resolver)
        with namespaces.inside(resolver.namespace):
            sockets.bind()
        out.append(sockets)
    return out


def is_proxy(resolver: Resolver) -> bool:
    """Whether it is a firewall's DNS proxy, whose queries the firewall logs."""
    has_own_address = resolver.virtual_network is not None and resolver.address != AZURE_DNS
    return has_own_address and not resolver.is_inbound_endpoint
