"""The answers about a whole network as a picture: who reaches whom, and what is proved."""

from hubwright.engines.verify.reach.overview import Overview
from hubwright.engines.verify.space import Verdict
from hubwright.model.estate import Estate
from hubwright.semantics.names import INTERNET
from hubwright.surfaces.report import theme
from hubwright.surfaces.report.canvas import Box, Canvas
from hubwright.surfaces.report.layout import MARGIN, WIDTH
from hubwright.surfaces.report.overview_rows import Section, cell, sections
from hubwright.surfaces.report.svg import document
from hubwright.surfaces.report.text import width

_CELL, _WIDEST, _GAP = 30.0, 170.0, 4.0
_LINE = 20.0
_LABELS = 200.0
_SIGNS = {Verdict.PROVED: "good", Verdict.REFUTED: "bad", Verdict.UNKNOWN: "unsure"}
_LEGEND = (
    ("good", "through a firewall"),
    ("cloud", "also direct, between networks"),
    ("bad", "also direct, to or from the internet"),
    ("row", "nothing is answered"),
)


def draw(estate: Estate, found: Overview) -> str:
    """Return the picture; the same answers give the same bytes."""
    canvas = Canvas()
    room = WIDTH - 2 * MARGIN
    canvas.text(MARGIN, 44, f"{estate.name}: who reaches whom", theme.TITLE, room=room)
    note = "All packets, out and back. Rows ask, columns answer."
    canvas.text(MARGIN, 65, note, theme.NOTE, room=room)
    y = _matrix(canvas, found, 84)
    y = _legend(canvas, y + 8)
    for section in sections(found):
        y = _section(canvas, section, y + 18)
    proved = sum(row.verdict is Verdict.PROVED for s in sections(found) for row in s.rows)
    words = f"{len(found.places)} places, {len(found.ways)} pairs with answers, {proved} proofs."
    return document(canvas, y + 10, f"{estate.name}: who reaches whom", words)


def _matrix(canvas: Canvas, found: Overview, top: float) -> float:
    """Paint the table of all pairs; return its lower edge."""
    step = min((WIDTH - 2 * MARGIN - _LABELS) / len(found.places), _WIDEST)
    left = MARGIN + _LABELS
    for column, there in enumerate(found.places):
        middle = left + column * step + (step - _GAP) / 2
        canvas.text(middle, top + 14, there, theme.NAME, room=step - _GAP, anchor="middle")
    top += 24
    for row, here in enumerate(found.places):
        y = top + row * (_CELL + _GAP)
        canvas.text(MARGIN, y + _CELL / 2 + 4, here, theme.NAME, room=_LABELS - 12)
        for column, there in enumerate(found.places):
            ways = found.ways.get((here, there), frozenset())
            box = Box(left + column * step, y, step - _GAP, _CELL)
            canvas.rect(box, _shade(here, there, ways), 4, f"{here} to {there}: {cell(ways)}")
            if ways:
                canvas.text(
                    box.cx,
                    box.cy + 4,
                    cell(ways),
                    theme.ENTRY,
                    room=box.w - 8,
                    anchor="middle",
                )
    return top + len(found.places) * (_CELL + _GAP)


def _shade(here: str, there: str, ways: frozenset[tuple[str, ...]]) -> str:
    if not ways:
        return "row"
    if () not in ways:
        return "good"
    return "bad" if INTERNET in (here, there) else "cloud"


def _legend(canvas: Canvas, top: float) -> float:
    x = float(MARGIN)
    for css, text in _LEGEND:
        canvas.rect(Box(x, top, 14, 14), css, 3)
        canvas.text(x + 20, top + 11, text, theme.NOTE)
        x += 20 + width(text, theme.NOTE) + 24
    return top + 14


def _section(canvas: Canvas, section: Section, top: float) -> float:
    """Paint a question and its rows; return the lower edge."""
    canvas.text(MARGIN, top + 14, section.title, theme.NETWORK, room=WIDTH - 2 * MARGIN)
    top += 26
    for row in section.rows:
        css = _SIGNS[row.verdict] if section.is_claim else "chip"
        canvas.rect(Box(MARGIN, top, 12, 12), css, 3)
        canvas.text(MARGIN + 20, top + 10, row.place, theme.NAME, room=_LABELS - 28)
        left = MARGIN + _LABELS
        canvas.text(left, top + 10, row.text, theme.PLAIN, room=WIDTH - 2 * MARGIN - left)
        top += _LINE
    return top
