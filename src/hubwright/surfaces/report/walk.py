"""Draws a walk over the picture: lines out and back, numbered hops, and a bar where it stops."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from hubwright.errors import UnknownResource
from hubwright.lazy_dataclass import dataclass
from hubwright.model.flow import Hop, Step, Trace
from hubwright.semantics import locate
from hubwright.semantics.names import INTERNET
from hubwright.surfaces.report import places, theme
from hubwright.surfaces.report.canvas import Box, Canvas, Point, number
from hubwright.surfaces.report.layout import WIDTH, Layout, Pill
from hubwright.surfaces.report.places import Place

RADIUS = 10.0


@dataclass(frozen=True, slots=True)
class Marker:
    """A numbered hop; `place` is None when the picture does not show it, `at` then too."""

    hop: Hop
    label: str
    way: str
    """`out`, `back` or `dns`."""
    place: Place | None
    at: Point | None


@dataclass(frozen=True, slots=True)
class Leg:
    """A line from one marker to the next, past a public IP where the packet carries it."""

    way: str
    points: tuple[Point, ...]
    pill: Pill | None


@dataclass(frozen=True, slots=True)
class Walked:
    """A trace in place."""

    markers: tuple[Marker, ...]
    legs: tuple[Leg, ...]
    stop: Box | None

    def marks(self) -> set[str]:
        """Return which signs the walk has."""
        ways = {f"walk-{leg.way}" for leg in self.legs}
        return ways | ({"stopped"} if self.stop is not None else set())

    def lit(self) -> frozenset[Box]:
        """Return the boxes that the walk passes."""
        boxes = {marker.place.box for marker in self.markers if marker.place}
        return frozenset(boxes | {leg.pill.box for leg in self.legs if leg.pill})


def place_walk(layout: Layout, trace: Trace) -> Walked:
    """Return where the markers and lines of a trace go. Numbers run on from the way out."""
    taken: Counter[tuple[Box, str]] = Counter()
    out = _markers(layout, trace.forward, "out", 1, taken)
    back = _markers(layout, trace.reverse, "back", 1 + len(out), taken)
    asked = _markers(layout, trace.dns, "dns", 0, taken)
    legs = [*_legs(layout, out), *_legs(layout, back), *_questions(layout, trace, out, asked)]
    blocker = trace.blocker
    stop = places.stop_box(layout, *blocker) if blocker else None
    return Walked((*asked, *out, *back), tuple(legs), stop)


def _markers(
    layout: Layout, hops: Sequence[Hop], way: str, first: int, taken: Counter[tuple[Box, str]]
) -> list[Marker]:
    out: list[Marker] = []
    for n, hop in enumerate(hops):
        place = places.find(layout, hop)
        at = None
        if place is not None:
            at = _corner(layout, place.box, way, taken[place.box, way])
            taken[place.box, way] += 1
        out.append(Marker(hop, str(first + n) if way != "dns" else "?", way, place, at))
    return out


def _corner(layout: Layout, box: Box, way: str, nth: int) -> Point:
    """Return the spot of a marker: out at the left edge, back at the right one, DNS below."""
    if box == layout.cloud:
        return box.cx + (80 + 24 * nth) * (-1 if way == "out" else 1), box.bottom - 16
    if way == "dns":
        return min(box.x + 30 + 24 * nth, box.right), box.bottom
    if way == "out":
        return max(box.x - 22 * nth, 14), box.y + min(11, box.h / 2)
    return min(box.right + 22 * nth, WIDTH - 14), box.bottom - min(11, box.h / 2)


def _legs(layout: Layout, markers: Sequence[Marker]) -> list[Leg]:
    out: list[Leg] = []
    for one, other in pairwise(markers):
        if one.at is None or other.at is None:
            continue
        pill = places.pill_between(layout, one.hop, other.hop)
        points = [one.at, other.at]
        if pill is not None:
            side = -16 if one.way == "out" else 16
            points.insert(1, (pill.box.cx + side, pill.box.cy))
        out.append(Leg(one.way, tuple(points), pill))
    return out


def _questions(
    layout: Layout, trace: Trace, out: Sequence[Marker], asked: Sequence[Marker]
) -> list[Leg]:
    """Return the lines from the client to the DNS servers that it asks."""
    start = out[0].at if out else _client(layout, trace)
    return [
        Leg("dns", (start, marker.at), None)
        for marker in asked
        if start is not None and marker.at is not None and marker.hop.node != INTERNET
    ]


def _client(layout: Layout, trace: Trace) -> Point | None:
    """Return where a flow starts whose first hop was never made, since its name is unknown."""
    try:
        nic = locate.source(layout.estate, trace.flow.source)
    except UnknownResource:
        return None
    if isinstance(nic, int):
        return None
    hop = Hop(node=nic.name, kind="interface", packet=None, steps=())
    place = places.find(layout, hop)
    return (place.box.x, place.box.cy) if place else None


def paint_legs(canvas: Canvas, walked: Walked) -> None:
    """Paint the lines; they go under what they join."""
    for leg in walked.legs:
        for n, (start, end) in enumerate(pairwise(leg.points)):
            data, _ = _curve(start, end, last=n == len(leg.points) - 2)
            canvas.path(data, f"walk-{leg.way}")


def paint_heads(canvas: Canvas, walked: Walked) -> None:
    """Paint the lines' arrowheads; they go over what the lines join."""
    for leg in walked.legs:
        _, down = _curve(*leg.points[-2:], last=True)
        x, y = leg.points[-1]
        canvas.head((x, y - down * (RADIUS + 1)), (0, down), f"{leg.way}-f", 9)


