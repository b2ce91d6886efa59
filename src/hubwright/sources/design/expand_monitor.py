"""What is logged, where it goes, and what raises an alarm."""

from collections.abc import Iterator

from hubwright.catalogue.alerts import ALERTS, throughput
from hubwright.catalogue.alerts import DATE as ALERTS_DATE
from hubwright.catalogue.alerts import SOURCE as ALERTS_SOURCE
from hubwright.catalogue.diagnostics import DATE, DIAGNOSTICS, SOURCE
from hubwright.model.estate import Estate
from hubwright.model.monitor import (
    MonitorDataCollectionRule,
    MonitorDiagnosticSetting,
    MonitorMetricAlert,
    MonitorPrivateLinkScope,
)
from hubwright.model.network import NetworkWatcherFlowLog
from hubwright.sources.design.draft import Draft
from hubwright.sources.design.expand_platform import storage_name, workspace_name
from hubwright.sources.design.schema_monitoring import PrivateLinkScope
from hubwright.sources.design.spans import Path

_TARGETS = {
    "virtual_network": "virtual_networks",
    "network_security_group": "network_security_groups",
    "public_ip": "public_ips",
    "nat_gateway": "nat_gateways",
    "firewall": "firewalls",
    "bastion_host": "bastion_hosts",
    "kubernetes_cluster": "kubernetes_clusters",
    "application_gateway": "application_gateways",
    "application_load_balancer": "application_load_balancers",
    "container_registry": "container_registries",
    "key_vault": "key_vaults",
    "storage_account": "storage_accounts",
    "storage_blob_service": "storage_accounts",
    "log_analytics_workspace": "log_analytics_workspaces",
}
"""Type of the diagnostics table -> field of the estate."""
_CONTAINER_INSIGHTS = ("Microsoft-ContainerInsights-Group-Default",)
"""Source: learn.microsoft.com/azure/azure-monitor/containers/container-insights-data-collection-
configure (2026-05)."""
_MACHINE_STREAMS = {
    "Linux": ("Microsoft-Perf", "Microsoft-Syslog"),
    "Windows": ("Microsoft-Event", "Microsoft-Perf"),
}
"""Source: learn.microsoft.com/azure/azure-monitor/vm/data-collection (2026-03)."""


def diagnostic_settings(draft: Draft, estate: Estate) -> Iterator[MonitorDiagnosticSetting]:
    """Yield a setting for every resource that has anything to send."""
    workspace, asked = workspace_name(draft), draft.design.monitoring.diagnostic_settings
    if not _is_on(draft, "diagnostic_settings", asked, workspace is not None):
        return
    for kind, field in _TARGETS.items():
        sends = DIAGNOSTICS[kind]
        suffix = "-blob" if kind == "storage_blob_service" else ""
        for item in getattr(estate, field):
            why = f"what it logs goes to one place ({SOURCE}, {DATE})"
            yield MonitorDiagnosticSetting(
                name=f"diag-{item.name}{suffix}",
                target=f"{kind}:{item.name}",
                log_analytics_workspace=workspace or "",
                log_analytics_destination_type="Dedicated" if sends.dedicated else None,
                log_categories=sends.logs,
                metrics=sends.metrics,
                origin=draft.origin(_path(draft, "diagnostic_settings"), why),
            )


def _path(draft: Draft, key: str) -> Path:
    path: Path = ("monitoring", key)
    return path if draft.places.has(path) else ("log_analytics",)


def _is_on(draft: Draft, key: str, asked: bool | None, possible: bool) -> bool:
    """Tell whether something is on; note what was asked for and lacks what it needs."""
    if asked and not possible:
        needs = "`log_analytics`" if key != "flow_logs" else "`storage`"
        message = f"`{key}` is on, and there is no {needs} that takes them"
        help_ = f"write {needs.replace('`', '')}: {{}}"
        draft.report("DESIGN007", message, ("monitoring", key), help_)
        return False
    return possible if asked is None else asked


def flow_logs(draft: Draft, estate: Estate) -> Iterator[NetworkWatcherFlowLog]:
    """
    Yield the flow log of each network.

    Source: learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview (2026-02): flow logs
    of networks took the place of those of security groups, of which no new ones can be made.
    """
    monitoring, account = draft.design.monitoring, storage_name(draft)
    asked = monitoring.flow_logs
    default = account is not None and draft.design.log_analytics is not None
    possible = account is not None if asked else default
    if not _is_on(draft, "flow_logs", asked, possible):
        return
    for network in estate.virtual_networks:
        yield NetworkWatcherFlowLog(
            name=f"fl-{network.name}",
            virtual_network=network.name,
            storage_account=account or "",
            log_analytics_workspace=workspace_name(draft),
            retention_in_days=monitoring.flow_log_retention_days,
            origin=draft.origin(
                _path(draft, "flow_logs"), "who spoke to whom is on record for every network"
            ),
        )


