"""Private endpoints: what stays open beside them, and routes that do not reach them."""

from collections.abc import Iterator

from hubwright.catalogue.zones import public_suffix
from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import (
    nearest,
    prefix_of,
    routes_of,
    spokesman,
    workload_subnets,
)
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.rules.dns import clients
from hubwright.model.address import Prefix
from hubwright.model.estate import Estate, by_name
from hubwright.model.network import (
    NetworkInterface,
    NextHopType,
    NicKind,
    PrivateEndpointNetworkPolicies,
)
from hubwright.model.platform import ContainerRegistry, KeyVault, StorageAccount
from hubwright.semantics.routes import effective_routes, lookup


@rule("PE001", Severity.WARNING, "public access is on beside a private endpoint")
def public_access(case: Case) -> Iterator[Finding]:
    """Find services with an endpoint that still answer on the internet."""
    estate = case.estate
    behind = {endpoint.target: endpoint for endpoint in estate.private_endpoints}
    owners: tuple[ContainerRegistry | KeyVault | StorageAccount, ...] = (
        *estate.container_registries,
        *estate.key_vaults,
        *estate.storage_accounts,
    )
    for owner in owners:
        endpoint = behind.get(owner.name)
        if endpoint is None or not owner.public_network_access_enabled:
            continue
        yield Finding(
            message=f"`{owner.name}` answers on the internet although it has a private endpoint",
            at=nearest(owner.origin.of("public_network_access_enabled"), owner.origin),
            label="public network access is on",
            causes=((endpoint.origin, f"`{endpoint.name}`"),),
            help="turn public network access off",
        )


_ROUTED = (PrivateEndpointNetworkPolicies.ENABLED, PrivateEndpointNetworkPolicies.ROUTE_TABLE)


@rule("PE002", Severity.WARNING, "a route to a private endpoint does nothing")
def dead_route(case: Case) -> Iterator[Finding]:
    """Find routes to the firewall that private endpoints' own routes beat."""
    estate, told = case.estate, set[tuple[str, str]]()
    endpoints = [n for n in estate.network_interfaces if n.kind is NicKind.PRIVATE_ENDPOINT]
    for subnet in workload_subnets(estate):
        for route in routes_of(estate, subnet):
            prefix = prefix_of(estate, route.address_prefix)
            key = (subnet.route_table or "", route.name)
            if prefix is None or key in told:
                continue
            if route.next_hop_type is not NextHopType.VIRTUAL_APPLIANCE:
                continue
            nic = next((n for n in endpoints if _aimed(estate, prefix, n)), None)
            if nic is None or not _beaten(case, subnet.id, nic):
                continue
            told.add(key)
            home = estate.subnet_by_id[nic.subnet]
            yield Finding(
                message=(
                    f"route `{route.name}` does not take traffic to private endpoint "
                    f"`{nic.owner}` through the firewall"
                ),
                at=nearest(
                    home.origin.of("private_endpoint_network_policies"),
                    route.origin.of("address_prefix"),
                    route.origin,
                ),
                label=f"route policies of `{home.name}` are off",
                causes=((route.origin, "the endpoint's own /32 route wins"),),
                help=f"set `private_endpoint_network_policies` of `{home.name}` to `Enabled`",
                trace=case.tcp(spokesman(estate, subnet), nic.private_ip_address),
            )


def _aimed(estate: Estate, prefix: Prefix, nic: NetworkInterface) -> bool:
    """Tell whether a route is specific enough that it is meant for an endpoint."""
    home = estate.subnet_by_id[nic.subnet]
    if home.private_endpoint_network_policies in _ROUTED:
        return False
    spaces = estate.virtual_network_by_name[home.virtual_network].address_space
    space = max((p.length for p in spaces if nic.private_ip_address in p), default=0)
    return nic.private_ip_address in prefix and prefix.length >= space > 0


def _beaten(case: Case, subnet_id: str, nic: NetworkInterface) -> bool:
    best = lookup(
        effective_routes(case.estate, subnet_id, case.assumptions), nic.private_ip_address
    )
    return best is not None and best.next_hop_type is NextHopType.INTERFACE_ENDPOINT


@rule("PE003", Severity.ERROR, "a registry's endpoint lacks its data name")
def data_endpoint(case: Case) -> Iterator[Finding]:
    """Compare a registry endpoint's names with the data names of its regions."""
    estate = case.estate
    suffix = public_suffix("registry", estate.cloud) or "azurecr.io"
    for endpoint in estate.private_endpoints:
        registry = by_name(estate.container_registries, endpoint.target)
        if registry is None or endpoint.subresource != "registry":
            continue
        have = {fqdn.lower() for fqdn in endpoint.fqdns}
        for region in (registry.location, *registry.georeplications):
            name = f"{registry.name}.{region}.data.{suffix}".lower()
            if name in have:
                continue
            nic = next(iter(clients(estate).values()), None)
            trace = case.https(nic.name, name) if nic else None
            failed = trace is not None and not trace.disposition.is_success
            yield Finding(
                message=f"layers of `{registry.name}` have no private address: {name} is missing",
                at=nearest(endpoint.origin.of("fqdns"), endpoint.origin),
                label="a registry's endpoint has two names a region",
                causes=((registry.origin, f"`{registry.name}`"),),
                notes=("image pulls sign in, then fail at the first layer",),
                help=f"add {name}",
                trace=trace if failed else None,
            )


@rule("PE004", Severity.ERROR, "a private endpoint on a registry that is not Premium")
def registry_tier(case: Case) -> Iterator[Finding]:
    """Find registries with an endpoint that their tier does not have."""
    estate = case.estate
    for endpoint in estate.private_endpoints:
        registry = by_name(estate.container_registries, endpoint.target)
        if registry is not None and registry.sku != "Premium":
            yield Finding(
                message=(
                    f"registry `{registry.name}` is {registry.sku}: it takes no private endpoint"
                ),
                at=nearest(registry.origin.of("sku"), registry.origin),
                label=registry.sku,
                causes=((endpoint.origin, f"`{endpoint.name}`"),),
                help="make it Premium",
            )
