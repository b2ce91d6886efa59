"""
A new flow at the firewall, stage by stage: threat intelligence, DNAT, network, application, deny.

Sources: learn.microsoft.com/azure/firewall/rule-processing (2026-03-23), firewall-known-issues
(2025-04-13), /azure/firewall/snat-private-range (2023-08).
"""

from dataclasses import replace
from typing import NoReturn

from hubwright.model.address import format_address
from hubwright.model.firewall import Action, ApplicationRule, Firewall, NatRule
from hubwright.model.flow import Application, Disposition, Packet, Stage, Symptom
from hubwright.model.network import NextHopType
from hubwright.semantics import dns, threats
from hubwright.semantics import firewall as rules
from hubwright.semantics.assumptions import Assumption
from hubwright.semantics.backward import Backward
from hubwright.semantics.journey import Translation
from hubwright.semantics.routes import effective_routes, lookup
from hubwright.semantics.traverse import PRIVATE, PUBLIC, Arrival, Traverse


class Inspection:
    """One packet of a new flow at one firewall."""

    def __init__(self, way: Traverse, firewall: Firewall, packet: Packet, leg: str) -> None:
        self.way = way
        self.q = way.q
        self.estate = way.estate
        self.journey = way.journey
        self.assumptions = way.assumptions
        self.firewall = firewall
        self.packet = packet
        self.leg = leg

    def run(self, *, by_route: bool) -> Arrival:
        """Put the packet through the stages, and send on what passes."""
        self.journey.hop(self.firewall.name, "firewall", self.packet)
        bad = threats.threat_address(self.estate, self.firewall, self.packet, self.assumptions)
        if bad is not None:
            self._drop(Stage.THREAT_INTELLIGENCE, f"{format_address(bad)} is in the threat feed")
        public = rules.public_addresses(self.estate, self.firewall)
        if self.packet.destination_address in (*public, self.firewall.private_ip_address):
            return self._own_address()
        if not by_route:
            self._drop(Stage.DEFAULT, "an instance's own address takes no new connections")
        return self._network()

    def _drop(self, stage: Stage, detail: str) -> NoReturn:
        self.journey.stop(stage, Disposition.DENIED_IN, detail, origin=self.firewall.origin)

    def _own_address(self) -> Arrival:
        """DNAT, or the DNS proxy; nothing else listens on the firewall's addresses."""
        packet = self.packet
        found = rules.find_nat(self.estate, self.firewall, packet, self.assumptions)
        if found.unknowns:
            self.journey.unknown(Stage.DNAT, found.unknowns)
        placed = found.placed
        self._note_parent_dnat(placed)
        if placed is None:
            return self._proxy_query()
        target = rules.nat_target(self.estate, self.firewall, placed.rule, self.assumptions)
        aimed = replace(
            packet,
            destination_address=target or 0,
            destination_port=placed.rule.translated_port,
        )
        self.journey.assumptions.add(Assumption.DNAT_MATCH)
        if self.assumptions.dnat_match == "implicit-rule":
            self._check_implicit_rule(aimed, placed.path)
        self.journey.step(
            Stage.DNAT,
            "allowed",
            f"{placed.path} -> {format_address(aimed.destination_address)}"
            f":{aimed.destination_port}",
            rule=placed.path,
            origin=placed.origin,
        )
        self.journey.stage = Stage.DNAT
        return self._send(aimed, always=True)

    def _note_parent_dnat(self, placed: rules.Placed[NatRule] | None) -> None:
        """Name the assumption where the other mode finds another rule, or none."""
        if len(self.estate.policy_chain(self.firewall.firewall_policy)) < 2:
            return
        mode = "own" if self.assumptions.parent_dnat == "inherited" else "inherited"
        flipped = replace(self.assumptions, parent_dnat=mode)
        if rules.match_nat(self.estate, self.firewall, self.packet, flipped) != placed:
            self.journey.assumptions.add(Assumption.PARENT_DNAT)

    def _proxy_query(self) -> Arrival:
        packet = self.packet
        asks = packet.destination_port == 53 and packet.protocol != "ICMP"
        if (
            asks
            and self.leg == PRIVATE
            and dns.proxy_at(self.estate, packet.destination_address, self.assumptions)
        ):
            self.journey.step(Stage.DELIVERY, "delivered", "the firewall's DNS proxy")
            nic = self.estate.network_interface_by_name[self.firewall.name]
            return Arrival(nic, packet, (self.firewall.name,), (packet.source_address,))
        shown = format_address(packet.destination_address)
        self._drop(Stage.DEFAULT, f"no DNAT rule listens on {shown}:{packet.destination_port}")

    def _check_implicit_rule(self, aimed: Packet, path: str) -> None:
        """Let an explicit network deny override DNAT, as documentation up to 2023 had it."""
        denied = rules.match_network(self.estate, self.firewall, aimed, self.assumptions).placed
        if denied is not None and denied.action is Action.DENY:
            self.journey.stop(
                Stage.NETWORK_RULE,
                Disposition.DENIED_IN,
                f"network rule {denied.path} denies what DNAT rule {path} made",
                rule=denied.path,
                origin=denied.origin,
            )

    def _network(self) -> Arrival:
        found = rules.match_network(self.estate, self.firewall, self.packet, self.assumptions)
        if found.unknowns:
            self.journey.unknown(Stage.NETWORK_RULE, found.unknowns)
        placed = found.placed
        if placed is None:
            return self._unmatched()
        if placed.action is Action.DENY:
            self.journey.stop(
                Stage.NETWORK_RULE,
                Disposition.DENIED_IN,
                f"{placed.path} denies it",
                rule=placed.path,
                origin=placed.origin,
            )
        if placed.rule.destination_fqdns:
            self.journey.assumptions.add(Assumption.NETWORK_FQDN)
        self.journey.step(
            Stage.NETWORK_RULE, "allowed", placed.path, rule=placed.path, origin=placed.origin
        )
        self.journey.stage = Stage.NETWORK_RULE
        if self.packet.protocol == "ICMP" and self._leg_of(self.packet) == PUBLIC:
            self.journey.stop(
                Stage.TRANSLATION,
                Disposition.NO_ROUTE,
                "ICMP to the internet is not translated and does not leave",
            )
        return self._send(self.packet, always=False)

    def _unmatched(self) -> Arrival:
        ports = rules.intercept_ports(self.estate, self.firewall)
        if self.packet.protocol != "TCP" or self.packet.destination_port not in ports:
            self._drop(
                Stage.DEFAULT, "no network rule matches, and the port has no application rule"
            )
        return self._application()

    def _application(self) -> Arrival:
        """
        Let the application engine decide by name.

        Denied HTTP gets status 470; denied TLS, TLS without SNI, and what is neither are closed.
        """
        application, name = self.q.application, self.q.server_name
        if application is Application.NONE:
            self._refuse(Stage.APPLICATION_RULE, "neither HTTP nor TLS: the engine closes it")
        if not name:
            self._refuse(Stage.APPLICATION_RULE, "no SNI: only a network rule can allow it")
        if threats.threat_name(self.estate, self.firewall, name, self.assumptions):
            self._refuse(Stage.THREAT_INTELLIGENCE, f"{name} is in the threat feed")
        found = rules.match_application(
            self.estate,
            self.firewall,
            self.packet.source_address,
            self.packet.destination_port,
            application,
            name,
        )
        if found.unknowns:
            self.journey.unknown(Stage.APPLICATION_RULE, found.unknowns)
        if found.by_tag:
            self.journey.assumptions.add(Assumption.FQDN_TAG)
        placed = found.placed
        if placed is None:
            self._infrastructure(name)
            return self._proxy(name, inspects=False)
        if placed.action is Action.DENY:
            why = f"{placed.path} denies {name} ({found.pattern})"
            self._refuse(Stage.APPLICATION_RULE, why, placed)
        self.journey.step(
            Stage.APPLICATION_RULE,
            "allowed",
            f"{placed.path}: {name} matches {found.pattern}",
            rule=placed.path,
            origin=placed.origin,
        )
        self.journey.stage = Stage.APPLICATION_RULE
        premium = self.firewall.sku_tier == "Premium"
        return self._proxy(name, inspects=placed.rule.terminate_tls and premium)

    def _infrastructure(self, name: str) -> None:
        """Allow what Azure's built-in collection names; refuse the rest."""
        self.journey.assumptions.add(Assumption.INFRASTRUCTURE_RULES)
        names = self.assumptions.infrastructure_fqdns
        if not any(rules.fqdn_matches(pattern, name) for pattern in names):
            port = self.packet.destination_port
            self._refuse(Stage.DEFAULT, f"no rule allows {name} on port {port}")
        self.journey.step(Stage.INFRASTRUCTURE_RULE, "allowed", f"built in: {name}")
        self.journey.stage = Stage.INFRASTRUCTURE_RULE

    def _refuse(
        self, stage: Stage, detail: str, placed: rules.Placed[ApplicationRule] | None = None
    ) -> NoReturn:
        """Refuse on an open connection: the client must have got the firewall's handshake first."""
        here = self.journey.at
        self.journey.at = self.journey.reverse
        self.journey.hop(self.firewall.name, "firewall", self.packet.reversed())
        Backward(self.q, None, self.packet).handshake(self.firewall)
        self.journey.at = here
        plain = self.q.application is Application.HTTP
        self.journey.stop(
            stage,
            Disposition.DENIED_IN,
            detail,
            symptom=Symptom.HTTP_470 if plain else Symptom.TLS_CLOSED,
            rule=placed.path if placed else "",
            origin=placed.origin if placed else self.firewall.origin,
        )

    def _proxy(self, name: str, *, inspects: bool) -> Arrival:
        """
        Open the firewall's own connection to the server.

        HTTP and inspected HTTPS go where the firewall resolves the name to; HTTPS that is not
        inspected keeps the client's address, unless assumed otherwise.
        """
        reresolve = inspects or self.q.application is Application.HTTP
        if self.q.application is Application.HTTPS and not inspects:
            self.journey.assumptions.add(Assumption.HTTPS_DESTINATION)
            reresolve = self.assumptions.https_destination == "reresolved"
        if not reresolve:
            return self._send(self.packet, always=True)
        answer = dns.firewall_resolves(self.estate, self.firewall, name, self.assumptions)
        self.journey.assumptions.update(answer.assumptions)
        if answer.unknown:
            self.journey.unknown(Stage.DNS, (answer.unknown,))
        if not answer.addresses:
            self.journey.stop(
                Stage.DNS,
                Disposition.NAME_UNRESOLVED,
                f"the firewall cannot resolve {name} ({answer.why})",
                symptom=Symptom.UNKNOWN,
            )
        address = self.journey.choose(answer.addresses)
        return self._send(replace(self.packet, destination_address=address), always=True)

    def _send(self, aimed: Packet, *, always: bool) -> Arrival:
        """Translate the source, remember the state, and send the packet on."""
        leg_out = self._leg_of(aimed)
        after = self._translate(aimed, leg_out, always=always)
        self.journey.translations.append(
            Translation(self.firewall.name, self.packet, after, self.leg, leg_out)
        )
        return self.way.route(self.firewall.subnet, after, firewall=self.firewall)

    def _leg_of(self, packet: Packet) -> str:
        """Return the leg that a packet leaves on: public where the firewall's route is Internet."""
        routes = effective_routes(self.estate, self.firewall.subnet, self.assumptions)
        best = lookup(routes, packet.destination_address)
        subnet = self.estate.subnet_by_id[self.firewall.subnet]
        if self.way.endpoint_service(subnet, best, packet) is not None:
            return PRIVATE
        return PUBLIC if best and best.next_hop_type is NextHopType.INTERNET else PRIVATE

    def _translate(self, packet: Packet, leg: str, *, always: bool) -> Packet:
        """
        Translate the source: a public IP on the public leg, an instance's address on the private.

        Azure picks among them at random. Network rules keep the source for private ranges.
        Source: learn.microsoft.com/azure/firewall/snat-private-range; Azure Network Security
        blog, NAT behaviors (2023-05-19).
        """
        if not always and self._keeps_source(packet):
            return packet
        is_public = leg == PUBLIC
        pool = (rules.outbound_addresses if is_public else rules.instance_addresses)(
            self.estate, self.firewall
        )
        if not pool:
            self.journey.stop(
                Stage.TRANSLATION,
                Disposition.NO_ROUTE,
                f"{self.firewall.name} has no public IP to send from",
                origin=self.firewall.origin,
            )
        self.journey.assumptions.add(
            Assumption.PUBLIC_ADDRESSES if is_public else Assumption.FIREWALL_INSTANCES
        )
        address = self.journey.choose(pool)
        kind = "public IP" if is_public else "instance address"
        one_of = f", one of {len(pool)}" if len(pool) > 1 else ""
        self.journey.step(
            Stage.TRANSLATION, "translated", f"source {format_address(address)} ({kind}{one_of})"
        )
        return replace(packet, source_address=address)

    def _keeps_source(self, packet: Packet) -> bool:
        """Tell whether a network rule's packet goes to a private range, and keeps its source."""
        mode = "rfc1918" if self.assumptions.private_ranges != "rfc1918" else "rfc1918+rfc6598"
        keep, other = (
            packet.destination_address in rules.private_ranges(self.estate, self.firewall, each)
            for each in (self.assumptions, replace(self.assumptions, private_ranges=mode))
        )
        if keep is not other:
            self.journey.assumptions.add(Assumption.PRIVATE_RANGES)
        return keep
