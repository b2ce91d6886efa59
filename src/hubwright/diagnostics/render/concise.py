"""One finding a line: `estate.yaml:15:28: error[ROUTE001] message`."""

from hubwright.diagnostics.diagnostic import Diagnostic
from hubwright.diagnostics.render.ansi import BOLD, CYAN, Paint, one_line
from hubwright.diagnostics.render.report import Report, page
from hubwright.diagnostics.render.text import COLORS


def render(report: Report) -> str:
    """Return one line a finding; ignored ones end with their reason."""
    paint = Paint(report.color, report.links)
    lines = [_line(item, paint) for item in report.diagnostics]
    lines += [
        f"{_line(item.diagnostic, paint)} (ignored: {one_line(item.reason)})"
        for item in report.ignored
    ]
    return "".join(f"{line}\n" for line in lines)


def _line(item: Diagnostic, paint: Paint) -> str:
    place = one_line(str(item.primary.origin))
    code = paint.link(item.code, page(item.code))
    name = paint(f"{item.severity.value}[{code}]", COLORS[item.severity], BOLD)
    where = f"{paint(place, CYAN)}: " if place else ""
    return f"{where}{name} {one_line(item.message)}"
