"""Intents of an estate, judged: proved, refuted by a walk, or left open."""

from hubwright.engines.verify.case import Case
from hubwright.engines.verify.reach.answer import Answer, worst_of
from hubwright.engines.verify.reach.ask import Scope
from hubwright.engines.verify.reach.claims import answered, crossed, refused, symmetric
from hubwright.engines.verify.reach.engine import Reach
from hubwright.engines.verify.reach.naming import resolves
from hubwright.engines.verify.space import Verdict
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import PortSet
from hubwright.model.intent import Intent
from hubwright.semantics import ends
from hubwright.semantics.ends import End


@dataclass(frozen=True, slots=True)
class Judged:
    """An intent and what became of it."""

    intent: Intent
    answer: Answer
    part: str = ""
    """Refuted or open: which of its ends it is about, `AksSubnet to mcr.microsoft.com`."""


def reach_of(case: Case) -> Reach:
    """Return the reachability of a case, walked once."""
    key = ("reach", case.assumptions)
    if key not in case.estate.memo:
        case.estate.memo[key] = Reach(case.estate, case.assumptions)
    found: Reach = case.estate.memo[key]
    return found


def judge(case: Case) -> tuple[Judged, ...]:
    """Return every intent of an estate with its answer, in the author's order."""
    key = ("intents", case.assumptions)
    if key not in case.estate.memo:
        case.estate.memo[key] = tuple(_judged(case, item) for item in case.estate.intents)
    found: tuple[Judged, ...] = case.estate.memo[key]
    return found


def _judged(case: Case, intent: Intent) -> Judged:
    reach = reach_of(case)
    parts: list[tuple[str, Answer]] = []
    for text in intent.sources:
        sender = ends.sender(reach.estate, text)
        for target in intent.to:
            receiver = ends.receiver(reach.estate, target)
            if sender is None or receiver is None:
                reason = f"nothing of the estate is called `{text if sender is None else target}`"
                answer = Answer(verdict=Verdict.UNKNOWN, reason=reason)
            else:
                answer = _answer(reach, intent, sender, receiver)
            parts.append((f"{text} to {target}", answer))
    worst = worst_of([answer for _, answer in parts])
    part = next((words for words, answer in parts if answer is worst), "")
    return Judged(intent, worst, part)


def _answer(reach: Reach, intent: Intent, sender: End, receiver: End) -> Answer:
    ports = PortSet.parse_all(intent.ports) if intent.ports else None
    words = frozenset({"TCP", "UDP", "ICMP"} if intent.protocol == "Any" else {intent.protocol})
    scope = Scope(ports=ports, protocols=words)
    match intent.claim:
        case "allow":
            return answered(reach, sender, receiver, scope)
        case "deny":
            return refused(reach, sender, receiver, scope)
        case "must-cross" | "must-not-cross":
            must = intent.claim == "must-cross"
            return crossed(reach, sender, receiver, scope, intent.firewall, must=must)
        case "symmetric":
            return symmetric(reach, sender, receiver, scope)
        case _:
            return resolves(reach, sender, receiver.name)
