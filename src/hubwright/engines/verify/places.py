"""Who lives where: the subnets, firewalls and interfaces that rules ask for."""

from collections.abc import Iterator
from math import ceil

from hubwright.model.address import RFC1918, RFC6598, AddressSet, Prefix, format_address
from hubwright.model.cluster import KubernetesCluster, KubernetesClusterNodePool
from hubwright.model.dns_resolver import (
    DNS_RESOLVER_DELEGATION,
    PrivateDnsResolverInboundEndpoint,
    PrivateDnsResolverOutboundEndpoint,
)
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall
from hubwright.model.network import (
    API_SERVER_DELEGATION,
    BASTION_SUBNET,
    FIREWALL_MANAGEMENT_SUBNET,
    FIREWALL_SUBNET,
    GATEWAY_SUBNET,
    NetworkInterface,
    NicKind,
    Route,
    RouteTable,
    Subnet,
)
from hubwright.model.origin import Origin
from hubwright.semantics.assigned import address_of
from hubwright.semantics.routes import reachable_networks

PLATFORM_SUBNETS = frozenset(
    {
        FIREWALL_SUBNET,
        FIREWALL_MANAGEMENT_SUBNET,
        BASTION_SUBNET,
        GATEWAY_SUBNET,
        "RouteServerSubnet",
    }
)
"""Subnets that Azure's own services live in."""
HOSTS = (NicKind.NODE, NicKind.POD, NicKind.VM)


def nearest(*origins: Origin) -> Origin:
    """Return the first origin that has a span; else the first that says anything."""
    found = next((o for o in origins if o.span is not None), None)
    return found or next((o for o in origins if str(o)), origins[0])


def is_application_gateway(subnet: Subnet) -> bool:
    """
    Tell whether a subnet is for Application Gateway: by delegation, or by its name.

    The model has no gateways; `AppGatewaySubnet` is how the article and its followers call it.
    """
    name = subnet.name.lower().replace("-", "").replace("_", "")
    named = any(word in name for word in ("appgateway", "applicationgateway", "appgw", "agw"))
    return named or subnet.delegation == "Microsoft.Network/applicationGateways"


def workload_subnets(estate: Estate) -> tuple[Subnet, ...]:
    """Return the subnets in which people's machines may live, in the source's order."""
    return tuple(
        subnet
        for subnet in estate.subnets
        if subnet.name not in PLATFORM_SUBNETS
        and not is_application_gateway(subnet)
        and subnet.delegation not in (API_SERVER_DELEGATION, DNS_RESOLVER_DELEGATION)
    )


def hosts(estate: Estate, subnet_id: str) -> tuple[NetworkInterface, ...]:
    """Return the nodes, pods and machines of a subnet, in the order of their addresses."""
    found = [n for n in estate.network_interfaces if n.subnet == subnet_id and n.kind in HOSTS]
    return tuple(sorted(found, key=lambda nic: nic.private_ip_address))


def spokesman(estate: Estate, subnet: Subnet) -> str:
    """Return the source of a witness flow: a machine of the subnet, or the subnet itself."""
    found = hosts(estate, subnet.id)
    return found[0].name if found else subnet.id


def firewalls_of(estate: Estate, virtual_network: str) -> tuple[Firewall, ...]:
    """Return the firewalls that a network can use: in it, or in a connected peer."""
    near = reachable_networks(estate, virtual_network)
    return tuple(f for f in estate.firewalls if f.virtual_network in near)


def firewall_hint(estate: Estate, virtual_network: str) -> str:
    """Return `10.0.0.4 (afw-hub)` for a network's firewall, for help texts."""
    for firewall in firewalls_of(estate, virtual_network) or estate.firewalls:
        if firewall.private_ip_address is not None:
            return f"{format_address(firewall.private_ip_address)} ({firewall.name})"
    return "the firewall's private address"


def table_of(estate: Estate, subnet: Subnet) -> RouteTable | None:
    """Return the route table of a subnet."""
    return estate.route_table_by_name.get(subnet.route_table or "")


def routes_of(estate: Estate, subnet: Subnet) -> tuple[Route, ...]:
    """Return the user-defined routes of a subnet."""
    table = table_of(estate, subnet)
    return table.routes if table else ()


def prefix_of(estate: Estate, text: str) -> Prefix | None:
    """Return what a route's prefix stands for; None for service tags."""
    try:
        return Prefix.parse(text)
    except ValueError:
        address = address_of(estate, text)
        return None if address is None else Prefix(address, 32)


