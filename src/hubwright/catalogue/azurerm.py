"""
The azurerm provider by major version: defaults that a plan leaves out, and arguments' old names.

Sources, as of 2026-11: registry.terraform.io/providers/hashicorp/azurerm, the resources' pages and
guides/4.0-upgrade-guide and guides/5.0-upgrade-guide for renamed arguments; the names of 5 are
those of the schema of 5.2.0; learn.microsoft.com for what Azure fills in where the provider
computes.
"""

import re
from types import MappingProxyType
from typing import Any

from hubwright.lazy_dataclass import dataclass

MAJORS = (3, 4, 5)
LATEST = 5
POD_RANGE = "10.244.0.0/16"
"""Pods' addresses behind nodes, where a cluster does not say it: aks/azure-cni-overlay (2025)."""


@dataclass(frozen=True, slots=True)
class Versioned:
    """A default that changed with a major version."""

    three: Any
    four: Any
    five: Any

    def of(self, major: int) -> Any:
        """Return the default of a major version."""
        return {3: self.three, 4: self.four}.get(major, self.five)


_POOL = {
    "auto_scaling_enabled": False,
    "max_pods": 30,
    "node_count": 1,
    "only_critical_addons_enabled": False,
    "os_sku": "Ubuntu",
    "vm_size": "Standard_D2s_v3",
    "host_encryption_enabled": False,
    "os_disk_type": "Managed",
}
_TABLE: dict[str, dict[str, Any]] = {
    "azurerm_bastion_host": {"sku": "Basic", "tunneling_enabled": False},
    "azurerm_container_registry": {
        "admin_enabled": False,
        "data_endpoint_enabled": False,
        "public_network_access_enabled": True,
        "sku": "Basic",
        "zone_redundancy_enabled": False,
    },
    "azurerm_firewall": {"sku_tier": "Standard", "threat_intel_mode": "Alert"},
    "azurerm_firewall_policy": {
        "dns.proxy_enabled": False,
        "intrusion_detection.mode": "Off",
        "sku": "Standard",
        "threat_intelligence_mode": "Alert",
    },
    "azurerm_key_vault": {
        "network_acls.default_action": "Allow",
        "public_network_access_enabled": True,
        "purge_protection_enabled": False,
        "rbac_authorization_enabled": False,
    },
    "azurerm_kubernetes_cluster": {
        **{f"default_node_pool.{name}": value for name, value in _POOL.items()},
        "azure_active_directory_role_based_access_control.azure_rbac_enabled": False,
        "azure_policy_enabled": False,
        "local_account_disabled": False,
        "network_profile.dns_service_ip": "10.0.0.10",
        "network_profile.network_data_plane": "azure",
        "network_profile.network_plugin": "kubenet",
        "network_profile.outbound_type": "loadBalancer",
        "network_profile.service_cidr": "10.0.0.0/16",
        "node_os_upgrade_channel": "NodeImage",
        "oidc_issuer_enabled": Versioned(False, False, True),
        "private_cluster_enabled": False,
        "private_cluster_public_fqdn_enabled": False,
        "private_dns_zone_id": "System",
        "run_command_enabled": True,
        "sku_tier": "Free",
        "storage_profile.blob_driver_enabled": False,
        "storage_profile.disk_driver_enabled": True,
        "storage_profile.file_driver_enabled": True,
        "storage_profile.snapshot_controller_enabled": True,
        "workload_identity_enabled": False,
    },
    "azurerm_kubernetes_cluster_node_pool": {**_POOL, "mode": "User", "os_type": "Linux"},
    "azurerm_linux_virtual_machine": {"size": ""},
    "azurerm_log_analytics_workspace": {
        "internet_ingestion_access_type": "Enabled",
        "internet_query_access_type": "Enabled",
        "retention_in_days": 30,
    },
    "azurerm_monitor_workspace": {"public_network_access_enabled": True},
    "azurerm_private_dns_resolver_forwarding_rule": {"enabled": True},
    "azurerm_private_dns_zone_virtual_network_link": {"resolution_policy": "Default"},
    "azurerm_route_table": {"bgp_route_propagation_enabled": True},
    "azurerm_storage_account": {
        "account_replication_type": "LRS",
        "network_rules.default_action": "Allow",
        "public_network_access_enabled": True,
        "shared_access_key_enabled": True,
    },
    "azurerm_subnet": {
        "default_outbound_access_enabled": True,
        "private_endpoint_network_policies": Versioned("Enabled", "Disabled", "Disabled"),
    },
    "azurerm_virtual_network_peering": {
        "allow_forwarded_traffic": False,
        "allow_gateway_transit": False,
        "allow_virtual_network_access": True,
        "use_remote_gateways": False,
    },
}
DEFAULTS = MappingProxyType(_TABLE)
"""Resource type -> argument (dots for blocks) -> what is in force when a plan does not say it."""