def _curve(start: Point, end: Point, *, last: bool) -> tuple[str, float]:
    """
    Return a curve that leaves and arrives vertically, and whether down (1) or up (-1).

    Side by side, it goes over the top. The last curve of a leg stops short of the marker.
    """
    (x0, y0), (x1, y1) = start, end
    if abs(y1 - y0) < 3 * RADIUS:
        top = min(y0, y1) - 44
        first, second, down = (x0, top), (x1, top), 1.0
    else:
        middle = (y0 + y1) / 2
        first, second, down = (x0, middle), (x1, middle), 1.0 if y1 > y0 else -1.0
    tip = (x1, y1 - down * (RADIUS + 7)) if last else end
    return f"M{_xy(start)}C{_xy(first)} {_xy(second)} {_xy(tip)}", down


def _xy(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def paint_markers(canvas: Canvas, walked: Walked) -> None:
    """Paint the numbers."""
    for marker in walked.markers:
        if marker.at is not None:
            paint_marker(canvas, marker.at, marker.label, marker.way)


def paint_marker(canvas: Canvas, at: Point, label: str, way: str) -> None:
    """Paint one number in a disc."""
    canvas.circle(at[0], at[1], RADIUS, f"{way}-f")
    canvas.text(at[0], at[1] + 3.8, label, theme.MARKER, anchor="middle")


def paint_outlines(canvas: Canvas, walked: Walked, layout: Layout) -> None:
    """Outline what the walk passes, but for the internet, which is no box."""
    pills = {pill.box for pill in layout.card.pills} if layout.card else set[Box]()
    for box in sorted(walked.lit() - {layout.cloud}, key=lambda b: (b.y, b.x)):
        canvas.rect(box, "lit-out", 19 if box in pills else 7)


def paint_stop(canvas: Canvas, box: Box | None) -> None:
    """Paint a red bar, with a no-entry sign, over what stops the walk."""
    if box is None:
        return
    canvas.rect(box.grown(3), "stopped", 8)
    canvas.rect(Box(box.x - 6, box.y - 8, box.w + 12, 8), "bar", 4)
    canvas.circle(box.cx, box.y - 4, 11, "bar")
    canvas.rect(Box(box.cx - 6, box.y - 6, 12, 4), "paper-f", 1)


def deciding_step(trace: Trace) -> tuple[Hop, Step] | None:
    """Return the step that stops the flow, or the last one that let it through."""
    if trace.blocker is not None:
        return trace.blocker
    for hop in reversed(trace.forward):
        for step in reversed(hop.steps):
            if step.stage is trace.decided_by:
                return hop, step
    return None
