"""What is doubtful in a plan, and what it does not tell."""

from dataclasses import field

from hubwright.diagnostics.diagnostic import Diagnostic, Label, Severity
from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Unknown
from hubwright.model.origin import Origin


@dataclass(slots=True, kw_only=True)
class Notes:
    """Grows while a plan is read."""

    problems: list[Diagnostic] = field(default_factory=list[Diagnostic])
    unknowns: dict[str, Unknown] = field(default_factory=dict[str, Unknown])
    """What the plan does not tell, by the symbol that stands for it."""

    def inform(self, code: str, message: str, origin: Origin, help_: str) -> None:
        """Note what is assumed."""
        self._note(code, Severity.INFO, message, origin, help_)

    def warn(
        self, code: str, message: str, origin: Origin, help_: str, notes: tuple[str, ...] = ()
    ) -> None:
        """Note what is doubtful; the estate can be used."""
        self._note(code, Severity.WARNING, message, origin, help_, notes)

    def _note(
        self,
        code: str,
        severity: Severity,
        message: str,
        origin: Origin,
        help_: str,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.problems.append(
            Diagnostic(
                code=code,
                severity=severity,
                message=message,
                labels=(Label(origin, primary=True),),
                notes=notes,
                help=help_,
            )
        )
