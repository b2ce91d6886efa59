"""Which packets a question is about: from the words of a person to cubes."""

from collections.abc import Iterator

from hubwright.engines.verify.reach.asked import Ask
from hubwright.engines.verify.reach.engine import Reach
from hubwright.engines.verify.space import EVERY_NAME, NO_NAME, Cube, NameSet
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import ALL_ADDRESSES, ALL_PORTS, AddressSet, PortSet
from hubwright.model.flow import Application
from hubwright.semantics import dns
from hubwright.semantics.ends import End
from hubwright.semantics.names import AZURE_DNS, SITES

_SPOKEN = {80: Application.HTTP, 443: Application.HTTPS, 1433: Application.MSSQL}
_WITH_NAMES = frozenset({Application.HTTP, Application.HTTPS, Application.MSSQL})
_NONE = frozenset({Application.NONE})
_SITES = AddressSet.prefixes_of([SITES])


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What of a connection a question fixes."""

    ports: PortSet | None = None
    """None: what a client of the destination uses for claims that it is answered, else all."""
    protocols: frozenset[str] = frozenset({"TCP", "UDP", "ICMP"})


def connections(reach: Reach, sender: End, receiver: End, scope: Scope) -> Iterator[Ask]:
    """Yield the connections that clients make, look-ups included: those that should be answered."""
    for is_inside, source, network in senders(reach, sender):
        if not receiver.name:
            where = _where(reach, receiver)
            cubes: tuple[Cube, ...] = tuple(_spoken(source, where, scope, receiver, ()))
            yield Ask(is_inside=is_inside, cubes=cubes)
            continue
        if receiver.name.startswith("*"):
            names = NameSet.parse(receiver.name)
            cubes = tuple(_spoken(source, _SITES, scope, receiver, names))
            yield Ask(is_inside=is_inside, cubes=cubes)
            continue
        yield _by_name(reach, receiver, scope, is_inside=is_inside, source=source, network=network)


def _by_name(
    reach: Reach,
    receiver: End,
    scope: Scope,
    *,
    is_inside: bool,
    source: AddressSet,
    network: str | None,
) -> Ask:
    """Return the connections to a name from one network, with the look-up before them."""
    name = receiver.name
    found = look_up(reach, network, name)
    if found.unknown:
        return Ask(is_inside=is_inside, cubes=(), unknown=found.unknown, name=name)
    if not found.addresses:
        nowhere = (Cube(source=source),)
        return Ask(is_inside=is_inside, cubes=nowhere, unresolved=found.why, name=name)
    where = AddressSet.of((address, address) for address in found.addresses)
    cubes = tuple(_spoken(source, where, scope, receiver, NameSet.parse(name)))
    if network is not None:
        cubes = (*queries(source, found.server), *cubes)
    return Ask(is_inside=is_inside, cubes=cubes, name=name)


def look_up(reach: Reach, network: str | None, name: str) -> dns.Resolution:
    """Return what machines of a network, or the internet, get for a name."""
    if network is None:
        return dns.resolve(reach.estate, None, name, reach.assumptions)
    return dns.client_resolves(reach.estate, network, name, reach.assumptions)


def queries(source: AddressSet, server: int | None) -> tuple[Cube, ...]:
    """Return the look-ups that clients send; none to Azure's own DNS, which is always there."""
    if server is None or server == AZURE_DNS:
        return ()
    return (
        Cube(
            source=source,
            destination=AddressSet(((server, server),)),
            protocols=frozenset({"UDP"}),
            ports=PortSet(((53, 53),)),
            applications=_NONE,
            names=NO_NAME,
        ),
    )


def _spoken(
    source: AddressSet, where: AddressSet, scope: Scope, receiver: End, names: NameSet | tuple[()]
) -> Iterator[Cube]:
    """Yield the packets of clients that speak what their port is for."""
    ports = scope.ports
    if ports is None:
        usual = receiver.port or (443 if receiver.name else None)
        ports = ALL_PORTS if usual is None else PortSet(((usual, usual),))
    named = names or NO_NAME
    rest = ports
    if "TCP" in scope.protocols:
        for port, application in _SPOKEN.items():
            if port in ports and (names or ports != ALL_PORTS):
                one = PortSet(((port, port),))
                rest -= one
                yield Cube(
                    source=source,
                    destination=where,
                    protocols=frozenset({"TCP"}),
                    ports=one,
                    applications=frozenset({application}),
                    names=named,
                )
        if rest:
            yield Cube(
                source=source,
                destination=where,
                protocols=frozenset({"TCP"}),
                ports=rest,
                applications=_NONE,
                names=named,
            )
    yield from _datagrams(source, where, scope.protocols, ports)


