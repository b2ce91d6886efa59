"""The whole design: what `estate.yaml` may say. Everything else is derived from it."""

from typing import Annotated, Literal

from pydantic import Field

from hubwright.sources.design.fields import (
    BY_KIND,
    MAPPING,
    Flag,
    GroupName,
    Region,
    ResourceName,
    Section,
    Slug,
)
from hubwright.sources.design.schema_cluster import Cluster, Workload
from hubwright.sources.design.schema_egress import Egress
from hubwright.sources.design.schema_identity import WorkloadIdentity
from hubwright.sources.design.schema_ingress import ApplicationGateway, GatewayForContainers
from hubwright.sources.design.schema_intents import Intent
from hubwright.sources.design.schema_machines import Agent, Machine
from hubwright.sources.design.schema_monitoring import LogAnalytics, Monitoring
from hubwright.sources.design.schema_network import Hub, PublicIp, Spoke
from hubwright.sources.design.schema_private import (
    ExtraEndpoint,
    KeyVault,
    PrivateDns,
    Registry,
    Storage,
)


class Design(Section):
    """A private AKS cluster behind Azure Firewall in a hub-and-spoke network."""

    name: Slug = Field(description="Short name; the names of resources are made of it.")
    location: Region = Field(description="An Azure region, like `westeurope`.")
    cloud: Literal["public", "china", "usgovernment"] = "public"
    tags: dict[str, str] = Field(default={})
    resource_groups: dict[Slug, GroupName] = Field(
        default={},
        description="`hub` or a spoke to the name of its group; default `rg-<design>-<network>`.",
    )
    hub: Hub
    spokes: dict[Slug, Spoke] = Field(default={})
    cluster: Cluster | None = None
    jumpbox: Machine | None = None
    agents: list[Agent] = Field(
        default=[], description="Self-hosted agents; `kind` is vm, scale-set or managed-pool."
    )
    workload_identities: dict[Slug, WorkloadIdentity] = Field(
        default={}, description="Identities of service accounts, by Microsoft Entra Workload ID."
    )
    application_gateway: (
        Annotated[Flag | Annotated[ApplicationGateway, MAPPING], BY_KIND] | None
    ) = Field(default=None, description="Default: there is one when it is the cluster's `ingress`.")
    application_gateway_for_containers: (
        Annotated[Flag | Annotated[GatewayForContainers, MAPPING], BY_KIND] | None
    ) = Field(default=None, description="Default: there is one when it is the cluster's `ingress`.")
    registry: Registry | None = None
    key_vault: KeyVault | None = None
    storage: Storage | None = None
    log_analytics: LogAnalytics | None = None
    monitoring: Monitoring = Monitoring()
    private_endpoints: list[ExtraEndpoint] = Field(default=[])
    private_dns: PrivateDns = PrivateDns()
    workloads: dict[Slug, Workload] = Field(default={})
    egress: Egress = Egress()
    public_ips: dict[ResourceName, PublicIp] = Field(
        default={}, description="Addresses and zones of public IPs of the design, by name."
    )
    intents: list[Intent] = Field(
        default=[], description="Claims that `check` proves or refutes for every packet."
    )
