"""
The routing fabric: Azure's software-defined network as one stateless namespace.

A packet is marked by the link that it came in on; a policy rule sends it through its subnet's
table of effective routes. There, `throw` stands for delivery: the next rule looks the address up
among the interfaces of the network and its peers. What leads nowhere goes to a device that has no
other end, and is logged and dropped on the way there: Azure drops without a word.
"""

from collections.abc import Iterable, Iterator

from hubwright.engines.twin import nft_text as nft
from hubwright.engines.twin.artefacts import Document, Tool
from hubwright.engines.twin.wiring import (
    EDGE_ADDRESS,
    EDGE_MARK,
    FABRIC,
    FABRIC_MAC,
    NETWORK_MASK,
    NETWORK_SHIFT,
    PUBLIC_MARK,
    Attachment,
    Table,
    Wiring,
    resolver_namespace,
)
from hubwright.model.address import AddressSet, format_address
from hubwright.model.network import NetworkInterface, NextHopType, NicKind
from hubwright.semantics.names import AZURE_DNS, INSTANCE_METADATA
from hubwright.semantics.publics import own_public_ip
from hubwright.semantics.routes import EffectiveRoute, effective_routes, reachable_networks

NULL, NO_ROUTE, NOBODY, PROXY = "null0", "noroute0", "nobody0", "proxy0"
"""Devices without another end; the last one only makes the fabric answer every ARP request."""
_EDGE_TABLE, _PUBLIC_TABLE, _DELIVERY_TABLES, _PLATFORM_TABLES = 100, 101, 10000, 20000
_LAST = "metric 9999"
_OUTBOUND_TYPES = ("loadBalancer", "managedNATGateway")
_SYSCTL = (
    "net/ipv4/ip_forward=1",
    "net/ipv4/fib_multipath_hash_policy=1",
    *(
        f"net/ipv4/conf/{which}/{key}"
        for which in ("all", "default")
        for key in ("rp_filter=0", "send_redirects=0", "proxy_arp=1", "accept_local=1")
    ),
)


def sysctl() -> Document:
    """Return the kernel settings of the fabric; they must come before its links."""
    return Document(
        name="015-fabric.sysctl", tool=Tool.SYSCTL, namespace=FABRIC, text=_text(_SYSCTL)
    )


def links(wiring: Wiring) -> Document:
    """Return the fabric's devices and the veths into all namespaces."""
    lines = ["link set lo up", f"link add {NULL} type veth peer name {NO_ROUTE}"]
    lines.append(f"link add {NOBODY} type veth peer name {PROXY}")
    for item in wiring.attachments:
        lines.append(
            f"link add {item.link} address {FABRIC_MAC} type veth "
            f"peer name {item.device} netns {item.namespace}"
        )
        lines.append(f"ntable change name arp_cache dev {item.link} proxy_delay 0")
    up = [NULL, NO_ROUTE, NOBODY, PROXY, *(item.link for item in wiring.attachments)]
    lines += [f"link set {name} up" for name in up]
    return Document(name="020-fabric-links.ip", tool=Tool.IP, namespace=FABRIC, text=_text(lines))


def routes(wiring: Wiring) -> Document:
    """Return the policy rules and all routing tables."""
    lines = [*_rules(wiring)]
    for table in wiring.tables.values():
        lines += _subnet_table(wiring, table)
    for network in wiring.networks:
        lines += _delivery_table(wiring, network)
        lines += _platform_table(wiring, network)
    lines += _public_tables(wiring)
    lines.append(f"route add default dev {PROXY} {_LAST}")
    return Document(name="040-fabric-routes.ip", tool=Tool.IP, namespace=FABRIC, text=_text(lines))


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _rules(wiring: Wiring) -> Iterator[str]:
    for number in wiring.networks.values():
        of_network = f"fwmark {number << NETWORK_SHIFT:#x}/{NETWORK_MASK:#x}"
        for address in (AZURE_DNS, INSTANCE_METADATA):
            yield (
                f"rule add pref {100 + number} {of_network} to {format_address(address)} "
                f"lookup {_PLATFORM_TABLES + number}"
            )
    for table in wiring.tables.values():
        yield f"rule add pref {table.number} fwmark {table.mark:#x} lookup {table.number}"
    for number in wiring.networks.values():
        yield (
            f"rule add pref {10000 + number} fwmark {number << NETWORK_SHIFT:#x}/"
            f"{NETWORK_MASK:#x} lookup {_DELIVERY_TABLES + number}"
        )
    yield f"rule add pref 20001 fwmark {EDGE_MARK:#x} lookup {_EDGE_TABLE}"
    yield f"rule add pref 20002 fwmark {PUBLIC_MARK:#x} lookup {_PUBLIC_TABLE}"


