"""What a person means by the end of a claim: addresses of senders, or where something is sent."""

from collections.abc import Iterator
from dataclasses import field

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressError, AddressSet
from hubwright.model.estate import Estate
from hubwright.model.network import NetworkInterface, NicKind, Subnet
from hubwright.semantics import locate
from hubwright.semantics.assigned import address_of
from hubwright.semantics.names import INTERNET

PRIVATE = "private"
"""What a name resolves to where its private endpoint answers."""
_KINDS = {
    "nodes": (NicKind.NODE,),
    "pods": (NicKind.POD,),
    "bastion": (NicKind.BASTION,),
}


@dataclass(frozen=True, slots=True)
class End:
    """One end: addresses of the estate or of the internet, or a name to look up."""

    text: str
    """As written."""
    addresses: AddressSet = field(default_factory=AddressSet)
    is_internet: bool = False
    """The whole internet, or those of its addresses that are given."""
    name: str = ""
    """Name, or `*.contoso.com`, to which packets are sent."""
    port: int | None = None
    """The port that a workload listens on."""


def sender(estate: Estate, text: str) -> End | None:
    """
    Return whose packets are meant; None where nothing of the estate is called so.

    Reads `internet`, a subnet, a network, `nodes`, `pods`, a cluster, a node pool,
    a machine, an IP group, an address, a prefix or a range.
    """
    if text == INTERNET:
        return End(text, is_internet=True)
    found = _addresses(estate, text)
    if found is None:
        return None
    is_plain = _parsed(text) is not None or text in estate.ip_group_by_name
    return End(text, found, is_internet=is_plain and not _is_inside(estate, found))


def receiver(estate: Estate, text: str) -> End | None:
    """
    Return where packets are sent; None where nothing of the estate is called so, and no name.

    Reads what `sender` reads, and services with a private endpoint and clusters (by the name of
    their API server), workloads and public IPs (by the address that listens), names, and
    `*.contoso.com`.
    """
    if text == INTERNET:
        return End(text, is_internet=True)
    plain = _parsed(text)
    if plain is not None:
        return End(text, plain, is_internet=not _is_inside(estate, plain))
    if text in _KINDS or _subnets(estate, text):
        found = _addresses(estate, text)
        return None if found is None else End(text, found)
    if text.startswith("*"):
        return End(text, name=text.lower())
    return _resource(estate, text)


def _resource(estate: Estate, text: str) -> End | None:
    for endpoint in estate.private_endpoints:
        if text in (endpoint.target, endpoint.name) and endpoint.fqdns:
            return End(text, name=endpoint.fqdns[0].lower())
    cluster = next((item for item in estate.kubernetes_clusters if item.name == text), None)
    name = cluster and locate.api_server_name(estate, cluster)
    if name:
        return End(text, name=name.lower(), port=443)
    for service in estate.kubernetes_services:
        if service.name == text:
            address = locate.destination(estate, text).address
            inside = address is not None and locate.subnet_holding(estate, address) is not None
            return End(text, _one(address), is_internet=not inside, port=service.port)
    if text in estate.public_ip_by_name:
        return End(text, _one(address_of(estate, text)), is_internet=True)
    found = _addresses(estate, text)
    if found is not None:
        return End(text, found)
    return End(text, name=text.lower()) if "." in text else None


def _one(address: int | None) -> AddressSet:
    return AddressSet() if address is None else AddressSet(((address, address),))


def _parsed(text: str) -> AddressSet | None:
    try:
        return AddressSet.parse(text)
    except AddressError:
        return None


def _is_inside(estate: Estate, addresses: AddressSet) -> bool:
    spaces = (p for network in estate.virtual_networks for p in network.address_space)
    return addresses.overlaps(AddressSet.prefixes_of(list(spaces)))


def _addresses(estate: Estate, text: str) -> AddressSet | None:
    """Return the addresses that a text stands for, existing machines and ones to come."""
    plain = _parsed(text)
    if plain is not None:
        return plain
    group = estate.ip_group_by_name.get(text)
    if group is not None:
        return AddressSet.of(p for cidr in group.cidrs for p in AddressSet.parse(cidr).intervals)
    prefixes = [p for subnet in _subnets(estate, text) for p in subnet.address_prefixes]
    if prefixes:
        return AddressSet.prefixes_of(prefixes)
    nics = list(_interfaces(estate, text))
    if not nics:
        return None
    return AddressSet.of((nic.private_ip_address, nic.private_ip_address) for nic in nics)


def _subnets(estate: Estate, text: str) -> list[Subnet]:
    """Return the subnets of a subnet's or a network's name."""
    exact = [s for s in estate.subnets if text in (s.id, s.name)]
    return exact or [s for s in estate.subnets if s.virtual_network == text]


def _interfaces(estate: Estate, text: str) -> Iterator[NetworkInterface]:
    pools = {p.name for p in estate.node_pools if p.cluster == text}
    wanted = _KINDS.get(text)
    names = {text, f"vm-{text}"}
    for nic in estate.network_interfaces:
        if wanted is not None:
            if nic.kind in wanted:
                yield nic
            elif NicKind.POD in wanted and nic.kind is NicKind.NODE:
                yield from _overlay_pod(estate, nic)
        elif nic.name in names or nic.owner in names or nic.owner in pools:
            yield nic


def _overlay_pod(estate: Estate, node: NetworkInterface) -> Iterator[NetworkInterface]:
    """Yield the pod that stands for those of a node in an overlay."""
    pod = locate.overlay_pod(estate, node.name.replace("aks-", "pod-", 1))
    if pod is not None:
        yield pod
