"""
Metric alerts worth having, by azurerm type: dated facts with their source.

Source: azure.github.io/azure-monitor-baseline-alerts (2026-06), by service; the firewall's metrics
are those of learn.microsoft.com/azure/firewall/monitor-firewall-reference (2026-06).
"""

from typing import NamedTuple

SOURCE = "azure.github.io/azure-monitor-baseline-alerts"
DATE = "2026-06"


class Alert(NamedTuple):
    """One alert with a static criterion."""

    target: str
    """azurerm type without its prefix."""
    name: str
    """What the alert is called, before the name of its target."""
    namespace: str
    metric: str
    aggregation: str
    operator: str
    threshold: float
    severity: int
    """0 is the worst."""
    why: str
    dimensions: tuple[tuple[str, str], ...] = ()
    """Dimension and the value that counts; empty: every value."""


_FIREWALL = "Microsoft.Network/azureFirewalls"
_CLUSTER = "Microsoft.ContainerService/managedClusters"

THROUGHPUT_BITS = {"Basic": 250e6, "Standard": 30e9, "Premium": 100e9}
"""Firewall tier -> the most that it carries, in bits a second.
Source: learn.microsoft.com/azure/firewall/firewall-performance (2025)."""
THROUGHPUT_SHARE = 0.8

ALERTS = (
    Alert(
        "firewall",
        "health",
        _FIREWALL,
        "FirewallHealth",
        "Average",
        "LessThan",
        90,
        1,
        "the firewall is the only way out",
    ),
    Alert(
        "firewall",
        "snat-ports",
        _FIREWALL,
        "SNATPortUtilization",
        "Average",
        "GreaterThan",
        80,
        1,
        "without a free port of a public address, connections fail at random",
    ),
    Alert(
        "firewall",
        "latency",
        _FIREWALL,
        "FirewallLatencyPng",
        "Average",
        "GreaterThan",
        20,
        2,
        "a firewall that is late is overloaded, or ill",
    ),
    Alert(
        "kubernetes_cluster",
        "node-not-ready",
        _CLUSTER,
        "kube_node_status_condition",
        "Total",
        "GreaterThan",
        0,
        1,
        "a node that is not ready takes no pods",
        (("status2", "NotReady"),),
    ),
    Alert(
        "kubernetes_cluster",
        "node-cpu",
        _CLUSTER,
        "node_cpu_usage_percentage",
        "Average",
        "GreaterThan",
        95,
        2,
        "pods wait for a processor",
    ),
    Alert(
        "kubernetes_cluster",
        "node-memory",
        _CLUSTER,
        "node_memory_working_set_percentage",
        "Average",
        "GreaterThan",
        95,
        2,
        "the kernel will end pods for want of memory",
    ),
    Alert(
        "application_gateway",
        "unhealthy-backends",
        "Microsoft.Network/applicationGateways",
        "UnhealthyHostCount",
        "Average",
        "GreaterThan",
        0,
        2,
        "the gateway has backends that do not answer",
    ),
    Alert(
        "key_vault",
        "availability",
        "Microsoft.KeyVault/vaults",
        "Availability",
        "Average",
        "LessThan",
        99,
        1,
        "workloads read their secrets there",
    ),
)
"""Alerts with one threshold for everybody; `throughput` has one by the firewall's tier."""


def throughput(tier: str) -> Alert:
    """Return the alert on a firewall of a tier that nears what it can carry."""
    limit = THROUGHPUT_BITS.get(tier, THROUGHPUT_BITS["Standard"])
    return Alert(
        "firewall",
        "throughput",
        _FIREWALL,
        "Throughput",
        "Average",
        "GreaterThan",
        limit * THROUGHPUT_SHARE,
        2,
        f"the {tier} tier carries {limit / 1e9:g} Gbps at most",
    )
