"""How each field of a cube is laid on a line, and read back from it."""

from collections.abc import Callable, Iterable
from typing import Any

from hubwright.engines.verify.space.cube import PROTOCOLS, Role
from hubwright.engines.verify.space.names import TOP, NameSet, lowest_name
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import MAX_ADDRESS, MAX_PORT, AddressSet, PortSet
from hubwright.model.flow import Application
from hubwright.model.intervals import IntervalSet

Intervals = list[tuple[Any, Any]]
APPLICATIONS = tuple(Application)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in `Cube`, its line, and the way there and back."""

    name: str
    line: tuple[Any, Any]
    lay: Callable[[Any], Iterable[tuple[Any, Any]]]
    """From the model's set to half-open intervals."""
    read: Callable[[Intervals], Any]
    """From half-open intervals to the model's set."""
    is_empty: Callable[[Any, Any], bool] | None = None
    role: Role | None = None
    """The role of symbols that speak of this field."""


def _lay_numbers(values: IntervalSet) -> Intervals:
    return [(first, last + 1) for first, last in values.intervals]


def _read_addresses(intervals: Intervals) -> AddressSet:
    return AddressSet.of((first, end - 1) for first, end in intervals)


def _read_ports(intervals: Intervals) -> PortSet:
    return PortSet.of((first, end - 1) for first, end in intervals)


def _lay_protocols(values: frozenset[str]) -> Intervals:
    return _runs(number for number, word in enumerate(PROTOCOLS) if word in values)


def _read_protocols(intervals: Intervals) -> frozenset[str]:
    return frozenset(PROTOCOLS[n] for first, end in intervals for n in range(first, end))


def _lay_applications(values: frozenset[Application]) -> Intervals:
    return _runs(number for number, word in enumerate(APPLICATIONS) if word in values)


def _read_applications(intervals: Intervals) -> frozenset[Application]:
    return frozenset(APPLICATIONS[n] for first, end in intervals for n in range(first, end))


def _runs(numbers: Iterable[int]) -> Intervals:
    return [(first, last + 1) for first, last in IntervalSet.of((n, n) for n in numbers)]


def _lay_names(values: NameSet) -> Iterable[tuple[str, str]]:
    return values.intervals


def _no_name_between(first: str, end: str) -> bool:
    return lowest_name(first, end) is None


FIELDS = (
    Field("protocols", (0, len(PROTOCOLS)), _lay_protocols, _read_protocols),
    Field("applications", (0, len(APPLICATIONS)), _lay_applications, _read_applications),
    Field("ports", (0, MAX_PORT + 1), _lay_numbers, _read_ports),
    Field("source_ports", (0, MAX_PORT + 1), _lay_numbers, _read_ports),
    Field("names", ("", TOP), _lay_names, NameSet.of, _no_name_between, Role.NAME),
    Field("source", (0, MAX_ADDRESS + 1), _lay_numbers, _read_addresses, role=Role.SOURCE),
    Field(
        "destination", (0, MAX_ADDRESS + 1), _lay_numbers, _read_addresses, role=Role.DESTINATION
    ),
)
"""In the order in which pieces are cut."""
