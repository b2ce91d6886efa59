"""Paints a layout: networks, rows, chips, the firewall, panels, peerings and exposures."""

from hubwright.model.address import format_address
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall
from hubwright.surfaces.report import theme
from hubwright.surfaces.report.canvas import Box, Canvas
from hubwright.surfaces.report.layout import Card, Layout, Pill, PlacedNetwork
from hubwright.surfaces.report.panels import Panel
from hubwright.surfaces.report.rows import PAD, WIDE, PlacedBadge, PlacedItem, PlacedRow
from hubwright.surfaces.report.text import width


def paint_cloud(canvas: Canvas, box: Box) -> None:
    """Paint the internet."""
    x, y, w, h = box.x, box.y, box.w, box.h
    data = (
        f"M{x + 34:.0f} {y + h:.0f}"
        f"c-34 0 -40 -36 -6 -38c-2 -22 34 -28 {w * 0.16:.0f} -16"
        f"c18 -22 {w * 0.3:.0f} -22 {w * 0.34:.0f} -2"
        f"c22 -14 {w * 0.22:.0f} -8 {w * 0.24:.0f} 18"
        f"c{w * 0.16:.0f} 2 {w * 0.14:.0f} 38 {w * 0.02:.0f} 38Z"
    )
    canvas.path(data, "cloud")
    canvas.glyph("dns", box.cx - 44, box.cy - 1, 16)
    canvas.text(box.cx - 22, box.cy + 12, "Internet", theme.NETWORK)


def paint_frames(canvas: Canvas, layout: Layout) -> None:
    """Paint the networks' frames and headers, without their rows."""
    for frame in layout.frames:
        canvas.rect(frame.box, "hub" if frame.is_hub else "spoke", 10)
        _header(canvas, frame, _clear_until(layout, frame))
        note = " · ".join(frame.content.notes)
        x = frame.left
        if frame.is_hub and layout.card is not None:
            x = layout.card.subnet.box.right + 14
        canvas.text(x, frame.box.bottom - 10, note, theme.NOTE, room=frame.box.right - 14 - x)


def _clear_until(layout: Layout, frame: PlacedNetwork) -> float:
    """Return up to where a header is clear of lines that come in from above."""
    if frame.is_hub:
        return layout.trunk or frame.box.right
    beside = [row.label.right + 14 for row in frame.rows if row.row.is_cluster and row.items]
    wide = frame.box.w >= WIDE + 2 * PAD
    return min(beside, default=frame.box.right) if wide and layout.arrows else frame.box.right


def _header(canvas: Canvas, frame: PlacedNetwork, end: float) -> None:
    """Write a network's name and address space, short of lines that come in from above."""
    box, network = frame.box, frame.content.network
    space = ", ".join(str(prefix) for prefix in network.address_space)
    x = frame.left
    room = end - 14 - x
    canvas.glyph("network", x, box.y + 9, 16)
    plain = not frame.is_hub or "hub" in network.name.lower()
    title = network.name if plain else f"{network.name} (hub)"
    taken = min(width(title, theme.NETWORK), (room - 22) * 0.6)
    canvas.text(x + 22, box.y + 22, title, theme.NETWORK, room=taken + 0.1)
    left = room - 22 - taken - 12
    canvas.text(x + 22 + taken + 12, box.y + 22, space, theme.ADDRESS, room=left)


def paint_row(canvas: Canvas, row: PlacedRow) -> None:
    """Paint a row's frame, label and badges, without its chips."""
    canvas.rect(row.box, "row cluster-row" if row.row.is_cluster else "row", 6)
    x, room = row.label.x, row.label.w
    if row.row.is_cluster:
        canvas.glyph("cluster", x, row.label.y, 16)
        x, room = x + 22, room - 22
    canvas.text(x, row.label.y + 12, row.row.title, theme.HEADING, room=room)
    canvas.text(row.label.x, row.label.bottom + 17, row.row.detail, theme.ADDRESS, room=row.label.w)
    for badge in row.badges:
        _badge(canvas, badge)


def _badge(canvas: Canvas, placed: PlacedBadge) -> None:
    badge, box = placed.badge, placed.box
    canvas.rect(box, f"badge-{badge.css}", 4)
    canvas.glyph(badge.glyph, box.x + 5, box.y + 3, 12, badge.css)
    canvas.text(box.x + 20, box.y + 13, badge.text, theme.BADGE, room=box.w - 24)


