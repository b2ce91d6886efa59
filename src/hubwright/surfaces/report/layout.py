"""
Where everything of an estate's picture goes: a fixed arrangement, no solver.

The internet is at the top, the hub under it with the firewall at its left, private DNS and the
platform's services beside, the spokes below, three in a row. Widths are given, heights follow.
"""

from collections.abc import Sequence
from dataclasses import field, replace

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import format_address
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall
from hubwright.model.network import FIREWALL_SUBNET, PublicIp
from hubwright.semantics.assigned import address_of
from hubwright.surfaces.report import contents
from hubwright.surfaces.report.canvas import Box
from hubwright.surfaces.report.contents import Item, Network, Row
from hubwright.surfaces.report.exposures import Exposure, exposures
from hubwright.surfaces.report.panels import Panel, panels, place_panels
from hubwright.surfaces.report.rows import PAD, WIDE, PlacedRow, place_row

WIDTH = 1000
MARGIN = 28
SIDE = 272
"""Width of the column of private DNS and services."""
HEAD = 34
"""Height of a network's header."""
FOOT = 24
CARD_HEIGHT = 106
PER_ROW = 3
MAX_PILLS = 9
MAX_ARROWS = 12


@dataclass(frozen=True, slots=True)
class PlacedNetwork:
    """A network's frame with its rows; `is_hub` frames hold the firewall too."""

    content: Network
    box: Box
    rows: tuple[PlacedRow, ...]
    is_hub: bool
    line: int = 0
    """In which line of spokes, from 0."""
    gutter: float = 0
    """Room at the left for arrows that come in from the side."""

    @property
    def left(self) -> float:
        """Where the header's and the footer's texts begin."""
        return self.box.x + 14 + self.gutter


@dataclass(frozen=True, slots=True)
class Pill:
    """A public IP of the firewall."""

    name: str
    address: str
    box: Box


@dataclass(frozen=True, slots=True)
class Card:
    """The hub's firewall: its subnet's row around it, the card itself, its public IPs above."""

    firewall: Firewall
    subnet: PlacedRow
    box: Box
    pills: tuple[Pill, ...]
    hidden_pills: int


@dataclass(slots=True)
class Layout:
    """Everything in place."""

    estate: Estate
    cloud: Box
    card: Card | None = None
    frames: list[PlacedNetwork] = field(default_factory=list[PlacedNetwork])
    side: tuple[Panel, ...] = ()
    arrows: tuple[Exposure, ...] = ()
    hidden_arrows: int = 0
    bottom: float = 0

    @property
    def trunk(self) -> float | None:
        """Where the line from the firewall's public IPs comes down, if it has any."""
        if self.card is None or not self.card.pills:
            return None
        return _trunk(self.card.pills, self.card.box)

    @property
    def hub(self) -> PlacedNetwork | None:
        """The hub's frame, if there is one."""
        return next((frame for frame in self.frames if frame.is_hub), None)

    @property
    def spokes(self) -> list[PlacedNetwork]:
        """The frames of all other networks."""
        return [frame for frame in self.frames if not frame.is_hub]

    def rows(self) -> list[PlacedRow]:
        """Return every row, the firewall's subnet included."""
        card = [self.card.subnet] if self.card else []
        return [*card, *(row for frame in self.frames for row in frame.rows)]

    def gap(self, line: int) -> tuple[float, float]:
        """Return the vertical room above a line of spokes: its top and its bottom."""
        bottom = min(f.box.y for f in self.spokes if f.line == line)
        above = [f.box.bottom for f in self.frames if f.is_hub or f.line < line]
        return max([b for b in above if b < bottom], default=self.cloud.bottom), bottom


