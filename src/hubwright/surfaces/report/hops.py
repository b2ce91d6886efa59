"""The list beside a drawn walk: every hop with its packet and what happened there."""

from collections.abc import Sequence

from hubwright.model.flow import Disposition, Hop, Step, Trace
from hubwright.surfaces.report import places, theme
from hubwright.surfaces.report.canvas import Box, Canvas
from hubwright.surfaces.report.layout import MARGIN, WIDTH
from hubwright.surfaces.report.text import width, wrap
from hubwright.surfaces.report.walk import Marker, Walked, deciding_step, paint_marker

_GAP = 24
_INDENT = 30
_COLUMN = (WIDTH - 2 * MARGIN - _GAP) / 2
_LINES = 3
"""At most so many lines a step; the rest is cut, and in the tooltip."""


def paint_header(canvas: Canvas, trace: Trace) -> float:
    """Paint the question, the verdict and what decided, and return the lower edge."""
    css = verdict_css(trace.disposition)
    label = trace.disposition.value
    w = width(label, theme.VERDICT[css]) + 28
    pill = Box(WIDTH - MARGIN - w, 24, w, 28)
    canvas.rect(pill, css, 14)
    canvas.text(pill.cx, 43, label, theme.VERDICT[css], anchor="middle")
    room = WIDTH - 2 * MARGIN
    canvas.text(MARGIN, 44, _question(trace), theme.TITLE, room=room - w - 20)
    y = 65.0
    for n, line in enumerate(_findings(trace)):
        style = theme.BAD_LINE if n == 0 and css == "bad" else theme.PLAIN
        for part in wrap(line, style, room, 2):
            canvas.text(MARGIN, y, part, style)
            y += 17
    return y + 4


def verdict_css(disposition: Disposition) -> str:
    """Return `good`, `bad` or `unsure`."""
    if disposition.is_success:
        return "good"
    return "unsure" if disposition is Disposition.INSUFFICIENT_INFO else "bad"


def arrowed(text: str) -> str:
    """Return a text with typographic arrows."""
    return text.replace(" -> ", " → ")


def _question(trace: Trace) -> str:
    flow = trace.flow
    spoken = "" if flow.application == "none" else f" {flow.application}"
    return f"{arrowed(str(flow))}{spoken}"


def _findings(trace: Trace) -> list[str]:
    """Return the verdict in sentences: what decided, what the client sees, what else may be."""
    out: list[str] = []
    found = deciding_step(trace)
    verb = "Stopped" if trace.blocker else "Decided"
    if found is not None:
        hop, step = found
        at = f" ({step.origin})" if step.origin.span is not None else ""
        out.append(arrowed(f"{verb} at {hop.node} by {step.stage}: {step.detail}{at}"))
    else:
        out.append(f"Decided by {trace.decided_by}.")
    out.append(f"The client sees: {trace.symptom}.")
    if trace.unknowns:
        out.append(f"Depends on {', '.join(trace.unknowns)}.")
    others = [f"{branch.disposition} ({branch.symptom})" for branch in trace.branches]
    if others:
        out.append(f"Where Azure chooses at random it may also be {', '.join(others)}.")
    return out


def description(trace: Trace) -> str:
    """Return the walk in words, for those who cannot see it."""
    ways = (("Out", trace.forward), ("Back", trace.reverse))
    walks = [f"{name}: {', '.join(hop.node for hop in hops)}." for name, hops in ways if hops]
    return " ".join([f"{trace.disposition}.", *_findings(trace), *walks])


def paint_hops(canvas: Canvas, trace: Trace, walked: Walked, y: float) -> float:
    """Paint the list from `y` on and return its lower edge."""
    deciding = deciding_step(trace)
    asked = [m for m in walked.markers if m.way == "dns"]
    if asked:
        y = _column(canvas, "Name", asked, deciding, Box(MARGIN, y, WIDTH - 2 * MARGIN, 0)) + 10
    bottom = y
    for n, (title, way) in enumerate((("Out", "out"), ("Back", "back"))):
        markers = [m for m in walked.markers if m.way == way]
        if markers:
            box = Box(MARGIN + n * (_COLUMN + _GAP), y, _COLUMN, 0)
            bottom = max(bottom, _column(canvas, title, markers, deciding, box))
    return bottom


def _column(
    canvas: Canvas,
    title: str,
    markers: Sequence[Marker],
    deciding: tuple[Hop, Step] | None,
    box: Box,
) -> float:
    canvas.text(box.x, box.y + 12, title, theme.HEADING)
    canvas.path(f"M{box.x:.1f} {box.y + 19:.1f}h{box.w:.1f}", "rule")
    y = box.y + 36
    for marker in markers:
        y = _entry(canvas, marker, deciding, Box(box.x, y, box.w, 0)) + 12
    return y


def _entry(canvas: Canvas, marker: Marker, deciding: tuple[Hop, Step] | None, box: Box) -> float:
    hop = marker.hop
    paint_marker(canvas, (box.x + 11, box.y), marker.label, marker.way)
    x, room = box.x + _INDENT, box.w - _INDENT
    suffix = hop.kind if marker.place else f"{hop.kind}, not in the picture"
    taken = min(width(hop.node, theme.NAME), room * 0.6)
    canvas.text(x, box.y + 4, hop.node, theme.NAME, room=taken + 0.1)
    if hop.kind != hop.node or marker.place is None:
        canvas.text(x + taken + 8, box.y + 4, suffix, theme.NOTE, room=room - taken - 8)
    y = box.y + 20
    packet = places.shown_packet(hop)
    if packet:
        canvas.text(x, y, packet, theme.PACKET, room=room)
        y += 16
    for step in hop.steps:
        decides = deciding is not None and step is deciding[1]
        y = _step(canvas, step, Box(x, y, room, 0), decides=decides)
    return y


def _step(canvas: Canvas, step: Step, box: Box, *, decides: bool) -> float:
    style = theme.NOTE
    if decides:
        style = theme.BAD_STEP if step.blocks else theme.GOOD_STEP
    y = box.y
    for line in wrap(arrowed(f"{step.stage}: {step.detail}"), style, box.w, _LINES):
        canvas.text(box.x, y, line, style)
        y += 15
    return y
