"""Random firewall policies, small enough for every prover and rich enough to disagree on."""

from dataclasses import replace
from random import Random

from builders import (
    HTTP,
    HTTPS,
    application_collection,
    application_rule,
    estate,
    group,
    network_collection,
    network_rule,
)
from hubwright.model.estate import Estate
from hubwright.model.firewall import Action, FirewallPolicy

SOURCES = ("10.1.0.0/24", "10.1.0.0/25", "10.1.0.128/25", "10.1.0.7", "10.1.0.64-10.1.0.200", "*")
TARGETS = ("10.9.0.0/16", "10.9.0.0/17", "10.9.128.0/17", "10.9.3.3", "10.9.0.0-10.9.200.0", "*")
PORTS = ("22", "443", "80", "22-443", "400-500", "*")
PROTOCOLS = (("TCP",), ("UDP",), ("TCP", "UDP"), ("Any",), ("ICMP",))
PATTERNS = ("a.example.com", "b.example.com", "*.example.com", "example.com", "*example.com", "*")
TAGS = ("Storage", "Sql")
BASE = estate()


def policy(seed: int) -> Estate:
    """An estate whose firewall has a random policy: a parent, groups, both kinds of rules."""
    random = Random(seed)
    groups = []
    count = random.choice((1, 1, 2, 2, 3))
    for n in range(count):
        inherited = n == 0 and random.random() < 0.4
        kinds = {}
        for kind, make in (("network", _network), ("application", _application)):
            if kind == "application" and random.random() < 0.5:
                continue
            collections = tuple(
                make(random, f"{kind}{n}{c}", 100 + 10 * random.randrange(50) + c)
                for c in range(random.randint(1, 2))
            )
            kinds[f"{kind}_rule_collections"] = collections
        groups.append(
            group(
                name=f"group{n}",
                policy="afwp-base" if inherited else "afwp-hub",
                priority=200 + 10 * random.randrange(50) + n,
                **kinds,
            )
        )
    base = FirewallPolicy(name="afwp-base", location="westeurope", sku="Premium")
    policies = tuple(replace(p, base_policy="afwp-base") for p in BASE.firewall_policies)
    return replace(BASE, firewall_policies=(base, *policies), rule_collection_groups=tuple(groups))


def _some(random: Random, values: tuple[str, ...], most: int = 2) -> tuple[str, ...]:
    return tuple(random.sample(values, random.randint(1, most)))


def _network(random: Random, name: str, priority: int):
    rules = []
    for n in range(random.randint(1, 2)):
        targets = _some(random, TARGETS)
        if random.random() < 0.15:
            targets = (*targets[:1], random.choice(TAGS))
        rules.append(
            network_rule(
                f"{name}-{n}",
                source_addresses=_some(random, SOURCES),
                destination_addresses=targets,
                destination_ports=_some(random, PORTS),
                protocols=random.choice(PROTOCOLS),
            )
        )
    return network_collection(name, priority, _action(random), *rules)


def _application(random: Random, name: str, priority: int):
    rules = [
        application_rule(
            f"{name}-{n}",
            *_some(random, PATTERNS),
            source_addresses=_some(random, SOURCES),
            protocols=random.choice(((HTTPS,), (HTTP,), (HTTP, HTTPS))),
        )
        for n in range(random.randint(1, 2))
    ]
    return application_collection(name, priority, _action(random), *rules)


def _action(random: Random) -> Action:
    return Action.ALLOW if random.random() < 0.6 else Action.DENY


def edited(seed: int) -> tuple[Estate, Estate]:
    """A policy, and the same with collections of one group renumbered, or an action turned."""
    random = Random(seed)
    before = policy(seed)
    groups = list(before.rule_collection_groups)
    at = random.randrange(len(groups))
    found = groups[at].network_rule_collections
    if random.random() < 0.6:
        found = tuple(
            replace(c, priority=100 + k) for k, c in enumerate(random.sample(found, len(found)))
        )
    else:
        turned = random.choice(found)
        found = tuple(replace(c, action=_action(random)) if c is turned else c for c in found)
    groups[at] = replace(groups[at], network_rule_collections=found)
    return before, replace(before, rule_collection_groups=tuple(groups))