def alerts(draft: Draft, estate: Estate) -> Iterator[MonitorMetricAlert]:
    """Yield the alerts of every resource that has any."""
    asked, possible = draft.design.monitoring.alerts, draft.design.log_analytics is not None
    if not (possible if asked is None else asked):
        return
    for alert in (*ALERTS, *(throughput(firewall.sku_tier) for firewall in estate.firewalls)):
        for item in getattr(estate, _TARGETS[alert.target]):
            why = f"{alert.why} ({ALERTS_SOURCE}, {ALERTS_DATE})"
            yield MonitorMetricAlert(
                name=f"alert-{item.name}-{alert.name}",
                scope=f"{alert.target}:{item.name}",
                metric_namespace=alert.namespace,
                metric_name=alert.metric,
                aggregation=alert.aggregation,
                operator=alert.operator,
                threshold=float(alert.threshold),
                severity=alert.severity,
                dimensions=alert.dimensions,
                origin=draft.origin(_path(draft, "alerts"), why),
            )
    yield from _attack_alerts(draft, estate)


def _attack_alerts(draft: Draft, estate: Estate) -> Iterator[MonitorMetricAlert]:
    if not estate.network_ddos_protection_plans:
        return
    for public in estate.public_ips:
        yield MonitorMetricAlert(
            name=f"alert-{public.name}-ddos",
            scope=f"public_ip:{public.name}",
            metric_namespace="Microsoft.Network/publicIPAddresses",
            metric_name="IfUnderDDoSAttack",
            aggregation="Maximum",
            operator="GreaterThan",
            threshold=0.0,
            severity=1,
            origin=draft.origin(("hub", "ddos_protection"), "an attack shows at the address"),
        )


def collection_rules(draft: Draft, estate: Estate) -> Iterator[MonitorDataCollectionRule]:
    """Yield the rules of container insights and of machines; agents send nothing without one."""
    for cluster in estate.kubernetes_clusters:
        if cluster.monitor_workspace is not None:
            yield MonitorDataCollectionRule(
                name=f"dcr-{cluster.name}-prometheus",
                monitor_workspace=cluster.monitor_workspace,
                streams=("Microsoft-PrometheusMetrics",),
                targets=(f"kubernetes_cluster:{cluster.name}",),
                origin=draft.origin(("cluster", "features"), "it says where metrics go"),
            )
    workspace = workspace_name(draft)
    if workspace is None:
        return
    for cluster in estate.kubernetes_clusters:
        if "container-insights" in cluster.features:
            yield MonitorDataCollectionRule(
                name=f"dcr-{cluster.name}",
                log_analytics_workspace=workspace,
                streams=_CONTAINER_INSIGHTS,
                targets=(f"kubernetes_cluster:{cluster.name}",),
                origin=draft.origin(("cluster", "features"), "it says what the agent collects"),
            )
    for os_type, streams in _MACHINE_STREAMS.items():
        targets = [
            f"{os_type.lower()}_virtual_machine:{machine.name}"
            for machine in estate.virtual_machines
            if machine.azure_monitor_agent_enabled and machine.os_type == os_type
        ]
        if targets:
            yield MonitorDataCollectionRule(
                name=f"dcr-{os_type.lower()}-machines",
                log_analytics_workspace=workspace,
                streams=streams,
                targets=tuple(sorted(targets)),
                origin=draft.origin(("log_analytics",), "it says what the agents collect"),
            )


def scope_of(draft: Draft) -> PrivateLinkScope | None:
    """Return the settings of the private link scope, or None when there is none."""
    section = draft.design.log_analytics
    form = section.private_link if section else False
    if isinstance(form, PrivateLinkScope):
        return form
    return PrivateLinkScope() if form else None


def scope_name(draft: Draft) -> str:
    """Return the name of the private link scope."""
    section = scope_of(draft)
    return (section.name if section else None) or f"ampls-{draft.design.name}"


def private_link_scopes(draft: Draft) -> Iterator[MonitorPrivateLinkScope]:
    """Yield the private link scope of the workspace."""
    if scope_of(draft) is None:
        return
    yield MonitorPrivateLinkScope(
        name=scope_name(draft),
        linked_resources=(f"log_analytics_workspace:{workspace_name(draft)}",),
        origin=draft.origin(
            ("log_analytics", "private_link"), "the workspace takes logs in over it only"
        ),
    )
