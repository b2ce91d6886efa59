"""Finds the place that a person means: an interface, a subnet, a name, or the internet."""

from difflib import get_close_matches

from hubwright.errors import UnknownResource
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressError, Prefix, format_address, parse_address
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate
from hubwright.model.network import NetworkInterface, NicKind, Subnet
from hubwright.semantics.assigned import address_of
from hubwright.semantics.names import INTERNET, INTERNET_CLIENT


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a flow is meant to go: a name to resolve, or an address."""

    name: str | None = None
    address: int | None = None


def source(estate: Estate, text: str) -> NetworkInterface | int:
    """
    Return the interface that a flow starts at, or the internet address that it comes from.

    Reads an interface's name, the name of what owns it (`jumpbox` for `vm-jumpbox`), a subnet
    (its first machine, or a free address of it), an address, or `internet`.

    Raises:
        UnknownResource: nothing of that name; the message lists near ones.
    """
    if text == INTERNET:
        return INTERNET_CLIENT
    try:
        return _by_address(estate, parse_address(text))
    except AddressError:
        pass
    found = _interface(estate, text) or _in_subnet(estate, text) or overlay_pod(estate, text)
    if found is None:
        raise UnknownResource(_unknown(estate, text))
    if found.kind is NicKind.FIREWALL:
        raise UnknownResource(f"`{text}` is a firewall; start at a machine, a subnet or `internet`")
    return found


def destination(estate: Estate, text: str) -> Destination:
    """
    Return what a flow is sent to.

    A service with a private endpoint is reached by its name, a workload by the public address
    that its DNAT rule listens on, anything else of the estate by its address. A text with a dot
    that is none of these is a name to resolve.

    Raises:
        UnknownResource: no such resource, and no name either.
    """
    try:
        return Destination(address=parse_address(text))
    except AddressError:
        pass
    for cluster in estate.kubernetes_clusters:
        if text == cluster.name and not cluster.private_cluster_enabled:
            return Destination(name=api_server_name(estate, cluster))
    for endpoint in estate.private_endpoints:
        if text in (endpoint.target, endpoint.name) and endpoint.fqdns:
            return Destination(name=endpoint.fqdns[0])
    public = estate.public_ip_by_name.get(text)
    if public is not None and public.ip_address:
        return Destination(address=parse_address(public.ip_address))
    exposed = _exposed(estate, text)
    if exposed is not None:
        return Destination(address=exposed)
    nic = _interface(estate, text)
    if nic is not None:
        return Destination(address=nic.private_ip_address)
    if "." in text:
        return Destination(name=text)
    nic = _in_subnet(estate, text)
    if nic is not None:
        return Destination(address=nic.private_ip_address)
    raise UnknownResource(_unknown(estate, text))


def subnet_holding(estate: Estate, address: int) -> Subnet | None:
    """Return the subnet that an address lies in."""
    for subnet in estate.subnets:
        if any(address in prefix for prefix in subnet.address_prefixes):
            return subnet
    return None


def is_overlay(nic: NetworkInterface) -> bool:
    """Tell whether an interface is a pod's in an overlay, which no subnet knows."""
    return nic.kind is NicKind.POD and nic.name.startswith(_OVERLAY_POD)


_OVERLAY_POD = "overlay-pod-"
_OVERLAY_RANGE = Prefix.parse("10.244.0.0/16")
_OVERLAY_NODE_SIZE = 256


