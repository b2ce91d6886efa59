"""Subnets that belong to one service, and regions that must agree."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import (
    is_application_gateway,
    nearest,
    resolver_endpoints,
)
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.dns_resolver import DNS_RESOLVER_DELEGATION
from hubwright.model.estate import Estate
from hubwright.model.network import (
    BASTION_SUBNET,
    FIREWALL_MANAGEMENT_SUBNET,
    FIREWALL_SUBNET,
    GATEWAY_SUBNET,
    Subnet,
)
from hubwright.model.origin import Origin

POOLS = "Microsoft.DevOpsInfrastructure/pools"
API_SERVERS = "Microsoft.ContainerService/managedClusters"
CONTAINERS = "Microsoft.ServiceNetworking/trafficControllers"
_DEDICATED = {
    POOLS: "one pool of agents",
    API_SERVERS: "API servers",
    CONTAINERS: "Application Gateway for Containers",
    DNS_RESOLVER_DELEGATION: "one endpoint of a DNS resolver",
}
"""Delegation -> what a subnet with it is for."""
_AZURE_ONLY = (FIREWALL_SUBNET, FIREWALL_MANAGEMENT_SUBNET, BASTION_SUBNET, GATEWAY_SUBNET)

Guest = tuple[str, str, Origin]
"""Kind of a resource, its name, and where it says its subnet."""


def guests(estate: Estate) -> Iterator[tuple[str, Guest]]:
    """Yield each subnet id with a resource that lives there."""
    for pool in estate.node_pools:
        yield pool.subnet, ("node pool", pool.name, pool.origin.of("subnet"))
        if pool.pod_subnet and pool.pod_subnet != pool.subnet:
            yield pool.pod_subnet, ("pods of", pool.name, pool.origin.of("pod_subnet"))
    for machine in estate.virtual_machines:
        yield machine.subnet, ("machine", machine.name, machine.origin.of("subnet"))
    for scale_set in estate.virtual_machine_scale_sets:
        yield scale_set.subnet, ("scale set", scale_set.name, scale_set.origin.of("subnet"))
    for endpoint in estate.private_endpoints:
        if not endpoint.made_by_platform:
            yield (
                endpoint.subnet,
                (
                    "private endpoint",
                    endpoint.name,
                    endpoint.origin.of("subnet"),
                ),
            )
    for agents in estate.managed_devops_pools:
        yield agents.subnet, (POOLS, agents.name, agents.origin.of("subnet"))
    for gateway in estate.application_gateways:
        yield gateway.subnet, ("gateway", gateway.name, gateway.origin.of("subnet"))
    for balancer in estate.application_load_balancers:
        yield balancer.subnet, (CONTAINERS, balancer.name, balancer.origin.of("subnet"))
    for end in resolver_endpoints(estate):
        yield end.subnet, (DNS_RESOLVER_DELEGATION, end.name, end.origin.of("subnet"))
    for cluster in estate.kubernetes_clusters:
        if cluster.api_server_subnet:
            origin = cluster.origin.of("api_server_subnet")
            yield cluster.api_server_subnet, (API_SERVERS, cluster.name, origin)


@rule("ADDR020", Severity.ERROR, "a subnet that belongs to one service is shared")
def shared(case: Case) -> Iterator[Finding]:
    """Find what lives beside a firewall, a gateway, agents, an API server or an endpoint of DNS."""
    estate = case.estate
    for subnet in estate.subnets:
        here = [guest for home, guest in guests(estate) if home == subnet.id]
        owner = _owner(subnet, here)
        if owner is None:
            continue
        kind, what = owner
        intruders = [guest for guest in here if guest[0] != kind]
        same = [guest for guest in here if guest[0] == kind]
        if kind in (POOLS, DNS_RESOLVER_DELEGATION) and len(same) > 1:
            intruders += same[1:]
        for guest_kind, name, origin in intruders:
            is_ours = guest_kind in _DEDICATED
            yield Finding(
                message=f"`{name}` cannot live in `{subnet.name}`, which belongs to {what}",
                at=nearest(origin, subnet.origin),
                label="a service" if is_ours else guest_kind,
                causes=((subnet.origin, f"`{subnet.name}`"),),
                help="give it another subnet",
            )


def _owner(subnet: Subnet, here: list[Guest]) -> tuple[str, str] | None:
    """Return the kind of resource that a subnet is for, and how to say it; None for any."""
    if subnet.name in _AZURE_ONLY:
        return "", "Azure's own service"
    if subnet.delegation in _DEDICATED:
        return subnet.delegation, _DEDICATED[subnet.delegation]
    if any(kind == "gateway" for kind, _, _ in here) or is_application_gateway(subnet):
        return "gateway", "Application Gateway"
    return None


@rule("ADDR021", Severity.ERROR, "a subnet is not delegated to the service that needs it")
def not_delegated(case: Case) -> Iterator[Finding]:
    """Compare the delegation of subnets with the services that are put there."""
    for home, (kind, name, origin) in guests(case.estate):
        subnet = case.estate.subnet_by_id.get(home)
        if kind not in _DEDICATED or subnet is None:
            continue
        if subnet.delegation == kind:
            continue
        had = f"delegated to {subnet.delegation}" if subnet.delegation else "not delegated"
        yield Finding(
            message=f"`{name}` cannot use `{subnet.name}`: it is not delegated to {kind}",
            at=nearest(subnet.origin.of("delegation"), subnet.origin, origin),
            label=had,
            causes=((origin, f"`{name}` lives in it"),),
            help=f"delegate it to {kind}",
        )


@rule("ADDR022", Severity.ERROR, "a resource is in another region than its network")
def regions(case: Case) -> Iterator[Finding]:
    """Compare the regions of firewalls, clusters and pools of agents with their networks'."""
    estate = case.estate
    for what, name, location, network_name, origin in _placed(estate):
        network = estate.virtual_network_by_name.get(network_name)
        if network is None or _folded(location) == _folded(network.location):
            continue
        yield Finding(
            message=(
                f"{what} `{name}` is in {location}, its network `{network.name}` in "
                f"{network.location}"
            ),
            at=nearest(origin.of("location"), origin),
            label=location,
            causes=((nearest(network.origin.of("location"), network.origin), network.location),),
            help="put both into one region",
        )


def _placed(estate: Estate) -> Iterator[tuple[str, str, str, str, Origin]]:
    """Yield what, name, region, network and origin of what must be in its network's region."""
    for firewall in estate.firewalls:
        network = firewall.virtual_network
        yield "firewall", firewall.name, firewall.location, network, firewall.origin
    for cluster in estate.kubernetes_clusters:
        for pool in estate.node_pools:
            if pool.cluster == cluster.name and pool.is_default:
                network = pool.virtual_network
                yield "cluster", cluster.name, cluster.location, network, cluster.origin
    groups = {group.name: group.location for group in estate.resource_groups}
    for agents in estate.managed_devops_pools:
        location = groups.get(agents.resource_group_name)
        if location is not None:
            network = agents.subnet.partition("/")[0]
            yield "pool of agents", agents.name, location, network, agents.origin


def _folded(location: str) -> str:
    return location.replace(" ", "").lower()
