"""One product of sets of the fields of a packet, in the model's own sets."""

from enum import StrEnum
from functools import cached_property
from typing import Self

from hubwright.engines.verify.space.names import EVERY_NAME, NameSet
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import ALL_ADDRESSES, ALL_PORTS, AddressSet, PortSet, format_address
from hubwright.model.flow import Application

PROTOCOLS = ("TCP", "UDP", "ICMP", "ESP", "AH", "OTHER")
"""The IP protocols that rules of Azure tell apart; `OTHER` is every protocol without a name."""
ALL_PROTOCOLS = frozenset(PROTOCOLS)
ALL_APPLICATIONS = frozenset(Application)


class Role(StrEnum):
    """Which field of a packet a symbol speaks of."""

    SOURCE = "source"
    DESTINATION = "destination"
    NAME = "name"


@dataclass(frozen=True, slots=True, order=True)
class Symbol:
    """
    A set that nobody can list: a service tag, a web category, a value known after apply.

    A packet is in it or not, whatever else it carries, so what is proved holds for every content.
    """

    role: Role
    text: str
    """How it is named to people: `service tag AzureMonitor`."""
    distinct: bool = False
    """Whether it may be taken to hold an address of its own, that no other set in the question
    but `*` has. So it is for service tags; it counts for refutations only, never for proofs."""

    def __str__(self) -> str:
        """Return the text."""
        return self.text


@dataclass(frozen=True, kw_only=True)
class Cube:
    """
    A product: the packets whose every field is in the field's set.

    Fields that are left out hold everything. `inside` and `outside` are the symbols that the
    packet must be in, and must not be in.
    """

    source: AddressSet = ALL_ADDRESSES
    destination: AddressSet = ALL_ADDRESSES
    protocols: frozenset[str] = ALL_PROTOCOLS
    ports: PortSet = ALL_PORTS
    """Destination ports."""
    source_ports: PortSet = ALL_PORTS
    applications: frozenset[Application] = ALL_APPLICATIONS
    """What the client speaks."""
    names: NameSet = EVERY_NAME
    """SNI or Host header; "no name" is a member of its own."""
    inside: frozenset[Symbol] = frozenset()
    outside: frozenset[Symbol] = frozenset()

    def __bool__(self) -> bool:
        """Tell whether any packet can be in it."""
        sets = (self.source, self.destination, self.ports, self.source_ports, self.names)
        return (
            all(sets)
            and bool(self.protocols)
            and bool(self.applications)
            and not self.inside & self.outside
        )

    def __and__(self, other: Self) -> Self:
        """Return the packets of both."""
        return type(self)(
            source=self.source & other.source,
            destination=self.destination & other.destination,
            protocols=self.protocols & other.protocols,
            ports=self.ports & other.ports,
            source_ports=self.source_ports & other.source_ports,
            applications=self.applications & other.applications,
            names=self.names & other.names,
            inside=self.inside | other.inside,
            outside=self.outside | other.outside,
        )

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols that the cube speaks of, sorted."""
        return tuple(sorted(self.inside | self.outside))

    def __str__(self) -> str:
        """Return one line with the fields that do not hold everything."""
        shown = [
            *(["/".join(sorted(self.protocols))] if self.protocols != ALL_PROTOCOLS else []),
            *(
                ["/".join(sorted(self.applications))]
                if self.applications != ALL_APPLICATIONS
                else []
            ),
            *([f"from {self.source}"] if self.source != ALL_ADDRESSES else []),
            *([f"from port {self.source_ports}"] if self.source_ports != ALL_PORTS else []),
            *([f"to {self.destination}"] if self.destination != ALL_ADDRESSES else []),
            *([f"port {self.ports}"] if self.ports != ALL_PORTS else []),
            *([f"name {self.names}"] if self.names != EVERY_NAME else []),
            *(f"in {symbol}" for symbol in sorted(self.inside)),
            *(f"not in {symbol}" for symbol in sorted(self.outside)),
        ]
        return " ".join(shown) or "every packet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One packet: the witness of an answer."""

    source: int
    destination: int
    protocol: str
    port: int
    source_port: int
    application: Application
    name: str | None
    """SNI or Host header; None when there is none."""
    inside: frozenset[Symbol] = frozenset()
    """The symbols that it is in; in all others it is not."""

    def is_in(self, cube: Cube) -> bool:
        """Tell whether the packet is in a cube, by looking at every field."""
        return (
            self.source in cube.source
            and self.destination in cube.destination
            and self.protocol in cube.protocols
            and self.port in cube.ports
            and self.source_port in cube.source_ports
            and self.application in cube.applications
            and self.name in cube.names
            and cube.inside <= self.inside
            and not cube.outside & self.inside
        )

    def __str__(self) -> str:
        """Return `10.1.0.4:49152 -> 93.184.216.34:443 tcp https www.example.com`."""
        shown = [
            f"{format_address(self.source)}:{self.source_port}",
            "->",
            f"{format_address(self.destination)}:{self.port}",
            self.protocol.lower(),
            *([self.application] if self.application is not Application.NONE else []),
            *([self.name] if self.name else []),
            *(f"in {symbol}" for symbol in sorted(self.inside)),
        ]
        return " ".join(shown)
