"""Replies to DNS queries: what the semantics say of a name, in the wire format."""

import time
from collections.abc import Callable

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from hubwright.engines.twin.artefacts import Resolver
from hubwright.lazy_dataclass import dataclass
from hubwright.semantics.dns import Resolution

_TTL = 10

Resolve = Callable[[str | None, str], Resolution]
"""Resolves a name in the context of a network, or on the internet for None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsQuery:
    """One query that a resolver answered, with what Azure Firewall's log says of it."""

    resolver: Resolver
    source: str
    source_port: int
    protocol: str
    """`udp` or `tcp`."""
    query_id: int
    name: str
    kind: str
    query_class: str
    dnssec_ok: bool
    edns_size: int
    rcode: str
    flags: str
    request_size: int
    """Octets."""
    response_size: int
    """Octets."""
    seconds: float


def answer(
    resolver: Resolver,
    resolve: Resolve,
    data: bytes,
    client: tuple[str, int],
    protocol: str,
    heard: Callable[[DnsQuery], None],
) -> bytes:
    """Return the reply to one query; empty for what is no query, or gets none in Azure."""
    began = time.perf_counter()
    try:
        query = dns.message.from_wire(data)
    except dns.exception.DNSException:
        return b""
    if not query.question or query.flags & dns.flags.QR:
        return b""
    asked = query.question[0]
    name = asked.name.to_text(omit_final_dot=True).lower()
    resolution = resolve(resolver.virtual_network, name)
    if resolution.is_silent:
        return b""
    reply = _reply(query, resolution)
    wire = reply.to_wire()
    heard(
        DnsQuery(
            resolver=resolver,
            source=client[0],
            source_port=client[1],
            protocol=protocol,
            query_id=query.id,
            name=name,
            kind=dns.rdatatype.to_text(asked.rdtype),
            query_class=dns.rdataclass.to_text(asked.rdclass),
            dnssec_ok=bool(query.ednsflags & dns.flags.DO),
            edns_size=query.payload if query.edns >= 0 else 512,
            rcode=dns.rcode.to_text(reply.rcode()),
            flags=",".join(dns.flags.to_text(reply.flags).lower().split()),
            request_size=len(data),
            response_size=len(wire),
            seconds=time.perf_counter() - began,
        )
    )
    return wire


def _reply(query: dns.message.Message, resolution: Resolution) -> dns.message.Message:
    reply = dns.message.make_response(query, recursion_available=True)
    if resolution.unknown:
        reply.set_rcode(dns.rcode.SERVFAIL)
        return reply
    reply.set_rcode(dns.rcode.from_text(resolution.rcode))
    wanted = query.question[0].rdtype
    for owner, kind, target in resolution.chain:
        if kind == "CNAME" or wanted in (dns.rdatatype.A, dns.rdatatype.ANY):
            data = f"{target}." if kind == "CNAME" else target
            reply.answer.append(dns.rrset.from_text(f"{owner}.", _TTL, "IN", kind, data))
    return reply
