"""Azure's limits on networks, clusters and what they share: what is used, and what is left."""

from collections.abc import Iterator
from math import ceil

from hubwright.catalogue import limits
from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import (
    default_routes,
    firewalls_of,
    most_nodes,
    nearest,
    pools_of,
)
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.rules.addr import prefix_origin
from hubwright.engines.verify.rules.limit import over
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressError, Prefix
from hubwright.model.cluster import KubernetesClusterNodePool
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall
from hubwright.model.network import Subnet
from hubwright.semantics.assigned import address_of


@rule("LIMIT008", Severity.ERROR, "a route table has too many routes")
def routes(case: Case) -> Iterator[Finding]:
    """Count the routes of each table, and those to service tags."""
    for table in case.estate.route_tables:
        at = nearest(table.origin.of("routes"), table.origin, *(r.origin for r in table.routes[:1]))
        yield from over(
            f"`{table.name}`",
            len(table.routes),
            limits.ROUTES,
            at,
            "summarise prefixes; a default route to the firewall replaces most",
        )
        yield from over(
            f"`{table.name}`",
            sum(not _is_prefix(route.address_prefix) for route in table.routes),
            limits.SERVICE_TAG_ROUTES,
            at,
            "let the firewall decide on service tags, by network rules",
        )


def _is_prefix(text: str) -> bool:
    if text.startswith("pip:"):
        return True
    try:
        Prefix.parse(text)
    except AddressError:
        return False
    return True


@rule("LIMIT009", Severity.ERROR, "a security group has too many rules")
def security_rules(case: Case) -> Iterator[Finding]:
    """Count the rules of each network security group."""
    for group in case.estate.network_security_groups:
        yield from over(
            f"`{group.name}`",
            len(group.security_rules),
            limits.SECURITY_RULES,
            nearest(group.origin, *(item.origin for item in group.security_rules[:1])),
            "merge rules: one takes many ports and prefixes",
        )


@rule("LIMIT010", Severity.ERROR, "a network has too many peerings")
def peerings(case: Case) -> Iterator[Finding]:
    """Count the peerings of each network."""
    for network in case.estate.virtual_networks:
        used = sum(p.virtual_network == network.name for p in case.estate.virtual_network_peerings)
        yield from over(
            f"`{network.name}`",
            used,
            limits.PEERINGS,
            nearest(network.origin),
            "use Azure Virtual Network Manager, which takes 1,000 spokes, or a second hub",
        )


@dataclass(frozen=True, slots=True)
class _Share:
    """The nodes that leave by one firewall, and the ports that they share."""

    firewall: Firewall
    nodes: int
    ports: int

    @property
    def each(self) -> int:
        """Ports for each node, to one destination."""
        return self.ports // self.nodes

    @property
    def public_ips(self) -> int:
        """How many public IPs would give every node its ports."""
        one = limits.SNAT_PORTS.value * limits.FIREWALL_INSTANCES.value
        return ceil(limits.NODE_PORTS.value * self.nodes / one)


@rule("LIMIT011", Severity.WARNING, "nodes share too few SNAT ports")
def snat_ports(case: Case) -> Iterator[Finding]:
    """Divide the ports of each firewall's public IPs by the nodes that leave through it."""
    estate = case.estate
    for firewall in estate.firewalls:
        share = _share(estate, firewall)
        if share is None or share.each >= limits.NODE_PORTS.value:
            continue
        yield Finding(
            message=(
                f"{share.nodes} nodes share {share.ports:,} SNAT ports of `{firewall.name}`: "
                f"{share.each} each"
            ),
            at=nearest(firewall.origin.of("public_ips"), firewall.origin),
            label=f"{len(firewall.public_ips)} of {share.public_ips} public IPs that they need",
            notes=(
                (
                    f"counted: {limits.SNAT_PORTS.value:,} ports of each public IP and each of "
                    f"{limits.FIREWALL_INSTANCES.value} instances, for connections to one "
                    "destination; the most nodes of each pool and one in ten more for upgrades"
                ),
                "connections time out when the ports are used up; Microsoft suggests 20 public IPs",
            ),
            help=f"give it {share.public_ips} public IPs, or put a NAT gateway on its subnet",
        )


def _share(estate: Estate, firewall: Firewall) -> _Share | None:
    nodes = sum(
        most_nodes(pool)
        for cluster in estate.kubernetes_clusters
        for pool in pools_of(estate, cluster)
        if pool.subnet in estate.subnet_by_id
        and _leaves_by(estate, estate.subnet_by_id[pool.subnet], firewall)
    )
    if nodes == 0 or _nat_gateway(estate, firewall):
        return None
    ports = limits.SNAT_PORTS.value * limits.FIREWALL_INSTANCES.value * len(firewall.public_ips)
    return _Share(firewall, nodes, ports)


