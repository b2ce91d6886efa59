"""
Comments that turn a finding off: `# hubwright: ignore[ROUTE001] ticket 123`.

The comment stands on the finding's line, or alone on the line above. A reason is required, so
that the next reader knows why.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hubwright.diagnostics.diagnostic import Diagnostic, Label, Severity, sort_key
from hubwright.diagnostics.render.report import Ignored
from hubwright.lazy_dataclass import dataclass
from hubwright.model.origin import Origin, Span

NO_REASON = "DESIGN090"
UNUSED = "DESIGN091"
UNREADABLE = "DESIGN092"
TITLES = {
    NO_REASON: "a comment that ignores a finding gives no reason",
    UNUSED: "a comment ignores a finding that is not there",
    UNREADABLE: "a comment that should ignore a finding cannot be read",
}
_COMMENT = re.compile(r"(?:^|(?<=\s))#\s*hubwright\s*:\s*(?P<rest>.*)$", re.IGNORECASE)
_IGNORE = re.compile(r"ignore\s*\[(?P<codes>[^\]]*)\]\s*(?P<reason>.*)$", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]{2,}[0-9]{3}\Z")


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment that speaks to hubwright."""

    source: str
    line: int
    """The line it stands on."""
    target: int
    """The line whose findings it ignores."""
    column: int
    end_column: int
    codes: tuple[tuple[str, int], ...] = ()
    """Codes with the column each begins at; empty when the comment cannot be read."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is left to show, and what comments turned off."""

    diagnostics: tuple[Diagnostic, ...]
    ignored: tuple[Ignored, ...]


def suppress(diagnostics: Sequence[Diagnostic], sources: Mapping[str, str]) -> Outcome:
    """
    Part findings into those to show and those that a comment ignores.

    Findings about the comments themselves are added: one without a reason, which ignores
    nothing, one that cannot be read, and one that has nothing to ignore.

    Args:
        diagnostics: Findings of any order.
        sources: Text of the user's files, by the name that origins give.
    """
    comments = [item for name, text in sources.items() for item in comments_of(name, text)]
    valid = {
        (item.source, item.target, code): item
        for item in comments
        if item.reason
        for code, _ in item.codes
    }
    kept: list[Diagnostic] = []
    ignored: list[Ignored] = []
    used: set[tuple[str, int, str]] = set()
    for item in diagnostics:
        origin = item.primary.origin
        key = (origin.source, origin.span.line if origin.span else 0, item.code)
        comment = valid.get(key)
        if comment is None:
            kept.append(item)
        else:
            used.add(key)
            ignored.append(Ignored(item, comment.reason))
    kept += _about(comments, used)
    return Outcome(tuple(sorted(kept, key=sort_key)), tuple(ignored))


def comments_of(source: str, text: str) -> Iterator[Comment]:
    """Return the comments of a file that speak to hubwright, top-down."""
    if "hubwright" not in text.lower():
        return
    lines = text.splitlines()
    quoted = _scalars(text)
    for number, line in enumerate(lines, start=1):
        found = _COMMENT.search(line)
        if found is None or any(inside(number, found.start() + 1) for inside in quoted):
            continue
        alone = not line[: found.start()].strip()
        yield _read(source, number, _below(lines, number) if alone else number, found)


def _below(lines: Sequence[str], number: int) -> int:
    """Return the next line that is more than a comment."""
    for at in range(number + 1, len(lines) + 1):
        if lines[at - 1].strip() and not lines[at - 1].lstrip().startswith("#"):
            return at
    return number


def _read(source: str, line: int, target: int, found: re.Match[str]) -> Comment:
    column, end = found.start() + 1, len(found.string.rstrip()) + 1
    body = _IGNORE.match(found["rest"])
    codes: list[tuple[str, int]] = []
    for part in re.finditer(r"[^,\s]+", body["codes"]) if body else ():
        at = found.start("rest") + body.start("codes") + part.start() + 1 if body else column
        codes.append((part[0], at))
    if body is None or not codes or not all(_CODE.match(code) for code, _ in codes):
        return Comment(source, line, target, column, end)
    return Comment(source, line, target, column, end, tuple(codes), body["reason"].strip())


def _scalars(text: str) -> list["_Inside"]:
    """Return the ranges of quoted and block text, in which a # begins no comment."""
    import yaml  # noqa: PLC0415  only files with such comments pay for it

    out: list[_Inside] = []
    try:
        for token in yaml.scan(text):
            if isinstance(token, yaml.ScalarToken) and token.style:
                start, end = token.start_mark, token.end_mark
                out.append(
                    _Inside((start.line + 1, start.column + 1), (end.line + 1, end.column + 1))
                )
    except yaml.YAMLError:
        return out
    return out


@dataclass(frozen=True, slots=True)
class _Inside:
    """A range of text, by line and column from 1; the end is exclusive."""

    start: tuple[int, int]
    end: tuple[int, int]

    def __call__(self, line: int, column: int) -> bool:
        """Tell whether a place lies in the range."""
        return self.start <= (line, column) < self.end


def _about(comments: Iterable[Comment], used: set[tuple[str, int, str]]) -> Iterator[Diagnostic]:
    """Return what is wrong with the comments themselves."""
    for item in comments:
        whole = Span(item.line, item.column, item.line, item.end_column)
        if not item.codes:
            yield _finding(
                item,
                UNREADABLE,
                whole,
                "this comment to hubwright cannot be read",
                "write `# hubwright: ignore[ROUTE001] reason`, with one code or several",
            )
        elif not item.reason:
            yield _finding(
                item,
                NO_REASON,
                whole,
                f"the comment that ignores {', '.join(c for c, _ in item.codes)} gives no reason",
                "write why behind the bracket, say a ticket; until then it ignores nothing",
            )
        else:
            for code, column in item.codes:
                if (item.source, item.target, code) not in used:
                    span = Span(item.line, column, item.line, column + len(code))
                    yield _finding(
                        item,
                        UNUSED,
                        span,
                        f"the comment ignores {code}, which is not found on line {item.target}",
                        "remove the code, or the whole comment",
                    )


def _finding(item: Comment, code: str, span: Span, message: str, fix: str) -> Diagnostic:
    return Diagnostic(
        code=code,
        severity=Severity.ERROR if code == NO_REASON else Severity.WARNING,
        message=message,
        labels=(Label(Origin(source=item.source, span=span), primary=True),),
        help=fix,
    )
