"""Network rules in one chain, or cut by destination: what is emitted decides the same."""

import re
from dataclasses import dataclass, field
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from builders import network_collection, network_rule, with_rules
from engines.twin import tiny
from hubwright.engines.twin import network_rules_nft as layout
from hubwright.engines.twin import nft_text as nft
from hubwright.engines.twin.artefacts import Probe
from hubwright.engines.twin.driver import Twin
from hubwright.engines.twin.network_rules_nft import Line
from hubwright.engines.twin.plan import plan
from hubwright.engines.twin.probing import compare, question
from hubwright.model.address import (
    ALL_ADDRESSES,
    MAX_ADDRESS,
    AddressSet,
    PortSet,
    format_address,
    parse_address,
)
from hubwright.model.firewall import Action
from hubwright.model.flow import Flow, Stage
from hubwright.semantics.evaluate import evaluate

BASE = parse_address("198.18.0.0")


@dataclass
class Ruleset:
    """A first-match model of emitted text: chains, and the map from destinations to them."""

    chains: dict[str, list[str]] = field(default_factory=dict)
    jumps: list[tuple[AddressSet, str]] = field(default_factory=list)

    @classmethod
    def read(cls, texts: list[str]) -> "Ruleset":
        found = cls()
        sets: dict[str, str] = {}
        for line in "".join(texts).splitlines():
            verb, _, rest = line.partition(" ip firewall ")
            name, _, body = rest.partition(" ")
            if verb == "add set":
                sets[name] = body.partition("elements = ")[2].partition(";")[0]
            elif verb == "add rule":
                plain = re.sub(r"@(network_set_\d+)", lambda match: sets[match[1]], body)
                found.chains.setdefault(name, []).append(plain)
            elif verb == "add element":
                for text in body.strip("{} ").split(", "):
                    ends, _, chain = text.partition(" : jump ")
                    found.jumps.append((AddressSet.parse(ends), chain))
        return found

    def decide(self, source: int, destination: int, port: int) -> str | None:
        """Return the log prefix of the first rule that matches."""
        return self._walk("network_rules", source, destination, port)

    def _walk(self, chain: str, source: int, destination: int, port: int) -> str | None:
        for body in self.chains.get(chain, ()):
            if "vmap" in body:
                hit = [name for ends, name in self.jumps if destination in ends]
                assert len(hit) <= 1
                found = self._walk(hit[0], source, destination, port) if hit else None
                if found:
                    return found
            elif (
                source in compared(body, "ip saddr")
                and destination in compared(body, "ip daddr")
                and port in compared(body, "th dport")
            ):
                return body.split('"')[1]
        return None


def compared(body: str, what: str) -> AddressSet | PortSet:
    """Return what a rule compares with; everything, where it does not."""
    kind = PortSet if what == "th dport" else AddressSet
    match = re.search(rf"{what} (?:\{{ (.*?) \}}|(\S+))", body)
    if match is None:
        return kind.parse("*")
    texts = (match[1] or match[2]).split(", ")
    return kind.of(pair for text in texts for pair in kind.parse(text))


def line(n: int, sources: AddressSet, destinations: AddressSet, listening: PortSet) -> Line:
    return Line(
        nft.match_addresses("saddr", sources),
        destinations,
        f"{nft.match_ports('dport', listening)}{nft.log(f'fw:net:Allow:{n}', 2)} accept",
    )


def linear(lines: list[Line]) -> Ruleset:
    return Ruleset.read([f"add rule ip firewall network_rules {item.text()}\n" for item in lines])


def host(n: int) -> AddressSet:
    return AddressSet(((BASE + n, BASE + n),))


ADDRESSES = st.one_of(
    st.integers(0, 60), st.sampled_from((BASE, MAX_ADDRESS - 1, MAX_ADDRESS, 1 << 31))
)
SETS = st.lists(
    st.tuples(ADDRESSES, ADDRESSES).map(lambda pair: (min(pair), max(pair))), min_size=1, max_size=4
).map(AddressSet.of)
SMALL_SETS = st.integers(0, 60).map(lambda n: AddressSet(((n, n + n % 3),)))
RULES = st.lists(
    st.tuples(
        st.sampled_from((ALL_ADDRESSES, AddressSet(((5, 9),)))),
        st.one_of(SETS, SMALL_SETS, SMALL_SETS, SMALL_SETS),
        st.sampled_from((PortSet.parse("*"), PortSet.parse_all(("80", "443-445")))),
    ),
    min_size=8,
    max_size=40,
)


@given(RULES, st.lists(ADDRESSES, max_size=8))
def test_cut_by_destination_the_same_rule_is_first(rules, more):
    lines = [line(n, *rule) for n, rule in enumerate(rules)]
    with mock.patch.multiple(layout, LARGE=8, _SHORT=4, _GROWTH=20):
        cut = Ruleset.read(list(layout.texts(lines)))
    one = linear(lines)
    edges = {
        near
        for item in lines
        for pair in item.destinations
        for end in pair
        for near in (end - 1, end, end + 1)
        if 0 <= near <= MAX_ADDRESS
    }

    for destination in edges | set(more):
        for source, port in ((7, 80), (3, 80), (7, 9)):
            assert cut.decide(source, destination, port) == one.decide(source, destination, port)


def test_chains_are_short_and_together_hold_little_more_than_one_would():
    lines = [line(n, ALL_ADDRESSES, host(n), PortSet.parse("443")) for n in range(2000)]
    lines[7] = line(7, ALL_ADDRESSES, ALL_ADDRESSES, PortSet.parse("53"))
    found = Ruleset.read(list(layout.texts(lines)))
    sizes = [len(held) for name, held in found.chains.items() if name != "network_rules"]

    assert max(sizes) <= 32
    assert sum(sizes) < 2200
    assert len(found.chains["network_rules"]) == 1
    assert found.decide(1, BASE + 1999, 443) == "fw:net:Allow:1999"
    assert found.decide(1, BASE + 1999, 53) == "fw:net:Allow:7"


