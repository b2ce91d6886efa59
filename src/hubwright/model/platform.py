"""The services around the cluster: machines, Bastion, registry, vault, storage and logs."""

from dataclasses import field

from hubwright.lazy_dataclass import dataclass
from hubwright.model.origin import NOWHERE, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class LinuxVirtualMachine:
    """`azurerm_linux_virtual_machine`: the jump box, or a self-hosted agent."""

    name: str
    subnet: str
    """Subnet id."""
    purpose: str = ""
    """`jumpbox`, `agent`, or "" for any other."""
    os_type: str = "Linux"
    """`Linux` or `Windows`; the latter is `azurerm_windows_virtual_machine`."""
    size: str = "Standard_D2ds_v5"
    private_ip_address: str | None = None
    """Static address, if one was asked for."""
    public_ip: str | None = None
    """Name of a public IP."""
    network_security_group: str | None = None
    """Group on its network interface, beside that of the subnet."""
    entra_login_enabled: bool = False
    """Whether people sign in with Microsoft Entra (the `AADSSHLoginForLinux` extension)."""
    azure_monitor_agent_enabled: bool = False
    boot_diagnostics_storage_account: str | None = None
    """Name of a storage account; None: the platform keeps them."""
    user_assigned_identity: str | None = None
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BastionHost:
    """`azurerm_bastion_host`."""

    name: str
    virtual_network: str
    sku: str = "Standard"
    public_ip: str | None = None
    zones: tuple[str, ...] = ()
    tunneling_enabled: bool = False
    """Native clients (`az network bastion ssh`); Standard and above."""
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerRegistry:
    """`azurerm_container_registry`."""

    name: str
    location: str
    sku: str = "Premium"
    public_network_access_enabled: bool = False
    zone_redundancy_enabled: bool = True
    admin_enabled: bool = False
    georeplications: tuple[str, ...] = ()
    data_endpoint_enabled: bool = True
    """Layers come from `<registry>.<region>.data.<suffix>`, not from any blob account."""
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyVault:
    """`azurerm_key_vault`."""

    name: str
    public_network_access_enabled: bool = False
    network_acls_default_action: str = "Deny"
    """What happens to public callers of no rule, while public access is on: `Allow` or `Deny`."""
    purge_protection_enabled: bool = True
    rbac_authorization_enabled: bool = True
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageAccount:
    """`azurerm_storage_account`."""

    name: str
    public_network_access_enabled: bool = False
    network_rules_default_action: str = "Deny"
    """What happens to public callers of no rule, while public access is on: `Allow` or `Deny`."""
    account_replication_type: str = "ZRS"
    shared_access_key_enabled: bool = False
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogAnalyticsWorkspace:
    """`azurerm_log_analytics_workspace`; every resource with categories sends its logs there."""

    name: str
    retention_in_days: int = 30
    internet_ingestion_access_type: str = "Enabled"
    """`Enabled`, `Disabled` (only through a private link scope) or `SecuredByPerimeter`."""
    internet_query_access_type: str = "Enabled"
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinuxVirtualMachineScaleSet:
    """`azurerm_linux_virtual_machine_scale_set`: self-hosted agents that Azure DevOps scales."""

    name: str
    subnet: str
    """Subnet id."""
    sku: str = "Standard_D2ds_v5"
    instances: int = 0
    """How many at first; Azure DevOps changes it."""
    zones: tuple[str, ...] = ()
    user_assigned_identity: str | None = None
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedDevopsPool:
    """`azurerm_managed_devops_pool` in its delegated subnet."""

    name: str
    subnet: str
    """Subnet id; delegated to `Microsoft.DevOpsInfrastructure/pools`, for one pool only."""
    organization_url: str
    """`https://dev.azure.com/<organization>`."""
    projects: tuple[str, ...] = ()
    """Of the organization; empty: all."""
    maximum_concurrency: int = 2
    sku_name: str = "Standard_D2ds_v5"
    image: str = "ubuntu-24.04/latest"
    """Well-known image name."""
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)
