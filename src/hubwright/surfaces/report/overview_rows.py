"""The answers about a whole network in words: a row for each place that was asked about."""

from collections.abc import Iterator

from hubwright.engines.verify.reach.answer import Answer, worst_of
from hubwright.engines.verify.reach.overview import Crossing, Naming, Overview, State
from hubwright.engines.verify.reach.questions import Caller
from hubwright.engines.verify.space import Verdict
from hubwright.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One place, and what is so there."""

    place: str
    verdict: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One question, asked about several places."""

    title: str
    rows: tuple[Row, ...]
    is_claim: bool = True
    """Whether everybody wants it proved; who should reach an API server is not for us to say."""


def sections(found: Overview) -> tuple[Section, ...]:
    """Return the questions that somebody was asked about, in the order of a page."""
    every = (
        *(
            Section(f"who reaches the API server of {cluster}", tuple(_callers(callers)), False)
            for cluster, callers in found.callers.items()
        ),
        Section("private names lead to their endpoints", tuple(_namings(found.namings))),
        Section(
            "what gets to the internet has crossed a firewall", tuple(_crossings(found.crossings))
        ),
        Section("answers meet every box that saw their request", tuple(_states(found.states))),
    )
    return tuple(item for item in every if item.rows)


def cell(ways: frozenset[tuple[str, ...]]) -> str:
    """Return the firewalls, or `direct`; both where some packets take one and some the other."""
    shown = [" > ".join(way) if way else "direct" for way in sorted(ways)]
    return " + ".join(shown) or "-"


def _callers(found: tuple[Caller, ...]) -> Iterator[Row]:
    for item in found:
        name, port = item.name, item.port
        if name.verdict is Verdict.REFUTED:
            text = f"its name does not lead there: {name.reason}"
        elif name.verdict is Verdict.UNKNOWN:
            text = f"unknown: {name.reason}"
        else:
            text = _verdict(port, "every machine", f"not every machine: {port.reason}")
        yield Row(item.network, worst_of([name, port]).verdict, text)


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
        yield Row(network, worst.verdict, text)


def _crossings(found: tuple[Crossing, ...]) -> Iterator[Row]:
    for item in found:
        good = "proved" if item.arrives else "proved: nothing gets there for sure"
        text = _verdict(item.answer, good, "some does not")
        yield Row(item.subnet, item.answer.verdict, text)


def _states(found: tuple[State, ...]) -> Iterator[Row]:
    for item in found:
        text = _verdict(item.answer, "proved", "some are lost")
        yield Row(item.place, item.answer.verdict, text)


def _verdict(answer: Answer, good: str, wrong: str) -> str:
    match answer.verdict:
        case Verdict.PROVED:
            return good
        case Verdict.UNKNOWN:
            return f"unknown: {answer.reason}"
        case _:
            return f"refuted: {wrong} ({answer.flow})" if answer.flow else f"refuted: {wrong}"
