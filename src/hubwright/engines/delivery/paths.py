"""
The network paths that the pipelines need, each as a flow that can be walked before anything runs.

A commit meets agents, identities and networks in a fixed order; what an agent cannot reach, it
tells in the middle of a deployment. These are the same questions, asked beforehand.
"""

from collections.abc import Iterator

from hubwright.catalogue.egress import required
from hubwright.catalogue.zones import public_suffix
from hubwright.engines.delivery.agents import AgentKind, agent
from hubwright.engines.delivery.names import registry_server
from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Estate
from hubwright.model.flow import Application, Flow
from hubwright.semantics import services
from hubwright.semantics.endpoints import service_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One path of one stage."""

    stage: str
    """`agent`, `plan`, `apply`, `build` or `release`."""
    identity: str
    """Service connection that signs in, without the environment; "" where none does."""
    purpose: str
    flow: Flow
    is_private: bool = False
    """Whether it must end inside the estate, at a private endpoint or a private API server."""


def legs(estate: Estate, state_storage_account: str) -> tuple[Leg, ...]:
    """
    Return what an estate's agents must reach, in the order of the stages.

    Args:
        estate: An assigned estate.
        state_storage_account: Where Terraform keeps its state, behind a private endpoint.

    Returns:
        Nothing where the design has no agents.
    """
    found = agent(estate)
    if found is None:
        return ()
    start = found.interface
    return (
        *_agent_legs(estate, start, found.kind),
        *_infrastructure_legs(estate, start, state_storage_account),
        *_workload_legs(estate, start),
    )


def _agent_legs(estate: Estate, start: str, kind: AgentKind) -> Iterator[Leg]:
    """Yield what makes a machine an agent: the catalogue's names, wildcards left out."""
    is_managed = kind is AgentKind.MANAGED_POOL
    feature = "managed-devops-pool" if is_managed else "azure-devops-agent"
    for host in _hosts(estate, feature):
        yield _leg("agent", "", "take jobs", start, host)


def _hosts(estate: Estate, feature: str) -> Iterator[str]:
    for item in required([feature], estate.location, estate.cloud):
        if item.feature == feature and item.kind == "fqdn" and item.protocol == "Https":
            yield from (name for name in item.destinations if not name.startswith("*"))


def tool_legs(estate: Estate) -> tuple[Leg, ...]:
    """Return what tools are downloaded from; agents whose image has them need none of it."""
    found = agent(estate)
    if found is None:
        return ()
    hosts = _hosts(estate, "pipeline-tools")
    return tuple(_leg("build", "", "download tools", found.interface, host) for host in hosts)


def _infrastructure_legs(estate: Estate, start: str, account: str) -> Iterator[Leg]:
    login, manager = {
        "china": ("login.chinacloudapi.cn", "management.chinacloudapi.cn"),
        "usgovernment": ("login.microsoftonline.us", "management.usgovcloudapi.net"),
    }.get(estate.cloud, ("login.microsoftonline.com", "management.azure.com"))
    state = f"{account}.{public_suffix('blob', estate.cloud)}"
    for stage, identity in (("plan", "-plan"), ("apply", "")):
        yield _leg(stage, identity, "sign in", start, login)
        yield _leg(stage, identity, "Azure Resource Manager", start, manager)
        yield _leg(stage, identity, "Terraform's state", start, state, is_private=True)
    for cluster in estate.kubernetes_clusters:
        name = services.api_server_name(estate, cluster)
        private = cluster.private_cluster_enabled
        yield _leg("apply", "", "namespaces", start, name, is_private=private)


def _workload_legs(estate: Estate, start: str) -> Iterator[Leg]:
    if registry_server(estate) is not None:
        registry = estate.container_registries[0]
        regions = (registry.location, *registry.georeplications)
        for name in service_names("registry", registry.name, estate.cloud, regions):
            private = not registry.public_network_access_enabled
            yield _leg("build", "-build", "push", start, name, is_private=private)
    for cluster in estate.kubernetes_clusters:
        name = services.api_server_name(estate, cluster)
        private = cluster.private_cluster_enabled
        yield _leg("release", "-release", "Helm", start, name, is_private=private)


def _leg(
    stage: str, identity: str, purpose: str, start: str, host: str, *, is_private: bool = False
) -> Leg:
    flow = Flow(
        source=start,
        destination=host,
        destination_port=443,
        application=Application.HTTPS,
        server_name=host,
    )
    return Leg(stage=stage, identity=identity, purpose=purpose, flow=flow, is_private=is_private)
