"""The address plan: sizes, names and overlaps of networks and subnets."""

from collections.abc import Iterator
from itertools import combinations

from hubwright.catalogue.limits import SUBNET_LENGTHS
from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import (
    default_routes,
    nearest,
    node_subnets,
    routes_of,
    workload_subnets,
)
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.estate import Estate
from hubwright.model.network import NextHopType, Subnet
from hubwright.model.origin import Origin


def prefix_origin(subnet: Subnet) -> Origin:
    """Return where a subnet's prefix was written."""
    own = subnet.origin
    return nearest(own.of("address_prefixes"), own.of("address_prefix"), own)


@rule("ADDR001", Severity.ERROR, "a subnet of Azure's is too small")
def too_small(case: Case) -> Iterator[Finding]:
    """Compare reserved subnets with the size that Azure asks for."""
    for subnet in case.estate.subnets:
        longest = SUBNET_LENGTHS.get(subnet.name)
        for prefix in subnet.address_prefixes:
            if longest is None or prefix.length <= longest:
                continue
            yield Finding(
                message=(
                    f"`{subnet.name}` is a /{prefix.length}: Azure wants a /{longest} or larger"
                ),
                at=prefix_origin(subnet),
                label=f"{prefix} has {prefix.size} addresses",
                help=f"make it a /{longest}",
            )


@rule("ADDR002", Severity.ERROR, "peered networks overlap")
def peers_overlap(case: Case) -> Iterator[Finding]:
    """Compare the address spaces of networks that are peered, or peer with the same hub."""
    networks = case.estate.virtual_networks
    near = _neighbours(case.estate)
    for one, other in combinations(networks, 2):
        if other.name not in near.get(one.name, set()):
            continue
        for mine in one.address_space:
            for theirs in other.address_space:
                if not mine.overlaps(theirs):
                    continue
                direct = any(
                    {p.virtual_network, p.remote_virtual_network} == {one.name, other.name}
                    for p in case.estate.virtual_network_peerings
                )
                why = "cannot be peered" if direct else "cannot both be behind one hub"
                yield Finding(
                    message=f"`{one.name}` ({mine}) and `{other.name}` ({theirs}) overlap: they "
                    f"{why}",
                    at=nearest(other.origin.of("address_space"), other.origin),
                    label=str(theirs),
                    causes=((nearest(one.origin.of("address_space"), one.origin), str(mine)),),
                    help=f"give `{other.name}` another address space",
                )


def _neighbours(estate: Estate) -> dict[str, set[str]]:
    """Return networks that are peered or share a peer."""
    direct: dict[str, set[str]] = {n.name: set() for n in estate.virtual_networks}
    for peering in estate.virtual_network_peerings:
        direct.setdefault(peering.virtual_network, set()).add(peering.remote_virtual_network)
        direct.setdefault(peering.remote_virtual_network, set()).add(peering.virtual_network)
    return {
        name: others.union(*(direct.get(other, set()) for other in others))
        for name, others in direct.items()
    }


@rule("ADDR006", Severity.WARNING, "a subnet has default outbound access that nothing needs")
def default_outbound(case: Case) -> Iterator[Finding]:
    """Find workload subnets that fail open when their route table is lost."""
    for subnet in workload_subnets(case.estate):
        routed = default_routes(case.estate, subnet)
        if not subnet.default_outbound_access_enabled or not routed:
            continue
        if _has_internet_route(case.estate, subnet):
            continue
        yield Finding(
            message=f"`{subnet.name}` would reach the internet on its own without its routes",
            at=nearest(subnet.origin.of("default_outbound_access_enabled"), subnet.origin),
            label="default outbound access is on",
            help="turn it off: then a missing route fails closed",
        )


def _has_internet_route(estate: Estate, subnet: Subnet) -> bool:
    return any(r.next_hop_type is NextHopType.INTERNET for r in routes_of(estate, subnet))


@rule("ADDR007", Severity.INFO, "a public load balancer needs default outbound access")
def needs_default_outbound(case: Case) -> Iterator[Finding]:
    """Say why node subnets behind a public load balancer cannot be private."""
    estate = case.estate
    for cluster in estate.kubernetes_clusters:
        public = [
            s
            for s in estate.kubernetes_services
            if s.cluster == cluster.name and s.load_balancer == "public"
        ]
        for subnet in node_subnets(estate, cluster) if public else ():
            if not subnet.default_outbound_access_enabled:
                continue
            if not _has_internet_route(estate, subnet):
                continue
            yield Finding(
                message=(
                    f"`{subnet.name}` cannot be private while `{public[0].name}` is on the public "
                    "load balancer"
                ),
                at=nearest(public[0].origin.of("load_balancer"), public[0].origin),
                label="answers leave by a route to Internet, which a private subnet does not have",
                causes=((subnet.origin, "default outbound access is on"),),
                help="expose it on the internal load balancer: then the subnet can be private",
            )


@rule("ADDR008", Severity.ERROR, "a reserved subnet name is misspelt")
def misspelt(case: Case) -> Iterator[Finding]:
    """Find subnets whose name is a reserved one in other letters."""
    names = {name.lower().replace("-", ""): name for name in SUBNET_LENGTHS}
    for subnet in case.estate.subnets:
        right = names.get(subnet.name.lower().replace("-", "").replace("_", ""))
        if right is not None and right != subnet.name:
            yield Finding(
                message=f"subnet `{subnet.name}` must be called `{right}`",
                at=nearest(subnet.origin.of("name"), subnet.origin),
                label="Azure takes the exact name only",
                help=f"rename it to `{right}`",
            )
