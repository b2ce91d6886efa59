"""Peerings that do not carry what the design needs."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest, spokesman, workload_subnets
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.flow import Disposition, Stage, Trace
from hubwright.model.network import VirtualNetworkPeering
from hubwright.semantics.firewall import application_rules
from hubwright.semantics.names import site_address


def _from_subnet(case: Case, network: str, wanted: Disposition) -> Trace | None:
    """Return a walk to the internet from a subnet of a network that ends as wanted."""
    for subnet in workload_subnets(case.estate):
        if subnet.virtual_network == network:
            trace = case.tcp(spokesman(case.estate, subnet), site_address("www.example.com"))
            if trace is not None and trace.disposition is wanted:
                return trace
    return None


@rule("ROUTE011", Severity.ERROR, "a peering carries nothing")
def one_sided(case: Case) -> Iterator[Finding]:
    """Find peerings without the other direction, or with access off."""
    peerings = case.estate.virtual_network_peerings
    both = {(p.virtual_network, p.remote_virtual_network) for p in peerings}
    for peering in peerings:
        here, there = peering.virtual_network, peering.remote_virtual_network
        if (there, here) not in both:
            problem = f"the peering from `{there}` to `{here}` is missing"
            label, help_ = "only this direction exists", "add the other direction"
            at = nearest(peering.origin)
        elif not peering.allow_virtual_network_access:
            problem = f"`{here}` has no access to `{there}`"
            label, help_ = "access is off", "turn `allow_virtual_network_access` on"
            at = nearest(peering.origin.of("allow_virtual_network_access"), peering.origin)
        else:
            continue
        yield Finding(
            message=f"peering `{peering.name}` carries nothing: {problem}",
            at=at,
            label=label,
            help=help_,
            trace=_from_subnet(case, here, Disposition.NO_ROUTE)
            or _from_subnet(case, there, Disposition.NO_ROUTE),
        )


@rule("ROUTE012", Severity.WARNING, "a spoke's peering takes no forwarded traffic")
def forwarded(case: Case) -> Iterator[Finding]:
    """Find spokes that drop what the firewall forwards to them."""
    estate = case.estate
    with_firewall = {firewall.virtual_network for firewall in estate.firewalls}
    for peering in estate.virtual_network_peerings:
        if peering.remote_virtual_network not in with_firewall or peering.allow_forwarded_traffic:
            continue
        yield Finding(
            message=(
                f"`{peering.virtual_network}` drops what the firewall forwards to it: peering "
                f"`{peering.name}` takes no forwarded traffic"
            ),
            at=nearest(peering.origin.of("allow_forwarded_traffic"), peering.origin),
            label="packets that do not come from the hub itself are dropped",
            notes=(
                (
                    "that answers of the internet are dropped too is the assumption "
                    "`forwarded-traffic`; traffic between spokes is dropped in any case"
                ),
            ),
            help="set `allow_forwarded_traffic: true`",
            trace=_dropped(case, peering),
        )


def _dropped(case: Case, peering: VirtualNetworkPeering) -> Trace | None:
    names = [
        name
        for firewall in case.estate.firewalls
        for placed in application_rules(case.estate, firewall)
        for name in placed.rule.destination_fqdns
        if "*" not in name
    ]
    for subnet in workload_subnets(case.estate):
        if subnet.virtual_network != peering.virtual_network:
            continue
        for name in names[:8]:
            trace = case.https(spokesman(case.estate, subnet), name)
            if trace is not None and trace.decided_by is Stage.PEERING:
                return trace
    return None
