"""
The places of the estate: a namespace for each interface, with its filters, servers and resolver.

An AKS node owns the load balancers' frontends (floating IP): it sends what comes for them on to
a pod, with its own address as source, as `externalTrafficPolicy: Cluster` does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from hubwright.engines.twin import nft_text as nft
from hubwright.engines.twin import nsg_nft, sites
from hubwright.engines.twin.artefacts import Document, Node, Resolver, Server, ServerKind, Tool
from hubwright.engines.twin.wiring import FABRIC_ADDRESS, Wiring, resolver_namespace
from hubwright.errors import UnknownResource
from hubwright.model.address import Prefix, format_address
from hubwright.model.cluster import KubernetesService
from hubwright.model.firewall import Firewall
from hubwright.model.network import NetworkInterface, NicKind, Subnet
from hubwright.semantics import dns, locate
from hubwright.semantics.assigned import address_of
from hubwright.semantics.names import AZURE_DNS, DNS_PORT, INSTANCE_METADATA

AZURE = "azure"
"""Who answers at the platform's own addresses."""
_SYSCTL = ("rp_filter=0", "accept_local=1", "send_redirects=0")


def settings(wiring: Wiring) -> tuple[Document, ...]:
    """Return the kernel settings of interfaces and resolvers; they come before the links."""
    names = [wiring.namespace_of(nic) for nic in wiring.endpoints]
    names += [resolver_namespace(network) for network in wiring.networks]
    nodes = {wiring.namespace_of(n) for n in wiring.endpoints if n.kind is NicKind.NODE}
    return tuple(
        Document(
            name=f"017-{name}.sysctl",
            tool=Tool.SYSCTL,
            namespace=name,
            text=_sysctl(forwards=name in nodes),
        )
        for name in names
    )


def _sysctl(*, forwards: bool) -> str:
    lines = [f"net/ipv4/conf/{which}/{key}" for which in ("all", "default") for key in _SYSCTL]
    return _lines([*lines, "net/ipv4/ip_forward=1"] if forwards else lines)


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def documents(wiring: Wiring) -> tuple[Document, ...]:
    """Return addresses and rulesets of all interfaces, and the resolvers' addresses."""
    out: list[Document] = []
    for nic in wiring.endpoints:
        place = wiring.namespace_of(nic)
        out.append(
            Document(
                name=f"030-{place}.ip",
                tool=Tool.IP,
                namespace=place,
                text=_lines(_addresses(wiring, nic)),
            )
        )
        out.append(
            Document(
                name=f"052-{place}.nft",
                tool=Tool.NFT,
                namespace=place,
                text=_rules(wiring, nic),
            )
        )
    for network in wiring.networks:
        name = resolver_namespace(network)
        text = _lines(_resolver_addresses())
        out.append(Document(name=f"030-{name}.ip", tool=Tool.IP, namespace=name, text=text))
        text = nft.table("servers", sites.any_port('iifname "eth0" '))
        out.append(Document(name=f"052-{name}.nft", tool=Tool.NFT, namespace=name, text=text))
    return tuple(out)


def prefix_of(subnet: Subnet, address: int) -> Prefix:
    """Return the prefix of a subnet that an address lies in."""
    return next(p for p in subnet.address_prefixes if address in p)


def gateway_of(subnet: Subnet, address: int) -> str:
    """Return the address of Azure's gateway: the first of the subnet."""
    return format_address(prefix_of(subnet, address).first + 1)


def _addresses(wiring: Wiring, nic: NetworkInterface) -> Iterator[str]:
    subnet, address = wiring.estate.subnet_by_id[nic.subnet], nic.private_ip_address
    yield "link set lo up"
    yield "link set eth0 up"
    yield f"addr add {format_address(address)}/{prefix_of(subnet, address).length} dev eth0"
    yield f"route add default via {gateway_of(subnet, address)} dev eth0 onlink"
    pod = _overlay_pod(wiring, nic)
    if pod is not None:
        yield f"addr add {format_address(pod.private_ip_address)}/32 dev lo"


