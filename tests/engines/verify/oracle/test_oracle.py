"""
The engine, the plain evaluator, decision diagrams and Z3 agree on random policies.

A longer run: HUBWRIGHT_ORACLE=4000 pytest tests/engines/verify/oracle
"""

import os
from dataclasses import replace
from random import Random

import pytest

from engines.verify.oracle.policies import SOURCES, TARGETS, edited, policy
from engines.verify.oracle.provers import NAMES, Diagrams, Smt
from engines.verify.oracle.reading import addresses, entries
from hubwright.engines.verify import proofs
from hubwright.engines.verify.equality import equal
from hubwright.engines.verify.hygiene import Hygiene
from hubwright.engines.verify.lines import firewall_lines
from hubwright.engines.verify.space import Point, Role, Symbol, Verdict
from hubwright.model.address import ALL_ADDRESSES, AddressSet
from hubwright.model.flow import Application, Packet
from hubwright.semantics import firewall as rules
from hubwright.semantics.assumptions import DEFAULTS

POLICIES = int(os.environ.get("HUBWRIGHT_ORACLE", "400"))
BATCH = 20
DIAGRAMS = Diagrams()


def batches(count=POLICIES):
    return [range(n, min(n + BATCH, count)) for n in range(0, count, BATCH)]


def lines_of(estate):
    return firewall_lines(estate, estate.firewalls[0])


def evaluate(estate, point):
    """The path of the rule by which the plain evaluator decides, and its decision."""
    tags = tuple(
        (name, ALL_ADDRESSES if _tag(name) in point.inside else AddressSet())
        for name in ("Storage", "Sql")
    )
    assumptions = replace(DEFAULTS, service_tags=tags)
    firewall = estate.firewalls[0]
    own = (*rules.public_addresses(estate, firewall), firewall.private_ip_address)
    if point.destination in own:
        return "own", "own address"
    packet = Packet(
        source_address=point.source,
        source_port=point.source_port,
        destination_address=point.destination,
        destination_port=point.port,
        protocol=point.protocol,
    )
    network = rules.match_network(estate, firewall, packet, assumptions)
    if network.placed is not None:
        return network.placed.path, f"network {network.placed.action}"
    if point.protocol == "TCP" and point.name and point.application is not Application.NONE:
        found = rules.match_application(
            estate, firewall, point.source, point.port, point.application, point.name
        )
        if found.placed is not None:
            return found.placed.path, f"application {found.placed.action}"
    return "default", "default"


def _tag(name):
    return Symbol(Role.DESTINATION, f"service tag {name.lower()}", distinct=True)


def without(estate, path):
    """The estate without one rule."""
    groups = []
    for group in estate.rule_collection_groups:
        changed = {}
        for kind in ("network_rule_collections", "application_rule_collections"):
            changed[kind] = tuple(
                replace(
                    c,
                    rules=tuple(
                        r
                        for r in c.rules
                        if f"{group.firewall_policy}/{group.name}/{c.name}/{r.name}" != path
                    ),
                )
                for c in getattr(group, kind)
            )
        groups.append(replace(group, **changed))
    return replace(estate, rule_collection_groups=tuple(groups))


def points(seed, count=30):
    random = Random(seed)
    ends = {"source": SOURCES, "destination": TARGETS}
    values = {
        key: [
            min(max(end + step, 0), 2**32 - 1)
            for t in texts
            for end in addresses(t)
            for step in (-1, 0, 1)
        ]
        for key, texts in ends.items()
    }
    for _ in range(count):
        name = random.choice(NAMES)
        yield Point(
            source=random.choice(values["source"]),
            destination=random.choice(values["destination"]),
            protocol=random.choice(("TCP", "TCP", "UDP", "ICMP", "OTHER")),
            port=random.choice((21, 22, 80, 443, 450, 501)),
            source_port=49152,
            application=random.choice((Application.HTTP, Application.HTTPS))
            if name
            else Application.NONE,
            name=name,
            inside=frozenset(_tag(n) for n in ("Storage", "Sql") if random.random() < 0.3),
        )


def first_of(lines, point):
    for line in lines:
        if any(point.is_in(cube) for cube in line.cubes):
            return line.path if line.rule else "own", line.decision
    return "default", "default"


@pytest.mark.parametrize("seeds", batches(), ids=lambda r: f"{r.start}-{r.stop - 1}")
def test_four_ways_agree_on_what_is_hidden_and_what_may_go(seeds):
    for seed in seeds:
        estate = policy(seed)
        lines = lines_of(estate)
        hygiene = Hygiene(lines)
        read = entries(estate)
        assert [line.path for line in lines[1:]] == [entry.path for entry in read[1:]]
        hidden = [n in hygiene.hidden for n in range(len(lines))]
        redundant = [n in hygiene.redundant for n in range(len(lines))]
        for prover in (DIAGRAMS, Smt(has_strings=seed % 40 == 0)):
            assert prover.hidden(read) == hidden, seed
            assert prover.redundant(read, hidden) == redundant, seed
        assert not hygiene.unknown
        _proofs_hold(hygiene)
        _evaluator_agrees(estate, hygiene, seed)


def _proofs_hold(hygiene):
    for number in hygiene.hidden:
        assert proofs.is_hidden(hygiene.lines, number, hygiene.why_hidden(number))
    for number in hygiene.redundant:
        assert proofs.may_go(hygiene.lines, number, hygiene.why_redundant(number))


def _evaluator_agrees(estate, hygiene, seed):
    lines = hygiene.lines
    gone = {lines[number].path for number in hygiene.hidden}
    for point in points(seed):
        path, decision = evaluate(estate, point)
        assert first_of(lines, point) == (path, decision)
        assert path not in gone
    for number, line in enumerate(lines[1:], 1):
        witness = hygiene.witness(number)
        assert (witness is None) == (number in hygiene.hidden)
        if witness is not None:
            assert evaluate(estate, witness) == (line.path, line.decision)
        after = without(estate, line.path)
        answer = equal(lines, lines_of(after))
        if number in hygiene.hidden or number in hygiene.redundant:
            assert answer.verdict is Verdict.PROVED
        if answer.verdict is Verdict.REFUTED:
            assert answer.witness is not None
            assert evaluate(estate, answer.witness)[1] != evaluate(after, answer.witness)[1]


@pytest.mark.parametrize("seeds", batches(), ids=lambda r: f"{r.start}-{r.stop - 1}")
def test_four_ways_agree_on_whether_two_policies_are_equal(seeds):
    for seed in seeds:
        before, after = edited(seed)
        answer = equal(lines_of(before), lines_of(after))
        for prover in (DIAGRAMS, Smt(has_strings=seed % 40 == 0)):
            assert prover.equal(entries(before), entries(after)) == answer.is_proved, seed
        if answer.witness is not None:
            assert evaluate(before, answer.witness)[1] != evaluate(after, answer.witness)[1]
        for point in points(seed):
            if answer.is_proved:
                assert evaluate(before, point)[1] == evaluate(after, point)[1]
