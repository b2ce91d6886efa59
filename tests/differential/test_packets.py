"""
The evaluator against packets, on random estates.

A longer run: HUBWRIGHT_DIFFERENTIAL=200 pytest tests/differential
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from unittest import mock

import pytest

import random_estates
from hubwright.engines.twin import requirements
from hubwright.engines.twin.artefacts import Probe
from hubwright.engines.twin.driver import Twin
from hubwright.engines.twin.observation import Observation
from hubwright.engines.twin.plan import plan
from hubwright.engines.twin.probing import ATTEMPTS, compare, question
from hubwright.model.estate import Estate
from hubwright.model.flow import Disposition, Flow, Stage, Symptom, Trace
from hubwright.semantics import dns, inspection, nsg, routes, traverse
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.evaluate import evaluate

ESTATES = int(os.environ.get("HUBWRIGHT_DIFFERENTIAL", "22"))
FLOWS = 100
STAGES = tuple(Stage)

pytestmark = [
    pytest.mark.netns,
    pytest.mark.skipif(bool(requirements.missing()), reason="; ".join(requirements.missing())),
]


@dataclass(frozen=True)
class Case:
    """One flow in one estate: what was predicted, and what packets did."""

    seed: int
    estate: Estate
    assumptions: Assumptions
    flow: Flow
    trace: Trace
    seen: tuple[Observation, ...]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return [case for seed in range(ESTATES) for case in run(seed)]


def run(seed: int, source: Estate | None = None) -> list[Case]:
    """Build one random estate, or a given one, and try flows in it."""
    estate = source or random_estates.estate(seed)
    given = random_estates.assumptions(seed)
    chosen = random_estates.chosen(estate, given, seed, FLOWS)
    built = plan(estate, given)
    twin = Twin.up(built, estate, given)
    try:
        asked = [question(built.nodes, estate, flow) for flow, _ in chosen]
        random = [len(t.source_seen) > 1 or bool(t.branches) for _, t in chosen]
        seen: list[tuple[Observation, ...]] = [()] * len(chosen)
        for attempts, wanted in ((1, False), (ATTEMPTS, True)):
            indexes = [n for n, flag in enumerate(random) if flag is wanted]
            for n, result in zip(
                indexes, twin.observe([asked[n] for n in indexes], attempts), strict=True
            ):
                seen[n] = result
        for n, (flow, trace) in enumerate(chosen):
            # Once more, alone: a busy machine can make many questions run out of patience.
            if not agrees(Case(seed, estate, given, flow, trace, seen[n]), trace):
                seen[n] = twin.observe([asked[n]], ATTEMPTS)[0]
    finally:
        twin.down()
    return [
        Case(seed, estate, given, flow, trace, what)
        for (flow, trace), what in zip(chosen, seen, strict=True)
    ]


def agrees(case: Case, trace: Trace) -> bool:
    result = compare(Probe(name="", flow=case.flow), trace, case.seen)
    return result.agrees is not False


def test_no_flow_is_predicted_otherwise_than_packets_do(cases):
    wrong = [
        f"seed {case.seed}: {case.flow} ({case.flow.application}, {case.flow.server_name}): "
        f"predicted {case.trace.disposition} by {case.trace.decided_by}, {case.trace.symptom} "
        f"from {case.trace.servers}; seen {case.seen}"
        for case in cases
        if not agrees(case, case.trace)
    ]

    assert not wrong, "\n".join([f"{len(wrong)} of {len(cases)} flows disagree", *wrong[:20]])


def test_the_run_is_large_and_covers_every_stage(cases):
    decided = Counter(case.trace.decided_by for case in cases)
    delivered = sum(case.trace.disposition.is_success for case in cases)
    unknown = sum(case.trace.disposition is Disposition.INSUFFICIENT_INFO for case in cases)

    assert len({case.seed for case in cases}) >= 20
    assert len(cases) >= 2000
    assert delivered >= 0.3 * len(cases)
    assert unknown <= 0.05 * len(cases)
    assert {stage: decided[stage] for stage in STAGES if decided[stage] < 50} == {}


def test_silent_drops_are_read_and_not_waited_for(cases):
    silent = [
        seen
        for case in cases
        for seen in case.seen
        if seen.symptom is Symptom.TIMEOUT and case.trace.decided_by is not Stage.DNS
    ]
    read = [seen for seen in silent if seen.drop]

    assert len(silent) >= 500
    assert len(read) >= 0.95 * len(silent)


@contextmanager
def forgotten_precedence() -> Iterator[None]:
    """Routes: the shortest prefix wins."""

    def shortest(lines):
        hits = [line for line in lines if line.active]
        return hits[-1] if hits else None

    with mock.patch.object(traverse, "first_active", shortest):
        yield


@contextmanager
def user_routes_lose() -> Iterator[None]:
    """Routes: of equal prefixes, the system's wins."""
    settle = routes._settle

    def reversed_settle(estate, system, user, given):
        for line in settle(estate, system, user, given):
            if line.source == "User":
                same = any(line.prefix == other.prefix for other in system)
                yield replace(line, active=line.active and not same)
            else:
                yield replace(line, active=True)

    with mock.patch.object(routes, "_settle", reversed_settle):
        yield


@contextmanager
def application_before_network() -> Iterator[None]:
    """Firewall: application rules are asked before network rules."""
    network = inspection.Inspection._network

    def swapped(self):
        ports = inspection.rules.intercept_ports(self.estate, self.firewall)
        if self.packet.protocol == "TCP" and self.packet.destination_port in ports:
            return self._application()
        return network(self)

    with mock.patch.object(inspection.Inspection, "_network", swapped):
        yield


@contextmanager
def forgotten_translation() -> Iterator[None]:
    """Firewall: sources are never translated."""

    def untouched(self, packet, leg, *, always):
        del self, leg, always
        return packet

    with mock.patch.object(inspection.Inspection, "_translate", untouched):
        yield


@contextmanager
def ignored_links() -> Iterator[None]:
    """DNS: every private zone answers everywhere."""

    def all_zones(estate, network):
        return {zone.name: "Default" for zone in estate.private_dns_zones} if network else {}

    with mock.patch.object(dns, "linked_zones", all_zones):
        yield


@contextmanager
def reversed_priorities() -> Iterator[None]:
    """NSG: the highest number is asked first."""
    ordered = nsg.ordered_rules

    def backwards(estate, group, direction):
        return tuple(reversed(ordered(estate, group, direction)))

    with mock.patch.object(nsg, "ordered_rules", backwards):
        yield


@pytest.mark.parametrize(
    "fault",
    [
        forgotten_precedence,
        user_routes_lose,
        application_before_network,
        forgotten_translation,
        ignored_links,
        reversed_priorities,
    ],
)
def test_a_fault_in_the_evaluator_is_caught(cases, fault):
    fresh: dict[int, Estate] = {}
    caught = 0
    with fault():
        for case in cases:
            estate = fresh.setdefault(case.seed, replace(case.estate))
            caught += not agrees(case, evaluate(estate, case.flow, case.assumptions))

    assert caught > 0