def _datagrams(
    source: AddressSet,
    where: AddressSet,
    protocols: frozenset[str],
    ports: PortSet,
    names: NameSet = NO_NAME,
) -> Iterator[Cube]:
    for word in ("UDP", "ICMP"):
        if word in protocols:
            yield Cube(
                source=source,
                destination=where,
                protocols=frozenset({word}),
                ports=ports if word == "UDP" else ALL_PORTS,
                applications=_NONE,
                names=names,
            )


def packets(reach: Reach, sender: End, receiver: End, scope: Scope) -> Iterator[Ask]:
    """
    Yield everything that could be sent, whatever it speaks.

    To a machine leads what is sent to its address, and what translations bring there.
    """
    for is_inside, source, network in senders(reach, sender):
        cubes: list[Cube] = []
        for where, names in _everywhere(reach, receiver, network):
            cubes += _anything(source, where, names, scope)
        servers = _servers(reach, receiver)
        through = _anything(source, ALL_ADDRESSES, EVERY_NAME, scope) if servers else ()
        unknown = look_up(reach, network, receiver.name).unknown if _is_plain(receiver) else ""
        yield Ask(
            is_inside=is_inside,
            cubes=tuple(cubes),
            through=tuple(through),
            servers=servers,
            unknown=unknown,
            name=receiver.name,
        )


def _anything(
    source: AddressSet, where: AddressSet, names: NameSet, scope: Scope
) -> Iterator[Cube]:
    """Yield all packets of the protocols and ports that a question is about."""
    ports = scope.ports or ALL_PORTS
    words = _WITH_NAMES | _NONE if None in names else _WITH_NAMES
    if "TCP" in scope.protocols:
        yield Cube(
            source=source,
            destination=where,
            protocols=frozenset({"TCP"}),
            ports=ports,
            applications=words,
            names=names,
        )
    if None in names:
        protocols = scope.protocols - (frozenset({"ICMP"}) if scope.ports else frozenset())
        yield from _datagrams(source, where, protocols, ports, names)


def _servers(reach: Reach, receiver: End) -> frozenset[str]:
    """Return the interfaces of the estate that have a receiver's addresses."""
    if receiver.is_internet or receiver.name:
        return frozenset()
    return frozenset(
        nic.name
        for nic in reach.estate.network_interfaces
        if nic.private_ip_address in receiver.addresses
    )


def _is_plain(receiver: End) -> bool:
    return bool(receiver.name) and not receiver.name.startswith("*")


def _everywhere(
    reach: Reach, receiver: End, network: str | None
) -> Iterator[tuple[AddressSet, NameSet]]:
    """
    Yield where packets for a receiver may go: its addresses, and anywhere by its name.

    Another name at a public address of a site is another site: servers share addresses.
    """
    if not receiver.name:
        yield _where(reach, receiver), EVERY_NAME
        return
    names = NameSet.parse(receiver.name)
    public = reach.world.internet.addresses
    if not _is_plain(receiver):
        yield public, names
        return
    addresses = look_up(reach, network, receiver.name).addresses
    where = AddressSet.of((address, address) for address in addresses)
    if where and not where <= _SITES:
        yield where, EVERY_NAME
        return
    if where:
        yield where, names | NO_NAME
    yield public - where, names


def senders(reach: Reach, sender: End) -> Iterator[tuple[bool, AddressSet, str | None]]:
    """Yield who sends: the internet, or the machines of each network."""
    if sender.is_internet:
        public = reach.world.internet.addresses
        source = public & sender.addresses if sender.addresses else public
        if source:
            yield False, source, None
        return
    by_network: dict[str, list[tuple[int, int]]] = {}
    for item in reach.world.inside:
        shared = item.addresses & sender.addresses
        if shared and item.nic is not None:
            by_network.setdefault(item.nic.virtual_network, []).extend(shared.intervals)
    for network, intervals in by_network.items():
        yield True, AddressSet.of(intervals), network


def _where(reach: Reach, receiver: End) -> AddressSet:
    """Return the addresses of a receiver: on the internet all, in the estate those in use."""
    if receiver.is_internet:
        return receiver.addresses or reach.world.internet.addresses
    used = AddressSet.of(
        (nic.private_ip_address, nic.private_ip_address) for nic in reach.estate.network_interfaces
    )
    used |= AddressSet.of((address, address) for address in reach.world.internal)
    return (receiver.addresses & used) or receiver.addresses
