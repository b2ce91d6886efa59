"""
What reachability between all pairs of 200 spokes costs, behind one firewall of 5,000 rules.

    python bench/verify_reach.py [SPOKES] [RULES]

Every spoke has machines and a default route to the firewall. Timed is the walk of all packets that
any of them may send, out and back, on all ports, and of which of them reach which; beside it one
pass over the same rules that finds hidden ones. What one pair is answered is read from the result.
"""

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from policies import EVERY_PROTOCOL, Row, policy  # isort: skip

from hubwright.engines.verify.hygiene import Hygiene
from hubwright.engines.verify.lines import Line, firewall_lines
from hubwright.engines.verify.reach import Reach
from hubwright.engines.verify.reach.matrix import Matrix
from hubwright.model.address import Prefix, format_address
from hubwright.model.estate import Estate
from hubwright.model.firewall import (
    Action,
    Firewall,
    FirewallPolicy,
    FirewallPolicyRuleCollectionGroup,
    NetworkRule,
    NetworkRuleCollection,
)
from hubwright.model.network import (
    NextHopType,
    PublicIp,
    Route,
    RouteTable,
    Subnet,
    VirtualNetwork,
    VirtualNetworkPeering,
)
from hubwright.model.platform import LinuxVirtualMachine
from hubwright.semantics.assigned import assign

NAMES = {1: "ICMP", 6: "TCP", 17: "UDP"}
BAR = 10.0
PASSES = 5
"""Shadow passes before the walk, and as many after it: their median counts."""
SAMPLE = 50
"""Pairs whose packets are read, to say what reading one takes."""


def rule(number: int, row: Row) -> NetworkRuleCollection:
    """Return a rule in a collection of its own."""

    def texts(intervals: tuple[tuple[int, int], ...]) -> tuple[str, ...]:
        return tuple(f"{format_address(a)}-{format_address(b)}" for a, b in intervals)

    protocols = ("Any",)
    if row.protocols != EVERY_PROTOCOL:
        protocols = tuple(NAMES[first] for first, _ in row.protocols)
    every = row.ports == ((0, 65535),)
    ports = ("*",) if every else tuple(f"{a}-{b}" for a, b in row.ports)
    return NetworkRuleCollection(
        name=f"c{number}",
        priority=100 + number,
        action=Action.ALLOW if row.allows else Action.DENY,
        rules=(
            NetworkRule(
                name=f"r{number}",
                protocols=protocols,
                source_addresses=texts(row.sources),
                destination_addresses=texts(row.destinations),
                destination_ports=ports,
            ),
        ),
    )


def spaces(rows: list[Row], count: int) -> list[Prefix]:
    """Return networks of /20 that the rules speak of."""
    found: dict[int, None] = {}
    for row in rows:
        for first, _ in row.sources:
            if 10 << 24 < first < 11 << 24:
                found.setdefault(first & ~0xFFF)
    return [Prefix(network, 20) for network in list(found)[:count]]


def estate(spokes: int, rules: int) -> Estate:
    """Return a hub with a firewall, and spokes whose machines reach each other through it."""
    rows = policy(rules)
    homes = spaces(rows, spokes)
    names = [f"spoke{n}" for n in range(len(homes))]
    hub = (Prefix.parse("172.16.0.0/16"),)
    route = Route(
        name="default",
        address_prefix="0.0.0.0/0",
        next_hop_type=NextHopType.VIRTUAL_APPLIANCE,
        next_hop_in_ip_address="172.16.0.4",
    )
    ends = [pair for name in names for pair in (("hub", name), (name, "hub"))]
    return assign(
        Estate(
            name="bench",
            location="westeurope",
            hub="hub",
            virtual_networks=(
                VirtualNetwork(name="hub", location="westeurope", address_space=hub),
                *(
                    VirtualNetwork(name=name, location="westeurope", address_space=(space,))
                    for name, space in zip(names, homes, strict=True)
                ),
            ),
            subnets=(
                Subnet(
                    name="AzureFirewallSubnet",
                    virtual_network="hub",
                    address_prefixes=(Prefix.parse("172.16.0.0/26"),),
                ),
                *(
                    Subnet(
                        name="vms",
                        virtual_network=name,
                        address_prefixes=(space,),
                        route_table="rt",
                    )
                    for name, space in zip(names, homes, strict=True)
                ),
            ),
            virtual_network_peerings=tuple(
                VirtualNetworkPeering(
                    name=f"{one}-to-{other}",
                    virtual_network=one,
                    remote_virtual_network=other,
                    allow_forwarded_traffic=True,
                )
                for one, other in ends
            ),
            route_tables=(RouteTable(name="rt", routes=(route,)),),
            public_ips=(PublicIp(name="pip"),),
            firewalls=(
                Firewall(
                    name="afw",
                    location="westeurope",
                    sku_tier="Premium",
                    virtual_network="hub",
                    firewall_policy="afwp",
                    public_ips=("pip",),
                ),
            ),
            firewall_policies=(FirewallPolicy(name="afwp", location="westeurope", sku="Premium"),),
            rule_collection_groups=(
                FirewallPolicyRuleCollectionGroup(
                    name="rules",
                    firewall_policy="afwp",
                    priority=100,
                    network_rule_collections=tuple(rule(n, row) for n, row in enumerate(rows)),
                ),
            ),
            virtual_machines=tuple(
                LinuxVirtualMachine(name=f"vm-{name}", subnet=f"{name}/vms") for name in names
            ),
        )
    )


def shadow_pass(lines: list[Line]) -> float:
    """Return the seconds that one pass takes which finds hidden rules."""
    began = time.perf_counter()
    Hygiene(lines)
    return time.perf_counter() - began


def main() -> None:
    """Print both times and their ratio."""
    spokes, rules = (int(text) for text in (*sys.argv[1:], "200", "5000")[:2])
    built = estate(spokes, rules)
    lines = firewall_lines(built, built.firewalls[0], is_snapshot=True)

    passes = [shadow_pass(lines) for _ in range(PASSES)]

    began = time.perf_counter()
    reach = Reach(built)
    matrix = Matrix(reach)
    pairs = sorted(matrix.pairs)
    walk = time.perf_counter() - began

    began = time.perf_counter()
    sample = pairs[:: max(1, len(pairs) // SAMPLE)]
    for pair in sample:
        matrix.cubes(*pair)
    reading = (time.perf_counter() - began) / max(1, len(sample))

    passes += [shadow_pass(lines) for _ in range(PASSES)]
    shadow = statistics.median(passes)
    hygiene = Hygiene(lines)
    ratio = walk / shadow
    networks = len(built.virtual_networks) - 1
    print(f"{networks} spokes, {len(lines)} lines, {len(hygiene.hidden)} of them hidden")
    print(f"{len(pairs)} of {networks * (networks - 1)} pairs of spokes reach each other")
    print(f"what one pair is answered: {reading * 1e3:.1f} ms to read")
    mark = "ok" if ratio <= BAR else "over"
    print(f"all pairs {walk:.2f} s / shadow pass {shadow:.2f} s = {ratio:.2f} (bar {BAR}) {mark}")


if __name__ == "__main__":
    main()