def _subnet_table(wiring: Wiring, table: Table) -> Iterator[str]:
    """Yield effective routes; those that lose to an equal prefix stay visible behind it."""
    found = effective_routes(
        wiring.estate, table.subnet.id, wiring.assumptions, user_defined=table.user_defined
    )
    active = {route.prefix for route in found if route.active}
    taken: set[tuple[object, str]] = set()
    for route in found:
        if not route.active and route.prefix not in active:
            continue
        metric = f"metric {100 if route.source == 'User' else 300}"
        if not route.active:
            metric = f"metric {900 if route.source == 'User' else 800}"
        if (route.prefix, metric) in taken:
            continue
        taken.add((route.prefix, metric))
        yield _route(wiring, table, route, metric)
    yield f"route add default dev {NO_ROUTE} table {table.number} {_LAST}"


def _route(wiring: Wiring, table: Table, route: EffectiveRoute, metric: str) -> str:
    where = f"{route.prefix} table {table.number} {metric}"
    match route.next_hop_type:
        case NextHopType.VNET_LOCAL | NextHopType.VNET_PEERING | NextHopType.INTERFACE_ENDPOINT:
            return f"route add throw {where}"
        case NextHopType.INTERNET | NextHopType.SERVICE_ENDPOINT:
            return f"route add {where} via {EDGE_ADDRESS} dev {wiring.edge_link} onlink"
        case NextHopType.VIRTUAL_APPLIANCE:
            return f"route add {where} {_appliance(wiring, table, route)}"
        case NextHopType.NONE:
            return f"route add {where} dev {NULL}"
        case NextHopType.VIRTUAL_NETWORK_GATEWAY:
            return f"route add {where} dev {NO_ROUTE}"


def _appliance(wiring: Wiring, table: Table, route: EffectiveRoute) -> str:
    """Return the way to an appliance; none if nobody near has its address, or it is the sender."""
    hop = route.next_hop
    if hop is None:
        return f"dev {NO_ROUTE}"
    for network in reachable_networks(wiring.estate, table.subnet.virtual_network):
        link = wiring.link_by_address.get((network, hop))
        if link is not None:
            owners = {n.subnet for n in wiring.interfaces if n.private_ip_address == hop}
            is_self = table.subnet.id in owners and table.subnet.name == "AzureFirewallSubnet"
            if not is_self:
                return f"via {format_address(hop)} dev {link} onlink"
    return f"dev {NO_ROUTE}"


def _delivery_table(wiring: Wiring, network: str) -> Iterator[str]:
    """Yield who has an address in a network or in one that it is connected to."""
    table = _DELIVERY_TABLES + wiring.networks[network]
    near = reachable_networks(wiring.estate, network)
    seen: set[int] = set()
    for home in near:
        for item in wiring.attachments:
            for address in item.addresses if item.virtual_network == home else ():
                if address not in seen:
                    seen.add(address)
                    yield f"route add {format_address(address)}/32 dev {item.link} table {table}"
    for address, service in wiring.frontends("internal").items():
        nodes = wiring.nodes(service.cluster)
        if nodes and nodes[0].virtual_network in near and address not in seen:
            yield _balanced(wiring, address, nodes, table)
    yield f"route add default dev {NOBODY} table {table} {_LAST}"


def _balanced(wiring: Wiring, address: int, nodes: tuple[NetworkInterface, ...], table: int) -> str:
    """Return a load balancer's route: by 5-tuple to one of the nodes, which own the address."""
    hops = " ".join(
        f"nexthop via {format_address(nic.private_ip_address)} dev {_link(wiring, nic)} onlink"
        for nic in nodes
    )
    return f"route add {format_address(address)}/32 table {table} {hops}"


def _link(wiring: Wiring, nic: NetworkInterface) -> str:
    return wiring.link_by_address[nic.virtual_network, nic.private_ip_address]


def _platform_table(wiring: Wiring, network: str) -> Iterator[str]:
    """Yield the platform's addresses, which routes and security rules do not touch."""
    link = next(
        item.link for item in wiring.attachments if item.namespace == resolver_namespace(network)
    )
    table = _PLATFORM_TABLES + wiring.networks[network]
    for address in (AZURE_DNS, INSTANCE_METADATA):
        yield f"route add {format_address(address)}/32 dev {link} table {table}"


def _public_tables(wiring: Wiring) -> Iterator[str]:
    """Yield Azure's public side: who has which public address, seen from the edge."""
    seen: set[int] = set()
    for item in wiring.attachments:
        for address in item.addresses:
            if address not in seen:
                seen.add(address)
                target = f"{format_address(address)}/32 dev {item.link}"
                yield f"route add {target} table {_EDGE_TABLE}"
    for address, service in wiring.frontends("public").items():
        nodes = wiring.nodes(service.cluster)
        if nodes and address not in seen:
            seen.add(address)
            yield _balanced(wiring, address, nodes, _EDGE_TABLE)
    yield f"route add default dev {NOBODY} table {_EDGE_TABLE} {_LAST}"
    yield (
        f"route add default via {EDGE_ADDRESS} dev {wiring.edge_link} onlink table {_PUBLIC_TABLE}"
    )


