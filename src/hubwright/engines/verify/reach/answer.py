"""Answers to questions about packets, in three values, each with evidence that can be checked."""

from hubwright.engines.verify.space import Certificate, Cube, Verdict
from hubwright.lazy_dataclass import dataclass
from hubwright.model.flow import Flow, Trace

FIELDS = (
    "source",
    "destination",
    "protocols",
    "ports",
    "source_ports",
    "applications",
    "names",
)


@dataclass(frozen=True, slots=True)
class Apart:
    """
    The evidence that packets go none of the ways that there are.

    Each way is named with a field in which it shares nothing with what was asked.
    """

    asked: Cube
    ways: tuple[tuple[Cube, str], ...]

    def holds(self) -> bool:
        """Tell whether every way is really apart, by looking at the named fields alone."""
        return all(not getattr(self.asked, field) & getattr(way, field) for way, field in self.ways)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one question."""

    verdict: Verdict
    flow: Flow | None = None
    """Refuted: a flow that shows it."""
    trace: Trace | None = None
    """Refuted: what the plain evaluator says of that flow."""
    reason: str = ""
    """Refuted: what is wrong, in a few words. Unknown: what it hangs on."""
    evidence: tuple[Certificate | Apart, ...] = ()
    """Proved: covers of what was asked, or how it is apart from every way."""

    @property
    def is_proved(self) -> bool:
        """Whether the claim holds for every packet."""
        return self.verdict is Verdict.PROVED


def apart(asked: Cube, ways: tuple[Cube, ...]) -> Apart:
    """Return how each of several ways is apart from what was asked; all must be."""
    found: list[tuple[Cube, str]] = []
    for way in ways:
        field = next(f for f in FIELDS if not getattr(asked, f) & getattr(way, f))
        found.append((way, field))
    return Apart(asked, tuple(found))


def worst_of(answers: list[Answer]) -> Answer:
    """Return the answer to a claim of several parts: refuted before unknown before proved."""
    for verdict in (Verdict.REFUTED, Verdict.UNKNOWN):
        for answer in answers:
            if answer.verdict is verdict:
                return answer
    evidence = tuple(item for answer in answers for item in answer.evidence)
    return Answer(verdict=Verdict.PROVED, evidence=evidence)