_SWITCH = MappingProxyType({True: "Enabled", False: "Disabled"})
_NOT = MappingProxyType({True: False, False: True})


@dataclass(frozen=True, slots=True)
class Old:
    """An earlier name of an argument, and what its values are called now."""

    name: str
    values: MappingProxyType[Any, Any] | None = None


_POOL_NAMES: dict[str, tuple[Old, ...]] = {
    "auto_scaling_enabled": (Old("enable_auto_scaling"),),
    "node_public_ip_enabled": (Old("enable_node_public_ip"),),
}
_OLD: dict[str, dict[str, tuple[Old, ...]]] = {
    "azurerm_firewall_policy": {"dns.proxy_enabled": (Old("enable_proxy"),)},
    "azurerm_key_vault": {"rbac_authorization_enabled": (Old("enable_rbac_authorization"),)},
    "azurerm_kubernetes_cluster": {
        **{f"default_node_pool.{name}": old for name, old in _POOL_NAMES.items()},
        "network_profile.network_data_plane": (Old("ebpf_data_plane"),),
    },
    "azurerm_kubernetes_cluster_node_pool": _POOL_NAMES,
    "azurerm_route_table": {
        "bgp_route_propagation_enabled": (Old("disable_bgp_route_propagation", _NOT),)
    },
    "azurerm_subnet": {
        "private_endpoint_network_policies": (
            Old("private_endpoint_network_policies_enabled", _SWITCH),
            Old(
                "enforce_private_link_endpoint_network_policies",
                MappingProxyType({True: "Disabled", False: "Enabled"}),
            ),
        )
    },
}
OLD_NAMES = MappingProxyType(_OLD)
"""Resource type -> argument of today -> its earlier names, the latest first."""

_SIGNS: tuple[tuple[int, str, str], ...] = (
    (3, "azurerm_kubernetes_cluster_node_pool", "enable_auto_scaling"),
    (3, "azurerm_route_table", "disable_bgp_route_propagation"),
    (3, "azurerm_storage_account", "enable_https_traffic_only"),
    (3, "azurerm_subnet", "private_endpoint_network_policies_enabled"),
    (3, "azurerm_network_interface", "enable_ip_forwarding"),
    (5, "azurerm_private_dns_zone_virtual_network_link", "private_dns_zone_id"),
    (5, "azurerm_subnet", "service_endpoint"),
    (5, "azurerm_subnet", "ip_address_pool"),
    (4, "azurerm_key_vault", "enable_rbac_authorization"),
    (4, "azurerm_private_dns_zone_virtual_network_link", "private_dns_zone_name"),
    (4, "azurerm_subnet", "service_endpoints"),
)
_BOUND = re.compile(r"(~>|>=|<=|<|>|!=|=)?\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?")


def major_of_constraint(text: str) -> int | None:
    """
    Return the major version that a version constraint allows; None when it allows several.

    `~> 4.0`, `4.12.0` and `>= 4.1, < 5.0` give 4; `>= 3.0` gives None.
    """
    allowed = set(range(MAJORS[0], 100))
    for part in text.split(","):
        match = _BOUND.fullmatch(part.strip())
        if match is None:
            return None
        sign, major, minor = match[1] or "=", int(match[2]), match[3]
        if sign == "=" or (sign == "~>" and minor is not None):
            allowed &= {major}
        elif sign in {"~>", ">=", ">"}:
            allowed &= set(range(major, 100))
        elif sign == "<" and int(minor or 0) == int(match[4] or 0) == 0:
            allowed &= set(range(major))
        elif sign in {"<", "<="}:
            allowed &= set(range(major + 1))
    return allowed.pop() if len(allowed) == 1 else None


def major_by_arguments(type_: str, arguments: set[str]) -> int | None:
    """Return the latest major version that has all of a resource's arguments, where one shows."""
    return next(
        (major for major, of, argument in _SIGNS if of == type_ and argument in arguments), None
    )


def default(type_: str, argument: str, major: int) -> Any:
    """Return what is in force when a plan does not say it; None when nothing is."""
    found = DEFAULTS.get(type_, {}).get(argument)
    return found.of(major) if isinstance(found, Versioned) else found
