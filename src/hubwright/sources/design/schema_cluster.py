"""The cluster in a design, its node pools, and the workloads that it exposes."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from hubwright.catalogue.egress import FEATURES
from hubwright.catalogue.ingress import summary as ingress_summary
from hubwright.catalogue.limits import DNAT_PORT
from hubwright.model.address import AddressError, Prefix
from hubwright.sources.design.fields import (
    BY_KIND,
    TEXT,
    Address,
    Cidr,
    ClusterName,
    DnsPrefix,
    Flag,
    GroupName,
    ObjectId,
    PoolName,
    Port,
    ResourceName,
    Section,
    Slug,
    VmSize,
    Zone,
    refuse,
)
from hubwright.sources.design.words import suggestion


def _feature(text: str) -> str:
    if text in FEATURES:
        return text
    help_ = suggestion(text, FEATURES) or f"features are {', '.join(sorted(FEATURES))}"
    raise refuse(f"`{text[:80]}` is not a feature of the catalogue", help_)


Feature = Annotated[str, AfterValidator(_feature)]
Ingress = Literal[
    "internal-nginx",
    "application-routing",
    "application-gateway",
    "application-gateway-for-containers",
]


def _authorized(text: str) -> str:
    if "/" in text or text.replace(".", "").isdigit():
        try:
            Prefix.parse(text)
        except AddressError as error:
            raise refuse(str(error)) from None
    return text


AuthorizedRange = Annotated[str, AfterValidator(_authorized)]
"""An address, a prefix, or the name of a public IP of the design."""


Taint = Annotated[
    str,
    Field(
        pattern=(
            r"^([a-z0-9.-]+/)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(=[A-Za-z0-9._-]*)?"
            r":(NoSchedule|PreferNoSchedule|NoExecute)$"
        )
    ),
]


class Pool(Section):
    """A node pool."""

    mode: Literal["System", "User"] = "User"
    subnet: str = Field(description="A subnet of the cluster's spoke.")
    pod_subnet: str | None = Field(default=None, description="Where pods get their addresses.")
    vm_size: VmSize = "Standard_D4ds_v5"
    count: int = Field(
        default=3,
        ge=0,
        le=1000,
        description="Nodes. With `min` and `max`: at first, and the default pool starts at `min`.",
    )
    min: int | None = Field(default=None, ge=0, le=1000, description="With `max`: autoscaling.")
    max: int | None = Field(default=None, ge=1, le=1000)
    max_pods: int = Field(default=30, ge=10, le=250)
    zones: list[Zone] = Field(default=[1, 2, 3])
    os_sku: Literal[
        "AzureLinux",
        "AzureLinux3",
        "Ubuntu",
        "Ubuntu2204",
        "Ubuntu2404",
        "Windows2022",
        "Windows2025",
    ] = "AzureLinux"
    tainted: bool | None = Field(
        default=None, description="Critical system pods only. Default true for System."
    )
    labels: dict[str, str] = Field(default={}, description="Kubernetes labels of its nodes.")
    taints: list[Taint] = Field(
        default=[], description="`key=value:NoSchedule`; not on the first system pool."
    )
    host_encryption: bool = Field(
        default=False,
        description=(
            "Encrypt caches and temporary disks too; the subscription must have the feature "
            "EncryptionAtHost registered."
        ),
    )
    os_disk_type: Literal["Managed", "Ephemeral"] = Field(
        default="Managed", description="Ephemeral needs a size with a large enough local disk."
    )


class Window(Section):
    """A weekly time for upgrades."""

    day: Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] = (
        "Sunday"
    )
    start: str = Field(default="02:00", pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    hours: int = Field(default=4, ge=4, le=24)
    utc_offset: str = Field(default="+00:00", pattern=r"^[+-](0[0-9]|1[0-4]):[0-5][0-9]$")


class Cluster(Section):
    """The AKS cluster."""

    name: ClusterName | None = Field(default=None, description="Default `aks-<design>`.")
    spoke: Slug = Field(description="The spoke that the nodes live in.")
    private: bool = True
    public_fqdn: bool | None = Field(
        default=None, description="A public name for the private address. Default false."
    )
    dns_prefix: DnsPrefix | None = None
    authorized_ip_ranges: list[AuthorizedRange] | None = Field(
        default=None, description="Public clusters. Default: every public IP of the firewall."
    )
    private_dns_zone: Literal["own", "system", "none"] = "own"
    outbound_type: Literal[
        "userDefinedRouting", "loadBalancer", "managedNATGateway", "userAssignedNATGateway", "none"
    ] = "userDefinedRouting"
    network_plugin: Literal["azure", "kubenet", "none"] = "azure"
    network_plugin_mode: Literal["overlay"] | None = Field(
        default=None, description="Default: overlay when no pool has a pod subnet."
    )
    network_data_plane: Literal["azure", "cilium"] | None = Field(
        default=None, description="Default: cilium with the azure plugin, azure otherwise."
    )
    network_policy: Literal["azure", "calico", "cilium", "none"] | None = Field(
        default=None, description="Default: cilium on cilium, calico otherwise."
    )
    pod_cidr: Cidr | None = Field(default=None, description="Overlay; default 10.244.0.0/16.")
    service_cidr: Cidr = "172.16.0.0/16"
    dns_service_ip: Address | None = Field(
        default=None, description="Default: the tenth address of `service_cidr`."
    )
    sku_tier: Literal["Free", "Standard", "Premium"] = "Standard"
    kubernetes_version: str | None = Field(default=None, pattern=r"^1\.[0-9]{1,3}(\.[0-9]{1,3})?$")
    local_accounts: bool = False
    azure_rbac: bool = True
    identity: ResourceName | None = Field(
        default=None, description="User-assigned identity; default `id-<cluster>`."
    )
    kubelet_identity: Annotated[Flag | Annotated[ResourceName, TEXT], BY_KIND] = Field(
        default=True,
        description=(
            "User-assigned identity of the kubelets, which gets AcrPull before the cluster "
            "exists; true is `id-<cluster>-kubelet`, false leaves it to AKS."
        ),
    )
    admin_group_object_ids: list[ObjectId] = Field(
        default=[],
        description=(
            "Entra groups that administer the cluster, and sign in on the jump box through Bastion."
        ),
    )
    api_server_subnet: str | None = Field(
        default=None,
        description=(
            "A subnet of the cluster's spoke for API Server VNet Integration, which then takes "
            "the place of the private endpoint; it gets the delegation that it needs."
        ),
    )
    bootstrap_registry: bool | None = Field(
        default=None,
        description=(
            "Nodes start from the design's registry, which caches Microsoft's. Default: true "
            "with `outbound_type: none`."
        ),
    )
    upgrade_channel: Literal["patch", "stable", "rapid", "node-image", "none"] = Field(
        default="patch", description="patch keeps the minor version and takes its fixes."
    )
    node_os_upgrade_channel: Literal["NodeImage", "SecurityPatch", "Unmanaged", "None"] = (
        "NodeImage"
    )
    maintenance_window: Window | None = Field(
        default=None, description="When Kubernetes is upgraded; default at any time."
    )
    node_os_maintenance_window: Window | None = Field(
        default=None, description="When node images are upgraded; default at any time."
    )
    run_command: bool = Field(
        default=False,
        description=(
            "`az aks command invoke`: a way to run commands in the cluster that the network "
            "does not see. Off, since the jump box and the agents have one that it does."
        ),
    )
    node_resource_group: GroupName | None = Field(
        default=None, description="Default: Azure's own name, `MC_<group>_<cluster>_<region>`."
    )
    storage_drivers: list[Literal["disk", "file", "blob", "snapshot"]] = Field(
        default=["disk", "file", "snapshot"], description="CSI drivers that AKS installs."
    )
    ingress: Ingress | None = Field(
        default=None,
        description=f"What takes HTTP requests in. {ingress_summary()}",
    )
    features: list[Feature] = Field(
        default=[], description="What the firewall must let out for it is in the catalogue."
    )
    pools: dict[PoolName, Pool] = Field(min_length=1)


class Workload(Section):
    """A service of the cluster, exposed through the firewall."""

    load_balancer: Literal["public", "internal"] = "internal"
    port: Port
    target_port: Port | None = Field(default=None, description="Default: `port`.")
    protocol: Literal["TCP"] = "TCP"
    frontend: str | None = Field(
        default=None,
        description=(
            "Internal: an address of the node subnet, default from its top. Public: the load "
            "balancer's public IP, default `pip-lb-<workload>`."
        ),
    )
    expose: bool = Field(default=True, description="false: no public IP and no DNAT rule.")
    public_ip: ResourceName | None = Field(
        default=None, description="The firewall's public IP; default `pip-afw-<workload>`."
    )
    firewall_port: int | None = Field(
        default=None, ge=1, le=DNAT_PORT.value, description="Default: `port`."
    )