def _overlay_pod(wiring: Wiring, node: NetworkInterface) -> NetworkInterface | None:
    """Return the pod that stands for those of an overlay on a node; it lives at the node."""
    if node.kind is not NicKind.NODE:
        return None
    try:
        found = locate.source(wiring.estate, node.name.replace("aks-", "pod-", 1))
    except UnknownResource:
        return None
    return None if isinstance(found, int) or not locate.is_overlay(found) else found


def _resolver_addresses() -> Iterator[str]:
    yield "link set lo up"
    yield "link set eth0 up"
    for address in (AZURE_DNS, INSTANCE_METADATA):
        yield f"addr add {format_address(address)}/32 dev eth0"
    yield f"route add default via {FABRIC_ADDRESS} dev eth0 onlink"


def _rules(wiring: Wiring, nic: NetworkInterface) -> str:
    own = f"ip daddr {format_address(nic.private_ip_address)} "
    text = nsg_nft.table(wiring.estate, nic, wiring.assumptions)
    if nic.kind is NicKind.DNS_RESOLVER:
        return text + _dns_alone(nic)
    text += nft.table("servers", sites.any_port(own), sites.any_port_within(own))
    if nic.kind is NicKind.NODE:
        text += _services(wiring, nic) + _overlay(wiring, nic)
    return text


def _dns_alone(nic: NetworkInterface) -> str:
    """Return what an inbound endpoint does to everything but DNS."""
    rules = [
        'iifname != "eth0" accept',
        "ct state established,related accept",
        f"meta l4proto {{ tcp, udp }} th dport {DNS_PORT} accept",
        nft.drop("unreachable", nic.name),
    ]
    return nft.table("resolver", nft.chain("dns_alone", rules, "filter input priority filter"))


def _overlay(wiring: Wiring, nic: NetworkInterface) -> str:
    """
    Return what hides an overlay's pods behind their node.

    Source: learn.microsoft.com/azure/aks/azure-cni-overlay.
    """
    pod = _overlay_pod(wiring, nic)
    if pod is None:
        return ""
    source, node = format_address(pod.private_ip_address), format_address(nic.private_ip_address)
    rule = f'ip saddr {source} oifname "eth0" snat to {node}'
    return nft.table("overlay", nft.chain("own_source", [rule], "nat postrouting priority srcnat"))


def _services(wiring: Wiring, nic: NetworkInterface) -> str:
    """
    Return what kube-proxy does on a node.

    Connections to a frontend are tracked in a zone of their own, so that a node may reach a
    frontend that leads back to itself.
    """
    found = list(_own_services(wiring, nic))
    if not found:
        return ""
    frontends = nft.address_list(address for _, address in found)
    node = format_address(nic.private_ip_address)
    return nft.table(
        "services",
        nft.chain(
            "zone",
            [f'iifname "eth0" ip daddr {frontends} ct original zone set 1'],
            "filter prerouting priority raw",
        ),
        nft.chain(
            "to_pods",
            [_to_pods(wiring, nic, service, address) for service, address in found],
            "nat prerouting priority dstnat",
        ),
        nft.chain(
            "own_source",
            [f'ct status dnat oifname "eth0" snat to {node}'],
            "nat postrouting priority srcnat",
        ),
        nft.chain(
            "forward",
            [
                "ct state established,related accept",
                "ct status dnat accept",
                nft.drop("unreachable", nic.name),
            ],
            "filter forward priority filter",
        ),
        nft.chain(
            "output",
            [nft.NO_ICMP_ERRORS],
            "filter output priority filter",
        ),
    )


def _own_services(wiring: Wiring, nic: NetworkInterface) -> Iterator[tuple[KubernetesService, int]]:
    """Yield the services of a node's cluster; the first on an address and port stands."""
    pool = next(p for p in wiring.estate.node_pools if p.name == nic.owner)
    seen: set[tuple[int, int]] = set()
    for service in wiring.estate.kubernetes_services:
        address = address_of(wiring.estate, service.frontend)
        if service.cluster != pool.cluster or address is None:
            continue
        if (address, service.port) not in seen:
            seen.add((address, service.port))
            yield service, address


def _to_pods(
    wiring: Wiring, nic: NetworkInterface, service: KubernetesService, address: int
) -> str:
    pods = [pod.private_ip_address for pod in wiring.pods(service.cluster)]
    targets = pods or [nic.private_ip_address]
    return (
        f"ip daddr {format_address(address)} tcp dport {service.port} "
        f"dnat to {nft.round_robin(targets, service.target_port)}"
    )