def test_many_rules_about_every_address_make_the_chains_longer_and_not_many():
    lines = [line(n, ALL_ADDRESSES, ALL_ADDRESSES, PortSet.parse(str(n + 1))) for n in range(100)]
    lines += [line(n, ALL_ADDRESSES, host(n), PortSet.parse("443")) for n in range(100, 2000)]
    found = Ruleset.read(list(layout.texts(lines)))
    sizes = [len(held) for name, held in found.chains.items() if name != "network_rules"]

    assert 100 < max(sizes) <= 256
    assert sum(sizes) <= 4 * len(lines)


def test_rules_about_the_same_destinations_stay_one_chain():
    lines = [line(n, host(n), ALL_ADDRESSES, PortSet.parse("443")) for n in range(1000)]

    assert layout.partition(lines) == ()
    assert list(Ruleset.read(list(layout.texts(lines))).chains) == ["network_rules"]


def test_few_rules_stay_one_chain():
    lines = [line(n, ALL_ADDRESSES, host(n), PortSet.parse("443")) for n in range(layout.LARGE)]

    assert layout.partition(lines)
    assert layout.partition(lines[1:]) == ()


def test_a_rule_is_compared_only_with_what_its_chain_has_of_it():
    lines = [line(n, ALL_ADDRESSES, host(n), PortSet.parse("443")) for n in range(300)]
    lines[0] = line(0, ALL_ADDRESSES, AddressSet.parse("198.18.0.0/24"), PortSet.parse("80"))
    texts = "".join(layout.texts(lines))

    assert re.search(r'network_\d+ th dport 80 log prefix "fw:net:Allow:0"', texts)
    assert "ip daddr 198.18.0.0/24" not in texts


def test_equal_sets_are_one_with_a_name():
    listening = PortSet.parse_all(("80", "443"))
    lines = [line(n, AddressSet(((1, 1), (9, 12))), host(n), listening) for n in range(300)]
    texts = "".join(layout.texts(lines))

    assert texts.count("add set") == 2
    assert texts.count("80, 443") == 1
    assert len(re.findall(r"ip saddr @network_set_\d+ .*th dport @network_set_\d+ ", texts)) == 300


def test_every_transaction_is_one_that_a_rootless_socket_takes():
    lines = [line(n, ALL_ADDRESSES, host(2 * n), PortSet.parse("443")) for n in range(10_000)]
    texts = list(layout.texts(lines))

    assert max(map(len, texts)) < 100_000
    assert sum(text.count("fw:net:Allow") for text in texts) == 10_000
    assert texts[-1].endswith("vmap @network_by_destination\n")


def large_policy():
    """Return an estate whose 400 rules overlap, allow and deny, up to the last address."""
    hosts = [
        network_rule(
            f"r{n}",
            destination_addresses=(format_address(BASE + 2 * (n // 2)),),
            destination_ports=("80", "90-99") if n % 2 else ("443",),
        )
        for n in range(396)
    ]
    wide = [
        network_rule("w0", destination_addresses=("198.18.0.64/27",), destination_ports=("80",)),
        network_rule("w1", destination_addresses=("198.18.0.0/15",), destination_ports=("8080",)),
    ]
    ends = [
        network_rule("e0", destination_addresses=("0.0.0.0/1",), destination_ports=("8443",)),
        network_rule("e1", destination_addresses=("255.255.255.255",)),
    ]
    return with_rules(
        network=[
            network_collection("deny", 100, Action.DENY, wide[0]),
            network_collection("allow", 200, Action.ALLOW, *hosts, wide[1], *ends),
        ]
    )


@tiny.netns
@tiny.needs_namespaces
def test_packets_are_decided_as_predicted_by_a_large_policy():
    source = large_policy()
    built = plan(source)
    flows = [
        Flow(source="vm-jumpbox", destination=destination, destination_port=port)
        for destination, port in (
            *((format_address(BASE + n), port) for n in range(0, 400, 23) for port in (80, 443)),
            ("198.18.0.64", 443),
            ("198.18.0.64", 80),
            ("198.18.0.95", 80),
            ("198.18.0.96", 80),
            ("198.19.200.1", 8080),
            ("198.19.200.1", 443),
            ("100.100.1.1", 8443),
            ("203.0.113.77", 8443),
        )
    ]
    traces = [evaluate(source, flow) for flow in flows]
    twin = Twin.up(built, source)
    try:
        seen = twin.observe([question(built.nodes, source, flow) for flow in flows], 1)
        rows = list(twin.logs())
    finally:
        twin.down()
    wrong = [
        f"{flow}: predicted {trace.disposition} by {trace.decided_by}, seen {what}"
        for flow, trace, what in zip(flows, traces, seen, strict=True)
        if compare(Probe(name="", flow=flow), trace, what).agrees is False
    ]

    logged = {
        (row["DestinationIp"], row["DestinationPort"]): row["Rule"]
        for row in rows
        if row["Type"] == "AZFWNetworkRule" and row["Rule"]
    }
    predicted = {
        (trace.flow.destination, trace.flow.destination_port): step.rule.rpartition("/")[2]
        for trace in traces
        for hop in trace.forward
        for step in hop.steps
        if step.stage is Stage.NETWORK_RULE and step.rule
    }

    assert any("vmap" in document.text for document in built.documents)
    assert {trace.disposition.is_success for trace in traces} == {True, False}
    assert not wrong, "\n".join(wrong)
    assert {"w0", "w1", "e0", "r46", "r47"} <= set(predicted.values())
    assert logged == predicted
