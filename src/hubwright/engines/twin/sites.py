"""
The internet, and Azure's edge in front of it.

One namespace is every site: it owns all addresses that are sent to it. The edge translates
between interfaces and their public addresses, statefully, and is the way between the fabric's
public side and the sites.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from hubwright.engines.twin import nft_text as nft
from hubwright.engines.twin.artefacts import Document, Node, Resolver, Server, ServerKind, Tool
from hubwright.engines.twin.fabric import outbound_cluster
from hubwright.engines.twin.wiring import (
    EDGE,
    EDGE_ADDRESS,
    FABRIC_ADDRESS,
    SITES,
    Wiring,
)
from hubwright.model.address import ALL_ADDRESSES, RFC1918, RFC6598, format_address
from hubwright.model.estate import Estate
from hubwright.model.network import NetworkInterface, NicKind
from hubwright.semantics import services
from hubwright.semantics.assigned import address_of
from hubwright.semantics.names import (
    CLUSTER_OUTBOUND,
    DEFAULT_OUTBOUND,
    INTERNET,
    INTERNET_CLIENT,
    site_address,
)
from hubwright.semantics.names import SITES as SITE_ADDRESSES
from hubwright.semantics.nsg import is_closed
from hubwright.semantics.publics import public_interfaces

ANY_PORT = 7
"""Where a server takes connections to ports on which nothing else listens (echo, RFC 862)."""
RESOLVER = "198.51.100.53"
"""Where the internet's resolver listens."""
_IO = ("io", "cn", "us")
_VAULTS = ("vault.azure.net", "vault.azure.cn", "vault.usgovcloudapi.net")
_CORE = ("windows.net", "chinacloudapi.cn", "usgovcloudapi.net")
"""Domains of registries, vaults and storage in the clouds: public, China, US government."""
_EDGE_INSIDE, _SITES_ADDRESS = "192.0.2.2", "192.0.2.3"
_PRIVATE = RFC1918 | RFC6598
_EDGE_SYSCTL = ("ip_forward=1", "conf/all/rp_filter=0", "conf/default/rp_filter=0")
_QUIET = ("conf/all/send_redirects=0", "conf/default/send_redirects=0")
_OPEN = ("conf/all/accept_local=1", "conf/default/accept_local=1")


def documents(wiring: Wiring) -> tuple[Document, ...]:
    """Return the edge and the sites, to be applied after the fabric's links."""
    edge, sites = [*_EDGE_SYSCTL, *_QUIET], [*_EDGE_SYSCTL[1:], *_OPEN]
    return (
        Document(name="016-edge.sysctl", tool=Tool.SYSCTL, namespace=EDGE, text=_sysctl(edge)),
        Document(
            name="016-internet.sysctl", tool=Tool.SYSCTL, namespace=SITES, text=_sysctl(sites)
        ),
        Document(
            name="021-edge-links.ip",
            tool=Tool.IP,
            namespace=EDGE,
            text=f"link add inet type veth peer name eth0 netns {SITES}\n",
        ),
        Document(
            name="031-edge.ip", tool=Tool.IP, namespace=EDGE, text=_lines(_edge_addresses(wiring))
        ),
        Document(
            name="031-internet.ip", tool=Tool.IP, namespace=SITES, text=_lines(_site_addresses())
        ),
        Document(name="051-edge.nft", tool=Tool.NFT, namespace=EDGE, text=_edge_rules(wiring)),
        Document(
            name="051-internet.nft",
            tool=Tool.NFT,
            namespace=SITES,
            text=nft.table(
                "servers",
                any_port('iifname "eth0" '),
                any_port_within(f"ip daddr {SITE_ADDRESSES} "),
            )
            + nft.table("api_servers", _api_servers(wiring.estate)),
        ),
    )


def _sysctl(keys: Iterable[str]) -> str:
    return _lines(f"net/ipv4/{key}" for key in keys)


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def any_port(match: str) -> str:
    """Return a chain that leads connections to a port without a listener to the echo port."""
    return nft.chain(
        "any_port",
        [
            "socket wildcard 0 accept",
            "socket wildcard 1 accept",
            f"{match}meta l4proto {{ tcp, udp }} redirect to :{ANY_PORT}",
        ],
        "nat prerouting priority dstnat + 10",
    )


