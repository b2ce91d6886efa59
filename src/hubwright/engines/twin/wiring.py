"""
What hangs on the fabric, and how the fabric tells packets apart.

Every interface is a veth between a namespace and the fabric. The fabric marks a packet by the
link that it came in on: the upper half of the mark says which network, the lower which subnet.
"""

from functools import cached_property

from hubwright.lazy_dataclass import dataclass
from hubwright.model.cluster import KubernetesService
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall
from hubwright.model.network import NetworkInterface, NicKind, Subnet
from hubwright.semantics.assigned import address_of
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.firewall import gateway_addresses, public_addresses

FABRIC, EDGE, SITES = "fabric", "edge", "internet"
"""Namespaces that every plan has."""
EDGE_MARK, PUBLIC_MARK, RESOLVER_ID = 1, 2, 0xFFFF
NETWORK_SHIFT, NETWORK_MASK = 16, 0xFFFF0000
EDGE_ADDRESS, FABRIC_ADDRESS = "192.0.2.1", "192.0.2.254"
"""Addresses of RFC 5737 on the link between fabric and edge."""
FABRIC_MAC = "12:34:56:78:9a:bc"
"""What answers every ARP request in Azure."""
_LINK_LENGTH = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A routing table of the fabric: that of a subnet, or of the private endpoints in it."""

    number: int
    mark: int
    subnet: Subnet
    user_defined: bool
    """False for private endpoints: route tables do not apply to what they send."""

    @property
    def where(self) -> str:
        """How drops name it."""
        return self.subnet.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One veth: `device` in a namespace, `link` in the fabric."""

    namespace: str
    device: str
    link: str
    mark: int
    virtual_network: str
    """"" on the public side."""
    addresses: tuple[int, ...]


@dataclass(frozen=True)
class Wiring:
    """Everything that the plan's parts agree on, derived from an assigned estate."""

    estate: Estate
    assumptions: Assumptions

    @cached_property
    def networks(self) -> dict[str, int]:
        """Numbers of virtual networks, from 1."""
        return {item.name: n for n, item in enumerate(self.estate.virtual_networks, 1)}

    @cached_property
    def tables(self) -> dict[tuple[str, bool], Table]:
        """Tables by subnet id and whether user-defined routes apply, in the estate's order."""
        out: dict[tuple[str, bool], Table] = {}
        with_endpoints = {n.subnet for n in self.interfaces if n.kind is NicKind.PRIVATE_ENDPOINT}
        for subnet in self.estate.subnets:
            for user_defined in (True, False) if subnet.id in with_endpoints else (True,):
                number = len(out) + 1
                network = self.networks[subnet.virtual_network] << NETWORK_SHIFT
                out[subnet.id, user_defined] = Table(
                    number=1000 + number,
                    mark=network | number,
                    subnet=subnet,
                    user_defined=user_defined,
                )
        return out

    @property
    def interfaces(self) -> tuple[NetworkInterface, ...]:
        """The estate's interfaces, the firewalls' among them."""
        return self.estate.network_interfaces

    @cached_property
    def endpoints(self) -> tuple[NetworkInterface, ...]:
        """Interfaces with a namespace of their own: all but the firewalls'."""
        return tuple(nic for nic in self.interfaces if nic.kind is not NicKind.FIREWALL)

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        """All links of the fabric: interfaces, firewalls' legs, resolvers, the edge."""
        out: list[Attachment] = []
        for nic in self.endpoints:
            mark = self.table_of(nic).mark
            addresses = (nic.private_ip_address,)
            place = self.namespace_of(nic)
            out.append(self._attach(out, place, "eth0", mark, nic.virtual_network, addresses))
        for firewall in self.estate.firewalls:
            out += self._legs(firewall, out)
        for network, number in self.networks.items():
            mark = number << NETWORK_SHIFT | RESOLVER_ID
            out.append(self._attach(out, resolver_namespace(network), "eth0", mark, network, ()))
        out.append(self._attach(out, EDGE, "az", EDGE_MARK, "", ()))
        return tuple(out)

    def _legs(self, firewall: Firewall, before: list[Attachment]) -> list[Attachment]:
        table = self.tables[firewall.subnet, True]
        inside = tuple(n.private_ip_address for n in self.interfaces if n.owner == firewall.name)
        network = firewall.virtual_network
        priv = self._attach(before, firewall.name, "priv", table.mark, network, inside)
        outside = tuple(
            dict.fromkeys(
                (
                    *public_addresses(self.estate, firewall),
                    *gateway_addresses(self.estate, firewall),
                )
            )
        )
        pub = self._attach([*before, priv], firewall.name, "pub", PUBLIC_MARK, "", outside)
        return [priv, pub]

    def _attach(
        self,
        before: list[Attachment],
        namespace: str,
        device: str,
        mark: int,
        network: str,
        addresses: tuple[int, ...],
    ) -> Attachment:
        name = namespace if device == "eth0" else f"{device}-{namespace}"
        return Attachment(
            namespace=namespace,
            device=device,
            link=f"n{len(before) + 1}-{name}"[:_LINK_LENGTH].rstrip("-"),
            mark=mark,
            virtual_network=network,
            addresses=addresses,
        )

    @cached_property
    def link_by_address(self) -> dict[tuple[str, int], str]:
        """Fabric's link by network and address; the network of public addresses is ""."""
        return {
            (item.virtual_network, address): item.link
            for item in self.attachments
            for address in item.addresses
        }

    def namespace_of(self, nic: NetworkInterface) -> str:
        """Return the namespace of an interface: its name, where the twin itself has none such."""
        resolvers = {resolver_namespace(network) for network in self.networks}
        taken = nic.name in {FABRIC, EDGE, SITES} | resolvers
        return f"{nic.name}-interface" if taken else nic.name

    @property
    def edge_link(self) -> str:
        """The fabric's link to the edge."""
        return self.attachments[-1].link

    def table_of(self, nic: NetworkInterface) -> Table:
        """Return the table by which an interface's packets are routed."""
        return self.tables[nic.subnet, nic.kind is not NicKind.PRIVATE_ENDPOINT]

    def nodes(self, cluster: str) -> tuple[NetworkInterface, ...]:
        """Return the interfaces of a cluster's nodes."""
        pools = {pool.name for pool in self.estate.node_pools if pool.cluster == cluster}
        return tuple(n for n in self.interfaces if n.kind is NicKind.NODE and n.owner in pools)

    def pods(self, cluster: str) -> tuple[NetworkInterface, ...]:
        """Return the pods that host a cluster's services: those of user pools, if there are any."""
        pools = [pool for pool in self.estate.node_pools if pool.cluster == cluster]
        hosts = {p.name for p in pools if p.mode == "User"} or {p.name for p in pools}
        return tuple(n for n in self.interfaces if n.kind is NicKind.POD and n.owner in hosts)

    def frontends(self, kind: str) -> dict[int, KubernetesService]:
        """Return the `public` or `internal` frontends: address -> first service there."""
        out: dict[int, KubernetesService] = {}
        for service in self.estate.kubernetes_services:
            address = address_of(self.estate, service.frontend)
            if service.load_balancer == kind and address is not None:
                out.setdefault(address, service)
        return out


def resolver_namespace(virtual_network: str) -> str:
    """Return the name of the namespace in which Azure DNS answers a network."""
    return f"dns-{virtual_network}"
