"""Subnets with what is attached to them: security groups, route tables, NAT gateways."""

from dataclasses import field

from hubwright.lazy_dataclass import dataclass
from hubwright.model.network import (
    NatGateway,
    NetworkSecurityGroup,
    PrivateEndpointNetworkPolicies,
    RouteTable,
    Subnet,
)
from hubwright.model.origin import Origin
from hubwright.sources.design.draft import UNFILTERED, Draft, Plot
from hubwright.sources.design.expand_routes import build_table
from hubwright.sources.design.expand_security import (
    Surroundings,
    check_priorities,
    derived_rules,
    written_rules,
)
from hubwright.sources.design.schema_network import RouteTable as RouteTableSection
from hubwright.sources.design.schema_network import SecurityGroup
from hubwright.sources.design.spans import Path


@dataclass(slots=True)
class Attachments:
    """Subnets and what they share, in order of first use."""

    subnets: list[Subnet] = field(default_factory=list[Subnet])
    security_groups: dict[str, NetworkSecurityGroup] = field(
        default_factory=dict[str, NetworkSecurityGroup]
    )
    route_tables: dict[str, RouteTable] = field(default_factory=dict[str, RouteTable])
    nat_gateways: dict[str, NatGateway] = field(default_factory=dict[str, NatGateway])


def attach(draft: Draft, around: Surroundings) -> Attachments:
    """Return every subnet, and the groups, tables and gateways that they use."""
    out = Attachments()
    for plot in draft.plots.values():
        section = plot.section
        is_public = bool(around.public_frontends) and plot.id in around.node_subnets
        outbound = section.default_outbound_access
        out.subnets.append(
            Subnet(
                name=plot.name,
                virtual_network=plot.virtual_network,
                address_prefixes=plot.prefixes,
                network_security_group=_security_group(draft, plot, around, out),
                route_table=_route_table(draft, plot, around, out),
                nat_gateway=_nat_gateway(draft, plot, out),
                default_outbound_access_enabled=is_public if outbound is None else outbound,
                private_endpoint_network_policies=PrivateEndpointNetworkPolicies(
                    section.private_endpoint_network_policies
                ),
                service_endpoints=tuple(section.service_endpoints),
                delegation=section.delegation,
                origin=_subnet_origin(draft, plot),
            )
        )
    _check_references(draft, out)
    return out


def _subnet_origin(draft: Draft, plot: Plot) -> Origin:
    if plot.reason:
        return draft.origin(plot.path, plot.reason)
    renames = {
        "default_outbound_access_enabled": "default_outbound_access",
        "address_prefixes": "address_prefix" if plot.section.address_prefix else "address_prefixes",
    }
    if not draft.places.has((*plot.path, "address_prefix")) and plot.section.address_prefix:
        renames["address_prefixes"] = ""
    return draft.places.resource(plot.path, renames)


def _check_references(draft: Draft, out: Attachments) -> None:
    for plot in draft.plots.values():
        pairs = (
            ("network_security_group", out.security_groups, "network security group"),
            ("route_table", out.route_tables, "route table"),
            ("nat_gateway", out.nat_gateways, "NAT gateway"),
        )
        for key, known, what in pairs:
            value: object = getattr(plot.section, key)
            if isinstance(value, str) and value not in known:
                draft.unknown(what, value, known, (*plot.path, key))


def _security_group(draft: Draft, plot: Plot, around: Surroundings, out: Attachments) -> str | None:
    form = plot.section.network_security_group
    path: Path = (*plot.path, "network_security_group")
    if isinstance(form, str):
        return form
    if plot.name in UNFILTERED:
        if isinstance(form, SecurityGroup):
            message = f"Azure takes no network security group on `{plot.name}`"
            draft.report("DESIGN010", message, path, "delete it", at_key=True)
        return None
    if form is False:
        return None
    section = form if isinstance(form, SecurityGroup) else SecurityGroup()
    name = section.name or f"nsg-{plot.network}-{plot.name}"
    rules = (
        tuple(derived_rules(draft, plot, around))
        if section.rules is None
        else written_rules(draft, section.rules, (*path, "rules"))
    )
    rules += written_rules(draft, section.extra_rules, (*path, "extra_rules"))
    why = "every subnet that can be filtered has a group of its own"
    group = NetworkSecurityGroup(
        name=name,
        security_rules=rules,
        origin=draft.places.resource(path)
        if isinstance(form, SecurityGroup)
        else draft.origin(plot.path, why),
    )
    check_priorities(draft, group)
    if out.security_groups.setdefault(name, group) != group:
        draft.report("DESIGN010", f"`{name}` is made twice, with different rules", path)
    return name


def _route_table(draft: Draft, plot: Plot, around: Surroundings, out: Attachments) -> str | None:
    section = plot.section
    form = section.route_table
    path: Path = (*plot.path, "route_table")
    if isinstance(form, str):
        if section.routes:
            message = f"`{plot.name}` shares the table `{form}` and has routes of its own"
            help_ = "write the routes where the table is made"
            draft.report("DESIGN010", message, (*plot.path, "routes"), help_, at_key=True)
        return form
    if form is None:
        form = plot.hosts_workloads or bool(section.routes)
    if form is False:
        return None
    table = build_table(draft, plot, around, form if isinstance(form, RouteTableSection) else None)
    if out.route_tables.setdefault(table.name, table) != table:
        message = f"`{table.name}` is made twice, with different routes"
        draft.report("DESIGN010", message, path, "give one of them another name")
    return table.name


def _nat_gateway(draft: Draft, plot: Plot, out: Attachments) -> str | None:
    form = plot.section.nat_gateway
    if isinstance(form, str):
        return form
    if not form:
        return None
    name = f"nat-{plot.network}"
    gateway = NatGateway(
        name=name,
        public_ips=(f"pip-{name}",),
        origin=draft.places.value((*plot.path, "nat_gateway")),
    )
    return out.nat_gateways.setdefault(name, gateway).name
