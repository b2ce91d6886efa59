"""Subnets with what is attached to them: security groups, route tables, NAT gateways."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from hubwright.model.address import AddressError, Prefix
from hubwright.model.network import (
    BASTION_SUBNET,
    NatGateway,
    NetworkSecurityGroup,
    NextHopType,
    PrivateEndpointNetworkPolicies,
    Route,
    RouteTable,
    SecurityRule,
    Subnet,
)
from hubwright.model.origin import Origin
from hubwright.sources.design.draft import SERVICE_TAG, UNFILTERED, Draft, Plot
from hubwright.sources.design.schema_network import Route as RouteSection
from hubwright.sources.design.schema_network import RouteTable as RouteTableSection
from hubwright.sources.design.schema_network import SecurityGroup
from hubwright.sources.design.schema_network import SecurityRule as RuleSection
from hubwright.sources.design.spans import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What subnets need to know of the rest: who lives there, and which addresses lead there."""

    node_subnets: frozenset[str]
    machine_subnets: frozenset[str]
    bastion: bool
    firewall_public_ips: tuple[str, ...]
    public_frontends: tuple[tuple[str, str, int, Path], ...]
    """Workload, public IP of the load balancer, port, and path; only public load balancers."""


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
        tuple(_derived_rules(draft, plot, around))
        if section.rules is None
        else _written_rules(draft, section.rules, (*path, "rules"))
    )
    rules += _written_rules(draft, section.extra_rules, (*path, "extra_rules"))
    why = "every subnet that can be filtered has a group of its own"
    group = NetworkSecurityGroup(
        name=name,
        security_rules=rules,
        origin=draft.places.resource(path)
        if isinstance(form, SecurityGroup)
        else draft.origin(plot.path, why),
    )
    _check_priorities(draft, group)
    if out.security_groups.setdefault(name, group) != group:
        draft.report("DESIGN010", f"`{name}` is made twice, with different rules", path)
    return name


def _check_priorities(draft: Draft, group: NetworkSecurityGroup) -> None:
    seen: dict[tuple[str, int], SecurityRule] = {}
    names: set[str] = set()
    for rule in group.security_rules:
        earlier = seen.setdefault((rule.direction, rule.priority), rule)
        if earlier is not rule:
            message = f"rules `{earlier.name}` and `{rule.name}` share priority {rule.priority}"
            help_ = "priorities are unique in each direction"
            draft.report_at("DESIGN010", message, rule.origin.of("priority"), help_)
        if rule.name.lower() in names:
            message = f"two rules of `{group.name}` are called `{rule.name}`"
            draft.report_at("DESIGN010", message, rule.origin.of("name"))
        names.add(rule.name.lower())


def _written_rules(
    draft: Draft, sections: list[RuleSection], path: Path
) -> tuple[SecurityRule, ...]:
    return tuple(
        SecurityRule(
            name=section.name,
            priority=section.priority,
            direction=section.direction,
            access=section.access,
            protocol=section.protocol,
            source_port_ranges=tuple(map(str, section.source_port_ranges)),
            destination_port_ranges=tuple(map(str, section.destination_port_ranges)),
            source_address_prefixes=_prefixes(
                draft, section.source_address_prefixes, (*path, n, "source_address_prefixes")
            ),
            destination_address_prefixes=_prefixes(
                draft,
                section.destination_address_prefixes,
                (*path, n, "destination_address_prefixes"),
            ),
            origin=draft.places.resource((*path, n)),
        )
        for n, section in enumerate(sections)
    )


def _prefixes(draft: Draft, texts: list[str], path: Path) -> tuple[str, ...]:
    out: list[str] = []
    for n, text in enumerate(texts):
        if text.startswith("pip:"):
            out.append(text)
            continue
        ends = draft.destinations([text], (*path, n))
        if ends.ip_groups or ends.fqdns:
            message = f"a security rule takes no IP group or name, `{text}` is one"
            draft.report("DESIGN006", message, (*path, n))
        out += ends.addresses
    return tuple(dict.fromkeys(out)) or ("*",)


def _derived_rules(draft: Draft, plot: Plot, around: Surroundings) -> Iterator[SecurityRule]:
    """
    Yield the rules that a subnet needs beside Azure's default ones.

    Source of the ports of application gateways:
    learn.microsoft.com/azure/application-gateway/configuration-infrastructure (2025).
    """
    if plot.name == BASTION_SUBNET:
        yield from _bastion_rules(draft, plot)
        return
    if plot.is_gateway:
        why = "Azure manages application gateways over these ports"
        yield _rule(
            draft.origin(plot.path, why),
            "AllowGatewayManager",
            100,
            protocol="Tcp",
            source="GatewayManager",
            ports=("65200-65535",),
        )
    if plot.id in around.machine_subnets:
        yield from _machine_rules(draft, plot, around)
    if plot.id in around.node_subnets and around.public_frontends:
        yield from _frontend_rules(draft, plot, around)


