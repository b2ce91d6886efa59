"""The way out of requests, filtered, balanced and translated; the mirror of `semantics.forward`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from hubwright.engines.verify.reach.backward import Backward
from hubwright.engines.verify.reach.bundle import Box, Bundle, Head, Side
from hubwright.engines.verify.reach.edge import outbound, served
from hubwright.engines.verify.reach.inspection import Inspection
from hubwright.engines.verify.reach.plane import Pieces
from hubwright.engines.verify.reach.result import Arrived, Result, Way, worst
from hubwright.engines.verify.reach.sources import Source
from hubwright.engines.verify.reach.traverse import Diary, Traverse
from hubwright.engines.verify.reach.world import PLATFORM, World
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressSet, PortSet
from hubwright.model.cluster import KubernetesService
from hubwright.model.firewall import Firewall
from hubwright.model.flow import Disposition
from hubwright.model.network import (
    NetworkInterface,
    NicKind,
    PrivateEndpointNetworkPolicies,
    Subnet,
)
from hubwright.semantics import firewall as rules
from hubwright.semantics import nsg
from hubwright.semantics.assigned import address_of
from hubwright.semantics.names import DNS_PORT, INTERNET
from hubwright.semantics.publics import public_interfaces
from hubwright.semantics.traverse import EDGE, OVERLAY, UNROUTED

T = TypeVar("T")
_POLICIES_WITH_GROUPS = (
    PrivateEndpointNetworkPolicies.ENABLED,
    PrivateEndpointNetworkPolicies.NSG,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Bundles of several senders that go on alike."""

    place: tuple[str, ...]
    go: Callable[[Bundle], Result]
    bundle: Bundle


