"""The way back: an answer, through the state that the request left."""

from typing import NoReturn

from hubwright.model.address import format_address
from hubwright.model.cluster import KubernetesService
from hubwright.model.firewall import Firewall
from hubwright.model.flow import Disposition, Packet, Stage
from hubwright.model.network import (
    NetworkInterface,
    NicKind,
    Subnet,
)
from hubwright.semantics import firewall as rules
from hubwright.semantics.journey import Translation
from hubwright.semantics.names import INTERNET
from hubwright.semantics.traverse import (
    EDGE,
    OVERLAY,
    PRIVATE,
    UNROUTED,
    Arrival,
    Question,
    Traverse,
    interfaces_at,
)


class Backward(Traverse):
    """The way back: an answer, through the state that the request left."""

    def __init__(
        self, question: Question, client: NetworkInterface | int | None, request: Packet
    ) -> None:
        super().__init__(question)
        self.client = client
        self.request = request
        self.pending = list(self.journey.translations)
        self.last_word = "the answer is back"

    def start(self, arrival: Arrival) -> Arrival:
        """Send the answer from where the request arrived."""
        answer = arrival.packet.reversed()
        if arrival.nic is None:
            if arrival.servers == ("azure",):
                return arrival
            self.journey.hop(INTERNET, "internet", answer)
            return self._from_service(answer) if arrival.by_endpoint else self.enter_public(answer)
        kind = "firewall" if arrival.nic.kind is NicKind.FIREWALL else "interface"
        self.journey.hop(arrival.nic.name, kind, answer)
        if self.pending and self.pending[-1].box == arrival.nic.name:
            return self.at_interface(arrival.nic, answer)
        if answer.destination_address == arrival.nic.private_ip_address:
            return arrival
        return self.route(arrival.nic.subnet, answer, arrival.nic)

    def _from_service(self, answer: Packet) -> Arrival:
        """Bring a service endpoint's answer back to the private address that asked."""
        nic = self._owner(answer.destination_address)
        if nic is None:
            self._lost("nobody has the address any more")
        if nic.kind is NicKind.FIREWALL:
            owner = next(f for f in self.estate.firewalls if f.name == nic.owner)
            return self.at_firewall(owner, answer, PRIVATE, by_route=False)
        return self.at_interface(nic, answer)

    def handshake(self, firewall: Firewall) -> None:
        """Send the firewall's own SYN-ACK to the client of a connection that it answers itself."""
        self.last_word = "the firewall itself answers the client"
        self.client = self._owner(self.request.source_address) or self.request.source_address
        self.pending = [t for t in self.pending if t.leg_in != OVERLAY]
        self.route(firewall.subnet, self.request.reversed(), firewall=firewall)

    def enter_public(self, packet: Packet) -> Arrival:
        """Undo a translation at Azure's edge, or go on to whoever has the address."""
        top = self.pending[-1] if self.pending else None
        if top is not None and top.box == EDGE and top.after.reversed() == packet:
            return self.at_internet(packet)
        return super().enter_public(packet)

    def _pop(self, box: str, packet: Packet) -> Translation | None:
        top = self.pending[-1] if self.pending else None
        if top is None or top.box != box or top.after.reversed() != packet:
            return None
        self.pending.pop()
        return top

    def _lost(self, detail: str) -> NoReturn:
        self.journey.stop(Stage.STATE, Disposition.ASYMMETRIC, detail)

    def at_firewall(
        self, firewall: Firewall, packet: Packet, leg: str, *, by_route: bool
    ) -> Arrival:
        """Match the answer to the firewall's state, on the leg where the request left."""
        self.journey.hop(firewall.name, "firewall", packet)
        instances = rules.instance_addresses(self.estate, firewall)
        if by_route and packet.destination_address in instances:
            self._lost("the route may lead to another instance than the one with the state")
        known = next((t for t in self.pending if t.box == firewall.name), None)
        found = self._pop(firewall.name, packet)
        if found is None or found.leg_out != leg:
            if known is None:
                self._lost(f"{firewall.name} never saw the request: it drops the answer")
            self._lost(
                f"the request left {firewall.name} as {known.after} on its {known.leg_out} leg; "
                f"this answer comes in on the {leg} one and matches nothing"
            )
        answer = found.before.reversed()
        self.journey.step(Stage.STATE, "matched", f"an open connection: becomes {answer}")
        return self.route(firewall.subnet, answer, firewall=firewall)

    def at_interface(self, nic: NetworkInterface, packet: Packet) -> Arrival:
        """Undo a node's translation, or end at the client."""
        if self.journey.at.here != nic.name:
            self.journey.hop(nic.name, "interface", packet)
        found = self._pop(nic.name, packet)
        if found is not None:
            answer = found.before.reversed()
            self.journey.step(Stage.STATE, "matched", f"an open connection: becomes {answer}")
            if found.leg_in == OVERLAY and isinstance(self.client, NetworkInterface):
                self.journey.hop(self.client.name, "interface", answer)
                return self._end(self.client, answer)
            return self.route(nic.subnet, answer, nic)
        return self._end(nic, packet)

    def _end(self, nic: NetworkInterface | None, packet: Packet) -> Arrival:
        """End at the client, if this is the answer that it waits for."""
        if self.pending:
            self._passes_by(self.pending[-1])
        if packet != self.request.reversed():
            self._lost(
                f"the client asked {format_address(self.request.destination_address)} and is "
                f"answered by {format_address(packet.source_address)}"
            )
        self.journey.step(Stage.DELIVERY, "delivered", self.last_word)
        return Arrival(nic, packet, (), ())

    def _passes_by(self, box: Translation) -> None:
        """
        Judge an answer that comes back past a stateful box.

        A connection dies: the box sees no SYN-ACK and drops what follows. One datagram and its
        answer, untranslated, are through before the box could mind.
        """
        untouched = all(item.before == item.after for item in self.pending)
        if self.request.protocol == "TCP" or not untouched:
            self._lost(f"the answer passes by {box.box}, which saw the request")
        self.journey.step(
            Stage.STATE, "passed by", f"{box.box} saw the request and not this answer"
        )

    def at_public_machine(self, nic: NetworkInterface, packet: Packet) -> Arrival:
        """Undo the translation of a machine's public address."""
        found = self._pop(EDGE, packet)
        if found is None:
            self._lost(f"nothing of {nic.name} waits for it")
        return self._back_inside(found, nic)

    def _back_inside(self, found: Translation, nic: NetworkInterface) -> Arrival:
        return self.at_interface(nic, found.before.reversed())

    def at_balancer(self, service: KubernetesService, packet: Packet) -> Arrival:
        """Refuse: a load balancer keeps no state for answers."""
        del packet
        self._lost(f"the answer is addressed to the frontend of {service.name}")

    def by_service_endpoint(self, subnet: Subnet, service: str, packet: Packet) -> Arrival:
        """Refuse: a service that asks from its public address would be answered past the state."""
        del packet
        self._lost(f"the answer leaves {subnet.name} by its service endpoint {service}")

    def at_internet(self, packet: Packet) -> Arrival:
        """End at the internet client, or undo the translation at Azure's edge."""
        found = self._pop(EDGE, packet)
        if found is not None:
            nic = self._owner(found.before.source_address)
            if nic is None:
                self._lost("nobody has the address any more")
            return self._back_inside(found, nic)
        self.journey.hop(INTERNET, "internet", packet)
        return self._end(None, packet)

    def _owner(self, address: int) -> NetworkInterface | None:
        nics = interfaces_at(self.estate, address)
        if nics:
            return nics[0]
        if isinstance(self.client, NetworkInterface) and (
            self.client.private_ip_address == address
        ):
            return self.client
        return None

    def _translated_inbound(self) -> bool:
        """Tell whether the request came in by a machine's own public address."""
        top = self.pending[-1] if self.pending else None
        return top is not None and top.before.source_address == top.after.source_address

    def leave(self, subnet: Subnet, nic: NetworkInterface | None, packet: Packet) -> Arrival:
        """
        Send an answer out by an Internet route.

        A machine with its own public IP answers from it. A load balancer's backend answers with
        the frontend's address; in a private subnet the route does not work
        (azure-docs default-outbound-access.md, 2025-12-03).
        """
        if self._translated_inbound():
            found = self._pop(EDGE, packet)
            if found is not None:
                return self.enter_public(found.before.reversed())
        if not subnet.default_outbound_access_enabled and subnet.nat_gateway is None:
            self.journey.stop(
                Stage.ROUTE,
                Disposition.ASYMMETRIC,
                f"{subnet.name} is a private subnet: its Internet route does not carry the answer",
                origin=subnet.origin.of("default_outbound_access_enabled"),
            )
        if packet.source_address in UNROUTED:
            self._lost("the answer would leave with a private source address")
        del nic
        return self.enter_public(packet)

    def _modelled_host(self, address: int, networks: list[str]) -> NetworkInterface | None:
        """Return the client where it is a bare address of a subnet."""
        client = self.client
        if not isinstance(client, NetworkInterface) or client.private_ip_address != address:
            return None
        return client if client.virtual_network in networks else None
