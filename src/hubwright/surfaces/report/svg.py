"""
Pictures of an estate and of a packet's walk through it, as SVG that stands alone.

The same estate gives the same bytes. There is no script, no font and no address outside the file;
the colours follow the reader's light or dark preference.
"""

from collections import Counter
from collections.abc import Callable

from hubwright.model.estate import Estate
from hubwright.model.flow import Trace
from hubwright.surfaces.report import hops, legend, picture, theme, walk, wires
from hubwright.surfaces.report.canvas import Box, Canvas, number
from hubwright.surfaces.report.layout import MARGIN, WIDTH, Layout, lay_out
from hubwright.surfaces.report.text import escape

_TOP = 84


def draw_estate(estate: Estate) -> str:
    """
    Return the picture of an estate.

    Draws what there is: an estate without a hub, a firewall or a cluster too, and addresses only
    where `semantics.assigned.assign` has filled them in.
    """
    layout = lay_out(estate, _TOP)
    canvas = Canvas()
    room = WIDTH - 2 * MARGIN
    canvas.text(MARGIN, 44, estate.name, theme.TITLE, room=room)
    canvas.text(MARGIN, 65, _summary(estate), theme.NOTE, room=room)
    _paint(canvas, layout, lambda _: True)
    y = legend.paint_legend(canvas, legend.ESTATE, legend.marks(layout), layout.bottom + 22)
    note = legend.footnote(layout)
    if note:
        canvas.text(MARGIN, y + 14, note, theme.NOTE, room=room)
        y += 22
    return document(canvas, y + 14, estate.name, _description(estate))


def draw_trace(estate: Estate, trace: Trace) -> str:
    """
    Return the picture of a walk: the estate, dimmed, with the packet's way out and back over it.

    Every hop is numbered and listed with the addresses that the packet has there, the ones that
    the picture has no place for included; what stops the packet carries a red bar.
    """
    canvas = Canvas()
    layout = lay_out(estate, hops.paint_header(canvas, trace) + 12)
    walked = walk.place_walk(layout, trace)
    lit = walked.lit()
    canvas.open("dim")
    _paint(canvas, layout, lambda box: box not in lit)
    canvas.close()
    walk.paint_legs(canvas, walked)
    _paint_places(canvas, layout, lambda box: box in lit)
    walk.paint_outlines(canvas, walked, layout)
    walk.paint_stop(canvas, walked.stop)
    walk.paint_heads(canvas, walked)
    walk.paint_markers(canvas, walked)
    y = legend.paint_legend(canvas, legend.TRACE, walked.marks(), layout.bottom + 18)
    y = hops.paint_hops(canvas, trace, walked, y + 20)
    return document(canvas, y + 6, str(trace.flow), hops.description(trace))


def _paint(canvas: Canvas, layout: Layout, wanted: Callable[[Box], bool]) -> None:
    picture.paint_frames(canvas, layout)
    for row in layout.rows():
        picture.paint_row(canvas, row)
    if layout.card is not None:
        picture.paint_trunk(canvas, layout, layout.card)
    wires.paint_peerings(canvas, layout)
    wires.paint_arrows(canvas, layout)
    _paint_places(canvas, layout, wanted)


def _paint_places(canvas: Canvas, layout: Layout, wanted: Callable[[Box], bool]) -> None:
    """Paint what a walk can pass: the internet, public IPs, the firewall, chips."""
    if wanted(layout.cloud):
        picture.paint_cloud(canvas, layout.cloud)
    if layout.card is not None:
        for pill in layout.card.pills:
            if wanted(pill.box):
                picture.paint_pill(canvas, pill)
        if wanted(layout.card.box):
            picture.paint_card(canvas, layout, layout.card)
    for panel in layout.side:
        if wanted(panel.box):
            picture.paint_panel(canvas, panel)
    for row in layout.rows():
        for item in row.items:
            if wanted(item.box):
                picture.paint_item(canvas, item)


def document(canvas: Canvas, height: float, title: str, description: str) -> str:
    """Return the whole SVG document around what was painted."""
    h = number(height)
    size = f'viewBox="0 0 {WIDTH} {h}" width="{WIDTH}" height="{h}"'
    role = 'role="img" aria-labelledby="hw-title hw-desc"'
    paper = Canvas()
    paper.rect(Box(0.5, 0.5, WIDTH - 1, height - 1), "paper", 12)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="hw" {size} {role}>',
            f'<title id="hw-title">{escape(title)}</title>',
            f'<desc id="hw-desc">{escape(description)}</desc>',
            f"<style>\n{theme.stylesheet()}\n</style>",
            *paper.parts,
            *canvas.parts,
            "</svg>",
            "",
        ]
    )


def _count(n: int, what: str) -> str:
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{n} {what if n == 1 else plural}"


def _summary(estate: Estate) -> str:
    counts = (
        (len(estate.virtual_networks), "network"),
        (len(estate.subnets), "subnet"),
        (len(estate.firewalls), "firewall"),
        (len(estate.kubernetes_clusters), "cluster"),
        (len(estate.private_endpoints), "private endpoint"),
        (len(estate.kubernetes_services), "exposed workload"),
    )
    shown = [_count(n, what) for n, what in counts if n]
    return " · ".join([estate.location, *shown])


def _description(estate: Estate) -> str:
    """Return the picture in words, for those who cannot see it."""
    sentences = [f"{_summary(estate).replace(' · ', ', ')}."]
    if estate.hub:
        sentences.append(f"The hub is {estate.hub}.")
    inside = Counter(subnet.virtual_network for subnet in estate.subnets)
    for network in estate.virtual_networks:
        space = ", ".join(str(prefix) for prefix in network.address_space)
        sentences.append(f"{network.name} ({space}): {_count(inside[network.name], 'subnet')}.")
    return " ".join(sentences)
