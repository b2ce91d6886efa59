"""Where a value of the model came from: the user's own line, a plan address, or a derivation."""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType

from hubwright.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A range of text in a file. Lines and columns count from 1; the end column is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


def _no_fields() -> Mapping[str, "Origin"]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """
    The place in a source that a model value stands for.

    `span` is set for values that a person wrote in a text file; without it, `path` is what a
    finding points at (a plan's resource address, or the nearest key of a derived value).
    """

    source: str = ""
    """File name as the user gave it, or "" for values that no file holds."""
    path: str = ""
    """Dotted path in a design (`spokes.aks.subnets.AksSubnet`) or address in a plan."""
    span: Span | None = None
    derived: str = ""
    """Why hubwright added the value, when the user did not write it; "" otherwise."""
    fields: Mapping[str, "Origin"] = field(default_factory=_no_fields, compare=False, repr=False)
    """Origins of single arguments, by azurerm argument name."""

    def of(self, argument: str) -> "Origin":
        """Return where one argument was written, or this origin when it was not written."""
        return self.fields.get(argument, self)

    def __getstate__(self) -> list[object]:
        """Return the fields for a pickle, the arguments' places as they would be told now."""
        return [self.source, self.path, self.span, self.derived, dict(self.fields)]

    def __str__(self) -> str:
        """Return `file:line:column`, the path, or the file, whichever is most exact."""
        if self.span is not None:
            return f"{self.source}:{self.span.line}:{self.span.column}"
        return f"{self.source}: {self.path}" if self.source and self.path else self.path


NOWHERE = Origin()
"""The origin of values made in code, for instance in tests."""
