"""What a picture shows of an estate: networks, their rows, and what each row holds. No places."""

from collections.abc import Iterator

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import format_address
from hubwright.model.cluster import KubernetesCluster, KubernetesService
from hubwright.model.estate import Estate
from hubwright.model.network import (
    API_SERVER_DELEGATION,
    BASTION_SUBNET,
    FIREWALL_SUBNET,
    NetworkInterface,
    NicKind,
    Subnet,
    VirtualNetwork,
)
from hubwright.model.private_access import PrivateEndpoint
from hubwright.semantics.assigned import address_of

_GLYPH_OF = {
    NicKind.NODE: "nodes",
    NicKind.POD: "pods",
    NicKind.VM: "machine",
    NicKind.BASTION: "bastion",
    NicKind.PRIVATE_ENDPOINT: "endpoint",
    NicKind.FIREWALL: "firewall",
    NicKind.APPLICATION_GATEWAY: "balancer",
    NicKind.API_SERVER: "cluster",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """What applies to a whole row: a security group, a route table, a gateway, a caution."""

    glyph: str
    text: str
    css: str = "plain"
    """`nsg`, `routes`, `plain` or `warn`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing in a row."""

    glyph: str
    title: str
    detail: str = ""
    names: tuple[str, ...] = ()
    """What a hop may call it: interfaces, the resource, a service."""
    addresses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A subnet, or the cluster itself with its load balancers."""

    key: str
    """Subnet id, or the cluster's name."""
    title: str
    detail: str
    badges: tuple[Badge, ...] = ()
    items: tuple[Item, ...] = ()
    is_cluster: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A virtual network and its rows, in the source's order."""

    network: VirtualNetwork
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def networks(estate: Estate) -> tuple[Network, ...]:
    """Return every network with its rows, the hub first; the hub's firewall is not in a row."""
    ordered = sorted(estate.virtual_networks, key=lambda item: item.name != estate.hub)
    return tuple(
        Network(
            network=item,
            rows=(*_cluster_rows(estate, item), *_subnet_rows(estate, item)),
            notes=tuple(_notes(estate, item)),
        )
        for item in ordered
    )


def _notes(estate: Estate, network: VirtualNetwork) -> Iterator[str]:
    yield f"DNS {', '.join(network.dns_servers)}" if network.dns_servers else "DNS Azure"
    others = [
        p.remote_virtual_network
        for p in estate.virtual_network_peerings
        if p.virtual_network == network.name
        and estate.hub not in (network.name, p.remote_virtual_network)
    ]
    if others:
        yield f"peered with {', '.join(others)}"


def _subnet_rows(estate: Estate, network: VirtualNetwork) -> Iterator[Row]:
    for subnet in estate.subnets_of(network.name):
        yield Row(
            key=subnet.id,
            title=subnet.name,
            detail=", ".join(str(prefix) for prefix in subnet.address_prefixes),
            badges=tuple(_badges(subnet)),
            items=tuple(_items(estate, subnet)),
        )


def _badges(subnet: Subnet) -> Iterator[Badge]:
    if subnet.network_security_group:
        yield Badge(glyph="nsg", text=subnet.network_security_group, css="nsg")
    if subnet.route_table:
        yield Badge(glyph="routes", text=subnet.route_table, css="routes")
    if subnet.nat_gateway:
        yield Badge(glyph="nat", text=subnet.nat_gateway)
    if subnet.delegation:
        yield Badge(glyph="delegation", text=subnet.delegation.rpartition(".")[2])
    if subnet.default_outbound_access_enabled:
        yield Badge(glyph="out", text="default outbound", css="warn")


def _items(estate: Estate, subnet: Subnet) -> Iterator[Item]:
    """Yield what lives in a subnet; the addresses come from the interfaces, where there are any."""
    if subnet.name == FIREWALL_SUBNET:
        for firewall in estate.firewalls:
            if firewall.virtual_network == subnet.virtual_network:
                yield _item(estate, NicKind.FIREWALL, firewall.name, firewall.name, subnet)
    if subnet.name == BASTION_SUBNET:
        for host in estate.bastion_hosts:
            if host.virtual_network == subnet.virtual_network:
                yield _item(estate, NicKind.BASTION, host.name, host.name, subnet, host.sku)
    for pool in estate.node_pools:
        if pool.subnet == subnet.id:
            title = f"{pool.name} pool \u00d7{pool.node_count}"
            yield _item(estate, NicKind.NODE, pool.name, title, subnet, pool.vm_size)
    for pool in estate.node_pools:
        if (pool.pod_subnet or pool.subnet) == subnet.id and _has_pods(estate, pool.cluster):
            yield _item(estate, NicKind.POD, pool.name, f"{pool.name} pods", subnet)
    for machine in estate.virtual_machines:
        if machine.subnet == subnet.id:
            public = f"public {machine.public_ip}" if machine.public_ip else machine.size
            yield _item(estate, NicKind.VM, machine.name, machine.name, subnet, public)
    yield from _fleets(estate, subnet)
    for endpoint in estate.private_endpoints:
        if endpoint.subnet == subnet.id:
            title = _target(estate, endpoint)
            kind = NicKind.PRIVATE_ENDPOINT
            if endpoint.made_by_platform and subnet.delegation == API_SERVER_DELEGATION:
                kind = NicKind.API_SERVER
            yield _item(estate, kind, endpoint.name, title, subnet, endpoint.name)


def _fleets(estate: Estate, subnet: Subnet) -> Iterator[Item]:
    """Yield scale sets, Managed DevOps Pools and application gateways."""
    for scale_set in estate.virtual_machine_scale_sets:
        if scale_set.subnet == subnet.id:
            name = f"{scale_set.name}-0"
            yield _item(estate, NicKind.VM, name, scale_set.name, subnet, scale_set.sku)
    for pool in estate.managed_devops_pools:
        if pool.subnet == subnet.id:
            yield _item(estate, NicKind.VM, f"{pool.name}-0", pool.name, subnet, pool.sku_name)
    gateways = [(item.name, item.subnet) for item in estate.application_gateways]
    gateways += [(item.name, item.subnet) for item in estate.application_load_balancers]
    for name, home in gateways:
        if home == subnet.id:
            yield _item(estate, NicKind.APPLICATION_GATEWAY, name, name, subnet)


def _target(estate: Estate, endpoint: PrivateEndpoint) -> str:
    """Return what is behind an endpoint; its part too, where one service has several endpoints."""
    name = endpoint.target.rpartition("/")[2]
    if endpoint.subresource == "management":
        return f"{name} API"
    several = sum(1 for other in estate.private_endpoints if other.target == endpoint.target) > 1
    return f"{name} {endpoint.subresource}" if several else name


def _has_pods(estate: Estate, cluster: str) -> bool:
    """Tell whether pods take addresses of a subnet: not with an overlay, nor without Azure CNI."""
    found = next((c for c in estate.kubernetes_clusters if c.name == cluster), None)
    if found is None:
        return False
    return found.network_plugin == "azure" and found.network_plugin_mode != "overlay"


def _item(
    estate: Estate, kind: NicKind, owner: str, title: str, subnet: Subnet, otherwise: str = ""
) -> Item:
    nics = [
        nic
        for nic in estate.network_interfaces
        if nic.kind is kind and nic.owner == owner and nic.subnet == subnet.id
    ]
    return Item(
        glyph=_GLYPH_OF[kind],
        title=title,
        detail=_range(nics[:1] if kind is NicKind.FIREWALL else nics) or otherwise,
        names=tuple(dict.fromkeys((*(nic.name for nic in nics), owner)))
        if kind not in (NicKind.NODE, NicKind.POD)
        else tuple(nic.name for nic in nics),
        addresses=tuple(nic.private_ip_address for nic in nics),
    )


def _range(nics: list[NetworkInterface]) -> str:
    """Return `10.1.0.4-6`: the lowest address and the last number of the highest."""
    addresses = sorted(nic.private_ip_address for nic in nics)
    if not addresses:
        return ""
    first, last = addresses[0], addresses[-1]
    if first == last:
        return format_address(first)
    if last - first != len(addresses) - 1:
        return f"{format_address(first)} +{len(addresses) - 1}"
    tail = format_address(last)
    return f"{format_address(first)}-{tail.rpartition('.')[2] if first >> 8 == last >> 8 else tail}"


def home_of(estate: Estate, cluster: str) -> str:
    """Return the network that a cluster's nodes are in, or ""."""
    pool = next((p for p in estate.node_pools if p.cluster == cluster), None)
    return pool.virtual_network if pool else ""


def _cluster_rows(estate: Estate, network: VirtualNetwork) -> Iterator[Row]:
    for cluster in estate.kubernetes_clusters:
        if home_of(estate, cluster.name) == network.name:
            yield Row(
                key=cluster.name,
                title=cluster.name,
                detail="",
                badges=tuple(_facts(cluster)),
                items=tuple(
                    _service(estate, service)
                    for service in estate.kubernetes_services
                    if service.cluster == cluster.name
                ),
                is_cluster=True,
            )


def _facts(cluster: KubernetesCluster) -> Iterator[Badge]:
    if cluster.private_cluster_enabled:
        yield Badge(glyph="vault", text="private API")
    else:
        yield Badge(glyph="public", text="public API", css="warn")
    plugin = "Azure CNI" if cluster.network_plugin == "azure" else cluster.network_plugin
    mode = f" {cluster.network_plugin_mode}" if cluster.network_plugin_mode else ""
    yield Badge(glyph="pods", text=f"{plugin}{mode}, {cluster.network_data_plane}")
    yield Badge(glyph="routes", text=cluster.outbound_type)


def service_key(service: KubernetesService) -> str:
    """Return the name under which a service's frontend is found among the places."""
    return f"service {service.cluster}/{service.name}"


def _service(estate: Estate, service: KubernetesService) -> Item:
    address = address_of(estate, service.frontend)
    shown = format_address(address) if address is not None else service.frontend
    return Item(
        glyph="balancer",
        title=f"{service.name} :{service.port} → {service.target_port}",
        detail=f"{shown} {service.load_balancer}",
        names=(service_key(service),),
        addresses=() if address is None else (address,),
    )