def servers(wiring: Wiring) -> tuple[Server, ...]:
    """Return the servers of all interfaces, and those at the platform's addresses."""
    out: list[Server] = []
    ports = _workload_ports(wiring)
    hosting = _hosting_pools(wiring)
    for nic in wiring.endpoints:
        place = wiring.namespace_of(nic)
        if nic.kind is NicKind.DNS_RESOLVER:
            continue
        if nic.kind is NicKind.POD or (nic.kind is NicKind.NODE and nic.owner in hosting):
            out += sites.endpoint_servers(nic.name, place, (), ServerKind.WORKLOAD, ports)
        else:
            further = ports if nic.kind is NicKind.NODE else {}
            out += sites.endpoint_servers(nic.name, place, ports=further)
    for network in wiring.networks:
        out += sites.endpoint_servers(AZURE, resolver_namespace(network))
    return tuple(out)


def _workload_ports(wiring: Wiring) -> dict[int, bool]:
    """Return the ports of pods that services lead to -> whether HTTPS is spoken there."""
    out: dict[int, bool] = {}
    for service in wiring.estate.kubernetes_services:
        out[service.target_port] = out.get(service.target_port, False) or service.port == 443
    return out


def _hosting_pools(wiring: Wiring) -> set[str]:
    """Return the pools whose nodes stand for their pods, which have no interfaces of their own."""
    without = {c.name for c in wiring.estate.kubernetes_clusters if not wiring.pods(c.name)}
    return {pool.name for pool in wiring.estate.node_pools if pool.cluster in without}


def resolvers(wiring: Wiring) -> tuple[Resolver, ...]:
    """
    Return Azure DNS in every network, inbound endpoints, and the firewalls' proxies.

    What a server asks others in turn, by forwarding rules say, is worked out and not sent.
    """
    estate = wiring.estate
    out = [
        Resolver(
            name=f"Azure DNS for {network}",
            namespace=resolver_namespace(network),
            address=format_address(AZURE_DNS),
            virtual_network=network,
        )
        for network in wiring.networks
    ]
    out += [
        Resolver(
            name=nic.name,
            namespace=wiring.namespace_of(nic),
            address=format_address(nic.private_ip_address),
            virtual_network=nic.virtual_network,
            is_inbound_endpoint=True,
        )
        for nic in wiring.endpoints
        if nic.kind is NicKind.DNS_RESOLVER
    ]
    for firewall in estate.firewalls:
        address = firewall.private_ip_address
        if address is not None and dns.proxy_enabled(estate, firewall, wiring.assumptions):
            out.append(
                Resolver(
                    name=firewall.name,
                    namespace=firewall.name,
                    address=format_address(address),
                    virtual_network=firewall.virtual_network,
                )
            )
    return tuple(out)


def nodes(wiring: Wiring) -> tuple[Node, ...]:
    """Return the places that a person or a probe can be, the internet last."""
    out = [
        Node(
            name=nic.name,
            namespace=wiring.namespace_of(nic),
            kind=nic.kind.value,
            address=format_address(nic.private_ip_address),
            subnet=nic.subnet,
            nameserver=dns.servers(wiring.estate, nic.virtual_network)[0],
        )
        for nic in wiring.endpoints
    ]
    for nic in wiring.endpoints:
        pod = _overlay_pod(wiring, nic)
        if pod is not None:
            address = format_address(pod.private_ip_address)
            node = next(item for item in out if item.name == nic.name)
            out.append(replace(node, name=pod.name, kind=NicKind.POD.value, address=address))
    out += [_firewall_node(wiring, f) for f in wiring.estate.firewalls if f.private_ip_address]
    return (*out, sites.node())


def _firewall_node(wiring: Wiring, firewall: Firewall) -> Node:
    return Node(
        name=firewall.name,
        namespace=firewall.name,
        kind=NicKind.FIREWALL.value,
        address=format_address(firewall.private_ip_address or 0),
        subnet=firewall.subnet,
        nameserver=(
            *dns.upstream(wiring.estate, firewall, wiring.assumptions),
            format_address(AZURE_DNS),
        )[0],
    )
