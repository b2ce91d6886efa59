"""
What the platform attaches and the addresses that it hands out.

A design or a plan does not say which address a node, an endpoint or a firewall gets. Azure gives
the lowest free one of the subnet in the order of creation; every source derives them here, by one
rule, so that the same estate always has the same addresses.
"""

from collections.abc import Iterator
from dataclasses import field, replace

from hubwright.catalogue.limits import FIREWALL_INSTANCES
from hubwright.catalogue.zones import PUBLIC_SUFFIXES
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressError, AddressSet, Prefix, format_address, parse_address
from hubwright.model.cluster import KubernetesCluster, KubernetesClusterNodePool
from hubwright.model.estate import Estate
from hubwright.model.network import (
    API_SERVER_DELEGATION,
    BASTION_SUBNET,
    NetworkInterface,
    NetworkSecurityGroup,
    NicKind,
    PublicIp,
    SecurityRule,
)
from hubwright.model.origin import Origin
from hubwright.model.private_access import PrivateDnsARecord, PrivateEndpoint
from hubwright.semantics.canonical import canonical
from hubwright.semantics.names import public_ip_placeholders

RESERVED_BELOW = 4
"""Addresses that Azure keeps at a subnet's bottom.
Source: learn.microsoft.com/azure/virtual-network/virtual-networks-faq (2025)."""
MODELLED_NODES = 3
"""Nodes of a pool that are modelled at most: further ones are alike."""
PUBLIC_IP_SYMBOL = "pip:"
"""`pip:<name>` and `pip:<name>/32` stand for the address of a public IP of the estate."""


def address_of(estate: Estate, text: str) -> int | None:
    """
    Return the address that a text stands for.

    Reads an address, `pip:<name>`, or the name of a public IP; None when it is none of these.
    """
    text = text.removesuffix("/32").removeprefix(PUBLIC_IP_SYMBOL)
    public_ip = estate.public_ip_by_name.get(text)
    try:
        if public_ip is not None:
            return parse_address(public_ip.ip_address) if public_ip.ip_address else None
        return parse_address(text)
    except AddressError:
        return None


def addresses_of(estate: Estate, text: str) -> AddressSet | None:
    """Return the addresses of a prefix, range, `*` or public IP symbol; None for a tag or name."""
    try:
        return AddressSet.parse(text)
    except AddressError:
        address = address_of(estate, text)
        return None if address is None else AddressSet(((address, address),))


def first_usable(prefix: Prefix) -> int:
    """Return the lowest address of a subnet that Azure hands out: the fifth."""
    return prefix.first + RESERVED_BELOW


def assign(estate: Estate) -> Estate:
    """
    Return the estate with addresses, network interfaces and private DNS records filled in.

    Resources come out in their canonical order (`semantics.canonical`).

    Firewalls take the first usable address of their subnet (offset 4; observed behaviour, and
    `firewall-instances` names the assumption on the instances behind it); then, lowest address
    first: private endpoints, inbound endpoints of resolvers, Bastion, machines, nodes, pods.
    Addresses that were asked for are kept. At most three nodes a pool, and one pod a node, stand
    for all.
    """
    estate = canonical(estate)
    estate = replace(
        estate,
        public_ips=_public_ips(estate),
        network_interfaces=(),
        private_dns_a_records=tuple(r for r in estate.private_dns_a_records if r.written),
        network_security_groups=tuple(
            group
            for group in estate.network_security_groups
            if group.origin.derived != _AKS_NSG_REASON
        ),
    )
    pool = _Pool(estate)
    interfaces = (*_firewall_interfaces(estate, pool), *_other_interfaces(estate, pool))
    vips = {nic.name: nic.private_ip_address for nic in interfaces}
    return replace(
        estate,
        firewalls=tuple(
            replace(item, private_ip_address=vips.get(item.name)) for item in estate.firewalls
        ),
        network_interfaces=interfaces,
        network_security_groups=(*estate.network_security_groups, *_aks_groups(estate)),
        private_dns_a_records=(*estate.private_dns_a_records, *_records(estate, interfaces)),
    )


@dataclass(slots=True)
class _Pool:
    """Hands out the free addresses of each subnet, lowest first."""

    estate: Estate
    used: set[int] = field(default_factory=set[int])
    at: dict[str, int] = field(default_factory=dict[str, int])

    def __post_init__(self) -> None:
        for machine in self.estate.virtual_machines:
            if machine.private_ip_address:
                self.used.add(parse_address(machine.private_ip_address))
        for gateway in self.estate.application_gateways:
            if gateway.private_ip_address:
                self.used.add(parse_address(gateway.private_ip_address))
        for endpoint in self.estate.private_dns_resolver_inbound_endpoints:
            address = address_of(self.estate, endpoint.private_ip_address or "")
            if address is not None:
                self.used.add(address)
        for service in self.estate.kubernetes_services:
            address = address_of(self.estate, service.frontend)
            if address is not None:
                self.used.add(address)

    def take(self, subnet_id: str) -> int | None:
        """Return the lowest free address, or None when the subnet is unknown or full."""
        subnet = self.estate.subnet_by_id.get(subnet_id)
        if subnet is None:
            return None
        for prefix in subnet.address_prefixes:
            start = max(self.at.get(subnet_id, 0), first_usable(prefix))
            for address in range(start, prefix.last):
                if address not in self.used:
                    self.used.add(address)
                    self.at[subnet_id] = address + 1
                    return address
        return None


