"""The services around the cluster: machines, Bastion, registry, vault, storage and logs."""

from dataclasses import dataclass, field

from hubwright.model.origin import NOWHERE, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class LinuxVirtualMachine:
    """`azurerm_linux_virtual_machine`: the jump box, or a self-hosted agent."""

    name: str
    subnet: str
    """Subnet id."""
    size: str = "Standard_D2ds_v5"
    private_ip_address: str | None = None
    """Static address, if one was asked for."""
    public_ip: str | None = None
    """Name of a public IP."""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BastionHost:
    """`azurerm_bastion_host`."""

    name: str
    virtual_network: str
    sku: str = "Standard"
    public_ip: str | None = None
    zones: tuple[str, ...] = ()
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
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyVault:
    """`azurerm_key_vault`."""

    name: str
    public_network_access_enabled: bool = False
    purge_protection_enabled: bool = True
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageAccount:
    """`azurerm_storage_account`."""

    name: str
    public_network_access_enabled: bool = False
    account_replication_type: str = "ZRS"
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogAnalyticsWorkspace:
    """`azurerm_log_analytics_workspace`; every resource with categories sends its logs there."""

    name: str
    retention_in_days: int = 30
    origin: Origin = field(default=NOWHERE, compare=False)