def _rule(
    origin: Origin,
    name: str,
    priority: int,
    *,
    direction: str = "Inbound",
    access: str = "Allow",
    protocol: str = "*",
    source: str | tuple[str, ...] = "*",
    destination: str | tuple[str, ...] = "*",
    ports: tuple[str, ...] = ("*",),
) -> SecurityRule:
    return SecurityRule(
        name=name,
        priority=priority,
        direction=direction,
        access=access,
        protocol=protocol,
        source_address_prefixes=(source,) if isinstance(source, str) else source,
        destination_address_prefixes=(destination,)
        if isinstance(destination, str)
        else destination,
        destination_port_ranges=ports,
        origin=origin,
    )


def _machine_rules(draft: Draft, plot: Plot, around: Surroundings) -> Iterator[SecurityRule]:
    if around.bastion:
        bastion = draft.plots.get(f"{draft.hub_name}/{BASTION_SUBNET}")
        if bastion is not None:
            yield _rule(
                draft.origin(plot.path, "machines are reached through Bastion"),
                "AllowSshFromBastion",
                100,
                protocol="Tcp",
                source=tuple(str(prefix) for prefix in bastion.prefixes),
                ports=("22",),
            )
    yield _rule(
        draft.origin(plot.path, "machines are reached through Bastion only"),
        "DenySsh",
        200,
        access="Deny",
        protocol="Tcp",
        ports=("22",),
    )


def _frontend_rules(draft: Draft, plot: Plot, around: Surroundings) -> Iterator[SecurityRule]:
    """
    Yield the rules of public frontends: from the firewall, from nowhere else.

    The packets of floating IP keep the frontend as their destination, and arrive with a public
    address of the firewall as their source.
    Source: cloud-provider-azure 7b31c76 (2026-08-19); /azure/firewall/firewall-known-issues.
    """
    sources = tuple(f"pip:{name}" for name in around.firewall_public_ips)
    for n, (workload, public_ip, port, path) in enumerate(around.public_frontends):
        why = f"`{workload}` is reached through the firewall, on the load balancer's public IP"
        yield _rule(
            draft.origin(path, why),
            f"AllowFirewallTo-{workload}",
            300 + n,
            protocol="Tcp",
            source=sources,
            destination=f"pip:{public_ip}",
            ports=(str(port),),
        )
    frontends = tuple(dict.fromkeys(f"pip:{name}" for _, name, _, _ in around.public_frontends))
    yield _rule(
        draft.origin(plot.path, "nobody reaches a public load balancer past the firewall"),
        "DenyInternetToFrontends",
        4000,
        access="Deny",
        source="Internet",
        destination=frontends,
    )


def _bastion_rules(draft: Draft, plot: Plot) -> Iterator[SecurityRule]:
    """Source: learn.microsoft.com/azure/bastion/bastion-nsg (2025)."""
    origin = draft.origin(plot.path, "Azure wants these rules on the subnet of Bastion")
    inbound = (
        ("AllowHttpsFromInternet", "Internet", "*", ("443",)),
        ("AllowGatewayManager", "GatewayManager", "*", ("443",)),
        ("AllowAzureLoadBalancer", "AzureLoadBalancer", "*", ("443",)),
        ("AllowBastionHosts", "VirtualNetwork", "VirtualNetwork", ("8080", "5701")),
    )
    outbound = (
        ("AllowSshRdpToMachines", "*", "VirtualNetwork", ("22", "3389")),
        ("AllowAzureCloud", "*", "AzureCloud", ("443",)),
        ("AllowToBastionHosts", "VirtualNetwork", "VirtualNetwork", ("8080", "5701")),
        ("AllowSessionInformation", "*", "Internet", ("80",)),
    )
    for direction, rows in (("Inbound", inbound), ("Outbound", outbound)):
        for n, (name, source, destination, ports) in enumerate(rows):
            yield _rule(
                origin,
                name,
                100 + 10 * n,
                direction=direction,
                protocol="Tcp",
                source=source,
                destination=destination,
                ports=ports,
            )


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
    table = _table(draft, plot, around, form if isinstance(form, RouteTableSection) else None)
    if out.route_tables.setdefault(table.name, table) != table:
        message = f"`{table.name}` is made twice, with different routes"
        draft.report("DESIGN010", message, path, "give one of them another name")
    return table.name


def _table(
    draft: Draft, plot: Plot, around: Surroundings, section: RouteTableSection | None
) -> RouteTable:
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
