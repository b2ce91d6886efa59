"""What every estate is asked at once, for people."""

import textwrap
from collections.abc import Iterator

from hubwright.diagnostics.render.ansi import BOLD, GREEN, RED, YELLOW, Paint
from hubwright.engines.verify.reach.overview import Overview
from hubwright.engines.verify.reach.questions import Exposure, Hole
from hubwright.engines.verify.reach.words import words
from hubwright.engines.verify.space import Verdict
from hubwright.model.address import AddressSet
from hubwright.model.estate import Estate
from hubwright.semantics.names import INTERNET
from hubwright.surfaces.report.overview_rows import Section, cell, sections
from hubwright.surfaces.report.reach_text import WIDTH, packets_text

_COLORS = {Verdict.PROVED: GREEN, Verdict.REFUTED: RED, Verdict.UNKNOWN: YELLOW}
_FEW = 4


def render(estate: Estate, found: Overview, paint: Paint) -> str:
    """Return the sections, each answer with what shows it."""
    pages = (
        ("who gets answers from whom", _table(found)),
        ("what the internet reaches", _exposures(estate, found.exposures)),
        *((section.title, _rows(section, paint)) for section in sections(found)),
        ("lost on the way", _holes(estate, found.holes)),
        ("unknown", _unknown(found.unknown)),
    )
    lines: list[str] = []
    for title, body in pages:
        shown = list(body)
        if shown:
            lines += ["", paint(title, BOLD), *shown]
    return "\n".join(lines[1:]) + "\n"


def _table(found: Overview) -> Iterator[str]:
    """Yield the matrix: a row for each place that asks, a column for each that answers."""
    cells = {
        (here, there): cell(found.ways.get((here, there), frozenset()))
        for here in found.places
        for there in found.places
    }
    first = max(map(len, found.places))
    widths = {
        there: max(len(there), *(len(cells[here, there]) for here in found.places))
        for there in found.places
    }
    head = "  ".join(there.ljust(widths[there]) for there in found.places)
    yield f"  {'from':{first}}  {head}".rstrip()
    for here in found.places:
        row = "  ".join(cells[here, there].ljust(widths[there]) for there in found.places)
        yield f"  {here:{first}}  {row}".rstrip()


def _exposures(estate: Estate, found: tuple[Exposure, ...]) -> Iterator[str]:
    everybody = AddressSet()
    for item in found:
        for cube in item.cubes:
            everybody |= cube.source
    owners = {nic.name: nic.owner for nic in estate.network_interfaces}
    for item in found:
        way = f"through {', then '.join(item.crossed)}" if item.crossed else "past no firewall"
        yield f"  {owners.get(item.server, item.server)}, {way}"
        yield from packets_text(estate, everybody, item.cubes)
    if not found:
        yield "  nothing"


def _rows(section: Section, paint: Paint) -> Iterator[str]:
    """Yield a line or more for each row, the texts in a column of their own."""
    width = max(len(row.place) for row in section.rows)
    for row in section.rows:
        lines = textwrap.wrap(row.text, WIDTH - width - 4, break_long_words=False)
        for number, line in enumerate(lines):
            shown = paint(line, _COLORS[row.verdict]) if section.is_claim else line
            yield f"  {'' if number else row.place:{width}}  {shown}"


def _holes(estate: Estate, found: tuple[Hole, ...]) -> Iterator[str]:
    for hole in found:
        what = "answers to what " if hole.is_answer else "what "
        sources, destinations = AddressSet(), AddressSet()
        for cube in hole.cubes:
            sources |= cube.source
            destinations |= cube.destination
        text = (
            f"{what}{_listed(words(estate, sources))} sends to "
            f"{_listed(words(estate, destinations))}: {hole.detail} ({hole.origin})"
        )
        yield from _wrapped(text)


def _listed(names: tuple[str, ...]) -> str:
    if INTERNET in names:
        return INTERNET if len(names) == 1 else f"{INTERNET} and more"
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return ", ".join(names[:_FEW]) + more


def _unknown(found: tuple[str, ...]) -> Iterator[str]:
    for why in found:
        yield from _wrapped(f"more may be answered; it hangs on {why}")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent="  ", subsequent_indent="      ", break_long_words=False
    )
