"""The AKS cluster, its node pools and the services that it exposes."""

from dataclasses import dataclass, field

from hubwright.model.origin import NOWHERE, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesClusterNodePool:
    """`azurerm_kubernetes_cluster_node_pool`, the default pool included."""

    name: str
    cluster: str
    mode: str
    """`System` or `User`."""
    subnet: str
    """Subnet id of the nodes."""
    pod_subnet: str | None = None
    """Subnet id of the pods (dynamic address allocation), if it is another one."""
    vm_size: str = "Standard_D4ds_v5"
    node_count: int = 3
    min_count: int | None = None
    max_count: int | None = None
    max_pods: int = 30
    zones: tuple[str, ...] = ()
    os_sku: str = "AzureLinux"
    only_critical_addons_enabled: bool = False
    origin: Origin = field(default=NOWHERE, compare=False)

    @property
    def virtual_network(self) -> str:
        """Name of the network that its nodes are in."""
        return self.subnet.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesCluster:
    """`azurerm_kubernetes_cluster`."""

    name: str
    location: str
    dns_prefix: str
    private_cluster_enabled: bool = True
    private_cluster_public_fqdn_enabled: bool = False
    private_dns_zone: str = "System"
    """`System`, `None`, or the name of a private DNS zone of the estate."""
    authorized_ip_ranges: tuple[str, ...] = ()
    """For a public cluster; an address, a prefix, or the name of a public IP of the estate."""
    outbound_type: str = "userDefinedRouting"
    network_plugin: str = "azure"
    network_plugin_mode: str | None = None
    """`overlay` or None."""
    network_data_plane: str = "cilium"
    network_policy: str | None = "cilium"
    pod_cidr: str | None = None
    service_cidr: str = "172.16.0.0/16"
    dns_service_ip: str = "172.16.0.10"
    sku_tier: str = "Standard"
    kubernetes_version: str | None = None
    local_account_disabled: bool = True
    azure_rbac_enabled: bool = True
    user_assigned_identity: str | None = None
    features: tuple[str, ...] = ()
    """Optional features by the catalogue's names, sorted: what they need is allowed to leave."""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesService:
    """A service of type LoadBalancer: a port on the cluster's public or internal load balancer."""

    name: str
    cluster: str
    load_balancer: str
    """`public` (Azure names it `kubernetes`) or `internal` (`kubernetes-internal`)."""
    port: int
    target_port: int
    frontend: str
    """An address of the node subnet (internal), or the name of a public IP (public)."""
    origin: Origin = field(default=NOWHERE, compare=False)
