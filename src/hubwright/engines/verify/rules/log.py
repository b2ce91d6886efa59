"""What is not logged: without it nobody sees what a rule denied, or who did what."""

from collections.abc import Iterator
from typing import Any

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.estate import Estate
from hubwright.model.monitor import MonitorDiagnosticSetting
from hubwright.model.origin import Origin

_LEGACY = frozenset(
    {"AzureFirewallApplicationRule", "AzureFirewallNetworkRule", "AzureFirewallDnsProxy"}
)
_FIREWALL = ("AZFWApplicationRule", "AZFWNetworkRule", "AZFWNatRule")
"""Categories that say what rules did. Source: learn.microsoft.com/azure/azure-monitor/reference/
supported-logs/microsoft-network-azurefirewalls-logs (2026-07-14)."""
_AUDIT = frozenset({"kube-audit", "kube-audit-admin"})
_GROUPS = frozenset({"group:allLogs", "group:audit"})


def _logging(estate: Estate) -> Iterator[tuple[str, str, Origin]]:
    """Yield type, name and origin of what logs something that matters here."""
    kinds: dict[str, tuple[Any, ...]] = {
        "firewall": estate.firewalls,
        "kubernetes_cluster": estate.kubernetes_clusters,
        "key_vault": estate.key_vaults,
        "container_registry": estate.container_registries,
        "bastion_host": estate.bastion_hosts,
        "application_gateway": estate.application_gateways,
        "application_load_balancer": estate.application_load_balancers,
    }
    for kind, items in kinds.items():
        for item in items:
            yield kind, item.name, item.origin


def _settings(estate: Estate, target: str) -> list[MonitorDiagnosticSetting]:
    return [item for item in estate.monitor_diagnostic_settings if item.target == target]


@rule("LOG001", Severity.WARNING, "a resource sends its logs nowhere")
def no_setting(case: Case) -> Iterator[Finding]:
    """Find resources without a diagnostic setting, where a workspace is there to take them."""
    estate = case.estate
    if not estate.log_analytics_workspaces:
        return
    workspace = estate.log_analytics_workspaces[0]
    for kind, name, origin in _logging(estate):
        if _settings(estate, f"{kind}:{name}"):
            continue
        yield Finding(
            message=f"what `{name}` logs is kept nowhere",
            at=nearest(origin),
            label="no diagnostic setting",
            causes=((workspace.origin, f"`{workspace.name}` could take it"),),
            help=f"send its logs to `{workspace.name}`",
        )


@rule("LOG002", Severity.INFO, "nothing is logged")
def no_workspace(case: Case) -> Iterator[Finding]:
    """Find estates with a firewall or a cluster and no workspace."""
    estate = case.estate
    if estate.log_analytics_workspaces or estate.monitor_diagnostic_settings:
        return
    owners = [(item.name, item.origin) for item in estate.firewalls]
    owners += [(item.name, item.origin) for item in estate.kubernetes_clusters]
    if owners:
        names = ", ".join(f"`{name}`" for name, _ in owners)
        yield Finding(
            message=f"what {names} deny and do is logged nowhere",
            at=nearest(owners[0][1], estate.origin),
            label="no workspace takes its logs",
            help="add a Log Analytics workspace",
        )


@rule("LOG003", Severity.WARNING, "a setting leaves out what matters")
def incomplete(case: Case) -> Iterator[Finding]:
    """Compare categories with those that say what rules did, and who did what in the cluster."""
    estate = case.estate
    for firewall in estate.firewalls:
        found = _settings(estate, f"firewall:{firewall.name}")
        sent = {category for item in found for category in item.log_categories}
        missing = [category for category in _FIREWALL if category not in sent]
        if not found or sent & _GROUPS or (sent & _LEGACY and len(missing) == len(_FIREWALL)):
            continue
        if missing:
            yield _left_out(found[0], firewall.name, firewall.origin, missing)
    for cluster in estate.kubernetes_clusters:
        found = _settings(estate, f"kubernetes_cluster:{cluster.name}")
        sent = {category for item in found for category in item.log_categories}
        if found and not sent & (_AUDIT | _GROUPS):
            yield _left_out(found[0], cluster.name, cluster.origin, ["kube-audit-admin"])


