"""Route tables and security groups, with the routes and rules that stand beside them."""

from collections.abc import Iterator
from typing import Any

from hubwright.model.network import (
    NatGateway,
    NetworkSecurityGroup,
    NextHopType,
    Route,
    RouteTable,
    SecurityRule,
)
from hubwright.semantics.assigned import PUBLIC_IP_SYMBOL
from hubwright.sources.terraform.network import GATEWAY, GROUP, TABLE
from hubwright.sources.terraform.values import Reader, View

ROUTE = "azurerm_route"
RULE = "azurerm_network_security_rule"
GATEWAY_IP = "azurerm_nat_gateway_public_ip_association"
TYPES = frozenset({GROUP, TABLE, GATEWAY, ROUTE, RULE, GATEWAY_IP})
PUBLIC_IP = "azurerm_public_ip"


def route_tables(reader: Reader) -> Iterator[RouteTable]:
    """Yield the route tables."""
    beside = _beside(reader, ROUTE, "route_table_name", TABLE)
    for view in reader.views(TABLE):
        name = reader.names.of(view.resource)
        yield RouteTable(
            name=name,
            routes=tuple(_route(item) for item in _all(view, "route", beside.get(name, []))),
            bgp_route_propagation_enabled=view.flag("bgp_route_propagation_enabled"),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(),
        )


def _beside(reader: Reader, type_: str, argument: str, owner: str) -> dict[str | None, list[View]]:
    """Return resources by the name of what they belong to."""
    found: dict[str | None, list[View]] = {}
    for view in reader.views(type_):
        text = view.text(argument)
        resource = reader.names.find(owner, text, view.resource.resource_group) if text else None
        name = reader.names.of(resource) if resource else text or view.target(argument, owner)
        found.setdefault(name, []).append(view)
    return found


def _all(view: View, argument: str, beside: list[View]) -> list[View]:
    """Return what stands inline and beside; what Azure read back of the latter counts once."""
    own = {item.text("name").lower() for item in beside}
    inline = [item for item in view.blocks(argument) if item.text("name").lower() not in own]
    return [*inline, *beside]


def _route(view: View) -> Route:
    prefix = view.address("address_prefix") or ""
    if prefix.startswith(PUBLIC_IP_SYMBOL) and not prefix.endswith("/32"):
        prefix = f"{prefix}/32"
    kind = view.text("next_hop_type")
    known = {item.value.lower(): item for item in NextHopType}
    return Route(
        name=view.text("name"),
        address_prefix=prefix,
        next_hop_type=known.get(kind.lower(), NextHopType.NONE),
        next_hop_in_ip_address=view.address("next_hop_in_ip_address"),
        origin=view.whole(),
    )


def security_groups(reader: Reader) -> Iterator[NetworkSecurityGroup]:
    """Yield the network security groups."""
    beside = _beside(reader, RULE, "network_security_group_name", GROUP)
    for view in reader.views(GROUP):
        name = reader.names.of(view.resource)
        rules = _all(view, "security_rule", beside.get(name, []))
        yield NetworkSecurityGroup(
            name=name,
            security_rules=tuple(_security_rule(item) for item in rules),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(),
        )


def _security_rule(view: View) -> SecurityRule:
    ends: dict[str, Any] = {}
    for field in (
        "source_port_range",
        "destination_port_range",
        "source_address_prefix",
        "destination_address_prefix",
    ):
        plural = f"{field}es" if field.endswith("prefix") else f"{field}s"
        ends[plural] = _one_or_many(view, field, plural)
    return SecurityRule(
        name=view.text("name"),
        priority=view.number("priority") or 0,
        direction=view.text("direction"),
        access=view.text("access"),
        protocol=view.text("protocol") or "*",
        origin=view.whole(),
        **ends,
    )


def _one_or_many(view: View, one: str, many: str) -> tuple[str, ...]:
    single = view.address(one)
    if single:
        return (single,)
    found = view.texts(many)
    if found:
        return found
    side = one.partition("_")[0]
    groups = view.targets(
        f"{side}_application_security_group_ids", "azurerm_application_security_group"
    )
    if groups and "address" in one:
        return tuple(f"asg:{name}" for name in groups)
    return ("*",)


def nat_gateways(reader: Reader) -> Iterator[NatGateway]:
    """Yield the NAT gateways with their public IPs."""
    beside: dict[str | None, list[str]] = {}
    for view in reader.views(GATEWAY_IP):
        owner = view.target("nat_gateway_id", GATEWAY)
        public = view.target("public_ip_address_id", PUBLIC_IP)
        if public:
            beside.setdefault(owner, []).append(public)
    for view in reader.views(GATEWAY):
        name = reader.names.of(view.resource)
        own = view.targets("public_ip_address_ids", PUBLIC_IP)
        yield NatGateway(
            name=name,
            public_ips=tuple(dict.fromkeys((*own, *beside.get(name, [])))),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(),
        )
