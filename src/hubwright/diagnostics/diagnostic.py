"""What hubwright finds in an estate: one diagnostic, its labels and its edits."""

from dataclasses import field
from enum import StrEnum

from hubwright.lazy_dataclass import dataclass
from hubwright.model.flow import Trace
from hubwright.model.origin import Origin, Span


class Severity(StrEnum):
    """How bad a finding is; SARIF's error, warning and note."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Higher is worse: info 0, warning 1, error 2."""
        return ("info", "warning", "error").index(self.value)


@dataclass(frozen=True, slots=True)
class Label:
    """A place that a finding points at, with a few words about it."""

    origin: Origin
    text: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """A mechanical fix: replace a span of the user's file with text."""

    source: str
    span: Span
    replacement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """
    One finding.

    `message` is one terse phrase in the user's names, lower case, no full stop; it must stand
    alone in a pull request. Exactly one label is primary: the token to edit. Notes are evidence,
    `help` is the smallest edit that fixes it.
    """

    code: str
    severity: Severity
    message: str
    labels: tuple[Label, ...]
    notes: tuple[str, ...] = ()
    help: str | None = None
    edits: tuple[Edit, ...] = ()
    trace: Trace | None = field(default=None, compare=False)

    @property
    def primary(self) -> Label:
        """The label that marks what to edit."""
        return next((label for label in self.labels if label.primary), self.labels[0])


def sort_key(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
    """Order findings by file, line, column, then code and message."""
    origin = diagnostic.primary.origin
    line, column = (origin.span.line, origin.span.column) if origin.span else (0, 0)
    return (origin.source, line, column, diagnostic.code, diagnostic.message)