def _public_ips(estate: Estate) -> tuple[PublicIp, ...]:
    placeholders = public_ip_placeholders([item.name for item in estate.public_ips])
    return tuple(
        item if item.ip_address else replace(item, ip_address=_dotted(placeholders.get(item.name)))
        for item in estate.public_ips
    )


def _dotted(address: int | None) -> str | None:
    return None if address is None else format_address(address)


def _firewall_interfaces(estate: Estate, pool: _Pool) -> Iterator[NetworkInterface]:
    for firewall in estate.firewalls:
        names = [
            firewall.name,
            *(f"{firewall.name}-instance-{n}" for n in range(FIREWALL_INSTANCES.value)),
        ]
        for name in names:
            address = pool.take(firewall.subnet)
            if address is not None:
                yield NetworkInterface(
                    name=name,
                    kind=NicKind.FIREWALL,
                    subnet=firewall.subnet,
                    private_ip_address=address,
                    owner=firewall.name,
                    origin=firewall.origin,
                )


def _other_interfaces(estate: Estate, pool: _Pool) -> Iterator[NetworkInterface]:
    for endpoint in estate.private_endpoints:
        yield from _endpoint_interfaces(endpoint, _endpoint_kind(estate, endpoint), pool)
    for inbound in estate.private_dns_resolver_inbound_endpoints:
        fixed_address = address_of(estate, inbound.private_ip_address or "")
        kind, origin = NicKind.DNS_RESOLVER, inbound.origin
        yield from _interface(pool, inbound.name, kind, inbound.subnet, origin, fixed_address)
    for bastion in estate.bastion_hosts:
        subnet = f"{bastion.virtual_network}/{BASTION_SUBNET}"
        yield from _interface(pool, bastion.name, NicKind.BASTION, subnet, bastion.origin)
    for machine in estate.virtual_machines:
        fixed = machine.private_ip_address
        address = parse_address(fixed) if fixed else pool.take(machine.subnet)
        if address is not None:
            yield NetworkInterface(
                name=machine.name,
                kind=NicKind.VM,
                subnet=machine.subnet,
                private_ip_address=address,
                owner=machine.name,
                network_security_group=machine.network_security_group,
                origin=machine.origin,
            )
    yield from _fleet_interfaces(estate, pool)
    clusters = {cluster.name: cluster for cluster in estate.kubernetes_clusters}
    for node_pool in estate.node_pools:
        yield from _pool_interfaces(node_pool, clusters.get(node_pool.cluster), pool)


def _fleet_interfaces(estate: Estate, pool: _Pool) -> Iterator[NetworkInterface]:
    """Yield the first machine of each scale set and managed pool, and of each gateway."""
    for scale_set in estate.virtual_machine_scale_sets:
        name = f"{scale_set.name}-0"
        yield from _interface(pool, name, NicKind.VM, scale_set.subnet, scale_set.origin)
    for managed in estate.managed_devops_pools:
        yield from _interface(pool, f"{managed.name}-0", NicKind.VM, managed.subnet, managed.origin)
    for gateway in estate.application_gateways:
        kind, asked = NicKind.APPLICATION_GATEWAY, gateway.private_ip_address
        fixed = parse_address(asked) if asked else None
        yield from _interface(pool, gateway.name, kind, gateway.subnet, gateway.origin, fixed)
    for balancer in estate.application_load_balancers:
        kind = NicKind.APPLICATION_GATEWAY
        yield from _interface(pool, balancer.name, kind, balancer.subnet, balancer.origin)


def _interface(
    pool: _Pool,
    name: str,
    kind: NicKind,
    subnet: str,
    origin: Origin,
    fixed: int | None = None,
) -> Iterator[NetworkInterface]:
    address = pool.take(subnet) if fixed is None else fixed
    if address is not None:
        yield NetworkInterface(
            name=name,
            kind=kind,
            subnet=subnet,
            private_ip_address=address,
            owner=name,
            origin=origin,
        )


def _endpoint_kind(estate: Estate, endpoint: PrivateEndpoint) -> NicKind:
    """
    Return what stands behind an endpoint: with VNet Integration, AKS's internal load balancer.

    Source: learn.microsoft.com/azure/aks/api-server-vnet-integration (2026-04-15).
    """
    subnet = estate.subnet_by_id.get(endpoint.subnet)
    integrated = subnet is not None and subnet.delegation == API_SERVER_DELEGATION
    if endpoint.made_by_platform and integrated:
        return NicKind.API_SERVER
    return NicKind.PRIVATE_ENDPOINT


