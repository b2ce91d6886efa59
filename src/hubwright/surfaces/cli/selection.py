"""Which rules a person wants to hear of, by code or family."""

from collections.abc import Callable, Mapping, Sequence

import click

from hubwright.errors import UsageError
from hubwright.lazy_dataclass import dataclass
from hubwright.surfaces.cli.rules import known_rules


def codes_option(name: str, text: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Return an option that takes codes and families, comma-separated or repeated."""
    return click.option(name, multiple=True, callback=_split, metavar="CODE,...", help=text)


def _split(
    context: click.Context, parameter: click.Parameter, values: Sequence[str]
) -> tuple[str, ...]:
    del context, parameter
    parts = (part.strip().upper() for value in values for part in value.split(","))
    return tuple(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Selection:
    """Rules to hear of."""

    select: tuple[str, ...]
    """Codes and families; empty means all."""
    ignore: tuple[str, ...]
    titles: Mapping[str, str]
    """The selected rules of `check` with a short claim each, by code."""

    @classmethod
    def of(cls, select: tuple[str, ...], ignore: tuple[str, ...]) -> "Selection":
        """
        Return a selection.

        Raises:
            UsageError: a word is no rule and no family; the message names near ones.
        """
        from hubwright.engines.verify.rules import all_rules

        if select or ignore:
            _refuse_unknown((*select, *ignore))
        titles = {
            rule.code: rule.title for rule in all_rules() if _chosen(rule.code, select, ignore)
        }
        return cls(select, ignore, titles)

    def has(self, code: str) -> bool:
        """Tell whether a finding of this code is shown."""
        return _chosen(code, self.select, self.ignore)


def _refuse_unknown(words: Sequence[str]) -> None:
    from difflib import get_close_matches

    known = known_rules()
    names = {*known, *(family(code) for code in known)}
    for word in words:
        if word not in names:
            near = get_close_matches(word, sorted(names), n=2)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise UsageError(f"no rule or family is called `{word}`{hint}")


def family(code: str) -> str:
    """Return `ROUTE` for `ROUTE001`."""
    return code.rstrip("0123456789")


def _chosen(code: str, select: Sequence[str], ignore: Sequence[str]) -> bool:
    names = {code, family(code)}
    return (not select or bool(names & set(select))) and not names & set(ignore)
