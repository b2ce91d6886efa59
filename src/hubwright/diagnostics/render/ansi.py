"""ANSI colours, and text made safe for a terminal."""

import re
from unicodedata import combining, east_asian_width

BOLD = "1"
DIM = "2"
RED = "31"
GREEN = "32"
YELLOW = "33"
BLUE = "34"
CYAN = "36"

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LINK = "\x1b]8;;{target}\x1b\\{text}\x1b]8;;\x1b\\"


class Paint:
    """Puts colour on text, or leaves it alone."""

    def __init__(self, color: bool, links: bool = False) -> None:
        self.color = color
        self.links = links

    def __call__(self, text: str, *codes: str) -> str:
        """Return text in bold or colours, given as SGR codes."""
        if not self.color or not text:
            return text
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m"

    def link(self, text: str, target: str) -> str:
        """Return text as a hyperlink."""
        return _LINK.format(target=target, text=text) if self.links else text


def safe(text: str) -> str:
    """Return text without control characters, which could move the cursor or hide words."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def one_line(text: str) -> str:
    """Return text on one line, safe for a terminal."""
    return " ".join(safe(text).split("\n"))


def width(text: str) -> int:
    """Return how many columns a terminal uses for text."""
    return sum(
        0 if combining(char) else 2 if east_asian_width(char) in "FW" else 1 for char in text
    )