def _endpoint_interfaces(
    endpoint: PrivateEndpoint, kind: NicKind, pool: _Pool
) -> Iterator[NetworkInterface]:
    for n in range(max(1, len(endpoint.fqdns))):
        address = pool.take(endpoint.subnet)
        if address is not None:
            yield NetworkInterface(
                name=endpoint.name if n == 0 else f"{endpoint.name}-{n}",
                kind=kind,
                subnet=endpoint.subnet,
                private_ip_address=address,
                owner=endpoint.name,
                origin=endpoint.origin,
            )


def _pool_interfaces(
    node_pool: KubernetesClusterNodePool, cluster: KubernetesCluster | None, pool: _Pool
) -> Iterator[NetworkInterface]:
    count = min(max(1, node_pool.node_count), MODELLED_NODES)
    for n in range(count):
        address = pool.take(node_pool.subnet)
        if address is not None:
            yield NetworkInterface(
                name=f"aks-{node_pool.name}-{n}",
                kind=NicKind.NODE,
                subnet=node_pool.subnet,
                private_ip_address=address,
                owner=node_pool.name,
                network_security_group=aks_group_name(cluster.name) if cluster else None,
                origin=node_pool.origin,
            )
    if cluster is None or cluster.network_plugin_mode == "overlay":
        return
    if cluster.network_plugin != "azure":
        return
    for n in range(count):
        subnet = node_pool.pod_subnet or node_pool.subnet
        address = pool.take(subnet)
        if address is not None:
            yield NetworkInterface(
                name=f"pod-{node_pool.name}-{n}",
                kind=NicKind.POD,
                subnet=subnet,
                private_ip_address=address,
                owner=node_pool.name,
                host=f"aks-{node_pool.name}-{n}",
                origin=node_pool.origin,
            )


_AKS_NSG_REASON = "AKS keeps this group on its nodes' interfaces and opens public services in it"


def aks_group_name(cluster: str) -> str:
    """Return the name of the group that AKS keeps on the interfaces of a cluster's nodes."""
    return f"{cluster}-agentpool-nsg"


def _aks_groups(estate: Estate) -> Iterator[NetworkSecurityGroup]:
    """
    Yield the group that AKS manages for each cluster.

    It allows `Internet` to the frontend of each public service; internal services rely on the
    default rules. Source: cloud-provider-azure 7b31c76 (2026-08-19).
    """
    for cluster in estate.kubernetes_clusters:
        public = [
            service
            for service in estate.kubernetes_services
            if service.cluster == cluster.name and service.load_balancer == "public"
        ]
        origin = replace(cluster.origin, derived=_AKS_NSG_REASON)
        yield NetworkSecurityGroup(
            name=aks_group_name(cluster.name),
            security_rules=tuple(
                SecurityRule(
                    name=f"k8s-azure-lb-allow-{service.name}",
                    priority=500 + n,
                    direction="Inbound",
                    access="Allow",
                    protocol="Tcp",
                    destination_port_ranges=(str(service.port),),
                    source_address_prefixes=("Internet",),
                    destination_address_prefixes=(f"{PUBLIC_IP_SYMBOL}{service.frontend}",),
                    origin=service.origin,
                )
                for n, service in enumerate(public)
            ),
            origin=origin,
        )


def _records(
    estate: Estate, interfaces: tuple[NetworkInterface, ...]
) -> Iterator[PrivateDnsARecord]:
    by_owner: dict[str, list[NetworkInterface]] = {}
    for nic in interfaces:
        by_owner.setdefault(nic.owner, []).append(nic)
    for endpoint in estate.private_endpoints:
        nics = by_owner.get(endpoint.name, [])
        for fqdn, nic in zip(endpoint.fqdns, nics, strict=False):
            best = max(
                (zone for zone in endpoint.private_dns_zones if private_name(fqdn, zone)),
                key=len,
                default=None,
            )
            if best is None:
                continue
            name = private_name(fqdn, best) or ""
            relative = name.removesuffix(best).rstrip(".") or "@"
            yield PrivateDnsARecord(
                zone=best,
                name=relative,
                address=nic.private_ip_address,
                origin=endpoint.origin,
            )


def private_name(fqdn: str, zone: str) -> str | None:
    """
    Return the name in a private zone that a public name is an alias of, or None.

    `shop.vault.azure.net` and `privatelink.vaultcore.azure.net` give
    `shop.privatelink.vaultcore.azure.net`; a name that lies in the zone is its own.
    Source: learn.microsoft.com/azure/private-link/private-endpoint-dns.
    """
    fqdn = fqdn.lower()
    if fqdn == zone or fqdn.endswith(f".{zone}"):
        return fqdn
    left, mark, right = zone.rpartition("privatelink.")
    if not mark:
        return None
    suffix = PUBLIC_SUFFIXES.get(f"privatelink.{right}", right)
    if not fqdn.endswith(f".{suffix}"):
        return None
    name = f"{fqdn.removesuffix(suffix)}privatelink.{right}"
    return name if not left or name.endswith(f".{zone}") else None
