"""What every renderer gets: the findings, the text they point into, and what was ignored."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from types import MappingProxyType

from hubwright.diagnostics.diagnostic import Diagnostic, Severity
from hubwright.lazy_dataclass import dataclass
from hubwright.model.origin import NOWHERE, Origin

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None
"""A value that the standard library writes as JSON."""

PAGES = "https://github.com/hubwright/hubwright/blob/main/docs/rules"
"""Where the pages of the rules are published."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A finding that a comment in the user's file turns off."""

    diagnostic: Diagnostic
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An intent of the author, as it was judged."""

    name: str
    claim: str
    """`allow`, `deny`, ..."""
    verdict: str
    """`proved`, `refuted` or `unknown`."""
    reason: str = ""
    """What is wrong, or what it hangs on."""
    origin: Origin = NOWHERE


def _no_text() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Findings in the order in which they are shown."""

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str] = field(default_factory=_no_text)
    """Text of the user's files, by the name that origins give."""
    ignored: tuple[Ignored, ...] = ()
    """Findings to show as ignored; empty unless they were asked for."""
    titles: Mapping[str, str] = field(default_factory=_no_text)
    """One short claim for each rule that was looked at, by code."""
    claims: tuple[Claim, ...] = ()
    """Intents, in the author's order; those that fail are findings as well."""
    color: bool = False
    """ANSI colour, where the format is for people."""
    links: bool = False
    """Terminal hyperlinks (OSC 8) from a code to its page."""


def page(code: str) -> str:
    """Return the address of a rule's page."""
    return f"{PAGES}/{code}.md"


def counted(diagnostics: Sequence[Diagnostic]) -> dict[Severity, int]:
    """Return how many findings there are of each severity, worst first, zeros included."""
    return {
        severity: sum(item.severity is severity for item in diagnostics)
        for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
    }


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """Return `3 findings (1 error, 2 warnings)`, or `no findings`."""
    if not diagnostics:
        return "no findings"
    names = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}
    parts = [
        _plural(count, names[severity]) for severity, count in counted(diagnostics).items() if count
    ]
    return f"{_plural(len(diagnostics), 'finding')} ({', '.join(parts)})"


def claimed(claims: Sequence[Claim]) -> str:
    """Return `intents: 3 proved, 1 refuted, 0 unknown`."""
    counts = (
        f"{sum(item.verdict == verdict for item in claims)} {verdict}"
        for verdict in ("proved", "refuted", "unknown")
    )
    return f"intents: {', '.join(counts)}"


def _plural(count: int, noun: str) -> str:
    many = "" if count == 1 or noun == "info" else "s"
    return f"{count} {noun}{many}"
