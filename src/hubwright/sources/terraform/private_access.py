"""Private endpoints and private DNS."""

from collections.abc import Iterator

from hubwright.model.address import AddressError, parse_address
from hubwright.model.private_access import (
    PrivateDnsARecord,
    PrivateDnsZone,
    PrivateDnsZoneVirtualNetworkLink,
    PrivateEndpoint,
)
from hubwright.semantics.endpoints import service_names
from hubwright.sources.terraform.names import NETWORK, SUBNET, name_of_id
from hubwright.sources.terraform.network import place
from hubwright.sources.terraform.plan import Resource
from hubwright.sources.terraform.values import Reader, View

ENDPOINT = "azurerm_private_endpoint"
ZONE = "azurerm_private_dns_zone"
LINK = "azurerm_private_dns_zone_virtual_network_link"
RECORD = "azurerm_private_dns_a_record"
TYPES = frozenset({ENDPOINT, ZONE, LINK, RECORD})
_REGISTRY = "azurerm_container_registry"
_TARGETS = (
    _REGISTRY,
    "azurerm_key_vault",
    "azurerm_storage_account",
    "azurerm_kubernetes_cluster",
    "azurerm_monitor_private_link_scope",
    "azurerm_mssql_server",
    "azurerm_linux_web_app",
    "azurerm_windows_web_app",
)


def endpoints(reader: Reader, cloud: str) -> Iterator[PrivateEndpoint]:
    """Yield the private endpoints."""
    for view in reader.views(ENDPOINT):
        connection, group = (
            view.block("private_service_connection"),
            view.block("private_dns_zone_group"),
        )
        subnet = view.target("subnet_id", SUBNET)
        subresource = next(iter(connection.texts("subresource_names")), "")
        owner = connection.resource_of("private_connection_resource_id", *_TARGETS)
        yield PrivateEndpoint(
            name=reader.names.of(view.resource),
            subnet=subnet or "",
            target=_target(connection, owner),
            subresource=subresource,
            fqdns=_known_names(view)
            or _told_names(view)
            or _names(reader, connection, owner, subresource, cloud),
            private_dns_zones=group.targets("private_dns_zone_ids", ZONE) if group.exists else (),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(
                subnet=view.origin("subnet_id"),
                private_dns_zones=group.origin("private_dns_zone_ids")
                if group.exists
                else view.origin(),
            ),
        )


def _target(connection: View, owner: Resource | None) -> str:
    """Return the name of what is behind an endpoint, or its id where the plan has it not."""
    if owner is not None:
        return connection.reader.names.of(owner)
    written = connection.raw("private_connection_resource_id")
    if isinstance(written, str) and written:
        told = connection.row("target")
        return str(told) if told == name_of_id(written).rpartition("/")[2] else written
    alias = connection.text("private_connection_resource_alias")
    return alias or connection.target("private_connection_resource_id", *_TARGETS) or ""


def _known_names(view: View) -> tuple[str, ...]:
    """Return the names that Azure told of an endpoint that exists."""
    found = view.values.get("custom_dns_configs")
    names = [item.get("fqdn") for item in found or () if isinstance(item, dict)]
    return tuple(name for name in names if isinstance(name, str))


def _told_names(view: View) -> tuple[str, ...]:
    """Return the names that the variable holds which the endpoint is made from."""
    told = view.row("fqdns")
    return tuple(map(str, told)) if isinstance(told, list) else ()


def _names(
    reader: Reader, connection: View, owner: Resource | None, subresource: str, cloud: str
) -> tuple[str, ...]:
    written = connection.raw("private_connection_resource_id")
    name = owner.name if owner else None
    if name is None and isinstance(written, str):
        name = name_of_id(written).rpartition("/")[2]
    if not name:
        return ()
    regions: tuple[str, ...] = ()
    if owner is not None and owner.type == _REGISTRY:
        view = reader.view(owner)
        others = [block.text("location") for block in view.blocks("georeplications")]
        regions = (place(view), *(text.replace(" ", "").lower() for text in others))
    return service_names(subresource, name, cloud, regions)


def zones(reader: Reader) -> Iterator[PrivateDnsZone]:
    """Yield the private DNS zones, each name once."""
    seen: set[str] = set()
    for view in reader.views(ZONE):
        name = reader.names.of(view.resource)
        if name in seen:
            reader.warn(
                "TF011",
                f"there are several zones `{name}`; they count as one",
                view.origin(),
                "check one environment at a time",
            )
            continue
        seen.add(name)
        yield PrivateDnsZone(
            name=name, resource_group_name=view.text("resource_group_name"), origin=view.whole()
        )


def links(reader: Reader) -> Iterator[PrivateDnsZoneVirtualNetworkLink]:
    """Yield the links of zones to networks."""
    for view in reader.views(LINK):
        zone = view.text("private_dns_zone_name") or view.target("private_dns_zone_id", ZONE)
        network = view.target("virtual_network_id", NETWORK)
        if not zone:
            zone = view.target("private_dns_zone_name", ZONE)
        if zone and network:
            yield PrivateDnsZoneVirtualNetworkLink(
                name=view.text("name"),
                private_dns_zone=zone,
                virtual_network=network,
                resolution_policy=view.text("resolution_policy"),
                origin=view.whole(virtual_network=view.origin("virtual_network_id")),
            )


def records(reader: Reader) -> Iterator[PrivateDnsARecord]:
    """Yield the A records, one an address."""
    for view in reader.views(RECORD):
        zone = view.text("zone_name") or view.target("private_dns_zone_id", ZONE)
        if not zone:
            zone = view.target("zone_name", ZONE)
        for text in view.texts("records"):
            try:
                address = parse_address(text)
            except AddressError:
                continue
            yield PrivateDnsARecord(
                zone=zone or "",
                name=view.text("name") or "@",
                address=address,
                written=True,
                origin=view.whole(),
            )