def any_port_within(match: str) -> str:
    """Return the same for connections that do not leave the namespace."""
    other = "meta l4proto { tcp, udp } th dport != { 53, 80, 443 }"
    rule = f'oifname "lo" {match}{other} redirect to :{ANY_PORT}'
    return nft.chain("any_port_within", [rule], "nat output priority -100")


def _api_servers(estate: Estate) -> str:
    """Return what public API servers do to clients outside their authorized ranges."""
    refused: list[str] = []
    for cluster in estate.kubernetes_clusters:
        ranges = services.authorized_addresses(estate, cluster)
        if ranges is None:
            continue
        location = cluster.location.replace(" ", "").lower()
        name = f"{cluster.dns_prefix}.hcp.{location}.azmk8s.io".lower()
        outsiders = ALL_ADDRESSES - ranges[0]
        refused.append(
            f"ip daddr {format_address(site_address(name))} ct state new "
            f"{nft.match_addresses('saddr', outsiders)}{nft.drop('service', cluster.name)}"
        )
    return nft.chain("authorized_ranges", refused, "filter prerouting priority -150")


def _edge_addresses(wiring: Wiring) -> Iterator[str]:
    yield "link set lo up"
    yield "link set az up"
    yield "link set inet up"
    yield f"addr add {EDGE_ADDRESS}/32 dev az"
    yield f"addr add {_EDGE_INSIDE}/32 dev inet"
    yield f"route add default via {_SITES_ADDRESS} dev inet onlink"
    inside = {address_of(wiring.estate, item.name) for item in wiring.estate.public_ips}
    for address in sorted(a for a in inside if a is not None):
        yield f"route add {format_address(address)}/32 via {FABRIC_ADDRESS} dev az onlink"
    spaces = (p for network in wiring.estate.virtual_networks for p in network.address_space)
    for prefix in dict.fromkeys(spaces):
        yield f"route add {prefix} via {FABRIC_ADDRESS} dev az onlink"


def _site_addresses() -> Iterator[str]:
    """Yield the addresses of the sites: whatever comes in from the edge is theirs."""
    yield "link set lo up"
    yield "link set eth0 up"
    yield f"addr add {format_address(INTERNET_CLIENT)}/32 dev eth0"
    yield f"addr add {_SITES_ADDRESS}/32 dev eth0"
    yield (
        f"route add default via {_EDGE_INSIDE} dev eth0 onlink "
        f"src {format_address(INTERNET_CLIENT)}"
    )
    yield "rule del pref 0"
    for own in ("127.0.0.0/8", format_address(INTERNET_CLIENT), RESOLVER, str(SITE_ADDRESSES)):
        yield f"rule add pref 5 iif lo to {own} lookup local"
    yield "rule add pref 10 iif eth0 lookup local"
    yield "route add local default dev lo table local"


def _edge_rules(wiring: Wiring) -> str:
    private = nft.addresses(_PRIVATE)
    return nft.table(
        "edge",
        nft.chain(
            "unrouted",
            [f"ip daddr {private} {nft.drop('no_route', 'internet')}"],
            "filter prerouting priority raw",
        ),
        nft.chain("machines", _inbound(wiring), "nat prerouting priority dstnat"),
        nft.chain("gateways", _no_ping(wiring), "filter forward priority filter"),
        nft.chain("outbound", _outbound(wiring), "nat postrouting priority srcnat"),
        nft.chain(
            "private_sources",
            [f"ip saddr {private} {nft.drop('asym', 'internet')}"],
            "filter postrouting priority 150",
        ),
        nft.chain("output", [nft.NO_ICMP_ERRORS], "filter output priority filter"),
    )


def _machines(wiring: Wiring) -> Iterator[tuple[NetworkInterface, int]]:
    yield from public_interfaces(wiring.estate)


def _inbound(wiring: Wiring) -> Iterator[str]:
    for nic, address in _machines(wiring):
        target = format_address(nic.private_ip_address)
        closed = nft.drop("nsg_in", nic.name) if is_closed(wiring.estate, nic) else ""
        yield f"ip daddr {format_address(address)} {closed or f'dnat to {target}'}"


def _gateways(wiring: Wiring) -> Iterator[tuple[list[NetworkInterface], list[int]]]:
    """Yield the interfaces behind each NAT gateway, with its public addresses."""
    estate = wiring.estate
    for gateway in estate.nat_gateways:
        found = (address_of(estate, name) for name in gateway.public_ips)
        addresses = [address for address in found if address is not None]
        subnets = {s.id for s in estate.subnets if s.nat_gateway == gateway.name}
        nics = [nic for nic in wiring.endpoints if nic.subnet in subnets]
        if nics and addresses:
            yield nics, addresses