def lay_out(estate: Estate, top: float) -> Layout:
    """Return the picture of an estate whose upper edge is at `top`."""
    networks = contents.networks(estate)
    side = panels(estate)
    left_width = WIDTH - 2 * MARGIN - (SIDE + 20 if side else 0)
    hub = next((n for n in networks if n.network.name == estate.hub), None)
    firewall = next((f for f in estate.firewalls if f.virtual_network == estate.hub), None)
    cell = _cell_width(left_width, hub)
    middle = MARGIN + (PAD + cell / 2 if hub and firewall else left_width / 2)
    layout = Layout(estate, Box(middle - 170, top, 340, 72))
    if firewall is not None:
        rules = exposures(estate, firewall.firewall_policy)
        drawn = [rule for rule in rules if rule.place]
        layout.arrows = tuple(drawn[:MAX_ARROWS])
        layout.hidden_arrows = len(rules) - len(layout.arrows)
    y = _place_hub(layout, hub, firewall, left_width, cell) if hub else layout.cloud.bottom
    if side:
        room = Box(WIDTH - MARGIN - SIDE, top + 4, SIDE, y - top - 4)
        layout.side, side_bottom = place_panels(side, room)
        _stretch_hub(layout, side_bottom)
        y = max(y, side_bottom)
    layout.bottom = _place_spokes(layout, [n for n in networks if n is not hub], y)
    return layout


def _cell_width(left_width: float, hub: Network | None) -> float:
    """Return the width of the firewall's cell: all of the hub when nothing else is in it."""
    others = [r for r in hub.rows if not r.key.endswith(f"/{FIREWALL_SUBNET}")] if hub else []
    return left_width - 2 * PAD - (left_width * 0.4 if others else 0)


def _place_hub(
    layout: Layout, hub: Network, firewall: Firewall | None, left_width: float, cell: float
) -> float:
    """Place the hub's frame and return its lower edge."""
    y: float = layout.cloud.bottom
    pills: tuple[Pill, ...] = ()
    hidden = 0
    if firewall is not None:
        pills, hidden = _pills(layout.estate, firewall, Box(MARGIN + PAD, y + 18, cell, 0))
        y = max([y, *(pill.box.bottom for pill in pills)])
    y += 26 if pills else 20
    own = next((r for r in hub.rows if r.key.endswith(f"/{FIREWALL_SUBNET}")), None)
    others = [r for r in hub.rows if r is not own or firewall is None]
    x, w = float(MARGIN + PAD), left_width - 2 * PAD
    if firewall is not None:
        layout.card = _card(firewall, own, Box(x, y + HEAD, cell, 0), pills, hidden)
        x, w = x + cell + 12, w - cell - 12
    rows = _stack(others, x, y + HEAD, w)
    bottom = max(
        [y + HEAD + 20, *(r.box.bottom for r in rows)]
        + ([layout.card.subnet.box.bottom] if layout.card else [])
    )
    frame = Box(MARGIN, y, left_width, bottom + FOOT - y + 4)
    layout.frames.append(PlacedNetwork(hub, frame, tuple(rows), is_hub=True))
    return frame.bottom


def _stack(rows: Sequence[Row], x: float, y: float, w: float) -> list[PlacedRow]:
    out: list[PlacedRow] = []
    for row in rows:
        out.append(place_row(row, x, y, w))
        y = out[-1].box.bottom + 8
    return out


