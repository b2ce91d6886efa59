"""Reads a drawn picture back: where its texts and shapes are, with measures of its own."""

import re
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# Advance widths of DejaVu Sans, in thousandths of an em: the widest font that a reader may have.
_NARROW = dict.fromkeys("iIjl'|,. :;/\\", 340) | dict.fromkeys('()[]-frt"*!_', 500)
_BROAD = dict.fromkeys("mwMW@%…", 1000) | dict.fromkeys("ABCDGHKNOQRUVXZ&#+<=>~→\u00d7^", 840)


@dataclass(frozen=True)
class Shown:
    """A text, or a shape, and the box that it takes."""

    what: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Shown") -> bool:
        """Tell whether two boxes share more than half a pixel."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > 0.5
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 0.5
        )


@dataclass(frozen=True)
class Drawing:
    """A parsed picture."""

    root: ET.Element
    width: float
    height: float

    def texts(self) -> list[Shown]:
        """Every text with its box, from the height of capitals down to the baseline."""
        return [_text_box(node) for node in self.root.iter(f"{SVG}text")]

    def words(self) -> str:
        """Every text and tooltip."""
        return "\n".join(text for text in self.root.itertext())

    def shapes(self) -> list[Shown]:
        """Rectangles, circles, and the points of paths (glyphs and the cloud left out)."""
        out = [_rect(node) for node in self.root.iter(f"{SVG}rect")]
        for node in self.root.iter(f"{SVG}circle"):
            x, y, r = (float(node.attrib[key]) for key in ("cx", "cy", "r"))
            out.append(Shown("circle", x - r, y - r, x + r, y + r))
        for node in self.root.iter(f"{SVG}path"):
            data = node.attrib["d"]
            if "transform" in node.attrib or re.search("[a-z]", data):
                continue
            numbers = [float(text) for text in _NUMBER.findall(data)]
            xs, ys = numbers[::2], numbers[1::2]
            out.append(Shown(f"path {data}", min(xs), min(ys), max(xs), max(ys)))
        return out

    def wires(self) -> list[Shown]:
        """The straight pieces of lines between boxes."""
        out: list[Shown] = []
        for node in self.root.iter(f"{SVG}path"):
            if node.attrib["class"] in ("up", "peer", "broken", "dnat"):
                numbers = [float(text) for text in _NUMBER.findall(node.attrib["d"])]
                points = list(zip(numbers[::2], numbers[1::2], strict=True))
                out += [_segment(node, *pair) for pair in pairwise(points)]
        return out

    def uncovered_texts(self) -> list[Shown]:
        """Texts on no box of their own: a line behind them would show."""
        boxes = [b for css in ("chip", "pill", "fw", "tag", "peer-tag") for b in self.rects(css)]
        boxes += self.rects("unsure")
        return [t for t in self.texts() if not any(t.overlaps(box) for box in boxes)]

    def rects(self, css: str) -> list[Shown]:
        """Rectangles of one class."""
        nodes = self.root.iter(f"{SVG}rect")
        return [_rect(node) for node in nodes if css in node.attrib["class"].split()]

    def count(self, css: str) -> int:
        """How many elements carry a class."""
        return sum(css in node.attrib.get("class", "").split() for node in self.root.iter())


def read(svg: str) -> Drawing:
    root = ET.fromstring(svg)
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    return Drawing(root, width, height)


def _rect(node: ET.Element) -> Shown:
    x, y, w, h = (float(node.attrib[key]) for key in ("x", "y", "width", "height"))
    return Shown(f"rect {node.attrib['class']}", x, y, x + w, y + h)


def _segment(node: ET.Element, one: tuple[float, float], other: tuple[float, float]) -> Shown:
    (x0, y0), (x1, y1) = one, other
    box = (min(x0, x1) - 1, min(y0, y1) - 1, max(x0, x1) + 1, max(y0, y1) + 1)
    return Shown(f"{node.attrib['class']} {one} to {other}", *box)


def _text_box(node: ET.Element) -> Shown:
    size = float(node.attrib["font-size"])
    title = node.find(f"{SVG}title")
    text = (title.tail if title is not None else node.text) or ""
    kinds = node.attrib["class"].split()
    ems = sum(602 if "mono" in kinds else _advance(letter, bold="b" in kinds) for letter in text)
    width = ems / 1000 * size
    x, y = float(node.attrib["x"]), float(node.attrib["y"])
    left = x - width / 2 if node.attrib.get("text-anchor") == "middle" else x
    return Shown(text, left, y - 0.73 * size, left + width, y)


def _advance(letter: str, *, bold: bool) -> int:
    plain = _NARROW.get(letter) or _BROAD.get(letter) or (640 if letter.isascii() else 1000)
    return plain + (30 if bold else 0)