def paint_item(canvas: Canvas, placed: PlacedItem) -> None:
    """Paint a chip."""
    item, box = placed.item, placed.box
    canvas.rect(box, "chip", 6, ", ".join(item.names))
    canvas.glyph(item.glyph, box.x + 13, box.y + 12, 16)
    room = box.w - 36 - 12
    middle = 0 if item.detail else 7
    canvas.text(box.x + 37, box.y + 17 + middle, item.title, theme.NAME, room=room)
    canvas.text(box.x + 37, box.y + 31, item.detail, theme.ADDRESS, room=room)


def paint_card(canvas: Canvas, layout: Layout, card: Card) -> None:
    """Paint the hub's firewall."""
    box = card.box
    canvas.rect(box, "fw", 8)
    canvas.glyph("firewall", box.x + 18, box.y + 13, 28)
    firewall = card.firewall
    address = firewall.private_ip_address
    shown = format_address(address) if address is not None else "address set by Azure"
    room = box.w - 62 - 18
    taken = min(width(firewall.name, theme.NETWORK), room * 0.6)
    canvas.text(box.x + 62, box.y + 24, firewall.name, theme.NETWORK, room=taken + 0.1)
    canvas.text(box.x + 62 + taken + 12, box.y + 24, shown, theme.PACKET, room=room - taken - 12)
    for n, line in enumerate(_facts(layout.estate, firewall)):
        style = theme.PLAIN if n == 0 else theme.NOTE
        canvas.text(box.x + 62, box.y + 43 + 17 * n, line, style, room=room)


def _facts(estate: Estate, firewall: Firewall) -> list[str]:
    """Return four lines on a firewall: what it is, its policy, its services, its rules."""
    zones = f", zones {' '.join(firewall.zones)}" if firewall.zones else ", no zones"
    policy = estate.firewall_policy_by_name.get(firewall.firewall_policy)
    first = f"Azure Firewall {firewall.sku_tier}{zones}"
    if policy is None:
        return [first, f"policy {firewall.firewall_policy or 'none'} is not in the estate"]
    groups = [g for p in estate.policy_chain(policy.name) for g in estate.groups_of(p.name)]
    counts = [
        (sum(len(c.rules) for g in groups for c in g.nat_rule_collections), "DNAT"),
        (sum(len(c.rules) for g in groups for c in g.network_rule_collections), "network"),
        (sum(len(c.rules) for g in groups for c in g.application_rule_collections), "application"),
    ]
    parent = f", under {policy.base_policy}" if policy.base_policy else ""
    proxy = "on" if policy.dns_proxy_enabled else "off"
    return [
        first,
        f"policy {policy.name}{parent}",
        f"threat intelligence {policy.threat_intelligence_mode}, DNS proxy {proxy}",
        f"rules: {', '.join(f'{n} {kind}' for n, kind in counts)}",
    ]


def paint_trunk(canvas: Canvas, layout: Layout, card: Card) -> None:
    """Paint the lines from the internet through the public IPs to the firewall."""
    trunk = layout.trunk
    if trunk is None:
        return
    bus = max(pill.box.bottom for pill in card.pills) + 12
    for x in sorted({pill.box.cx for pill in card.pills} - {trunk}):
        canvas.line([(x, layout.cloud.bottom - 8), (x, bus), (trunk, bus)], "up", 8)
    top = layout.cloud.bottom - 8 if trunk <= layout.cloud.right else bus
    if all(pill.box.cx != trunk for pill in card.pills):
        top = bus
    canvas.line([(trunk, top), (trunk, card.box.y)], "up", 8)


def paint_pill(canvas: Canvas, pill: Pill) -> None:
    """Paint a public IP."""
    box = pill.box
    canvas.rect(box, "pill", 19, pill.name)
    room = box.w - 24
    canvas.text(box.cx, box.y + 16, pill.name, theme.SMALL, room=room, anchor="middle")
    canvas.text(box.cx, box.y + 30, pill.address, theme.PACKET, room=room, anchor="middle")


def paint_panel(canvas: Canvas, panel: Panel) -> None:
    """Paint a list of the side column."""
    box = panel.box
    canvas.rect(box, "spoke", 10)
    canvas.glyph(panel.glyph, box.x + 12, box.y + 9, 16)
    canvas.text(box.x + 36, box.y + 21, panel.title, theme.HEADING, room=box.w - 48)
    for entry, at in zip(panel.entries, panel.boxes, strict=True):
        canvas.glyph(entry.glyph, at.x + 1, at.y + 3, 14, "warn" if entry.is_caution else "plain")
        canvas.text(at.x + 24, at.y + 10, entry.title, theme.ENTRY, room=at.w - 24)
        canvas.text(at.x + 24, at.y + 25, entry.detail, theme.NOTE, room=at.w - 24)
