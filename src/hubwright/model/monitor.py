"""What is logged, where it goes, and what raises an alarm."""

from dataclasses import field

from hubwright.lazy_dataclass import dataclass
from hubwright.model.origin import NOWHERE, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorDiagnosticSetting:
    """
    `azurerm_monitor_diagnostic_setting`.

    A target is `type:name`, as scopes of roles are; `storage_blob_service:<account>` is the blob
    service of a storage account, `<account id>/blobServices/default`.
    """

    name: str
    target: str
    log_analytics_workspace: str
    log_analytics_destination_type: str | None = None
    """`Dedicated`: resource-specific tables; None: the service has only one form."""
    log_categories: tuple[str, ...] = ()
    """Sorted; a category group is written `group:allLogs`."""
    metrics: bool = True
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorWorkspace:
    """`azurerm_monitor_workspace`: where managed Prometheus keeps its metrics."""

    name: str
    public_network_access_enabled: bool = False
    """Whether queries come over the internet."""
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorDataCollectionRule:
    """`azurerm_monitor_data_collection_rule` with its associations."""

    name: str
    log_analytics_workspace: str | None = None
    """Where its logs go; None: it has none."""
    monitor_workspace: str | None = None
    """Where its Prometheus metrics go (`Microsoft-PrometheusMetrics`); None: it has none."""
    streams: tuple[str, ...]
    """Sorted."""
    targets: tuple[str, ...]
    """`type:name` of the clusters and machines that it is associated with, sorted."""
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorMetricAlert:
    """`azurerm_monitor_metric_alert` with one static criterion."""

    name: str
    scope: str
    """`type:name`."""
    metric_namespace: str
    metric_name: str
    aggregation: str
    operator: str
    threshold: float
    severity: int = 2
    """0 is the worst."""
    dimensions: tuple[tuple[str, str], ...] = ()
    """Dimension and the value of it that counts; empty: all are taken together."""
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorPrivateLinkScope:
    """`azurerm_monitor_private_link_scope`: workspaces that are reached privately."""

    name: str
    ingestion_access_mode: str = "PrivateOnly"
    query_access_mode: str = "Open"
    linked_resources: tuple[str, ...] = ()
    """`type:name`, in order."""
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)
