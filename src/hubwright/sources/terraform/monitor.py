"""Diagnostic settings, data collection, alerts, flow logs and private link scopes."""

from collections.abc import Iterator

from hubwright.model.monitor import (
    MonitorDataCollectionRule,
    MonitorDiagnosticSetting,
    MonitorMetricAlert,
    MonitorPrivateLinkScope,
    MonitorWorkspace,
)
from hubwright.model.network import NetworkWatcherFlowLog
from hubwright.sources.terraform.names import NETWORK
from hubwright.sources.terraform.platform import STORAGE, WORKSPACE
from hubwright.sources.terraform.roles import typed
from hubwright.sources.terraform.values import Reader, View

SETTING = "azurerm_monitor_diagnostic_setting"
RULE = "azurerm_monitor_data_collection_rule"
ASSOCIATION = "azurerm_monitor_data_collection_rule_association"
ALERT = "azurerm_monitor_metric_alert"
SCOPE = "azurerm_monitor_private_link_scope"
SCOPED = "azurerm_monitor_private_link_scoped_service"
METRICS = "azurerm_monitor_workspace"
FLOW_LOG = "azurerm_network_watcher_flow_log"
TYPES = frozenset({SETTING, RULE, ASSOCIATION, ALERT, SCOPE, SCOPED, METRICS, FLOW_LOG})


def settings(reader: Reader) -> Iterator[MonitorDiagnosticSetting]:
    """Yield the diagnostic settings that write to a workspace."""
    for view in reader.views(SETTING):
        workspace = view.target("log_analytics_workspace_id", WORKSPACE)
        if workspace is None:
            continue
        metrics = [*view.blocks("enabled_metric"), *view.blocks("metric")]
        yield MonitorDiagnosticSetting(
            name=view.text("name"),
            target=typed(view, "target_resource_id"),
            log_analytics_workspace=workspace,
            log_analytics_destination_type=view.text("log_analytics_destination_type") or None,
            log_categories=tuple(sorted(_categories(view))),
            metrics=any(block.raw("enabled") is not False for block in metrics),
            origin=view.whole(),
        )


def _categories(view: View) -> Iterator[str]:
    for block in (*view.blocks("enabled_log"), *view.blocks("log")):
        if block.raw("enabled") is False:
            continue
        group = block.text("category_group")
        yield f"group:{group}" if group else block.text("category")


def collection_rules(reader: Reader) -> Iterator[MonitorDataCollectionRule]:
    """Yield the data collection rules that write to a workspace, with what they are put on."""
    targets: dict[str, list[str]] = {}
    for view in reader.views(ASSOCIATION):
        rule = view.target("data_collection_rule_id", RULE)
        if rule:
            targets.setdefault(rule, []).append(typed(view, "target_resource_id"))
    for view in reader.views(RULE):
        name = reader.names.of(view.resource)
        destinations = view.block("destinations")
        sinks = destinations.blocks("log_analytics")
        accounts = destinations.blocks("monitor_account")
        workspace = sinks[0].target("workspace_resource_id", WORKSPACE) if sinks else None
        metrics = accounts[0].target("monitor_account_id", METRICS) if accounts else None
        if workspace is None and metrics is None:
            continue
        flows = view.blocks("data_flow")
        streams = {stream for flow in flows for stream in flow.texts("streams")}
        yield MonitorDataCollectionRule(
            name=name,
            log_analytics_workspace=workspace,
            monitor_workspace=metrics,
            streams=tuple(sorted(streams)),
            targets=tuple(sorted(targets.get(name, ()))),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(),
        )


def metrics_workspaces(reader: Reader) -> Iterator[MonitorWorkspace]:
    """Yield the Azure Monitor workspaces."""
    for view in reader.views(METRICS):
        yield MonitorWorkspace(
            name=reader.names.of(view.resource),
            public_network_access_enabled=view.flag("public_network_access_enabled"),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(),
        )


def alerts(reader: Reader) -> Iterator[MonitorMetricAlert]:
    """Yield the metric alerts with a static criterion."""
    for view in reader.views(ALERT):
        for block in view.blocks("criteria")[:1]:
            threshold = block.raw("threshold")
            yield MonitorMetricAlert(
                name=reader.names.of(view.resource),
                scope=typed(view, "scopes"),
                metric_namespace=block.text("metric_namespace"),
                metric_name=block.text("metric_name"),
                aggregation=block.text("aggregation"),
                operator=block.text("operator"),
                dimensions=tuple(
                    (item.text("name"), value)
                    for item in block.blocks("dimension")
                    for value in item.texts("values")
                ),
                threshold=float(threshold) if isinstance(threshold, int | float) else 0.0,
                severity=3 if (found := view.number("severity")) is None else found,
                resource_group_name=view.text("resource_group_name"),
                origin=view.whole(),
            )


def link_scopes(reader: Reader) -> Iterator[MonitorPrivateLinkScope]:
    """Yield the private link scopes with what is linked to them."""
    linked: dict[str, list[str]] = {}
    for view in reader.views(SCOPED):
        scope = view.text("scope_name") or view.target("scope_name", SCOPE) or ""
        linked.setdefault(scope, []).append(typed(view, "linked_resource_id"))
    for view in reader.views(SCOPE):
        name = reader.names.of(view.resource)
        yield MonitorPrivateLinkScope(
            name=name,
            ingestion_access_mode=view.text("ingestion_access_mode") or "Open",
            query_access_mode=view.text("query_access_mode") or "Open",
            linked_resources=tuple(linked.get(name, ())),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(),
        )


def flow_logs(reader: Reader) -> Iterator[NetworkWatcherFlowLog]:
    """Yield the flow logs of virtual networks."""
    for view in reader.views(FLOW_LOG):
        network = view.target("target_resource_id", NETWORK)
        account = view.target("storage_account_id", STORAGE)
        if network is None or account is None:
            continue
        analytics = view.block("traffic_analytics")
        workspace = (
            analytics.target("workspace_resource_id", WORKSPACE) if analytics.exists else None
        )
        yield NetworkWatcherFlowLog(
            name=view.text("name"),
            virtual_network=network,
            storage_account=account,
            log_analytics_workspace=workspace,
            retention_in_days=view.block("retention_policy").number("days") or 0,
            origin=view.whole(),
        )