def _leaves_by(estate: Estate, subnet: Subnet, firewall: Firewall) -> bool:
    hops = {
        address_of(estate, r.next_hop_in_ip_address or "") for r in default_routes(estate, subnet)
    }
    return firewall.private_ip_address in hops and firewall in firewalls_of(
        estate, subnet.virtual_network
    )


def _nat_gateway(estate: Estate, firewall: Firewall) -> bool:
    home = estate.subnet_by_id.get(firewall.subnet)
    return home is not None and home.nat_gateway is not None


@rule("LIMIT012", Severity.ERROR, "a service's subnet is too small for it")
def service_subnets(case: Case) -> Iterator[Finding]:
    """Compare the subnets of pools of agents, gateways and API servers with what they take."""
    estate = case.estate
    for subnet in estate.subnets:
        for need, why in _needs(estate, subnet):
            have = sum(p.size for p in subnet.address_prefixes)
            if have >= need:
                continue
            yield Finding(
                message=f"`{subnet.name}` has {have} addresses: {why} needs {need}",
                at=prefix_origin(subnet),
                label=f"{need - have} too few",
                notes=(f"Azure keeps {limits.RESERVED_ADDRESSES.value} of them for itself",),
                help=f"make it a /{32 - (need - 1).bit_length()}",
            )


def _needs(estate: Estate, subnet: Subnet) -> Iterator[tuple[int, str]]:
    """Yield how many addresses a service of a subnet needs, Azure's own included, and its name."""
    kept = limits.RESERVED_ADDRESSES.value
    for pool in estate.managed_devops_pools:
        if pool.subnet == subnet.id:
            yield pool.maximum_concurrency + kept, f"pool `{pool.name}`"
    for gateway in estate.application_gateways:
        if gateway.subnet == subnet.id:
            private = gateway.private_ip_address is not None
            yield gateway.max_capacity + private + kept, f"gateway `{gateway.name}`"
    length, name = limits.SUBNETS_OF_SERVICES.get(subnet.delegation or "", (0, ""))
    if length:
        yield 1 << (32 - length), name


@rule("LIMIT013", Severity.ERROR, "a cluster has too many nodes or pools")
def cluster_size(case: Case) -> Iterator[Finding]:
    """Count the nodes and pools of each cluster against what AKS and its plugin take."""
    for cluster in case.estate.kubernetes_clusters:
        pools = pools_of(case.estate, cluster)
        nodes = sum(max(pool.node_count, pool.max_count or 0) for pool in pools)
        at = nearest(cluster.origin)
        limit = limits.NODES_OF_A_CLUSTER
        if cluster.network_policy == "azure":
            limit = limits.NODES_WITH_NPM
            at = nearest(cluster.origin.of("network_policy"), cluster.origin)
        elif cluster.network_plugin == "kubenet":
            limit = limits.NODES_WITH_KUBENET
            at = nearest(cluster.origin.of("network_plugin"), cluster.origin)
        owner = f"`{cluster.name}`"
        yield from over(owner, nodes, limit, at, "make pools smaller, or add a cluster")
        yield from over(owner, len(pools), limits.POOLS_OF_A_CLUSTER, at, "merge pools")
        for pool in pools:
            yield from _pool_size(pool)


def _pool_size(pool: KubernetesClusterNodePool) -> Iterator[Finding]:
    argument = "max_count" if (pool.max_count or 0) > pool.node_count else "node_count"
    yield from over(
        f"pool `{pool.name}`",
        max(pool.node_count, pool.max_count or 0),
        limits.NODES_OF_A_POOL,
        nearest(pool.origin.of(argument), pool.origin),
        "split the pool",
    )
    if pool.max_pods > limits.PODS_OF_A_NODE.value:
        yield from over(
            f"each node of pool `{pool.name}`",
            pool.max_pods,
            limits.PODS_OF_A_NODE,
            nearest(pool.origin.of("max_pods"), pool.origin),
            f"set `max_pods` to {limits.PODS_OF_A_NODE.value} at most",
        )


@rule("LIMIT014", Severity.ERROR, "a cluster has too many authorised ranges")
def authorized_ranges(case: Case) -> Iterator[Finding]:
    """Count the authorised ranges of each public cluster."""
    for cluster in case.estate.kubernetes_clusters:
        limit = (
            limits.AUTHORIZED_RANGES_INTEGRATED
            if cluster.api_server_subnet
            else limits.AUTHORIZED_RANGES
        )
        yield from over(
            f"`{cluster.name}`",
            len(cluster.authorized_ip_ranges),
            limit,
            nearest(cluster.origin.of("authorized_ip_ranges"), cluster.origin),
            "summarise the ranges, or make the cluster private",
        )
