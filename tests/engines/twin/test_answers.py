"""Resolvers say in the wire format what the semantics say of a name."""

from dataclasses import replace

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import pytest

from hubwright.engines.twin.answers import DnsQuery, answer
from hubwright.engines.twin.artefacts import Resolver
from hubwright.engines.twin.resolver import is_proxy
from hubwright.semantics.dns import Resolution

PROXY = Resolver(name="proxy", namespace="fw", address="10.0.1.4", virtual_network="hub")
CHAIN = (
    ("acr.azurecr.io", "CNAME", "acr.privatelink.azurecr.io"),
    ("acr.privatelink.azurecr.io", "A", "10.1.0.9"),
)
KNOWN = {
    ("hub", "acr.azurecr.io"): Resolution(chain=CHAIN, addresses=(0x0A010009,)),
    ("hub", "own.example.com"): Resolution(unknown="DNS server 10.9.9.9"),
    ("hub", "round.example.com"): Resolution(rcode="SERVFAIL", is_silent=True),
}


def resolve(network: str | None, name: str) -> Resolution:
    return KNOWN.get((network or "", name), Resolution(rcode="NXDOMAIN"))


def ask(name: str, kind: str = "A") -> tuple[dns.message.Message, list[DnsQuery]]:
    heard: list[DnsQuery] = []
    query = dns.message.make_query(name, kind).to_wire()
    wire = answer(PROXY, resolve, query, ("10.1.0.4", 5353), "udp", heard.append)
    return dns.message.from_wire(wire), heard


def test_aliases_are_answered_with_the_address_they_lead_to() -> None:
    reply, _ = ask("ACR.azurecr.io")
    assert [r.to_text().split()[3:] for r in reply.answer] == [
        ["CNAME", "acr.privatelink.azurecr.io."],
        ["A", "10.1.0.9"],
    ]


def test_another_record_type_gets_the_aliases_alone() -> None:
    reply, _ = ask("acr.azurecr.io", "AAAA")
    assert [r.rdtype for r in reply.answer] == [dns.rdatatype.CNAME]
    assert reply.rcode() == dns.rcode.NOERROR


def test_a_name_that_does_not_exist_is_nxdomain() -> None:
    reply, heard = ask("nothing.example.com")
    assert reply.rcode() == dns.rcode.NXDOMAIN
    assert heard[0].rcode == "NXDOMAIN"


def test_what_a_custom_server_would_say_is_a_failure() -> None:
    assert ask("own.example.com")[0].rcode() == dns.rcode.SERVFAIL


def test_what_goes_unanswered_in_azure_gets_no_answer() -> None:
    query = dns.message.make_query("round.example.com", "A").to_wire()
    assert answer(PROXY, resolve, query, ("10.1.0.4", 5353), "udp", lambda _: None) == b""


def test_a_query_is_told_with_sizes_and_flags() -> None:
    _, heard = ask("acr.azurecr.io")
    (query,) = heard
    assert (query.source, query.source_port, query.protocol) == ("10.1.0.4", 5353, "udp")
    assert (query.name, query.kind, query.flags) == ("acr.azurecr.io", "A", "qr,rd,ra")
    assert query.response_size > query.request_size > 20


@pytest.mark.parametrize("data", [b"", b"x" * 11, b"\xff" * 40])
def test_what_is_no_query_gets_no_answer(data: bytes) -> None:
    assert answer(PROXY, resolve, data, ("10.1.0.4", 1), "udp", lambda _: None) == b""


def test_an_answer_gets_no_answer() -> None:
    reply = dns.message.make_response(dns.message.make_query("a.example.com", "A"))
    assert reply.flags & dns.flags.QR
    assert answer(PROXY, resolve, reply.to_wire(), ("10.1.0.4", 1), "udp", lambda _: None) == b""


def test_only_a_firewall_has_a_proxy() -> None:
    azure = Resolver(name="a", namespace="n", address="168.63.129.16", virtual_network="hub")
    public = Resolver(name="p", namespace="n", address="198.51.100.53", virtual_network=None)
    endpoint = replace(PROXY, name="in", is_inbound_endpoint=True)
    assert [is_proxy(r) for r in (PROXY, azure, public, endpoint)] == [True, False, False, False]