def _pills(estate: Estate, firewall: Firewall, room: Box) -> tuple[tuple[Pill, ...], int]:
    """Return the firewall's public IPs in lines of three above its card."""
    shown = firewall.public_ips[:MAX_PILLS]
    columns = min(3, len(shown)) or 1
    w = min(118, (room.w - 12 * (columns - 1)) / columns)
    left = room.cx - (columns * w + 12 * (columns - 1)) / 2
    out: list[Pill] = []
    for n, name in enumerate(shown):
        box = Box(left + n % columns * (w + 12), room.y + n // columns * 46, w, 38)
        out.append(Pill(name, _address(estate, name), box))
    return tuple(out), len(firewall.public_ips) - len(shown)


def _address(estate: Estate, name: str) -> str:
    known: PublicIp | None = estate.public_ip_by_name.get(name)
    address = address_of(estate, name)
    if address is not None:
        return format_address(address)
    return "after deployment" if known else "not declared"


def _trunk(pills: tuple[Pill, ...], card: Box) -> float:
    """Return the rightmost pill's middle, or near the card's right edge: clear of all labels."""
    rightmost = max(pill.box.cx for pill in pills)
    return rightmost if rightmost > card.cx + 50 else card.right - 24


def _card(
    firewall: Firewall, own: Row | None, room: Box, pills: tuple[Pill, ...], hidden: int
) -> Card:
    row = own or Row(key=firewall.subnet, title=FIREWALL_SUBNET, detail="not declared")
    box = Box(room.x + PAD, room.y, room.w - 2 * PAD, CARD_HEIGHT)
    clear = _trunk(pills, box) - room.x if pills else room.w
    placed = place_row(replace(row, items=()), room.x, room.y, clear)
    box = box.moved(0, placed.box.h)
    whole = Box(room.x, room.y, room.w, box.bottom + PAD - room.y)
    return Card(firewall, replace(placed, box=whole), box, pills, hidden)


def firewall_item(estate: Estate, firewall: Firewall) -> Item:
    """Return what a hop may call the hub's firewall."""
    nics = [nic for nic in estate.network_interfaces if nic.owner == firewall.name]
    return Item(
        glyph="firewall",
        title=firewall.name,
        names=(firewall.name, *(nic.name for nic in nics)),
        addresses=tuple(nic.private_ip_address for nic in nics),
    )


def _stretch_hub(layout: Layout, bottom: float) -> None:
    """Draw the hub down to the side column's end, when that one is a little longer."""
    for n, frame in enumerate(layout.frames):
        missing = bottom - frame.box.bottom
        if frame.is_hub and missing > 0:
            box = Box(frame.box.x, frame.box.y, frame.box.w, frame.box.h + missing)
            layout.frames[n] = replace(frame, box=box)


def _place_spokes(layout: Layout, spokes: Sequence[Network], y: float) -> float:
    """Place the spokes three in a row and return the lower edge of the last."""
    lanes = len(layout.arrows)
    linked = layout.hub is not None
    for line, start in enumerate(range(0, len(spokes), PER_ROW)):
        some = spokes[start : start + PER_ROW]
        columns = min(PER_ROW, len(spokes))
        w = (WIDTH - 2 * MARGIN - 20 * (columns - 1)) / columns
        aimed = line == 0 or _is_aimed_at(some, layout.arrows)
        y += (66 + 6 * lanes * aimed) if linked else 24
        frames = [
            _spoke(network, Box(MARGIN + n * (w + 20), y, w, 0), line, layout.arrows)
            for n, network in enumerate(some)
        ]
        bottom = max(frame.box.bottom for frame in frames)
        for frame in frames:
            box = Box(frame.box.x, frame.box.y, frame.box.w, bottom - frame.box.y)
            layout.frames.append(replace(frame, box=box))
        y = bottom
    return y


def _is_aimed_at(networks: Sequence[Network], arrows: tuple[Exposure, ...]) -> bool:
    """Tell whether arrows lead into any of these networks."""
    aims = {arrow.place for arrow in arrows}
    rows = [row for network in networks for row in network.rows]
    return any(row.key in aims or any(aims & set(i.names) for i in row.items) for row in rows)


def _spoke(network: Network, room: Box, line: int, arrows: tuple[Exposure, ...]) -> PlacedNetwork:
    gutter = _gutter(network, room.w, {arrow.place for arrow in arrows})
    x, w = room.x + PAD + gutter, room.w - 2 * PAD - gutter
    rows = _stack(network.rows, x, room.y + HEAD, w)
    bottom = max([room.y + HEAD + 10, *(row.box.bottom for row in rows)]) + FOOT
    box = Box(room.x, room.y, room.w, bottom + 4 - room.y)
    return PlacedNetwork(network, box, tuple(rows), is_hub=False, line=line, gutter=gutter)


def _gutter(network: Network, w: float, aims: set[str]) -> float:
    """Return the room for arrows that end at a row's left edge, not on a chip from above."""
    in_rows = any(row.key in aims for row in network.rows)
    on_chips = any(aims & set(item.names) for row in network.rows for item in row.items)
    narrow = w - 2 * PAD < WIDE
    return 22 if in_rows or (on_chips and narrow) else 0
