"""
Routing of sets of packets, shared by both ways; the mirror of `semantics.traverse`.

Each step says what it does with packets in the same order as the plain evaluator's, from which
it shares no code but the facts: effective routes, rules, addresses.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from hubwright.engines.verify.reach.bundle import Bundle, Side
from hubwright.engines.verify.reach.plane import Pieces
from hubwright.engines.verify.reach.result import Arrived, Loss, Result
from hubwright.engines.verify.reach.world import SITE_SET, World
from hubwright.engines.verify.space import NameSet
from hubwright.model.address import AddressSet
from hubwright.model.firewall import Firewall
from hubwright.model.flow import Disposition
from hubwright.model.network import NetworkInterface, NextHopType, NicKind, Route, Subnet
from hubwright.model.origin import NOWHERE, Origin
from hubwright.semantics.assigned import address_of
from hubwright.semantics.names import site_address
from hubwright.semantics.routes import EffectiveRoute, reachable_networks, unknown_routes
from hubwright.semantics.services import endpoint_domains
from hubwright.semantics.traverse import UNROUTED


class Diary:
    """What walks write down beside their result."""

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self.losses: list[Loss] = []
        self.open: list[tuple[Pieces, str, tuple[str, ...]]] = []
        """Requests that stop at what nobody can say: packets, why, firewalls passed."""


class Traverse(ABC):
    """Sends bundles on; subclasses say what happens where one arrives."""

    to: Side
    """The field that has the destination of what is being sent."""
    server = ""
    """Who answers, on the way back."""

    def __init__(self, world: World, diary: Diary) -> None:
        self.world = world
        self.estate = world.estate
        self.plane = world.plane
        self.assumptions = world.assumptions
        self.diary = diary

    @property
    def of(self) -> Side:
        """The field that has the sender of what is being sent."""
        return Side.SOURCE if self.to is Side.DESTINATION else Side.DESTINATION

    def aimed(self, bundle: Bundle, addresses: AddressSet) -> Bundle:
        """Return the packets whose destination is in a noted set."""
        return self._where(bundle, self.to, addresses)

    def sent_by(self, bundle: Bundle, addresses: AddressSet) -> Bundle:
        """Return the packets whose sender is in a noted set."""
        return self._where(bundle, self.of, addresses)

    def _where(self, bundle: Bundle, side: Side, addresses: AddressSet) -> Bundle:
        value = bundle.head.address(side)
        if value is not None:
            return bundle if value in addresses else bundle.only(())
        return bundle.only(self.plane.within(bundle.pieces, side, addresses))

    def not_aimed(self, bundle: Bundle, addresses: AddressSet) -> Bundle:
        """Return the packets whose destination is in no noted set of these."""
        value = bundle.head.address(self.to)
        if value is not None:
            return bundle.only(()) if value in addresses else bundle
        mask = self.plane.mask(self.to.value, addresses)
        return bundle.only(self.plane.without(bundle.pieces, self.to.value, mask))

    def named(self, bundle: Bundle, names: NameSet) -> Bundle:
        """Return the packets that ask for some names."""
        return bundle.only(self.plane.named(bundle.pieces, names))

    def lose(
        self, bundle: Bundle, disposition: Disposition, detail: str, origin: Origin = NOWHERE
    ) -> None:
        """Write down packets that end here."""
        if bundle:
            loss = Loss(
                bundle.pieces,
                disposition,
                detail,
                bundle.crossed,
                server=self.server,
                origin=origin,
            )
            self.diary.losses.append(loss)

    def unknown(self, bundle: Bundle, why: str) -> Result:
        """Return packets that nobody can say more about."""
        if bundle and self.to is Side.DESTINATION:
            self.diary.open.append((bundle.pieces, why, bundle.crossed))
        return Result([], [(piece, why) for piece in bundle.pieces])

    @abstractmethod
    def deliver(self, subnet: Subnet, networks: tuple[str, ...], bundle: Bundle) -> Result:
        """Take packets that a route delivers to networks."""

    @abstractmethod
    def at_firewall(
        self, firewall: Firewall, bundle: Bundle, leg: str, *, by_route: bool
    ) -> Result:
        """Take packets that reach a firewall; `by_route`: as next hop, not as destination."""

    @abstractmethod
    def leave(self, subnet: Subnet, nic: NetworkInterface | None, bundle: Bundle) -> Result:
        """Take packets that an Internet route sends out of a subnet."""

    @abstractmethod
    def enter_public(self, bundle: Bundle) -> Result:
        """Take packets on Azure's public side."""

    @abstractmethod
    def by_service_endpoint(self, subnet: Subnet, service: str, bundle: Bundle) -> Result:
        """Take packets that a service endpoint's route sends straight to the service."""

    def route(
        self,
        subnet_id: str,
        bundle: Bundle,
        nic: NetworkInterface | None = None,
        firewall: Firewall | None = None,
    ) -> Result:
        """Send packets on by the effective routes of a subnet."""
        result = Result()
        own = nic is None or nic.kind is not NicKind.PRIVATE_ENDPOINT
        for addresses, best in self.world.routes(subnet_id, own=own):
            part = self.aimed(bundle, addresses)
            if part:
                result.add(self.along(subnet_id, best, part, nic, firewall))
        return result

    def along(
        self,
        subnet_id: str,
        best: EffectiveRoute | None,
        bundle: Bundle,
        nic: NetworkInterface | None = None,
        firewall: Firewall | None = None,
    ) -> Result:
        """Send packets on by the route that takes all of them; None: there is none."""
        result = Result()
        subnet = self.estate.subnet_by_id[subnet_id]
        if nic is None or nic.kind is not NicKind.PRIVATE_ENDPOINT:
            bundle = self._past_tags(subnet_id, best, bundle, result)
        if best is None:
            self.lose(bundle, Disposition.NO_ROUTE, f"no route of {subnet.name} leads there")
            return result
        for service, those in self.endpoints(subnet, best, bundle, result):
            if service:
                result.add(self.by_service_endpoint(subnet, service, those))
            else:
                result.add(self._hop(subnet, best, those, nic, firewall))
        return result

    def _past_tags(
        self, subnet_id: str, best: EffectiveRoute | None, bundle: Bundle, result: Result
    ) -> Bundle:
        """Set aside what a route to a tag without a list could lead elsewhere."""
        if best is not None and best.prefix.length == 32:
            return bundle
        tags = [
            route
            for route in unknown_routes(self.estate, subnet_id, self.assumptions)
            if best is None or not self._leads_alike(route, best)
        ]
        if not tags:
            return bundle
        texts = (f"service tag {r.address_prefix} in route {r.name}" for r in tags)
        result.add(self.unknown(self.not_aimed(bundle, UNROUTED), ", ".join(texts)))
        return self.aimed(bundle, UNROUTED)

    def _leads_alike(self, route: Route, best: EffectiveRoute) -> bool:
        hop = route.next_hop_in_ip_address
        there = address_of(self.estate, hop) if hop else None
        return (route.next_hop_type, there) == (best.next_hop_type, best.next_hop)

    def endpoints(
        self, subnet: Subnet, best: EffectiveRoute, bundle: Bundle, result: Result
    ) -> Iterator[tuple[str, Bundle]]:
        """Yield what service endpoints take before the default route does, then the rest."""
        if not subnet.service_endpoints or best.prefix.length:
            yield "", bundle
            return
        for service in subnet.service_endpoints:
            domains = tuple(f".{domain}" for domain in endpoint_domains(service))
            for name in self.world.known_names:
                if name.endswith(domains) and domains:
                    names, site = NameSet.parse(name), site_address(name)
                    mine = self._at_site(self.named(bundle, names), site)
                    if mine:
                        yield service, mine
                        rest = self.plane.minus(bundle.pieces, mine.pieces)
                        bundle = bundle.only(rest)
            others = self.world.endpoint_names(service)
            generic = self.named(bundle, others) if others else bundle.only(())
            if self._goes_to_own_site(generic):
                yield service, generic
            else:
                generic = self._where(generic, self.to, SITE_SET)
                why = f"whether an address is one of {service}"
                result.add(self.unknown(generic, why))
            bundle = bundle.only(self.plane.minus(bundle.pieces, generic.pieces))
        if bundle:
            yield "", bundle

    def _goes_to_own_site(self, bundle: Bundle) -> bool:
        return self.to is Side.DESTINATION and bundle.head.is_own_site

    def _at_site(self, bundle: Bundle, site: int) -> Bundle:
        if self._goes_to_own_site(bundle):
            return bundle
        return self.aimed(bundle, AddressSet(((site, site),)))

    def _hop(
        self,
        subnet: Subnet,
        best: EffectiveRoute,
        bundle: Bundle,
        nic: NetworkInterface | None,
        firewall: Firewall | None,
    ) -> Result:
        match best.next_hop_type:
            case NextHopType.VNET_LOCAL | NextHopType.VNET_PEERING | NextHopType.INTERFACE_ENDPOINT:
                networks: tuple[str, ...] = (best.virtual_network,)
                if best.source == "User":
                    near = reachable_networks(self.estate, subnet.virtual_network)
                    networks = tuple(dict.fromkeys((*networks, *near)))
                return self.deliver(subnet, networks, bundle)
            case NextHopType.VIRTUAL_APPLIANCE:
                return self._appliance(subnet, best, bundle, firewall)
            case NextHopType.INTERNET | NextHopType.SERVICE_ENDPOINT:
                if firewall is not None:
                    return self.enter_public(bundle)
                return self.leave(subnet, nic, bundle)
            case NextHopType.NONE:
                detail = f"route {best.name} ({best.prefix}) has next hop None"
                self.lose(bundle, Disposition.NULL_ROUTED, detail, best.origin)
                return Result()
            case NextHopType.VIRTUAL_NETWORK_GATEWAY:
                return self.unknown(bundle, f"what lies behind gateway route {best.name}")

    def _appliance(
        self, subnet: Subnet, best: EffectiveRoute, bundle: Bundle, here: Firewall | None
    ) -> Result:
        """Hand packets to the appliance that a route names."""
        near = reachable_networks(self.estate, subnet.virtual_network)
        nic = self.world.targets(near).get(-1 if best.next_hop is None else best.next_hop)
        if nic is None:
            detail = f"the next hop of route {best.name} is nobody's in this or a peered network"
            self.lose(bundle, Disposition.NO_ROUTE, detail, best.origin)
            return Result()
        if nic.kind is not NicKind.FIREWALL:
            return self.unknown(bundle, f"whether {nic.name} forwards packets")
        if here is not None and nic.owner == here.name:
            detail = f"route {best.name} sends the firewall's own traffic back to it"
            self.lose(bundle, Disposition.LOOP, detail, best.origin)
            return Result()
        through = self.cross(subnet.virtual_network, nic.virtual_network, bundle)
        return self.at_firewall(self.world.firewall(nic.owner), through, "private", by_route=True)

    def cross(self, here: str, there: str, bundle: Bundle) -> Bundle:
        """Return what passes a peering: its own network's packets, others where they may."""
        if here == there or not bundle:
            return bundle
        back = next(
            (
                peering
                for peering in self.estate.virtual_network_peerings
                if (peering.virtual_network, peering.remote_virtual_network) == (there, here)
            ),
            None,
        )
        if back is None or back.allow_forwarded_traffic:
            return bundle
        if self.to is Side.SOURCE and self.assumptions.forwarded_traffic == "new-flows":
            return bundle
        local = self.sent_by(bundle, self.world.space_of(here))
        if local.pieces != bundle.pieces:
            foreign = bundle.only(self.plane.minus(bundle.pieces, local.pieces))
            detail = f"peering {back.name} of {there} takes no forwarded traffic"
            at = back.origin.of("allow_forwarded_traffic")
            self.lose(foreign, Disposition.DENIED_IN, detail, at)
        return local
