"""A canvas that writes SVG: boxes, texts, lines; every element on a line of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import field

from hubwright.lazy_dataclass import dataclass
from hubwright.surfaces.report.glyphs import GLYPHS
from hubwright.surfaces.report.text import Style, escape, fit


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; y grows downwards."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.h

    @property
    def cx(self) -> float:
        """The middle between left and right."""
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        """The middle between top and bottom."""
        return self.y + self.h / 2

    def grown(self, by: float) -> "Box":
        """Return the box with `by` pixels more on each side."""
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)

    def moved(self, dx: float, dy: float) -> "Box":
        """Return the box elsewhere."""
        return Box(self.x + dx, self.y + dy, self.w, self.h)


Point = tuple[float, float]


def number(value: float) -> str:
    """Return a coordinate with at most one decimal place, so that output is stable."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


@dataclass(slots=True)
class Canvas:
    """Collects elements in the order in which they are painted."""

    parts: list[str] = field(default_factory=list[str])

    def open(self, css: str) -> None:
        """Begin a group."""
        self.parts.append(f'<g class="{css}">')

    def close(self) -> None:
        """End the group begun last."""
        self.parts.append("</g>")

    def rect(self, box: Box, css: str, radius: float = 6, title: str = "") -> None:
        """Paint a rectangle; `title` shows when the pointer rests on it."""
        head = (
            f'<rect class="{css}" x="{number(box.x)}" y="{number(box.y)}" '
            f'width="{number(box.w)}" height="{number(box.h)}" rx="{number(radius)}"'
        )
        self.parts.append(f"{head}><title>{escape(title)}</title></rect>" if title else f"{head}/>")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        style: Style,
        *,
        room: float | None = None,
        anchor: str = "start",
    ) -> None:
        """Write a text on the baseline `y`; cut to `room` pixels, with the whole as tooltip."""
        shown = text if room is None else fit(text, style, room)
        if not shown:
            return
        where = f'x="{number(x)}" y="{number(y)}" font-size="{number(style.size)}"'
        kinds = " ".join([style.css, *(["mono"] if style.mono else []), *(["b"] * style.bold)])
        aligned = "" if anchor == "start" else f' text-anchor="{anchor}"'
        tip = f"<title>{escape(text)}</title>" if shown != text else ""
        self.parts.append(f'<text class="{kinds}" {where}{aligned}>{tip}{escape(shown)}</text>')

    def path(self, data: str, css: str) -> None:
        """Paint a path."""
        self.parts.append(f'<path class="{css}" d="{data}"/>')

    def circle(self, x: float, y: float, radius: float, css: str) -> None:
        """Paint a circle."""
        self.parts.append(
            f'<circle class="{css}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'
        )

    def glyph(self, name: str, x: float, y: float, size: float, css: str = "") -> None:
        """Paint a glyph of `size` pixels with its upper left corner at a point."""
        scale = f" scale({number(size / 16)})" if size != 16 else ""
        data = GLYPHS.get(name, GLYPHS["box"])
        self.parts.append(
            f'<path class="glyph {css or name}" '
            f'transform="translate({number(x)} {number(y)}){scale}" d="{data}"/>'
        )

    def line(self, points: Sequence[Point], css: str, radius: float = 6) -> None:
        """Paint a line with rounded corners through points; each bend is a right angle."""
        self.path(rounded(points, radius), css)

    def head(self, tip: Point, direction: Point, css: str, size: float = 7) -> None:
        """Paint an arrowhead; `direction` is a unit vector."""
        (x, y), (dx, dy) = tip, direction
        back_x, back_y = x - dx * size, y - dy * size
        half = size * 0.55
        points = [
            (x, y),
            (back_x - dy * half, back_y + dx * half),
            (back_x + dy * half, back_y - dx * half),
        ]
        self.path(_polygon(points), css)


def _polygon(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z"


def rounded(points: Sequence[Point], radius: float) -> str:
    """Return path data through points, each corner rounded."""
    kept = [p for n, p in enumerate(points) if n == 0 or p != points[n - 1]]
    out = [f"M{number(kept[0][0])} {number(kept[0][1])}"]
    for before, corner, after in zip(kept, kept[1:], kept[2:], strict=False):
        near, far = _toward(corner, before, radius), _toward(corner, after, radius)
        out.append(
            f"L{number(near[0])} {number(near[1])}"
            f"Q{number(corner[0])} {number(corner[1])} {number(far[0])} {number(far[1])}"
        )
    out.append(f"L{number(kept[-1][0])} {number(kept[-1][1])}")
    return "".join(out)


def _toward(start: Point, end: Point, distance: float) -> Point:
    """Return the point on the way, at most half of it and `distance` pixels away."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5
    share = min(distance / length, 0.5) if length else 0
    return start[0] + dx * share, start[1] + dy * share
