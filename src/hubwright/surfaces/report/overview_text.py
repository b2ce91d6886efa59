"""What every estate is asked at once, for people."""

import textwrap
from collections.abc import Iterator

from hubwright.diagnostics.render.ansi import BOLD, GREEN, RED, YELLOW, Paint
from hubwright.engines.verify.reach.answer import Answer
from hubwright.engines.verify.reach.overview import Crossing, Overview
from hubwright.engines.verify.reach.questions import Caller, Exposure, Hole
from hubwright.engines.verify.reach.words import words
from hubwright.engines.verify.space import Verdict
from hubwright.model.address import AddressSet
from hubwright.model.estate import Estate
from hubwright.semantics.names import INTERNET
from hubwright.surfaces.report.reach_text import WIDTH, packets_text

_COLORS = {Verdict.PROVED: GREEN, Verdict.REFUTED: RED, Verdict.UNKNOWN: YELLOW}
_FEW = 4


def render(estate: Estate, found: Overview, paint: Paint) -> str:
    """Return the sections, each answer with what shows it."""
    sections = (
        ("who gets answers from whom", _table(found)),
        ("what the internet reaches", _exposures(estate, found.exposures)),
        *(
            (f"who reaches the API server of {cluster}", _callers(callers, paint))
            for cluster, callers in found.callers.items()
        ),
        ("what gets to the internet has crossed a firewall", _crossings(found.crossings, paint)),
        ("answers meet every box that saw their request", _states(found, paint)),
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


def _callers(found: tuple[Caller, ...], paint: Paint) -> Iterator[str]:
    width = max((len(item.network) for item in found), default=0)
    for item in found:
        name, port = item.name, item.port
        if name.verdict is not Verdict.PROVED:
            words_, shown = f"its name does not lead there: {name.reason}", name
            if name.verdict is Verdict.UNKNOWN:
                words_ = f"unknown: {name.reason}"
        else:
            shown = port
            words_ = {
                Verdict.PROVED: "every machine",
                Verdict.REFUTED: f"not every machine: {port.reason}",
                Verdict.UNKNOWN: f"unknown: {port.reason}",
            }[port.verdict]
        yield f"  {item.network:{width}}  {paint(words_, _COLORS[shown.verdict])}"


def _crossings(found: tuple[Crossing, ...], paint: Paint) -> Iterator[str]:
    width = max((len(item.subnet) for item in found), default=0)
    for item in found:
        words_ = _verdict(item.answer, "some does not")
        if item.answer.is_proved and not item.arrives:
            words_ = "proved: nothing gets there for sure"
        yield f"  {item.subnet:{width}}  {paint(words_, _COLORS[item.answer.verdict])}"


def _states(found: Overview, paint: Paint) -> Iterator[str]:
    width = max(len(item.place) for item in found.states)
    for item in found.states:
        words_ = _verdict(item.answer, "some are lost")
        yield f"  {item.place:{width}}  {paint(words_, _COLORS[item.answer.verdict])}"


def _verdict(answer: Answer, wrong: str) -> str:
    match answer.verdict:
        case Verdict.PROVED:
            return "proved"
        case Verdict.UNKNOWN:
            return f"unknown: {answer.reason}"
        case _:
            shown = f" ({answer.flow})" if answer.flow else ""
            return f"refuted: {wrong}{shown}"


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