class Forward(Traverse):
    """Sends requests out, and their answers back."""

    to = Side.DESTINATION

    def __init__(self, world: World, diary: Diary) -> None:
        super().__init__(world, diary)
        self._waiting: list[Waiting] | None = None

    def start(self, senders: Iterable[Source], domain: Pieces) -> Result:
        """Send everything from senders; what goes on alike behind them goes on together."""
        result = Result()
        waiting: list[Waiting] = []
        self._waiting = waiting
        for sender in senders:
            own = self.plane.within(domain, Side.SOURCE, sender.addresses)
            if sender.nic is None:
                result.add(self.enter_public(Bundle(own)))
            else:
                result.add(self._from_interface(sender, sender.nic, Bundle(own)))
        self._waiting = None
        groups: dict[object, list[Waiting]] = {}
        for item in waiting:
            key = (item.place, item.bundle.head, item.bundle.pending, item.bundle.crossed)
            groups.setdefault(key, []).append(item)
        for items in groups.values():
            pieces = self.plane.compact(p for item in items for p in item.bundle.pieces)
            result.add(items[0].go(items[0].bundle.only(pieces)))
        return result

    def _later(
        self, place: tuple[str, ...], bundle: Bundle, go: Callable[[Bundle], Result]
    ) -> Result:
        """Go on at once, or, while senders start, together with the others that are there."""
        if not bundle:
            return Result()
        if self._waiting is None:
            return go(bundle)
        self._waiting.append(Waiting(place, go, bundle))
        return Result()

    def choose(self, options: Sequence[T], go: Callable[[T], Result]) -> Result:
        """Return the worst of what becomes of packets by each of Azure's random choices."""
        return worst([go(option) for option in options])

    def _from_interface(self, sender: Source, nic: NetworkInterface, bundle: Bundle) -> Result:
        result = Result()
        if sender.host is not None:
            nic = sender.host
            head = Head(source=nic.private_ip_address)
            bundle = bundle.translated(Box(nic.name, bundle.head, OVERLAY), head)
            own = AddressSet(((nic.private_ip_address, nic.private_ip_address),))
            result.add(self.accept(nic, nic.name, self.pinned(bundle, nic.private_ip_address)))
            bundle = self.not_aimed(bundle, own)
        bundle = self.filter(nic, "Outbound", bundle, result)
        platform = self.aimed(bundle, PLATFORM)
        if platform:
            way = Way("azure", platform.crossed)
            self.diary.arrived.append(Arrived(platform.pieces, way))
            result.answered += [(piece, way) for piece in platform.pieces]
        result.add(self.route(nic.subnet, self.not_aimed(bundle, PLATFORM), nic))
        return result

    def filter(
        self, nic: NetworkInterface, direction: str, bundle: Bundle, result: Result
    ) -> Bundle:
        """Return what the groups of an interface and its subnet let through."""
        subnet = self.estate.subnet_by_id[nic.subnet]
        groups = [nic.network_security_group, subnet.network_security_group]
        if direction == "Inbound":
            groups.reverse()
        for group in groups:
            found = self.world.security(group, direction, nic.subnet)
            if found is None or not bundle:
                continue
            verdicts = found.under(
                bundle.head, any_source_port=nic.kind is NicKind.PRIVATE_ENDPOINT
            )
            for decided, why in verdicts.unknown:
                result.add(self.unknown(bundle.only(decided.of(bundle.pieces)), why))
            passed = verdicts.passed.get("")
            untaken = verdicts.taken.rest(bundle.pieces)
            bundle = bundle.only((*(passed.of(bundle.pieces) if passed else ()), *untaken))
        return bundle

    def deliver(self, subnet: Subnet, networks: tuple[str, ...], bundle: Bundle) -> Result:
        """Deliver to interfaces, firewalls and internal load balancers of networks."""
        result = Result()
        here = subnet.virtual_network
        targets = self.world.targets(networks)
        for address, nic in self._hit(targets, bundle):
            mine = self.pinned(bundle, address)
            through = self.cross(here, nic.virtual_network, mine)
            if nic.kind is NicKind.FIREWALL:
                firewall = self.world.firewall(nic.owner)
                result.add(self.at_firewall(firewall, through, "private", by_route=False))
            else:
                result.add(self.at_interface(nic, through))
        for address, service in self._hit(self.world.internal, bundle):
            home = self._home(service)
            if address in targets or home not in networks:
                continue
            mine = self.pinned(bundle, address)
            result.add(self.at_balancer(service, self.cross(here, home, mine)))
        return result

    def _hit(self, targets: dict[int, T], bundle: Bundle) -> list[tuple[int, T]]:
        """Return who of many has an address that packets are sent to."""
        value = bundle.head.destination
        if value is not None:
            return [(value, targets[value])] if value in targets else []
        at, mask = self.plane.at["destination"], 0
        for piece in bundle.pieces:
            mask |= piece[at]
        return [
            (address, item)
            for address, item in targets.items()
            if self.plane.mask("destination", _one(address)) & mask
        ]

    def pinned(self, bundle: Bundle, address: int) -> Bundle:
        """Return the packets for one address, with the address written on them."""
        found = self.aimed(bundle, _one(address))
        return replace(found, head=replace(found.head, destination=address))

    def _home(self, service: KubernetesService) -> str:
        pools = [p for p in self.estate.node_pools if p.cluster == service.cluster]
        return pools[0].virtual_network if pools else ""

    def at_interface(self, nic: NetworkInterface, bundle: Bundle) -> Result:
        """Filter what comes in, and answer it."""
        return self._later(("interface", nic.name), bundle, lambda b: self._take(nic, b))

    def _take(self, nic: NetworkInterface, bundle: Bundle) -> Result:
        result = Result()
        bundle = bundle.only(self.plane.compact(bundle.pieces))
        policies = self.estate.subnet_by_id[nic.subnet].private_endpoint_network_policies
        if nic.kind is not NicKind.PRIVATE_ENDPOINT or policies in _POLICIES_WITH_GROUPS:
            bundle = self.filter(nic, "Inbound", bundle, result)
        result.add(self.accept(nic, nic.name, bundle))
        return result

    def accept(self, nic: NetworkInterface, server: str, bundle: Bundle) -> Result:
        """Arrive at an interface, and answer."""
        if nic.kind is NicKind.DNS_RESOLVER:
            asked = bundle.only(self.plane.protocol(bundle.pieces, "TCP", "UDP"))
            bundle = self.on_port(asked, DNS_PORT)
        if not bundle:
            return Result()
        way = Way(server, bundle.crossed, bundle.head.source is not None)
        self.diary.arrived.append(Arrived(bundle.pieces, way))
        return Backward(self.world, self.diary, way).start(nic, bundle)

    def at_public_machine(self, nic: NetworkInterface, bundle: Bundle) -> Result:
        """Translate a machine's public address to its private one, and let it in."""
        head = replace(bundle.head, destination=nic.private_ip_address)
        bundle = bundle.translated(Box(EDGE, bundle.head), head)
        if nsg.is_closed(self.estate, nic):
            self.lose(bundle, Disposition.DENIED_IN, f"no security group of {nic.name} opens it")
            return Result()
        return self.at_interface(nic, bundle)

    def at_internet(self, bundle: Bundle, *, by_endpoint: bool = False) -> Result:
        """Arrive at an internet address; the service there may refuse."""
        if not bundle:
            return Result()
        way = Way(INTERNET, bundle.crossed, bundle.head.source is not None)
        self.diary.arrived.append(Arrived(bundle.pieces, way))
        back = Backward(self.world, self.diary, way)
        result = back.from_internet(bundle, by_endpoint=by_endpoint)
        return served(self.world, bundle, result)

    def by_service_endpoint(self, subnet: Subnet, service: str, bundle: Bundle) -> Result:
        """Go straight to the service, past any firewall, with the private source address."""
        del subnet, service
        return self._later(("endpoint",), bundle, lambda b: self.at_internet(b, by_endpoint=True))

    def enter_public(self, bundle: Bundle) -> Result:
        """Take packets to one of the estate's public IPs, or away."""
        result = Result()
        left = bundle
        for firewall in self.estate.firewalls:
            own = (
                *rules.public_addresses(self.estate, firewall),
                *rules.gateway_addresses(self.estate, firewall),
            )
            for address in dict.fromkeys(own):
                mine = self.pinned(left, address)
                left = self.not_aimed(left, _one(address))
                result.add(self.at_firewall(firewall, mine, "public", by_route=False))
        for service in self.estate.kubernetes_services:
            frontend = address_of(self.estate, service.frontend)
            if service.load_balancer == "public" and frontend is not None:
                mine = self.pinned(left, frontend)
                left = self.not_aimed(left, _one(frontend))
                result.add(self.at_balancer(service, mine))
        for nic, own_ip in public_interfaces(self.estate):
            mine = self.pinned(left, own_ip)
            left = self.not_aimed(left, _one(own_ip))
            if mine:
                result.add(self.at_public_machine(nic, mine))
        self.lose(self.aimed(left, UNROUTED), Disposition.NO_ROUTE, "the address is private")
        left = self.not_aimed(self.not_aimed(left, UNROUTED), self.world.own_public)
        result.add(self._later(("internet",), left, self.at_internet))
        return result

    def leave(self, subnet: Subnet, nic: NetworkInterface | None, bundle: Bundle) -> Result:
        """Go out by an Internet route: by NAT gateway, own public IP, the cluster's, or default."""
        if not bundle:
            return Result()
        addresses, by_gateway = outbound(self.estate, subnet, nic)
        if not addresses:
            why = f"{subnet.name} is a private subnet: an Internet route needs outbound access"
            at = subnet.origin.of("default_outbound_access_enabled")
            self.lose(bundle, Disposition.NO_ROUTE, why, at)
            return Result()
        if by_gateway:
            icmp = bundle.only(self.plane.protocol(bundle.pieces, "ICMP"))
            self.lose(icmp, Disposition.NO_ROUTE, "a NAT gateway carries TCP and UDP only")
            bundle = bundle.only(self.plane.protocol(bundle.pieces, "TCP", "UDP"))
        place = ("leave", *map(str, addresses))
        return self._later(place, bundle, lambda b: self.choose(addresses, self._edge(b)))

    def _edge(self, bundle: Bundle) -> Callable[[int], Result]:
        def go(address: int) -> Result:
            head = replace(bundle.head, source=address)
            return self.enter_public(bundle.translated(Box(EDGE, bundle.head), head))

        return go

    def at_balancer(self, service: KubernetesService, bundle: Bundle) -> Result:
        """Balance to a node, which sends on to a pod."""
        place = ("balancer", service.frontend)
        return self._later(place, bundle, lambda b: self._balance(service, b))

    def _balance(self, service: KubernetesService, bundle: Bundle) -> Result:
        result = Result()
        tcp = bundle.only(self.plane.protocol(bundle.pieces, "TCP"))
        for other in self.estate.kubernetes_services:
            if other.frontend != service.frontend:
                continue
            mine = self.on_port(tcp, other.port)
            nodes = self._alike(other, NicKind.NODE)
            if mine and nodes:
                tcp = tcp.only(self.plane.minus(tcp.pieces, mine.pieces))
                result.add(self.choose(nodes, partial(self._at_node, other, mine)))
        return result

    def on_port(self, bundle: Bundle, port: int) -> Bundle:
        """Return the packets for one port."""
        if bundle.head.port is not None:
            return bundle if bundle.head.port == port else bundle.only(())
        mask = self.plane.mask("ports", PortSet(((port, port),)))
        return bundle.only(self.plane.only(bundle.pieces, "ports", mask))

    def _alike(self, service: KubernetesService, kind: NicKind) -> list[NetworkInterface]:
        """Return one of each sort of nodes or pods behind a service."""
        pools = [p for p in self.estate.node_pools if p.cluster == service.cluster]
        owners = {p.name for p in pools}
        if kind is NicKind.POD:
            owners = {p.name for p in pools if p.mode == "User"} or owners
        groups: dict[tuple[str, str | None], NetworkInterface] = {}
        for nic in self.estate.network_interfaces:
            if nic.kind is kind and nic.owner in owners:
                groups.setdefault((nic.subnet, nic.network_security_group), nic)
        return list(groups.values())

    def _at_node(
        self, service: KubernetesService, bundle: Bundle, node: NetworkInterface
    ) -> Result:
        result = Result()
        if service.load_balancer == "public" and nsg.is_closed(self.estate, node):
            self.lose(bundle, Disposition.DENIED_IN, f"no security group of {node.name} opens it")
            return result
        bundle = self.filter(node, "Inbound", bundle, result)
        if not bundle:
            return result
        box = Box(node.name, bundle.head)
        pods = self._alike(service, NicKind.POD)
        if not pods:
            head = replace(
                bundle.head, destination=node.private_ip_address, port=service.target_port
            )
            result.add(self.accept(node, node.name, bundle.translated(box, head)))
            return result

        def go(pod: NetworkInterface) -> Result:
            head = Head(node.private_ip_address, pod.private_ip_address, service.target_port)
            inner = Result()
            sent = self.filter(node, "Outbound", bundle.translated(box, head), inner)
            inner.add(self.route(node.subnet, sent, node))
            return inner

        result.add(self.choose(pods, go))
        return result

    def at_firewall(
        self, firewall: Firewall, bundle: Bundle, leg: str, *, by_route: bool
    ) -> Result:
        """Put requests through the firewall's stages."""
        place = ("firewall", firewall.name, leg, str(by_route))
        return self._later(
            place,
            bundle,
            lambda b: Inspection(self, firewall, leg).run(b, by_route=by_route),
        )


def _one(address: int) -> AddressSet:
    return AddressSet(((address, address),))
