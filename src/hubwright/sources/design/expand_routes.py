"""Route tables of subnets."""

from collections.abc import Iterator

from hubwright.model.address import AddressError, Prefix
from hubwright.model.network import NextHopType, Route, RouteTable
from hubwright.sources.design.draft import SERVICE_TAG, Draft, Plot
from hubwright.sources.design.expand_security import Surroundings
from hubwright.sources.design.schema_network import Route as RouteSection
from hubwright.sources.design.schema_network import RouteTable as RouteTableSection
from hubwright.sources.design.spans import Path


def build_table(
    draft: Draft, plot: Plot, around: Surroundings, section: RouteTableSection | None
) -> RouteTable:
    """Return the table of a subnet: the written one, or the one that follows."""
    extra = _written_routes(draft, plot.section.routes, (*plot.path, "routes"))
    replies = tuple(_reply_routes(draft, around)) if plot.id in around.node_subnets else ()
    shared = section is None and not extra and not replies
    default = f"rt-{plot.network}" if shared else f"rt-{plot.network}-{plot.name}"
    written = None if section is None else section.routes
    base: Path = ("hub",) if plot.network == "hub" else ("spokes", plot.network)
    path: Path = (*plot.path, "route_table")
    routes = (
        (_default_route(draft, base if shared else plot.path), *replies)
        if written is None
        else _written_routes(draft, written, (*path, "routes"))
    )
    why = "everything that leaves a subnet of workloads goes through the firewall"
    return RouteTable(
        name=(section.name if section else None) or default,
        routes=(*routes, *extra),
        bgp_route_propagation_enabled=section.bgp_route_propagation_enabled if section else False,
        origin=draft.places.resource(path)
        if section
        else draft.origin(base if shared else plot.path, why),
    )


def _default_route(draft: Draft, path: Path) -> Route:
    return Route(
        name="to-firewall",
        address_prefix="0.0.0.0/0",
        next_hop_type=NextHopType.VIRTUAL_APPLIANCE,
        next_hop_in_ip_address=draft.firewall_address,
        origin=draft.origin(path, "everything that leaves goes through the firewall"),
    )


def _reply_routes(draft: Draft, around: Surroundings) -> Iterator[Route]:
    """
    Yield a route to Internet for each public IP of the firewall.

    Source: learn.microsoft.com/azure/firewall/integrate-lb (2025): replies of a public load
    balancer's backends would else go to the firewall's private side, which knows no such flow.
    """
    if not around.public_frontends:
        return
    path = around.public_frontends[0][3]
    for name in around.firewall_public_ips:
        yield Route(
            name=f"reply-{name}",
            address_prefix=f"pip:{name}/32",
            next_hop_type=NextHopType.INTERNET,
            origin=draft.origin(
                path, f"replies to the firewall's `{name}` leave the way the requests came"
            ),
        )


def _written_routes(draft: Draft, sections: list[RouteSection], path: Path) -> tuple[Route, ...]:
    out: list[Route] = []
    names: set[str] = set()
    for n, section in enumerate(sections):
        at: Path = (*path, n)
        if section.name.lower() in names:
            draft.report("DESIGN010", f"two routes are called `{section.name}`", (*at, "name"))
        names.add(section.name.lower())
        hop = section.next_hop_in_ip_address
        if section.next_hop_type == "VirtualAppliance" and hop is None:
            draft.report(
                "DESIGN007",
                f"route `{section.name}` does not say which appliance",
                at,
                f"write `next_hop_in_ip_address: {draft.firewall_address}`",
                at_key=True,
            )
        if section.next_hop_type != "VirtualAppliance" and hop is not None:
            message = f"route `{section.name}` has an address but its next hop is no appliance"
            draft.report("DESIGN010", message, (*at, "next_hop_in_ip_address"))
        out.append(
            Route(
                name=section.name,
                address_prefix=_route_prefix(draft, section.address_prefix, at),
                next_hop_type=NextHopType(section.next_hop_type),
                next_hop_in_ip_address=hop,
                origin=draft.places.resource(at),
            )
        )
    return tuple(out)


def _route_prefix(draft: Draft, text: str, path: Path) -> str:
    if (text.startswith("pip:") and text.endswith("/32")) or SERVICE_TAG.fullmatch(text):
        return text
    plot = draft.find_subnet(text)
    if plot is not None:
        return str(plot.prefixes[0])
    try:
        Prefix.parse(text)
    except AddressError as error:
        help_ = str(error) if "/" in text else "write a prefix, like `10.9.0.0/16`"
        message = f"`{text[:80]}` is neither a prefix nor a service tag"
        draft.report("DESIGN006", message, (*path, "address_prefix"), help_)
    return text
