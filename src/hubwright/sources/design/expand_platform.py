"""Registry, vault, storage and logs."""

from collections.abc import Iterator

from hubwright.model.monitor import MonitorWorkspace
from hubwright.model.platform import (
    ContainerRegistry,
    KeyVault,
    LogAnalyticsWorkspace,
    StorageAccount,
)
from hubwright.sources.design.draft import Draft

_PUBLIC_ACCESS = {"public_network_access_enabled": "public_network_access"}


def registry_name(draft: Draft) -> str | None:
    """Return the registry's name, or None where there is no registry."""
    section = draft.design.registry
    return None if section is None else section.name or f"acr{draft.design.name.replace('-', '')}"


def vault_name(draft: Draft) -> str | None:
    """Return the key vault's name, or None where there is none."""
    section = draft.design.key_vault
    return None if section is None else section.name or f"kv-{draft.design.name}"[:24].rstrip("-")


def storage_name(draft: Draft) -> str | None:
    """Return the storage account's name, or None where there is none."""
    section = draft.design.storage
    return (
        None if section is None else section.name or f"st{draft.design.name.replace('-', '')}"[:24]
    )


def workspace_name(draft: Draft) -> str | None:
    """Return the workspace's name, or None where there is none."""
    section = draft.design.log_analytics
    return None if section is None else section.name or f"log-{draft.design.name}"


def monitor_workspace_name(draft: Draft) -> str | None:
    """Return the Azure Monitor workspace's name; there is one where Prometheus is a feature."""
    cluster = draft.design.cluster
    if cluster is None or "managed-prometheus" not in cluster.features:
        return None
    return f"amw-{draft.design.name}"


def monitor_workspaces(draft: Draft) -> Iterator[MonitorWorkspace]:
    """Yield the Azure Monitor workspace of managed Prometheus."""
    name = monitor_workspace_name(draft)
    if name is not None:
        why = "managed Prometheus keeps its metrics in it"
        yield MonitorWorkspace(name=name, origin=draft.origin(("cluster", "features"), why))


def registries(draft: Draft) -> Iterator[ContainerRegistry]:
    """Yield the container registry."""
    section = draft.design.registry
    if section is None:
        return
    is_premium = section.sku == "Premium"
    for key in ("data_endpoint", "zone_redundancy", "georeplications"):
        if getattr(section, key) and not is_premium:
            message = f"`{key}` needs a Premium registry, and this is {section.sku}"
            draft.report("DESIGN010", message, ("registry", key), at_key=True)
    yield ContainerRegistry(
        name=registry_name(draft) or "",
        location=draft.design.location,
        sku=section.sku,
        public_network_access_enabled=section.public_network_access,
        zone_redundancy_enabled=is_premium
        if section.zone_redundancy is None
        else section.zone_redundancy,
        admin_enabled=section.admin_enabled,
        georeplications=tuple(section.georeplications),
        data_endpoint_enabled=is_premium
        if section.data_endpoint is None
        else section.data_endpoint,
        origin=draft.places.resource(
            ("registry",),
            {
                **_PUBLIC_ACCESS,
                "zone_redundancy_enabled": "zone_redundancy",
                "data_endpoint_enabled": "data_endpoint",
            },
        ),
    )


def key_vaults(draft: Draft) -> Iterator[KeyVault]:
    """Yield the key vault."""
    section = draft.design.key_vault
    if section is None:
        return
    yield KeyVault(
        name=vault_name(draft) or "",
        public_network_access_enabled=section.public_network_access,
        purge_protection_enabled=section.purge_protection,
        origin=draft.places.resource(
            ("key_vault",), {**_PUBLIC_ACCESS, "purge_protection_enabled": "purge_protection"}
        ),
    )


def storage_accounts(draft: Draft) -> Iterator[StorageAccount]:
    """Yield the storage account."""
    section = draft.design.storage
    if section is None:
        return
    yield StorageAccount(
        name=storage_name(draft) or "",
        public_network_access_enabled=section.public_network_access,
        account_replication_type=section.replication,
        shared_access_key_enabled=section.shared_access_key,
        origin=draft.places.resource(
            ("storage",),
            {
                **_PUBLIC_ACCESS,
                "account_replication_type": "replication",
                "shared_access_key_enabled": "shared_access_key",
            },
        ),
    )


def workspaces(draft: Draft) -> Iterator[LogAnalyticsWorkspace]:
    """Yield the Log Analytics workspace."""
    section = draft.design.log_analytics
    if section is None:
        return
    yield LogAnalyticsWorkspace(
        name=workspace_name(draft) or "",
        retention_in_days=section.retention_days,
        internet_ingestion_access_type="Disabled" if section.private_link else "Enabled",
        origin=draft.places.resource(("log_analytics",), {"retention_in_days": "retention_days"}),
    )
