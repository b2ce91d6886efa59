"""Words for messages: what was probably meant, and text that cannot break a terminal."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache


def suggestion(text: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return `did you mean ...?` for near names, or ""."""
    return _suggestion(text, tuple(known), cutoff)


@lru_cache(maxsize=4096)
def _suggestion(text: str, known: tuple[str, ...], cutoff: float) -> str:
    lowered = {name.lower(): name for name in known}
    near = get_close_matches(text.lower()[:80], sorted(lowered), n=2, cutoff=cutoff)
    if not near:
        return ""
    return f"did you mean {' or '.join(f'`{lowered[name]}`' for name in near)}?"


def one_line(text: str) -> str:
    """Return a text without line breaks and control characters, whatever it quotes."""
    if text.isprintable():
        return text
    joined = " ".join(text.split())
    return "".join(character if character.isprintable() else "\ufffd" for character in joined)
