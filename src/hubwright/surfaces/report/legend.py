"""The line at the foot of a picture that says what its signs mean."""

from collections.abc import Sequence

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import Prefix
from hubwright.semantics.assigned import address_of
from hubwright.surfaces.report import theme
from hubwright.surfaces.report.canvas import Canvas
from hubwright.surfaces.report.layout import MARGIN, WIDTH, Layout
from hubwright.surfaces.report.text import width
from hubwright.surfaces.report.wires import arrows, peerings

_PLACEHOLDERS = (Prefix.parse("203.0.113.0/24"), Prefix.parse("233.252.0.0/24"))


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign and its meaning: a line's class, or a glyph's name."""

    meaning: str
    line: str = ""
    glyph: str = ""
    css: str = ""

    @property
    def mark(self) -> str:
        """What must be in a picture for the sign to be explained."""
        return self.line or self.css or self.glyph


ESTATE = (
    Sign("peering", line="peer"),
    Sign("peering, not whole", line="broken"),
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


def marks(layout: Layout) -> set[str]:
    """Return which signs an estate's picture has."""
    rows = layout.rows()
    badges = {badge.badge.css for row in rows for badge in row.badges}
    cautions = {"warn" for panel in layout.side for entry in panel.entries if entry.is_caution}
    lines = {"peer" for line in peerings(layout) if line.is_whole}
    lines |= {"broken" for line in peerings(layout) if not line.is_whole}
    lines |= {"dnat" for _ in arrows(layout)}
    return {item.item.glyph for row in rows for item in row.items} | badges | cautions | lines


def paint_legend(canvas: Canvas, signs: Sequence[Sign], shown: set[str], y: float) -> float:
    """Paint the signs that are shown in as many lines as they need, and return the lower edge."""
    x = float(MARGIN)
    for sign in signs:
        if sign.mark not in shown:
            continue
        lead = 28 if sign.line else 21
        w = lead + width(sign.meaning, theme.NOTE)
        if x + w > WIDTH - MARGIN:
            x, y = float(MARGIN), y + 22
        if sign.line:
            canvas.path(f"M{x:.1f} {y + 8:.1f}L{x + 22:.1f} {y + 8:.1f}", sign.line)
        else:
            canvas.glyph(sign.glyph, x, y, 16, sign.css)
        canvas.text(x + lead, y + 12, sign.meaning, theme.NOTE)
        x += w + 15
    return y + 20


def footnote(layout: Layout) -> str:
    """Return what a reader must know to read the addresses right; "" when there is nothing."""
    notes: list[str] = []
    estate = layout.estate
    addresses = [address_of(estate, item.name) for item in estate.public_ips]
    if any(a is not None and any(a in p for p in _PLACEHOLDERS) for a in addresses):
        notes.append("Public addresses of 203.0.113.0/24 stand for those that Azure will choose.")
    if layout.card is not None and layout.card.hidden_pills:
        notes.append(f"Public IPs of the firewall that are not drawn: {layout.card.hidden_pills}.")
    if layout.hidden_arrows:
        notes.append(f"DNAT rules that are not drawn: {layout.hidden_arrows}.")
    return " ".join(notes)