def overlay_pod(estate: Estate, text: str) -> NetworkInterface | None:
    """Return a pod of an overlay by its name, `pod-<pool>-<n>`, or by its pool's."""
    for cluster in estate.kubernetes_clusters:
        if cluster.network_plugin_mode != "overlay" and cluster.network_plugin == "azure":
            continue
        space = Prefix.parse(cluster.pod_cidr) if cluster.pod_cidr else _OVERLAY_RANGE
        pools = [pool.name for pool in estate.node_pools if pool.cluster == cluster.name]
        nodes = [nic for nic in estate.network_interfaces if nic.owner in pools]
        for n, node in enumerate(nodes):
            if text == node.name.replace("aks-", "pod-", 1):
                return NetworkInterface(
                    name=f"{_OVERLAY_POD}{text.removeprefix('pod-')}",
                    kind=NicKind.POD,
                    subnet=node.subnet,
                    private_ip_address=space.first + n * _OVERLAY_NODE_SIZE + 4,
                    owner=node.owner,
                    host=node.name,
                    origin=node.origin,
                )
    return None


def _by_address(estate: Estate, address: int) -> NetworkInterface | int:
    for nic in estate.network_interfaces:
        if nic.private_ip_address == address:
            return nic
    subnet = subnet_holding(estate, address)
    if subnet is None:
        return address
    return host(subnet, address)


def host(subnet: Subnet, address: int) -> NetworkInterface:
    """Return a machine that nobody wrote, at an address of a subnet."""
    name = format_address(address)
    return NetworkInterface(
        name=name,
        kind=NicKind.VM,
        subnet=subnet.id,
        private_ip_address=address,
        owner=name,
        origin=subnet.origin,
    )


def _interface(estate: Estate, text: str) -> NetworkInterface | None:
    exact = estate.network_interface_by_name.get(text)
    if exact is not None:
        return exact
    owned = [nic for nic in estate.network_interfaces if nic.owner == text]
    if owned:
        return owned[0]
    near = [nic for nic in estate.network_interfaces if nic.name.endswith(f"-{text}")]
    if not near:
        near = [nic for nic in estate.network_interfaces if nic.name.startswith(f"{text}-")]
    return near[0] if near else None


def _in_subnet(estate: Estate, text: str) -> NetworkInterface | None:
    subnet = next((s for s in estate.subnets if text in (s.id, s.name)), None)
    if subnet is None or not subnet.address_prefixes:
        return None
    kinds = (NicKind.NODE, NicKind.POD, NicKind.VM, NicKind.BASTION)
    inside = [n for n in estate.network_interfaces if n.subnet == subnet.id and n.kind in kinds]
    if inside:
        return inside[0]
    used = {nic.private_ip_address for nic in estate.network_interfaces}
    prefix = subnet.address_prefixes[0]
    free = next((a for a in range(prefix.last - 1, prefix.first + 3, -1) if a not in used), None)
    return None if free is None else host(subnet, free)


def _exposed(estate: Estate, text: str) -> int | None:
    service = next((s for s in estate.kubernetes_services if s.name == text), None)
    if service is None:
        return None
    target = address_of(estate, service.frontend)
    for group in estate.rule_collection_groups:
        for collection in group.nat_rule_collections:
            for rule in collection.rules:
                if target and address_of(estate, rule.translated_address or "") == target:
                    return address_of(estate, rule.destination_address)
    return target


def api_server_name(estate: Estate, cluster: KubernetesCluster) -> str | None:
    """Return the name by which clients ask for a cluster's API server, or None: it has none yet."""
    if not cluster.private_cluster_enabled:
        location = cluster.location.replace(" ", "").lower()
        return f"{cluster.dns_prefix}.hcp.{location}.azmk8s.io".lower()
    names = (e.fqdns[0] for e in estate.private_endpoints if e.target == cluster.name and e.fqdns)
    return next(names, None)


def _unknown(estate: Estate, text: str) -> str:
    names = {nic.name for nic in estate.network_interfaces}
    names |= {nic.owner for nic in estate.network_interfaces}
    names |= {s.name for s in estate.subnets} | {s.name for s in estate.kubernetes_services}
    names |= {e.target for e in estate.private_endpoints} | {INTERNET}
    near = get_close_matches(text, sorted(names), n=3, cutoff=0.5)
    hint = f"; did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""
    return f"nothing in the estate is called `{text}`{hint}"
