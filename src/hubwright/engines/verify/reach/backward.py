"""
The way back of answers, through the state that requests left; the mirror of `semantics.backward`.

An answer carries the head of its request, turned round.
"""

from hubwright.engines.verify.reach.bundle import Bundle, Side
from hubwright.engines.verify.reach.result import Result, Way
from hubwright.engines.verify.reach.traverse import Diary, Traverse
from hubwright.engines.verify.reach.world import World
from hubwright.model.firewall import Firewall
from hubwright.model.flow import Disposition
from hubwright.model.network import NetworkInterface, NicKind, Subnet
from hubwright.semantics import firewall as rules
from hubwright.semantics.traverse import EDGE, OVERLAY, UNROUTED


class Backward(Traverse):
    """Sends answers back; what ends at its sender with nothing pending is answered."""

    to = Side.SOURCE

    def __init__(self, world: World, diary: Diary, way: Way) -> None:
        super().__init__(world, diary)
        self.way = way
        self.server = way.server

    def start(self, nic: NetworkInterface, bundle: Bundle) -> Result:
        """Send the answers of an interface."""
        box = bundle.box
        if box is not None and box.name == nic.name:
            return self.at_interface(nic, bundle)
        if bundle.head.source == nic.private_ip_address:
            return self._answered(bundle)
        return self.route(nic.subnet, bundle, nic)

    def route(
        self,
        subnet_id: str,
        bundle: Bundle,
        nic: NetworkInterface | None = None,
        firewall: Firewall | None = None,
    ) -> Result:
        """Send answers on; those that the next hop hands to their senders go all at once."""
        result = Result()
        own = nic is None or nic.kind is not NicKind.PRIVATE_ENDPOINT
        if bundle.head.source is None:
            mask = self.world.free_senders(subnet_id, own=own)
            if mask:
                result.add(self._end(bundle.only(self.plane.only(bundle.pieces, "source", mask))))
                bundle = bundle.only(self.plane.without(bundle.pieces, "source", mask))
        if bundle:
            result.add(super().route(subnet_id, bundle, nic, firewall))
        return result

    def from_internet(self, bundle: Bundle, *, by_endpoint: bool) -> Result:
        """Send the answers of an internet address, or of a service behind an endpoint."""
        if not by_endpoint:
            return self.enter_public(bundle)
        source = bundle.head.source
        if source is not None:
            nic = self._owner(source)
            if nic is not None and nic.kind is NicKind.FIREWALL:
                firewall = self.world.firewall(nic.owner)
                return self.at_firewall(firewall, bundle, "private", by_route=False)
            if nic is not None:
                return self.at_interface(nic, bundle)
            return self._lost(bundle, "nobody has the address any more")
        return self._end(bundle)

    def _owner(self, address: int) -> NetworkInterface | None:
        return next(
            (n for n in self.estate.network_interfaces if n.private_ip_address == address), None
        )

    def _answered(self, bundle: Bundle) -> Result:
        return Result([(piece, self.way) for piece in bundle.pieces])

    def _lost(self, bundle: Bundle, detail: str) -> Result:
        self.lose(bundle, Disposition.ASYMMETRIC, detail)
        return Result()

    def enter_public(self, bundle: Bundle) -> Result:
        """Undo a translation at Azure's edge, or go on to whoever has the address."""
        box = bundle.box
        if box is not None and box.name == EDGE:
            return self._undo_edge(bundle)
        result = Result()
        for firewall in self.estate.firewalls:
            own = (
                *rules.public_addresses(self.estate, firewall),
                *rules.gateway_addresses(self.estate, firewall),
            )
            if bundle.head.source in own:
                return self.at_firewall(firewall, bundle, "public", by_route=False)
        if bundle.head.source is not None:
            return self._lost(bundle, "nothing waits for it there")
        self.lose(self.aimed(bundle, UNROUTED), Disposition.NO_ROUTE, "the address is private")
        rest = self.not_aimed(bundle, UNROUTED)
        result.add(self._end(rest))
        return result

    def _undo_edge(self, bundle: Bundle) -> Result:
        before = bundle.back()
        if before.head.source is not None:
            nic = self._owner(before.head.source)
            if nic is None:
                return self._lost(bundle, "nobody has the address any more")
            return self.at_interface(nic, before)
        inside = before.only(
            self.plane.without(
                before.pieces, "source", self.plane.mask("source", self.world.internet.addresses)
            )
        )
        self._lost(
            self.aimed(before, self.world.internet.addresses), "nobody has the address any more"
        )
        return self._end(inside)

    def at_firewall(
        self, firewall: Firewall, bundle: Bundle, leg: str, *, by_route: bool
    ) -> Result:
        """Match answers to the firewall's state, on the leg where the requests left."""
        if not bundle:
            return Result()
        if by_route and bundle.head.source in rules.instance_addresses(self.estate, firewall):
            why = "the route may lead to another instance than the one with the state"
            return self._lost(bundle, why)
        box = bundle.box
        if box is None or box.name != firewall.name:
            return self._lost(bundle, f"{firewall.name} never saw the request: it drops the answer")
        if box.leg_out != leg:
            why = f"the request left {firewall.name} on its {box.leg_out} leg, not on the {leg} one"
            return self._lost(bundle, why)
        return self.route(firewall.subnet, bundle.back(), firewall=firewall)

    def at_interface(self, nic: NetworkInterface, bundle: Bundle) -> Result:
        """Undo a node's translation, or end at the client."""
        box = bundle.box
        if box is None or box.name != nic.name:
            return self._end(bundle)
        if box.leg_in == OVERLAY:
            return self._end(bundle.back())
        return self.route(nic.subnet, bundle.back(), nic)

    def _end(self, bundle: Bundle) -> Result:
        """End at the client, if no box waits for the answer."""
        if not bundle.pending or not bundle:
            return self._answered(bundle)
        touched = any(box.is_touched for box in bundle.pending)
        why = f"the answer passes by {bundle.pending[-1].name}, which saw the request"
        if touched:
            return self._lost(bundle, why)
        datagrams = bundle.only(self.plane.protocol(bundle.pieces, "UDP", "ICMP"))
        self._lost(bundle.only(self.plane.protocol(bundle.pieces, "TCP")), why)
        return self._answered(datagrams)

    def deliver(self, subnet: Subnet, networks: tuple[str, ...], bundle: Bundle) -> Result:
        """Deliver answers to the senders of networks, or to what translated for them."""
        if bundle.head.source is not None:
            return self._deliver_to(bundle.head.source, subnet, networks, bundle)
        result = Result()
        seen = 0
        for network in networks:
            mask = self.world.senders_mask(network) & ~seen
            seen |= mask
            mine = bundle.only(self.plane.only(bundle.pieces, "source", mask))
            through = self.cross(subnet.virtual_network, network, mine)
            if through:
                result.add(self._end(through))
        self._lost(
            bundle.only(self.plane.without(bundle.pieces, "source", seen)),
            "nobody there has the address of the sender",
        )
        return result

    def _deliver_to(
        self, address: int, subnet: Subnet, networks: tuple[str, ...], bundle: Bundle
    ) -> Result:
        nic = self.world.targets(networks).get(address)
        if nic is None:
            return self._lost(bundle, "nobody has the address, or a frontend that keeps no state")
        through = self.cross(subnet.virtual_network, nic.virtual_network, bundle)
        if not through:
            return Result()
        if nic.kind is NicKind.FIREWALL:
            firewall = self.world.firewall(nic.owner)
            return self.at_firewall(firewall, through, "private", by_route=False)
        return self.at_interface(nic, through)

    def leave(self, subnet: Subnet, nic: NetworkInterface | None, bundle: Bundle) -> Result:
        """Send answers out by an Internet route, from a machine's public IP or a frontend."""
        del nic
        if not bundle:
            return Result()
        box = bundle.box
        if box is not None and box.name == EDGE and box.before.source == bundle.head.source:
            return self.enter_public(bundle.back())
        if not subnet.default_outbound_access_enabled and subnet.nat_gateway is None:
            why = f"{subnet.name} is a private subnet: its Internet route carries no answers"
            self.lose(bundle, Disposition.ASYMMETRIC, why, subnet.origin)
            return Result()
        private = self.sent_by(bundle, UNROUTED)
        self._lost(private, "the answer would leave with a private source address")
        rest = bundle.only(self.plane.minus(bundle.pieces, private.pieces))
        return self.enter_public(rest)

    def by_service_endpoint(self, subnet: Subnet, service: str, bundle: Bundle) -> Result:
        """Refuse: a service that asks from its public address is answered past the state."""
        return self._lost(bundle, f"the answer leaves {subnet.name} by its endpoint {service}")
