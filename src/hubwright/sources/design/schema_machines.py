"""Machines in a design: the jump box, and self-hosted agents of every kind."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, Tag

from hubwright.sources.design.fields import (
    BY_KIND,
    TEXT,
    Address,
    Flag,
    MachineName,
    ObjectId,
    ResourceName,
    Section,
    VmSize,
    Zone,
)

_SUBNET = "`spoke/Subnet`; default `VmSubnet` of the cluster's spoke."


class Machine(Section):
    """A machine without a public address: the jump box, or a self-hosted agent."""

    name: MachineName | None = None
    subnet: str | None = Field(default=None, description=_SUBNET)
    os: Literal["Linux", "Windows"] = "Linux"
    size: VmSize = "Standard_D2ds_v5"
    private_ip_address: Address | None = None
    public_ip: Annotated[Flag | Annotated[ResourceName, TEXT], BY_KIND] = False
    entra_login: bool | None = Field(
        default=None,
        description="People sign in with Microsoft Entra. Default true for the jump box.",
    )
    admin_group_object_ids: list[ObjectId] | None = Field(
        default=None,
        description="Entra groups that may sign in as administrator; default the cluster's.",
    )
    azure_monitor_agent: bool | None = Field(
        default=None, description="Default: true while there is `log_analytics`."
    )
    boot_diagnostics: bool | None = Field(
        default=None,
        description="Keep them in the storage account. Default: true while there is one.",
    )


class AgentMachine(Machine):
    """A self-hosted agent on one machine."""

    kind: Literal["vm"] = "vm"
    tools: bool = Field(
        default=True, description="Let out what pipelines download: Terraform, Helm, kubectl."
    )


class AgentScaleSet(Section):
    """Self-hosted agents on a scale set, whose size Azure DevOps sets."""

    kind: Literal["scale-set"]
    name: MachineName | None = Field(default=None, description="Default `vmss-agents-<number>`.")
    subnet: str | None = Field(default=None, description=_SUBNET)
    size: VmSize = "Standard_D2ds_v5"
    instances: int = Field(default=0, ge=0, le=1000, description="At first; Azure DevOps scales.")
    zones: list[Zone] = Field(default=[1, 2, 3])
    tools: bool = Field(default=True, description="Let out what pipelines download.")


class AgentPool(Section):
    """A Managed DevOps Pool, in a subnet that is delegated to it alone."""

    kind: Literal["managed-pool"]
    name: MachineName | None = Field(default=None, description="Default `mdp-<design>-<number>`.")
    subnet: str = Field(description="`spoke/Subnet`; it gets the delegation that the pool needs.")
    organization_url: str = Field(
        pattern=r"^https://dev\.azure\.com/[0-9A-Za-z][0-9A-Za-z-]{0,49}$",
        description="`https://dev.azure.com/<organization>`.",
    )
    projects: list[str] = Field(default=[], description="Default: every project.")
    maximum_concurrency: int = Field(default=2, ge=1, le=10000)
    size: VmSize = "Standard_D2ds_v5"
    image: str = Field(default="ubuntu-24.04/latest", description="A well-known image's name.")
    tools: bool = Field(default=True, description="Let out what pipelines download.")


def _kind(value: Any) -> str:
    """Return the tag of an agent; what says nothing is a machine."""
    if isinstance(value, BaseModel):
        kind: Any = getattr(value, "kind", "vm")
    else:
        kind = value.get("kind", "vm") if isinstance(value, dict) else "vm"
    return f"<{kind}>" if isinstance(kind, str) else "<vm>"


Agent = Annotated[
    Annotated[AgentMachine, Tag("<vm>")]
    | Annotated[AgentScaleSet, Tag("<scale-set>")]
    | Annotated[AgentPool, Tag("<managed-pool>")],
    Discriminator(_kind),
]
