"""Random rules before those of the catalogue: each packet's excess against the plain evaluator."""

from itertools import product
from random import Random

import pytest

from designs import BASE
from hubwright.catalogue.egress import required
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.permission.excess import Excess, Mark, unneeded
from hubwright.model.address import parse_address
from hubwright.model.flow import Application, Flow
from hubwright.semantics.evaluate import evaluate
from hubwright.sources.design import read_design

SOURCES = ('"*"', "10.1.0.0/16", "10.1.0.0/20", "10.1.16.0/24", "10.1.0.5", "10.1.0.0-10.1.16.9")
PATTERNS = (
    *("*", "*.microsoft.com", "*microsoft.com", "mcr.microsoft.com", "packages.microsoft.com"),
    *("*.mcr.microsoft.com", "*.data.mcr.microsoft.com", "*.example.com", "api.example.com"),
    "management.azure.com",
)
PROTOCOLS = ("Https:443", "Http:80", "Https:8443")
HOSTS = ("10.1.0.5", "10.1.16.5")
NAMES = (
    *("mcr.microsoft.com", "www.microsoft.com", "eastus.data.mcr.microsoft.com"),
    *("management.azure.com", "api.example.com", "notmicrosoft.com"),
)
SPOKEN = ((Application.HTTPS, 443), (Application.HTTP, 80), (Application.HTTPS, 8443))


def some(random: Random, choices: tuple[str, ...], most: int) -> str:
    return ", ".join(random.sample(choices, random.randint(1, most)))


def quoted(text: str) -> str:
    return ", ".join(f'"{part}"' for part in text.split(", "))


def design(random: Random) -> str:
    """The base design with a group of rules of both kinds, denies among them."""
    collections: dict[str, list[str]] = {"network": [], "application": []}
    for number in range(random.randint(2, 5)):
        kind = random.choice(["application", "application", "application", "network"])
        source = random.choice(SOURCES)
        if kind == "network":
            ports = random.choice(["443", "80, 8443", "*"])
            where = random.choice(["*", "198.18.0.0/16", "0.0.0.0/1"])
            more = f'protocols: [TCP], destination_addresses: ["{where}"], '
            more += f"destination_ports: [{quoted(ports)}]"
        else:
            more = f"protocols: [{quoted(some(random, PROTOCOLS, 2))}], "
            more += f"destination_fqdns: [{quoted(some(random, PATTERNS, 3))}]"
        action = random.choice(["Allow", "Allow", "Allow", "Deny"])
        collections[kind].append(
            f"{{name: c{number}, priority: {100 + number}, action: {action}, rules: "
            f"[{{name: r{number}, source_addresses: [{source}], {more}}}]}}"
        )
    group = ", ".join(
        f"{kind}_rule_collections: [{', '.join(items)}]"
        for kind, items in collections.items()
        if items
    )
    hub = "hub:\n  address_space: [10.0.0.0/16]\n"
    policy = f"{{rule_collection_groups: [{{name: g, priority: 150, {group}}}]}}"
    return BASE.replace(hub, f"{hub}  firewall: {{policy: {policy}}}\n")


def is_needed(flow: Flow) -> bool:
    """Look the flow up in the catalogue, as a person would."""
    return flow.source == HOSTS[0] and any(
        flow.application.title() == item.protocol
        and flow.destination_port in item.ports
        and any(
            flow.server_name == name
            or (name.startswith("*") and str(flow.server_name).endswith(name[1:]))
            for name in item.destinations
        )
        for item in required((), "westeurope", "public")
    )


def holds(excess: Excess, flow: Flow, address: int) -> bool:
    return any(
        parse_address(flow.source) in cube.source
        and address in cube.destination
        and flow.destination_port in cube.ports
        and flow.application in cube.applications
        and flow.server_name in cube.names
        and "TCP" in cube.protocols
        and not cube.inside
        for cube in excess.cubes
    )


@pytest.mark.parametrize("seed", range(40))
def test_what_is_listed_is_what_rules_let_out_and_nothing_needs(seed):
    estate, problems = read_design("estate.yaml", design(Random(seed)))
    assert estate is not None, [item.message for item in problems]
    (firewall,) = estate.firewalls
    listed = list(unneeded(Case(estate), firewall))
    whole = {"*", "0.0.0.0/0"}

    assert all(item.mark is not Mark.OPEN for item in listed)
    for host, name, (application, port) in product(HOSTS, NAMES, SPOKEN):
        flow = Flow(
            source=host,
            destination=name,
            destination_port=port,
            application=application,
            server_name=name,
        )
        trace = evaluate(estate, flow)
        by = {step.rule for hop in trace.forward for step in hop.steps if step.rule}
        packet = next(hop.packet for hop in trace.forward if hop.packet)
        found = [item for item in listed if holds(item, flow, packet.destination_address)]
        decided = trace.disposition.is_success and any(
            path.startswith("afwp-hub/g/") for path in by
        )
        by_part = any(
            set(getattr(group_rule, "destination_addresses", whole)) - whole
            for group in estate.rule_collection_groups
            for collection in group.network_rule_collections
            for group_rule in collection.rules
            if f"afwp-hub/{group.name}/{collection.name}/{group_rule.name}" in by
        )

        assert bool(found) == (decided and (by_part or not is_needed(flow))), (flow, by)
        assert {item.line.path for item in found} <= by