def _no_ping(wiring: Wiring) -> Iterator[str]:
    """Yield what a NAT gateway does not carry: anything but TCP and UDP."""
    for nics, _ in _gateways(wiring):
        sources = nft.address_list(nic.private_ip_address for nic in nics)
        yield (
            f'iifname "az" ct state new meta l4proto icmp ip saddr {sources} '
            f"{nft.drop('no_outbound', 'nat-gateway')}"
        )


def _outbound(wiring: Wiring) -> Iterator[str]:
    """
    Yield source translations in Azure's order: gateway, own address, cluster's, default.

    Source: azure-docs nat-overview.md; learn.microsoft.com/azure/aks/egress-outboundtype.
    """
    for nics, addresses in _gateways(wiring):
        sources = nft.address_list(nic.private_ip_address for nic in nics)
        yield f"ip saddr {sources} snat to {nft.round_robin(addresses)}"
    for nic, address in _machines(wiring):
        source = format_address(nic.private_ip_address)
        yield f"ip saddr {source} snat to {format_address(address)}"
    subnets = wiring.estate.subnet_by_id
    rest = [nic for nic in wiring.endpoints if nic.kind is not NicKind.PRIVATE_ENDPOINT]
    pooled = [nic for nic in rest if outbound_cluster(wiring, nic)]
    lent = [nic for nic in rest if subnets[nic.subnet].default_outbound_access_enabled]
    for nics, address in ((pooled, CLUSTER_OUTBOUND), (lent, DEFAULT_OUTBOUND)):
        if nics:
            sources = nft.address_list(nic.private_ip_address for nic in nics)
            yield f"ip saddr {sources} snat to {format_address(address)}"


def servers(wiring: Wiring) -> tuple[Server, ...]:
    """Return the sites: one server for all names, that refuses those whose public access is off."""
    return endpoint_servers(INTERNET, SITES, refused_names(wiring.estate))


def endpoint_servers(
    name: str,
    namespace: str,
    forbidden: tuple[str, ...] = (),
    kind: ServerKind = ServerKind.WEB,
    ports: Mapping[int, bool] = MappingProxyType({}),
) -> tuple[Server, ...]:
    """
    Return the servers that make an endpoint answer on every port.

    Args:
        name: Who they say they are.
        namespace: Where they are.
        forbidden: Names that are refused.
        kind: What answers to TCP.
        ports: Further ports -> whether TLS is spoken there.
    """
    tls = {443, ANY_PORT, *(port for port, is_tls in ports.items() if is_tls)}
    return (
        Server(
            name=name,
            namespace=namespace,
            kind=kind,
            plain_ports=tuple(sorted({80, *ports} - tls)),
            tls_ports=tuple(sorted(tls)),
            forbidden_names=forbidden,
        ),
        Server(name=name, namespace=namespace, kind=ServerKind.ECHO, udp_ports=(ANY_PORT,)),
    )


def resolvers() -> tuple[Resolver, ...]:
    """Return the internet's resolver."""
    return (Resolver(name=INTERNET, namespace=SITES, address=RESOLVER, virtual_network=None),)


def node() -> Node:
    """Return the internet's client."""
    return Node(
        name=INTERNET,
        namespace=SITES,
        kind="internet",
        address=format_address(INTERNET_CLIENT),
        subnet="",
        nameserver=RESOLVER,
    )


def refused_names(estate: Estate) -> tuple[str, ...]:
    """Return the names of services that answer 403 on the internet: their public access is off."""
    found = [fqdn.lower() for endpoint in estate.private_endpoints for fqdn in endpoint.fqdns]
    found += [f"{r.name}.azurecr.{end}".lower() for r in estate.container_registries for end in _IO]
    found += [f"{v.name}.{vault}".lower() for v in estate.key_vaults for vault in _VAULTS]
    found += [
        f"{account.name}.{kind}.core.{end}".lower()
        for account in estate.storage_accounts
        for kind in ("blob", "file", "queue", "table", "dfs", "web")
        for end in _CORE
    ]
    return tuple(dict.fromkeys(name for name in found if _refuses(estate, name)))


def _refuses(estate: Estate, name: str) -> bool:
    owner = services.owner(estate, name)
    return owner is not None and not owner.public_network_access_enabled
