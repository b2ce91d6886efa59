"""Subnets that belong to one service: gateways, API servers, Managed DevOps Pools."""

from collections.abc import Iterator
from dataclasses import replace

from hubwright.lazy_dataclass import dataclass
from hubwright.model.network import API_SERVER_DELEGATION
from hubwright.sources.design.draft import Draft, Plot
from hubwright.sources.design.schema_ingress import ApplicationGateway, GatewayForContainers
from hubwright.sources.design.schema_machines import AgentPool
from hubwright.sources.design.spans import Path

CONTAINERS = "Microsoft.ServiceNetworking/trafficControllers"
MANAGED_POOL = "Microsoft.DevOpsInfrastructure/pools"
_LONGEST = {API_SERVER_DELEGATION: 28, CONTAINERS: 24}
"""
Longest prefix of a delegated subnet.

Sources: learn.microsoft.com/azure/aks/api-server-vnet-integration (2026-04-15): /28;
/azure/application-gateway/for-containers/application-gateway-for-containers-components
(2025-12-05): /24.
"""
_POOL_SPARE = 5
"""Addresses that a Managed DevOps Pool wants beside one an agent.
Source: learn.microsoft.com/azure/devops/managed-devops-pools/configure-networking (2025-09-20)."""


@dataclass(frozen=True, slots=True)
class Special:
    """A subnet with a purpose of its own."""

    plot: Plot
    purpose: str
    """`application-gateway`, `containers`, `api-server` or `managed-pool`."""
    delegation: str | None
    path: Path
    """What needs it."""


def gateway_of(draft: Draft) -> tuple[ApplicationGateway, Path] | None:
    """Return the application gateway's settings and where they stand, or None."""
    form, cluster = draft.design.application_gateway, draft.design.cluster
    if isinstance(form, ApplicationGateway):
        return form, ("application_gateway",)
    if form is True:
        return ApplicationGateway(), ("application_gateway",)
    if form is None and cluster is not None and cluster.ingress == "application-gateway":
        return ApplicationGateway(), ("cluster", "ingress")
    return None


def containers_of(draft: Draft) -> tuple[GatewayForContainers, Path] | None:
    """Return the settings of Application Gateway for Containers, or None."""
    form, cluster = draft.design.application_gateway_for_containers, draft.design.cluster
    if isinstance(form, GatewayForContainers):
        return form, ("application_gateway_for_containers",)
    if form is True:
        return GatewayForContainers(), ("application_gateway_for_containers",)
    wanted = "application-gateway-for-containers"
    if form is None and cluster is not None and cluster.ingress == wanted:
        return GatewayForContainers(), ("cluster", "ingress")
    return None


def find_specials(draft: Draft) -> tuple[Special, ...]:
    """
    Return the subnets with a purpose of their own, and delegate them in the plots.

    Each is for one resource alone; what else the design puts there is noted.
    """
    found: dict[str, Special] = {}
    for special in _specials(draft):
        earlier = found.setdefault(special.plot.id, special)
        if earlier is not special:
            message = f"`{special.plot.name}` is wanted by two resources that each need it alone"
            draft.report("DESIGN010", message, special.path, "give each a subnet", at_key=True)
            continue
        _delegate(draft, special)
    return tuple(replace(special, plot=draft.plots[special.plot.id]) for special in found.values())


def _specials(draft: Draft) -> Iterator[Special]:
    cluster = draft.design.cluster
    if cluster is not None and cluster.api_server_subnet and cluster.spoke in draft.design.spokes:
        path: Path = ("cluster", "api_server_subnet")
        plot = draft.subnet(cluster.api_server_subnet, path, home=cluster.spoke)
        if plot is not None:
            yield Special(plot, "api-server", API_SERVER_DELEGATION, path)
    gateway = gateway_of(draft)
    if gateway is not None:
        plot = _gateway_plot(draft, gateway[0].subnet, "AppGatewaySubnet", gateway[1])
        if plot is not None:
            yield Special(plot, "application-gateway", None, gateway[1])
    containers = containers_of(draft)
    if containers is not None:
        plot = _gateway_plot(draft, containers[0].subnet, "AlbSubnet", containers[1])
        if plot is not None:
            yield Special(plot, "containers", CONTAINERS, containers[1])
    for n, agent in enumerate(draft.design.agents):
        if isinstance(agent, AgentPool):
            path = ("agents", n, "subnet")
            plot = draft.subnet(agent.subnet, path)
            if plot is not None:
                _check_room(draft, plot, agent, ("agents", n))
                yield Special(plot, "managed-pool", MANAGED_POOL, path)


def _gateway_plot(draft: Draft, text: str | None, default: str, path: Path) -> Plot | None:
    if text is not None:
        return draft.subnet(text, (*path, "subnet"))
    cluster, spokes = draft.design.cluster, draft.design.spokes
    home = cluster.spoke if cluster and cluster.spoke in spokes else next(iter(spokes), None)
    plot = draft.find_subnet(default, home) if home else None
    if plot is None:
        message = f"no subnet is given for the gateway, and there is no `{default}`"
        draft.report("DESIGN007", message, path, "write `subnet: spoke/Subnet`", at_key=True)
    return plot


def _check_room(draft: Draft, plot: Plot, agent: AgentPool, path: Path) -> None:
    usable = sum(prefix.size for prefix in plot.prefixes) - _POOL_SPARE
    wanted = agent.maximum_concurrency + _POOL_SPARE
    if usable < wanted:
        message = f"`{plot.name}` has {usable} addresses; the pool wants {wanted}"
        help_ = "widen it, or lower `maximum_concurrency`"
        draft.report("DESIGN009", message, path, help_, at_key=True)


def _delegate(draft: Draft, special: Special) -> None:
    plot, wanted = special.plot, special.delegation
    written = plot.section.delegation
    if wanted and written not in (None, wanted):
        message = f"`{plot.name}` is delegated to {written}, and this needs {wanted}"
        path: Path = (*plot.path, "delegation")
        draft.report("DESIGN010", message, path, "delete the delegation: it follows")
    longest = _LONGEST.get(wanted or "")
    for prefix in plot.prefixes:
        if longest is not None and prefix.length > longest:
            message = f"subnet `{plot.name}` ({prefix}) is too small for {wanted}"
            draft.report("DESIGN009", message, plot.path, f"take a /{longest} at least")
    section = plot.section.model_copy(update={"delegation": wanted or written})
    draft.plots[plot.id] = replace(plot, section=section, purpose=special.purpose)


def check_alone(draft: Draft, specials: tuple[Special, ...], guests: dict[str, Path]) -> None:
    """Note what lives in a subnet that belongs to one service; guests are by subnet id."""
    for special in specials:
        path = guests.get(special.plot.id)
        if path is not None:
            what = special.purpose.replace("-", " ")
            message = f"`{special.plot.name}` belongs to one {what} alone"
            draft.report("DESIGN010", message, path, "take another subnet", at_key=True)