def _left_out(
    item: MonitorDiagnosticSetting, name: str, origin: Origin, missing: list[str]
) -> Finding:
    return Finding(
        message=f"`{item.name}` leaves out {', '.join(missing)} of `{name}`",
        at=nearest(item.origin.of("log_categories"), item.origin, origin),
        label="not sent",
        causes=((origin, f"`{name}`"),),
        help=f"add {', '.join(missing)}",
    )


@rule("LOG004", Severity.WARNING, "a firewall logs in the old form")
def legacy_form(case: Case) -> Iterator[Finding]:
    """Find firewall settings with the legacy categories, or without tables of their own."""
    for firewall in case.estate.firewalls:
        for item in _settings(case.estate, f"firewall:{firewall.name}"):
            old = sorted(_LEGACY & set(item.log_categories))
            dedicated = item.log_analytics_destination_type == "Dedicated"
            if not old and dedicated:
                continue
            what = f"legacy categories {', '.join(old)}" if old else "one table for all services"
            yield Finding(
                message=f"`{firewall.name}` logs in the old form: {what}",
                at=nearest(
                    item.origin.of("log_analytics_destination_type"), item.origin, firewall.origin
                ),
                label=f"in `{item.name}`",
                notes=("every line is then a text that must be taken apart, and costs more",),
                help="send the `AZFW` categories with destination type `Dedicated`",
            )


@rule("LOG005", Severity.WARNING, "a network has no flow log")
def no_flow_log(case: Case) -> Iterator[Finding]:
    """Find networks without a flow log, where there is an account to keep it and a workspace."""
    estate = case.estate
    if not estate.storage_accounts or not estate.log_analytics_workspaces:
        return
    logged = {item.virtual_network for item in estate.network_watcher_flow_logs}
    homes = {subnet.virtual_network for subnet in estate.subnets}
    for network in estate.virtual_networks:
        if network.name in logged or network.name not in homes:
            continue
        yield Finding(
            message=f"who spoke to whom in `{network.name}` is not recorded",
            at=nearest(network.origin),
            label="no flow log",
            notes=("flow logs of networks took the place of those of security groups in 2025",),
            help="add a flow log for it",
        )


@rule("LOG006", Severity.ERROR, "container logs do not arrive")
def no_collection_rule(case: Case) -> Iterator[Finding]:
    """Find clusters with container insights that no data collection rule is associated with."""
    estate = case.estate
    for cluster in estate.kubernetes_clusters:
        target = f"kubernetes_cluster:{cluster.name}"
        if "container-insights" not in cluster.features or not estate.log_analytics_workspaces:
            continue
        if any(
            target in item.targets and item.log_analytics_workspace
            for item in estate.monitor_data_collection_rules
        ):
            continue
        yield Finding(
            message=f"container logs of `{cluster.name}` do not arrive: no rule says what to "
            "collect",
            at=nearest(cluster.origin.of("features"), cluster.origin),
            label="container insights is on",
            help="associate a data collection rule with the cluster",
        )


@rule("LOG007", Severity.WARNING, "a machine sends no logs")
def silent_machine(case: Case) -> Iterator[Finding]:
    """Find machines without the Azure Monitor agent, or without a rule for it."""
    estate = case.estate
    if not estate.log_analytics_workspaces:
        return
    for machine in estate.virtual_machines:
        target = f"{machine.os_type.lower()}_virtual_machine:{machine.name}"
        has_rule = any(target in r.targets for r in estate.monitor_data_collection_rules)
        if machine.azure_monitor_agent_enabled and has_rule:
            continue
        lacks = "data collection rule" if machine.azure_monitor_agent_enabled else "agent"
        yield Finding(
            message=f"who signs in on `{machine.name}` is not recorded: it has no {lacks}",
            at=nearest(machine.origin.of("azure_monitor_agent_enabled"), machine.origin),
            label=f"no {lacks}",
            help="install the Azure Monitor agent, and associate a data collection rule",
        )
