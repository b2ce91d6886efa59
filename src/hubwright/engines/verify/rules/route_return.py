"""Routes of answers: the firewall that saw a request must see its answer."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import (
    nearest,
    node_subnets,
    prefix_of,
    routes_of,
    subnets_using,
    table_of,
)
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.cluster import KubernetesService
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall, NatRule
from hubwright.model.flow import Disposition, Trace
from hubwright.model.network import NextHopType, Route, Subnet
from hubwright.semantics.assigned import address_of
from hubwright.semantics.firewall import nat_rules
from hubwright.semantics.names import INTERNET
from hubwright.semantics.routes import effective_routes, lookup


def exposed(estate: Estate, kind: str) -> Iterator[tuple[Firewall, NatRule, KubernetesService]]:
    """Yield each DNAT rule that leads to a service of the public or internal load balancer."""
    for firewall in estate.firewalls:
        for placed in nat_rules(estate, firewall):
            target = address_of(estate, placed.rule.translated_address or "")
            for service in estate.kubernetes_services:
                same = address_of(estate, service.frontend) == target is not None
                if same and service.load_balancer == kind:
                    yield firewall, placed.rule, service


def enter(case: Case, nat: NatRule) -> Trace | None:
    """Walk a connection from the internet to where a DNAT rule listens."""
    address = address_of(case.estate, nat.destination_address)
    first = nat.destination_ports[0].partition("-")[0]
    if address is None or not first.isdigit():
        return None
    return case.tcp(INTERNET, address, int(first))


def backends(estate: Estate, service: KubernetesService) -> tuple[Subnet, ...]:
    """Return the node subnets behind a service."""
    cluster = next((c for c in estate.kubernetes_clusters if c.name == service.cluster), None)
    return node_subnets(estate, cluster) if cluster else ()


@rule("ROUTE003", Severity.ERROR, "answers of a public load balancer come back another way")
def asymmetric(case: Case) -> Iterator[Finding]:
    """Find node subnets without a route to Internet for a firewall address that DNAT may use."""
    estate, told = case.estate, set[str]()
    for firewall, nat, service in exposed(estate, "public"):
        for subnet in backends(estate, service):
            missing = _missing(case, firewall, subnet)
            if not missing or subnet.id in told:
                continue
            trace = enter(case, nat)
            if trace is None or trace.disposition is not Disposition.ASYMMETRIC:
                continue
            told.add(subnet.id)
            table = table_of(estate, subnet)
            names = ", ".join(f"`{name}`" for name in missing)
            routes = ", ".join(f"pip:{name}/32" for name in missing)
            yield Finding(
                message=(
                    f"answers of `{service.name}` are lost: `{subnet.name}` has no route to "
                    f"Internet for {names}"
                ),
                at=nearest(
                    table.origin.of("routes") if table else subnet.origin,
                    subnet.origin.of("route_table"),
                    subnet.origin,
                ),
                label="they follow 0.0.0.0/0 to the firewall's private address",
                causes=((service.origin, "exposed on the public load balancer"),),
                notes=(
                    (
                        "the firewall may translate to any of its public IPs, whichever one the "
                        "client asked"
                    ),
                ),
                help=(
                    f"add routes for {routes} with next hop `Internet`, or use the internal load "
                    "balancer"
                ),
                trace=trace,
            )


def _missing(case: Case, firewall: Firewall, subnet: Subnet) -> list[str]:
    """Return the firewall's public IPs whose answers a subnet sends to an appliance."""
    routes = effective_routes(case.estate, subnet.id, case.assumptions)
    out: list[str] = []
    for name in firewall.public_ips:
        address = address_of(case.estate, name)
        best = lookup(routes, address) if address is not None else None
        if best is not None and best.next_hop_type is NextHopType.VIRTUAL_APPLIANCE:
            out.append(name)
    return out


@rule("ROUTE009", Severity.ERROR, "a route to the firewall's own subnet breaks DNAT's answers")
def covers_firewall(case: Case) -> Iterator[Finding]:
    """Find routes on internal backends that cover AzureFirewallSubnet."""
    estate, told = case.estate, set[tuple[str, str]]()
    for firewall, nat, service in exposed(estate, "internal"):
        home = estate.subnet_by_id.get(firewall.subnet)
        for subnet in backends(estate, service) if home else ():
            for route in _covering(estate, subnet, home) if home else ():
                key = (subnet.route_table or "", route.name)
                trace = enter(case, nat)
                if key in told or trace is None or trace.disposition is not Disposition.ASYMMETRIC:
                    continue
                told.add(key)
                users = subnets_using(estate, key[0])
                yield Finding(
                    message=(
                        f"route `{route.name}` sends answers of `{service.name}` to another "
                        "instance of the firewall"
                    ),
                    at=nearest(route.origin.of("address_prefix"), route.origin),
                    label=f"covers {firewall.name}'s own subnet",
                    causes=tuple(
                        (s.origin.of("route_table"), f"`{s.name}` uses it") for s in users
                    ),
                    notes=(
                        (
                            "DNAT puts the address of one firewall instance as source; only the "
                            "peering's route leads back to that very instance"
                        ),
                    ),
                    help="narrow the route so that it leaves AzureFirewallSubnet out",
                    trace=trace,
                )


def _covering(estate: Estate, subnet: Subnet, home: Subnet) -> Iterator[Route]:
    for route in routes_of(estate, subnet):
        prefix = prefix_of(estate, route.address_prefix)
        if prefix is None or prefix.length == 0:
            continue
        if route.next_hop_type is NextHopType.VIRTUAL_APPLIANCE and any(
            prefix.overlaps(own) for own in home.address_prefixes
        ):
            yield route
