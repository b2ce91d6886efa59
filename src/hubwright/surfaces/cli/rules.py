"""What rules there are, and where their pages lie."""

import re
from functools import cache
from pathlib import Path

from hubwright import carried
from hubwright.lazy_dataclass import dataclass

_HEADING = re.compile(r"#\s+`?(?P<code>[A-Z]+[0-9]{3})`?\s*[:—-]?\s*(?P<title>.*)")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is listed."""

    code: str
    title: str
    severity: str
    """`error`, `warning`, `info`, or "" where only a page tells of it."""
    checked: bool
    """Whether `check` looks for it in the network; other rules are about the file itself."""


@cache
def known_rules() -> dict[str, Rule]:
    """Return every rule by code, sorted: those that `check` runs, and those with a page."""
    from hubwright.diagnostics.suppression import TITLES
    from hubwright.engines.verify.rules import all_rules

    found = {code: Rule(code, _title(code), "", checked=False) for code in _codes()}
    found |= {code: Rule(code, title, "", checked=False) for code, title in TITLES.items()}
    found |= {
        info.code: Rule(info.code, info.title, info.severity.value, checked=True)
        for info in all_rules()
    }
    return dict(sorted(found.items()))


def page(code: str) -> str | None:
    """Return the text of a rule's page, or None when there is none."""
    path = _directory() / f"{code}.md"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _directory() -> Path:
    return carried.directory("_docs/rules", "docs/rules")


def _codes() -> list[str]:
    return sorted(path.stem for path in _directory().glob("*.md") if _is_code(path.stem))


def _is_code(text: str) -> bool:
    return re.fullmatch(r"[A-Z]+[0-9]{3}", text) is not None


def _title(code: str) -> str:
    first = (page(code) or "").lstrip().partition("\n")[0]
    found = _HEADING.match(first)
    return found["title"].strip() if found else ""
