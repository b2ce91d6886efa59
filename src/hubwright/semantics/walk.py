"""
One walk of one flow: name, way out, arrival, way back.

The way out and the way back share the routing of `semantics.traverse`; `semantics.forward` and
`semantics.backward` say what happens where a packet arrives. This module holds the beginning and
the end.
"""

from hubwright.model.address import format_address
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate
from hubwright.model.flow import (
    Application,
    Disposition,
    Flow,
    Packet,
    Stage,
    Symptom,
    Trace,
)
from hubwright.model.network import NetworkInterface
from hubwright.semantics import dns, locate, services
from hubwright.semantics.assumptions import Assumption, Assumptions
from hubwright.semantics.backward import Backward
from hubwright.semantics.forward import Forward, reaches_dns
from hubwright.semantics.journey import Journey, Stopped
from hubwright.semantics.names import AZURE_DNS, INTERNET
from hubwright.semantics.traverse import Arrival, Question


class Walk:
    """One walk with one script of choices; `run` once."""

    def __init__(
        self, estate: Estate, flow: Flow, assumptions: Assumptions, script: tuple[int, ...]
    ) -> None:
        self.estate = estate
        self.flow = flow
        self.assumptions = assumptions
        self.journey = Journey(script=script)

    def alternatives(self) -> list[tuple[int, ...]]:
        """Return the scripts of the walks that choose otherwise."""
        return self.journey.alternatives()

    def run(self) -> Trace:
        """Walk, and return the trace of this walk alone."""
        start = locate.source(self.estate, self.flow.source)
        target = locate.destination(self.estate, self.flow.destination)
        arrival: Arrival | None = None
        try:
            address = target.address
            if target.name is not None:
                address = self._resolve(start, target.name)
            arrival = self._go(start, target.name, address or 0)
        except Stopped as stopped:
            return self._trace(stopped.disposition, stopped.symptom, stopped.stage, arrival)
        disposition = Disposition.EXITS_NETWORK if arrival.nic is None else Disposition.ACCEPTED
        return self._trace(disposition, Symptom.ANSWER, self.journey.stage, arrival)

    def _go(self, start: NetworkInterface | int, name: str | None, address: int) -> Arrival:
        source = start if isinstance(start, int) else start.private_ip_address
        packet = Packet(
            source_address=source,
            source_port=self.flow.source_port if self.flow.protocol != "ICMP" else 0,
            destination_address=address,
            destination_port=self.flow.destination_port if self.flow.protocol != "ICMP" else 0,
            protocol=self.flow.protocol,
        )
        question = Question(
            estate=self.estate,
            assumptions=self.assumptions,
            journey=self.journey,
            application=self.flow.application,
            server_name=self.flow.server_name,
            asked_name=(name or self.flow.server_name or "").lower(),
        )
        arrival = Forward(question).start(start, packet)
        self.journey.at = self.journey.reverse
        Backward(question, start, packet).start(arrival)
        self.journey.at = self.journey.forward
        self._service(question, arrival)
        return arrival

    def _service(self, question: Question, arrival: Arrival) -> None:
        """Let the service itself refuse what reaches its public endpoint."""
        if arrival.servers != (INTERNET,) or not question.asked_name:
            return
        cluster = services.api_server(self.estate, question.asked_name)
        if cluster is not None:
            self._api_server(cluster, arrival)
        elif question.application in (Application.HTTP, Application.HTTPS):
            self._public_access(question.asked_name)

    def _public_access(self, name: str) -> None:
        """Answer 403 for a registry, vault or account whose public access is off."""
        owner = services.owner(self.estate, name)
        if owner is not None and not owner.public_network_access_enabled:
            self.journey.stop(
                Stage.SERVICE,
                Disposition.DENIED_IN,
                f"{owner.name} refuses: its public network access is off",
                symptom=Symptom.FORBIDDEN,
                origin=owner.origin.of("public_network_access_enabled"),
            )

    def _api_server(self, cluster: KubernetesCluster, arrival: Arrival) -> None:
        """Drop what a public API server's authorized ranges do not hold."""
        ranges = services.authorized_addresses(self.estate, cluster)
        if ranges is None:
            return
        allowed, unknowns = ranges
        source = arrival.packet.source_address
        if source in allowed:
            return
        if unknowns:
            self.journey.unknown(Stage.SERVICE, unknowns)
        self.journey.stop(
            Stage.SERVICE,
            Disposition.DENIED_IN,
            f"{format_address(source)} is in no authorized range of {cluster.name}",
            origin=cluster.origin.of("authorized_ip_ranges"),
        )

    def _resolve(self, start: NetworkInterface | int, name: str) -> int:
        """Return the address that the source gets for a name, or stop."""
        journey = self.journey
        journey.at = journey.dns
        if isinstance(start, int):
            journey.hop(INTERNET, "dns", None)
            answer = dns.resolve(self.estate, None, name, self.assumptions)
        else:
            network = start.virtual_network
            answer = dns.client_resolves(self.estate, network, name, self.assumptions)
            server = answer.server or AZURE_DNS
            journey.hop(format_address(server), "dns", None)
            journey.assumptions.update(answer.assumptions)
            if server != AZURE_DNS:
                blocked = reaches_dns(self.estate, self.assumptions, start, server)
                if blocked is not None and blocked.unknowns:
                    journey.unknown(blocked.decided_by, blocked.unknowns)
                foreign = answer.unknown and blocked and blocked.decided_by is Stage.DELIVERY
                if blocked is not None and not foreign:
                    journey.stop(
                        blocked.decided_by,
                        Disposition.NAME_UNRESOLVED,
                        f"the query for {name} to {format_address(server)} is lost: "
                        f"{blocked.detail}",
                        origin=answer.origin,
                    )
        if answer.unknown:
            journey.unknown(Stage.DNS, (answer.unknown,))
        if not answer.addresses:
            journey.stop(
                Stage.DNS,
                Disposition.NAME_UNRESOLVED,
                f"{name} does not resolve ({answer.why})",
                symptom=Symptom.TIMEOUT if answer.is_silent else Symptom.NXDOMAIN,
                origin=answer.origin,
            )
        shown = " -> ".join([name, *(data for _, _, data in answer.chain)])
        journey.step(Stage.DNS, "resolved", f"{shown} ({answer.why})", origin=answer.origin)
        journey.at = journey.forward
        return journey.choose(answer.addresses)

    def _trace(
        self,
        disposition: Disposition,
        symptom: Symptom,
        stage: Stage,
        arrival: Arrival | None,
    ) -> Trace:
        journey = self.journey
        always = {Assumption.THREAT_FEED} if self._meets_firewall() else set[Assumption]()
        names = sorted(str(item) for item in journey.assumptions | always)
        return Trace(
            flow=self.flow,
            disposition=disposition,
            symptom=symptom,
            dns=journey.dns.hops,
            forward=journey.forward.hops,
            reverse=journey.reverse.hops,
            decided_by=stage,
            servers=arrival.servers if arrival else (),
            source_seen=arrival.sources if arrival else (),
            unknowns=tuple(journey.unknowns),
            assumptions=tuple(names),
        )

    def _meets_firewall(self) -> bool:
        return any(kind == "firewall" for _, kind, _, _ in self.journey.forward.begun)
