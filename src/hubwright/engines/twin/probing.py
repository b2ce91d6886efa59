"""Puts questions to packets, beside what the plain evaluator predicts of them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from hubwright.engines.twin.artefacts import Node, Probe
from hubwright.engines.twin.driver import Twin
from hubwright.engines.twin.observation import Observation, Question
from hubwright.errors import UnknownResource
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import format_address
from hubwright.model.estate import Estate
from hubwright.model.flow import Flow, Symptom, Trace
from hubwright.semantics import locate
from hubwright.semantics.assumptions import DEFAULTS, Assumptions
from hubwright.semantics.evaluate import evaluate

ATTEMPTS = 4
"""How often a flow is tried where Azure would choose at random."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """One question, what was predicted, and what packets did."""

    name: str
    source: str
    destination: str
    predicted: str
    """Symptoms that the evaluator allows, `answer or timeout` where Azure chooses."""
    observed: str
    """Symptoms seen, in order of appearance, each once."""
    agrees: bool | None
    """None where nothing can be compared; `detail` says why."""
    detail: str = ""
    exit_code: int | None = None
    """What AKS's bootstrap check would end with: 0, or the code of its failure."""
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return it as data for output."""
        return asdict(self)


def question(nodes: Iterable[Node], estate: Estate, flow: Flow) -> Question:
    """
    Return what a client of the twin does to try a flow.

    Raises:
        UnknownResource: the flow's ends are nothing of the estate, or the source is no place of
            the twin.
    """
    node, address = _start(tuple(nodes), estate, flow.source)
    target = locate.destination(estate, flow.destination)
    return Question(
        node=node.name,
        address=address,
        name=target.name,
        target=None if target.address is None else format_address(target.address),
        protocol=flow.protocol.upper(),
        port=flow.destination_port,
        application=flow.application,
        server_name=flow.server_name,
    )


def run_probes(
    twin: Twin,
    estate: Estate,
    probes: Sequence[Probe],
    assumptions: Assumptions = DEFAULTS,
) -> list[ProbeResult]:
    """
    Try every probe in a running twin, and compare with the evaluator; in the probes' order.

    A flow with several possible outcomes is tried `ATTEMPTS` times, and every one of them must
    be a predicted one. What disagrees is asked once more, alone: a busy machine can make many
    questions at once run out of patience, and a true disagreement stays.
    """
    out: dict[int, ProbeResult] = {}
    asked: dict[int, tuple[Probe, Trace, Question]] = {}
    for index, probe in enumerate(probes):
        try:
            trace = evaluate(estate, probe.flow, assumptions)
            asked[index] = (probe, trace, question(twin.plan.nodes, estate, probe.flow))
        except UnknownResource as error:
            out[index] = _incomparable(probe, str(error))
    for attempts in (1, ATTEMPTS):
        chosen = [i for i, (_, trace, _q) in asked.items() if _attempts(trace) == attempts]
        if chosen:
            seen = twin.observe([asked[i][2] for i in chosen], attempts)
            for i, observations in zip(chosen, seen, strict=True):
                out[i] = compare(asked[i][0], asked[i][1], observations)
    for i in [index for index, result in out.items() if result.agrees is False]:
        probe, trace, asking = asked[i]
        out[i] = compare(probe, trace, twin.observe([asking], _attempts(trace))[0])
    return [out[index] for index in range(len(probes))]


def compare(probe: Probe, trace: Trace, observations: Sequence[Observation]) -> ProbeResult:
    """Set observations of a probe beside the trace of its flow."""
    outcomes = (trace, *trace.branches)
    unknown = any(outcome.symptom is Symptom.UNKNOWN for outcome in outcomes)
    wrong = [seen for seen in observations if not any(_fits(seen, o) for o in outcomes)]
    shown = wrong[0] if wrong else observations[-1]
    succeeded = all(seen.symptom is Symptom.ANSWER for seen in observations)
    return ProbeResult(
        name=probe.name,
        source=probe.flow.source,
        destination=f"{probe.flow.destination}:{probe.flow.destination_port}",
        predicted=" or ".join(dict.fromkeys(outcome.symptom.value for outcome in outcomes)),
        observed=", ".join(dict.fromkeys(seen.symptom.value for seen in observations)),
        agrees=None if unknown else not wrong,
        detail=_detail(shown, trace, disagrees=bool(wrong) and not unknown),
        exit_code=_exit_code(probe, succeeded=succeeded),
        seconds=round(sum(seen.seconds for seen in observations), 6),
    )


def _fits(seen: Observation, outcome: Trace) -> bool:
    if seen.symptom is not outcome.symptom:
        return False
    if seen.server is not None and outcome.servers and seen.server not in outcome.servers:
        return False
    sources = {format_address(address) for address in outcome.source_seen}
    return seen.source_seen is None or not sources or seen.source_seen in sources


def _detail(seen: Observation, trace: Trace, *, disagrees: bool) -> str:
    parts: list[str] = []
    if seen.server:
        parts.append(f"{seen.server} saw {seen.source_seen}")
    parts += [text for text in (seen.drop and f"dropped at {seen.drop}", seen.detail) if text]
    if trace.unknowns:
        parts.append(f"hangs on {', '.join(trace.unknowns)}")
    if disagrees:
        sources = ", ".join(format_address(address) for address in trace.source_seen)
        served = f"{' or '.join(trace.servers)} seeing {sources}" if trace.servers else ""
        blocker = trace.blocker
        parts.append(f"predicted {served or (blocker[1].detail if blocker else trace.symptom)}")
    return "; ".join(parts)


def _attempts(trace: Trace) -> int:
    chooses = trace.branches or len(trace.servers) > 1 or len(trace.source_seen) > 1
    return ATTEMPTS if chooses else 1


def _exit_code(probe: Probe, *, succeeded: bool) -> int | None:
    if probe.expect_exit_code is None:
        return None
    return 0 if succeeded else probe.expect_exit_code


def _incomparable(probe: Probe, why: str) -> ProbeResult:
    return ProbeResult(
        name=probe.name,
        source=probe.flow.source,
        destination=f"{probe.flow.destination}:{probe.flow.destination_port}",
        predicted="",
        observed="",
        agrees=None,
        detail=why,
    )


def _start(nodes: tuple[Node, ...], estate: Estate, text: str) -> tuple[Node, str]:
    place = locate.source(estate, text)
    if isinstance(place, int):
        outside = next((node for node in nodes if node.kind == "internet"), None)
        if outside is None:
            raise UnknownResource("the twin has no place on the internet")
        return outside, format_address(place)
    address = format_address(place.private_ip_address)
    for node in nodes:
        if node.name == place.name or (node.subnet, node.address) == (place.subnet, address):
            return node, address
    raise UnknownResource(f"`{text}` is no machine of the twin")
