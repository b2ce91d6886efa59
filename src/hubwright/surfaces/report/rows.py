"""Places the rows of a network: label at the left, what is in it at the right, or below."""

from collections.abc import Sequence

from hubwright.lazy_dataclass import dataclass
from hubwright.surfaces.report import theme
from hubwright.surfaces.report.canvas import Box
from hubwright.surfaces.report.contents import Badge, Item, Row
from hubwright.surfaces.report.text import width

PAD = 12
GAP = 14
"""Between chips: two hop markers fit between neighbours."""
CHIP_HEIGHT = 40
BADGE_HEIGHT = 18
WIDE = 620
"""From this width on, a row has its chips beside its label."""
LABEL = 344


@dataclass(frozen=True, slots=True)
class PlacedBadge:
    """A badge and its box."""

    badge: Badge
    box: Box


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """A chip and its box."""

    item: Item
    box: Box


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row with the boxes of everything in it."""

    row: Row
    box: Box
    label: Box
    """Where the title stands; the detail is the first thing on the line of badges."""
    badges: tuple[PlacedBadge, ...]
    items: tuple[PlacedItem, ...]


def place_row(row: Row, x: float, y: float, w: float) -> PlacedRow:
    """Return a row in place, as high as it must be."""
    wide = w >= WIDE
    label_width = LABEL if wide else w - 2 * PAD
    label = Box(x + PAD, y + 8, label_width, 16)
    start = width(row.detail, theme.ADDRESS) + 8 if row.detail else 0
    badges = _flow_badges(row.badges, label, min(start, label_width))
    label_bottom = max([label.bottom + 4 + BADGE_HEIGHT, *(b.box.bottom for b in badges)])
    if wide:
        left, top = label.right + 20, y + 9
    else:
        left, top = label.x, label_bottom + 10
    # a cluster's frontends are reached from the left edge, so that none hides another
    alone = row.is_cluster and not wide
    items = _flow_items(row.items, Box(left, top, x + w - PAD - left, 0), alone=alone)
    bottom = max([label_bottom + 9, *(i.box.bottom + 9 for i in items)])
    if wide and items:
        down = (bottom - 9 - max(i.box.bottom for i in items)) / 2
        items = tuple(PlacedItem(i.item, i.box.moved(0, down)) for i in items)
    return PlacedRow(row, Box(x, y, w, bottom - y), label, badges, items)


def _flow_badges(badges: Sequence[Badge], label: Box, start: float) -> tuple[PlacedBadge, ...]:
    out: list[PlacedBadge] = []
    x, y = label.x + start, label.bottom + 4
    for badge in badges:
        w = min(width(badge.text, theme.BADGE) + 25, label.w)
        if x + w > label.right and x > label.x:
            x, y = label.x, y + BADGE_HEIGHT + 4
        out.append(PlacedBadge(badge, Box(x, y, w, BADGE_HEIGHT)))
        x += w + 6
    return tuple(out)


def _flow_items(items: Sequence[Item], room: Box, *, alone: bool) -> tuple[PlacedItem, ...]:
    out: list[PlacedItem] = []
    x, y = room.x, room.y
    for item in items:
        w = min(max(112, _natural(item)), room.w)
        if x > room.x and (alone or x + w > room.right):
            x, y = room.x, y + CHIP_HEIGHT + 10
        out.append(PlacedItem(item, Box(x, y, w, CHIP_HEIGHT)))
        x += w + GAP
    return tuple(out)


def _natural(item: Item) -> float:
    return 36 + 14 + max(width(item.title, theme.NAME), width(item.detail, theme.ADDRESS))
