"""The AKS cluster, its node pools and the services that it exposes."""

from dataclasses import field

from hubwright.lazy_dataclass import dataclass
from hubwright.model.origin import NOWHERE, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesClusterNodePool:
    """`azurerm_kubernetes_cluster_node_pool`, the default pool included."""

    name: str
    cluster: str
    mode: str
    """`System` or `User`."""
    is_default: bool = False
    """Whether it is the cluster's `default_node_pool`, in whose subnet the API server's private
    address lies."""
    subnet: str
    """Subnet id of the nodes."""
    pod_subnet: str | None = None
    """Subnet id of the pods (dynamic address allocation), if it is another one."""
    vm_size: str = "Standard_D4ds_v5"
    node_count: int = 3
    """How many nodes it has, or starts with where it is autoscaled."""
    min_count: int | None = None
    max_count: int | None = None
    max_pods: int = 30
    zones: tuple[str, ...] = ()
    os_sku: str = "AzureLinux"
    only_critical_addons_enabled: bool = False
    node_labels: tuple[tuple[str, str], ...] = ()
    """Sorted by key."""
    node_taints: tuple[str, ...] = ()
    host_encryption_enabled: bool = False
    os_disk_type: str = "Managed"
    """`Managed` or `Ephemeral`."""
    origin: Origin = field(default=NOWHERE, compare=False)

    @property
    def virtual_network(self) -> str:
        """Name of the network that its nodes are in."""
        return self.subnet.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceWindow:
    """A weekly time for upgrades: `maintenance_window_auto_upgrade` or `..._node_os`."""

    day_of_week: str
    """`Monday` to `Sunday`."""
    start_time: str
    """`HH:MM`, at `utc_offset`."""
    duration: int = 4
    """Hours, 4 to 24."""
    utc_offset: str = "+00:00"


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
    node_resource_group: str | None = None
    """None: Azure's own name, `MC_<group>_<cluster>_<region>`."""
    api_server_subnet: str | None = None
    """Subnet id of API Server VNet Integration; None: the API server has a private endpoint."""
    bootstrap_container_registry: str | None = None
    """Name of the registry that nodes start from (network isolated); None: from Microsoft's."""
    automatic_upgrade_channel: str | None = None
    node_os_upgrade_channel: str = "NodeImage"
    run_command_enabled: bool = True
    admin_group_object_ids: tuple[str, ...] = ()
    """Entra groups with cluster-admin, as object ids."""
    kubelet_identity: str | None = None
    """Name of the user-assigned identity of the kubelets; None: AKS makes one."""
    log_analytics_workspace: str | None = None
    """Name of the workspace of container insights and Defender."""
    monitor_workspace: str | None = None
    """Name of the Azure Monitor workspace of managed Prometheus."""
    disk_driver_enabled: bool = True
    """Storage driver of Azure Disks; likewise the next three."""
    file_driver_enabled: bool = True
    blob_driver_enabled: bool = False
    snapshot_controller_enabled: bool = True
    maintenance_window_auto_upgrade: MaintenanceWindow | None = None
    """When Kubernetes is upgraded; None: at any time."""
    maintenance_window_node_os: MaintenanceWindow | None = None
    """When node images are; None: at any time."""
    ingress: str | None = None
    """`internal-nginx`, `application-routing` (the Gateway API), `application-routing-nginx` (in
    plans of others), `application-gateway` (the AGIC add-on),
    `application-gateway-for-containers`, or None."""
    application_gateway: str | None = None
    """Name of the gateway that the AGIC add-on drives, or of the gateway for containers."""
    waits_for: tuple[str, ...] = ()
    """azurerm types, sorted, all of whose instances that its nodes need exist before it does:
    rule collection groups, route table associations, peerings, DNS links, role assignments."""
    resource_group_name: str = ""
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
