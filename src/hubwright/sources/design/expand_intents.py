"""Intents of a design: what is claimed, in the estate's names."""

from collections.abc import Iterator

from hubwright.model.estate import Estate
from hubwright.model.intent import Intent
from hubwright.semantics import ends
from hubwright.semantics.assigned import assign
from hubwright.sources.design.draft import Draft
from hubwright.sources.design.schema_intents import CLAIMS
from hubwright.sources.design.schema_intents import Intent as IntentSection
from hubwright.sources.design.spans import Path


def intents(draft: Draft) -> Iterator[Intent]:
    """Yield the claims of a design, in its order."""
    for number, section in enumerate(draft.design.intents):
        claim = next(name for name in CLAIMS if getattr(section, name) is not None)
        to, sources = _listed(getattr(section, claim)), _listed(section.from_)
        protocol = section.protocol or ("TCP" if claim == "allow" else "Any")
        word = claim.replace("_", "-")
        ports = _ports(section)
        yield Intent(
            claim=word,
            to=tuple(_estate_name(draft, text) for text in to),
            sources=tuple(_estate_name(draft, text) for text in sources),
            ports=ports,
            protocol=protocol,
            firewall=section.firewall or "",
            title=section.name or _title(word, to, sources, ports),
            origin=draft.places.value(("intents", number, word)),
        )


def check_intents(draft: Draft, estate: Estate) -> None:
    """Note ends that are nothing of the estate, and firewalls that it has not."""
    if not draft.design.intents or draft.problems:
        return
    assigned = assign(estate)
    for number, (section, intent) in enumerate(
        zip(draft.design.intents, estate.intents, strict=True)
    ):
        path: Path = ("intents", number)
        for text, written in zip(intent.sources, _listed(section.from_), strict=True):
            if ends.sender(assigned, text) is None:
                draft.unknown("place", written, _known(draft, assigned), (*path, "from"))
        attribute = intent.claim.replace("-", "_")
        for text, written in zip(intent.to, _listed(getattr(section, attribute)), strict=True):
            if ends.receiver(assigned, text) is None:
                draft.unknown("place", written, _known(draft, assigned), (*path, intent.claim))
        firewalls = {item.name for item in assigned.firewalls}
        if intent.firewall and intent.firewall not in firewalls:
            draft.unknown("firewall", intent.firewall, firewalls, (*path, "firewall"))


def _listed(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _ports(section: IntentSection) -> tuple[str, ...]:
    if section.ports is None:
        return ()
    items = section.ports if isinstance(section.ports, list) else [section.ports]
    return tuple(str(item) for item in items)


def _estate_name(draft: Draft, text: str) -> str:
    """Return the estate's name of a network or subnet that a design calls in its own way."""
    key = draft.network_key(text)
    if key is not None:
        return draft.network_name(key)
    plot = draft.find_subnet(text)
    return plot.id if plot is not None else text


def _title(
    claim: str, to: tuple[str, ...], sources: tuple[str, ...], ports: tuple[str, ...]
) -> str:
    shown = f" on port {', '.join(ports)}" if ports else ""
    return f"{claim} {', '.join(sources)} to {', '.join(to)}{shown}"


def _known(draft: Draft, estate: Estate) -> list[str]:
    subnets = [plot.name for plot in draft.plots.values()]
    machines = [item.name for item in estate.virtual_machines]
    return ["internet", "nodes", "pods", *draft.network_keys, *subnets, *machines]
