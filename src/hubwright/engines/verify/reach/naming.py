"""Whether names lead to their private addresses, wherever they are asked for."""

from dataclasses import replace

from hubwright.engines.verify.reach.answer import Answer, worst_of
from hubwright.engines.verify.reach.ask import queries, senders
from hubwright.engines.verify.reach.claims import covers
from hubwright.engines.verify.reach.engine import Reach
from hubwright.engines.verify.space import Verdict
from hubwright.model.address import AddressSet, format_address
from hubwright.model.flow import Application, Flow
from hubwright.semantics import dns
from hubwright.semantics.ends import End
from hubwright.semantics.evaluate import evaluate


def resolves(reach: Reach, sender: End, name: str) -> Answer:
    """
    Answer whether a name leads to its private address, from every machine of a sender.

    It is asked for the way machines do: through the firewall's proxy or Azure's own DNS, by the
    links of private zones. A server that is not the estate's leaves it open.
    """
    return worst_of(
        [
            _from(reach, source, network, name)
            for is_inside, source, network in senders(reach, sender)
            if is_inside and network is not None
        ]
        or [Answer(verdict=Verdict.UNKNOWN, reason="no machine can have one of these addresses")]
    )


def _from(reach: Reach, source: AddressSet, network: str, name: str) -> Answer:
    found = dns.client_resolves(reach.estate, network, name, reach.assumptions)
    if found.unknown:
        return Answer(verdict=Verdict.UNKNOWN, reason=f"{name} hangs on {found.unknown}")
    lost = covers(reach, queries(source, found.server))
    if not lost.is_proved:
        return lost
    wanted = {address for text, address in dns.private_names(reach.estate) if text == name}
    private = {nic.private_ip_address for nic in reach.estate.network_interfaces}
    good = set(found.addresses) <= (wanted or private) and bool(found.addresses)
    if good:
        return replace(lost, verdict=Verdict.PROVED)
    flow = Flow(
        source=format_address(source.first()),
        destination=name,
        application=Application.HTTPS,
        server_name=name,
    )
    trace = evaluate(reach.estate, flow, reach.assumptions)
    shown = ", ".join(map(format_address, found.addresses)) or "nothing"
    reason = f"in {network} it leads to {shown} ({found.why})"
    return Answer(verdict=Verdict.REFUTED, flow=flow, trace=trace, reason=reason)