def default_routes(estate: Estate, subnet: Subnet) -> tuple[Route, ...]:
    """Return the user-defined routes for 0.0.0.0/0 of a subnet."""
    return tuple(r for r in routes_of(estate, subnet) if r.address_prefix == "0.0.0.0/0")


def subnets_using(estate: Estate, table: str) -> tuple[Subnet, ...]:
    """Return the subnets that a route table is on."""
    return tuple(s for s in estate.subnets if s.route_table == table)


def pools_of(estate: Estate, cluster: KubernetesCluster) -> tuple[KubernetesClusterNodePool, ...]:
    """Return a cluster's node pools."""
    return tuple(pool for pool in estate.node_pools if pool.cluster == cluster.name)


def most_nodes(pool: KubernetesClusterNodePool) -> int:
    """Return a pool's nodes at most, with the surge of an upgrade."""
    count = max(pool.node_count, pool.max_count or 0)
    return count + max(1, ceil(count / 10))


def node_subnets(estate: Estate, cluster: KubernetesCluster) -> tuple[Subnet, ...]:
    """Return the subnets of a cluster's nodes, each once."""
    ids = dict.fromkeys(pool.subnet for pool in pools_of(estate, cluster))
    return tuple(estate.subnet_by_id[i] for i in ids if i in estate.subnet_by_id)


def pod_subnets(estate: Estate, cluster: KubernetesCluster) -> Iterator[tuple[Subnet, Subnet]]:
    """Yield each pair of node subnet and pod subnet of a cluster, once."""
    pairs = dict.fromkeys((p.subnet, p.pod_subnet) for p in pools_of(estate, cluster))
    for node, pod in pairs:
        if pod is not None and pod in estate.subnet_by_id and node in estate.subnet_by_id:
            yield estate.subnet_by_id[node], estate.subnet_by_id[pod]


def cluster_subnets(estate: Estate, cluster: KubernetesCluster) -> tuple[Subnet, ...]:
    """Return the subnets of a cluster's nodes and pods, each once."""
    ids = dict.fromkeys(
        i for p in pools_of(estate, cluster) for i in (p.subnet, p.pod_subnet) if i is not None
    )
    return tuple(estate.subnet_by_id[i] for i in ids if i in estate.subnet_by_id)


def implied_features(estate: Estate, cluster: KubernetesCluster) -> tuple[str, ...]:
    """Return the features of the egress catalogue that a cluster has by its pools."""
    pools = pools_of(estate, cluster)
    found: list[str] = []
    if any(pool.os_sku.startswith("Windows") for pool in pools):
        found.append("windows")
    if any(pool.vm_size.startswith(("Standard_NC", "Standard_ND")) for pool in pools):
        found.append("gpu")
    return tuple(found)


def resolver_endpoints(
    estate: Estate,
) -> tuple[PrivateDnsResolverInboundEndpoint | PrivateDnsResolverOutboundEndpoint, ...]:
    """Return the endpoints of Private Resolvers, inbound ones first."""
    return (
        *estate.private_dns_resolver_inbound_endpoints,
        *estate.private_dns_resolver_outbound_endpoints,
    )


def sending_subnets(estate: Estate) -> tuple[Subnet, ...]:
    """Return the subnets whose machines open connections: not those of private endpoints alone."""
    key = ("verify.sending-subnets",)
    if key not in estate.memo:
        quiet = {nic.subnet for nic in estate.network_interfaces}
        quiet -= {nic.subnet for nic in estate.network_interfaces if nic.kind in HOSTS}
        estate.memo[key] = tuple(s for s in workload_subnets(estate) if s.id not in quiet)
    result: tuple[Subnet, ...] = estate.memo[key]
    return result


def public_space(estate: Estate) -> AddressSet:
    """Return the internet: every address but private ones and the estate's own public IPs."""
    key = ("verify.public-space",)
    if key not in estate.memo:
        estate.memo[key] = _public_space(estate)
    result: AddressSet = estate.memo[key]
    return result


def _public_space(estate: Estate) -> AddressSet:
    own = [address_of(estate, item.name) for item in estate.public_ips]
    mine = AddressSet.of((a, a) for a in own if a is not None)
    special = [Prefix.parse("168.63.129.16/32"), Prefix.parse("169.254.0.0/16")]
    nobody = [Prefix.parse("0.0.0.0/8"), Prefix.parse("127.0.0.0/8"), Prefix.parse("224.0.0.0/3")]
    everything = AddressSet.parse("*") - RFC1918 - RFC6598
    return everything - AddressSet.prefixes_of([*special, *nobody]) - mine
