"""The rules: what each is called, how bad its findings are, and the function that looks."""

from collections.abc import Callable, Iterator
from dataclasses import field

from hubwright.diagnostics.diagnostic import Diagnostic, Edit, Label, Severity
from hubwright.engines.verify.case import Case
from hubwright.lazy_dataclass import dataclass
from hubwright.model.flow import Trace
from hubwright.model.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found, before its code and severity are put on."""

    message: str
    at: Origin
    """The token to edit."""
    label: str = ""
    causes: tuple[tuple[Origin, str], ...] = ()
    """Other places that matter, with a few words each."""
    notes: tuple[str, ...] = ()
    help: str | None = None
    edits: tuple[Edit, ...] = ()
    trace: Trace | None = None
    """The witness: a flow that was replayed by the plain evaluator."""
    severity: Severity | None = None
    """Another one than the rule's own."""


Look = Callable[[Case], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInfo:
    """A rule as people see it."""

    code: str
    """Family and three digits, never reused."""
    title: str
    severity: Severity
    look: Look = field(compare=False, repr=False)

    @property
    def family(self) -> str:
        """`ROUTE`, `AFW`, ..."""
        return self.code.rstrip("0123456789")


_RULES: dict[str, RuleInfo] = {}


def rule(code: str, severity: Severity, title: str) -> Callable[[Look], Look]:
    """Register a function as a rule; the title is a short claim, lower case."""

    def register(look: Look) -> Look:
        if code in _RULES:
            raise ValueError(f"{code} is registered twice")
        _RULES[code] = RuleInfo(code=code, title=title, severity=severity, look=look)
        return look

    return register


def registered() -> tuple[RuleInfo, ...]:
    """Return the rules of the modules imported so far, by code; `rules.all_rules` has them all."""
    return tuple(_RULES[code] for code in sorted(_RULES))


def diagnostics(info: RuleInfo, case: Case) -> Iterator[Diagnostic]:
    """Run one rule, and put its code and severity on what it finds."""
    for found in info.look(case):
        labels = [Label(found.at, found.label, primary=True)]
        seen = {found.at}
        for origin, text in found.causes:
            if origin not in seen and str(origin):
                seen.add(origin)
                labels.append(Label(origin, text))
        notes = found.notes
        if found.trace is not None:
            notes = (*notes, case.witness(found.trace))
        yield Diagnostic(
            code=info.code,
            severity=found.severity or info.severity,
            message=found.message,
            labels=tuple(labels),
            notes=notes,
            help=found.help,
            edits=found.edits,
            trace=found.trace,
        )
