"""Routes that a gateway teaches, beside those that lead to the firewall."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import default_routes, nearest, subnets_using, workload_subnets
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.network import GATEWAY_SUBNET


@rule("ROUTE020", Severity.WARNING, "routes from on-premises lead past the firewall")
def propagated(case: Case) -> Iterator[Finding]:
    """Find tables of workload subnets that take a gateway's routes beside the firewall's."""
    estate = case.estate
    homes = {s.virtual_network for s in estate.subnets if s.name == GATEWAY_SUBNET}
    if not homes:
        return
    here = set(workload_subnets(estate))
    for table in estate.route_tables:
        users = [s for s in subnets_using(estate, table.name) if s in here]
        routed = [s for s in users if default_routes(estate, s)]
        if not table.bgp_route_propagation_enabled or not routed:
            continue
        yield Finding(
            message=(
                f"`{routed[0].name}` takes the routes of the gateway in `{min(homes)}`: "
                "traffic to on-premises passes by the firewall"
            ),
            at=nearest(table.origin.of("bgp_route_propagation_enabled"), table.origin),
            label=f"propagation is on in `{table.name}`",
            causes=tuple((subnet.origin, f"on `{subnet.name}`") for subnet in routed[:2]),
            notes=("a route that BGP teaches is more specific than 0.0.0.0/0",),
            help="turn `bgp_route_propagation_enabled` off",
        )
