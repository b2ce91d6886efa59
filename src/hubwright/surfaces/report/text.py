"""How wide text is, so that a picture can be laid out without a browser."""

import re
from functools import lru_cache

from hubwright.lazy_dataclass import dataclass

_MONO = 0.605
_BOLD = 0.06
_WIDE = 1.05
_WIDTHS = {
    0.30: "'IJijl",
    0.35: " ,./:;\\|·",
    0.40: "()-[]ft",
    0.45: "!r",
    0.50: '"*_`',
    0.55: "?csz",
    0.60: "FLkvxy",
    0.65: "$0123456789EPSTYabdeghnopqu{}",
    0.70: "ABCKRVXZ",
    0.75: "NU",
    0.80: "&DGHOQ",
    0.85: "#+<=>^w~→↔\u00d7←✓",
    0.90: "M",
    0.95: "%",
    1.00: "@Wm…",
}
_WIDTH_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Style:
    """A text style: `css` names the theme's class, `size` is in pixels."""

    css: str
    size: float
    bold: bool = False
    mono: bool = False


@lru_cache(maxsize=8192)
def width(text: str, style: Style) -> float:
    """
    Return the most pixels that a text takes in any font of the theme's stacks.

    The table is DejaVu Sans's, the widest of them, rounded up; letters outside it count as one em.
    """
    if style.mono:
        ems = sum(_MONO if letter < "\u0500" or letter in _WIDTH_OF else _WIDE for letter in text)
    else:
        ems = sum(_WIDTH_OF.get(letter, _WIDE) for letter in text)
        ems += _BOLD * len(text) if style.bold else 0
    return ems * style.size


def fit(text: str, style: Style, room: float) -> str:
    """Return the text, cut with an ellipsis where it is wider than `room` pixels."""
    if width(text, style) <= room:
        return text
    cut = text
    while cut and width(f"{cut}…", style) > room:
        cut = cut[:-1]
    return f"{cut.rstrip()}…" if cut else ""


def wrap(text: str, style: Style, room: float, lines: int) -> list[str]:
    """Return the text in at most `lines` lines of `room` pixels; what is left over is cut."""
    out: list[str] = []
    rest = text
    while len(out) < lines - 1 and width(rest, style) > room:
        end = len(rest)
        while end > 1 and width(rest[:end], style) > room:
            end -= 1
        space = rest.rfind(" ", 1, end + 1)
        end = space if space > 0 else end
        out.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*out, fit(rest, style, room)] if rest else out


def escape(text: str) -> str:
    """Return a text for XML content and attributes; what XML 1.0 cannot carry becomes U+FFFD."""
    text = _UNPRINTABLE.sub("\ufffd", text)
    for raw, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(raw, entity)
    return text
