"""The list of what is let out and not needed, for people."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from hubwright.engines.verify.permission.listing import Row

_FEW = 3


def render(sender: str, rows: Sequence[Row]) -> str:
    """Return one block for each rule, with a line for each of its destinations."""
    lines = [f"{sender} -> internet, allowed and not known to be needed"]
    widths = [
        max((len(text) for text in column), default=0)
        for column in (
            [row.destination for row in rows],
            [row.packets for row in rows],
            [row.mark for row in rows],
        )
    ]
    for (path, firewall), members in groupby(rows, key=lambda row: (row.path, row.firewall)):
        mine = list(members)
        place = f" ({mine[0].place})" if mine[0].place else f" ({path})"
        lines += ["", f"  {mine[0].kind} `{mine[0].rule}` of {firewall}{place}"]
        for row in mine:
            lines += _lines(row, widths)
    if not rows:
        lines += ["", "  nothing"]
    return "\n".join(lines) + "\n"


def _lines(row: Row, widths: Sequence[int]) -> Iterator[str]:
    cells = (row.destination, row.packets, row.mark)
    aligned = "  ".join(text.ljust(width) for text, width in zip(cells, widths, strict=True))
    yield f"    {aligned}  from {', '.join(row.subnets)}"
    for aspect, text in row.beyond:
        yield f"        {aspect}: {text}"
    if row.needed_by:
        more = f" and {len(row.needed_by) - _FEW} more" if len(row.needed_by) > _FEW else ""
        yield f"        needed by {'; '.join(row.needed_by[:_FEW])}{more}"
