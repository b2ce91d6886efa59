"""
The law: a packet is in the answered set exactly when the plain evaluator says that it is answered.

A longer run: HUBWRIGHT_REACH=2000 pytest tests/engines/verify/reach/test_law.py
"""

import os
from collections import Counter

import pytest

from engines.verify.reach import wild
from hubwright.engines.verify.reach import Reach
from hubwright.engines.verify.space import Point
from hubwright.errors import UnknownResource
from hubwright.model.flow import Disposition, Flow, Trace
from hubwright.semantics import locate
from hubwright.semantics.evaluate import evaluate

ESTATES = int(os.environ.get("HUBWRIGHT_REACH", "102"))
FLOWS = 60
CHUNKS = 5
CAREFUL = "whether an address is one of Microsoft."
"""The engine does not know every address of a service that has an endpoint; the evaluator, asked
about one name, does."""


def point(reach: Reach, flow: Flow) -> tuple[bool, Point] | None:
    """The packet of a flow, and whether it comes from inside; None for what is not asked."""
    source = locate.source(reach.estate, flow.source)
    target = locate.destination(reach.estate, flow.destination)
    address = source if isinstance(source, int) else source.private_ip_address
    senders = reach.world.inside if not isinstance(source, int) else (reach.world.internet,)
    if target.address in (None, address):
        return None
    if not any(address in sender.addresses for sender in senders):
        return None
    is_icmp = flow.protocol == "ICMP"
    packet = Point(
        source=address,
        destination=target.address,
        protocol=flow.protocol,
        port=0 if is_icmp else flow.destination_port,
        source_port=0 if is_icmp else flow.source_port,
        application=flow.application,
        name=flow.server_name,
    )
    return not isinstance(source, int), packet


def verdict(trace: Trace) -> str:
    if trace.disposition.is_success:
        return "answered"
    return "unknown" if trace.disposition is Disposition.INSUFFICIENT_INFO else "refused"


class Sets:
    """What the engine says of an estate, in plain cubes."""

    def __init__(self, reach: Reach) -> None:
        self.cubes = {}
        for is_inside, walked in ((True, reach.inside), (False, reach.outside)):
            decode = reach.world.plane.space.decode
            answered = [decode(piece) for piece, _ in walked.result.answered]
            unknown = [(decode(piece), why) for piece, why in walked.result.unknown]
            self.cubes[is_inside] = answered, unknown

    def verdict(self, is_inside: bool, packet: Point) -> str:
        answered, unknown = self.cubes[is_inside]
        if any(packet.is_in(cube) for cube in answered):
            return "answered"
        whys = [why for cube, why in unknown if packet.is_in(cube)]
        if whys and all(why.startswith(CAREFUL) for why in whys):
            return "careful"
        return "unknown" if whys else "refused"


def compare(seed: int) -> tuple[list[str], Counter]:
    """Ask engine and evaluator about many packets of one estate; return where they differ."""
    given = wild.assumptions(seed)
    reach = Reach(wild.estate(seed), given)
    sets = Sets(reach)
    wrong: list[str] = []
    seen: Counter = Counter()
    for flow in wild.flows(reach.estate, seed, FLOWS):
        try:
            asked = point(reach, flow)
        except UnknownResource:
            continue
        if asked is None:
            continue
        trace = evaluate(reach.estate, flow, given)
        expected, found = verdict(trace), sets.verdict(*asked)
        seen[expected] += 1
        if found not in (expected, "careful"):
            wrong.append(
                f"seed {seed}: {flow} ({flow.application}, {flow.server_name}, from port "
                f"{flow.source_port}): the evaluator says {expected} ({trace.decided_by}, "
                f"{trace.blocker and trace.blocker[1].detail}), the engine {found}"
            )
    return wrong, seen


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_packet_is_answered_exactly_when_the_evaluator_says_so(chunk):
    seen: Counter = Counter()
    wrong: list[str] = []
    for seed in range(chunk, ESTATES, CHUNKS):
        found, counted = compare(seed)
        wrong += found
        seen += counted

    assert wrong == []
    assert seen.total() >= 40 * len(range(chunk, ESTATES, CHUNKS))
    assert seen["answered"] >= 0.1 * seen.total()
    assert seen["unknown"] >= 10
