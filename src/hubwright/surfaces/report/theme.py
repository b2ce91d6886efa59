"""Colours and text styles: one light and one dark palette, as CSS that a picture carries along."""

from hubwright.surfaces.report.text import Style

TITLE = Style("t", 20, bold=True)
NETWORK = Style("t", 14, bold=True)
HEADING = Style("t", 12, bold=True)
NAME = Style("t", 11.5, bold=True)
PLAIN = Style("t", 11.5)
NOTE = Style("m", 10.5)
ENTRY = Style("t", 11)
SMALL = Style("m", 10)
ADDRESS = Style("m", 10.5, mono=True)
PACKET = Style("t", 10.5, mono=True)
BADGE = Style("badge-t", 10)
MARKER = Style("on", 10.5, bold=True)
TAG = Style("tag-t", 10)
PEER_TAG = Style("peer-t", 10)
WARN_TAG = Style("unsure-t", 10)
BAD_LINE = Style("bad-t", 11.5, bold=True)
BAD_STEP = Style("bad-t", 10.5, bold=True)
GOOD_STEP = Style("good-t", 10.5, bold=True)
VERDICT = {css: Style(f"{css}-t", 13, bold=True) for css in ("good", "bad", "unsure")}

_LIGHT = {
    "paper": "#ffffff",
    "frame": "#d5dde5",
    "text": "#1a2129",
    "muted": "#55616e",
    "hub": "#f0f6fc",
    "hub-line": "#0078d4",
    "spoke": "#f6f8fa",
    "spoke-line": "#7aa7cf",
    "row": "#ffffff",
    "row-line": "#d8e1ea",
    "chip": "#f3f6f9",
    "chip-line": "#cbd6e1",
    "cloud": "#eaf3fb",
    "cloud-line": "#9cc3e6",
    "badge": "#eef2f6",
    "blue": "#0068b8",
    "orange": "#c2410c",
    "orange-tint": "#fff4ec",
    "green": "#0b7a3b",
    "green-tint": "#e7f5ec",
    "violet": "#6b3fb5",
    "violet-tint": "#f2edfb",
    "amber": "#8a5a00",
    "amber-tint": "#fdf3da",
    "red": "#c4262e",
    "red-tint": "#fdeaea",
    "back": "#a3268f",
    "on": "#ffffff",
}
_DARK = {
    "paper": "#0f151c",
    "frame": "#2b3845",
    "text": "#e8eef4",
    "muted": "#a0adba",
    "hub": "#12222f",
    "hub-line": "#3c9be8",
    "spoke": "#151d26",
    "spoke-line": "#42698c",
    "row": "#1a242f",
    "row-line": "#303e4c",
    "chip": "#212d3a",
    "chip-line": "#3b4b5b",
    "cloud": "#152a3c",
    "cloud-line": "#34638c",
    "badge": "#26323f",
    "blue": "#5cb3ff",
    "orange": "#ff9a62",
    "orange-tint": "#33211a",
    "green": "#5fd08a",
    "green-tint": "#163024",
    "violet": "#b79cf5",
    "violet-tint": "#2a2340",
    "amber": "#f0c05a",
    "amber-tint": "#352b14",
    "red": "#ff7b7b",
    "red-tint": "#3b1d20",
    "back": "#ee86dc",
    "on": "#0f151c",
}
_SANS = "'Segoe UI',system-ui,-apple-system,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif"
_MONO = "ui-monospace,'Cascadia Mono',Consolas,Menlo,'DejaVu Sans Mono',monospace"

_FILLED = (
    ("paper", "paper", "frame"),
    ("hub", "hub", "hub-line"),
    ("spoke", "spoke", "spoke-line"),
    ("row", "row", "row-line"),
    ("chip", "chip", "chip-line"),
    ("fw", "orange-tint", "orange"),
    ("cloud", "cloud", "cloud-line"),
    ("pill", "paper", "cloud-line"),
    ("tag", "violet-tint", "violet"),
    ("peer-tag", "paper", "blue"),
    ("badge-nsg", "green-tint", "green-tint"),
    ("badge-routes", "violet-tint", "violet-tint"),
    ("badge-plain", "badge", "badge"),
    ("badge-warn", "amber-tint", "amber-tint"),
    ("good", "green-tint", "green"),
    ("bad", "red-tint", "red"),
    ("unsure", "amber-tint", "amber"),
)
_STROKED = (
    ("glyph", "blue", 1.2),
    ("firewall", "orange", 1.2),
    ("nsg", "green", 1.2),
    ("routes", "violet", 1.2),
    ("warn", "amber", 1.2),
    ("plain", "muted", 1.2),
    ("up", "cloud-line", 1.5),
    ("peer", "blue", 1.8),
    ("broken", "amber", 1.8),
    ("dnat", "violet", 1.5),
    ("walk-out", "blue", 2.4),
    ("walk-back", "back", 2.2),
    ("walk-dns", "green", 1.8),
    ("stopped", "red", 2.2),
    ("lit-out", "blue", 2),
    ("rule", "frame", 1),
)
_SOLID = (
    ("t", "text"),
    ("m", "muted"),
    ("on", "on"),
    ("badge-t", "text"),
    ("tag-t", "violet"),
    ("peer-t", "blue"),
    ("out-f", "blue"),
    ("back-f", "back"),
    ("dns-f", "green"),
    ("dnat-f", "violet"),
    ("good-t", "green"),
    ("bad-t", "red"),
    ("unsure-t", "amber"),
    ("bar", "red"),
    ("paper-f", "paper"),
)


def stylesheet() -> str:
    """Return the CSS of a picture: the light palette, and the dark one where the reader's is."""
    fixed = (
        f".hw text{{font-family:{_SANS}}}.hw .mono{{font-family:{_MONO}}}"
        ".hw .b{font-weight:600}.hw .glyph{stroke-linecap:round;stroke-linejoin:round}"
        ".hw .broken,.hw .walk-back{stroke-dasharray:6 4}.hw .walk-dns{stroke-dasharray:1.5 4;"
        "stroke-linecap:round}.hw .cluster-row{stroke-dasharray:4 3}.hw .dim{opacity:.38}"
    )
    return f"{fixed}\n{_rules(_LIGHT)}\n@media (prefers-color-scheme:dark){{\n{_rules(_DARK)}\n}}"


def _rules(palette: dict[str, str]) -> str:
    rules = [
        *(f".hw .{name}{{fill:{palette[a]};stroke:{palette[b]}}}" for name, a, b in _FILLED),
        *(
            f".hw .{name}{{fill:none;stroke:{palette[colour]};stroke-width:{wide}}}"
            for name, colour, wide in _STROKED
        ),
        *(f".hw .{name}{{fill:{palette[colour]}}}" for name, colour in _SOLID),
    ]
    return "\n".join(rules)
