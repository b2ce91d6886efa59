"""
The evaluator against packets, where networks, firewalls and rules ask Private Resolvers.

A longer run: HUBWRIGHT_DIFFERENTIAL=200 pytest tests/differential
"""

import os
from random import Random

import pytest

import random_estates
from differential.test_packets import agrees, run
from hubwright.engines.twin import requirements
from hubwright.model.flow import Disposition
from hubwright.semantics.assigned import assign

ESTATES = max(6, int(os.environ.get("HUBWRIGHT_DIFFERENTIAL", "0")) // 4)
SERVERS = ("10.0.2.", "10.1.220.")

pytestmark = [
    pytest.mark.netns,
    pytest.mark.skipif(bool(requirements.missing()), reason="; ".join(requirements.missing())),
]


def test_names_resolve_through_resolvers_as_predicted():
    cases = []
    for seed in range(500, 500 + ESTATES):
        base = random_estates.estate(seed)
        source = assign(random_estates.with_resolvers(Random(seed), base))
        cases += run(seed, source)
    wrong = [
        f"seed {case.seed}: {case.flow} ({case.flow.application}, {case.flow.server_name}): "
        f"predicted {case.trace.disposition} by {case.trace.decided_by}, {case.trace.symptom} "
        f"from {case.trace.servers}; seen {case.seen}"
        for case in cases
        if not agrees(case, case.trace)
    ]
    asked = [c for c in cases if c.trace.dns and c.trace.dns[0].node.startswith(SERVERS)]
    answered = [case for case in asked if case.trace.disposition.is_success]
    open_ = [case for case in cases if case.trace.disposition is Disposition.INSUFFICIENT_INFO]

    assert not wrong, "\n".join([f"{len(wrong)} of {len(cases)} flows disagree", *wrong[:20]])
    assert len(asked) >= 10 * ESTATES
    assert len(answered) >= 2 * ESTATES
    assert len(open_) <= 0.5 * len(cases)
