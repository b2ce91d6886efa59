"""What one failing zone, or one failing node, takes down."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.estate import Estate
from hubwright.model.origin import Origin


@rule("HA001", Severity.WARNING, "something on the way lives in one zone")
def one_zone(case: Case) -> Iterator[Finding]:
    """Find firewalls, Bastion hosts, gateways and their addresses that are in one zone only."""
    for what, name, zones, origin in _zonal(case.estate):
        if len(zones) != 1:
            continue
        yield Finding(
            message=f"{what} `{name}` is in zone {zones[0]} alone",
            at=nearest(origin.of("zones"), origin),
            label="one failing zone takes it down",
            notes=("zones are chosen when it is made; without any, Azure spreads it itself",),
            help="use zones [1, 2, 3] where the region has them",
        )


def _zonal(estate: Estate) -> Iterator[tuple[str, str, tuple[str, ...], Origin]]:
    for firewall in estate.firewalls:
        yield "firewall", firewall.name, firewall.zones, firewall.origin
    for bastion in estate.bastion_hosts:
        yield "Bastion", bastion.name, bastion.zones, bastion.origin
    for gateway in estate.application_gateways:
        yield "gateway", gateway.name, gateway.zones, gateway.origin
    owners: tuple[tuple[tuple[str, ...], tuple[str | None, ...]], ...] = (
        *((item.zones, item.public_ips) for item in estate.firewalls),
        *((item.zones, (item.public_ip,)) for item in estate.bastion_hosts),
        *((item.zones, (item.public_ip,)) for item in estate.application_gateways),
    )
    told = {name for zones, names in owners if len(zones) == 1 for name in names}
    for public in estate.public_ips:
        if public.name not in told:
            yield "public IP", public.name, public.zones, public.origin


@rule("HA002", Severity.WARNING, "data is kept in one zone")
def one_copy(case: Case) -> Iterator[Finding]:
    """Find Premium registries without zone redundancy, and storage with local copies only."""
    for registry in case.estate.container_registries:
        if registry.sku == "Premium" and not registry.zone_redundancy_enabled:
            yield Finding(
                message=f"`{registry.name}` keeps its images in one zone",
                at=nearest(registry.origin.of("zone_redundancy_enabled"), registry.origin),
                label="no zone redundancy",
                notes=("nodes that scale or upgrade while the zone fails pull no images",),
                help="turn zone redundancy on",
            )
    for account in case.estate.storage_accounts:
        if account.account_replication_type in ("LRS", "GRS", "RAGRS"):
            yield Finding(
                message=f"`{account.name}` keeps its data in one zone",
                at=nearest(account.origin.of("account_replication_type"), account.origin),
                label=account.account_replication_type,
                help="use ZRS, or GZRS for a copy in another region",
            )


@rule("HA003", Severity.WARNING, "the system pool has one node")
def lonely_node(case: Case) -> Iterator[Finding]:
    """Find system pools that may run on a single node."""
    for pool in case.estate.node_pools:
        fewest = pool.node_count if pool.min_count is None else pool.min_count
        others = [
            other
            for other in case.estate.node_pools
            if other.cluster == pool.cluster and other.mode == "System" and other != pool
        ]
        if pool.mode != "System" or fewest >= 2 or others:
            continue
        argument = "node_count" if pool.min_count is None else "min_count"
        yield Finding(
            message=f"system pool `{pool.name}` of `{pool.cluster}` may have one node only",
            at=nearest(pool.origin.of(argument), pool.origin),
            label=f"{fewest} node",
            notes=("an upgrade or a failure of it stops DNS and the tunnel to the API server",),
            help="give it 2 nodes at least; 3 with zones",
        )
