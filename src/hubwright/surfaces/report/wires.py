"""The lines between boxes: peerings, and what the firewall lets in."""

from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Estate
from hubwright.model.network import VirtualNetworkPeering
from hubwright.surfaces.report import theme
from hubwright.surfaces.report.canvas import Box, Canvas, Point
from hubwright.surfaces.report.exposures import Exposure
from hubwright.surfaces.report.layout import MARGIN, WIDTH, Layout, PlacedNetwork
from hubwright.surfaces.report.rows import WIDE
from hubwright.surfaces.report.text import width


@dataclass(frozen=True, slots=True)
class Peering:
    """The line between the hub and a spoke; `names` are those of its two directions."""

    points: tuple[Point, ...]
    label: str
    is_whole: bool
    names: tuple[str, ...]
    tag: Box


def peerings(layout: Layout) -> list[Peering]:
    """Return the lines between the hub and its spokes, in the spokes' order."""
    hub = layout.hub
    if hub is None:
        return []
    out: list[Peering] = []
    for frame in layout.spokes:
        found = _between(layout.estate, hub.content.network.name, frame.content.network.name)
        if found:
            out.append(_peering(layout, hub, frame, found))
    return out


def _between(estate: Estate, hub: str, spoke: str) -> list[VirtualNetworkPeering]:
    ends = {(hub, spoke), (spoke, hub)}
    return [
        peering
        for peering in estate.virtual_network_peerings
        if (peering.virtual_network, peering.remote_virtual_network) in ends
    ]


def _peering(
    layout: Layout, hub: PlacedNetwork, frame: PlacedNetwork, found: list[VirtualNetworkPeering]
) -> Peering:
    """Lead a line down the right of the picture, and along the gap above the spoke."""
    start, end = hub.box.right - 70, frame.box.right - 70
    _, floor = layout.gap(frame.line)
    bus = floor - 34
    if frame.line == 0:
        points = [(start, hub.box.bottom), (start, bus), (end, bus), (end, floor)]
    else:
        first = layout.gap(0)[1] - 34
        edge = WIDTH - MARGIN / 2
        points = [(start, hub.box.bottom), (start, first), (edge, first), (edge, bus)]
        points += [(end, bus), (end, floor)]
    label, whole = _quality(found)
    w = width(label, theme.SMALL) + 16
    return Peering(
        tuple(points),
        label,
        whole,
        tuple(p.name for p in found),
        Box(end - w / 2, floor - 24, w, 17),
    )


def _quality(found: list[VirtualNetworkPeering]) -> tuple[str, bool]:
    if len({p.virtual_network for p in found}) < 2:
        return f"only from {found[0].virtual_network}"[:26], False
    if not all(p.allow_virtual_network_access for p in found):
        return "peered, access off", False
    if not any(p.allow_forwarded_traffic for p in found):
        return "peered, nothing forwarded", False
    return "peering", True


def paint_peerings(canvas: Canvas, layout: Layout) -> None:
    """Paint the peerings."""
    lines = peerings(layout)
    for line in lines:
        canvas.line(line.points, "peer" if line.is_whole else "broken")
    for line in lines:
        canvas.rect(line.tag, "peer-tag" if line.is_whole else "unsure", 8)
        style = theme.PEER_TAG if line.is_whole else theme.WARN_TAG
        canvas.text(line.tag.cx, line.tag.y + 12, line.label, style, anchor="middle")


@dataclass(frozen=True, slots=True)
class _Aim:
    """Where an arrow comes down, and its last points."""

    line: int
    x: float
    tail: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """A DNAT rule's line from the firewall to where it leads; the tag has its name."""

    rule: Exposure
    points: tuple[Point, ...]
    tag: Box


def arrows(layout: Layout) -> list[Arrow]:
    """Return the arrows of what the firewall lets in, from left to right."""
    card, hub = layout.card, layout.hub
    if card is None or hub is None:
        return []
    aims = [(rule, _aim(layout, n, rule)) for n, rule in enumerate(layout.arrows)]
    aimed = [(rule, aim) for rule, aim in aims if aim is not None]
    aimed.sort(key=lambda pair: (pair[1].line, pair[1].x, pair[1].tail))
    step = min(74.0, (card.box.w - 60) / max(1, len(aimed)))
    starts = [card.box.x + 44 + step * n for n in range(len(aimed))]
    lanes = _lanes([(x, aim.x) for x, (_, aim) in zip(starts, aimed, strict=True)])
    out: list[Arrow] = []
    for x, lane, (rule, aim) in zip(starts, lanes, aimed, strict=True):
        w = min(width(rule.name, theme.TAG) + 14, step - 4)
        tag = Box(x - w / 2, hub.box.bottom + 5, w, 15)
        out.append(Arrow(rule, ((x, card.box.bottom), *_way(layout, x, lane, aim)), tag))
    return out


def _way(layout: Layout, x: float, lane: int, aim: _Aim) -> tuple[Point, ...]:
    """Lead an arrow along its lane; to a later line of spokes, down the left margin first."""
    y = layout.gap(0)[0] + 26 + 6 * lane
    if aim.line == 0:
        return (x, y), (aim.x, y), *aim.tail
    edge = MARGIN - 6 - 1.5 * lane
    below = layout.gap(aim.line)[0] + 10 + 6 * lane
    return (x, y), (edge, y), (edge, below), (aim.x, below), *aim.tail


def _aim(layout: Layout, n: int, rule: Exposure) -> _Aim | None:
    """Find the frontend, or the row, that a rule leads to."""
    for frame in layout.spokes:
        gutter = frame.box.x + 10 + 5 * (n % 4)
        for row in frame.rows:
            for item in row.items:
                if rule.place not in item.item.names:
                    continue
                if row.box.w >= WIDE:
                    return _Aim(frame.line, item.box.cx, ((item.box.cx, item.box.y),))
                end = (item.box.x, item.box.cy)
                return _Aim(frame.line, gutter, ((gutter, end[1]), end))
            if row.row.key == rule.place:
                end = (row.box.x, row.box.cy)
                return _Aim(frame.line, gutter, ((gutter, end[1]), end))
    return None


def _lanes(spans: list[tuple[float, float]]) -> list[int]:
    """Return a lane for each arrow, such that those from left to right cross least."""
    left = [n for n, (start, end) in enumerate(spans) if end < start]
    right = [n for n, (start, end) in enumerate(spans) if end >= start]
    order = [*left, *reversed(right)]
    return [order.index(n) for n in range(len(spans))]


def paint_arrows(canvas: Canvas, layout: Layout) -> None:
    """Paint an arrow for each DNAT rule."""
    drawn = arrows(layout)
    for arrow in drawn:
        canvas.line(arrow.points, "dnat")
        (x0, y0), tip = arrow.points[-2:]
        down = abs(tip[1] - y0) > abs(tip[0] - x0)
        canvas.head(tip, (0, 1) if down else (1, 0), "dnat-f")
    for arrow in drawn:
        box, rule = arrow.tag, arrow.rule
        if box.w >= min(width(rule.name, theme.TAG) + 14, 48):
            canvas.rect(box, "tag", 7, f"{rule.name}: {rule.public} → {rule.target}")
            canvas.text(box.cx, box.y + 11, rule.name, theme.TAG, room=box.w - 8, anchor="middle")
