"""The plain evaluator: one flow, walked out and back the way Azure would carry it."""

from dataclasses import replace
from typing import TypeVar

from hubwright.model.estate import Estate
from hubwright.model.flow import Disposition, Flow, Symptom, Trace
from hubwright.semantics.assumptions import DEFAULTS, Assumptions
from hubwright.semantics.walk import Walk

T = TypeVar("T")

MAX_BRANCHES = 512
"""Random choices of Azure that are followed at most; beyond it the answer is unknown."""


def evaluate(estate: Estate, flow: Flow, assumptions: Assumptions = DEFAULTS) -> Trace:
    """
    Return what becomes of one flow, out and back.

    Where Azure chooses at random (a load balancer's backend, the address that a firewall
    translates to), every choice is walked; the result is the worst, with the other outcomes in
    `branches`. An estate with the same resources always gives the same trace.

    Args:
        estate: An assigned estate.
        flow: Its source and destination may be resources, addresses or names.
        assumptions: One mode for each question that sources leave open.

    Raises:
        UnknownResource: the source or destination is nothing that the estate knows.
    """
    traces: list[Trace] = []
    scripts: list[tuple[int, ...]] = [()]
    while scripts and len(traces) < MAX_BRANCHES:
        walk = Walk(estate, flow, assumptions, scripts.pop())
        traces.append(walk.run())
        scripts += walk.alternatives()
    return _worst(traces, complete=not scripts)


def _badness(trace: Trace) -> int:
    if trace.disposition.is_success:
        return 0
    return 1 if trace.disposition is Disposition.INSUFFICIENT_INFO else 2


def _worst(traces: list[Trace], *, complete: bool) -> Trace:
    """Merge branches of equal outcome, and return the worst with the others beside it."""
    if complete and len(traces) == 1:
        return traces[0]
    outcomes: dict[tuple[object, ...], Trace] = {}
    for trace in traces:
        key = (trace.disposition, trace.symptom, trace.decided_by)
        seen = outcomes.get(key)
        outcomes[key] = trace if seen is None else _merged(seen, trace)
    ordered = sorted(outcomes.values(), key=_badness, reverse=True)
    worst = replace(ordered[0], branches=tuple(ordered[1:]))
    if complete or not worst.disposition.is_success:
        return worst
    return replace(
        worst,
        disposition=Disposition.INSUFFICIENT_INFO,
        symptom=Symptom.UNKNOWN,
        unknowns=(*worst.unknowns, f"more than {MAX_BRANCHES} random choices of Azure"),
    )


def _merged(one: Trace, other: Trace) -> Trace:
    return replace(
        one,
        servers=_union(one.servers, other.servers),
        source_seen=_union(one.source_seen, other.source_seen),
        unknowns=_union(one.unknowns, other.unknowns),
        assumptions=tuple(sorted({*one.assumptions, *other.assumptions})),
    )


def _union(one: tuple[T, ...], other: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*one, *other)))
