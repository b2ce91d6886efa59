"""
How a cluster's optional features are switched on: the azurerm argument, block or extension.

One table for both directions: a design's features become arguments, a plan's arguments features.
Names are those of `egress.FEATURES`; what is not here (`docker-hub`, `gpu`) is no switch of the
cluster, only something that its nodes must reach.

Source: the schema of hashicorp/azurerm 5.2.0; learn.microsoft.com/azure/aks/cluster-extensions
(2026-08) for the types of extensions.
"""

from collections.abc import Mapping
from types import MappingProxyType

from hubwright.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """What of `azurerm_kubernetes_cluster` turns a feature on."""

    variable: str
    """Field of the Terraform variable `kubernetes_clusters`."""
    argument: str
    """Dotted path of the argument; of a block that is enough to be there, its name."""


SWITCHES: Mapping[str, Switch] = MappingProxyType(
    {
        "azure-policy": Switch(variable="azure_policy_enabled", argument="azure_policy_enabled"),
        "container-insights": Switch(variable="oms_agent_enabled", argument="oms_agent"),
        "cost-analysis": Switch(variable="cost_analysis_enabled", argument="cost_analysis_enabled"),
        "defender": Switch(variable="microsoft_defender_enabled", argument="microsoft_defender"),
        "image-cleaner": Switch(variable="image_cleaner_enabled", argument="image_cleaner_enabled"),
        "istio": Switch(variable="service_mesh_enabled", argument="service_mesh_profile"),
        "keda": Switch(
            variable="keda_enabled", argument="workload_autoscaler_profile.keda_enabled"
        ),
        "key-vault-csi": Switch(
            variable="key_vault_secrets_provider_enabled", argument="key_vault_secrets_provider"
        ),
        "managed-prometheus": Switch(
            variable="monitor_metrics_enabled", argument="monitor_metrics"
        ),
        "network-observability": Switch(
            variable="observability_enabled",
            argument="network_profile.advanced_networking.observability_enabled",
        ),
        "vertical-pod-autoscaler": Switch(
            variable="vertical_pod_autoscaler_enabled",
            argument="workload_autoscaler_profile.vertical_pod_autoscaler_enabled",
        ),
        "workload-identity": Switch(
            variable="workload_identity_enabled", argument="workload_identity_enabled"
        ),
    }
)
"""Feature -> its switch, by name."""

EXTENSIONS: Mapping[str, str] = MappingProxyType(
    {"dapr": "Microsoft.Dapr", "flux": "microsoft.flux"}
)
"""Feature -> `extension_type` of the `azurerm_kubernetes_cluster_extension` that it is."""
