"""The line at the foot of a picture that says what its signs mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from hubwright.model.address import Prefix
from hubwright.model.estate import Estate
from hubwright.semantics.assigned import address_of
from hubwright.surfaces.report import theme
from hubwright.surfaces.report.canvas import Canvas
from hubwright.surfaces.report.layout import MARGIN, WIDTH
from hubwright.surfaces.report.text import width

_PLACEHOLDERS = (Prefix.parse("203.0.113.0/24"), Prefix.parse("233.252.0.0/24"))


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign and its meaning: a line's class, or a glyph's name."""

    meaning: str
    line: str = ""
    glyph: str = ""
    css: str = ""


ESTATE = (
    Sign("peering", line="peer"),
    Sign("let in by DNAT", line="dnat"),
    Sign("NSG", glyph="nsg", css="nsg"),
    Sign("route table", glyph="routes", css="routes"),
    Sign("nodes", glyph="nodes"),
    Sign("pods", glyph="pods"),
    Sign("machine", glyph="machine"),
    Sign("private endpoint", glyph="endpoint"),
    Sign("load balancer", glyph="balancer"),
    Sign("caution", glyph="fact", css="warn"),
)
TRACE = (
    Sign("the way out", line="walk-out"),
    Sign("the way back", line="walk-back"),
    Sign("the question to DNS", line="walk-dns"),
    Sign("stopped here", line="stopped"),
)


def paint_legend(canvas: Canvas, signs: Sequence[Sign], y: float) -> float:
    """Paint signs in as many lines as they need and return the lower edge."""
    x = float(MARGIN)
    for sign in signs:
        lead = 28 if sign.line else 21
        w = lead + width(sign.meaning, theme.NOTE)
        if x + w > WIDTH - MARGIN:
            x, y = float(MARGIN), y + 22
        if sign.line:
            canvas.path(f"M{x:.1f} {y + 8:.1f}h22", sign.line)
        else:
            canvas.glyph(sign.glyph, x, y, 16, sign.css)
        canvas.text(x + lead, y + 12, sign.meaning, theme.NOTE)
        x += w + 15
    return y + 20


def footnote(estate: Estate, hidden_arrows: int) -> str:
    """Return what a reader must know to read the addresses right; "" when there is nothing."""
    notes: list[str] = []
    addresses = [address_of(estate, item.name) for item in estate.public_ips]
    if any(a is not None and any(a in p for p in _PLACEHOLDERS) for a in addresses):
        notes.append("Public addresses of 203.0.113.0/24 stand for those that Azure will choose.")
    if hidden_arrows > 0:
        rules = "rule leads" if hidden_arrows == 1 else "rules lead"
        notes.append(f"{hidden_arrows} more DNAT {rules} elsewhere.")
    return " ".join(notes)