def rules(wiring: Wiring) -> Document:
    """Return the marks, and what ends in the fabric: dead ends, private subnets, peerings."""
    marks = ", ".join(f'"{item.link}" : {item.mark:#x}' for item in wiring.attachments)
    devices = ", ".join(
        f'"{device}" : goto {name}'
        for device, name in (
            (NULL, "null_routed"),
            (NO_ROUTE, "no_route"),
            (NOBODY, "unreachable"),
            (wiring.edge_link, "to_edge"),
        )
    )
    text = nft.table(
        "fabric",
        f"\tmap subnet_of {{\n\t\ttype ifname : mark; elements = {{ {marks} }}\n\t}}\n",
        nft.chain(
            "mark_packets",
            ["meta mark set iifname map @subnet_of"],
            "filter prerouting priority raw",
        ),
        nft.chain("null_routed", _dead_end(wiring, "null_routed")),
        nft.chain("no_route", _dead_end(wiring, "no_route")),
        nft.chain("unreachable", _dead_end(wiring, "unreachable")),
        nft.chain("to_edge", _to_edge(wiring)),
        nft.chain("peerings", _peerings(wiring)),
        nft.chain(
            "forward",
            [f"oifname vmap {{ {devices} }}", "jump peerings"],
            "filter forward priority filter",
        ),
        nft.chain("output", [nft.NO_ICMP_ERRORS], "filter output priority filter"),
    )
    return Document(name="050-fabric.nft", tool=Tool.NFT, namespace=FABRIC, text=text)


def _dead_end(wiring: Wiring, reason: str) -> Iterator[str]:
    for table in wiring.tables.values():
        yield f"meta mark {table.mark:#x} {nft.drop(reason, table.where)}"
    yield nft.drop(reason, "internet")


def _to_edge(wiring: Wiring) -> Iterator[str]:
    """
    Yield who may use an Internet route: subnets with outbound access, machines with their own.

    Source: azure-docs default-outbound-access.md (2025-12-03), nat-overview.md.
    """
    yield f"meta mark {PUBLIC_MARK:#x} accept"
    open_tables = [t for t in wiring.tables.values() if _is_open(wiring, t)]
    if open_tables:
        yield f"meta mark {{ {', '.join(f'{t.mark:#x}' for t in open_tables)} }} accept"
    for nic in wiring.endpoints:
        if has_own_outbound(wiring, nic) and wiring.table_of(nic) not in open_tables:
            address = format_address(nic.private_ip_address)
            yield f"meta mark {wiring.table_of(nic).mark:#x} ip saddr {address} accept"
    yield from _dead_end(wiring, "no_outbound")


def _is_open(wiring: Wiring, table: Table) -> bool:
    gateway = wiring.estate.nat_gateway_by_name.get(table.subnet.nat_gateway or "")
    has_gateway = gateway is not None and bool(gateway.public_ips)
    return table.user_defined and (table.subnet.default_outbound_access_enabled or has_gateway)


def has_own_outbound(wiring: Wiring, nic: NetworkInterface) -> bool:
    """Tell whether an interface goes out by its own public IP or its cluster's outbound rule."""
    if nic.kind in (NicKind.VM, NicKind.APPLICATION_GATEWAY):
        return bool(own_public_ip(wiring.estate, nic.name))
    return outbound_cluster(wiring, nic)


def outbound_cluster(wiring: Wiring, nic: NetworkInterface) -> bool:
    """Tell whether a node or pod is of a cluster that has its own outbound address."""
    if nic.kind not in (NicKind.NODE, NicKind.POD):
        return False
    pool = next((p for p in wiring.estate.node_pools if p.name == nic.owner), None)
    return pool is not None and any(
        cluster.name == pool.cluster and cluster.outbound_type in _OUTBOUND_TYPES
        for cluster in wiring.estate.kubernetes_clusters
    )


def _peerings(wiring: Wiring) -> Iterator[str]:
    """Yield what a receiving side refuses: packets whose source is not of the sending network."""
    estate = wiring.estate
    for back in estate.virtual_network_peerings:
        here, there = back.remote_virtual_network, back.virtual_network
        if back.allow_forwarded_traffic or here not in wiring.networks:
            continue
        targets = [item.link for item in wiring.attachments if _is_in(item, there)]
        if there not in wiring.networks or not targets:
            continue
        space = AddressSet.prefixes_of(estate.virtual_network_by_name[here].address_space)
        match = (
            f"meta mark & {NETWORK_MASK:#x} == {wiring.networks[here] << NETWORK_SHIFT:#x} "
            f"oifname {nft.names(targets)} ip saddr != {nft.addresses(space)}"
        )
        refused = nft.drop("peering", back.name)
        if wiring.assumptions.forwarded_traffic == "new-flows":
            yield f"{match} tcp flags & (syn | ack) == syn {refused}"
            yield f"{match} meta l4proto != tcp {refused}"
        else:
            yield f"{match} {refused}"


def _is_in(item: Attachment, network: str) -> bool:
    return item.virtual_network == network and bool(item.addresses)
