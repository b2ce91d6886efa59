"""What every estate is asked at once, for people."""

import textwrap
from collections.abc import Iterator

from hubwright.diagnostics.render.ansi import BOLD, GREEN, RED, YELLOW, Paint
from hubwright.engines.verify.reach.answer import Answer, worst_of
from hubwright.engines.verify.reach.overview import Crossing, Naming, Overview, State
from hubwright.engines.verify.reach.questions import Caller, Exposure, Hole
from hubwright.engines.verify.reach.words import words
from hubwright.engines.verify.space import Verdict
from hubwright.model.address import AddressSet
from hubwright.model.estate import Estate
from hubwright.semantics.names import INTERNET
from hubwright.surfaces.report.reach_text import WIDTH, packets_text

_COLORS = {Verdict.PROVED: GREEN, Verdict.REFUTED: RED, Verdict.UNKNOWN: YELLOW}
_FEW = 4
Row = tuple[str, Verdict, str]
"""What it is about, the verdict, and the text."""


def render(estate: Estate, found: Overview, paint: Paint) -> str:
    """Return the sections, each answer with what shows it."""
    plain = Paint(color=False)  # whether somebody should reach it is not for us to say
    sections = (
        ("who gets answers from whom", _table(found)),
        ("what the internet reaches", _exposures(estate, found.exposures)),
        *(
            (f"who reaches the API server of {cluster}", _rows(_callers(callers), plain))
            for cluster, callers in found.callers.items()
        ),
        ("private names lead to their endpoints", _rows(_namings(found.namings), paint)),
        (
            "what gets to the internet has crossed a firewall",
            _rows(_crossings(found.crossings), paint),
        ),
        ("answers meet every box that saw their request", _rows(_states(found.states), paint)),
        ("lost on the way", _holes(estate, found.holes)),
        ("unknown", _unknown(found.unknown)),
    )
    lines: list[str] = []
    for title, body in sections:
        shown = list(body)
        if shown:
            lines += ["", paint(title, BOLD), *shown]
    return "\n".join(lines[1:]) + "\n"


def _table(found: Overview) -> Iterator[str]:
    """Yield the matrix: a row for each place that asks, a column for each that answers."""
    cells = {
        (here, there): _cell(found.ways.get((here, there), frozenset()))
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


def _cell(ways: frozenset[tuple[str, ...]]) -> str:
    """Return the firewalls, or `direct`; both where some packets take one and some the other."""
    shown = [" > ".join(way) if way else "direct" for way in sorted(ways)]
    return " + ".join(shown) or "-"


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


def _callers(found: tuple[Caller, ...]) -> Iterator[Row]:
    for item in found:
        name, port = item.name, item.port
        if name.verdict is Verdict.REFUTED:
            text = f"its name does not lead there: {name.reason}"
        elif name.verdict is Verdict.UNKNOWN:
            text = f"unknown: {name.reason}"
        else:
            text = _verdict(port, "every machine", f"not every machine: {port.reason}")
        yield item.network, worst_of([name, port]).verdict, text


def _namings(found: tuple[Naming, ...]) -> Iterator[Row]:
    for network in dict.fromkeys(item.network for item in found):
        here = [item for item in found if item.network == network]
        failing = [item for item in here if not item.answer.is_proved]
        worst = worst_of([item.answer for item in here])
        text = f"proved for all {len(here)}"
        if failing:
            name = next(item.name for item in failing if item.answer is worst)
            count = f"{len(failing)} of {len(here)}"
            text = f"{worst.verdict} for {count}: {name}: {worst.reason}"
        yield network, worst.verdict, text


def _crossings(found: tuple[Crossing, ...]) -> Iterator[Row]:
    for item in found:
        good = "proved" if item.arrives else "proved: nothing gets there for sure"
        yield item.subnet, item.answer.verdict, _verdict(item.answer, good, "some does not")


def _states(found: tuple[State, ...]) -> Iterator[Row]:
    for item in found:
        yield item.place, item.answer.verdict, _verdict(item.answer, "proved", "some are lost")


def _verdict(answer: Answer, good: str, wrong: str) -> str:
    match answer.verdict:
        case Verdict.PROVED:
            return good
        case Verdict.UNKNOWN:
            return f"unknown: {answer.reason}"
        case _:
            return f"refuted: {wrong} ({answer.flow})" if answer.flow else f"refuted: {wrong}"


def _rows(rows: Iterator[Row], paint: Paint) -> Iterator[str]:
    """Yield a line or more for each row, the texts in a column of their own."""
    found = list(rows)
    width = max((len(label) for label, _, _ in found), default=0)
    for label, verdict, text in found:
        lines = textwrap.wrap(text, WIDTH - width - 4, break_long_words=False)
        for number, line in enumerate(lines):
            yield f"  {'' if number else label:{width}}  {paint(line, _COLORS[verdict])}"


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
