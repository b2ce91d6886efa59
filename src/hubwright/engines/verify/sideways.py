"""
HTTPS that an application rule lets through to other networks instead of the internet.

A firewall judges HTTPS that it does not inspect by its SNI alone, and sends it on to the address
that the client chose, so a rule for a public name is a rule for every address behind the firewall.
Sources disagree on that: it is assumption `https-destination`, and each answer is a walk under it.
Source: learn.microsoft.com/azure/firewall/rule-processing (2026-03-23).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, product

from hubwright.engines.verify.arrivals import Arrivals, arrivals
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.flows import flow_of
from hubwright.engines.verify.hygiene import Hygiene, hygiene_of
from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.places import hosts, sending_subnets, spokesman
from hubwright.engines.verify.space import BudgetExceeded, Cube, Region, Space
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import ALL_ADDRESSES, AddressSet, format_address
from hubwright.model.firewall import ApplicationRule, Firewall
from hubwright.model.flow import Application, Trace
from hubwright.model.network import NetworkInterface, Subnet

_HTTPS = frozenset({Application.HTTPS})
_MOST_WALKS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Sideways:
    """A rule and what it lets through between networks."""

    line: Line
    networks: tuple[str, ...]
    """The networks that its sources hold as a whole."""
    source: Subnet
    target: Subnet
    trace: Trace
    """A request to a machine of the target, with a name that the rule allows."""


def sideways(case: Case, firewall: Firewall) -> Iterator[Sideways]:
    """
    Yield the application rules for several networks with which one gets to another's machines.

    Rules for chosen subnets are not judged: whoever lists them asks for each. What those open is
    in the reachability of one network in another.
    """
    candidates = [
        (number, line, networks)
        for number, line in enumerate(hygiene_of(case, firewall).lines)
        if line.action == "Allow" and _keeps_addresses(firewall, line)
        for networks in [_held(case, line)]
        if len(networks) > 1
    ]
    found = arrivals(case.estate, firewall, case.assumptions) if candidates else None
    for number, line, networks in candidates:
        crossing = _crossing(case, hygiene_of(case, firewall), number, found)
        for source, nic, cube in islice(crossing, _MOST_WALKS):
            trace = _walk(case, line, spokesman(case.estate, source), nic, cube)
            if trace is not None:
                target = case.estate.subnet_by_id[nic.subnet]
                yield Sideways(
                    line=line, networks=networks, source=source, target=target, trace=trace
                )
                break


def _keeps_addresses(firewall: Firewall, line: Line) -> bool:
    """Tell whether a rule lets HTTPS through that the firewall does not inspect."""
    rule = line.rule
    if not isinstance(rule, ApplicationRule):
        return False
    is_inspected = rule.terminate_tls and firewall.sku_tier == "Premium"
    return not is_inspected and any(item.type == "Https" for item in rule.protocols)


def _held(case: Case, line: Line) -> tuple[str, ...]:
    """Return the networks that a rule's sources hold as a whole."""
    listed = {id(cube.source): cube.source for cube in line.cubes if not cube.inside}
    sources = AddressSet.of(pair for item in listed.values() for pair in item.intervals)
    sending = {subnet.virtual_network for subnet in sending_subnets(case.estate)}
    return tuple(
        network.name
        for network in case.estate.virtual_networks
        if network.name in sending and AddressSet.prefixes_of(network.address_space) <= sources
    )


def _crossing(
    case: Case, hygiene: Hygiene, number: int, found: Arrivals | None
) -> Iterator[tuple[Subnet, NetworkInterface, Cube]]:
    """Yield what a rule decides between two networks, and no earlier rule takes."""
    subnets = [s for s in sending_subnets(case.estate) if hosts(case.estate, s.id)]
    ahead = hygiene.ahead(number)
    for source, target in product(subnets, subnets):
        if source.virtual_network == target.virtual_network:
            continue
        machines = hosts(case.estate, target.id)
        sent = ALL_ADDRESSES if found is None else found.sent_by(source)
        asked = Cube(
            source=source.space,
            destination=sent & target.space,
            protocols=frozenset({"TCP"}),
            applications=_HTTPS,
        )
        for cube in _left(hygiene, hygiene.lines[number], ahead, asked) if asked else ():
            nic = next((n for n in machines if n.private_ip_address in cube.destination), None)
            if nic is not None and not cube.inside:
                yield source, nic, cube


def _left(hygiene: Hygiene, line: Line, ahead: Sequence[Cube], asked: Cube) -> tuple[Cube, ...]:
    """Return what of some packets a line decides on."""
    mine = [cube for cube in line.cubes if cube & asked]
    earlier = [cube for cube in ahead if cube & asked]
    space = Space((asked, *mine, *earlier), budget=hygiene.budget)
    try:
        region = Region.of(space, mine) & Region.of(space, [asked])
        return (region - Region.of(space, earlier)).compact().cubes()
    except BudgetExceeded:
        return ()


def _walk(
    case: Case, line: Line, source: str, target: NetworkInterface, cube: Cube
) -> Trace | None:
    """Walk a request to a machine; None where it does not get there by this rule."""
    flow = flow_of(cube, source)
    if flow is None:
        return None
    flow = replace(flow, destination=format_address(target.private_ip_address))
    trace = case.walk(flow)
    arrives = trace.disposition.is_success and target.name in trace.servers
    return trace if trace.meets(line.path) and arrives else None
