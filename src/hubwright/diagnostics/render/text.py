"""Findings for people: the line at fault, carets under the token, evidence and the fix."""

from functools import lru_cache

from hubwright.diagnostics.diagnostic import Diagnostic, Label, Severity
from hubwright.diagnostics.render.ansi import (
    BLUE,
    BOLD,
    CYAN,
    RED,
    YELLOW,
    Paint,
    one_line,
    safe,
    width,
)
from hubwright.diagnostics.render.report import Report, page
from hubwright.lazy_dataclass import dataclass
from hubwright.model.origin import Span

COLORS = {Severity.ERROR: RED, Severity.WARNING: YELLOW, Severity.INFO: CYAN}
_TAB = 4
_LONGEST = 160
"""Characters of a line that are shown at most."""
_LEAD = 40


def render(report: Report) -> str:
    """Return every finding with a blank line behind it; "" when there is none."""
    paint = Paint(report.color, report.links)
    shown = [finding(item, report, paint) for item in report.diagnostics]
    for item in report.ignored:
        block = finding(item.diagnostic, report, paint)
        shown.append(f"{block}\n   {paint('=', BLUE, BOLD)} ignored: {one_line(item.reason)}")
    return "".join(f"{block}\n\n" for block in shown)


def finding(item: Diagnostic, report: Report, paint: Paint) -> str:
    """Return one finding, without a line break at its end."""
    spots, elsewhere = _spots(item, report)
    margin = max((len(str(spot.span.line)) for spot in spots), default=1)
    lines = [_headline(item, paint)]
    files = list(dict.fromkeys(spot.label.origin.source for spot in spots))
    primary = item.primary.origin
    if primary.source not in files and str(primary):
        lines.append(_arrow(margin, str(primary), paint))
    for source in files:
        here = [spot for spot in spots if spot.label.origin.source == source]
        lines += _snippet(source, here, margin, paint)
    bar = paint("|", BLUE, BOLD)
    if spots and (item.notes or item.help or elsewhere):
        lines.append(f"{' ' * margin} {bar}")
    for label in elsewhere:
        place = one_line(str(label.origin))
        text = f"{one_line(label.text)} ({place})" if place else one_line(label.text)
        lines.append(_remark(margin, "note", text, paint))
    lines += [_remark(margin, "note", note, paint) for note in item.notes]
    if item.help:
        lines.append(_remark(margin, "help", item.help, paint))
    return "\n".join(line.rstrip() for line in lines)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A label whose line is at hand."""

    label: Label
    span: Span
    lines: tuple[str, ...]
    """The whole file."""
    style: tuple[str, ...]
    mark: str


@lru_cache(maxsize=8)
def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.splitlines())


def _spots(item: Diagnostic, report: Report) -> tuple[list[_Spot], list[Label]]:
    """Part the labels into those whose line can be shown, and the others that say something."""
    spots: list[_Spot] = []
    elsewhere: list[Label] = []
    for label in item.labels:
        span = label.origin.span
        text = report.sources.get(label.origin.source)
        lines = _lines(text) if text is not None else ()
        if span is not None and span.line <= len(lines):
            style = (COLORS[item.severity], BOLD) if label.primary else (BLUE, BOLD)
            mark = "^" if label.primary else "-"
            spots.append(_Spot(label, span, lines, style, mark))
        elif label.text:
            elsewhere.append(label)
    spots.sort(key=lambda spot: not spot.label.primary)
    return spots, elsewhere


def _headline(item: Diagnostic, paint: Paint) -> str:
    color = COLORS[item.severity]
    code = paint(f"[{paint.link(item.code, page(item.code))}]", color, BOLD)
    name = paint(item.severity.value, color, BOLD)
    return f"{name}{code}{paint(f': {one_line(item.message)}', BOLD)}"


def _arrow(margin: int, place: str, paint: Paint) -> str:
    return f"{' ' * margin}{paint('-->', BLUE, BOLD)} {one_line(place)}"


def _remark(margin: int, name: str, text: str, paint: Paint) -> str:
    head = f"{' ' * margin} {paint('=', BLUE, BOLD)} {paint(f'{name}:', BOLD)} "
    first, *rest = safe(text).split("\n")
    indent = " " * (margin + 3 + len(name) + 2)
    return "\n".join([head + first, *(indent + line for line in rest)])


def _snippet(source: str, spots: list[_Spot], margin: int, paint: Paint) -> list[str]:
    """Return the place and the lines of one file, with a line of context before each label."""
    first = spots[0]
    place = f"{source}:{first.span.line}:{first.span.column}"
    bar = paint("|", BLUE, BOLD)
    lines = [_arrow(margin, place, paint), f"{' ' * margin} {bar}"]
    marked = {spot.span.line for spot in spots}
    shown = sorted(marked | {line - 1 for line in marked if line > 1})
    before = shown[0]
    for line in shown:
        if line > before + 1:
            lines.append(paint("...", BLUE, BOLD))
        before = line
        number = paint(f"{line:>{margin}}", BLUE, BOLD)
        here = sorted((s for s in spots if s.span.line == line), key=lambda s: s.span.column)
        text, shift = _view(first.lines[line - 1], here)
        lines.append(f"{number} {bar} {safe(text.expandtabs(_TAB))}")
        lines += [f"{' ' * margin} {bar} {_underline(spot, text, shift, paint)}" for spot in here]
    return lines


def _view(line: str, spots: list[_Spot]) -> tuple[str, int]:
    """Return a line, or of a very long one the part at its first label, and what is cut before."""
    if len(line) <= _LONGEST:
        return line, 0
    cut = max(spots[0].span.column - 1 - _LEAD, 0) if spots else 0
    part = line[cut : cut + _LONGEST]
    before, after = "…" if cut else "", "…" if cut + _LONGEST < len(line) else ""
    return f"{before}{part}{after}", cut - len(before)


def _underline(spot: _Spot, line: str, shift: int, paint: Paint) -> str:
    """Return the carets of one label below a shown line, and what it says."""
    span = spot.span
    start = min(span.column - 1 - shift, len(line))
    end = span.end_column - 1 - shift if span.end_line == span.line else len(line.rstrip())
    indent = width(line[:start].expandtabs(_TAB))
    length = max(width(line[:end].expandtabs(_TAB)) - indent, 1)
    text = f" {one_line(spot.label.text)}" if spot.label.text else ""
    return " " * indent + paint(spot.mark * length + text, *spot.style)


def statistics(report: Report) -> str:
    """Return a table of how often each rule found something, most often first."""
    paint = Paint(report.color, report.links)
    counts: dict[tuple[str, Severity], int] = {}
    for item in report.diagnostics:
        counts[item.code, item.severity] = counts.get((item.code, item.severity), 0) + 1
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    room = max((len(str(count)) for _, count in ordered), default=1)
    out: list[str] = []
    for (code, severity), count in ordered:
        name = paint(f"{severity.value:<7}", COLORS[severity], BOLD)
        title = report.titles.get(code, "")
        out.append(f"{count:>{room}}  {code:<9} {name}  {title}".rstrip())
    return "".join(f"{line}\n" for line in out)
