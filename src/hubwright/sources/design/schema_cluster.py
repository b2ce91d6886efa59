"""The cluster in a design, its node pools, and the workloads that it exposes."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from hubwright.catalogue.egress import FEATURES
from hubwright.catalogue.limits import DNAT_PORT
from hubwright.model.address import AddressError, Prefix
from hubwright.sources.design.fields import (
    Address,
    Cidr,
    ClusterName,
    DnsPrefix,
    PoolName,
    Port,
    ResourceName,
    Section,
    Slug,
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


def _authorized(text: str) -> str:
    if "/" in text or text.replace(".", "").isdigit():
        try:
            Prefix.parse(text)
        except AddressError as error:
            raise refuse(str(error)) from None
    return text


AuthorizedRange = Annotated[str, AfterValidator(_authorized)]
"""An address, a prefix, or the name of a public IP of the design."""


class Pool(Section):
    """A node pool."""

    mode: Literal["System", "User"] = "User"
    subnet: str = Field(description="A subnet of the cluster's spoke.")
    pod_subnet: str | None = Field(default=None, description="Where pods get their addresses.")
    vm_size: str = Field(default="Standard_D4ds_v5", pattern=r"^[A-Za-z]+_[A-Za-z0-9_-]+$")
    count: int = Field(default=3, ge=0, le=1000)
    min: int | None = Field(default=None, ge=0, le=1000, description="With `max`: autoscaling.")
    max: int | None = Field(default=None, ge=1, le=1000)
    max_pods: int = Field(default=30, ge=10, le=250)
    zones: list[Zone] = Field(default=[1, 2, 3])
    os_sku: Literal[
        "AzureLinux", "AzureLinux3", "Ubuntu", "Ubuntu2204", "Ubuntu2404", "Windows2022"
    ] = "AzureLinux"
    tainted: bool | None = Field(
        default=None, description="Critical system pods only. Default true for System."
    )


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
