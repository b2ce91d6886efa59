"""Rules of network security groups: written ones, and those that subnets need."""

from collections.abc import Iterator

from hubwright.lazy_dataclass import dataclass
from hubwright.model.network import BASTION_SUBNET, NetworkSecurityGroup, SecurityRule
from hubwright.model.origin import Origin
from hubwright.sources.design.draft import Draft, Plot
from hubwright.sources.design.schema_network import SecurityRule as RuleSection
from hubwright.sources.design.spans import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What subnets need to know of the rest: who lives there, and which addresses lead there."""

    node_subnets: frozenset[str]
    machine_subnets: frozenset[str]
    windows_subnets: frozenset[str]
    """Of `machine_subnets`, those with a Windows machine."""
    bastion: bool
    firewall_public_ips: tuple[str, ...]
    open_gateways: frozenset[str]
    """Subnets of application gateways that clients reach past the firewall."""
    public_frontends: tuple[tuple[str, str, int, Path], ...]
    """Workload, public IP of the load balancer, port, and path; only public load balancers."""


def check_priorities(draft: Draft, group: NetworkSecurityGroup) -> None:
    """Note rules of a group that share a name, or a priority in one direction."""
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


def written_rules(
    draft: Draft, sections: list[RuleSection], path: Path
) -> tuple[SecurityRule, ...]:
    """Return rules that were written by hand, in their order."""
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


def derived_rules(draft: Draft, plot: Plot, around: Surroundings) -> Iterator[SecurityRule]:
    """
    Yield the rules that a subnet needs beside Azure's default ones.

    Source of the ports of application gateways:
    learn.microsoft.com/azure/application-gateway/configuration-infrastructure (2025).
    """
    if plot.name == BASTION_SUBNET:
        yield from _bastion_rules(draft, plot)
        return
    if plot.purpose == "api-server":
        yield from _api_server_rules(draft, plot, around)
    if plot.purpose == "containers" or plot.id in around.open_gateways:
        why = "clients of the internet come to the gateway, which checks their requests"
        yield _rule(
            draft.origin(plot.path, why),
            "AllowWebFromInternet",
            110,
            protocol="Tcp",
            source="Internet",
            ports=("80", "443"),
        )
    if plot.is_gateway and plot.purpose != "containers":
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
    ways = [("Ssh", "22")]
    if plot.id in around.windows_subnets:
        ways.append(("Rdp", "3389"))
    bastion = draft.plots.get(f"{draft.hub_name}/{BASTION_SUBNET}")
    for n, (way, port) in enumerate(ways):
        if around.bastion and bastion is not None:
            yield _rule(
                draft.origin(plot.path, "machines are reached through Bastion"),
                f"Allow{way}FromBastion",
                100 + 10 * n,
                protocol="Tcp",
                source=tuple(str(prefix) for prefix in bastion.prefixes),
                ports=(port,),
            )
        yield _rule(
            draft.origin(plot.path, "machines are reached through Bastion only"),
            f"Deny{way}",
            200 + 10 * n,
            access="Deny",
            protocol="Tcp",
            ports=(port,),
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


def _api_server_rules(draft: Draft, plot: Plot, around: Surroundings) -> Iterator[SecurityRule]:
    """Source: learn.microsoft.com/azure/aks/api-server-vnet-integration (2026-04-15)."""
    nodes = tuple(
        str(prefix)
        for subnet in sorted(around.node_subnets)
        for prefix in draft.plots[subnet].prefixes
    )
    yield _rule(
        draft.origin(plot.path, "nodes reach the API server, and its tunnel, on these ports"),
        "AllowNodes",
        120,
        protocol="Tcp",
        source=nodes,
        ports=("443", "4443"),
    )
    yield _rule(
        draft.origin(plot.path, "the load balancer asks whether the API server is well"),
        "AllowLoadBalancerProbes",
        130,
        protocol="Tcp",
        source="AzureLoadBalancer",
        ports=("9988",),
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
