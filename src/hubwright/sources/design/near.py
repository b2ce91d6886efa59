"""What was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def suggestion(text: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return `did you mean ...?` for near names, or ""."""
    lowered = {name.lower(): name for name in known}
    near = get_close_matches(text.lower()[:80], sorted(lowered), n=2, cutoff=cutoff)
    if not near:
        return ""
    return f"did you mean {' or '.join(f'`{lowered[name]}`' for name in near)}?"
