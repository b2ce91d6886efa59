"""One module a family; importing this package registers every rule."""

from hubwright.engines.verify.registry import RuleInfo, registered
from hubwright.engines.verify.rules import (
    addr,
    addr_cluster,
    addr_dedicated,
    afw,
    afw_names,
    afw_order,
    afw_policy,
    aks,
    aks_egress,
    aks_gateway,
    aks_isolated,
    aks_network,
    aks_pools,
    dns,
    ha,
    idn,
    life,
    limit,
    limit_network,
    nsg,
    nsg_service,
    pe,
    pe_reach,
    peering,
    route,
    route_platform,
    route_return,
)

__all__ = [
    "addr",
    "addr_cluster",
    "addr_dedicated",
    "afw",
    "afw_names",
    "afw_order",
    "afw_policy",
    "aks",
    "aks_egress",
    "aks_gateway",
    "aks_isolated",
    "aks_network",
    "aks_pools",
    "all_rules",
    "dns",
    "ha",
    "idn",
    "life",
    "limit",
    "limit_network",
    "nsg",
    "nsg_service",
    "pe",
    "pe_reach",
    "peering",
    "route",
    "route_platform",
    "route_return",
]


def all_rules() -> tuple[RuleInfo, ...]:
    """Return every rule, by code."""
    return registered()
