"""Claims about all packets between two ends, proved, refuted by a walk, or left open."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from hubwright.engines.verify.reach.answer import Answer, apart, worst_of
from hubwright.engines.verify.reach.ask import Scope, connections, packets
from hubwright.engines.verify.reach.asked import Ask
from hubwright.engines.verify.reach.engine import Reach
from hubwright.engines.verify.reach.witness import flow_of, replayed
from hubwright.engines.verify.space import Cube, Region, Space, Verdict, covered
from hubwright.engines.verify.space.cover import BudgetExceeded
from hubwright.model.flow import Disposition, Flow, Trace
from hubwright.semantics.ends import End
from hubwright.semantics.evaluate import evaluate

Hanging = tuple[Cube, str]


def answered(reach: Reach, sender: End, receiver: End, scope: Scope) -> Answer:
    """Answer whether every connection that clients make to a receiver is answered."""
    return _all([_is_answered(reach, ask) for ask in connections(reach, sender, receiver, scope)])


def covers(reach: Reach, cubes: tuple[Cube, ...]) -> Answer:
    """Answer whether all packets of cubes, which machines of the estate send, are answered."""
    return _is_answered(reach, Ask(is_inside=True, cubes=cubes))


def refused(reach: Reach, sender: End, receiver: End, scope: Scope) -> Answer:
    """Answer whether nothing that is sent to a receiver is answered."""
    answers: list[Answer] = []
    for ask in packets(reach, sender, receiver, scope):
        ways = reach.answered(ask)
        open_ = reach.unknown(ask)
        answers.append(_none(reach, ask, ways, open_, lambda trace: trace.disposition.is_success))
    return _all(answers)


def crossed(
    reach: Reach, sender: End, receiver: End, scope: Scope, firewall: str = "", *, must: bool
) -> Answer:
    """Answer whether all that arrives has crossed a firewall (or any), or none of it has."""

    def passes(names: Iterable[str]) -> bool:
        found = list(names)
        return firewall in found if firewall else bool(found)

    def shows(trace: Trace) -> bool:
        walks = (trace, *trace.branches)
        return any(_arrives(walk) and passes(_firewalls(walk)) is not must for walk in walks)

    answers: list[Answer] = []
    for ask in packets(reach, sender, receiver, scope):
        wrong = reach.arrived(ask, lambda names: passes(names) is not must)
        open_ = reach.stopped(ask, lambda names: not (must and passes(names)))
        answers.append(_none(reach, ask, wrong, open_, shows))
    return _all(answers)


def _arrives(trace: Trace) -> bool:
    """Tell whether a request gets to somebody, whatever becomes of the answer."""
    if trace.disposition.is_success:
        return True
    stopped = any(step.blocks for hop in trace.forward for step in hop.steps)
    return not stopped and bool(trace.reverse) and trace.reverse[0].kind != "firewall"


def _firewalls(trace: Trace) -> list[str]:
    return [hop.node for hop in trace.forward if hop.kind == "firewall"]


def symmetric(reach: Reach, sender: End, receiver: End, scope: Scope) -> Answer:
    """Answer whether no answer is lost since a box on its way never saw the request."""

    def shows(trace: Trace) -> bool:
        return any(walk.disposition is Disposition.ASYMMETRIC for walk in (trace, *trace.branches))

    answers: list[Answer] = []
    for ask in packets(reach, sender, receiver, scope):
        lost = reach.lost_answers(ask)
        open_ = reach.unknown(ask)
        answers.append(_none(reach, ask, lost, open_, shows))
    return _all(answers)


def _all(answers: list[Answer]) -> Answer:
    if not answers:
        return Answer(verdict=Verdict.UNKNOWN, reason="no machine can have one of these addresses")
    return worst_of(answers)


def _is_answered(reach: Reach, ask: Ask) -> Answer:
    if ask.unknown:
        return Answer(verdict=Verdict.UNKNOWN, reason=f"{ask.name} hangs on {ask.unknown}")
    if ask.unresolved:
        return _unresolved(reach, ask)
    ways = reach.answered(ask)
    open_ = reach.unknown(ask)
    space = Space([*ask.cubes, *ways, *(cube for cube, _ in open_)])
    found = covered(space, ask.cubes, by=ways)
    if found.is_proved:
        return Answer(verdict=Verdict.PROVED, evidence=found.certificates)
    try:
        asked = Region.of(space, ask.cubes)
        possible = Region.of(space, [*ways, *(cube for cube, _ in open_)])
        shown = replayed(reach, asked - possible, _is_refused)
    except BudgetExceeded:
        return Answer(verdict=Verdict.UNKNOWN, reason=f"it takes more than {space.budget} cuts")
    if shown is not None:
        flow, trace = _by_name(reach, ask, *shown)
        return Answer(verdict=Verdict.REFUTED, flow=flow, trace=trace, reason=_why(trace))
    return Answer(verdict=Verdict.UNKNOWN, reason=_hangs(open_) or "no flow shows it")


def _by_name(reach: Reach, ask: Ask, flow: Flow, trace: Trace) -> tuple[Flow, Trace]:
    """Return the witness with the name that its client asks for, where that shows the same."""
    if not ask.name or flow.server_name != ask.name:
        return flow, trace
    named = replace(flow, destination=ask.name)
    walked = evaluate(reach.estate, named, reach.assumptions)
    return (named, walked) if _is_refused(walked) else (flow, trace)


def _unresolved(reach: Reach, ask: Ask) -> Answer:
    """Refute by a name that has no address where it is asked for."""
    space = Space(ask.cubes)
    point = next(Region.of(space, ask.cubes).points())
    flow = replace(flow_of(reach, point), destination=ask.name, protocol="TCP")
    trace = evaluate(reach.estate, flow, reach.assumptions)
    return Answer(verdict=Verdict.REFUTED, flow=flow, trace=trace, reason=ask.unresolved)


def _is_refused(trace: Trace) -> bool:
    unknown = trace.disposition is Disposition.INSUFFICIENT_INFO
    return not trace.disposition.is_success and not unknown


def _none(
    reach: Reach,
    ask: Ask,
    wrong: Sequence[Cube],
    open_: Sequence[Hanging],
    shows: Callable[[Trace], bool],
) -> Answer:
    """Answer whether no packet that is asked about goes a wrong way."""
    space = Space([*ask.all_cubes, *wrong, *(cube for cube, _ in open_)])
    asked = Region.of(space, ask.all_cubes)
    found = asked & Region.of(space, wrong)
    if found:
        shown = replayed(reach, found, shows)
        if shown is None:
            return Answer(verdict=Verdict.UNKNOWN, reason="no flow shows it")
        flow, trace = shown
        return Answer(verdict=Verdict.REFUTED, flow=flow, trace=trace, reason=_why(trace))
    if ask.unknown:
        return Answer(verdict=Verdict.UNKNOWN, reason=f"{ask.name} hangs on {ask.unknown}")
    hanging = asked & Region.of(space, [cube for cube, _ in open_])
    if hanging:
        return Answer(verdict=Verdict.UNKNOWN, reason=_hangs(open_))
    evidence = tuple(apart(cube, tuple(wrong)) for cube in ask.all_cubes)
    return Answer(verdict=Verdict.PROVED, evidence=evidence)


def _hangs(open_: Sequence[Hanging]) -> str:
    whys = list(dict.fromkeys(why for _, why in open_))
    return f"it hangs on {'; '.join(whys[:3])}" if whys else ""


def _why(trace: Trace) -> str:
    blocker = trace.blocker
    return blocker[1].detail if blocker else str(trace.disposition)
