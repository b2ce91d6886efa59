"""
What each type of resource can log, by azurerm type: dated facts with their source.

Source: learn.microsoft.com/azure/azure-monitor/reference/supported-logs/logs-index and
/supported-metrics/metrics-index (2026-08), by resource type.
"""

from typing import NamedTuple

SOURCE = "learn.microsoft.com/azure/azure-monitor/reference/supported-logs/logs-index"
DATE = "2026-08"
ALL_LOGS = ("group:allLogs",)


class Diagnostics(NamedTuple):
    """What a diagnostic setting of a type sends."""

    logs: tuple[str, ...] = ALL_LOGS
    """Categories, sorted; a category group is written `group:allLogs`."""
    metrics: bool = True
    """Whether the type has metrics that go to a workspace."""
    dedicated: bool = False
    """Whether its logs have tables of their own, which is the form to choose where it is."""


FIREWALL_LOGS = (
    "AZFWApplicationRule",
    "AZFWApplicationRuleAggregation",
    "AZFWDnsQuery",
    "AZFWFatFlow",
    "AZFWFlowTrace",
    "AZFWFqdnResolveFailure",
    "AZFWIdpsSignature",
    "AZFWNatRule",
    "AZFWNatRuleAggregation",
    "AZFWNetworkRule",
    "AZFWNetworkRuleAggregation",
    "AZFWThreatIntel",
)
"""The firewall's own tables; the legacy categories beside them would say everything twice."""

DIAGNOSTICS: dict[str, Diagnostics] = {
    "application_gateway": Diagnostics(dedicated=True),
    "application_load_balancer": Diagnostics(dedicated=True),
    "bastion_host": Diagnostics(),
    "container_registry": Diagnostics(),
    "firewall": Diagnostics(logs=FIREWALL_LOGS, dedicated=True),
    "key_vault": Diagnostics(dedicated=True),
    "kubernetes_cluster": Diagnostics(
        logs=(
            "cloud-controller-manager",
            "cluster-autoscaler",
            "csi-azuredisk-controller",
            "csi-azurefile-controller",
            "guard",
            "kube-apiserver",
            "kube-audit-admin",
            "kube-controller-manager",
            "kube-scheduler",
        ),
        dedicated=True,
    ),
    "log_analytics_workspace": Diagnostics(logs=("group:audit",)),
    "nat_gateway": Diagnostics(logs=()),
    "network_security_group": Diagnostics(metrics=False),
    "public_ip": Diagnostics(),
    "storage_account": Diagnostics(logs=()),
    "storage_blob_service": Diagnostics(logs=("StorageDelete", "StorageRead", "StorageWrite")),
    "virtual_network": Diagnostics(),
}
"""
azurerm type without its prefix -> what it sends.

`kube-audit` is left out: `kube-audit-admin` has all of it but reads, at a fraction of the volume
(learn.microsoft.com/azure/aks/monitor-aks, 2025). `storage_blob_service` is the blob service of a
storage account, a target of its own at `<account>/blobServices/default`: the account logs nothing.
"""
