"""Says packets in the user's own names: subnets, IP groups, public IPs, tags and hosts."""

from collections.abc import Iterator

from hubwright.engines.verify.places import public_space
from hubwright.engines.verify.space import (
    ALL_APPLICATIONS,
    ALL_PROTOCOLS,
    EVERY_NAME,
    Cube,
    Role,
)
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import (
    ALL_ADDRESSES,
    ALL_PORTS,
    AddressSet,
    format_address,
)
from hubwright.model.estate import Estate
from hubwright.semantics.assigned import addresses_of

_SHOWN = 6
"""Names and prefixes of one set that are shown; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A product of packets in words."""

    source: str
    destination: str
    service: str
    """`tcp/443 https`, `udp/53`, `any protocol`."""
    conditions: tuple[str, ...] = ()
    """What it hangs on: `in service tag AzureMonitor`."""

    def __str__(self) -> str:
        """Return one line."""
        tail = f", {', '.join(self.conditions)}" if self.conditions else ""
        return f"{self.source} -> {self.destination}  {self.service}{tail}"


class Names:
    """The names that estates give to addresses, the largest first."""

    def __init__(self, *estates: Estate) -> None:
        found: dict[str, AddressSet] = {}
        for estate in estates:
            found |= dict(_named(estate))
        self.internet = public_space(estates[-1])
        self._by_size = sorted(found.items(), key=lambda pair: -_size(pair[1]))

    def wording(self, cube: Cube) -> Wording:
        """Return a cube in words; an exact set stays exact."""
        destination = self.addresses(cube.destination)
        if cube.names != EVERY_NAME:
            hosts = str(cube.names).replace("no name", "no server name")
            everywhere = destination.startswith("anywhere") or destination == "the internet"
            destination = hosts if everywhere else f"{hosts} at {destination}"
        inside = [symbol for symbol in cube.inside if symbol.role is not Role.SOURCE]
        if inside and cube.destination == ALL_ADDRESSES:
            destination = " and ".join(symbol.text for symbol in sorted(inside))
            inside = []
        conditions = [f"in {symbol}" for symbol in inside]
        conditions += [f"in {symbol}" for symbol in cube.inside if symbol.role is Role.SOURCE]
        conditions += [f"not in {symbol}" for symbol in sorted(cube.outside)]
        return Wording(
            source=self.addresses(cube.source),
            destination=destination,
            service=_service(cube),
            conditions=tuple(conditions),
        )

    def addresses(self, value: AddressSet) -> str:
        """Return a set by the names that it holds wholly, then by prefixes."""
        if value == ALL_ADDRESSES:
            return "anywhere"
        gaps = ALL_ADDRESSES - value
        if self.internet <= value and len(gaps.intervals) <= len(value.intervals):
            return f"anywhere but {self._listed(gaps)}"
        return self._listed(value)

    def _listed(self, value: AddressSet) -> str:
        rest, words = value, list[str]()
        if self.internet <= rest:
            words.append("the internet")
            rest = rest - self.internet
        for name, held in self._by_size:
            if held and held <= rest:
                words.append(name)
                rest = rest - held
        words += [
            str(prefix) if prefix.length < 32 else format_address(prefix.first)
            for prefix in rest.to_prefixes()
        ]
        if len(words) > _SHOWN:
            words = [*words[: _SHOWN - 1], f"{len(words) - _SHOWN + 1} more"]
        return ", ".join(words)


def _named(estate: Estate) -> Iterator[tuple[str, AddressSet]]:
    """Yield what has a name, the narrower meaning last where two share a set."""
    for network in estate.virtual_networks:
        yield network.name, AddressSet.prefixes_of(network.address_space)
    for subnet in estate.subnets:
        yield subnet.id, subnet.space
    for group in estate.ip_groups:
        members = [addresses_of(estate, text) for text in group.cidrs]
        if members and None not in members:
            pairs = (pair for m in members if m is not None for pair in m.intervals)
            yield group.name, AddressSet.of(pairs)
    for public_ip in estate.public_ips:
        if public_ip.ip_address:
            yield public_ip.name, AddressSet.parse(public_ip.ip_address)
    for firewall in estate.firewalls:
        if firewall.private_ip_address is not None:
            address = firewall.private_ip_address
            yield firewall.name, AddressSet(((address, address),))


def _size(value: AddressSet) -> int:
    return sum(last - first + 1 for first, last in value.intervals)


def _service(cube: Cube) -> str:
    if cube.protocols == ALL_PROTOCOLS:
        protocol = "any protocol"
    else:
        protocol = "+".join(sorted(word.lower() for word in cube.protocols))
    port = "" if cube.ports == ALL_PORTS or cube.protocols == {"ICMP"} else f"/{cube.ports}"
    if cube.applications == ALL_APPLICATIONS:
        return protocol + port
    spoken = sorted("unknown" if a.value == "none" else a.value for a in cube.applications)
    return f"{protocol}{port} {'+'.join(spoken)}"
