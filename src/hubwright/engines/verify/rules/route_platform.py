"""Routes where Azure's own services live: Application Gateway, Bastion, the firewall itself."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import (
    default_routes,
    is_application_gateway,
    nearest,
    spokesman,
    workload_subnets,
)
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.rules.route_return import enter
from hubwright.model.address import format_address
from hubwright.model.firewall import Firewall
from hubwright.model.flow import Disposition, Trace
from hubwright.model.network import BASTION_SUBNET, NextHopType
from hubwright.semantics.firewall import application_rules, nat_rules


@rule("ROUTE005", Severity.ERROR, "Application Gateway's subnet routes 0.0.0.0/0 to an appliance")
def gateway_default(case: Case) -> Iterator[Finding]:
    """Find default routes other than Internet on Application Gateway's subnet."""
    for subnet in case.estate.subnets:
        if not is_application_gateway(subnet):
            continue
        for route in default_routes(case.estate, subnet):
            if route.next_hop_type is NextHopType.INTERNET:
                continue
            yield Finding(
                message=f"`{subnet.name}` must not send 0.0.0.0/0 to an appliance",
                at=nearest(
                    subnet.origin.of("route_table"), route.origin.of("next_hop_type"), subnet.origin
                ),
                label=f"route `{route.name}` leads to `{route.next_hop_type}`",
                notes=(
                    (
                        "Application Gateway v2 with a public frontend loses its control plane "
                        "when its default route is not Internet"
                    ),
                ),
                help=(
                    "take the route away; to inspect traffic to backends, route the backends' own "
                    "prefix to the firewall"
                ),
            )


@rule("ROUTE006", Severity.ERROR, "AzureBastionSubnet has a route table")
def bastion_table(case: Case) -> Iterator[Finding]:
    """Find route tables on AzureBastionSubnet."""
    for subnet in case.estate.subnets:
        if subnet.name == BASTION_SUBNET and subnet.route_table is not None:
            yield Finding(
                message=f"`{BASTION_SUBNET}` cannot have a route table",
                at=nearest(subnet.origin.of("route_table"), subnet.origin),
                label=f"`{subnet.route_table}`",
                notes=("Bastion does not support user-defined routes",),
                help="take the route table off this subnet",
            )


@rule("ROUTE008", Severity.ERROR, "the firewall's own subnet does not lead to the internet")
def firewall_default(case: Case) -> Iterator[Finding]:
    """Find default routes on AzureFirewallSubnet that lead elsewhere."""
    estate = case.estate
    for firewall in estate.firewalls:
        subnet = estate.subnet_by_id.get(firewall.subnet)
        for route in default_routes(estate, subnet) if subnet else ():
            if subnet is None or route.next_hop_type is NextHopType.INTERNET:
                continue
            tunnelled = firewall.management_public_ip is not None
            own = route.next_hop_type is NextHopType.VIRTUAL_APPLIANCE and any(
                nic.owner == firewall.name
                for nic in estate.network_interfaces
                if route.next_hop_in_ip_address == format_address(nic.private_ip_address)
            )
            if tunnelled and not own:
                continue
            what = "back to the firewall itself" if own else "away from the internet"
            yield Finding(
                message=f"`{firewall.name}` cannot reach the internet: its subnet routes it {what}",
                at=nearest(
                    route.origin.of("next_hop_type"),
                    subnet.origin.of("route_table"),
                    subnet.origin,
                ),
                label=f"route `{route.name}`",
                notes=() if own else ("without a management address the firewall needs it",),
                help="set its next hop to `Internet`, or take the route table off this subnet",
                trace=_stopped(case, firewall),
            )


def _stopped(case: Case, firewall: Firewall) -> Trace | None:
    """Return a walk that the firewall lets through and its subnet's route stops."""
    bad = (Disposition.LOOP, Disposition.NO_ROUTE)
    for subnet in workload_subnets(case.estate):
        for name in _plain_names(case, firewall)[:8]:
            trace = case.https(spokesman(case.estate, subnet), name)
            if trace is not None and trace.disposition in bad:
                return trace
    for placed in nat_rules(case.estate, firewall):
        trace = enter(case, placed.rule)
        if trace is not None and trace.disposition in bad:
            return trace
    return None


def _plain_names(case: Case, firewall: Firewall) -> list[str]:
    return [
        name
        for placed in application_rules(case.estate, firewall)
        for name in placed.rule.destination_fqdns
        if "*" not in name
    ]
