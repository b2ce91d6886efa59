"""Where packets come from: interfaces that no rule can tell apart, and addresses that may come."""

from collections.abc import Iterator
from dataclasses import replace

from hubwright.engines.verify.places import PLATFORM_SUBNETS, public_space, workload_subnets
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressSet
from hubwright.model.estate import Estate
from hubwright.model.network import NetworkInterface, NicKind, Subnet
from hubwright.semantics import locate
from hubwright.semantics.assigned import address_of
from hubwright.semantics.names import INTERNET
from hubwright.semantics.publics import public_interfaces

SENDERS = (
    NicKind.NODE,
    NicKind.POD,
    NicKind.VM,
    NicKind.BASTION,
    NicKind.APPLICATION_GATEWAY,
)
GUEST = "guest-"
"""Begins the names of machines that nobody has written, but that may come."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Senders that filters, routes and translations treat alike."""

    name: str
    """Interface, `subnet` for its free addresses, or `internet`."""
    addresses: AddressSet
    nic: NetworkInterface | None
    """One of them; None on the internet."""
    is_modelled: bool = True
    """Whether interfaces of the estate have the addresses; else they are free."""
    host: NetworkInterface | None = None
    """The node whose address stands for a pod of an overlay."""


def peopled(estate: Estate) -> Estate:
    """
    Return the estate with a machine in every subnet that may get one and has none.

    Otherwise whatever is sent to an empty subnet is lost, and every claim about it is true.
    """
    taken = {nic.subnet for nic in estate.network_interfaces if nic.kind in SENDERS}
    guests = [
        replace(found, name=f"{GUEST}{subnet.name}", owner=f"{GUEST}{subnet.name}")
        for subnet in workload_subnets(estate)
        if subnet.id not in taken and (found := _guest(estate, subnet)) is not None
    ]
    if not guests:
        return estate
    return replace(estate, network_interfaces=(*estate.network_interfaces, *guests))


def _guest(estate: Estate, subnet: Subnet) -> NetworkInterface | None:
    used = {nic.private_ip_address for nic in estate.network_interfaces}
    used |= {
        address
        for service in estate.kubernetes_services
        if (address := address_of(estate, service.frontend)) is not None
    }
    for prefix in subnet.address_prefixes:
        for address in range(prefix.last - 1, prefix.first + 3, -1):
            if address not in used:
                return locate.host(subnet, address)
    return None


def inside(estate: Estate) -> tuple[Source, ...]:
    """Return the senders of the estate's own networks; no two share an address."""
    taken = AddressSet()
    out: list[Source] = []
    for source in (*_interfaces(estate), *_free(estate), *_overlay_pods(estate)):
        addresses = source.addresses - taken
        if addresses:
            out.append(replace(source, addresses=addresses))
            taken |= addresses
    return tuple(out)


def internet(estate: Estate) -> Source:
    """Return the internet as a sender: what is public and not the estate's own."""
    return Source(INTERNET, public_space(estate), None)


def _interfaces(estate: Estate) -> Iterator[Source]:
    """Yield interfaces together that share subnet, kind, owner and group."""
    groups: dict[object, list[NetworkInterface]] = {}
    publics = {nic.name for nic, _ in public_interfaces(estate)}
    for nic in estate.network_interfaces:
        if nic.kind in SENDERS:
            own = nic.name if nic.name in publics or nic.kind is NicKind.VM else nic.owner
            key = (nic.subnet, nic.kind, own, nic.network_security_group)
            groups.setdefault(key, []).append(nic)
    for nics in groups.values():
        addresses = AddressSet.of((n.private_ip_address, n.private_ip_address) for n in nics)
        yield Source(nics[0].name, addresses, nics[0])


def _free(estate: Estate) -> Iterator[Source]:
    """Yield the addresses of each subnet that a machine may still get."""
    used = [nic.private_ip_address for nic in estate.network_interfaces]
    used += [
        address
        for service in estate.kubernetes_services
        if (address := address_of(estate, service.frontend)) is not None
    ]
    taken = AddressSet.of((address, address) for address in used)
    for subnet in estate.subnets:
        if subnet.name in PLATFORM_SUBNETS:
            continue
        usable = AddressSet.of(
            (p.first + 4, p.last - 1) for p in subnet.address_prefixes if p.length < 30
        )
        rest = usable - taken
        if rest:
            nic = locate.host(subnet, rest.first())
            yield Source(subnet.id, rest, nic, is_modelled=False)


def _overlay_pods(estate: Estate) -> Iterator[Source]:
    """Yield the modelled pods of overlays, which no subnet knows."""
    for node in estate.network_interfaces:
        if node.kind is not NicKind.NODE:
            continue
        pod = locate.overlay_pod(estate, node.name.replace("aks-", "pod-", 1))
        if pod is not None:
            address = pod.private_ip_address
            yield Source(pod.name, AddressSet(((address, address),)), pod, host=node)
