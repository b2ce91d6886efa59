"""One module a family; importing this package registers every rule."""

from hubwright.engines.verify.registry import RuleInfo, registered
from hubwright.engines.verify.rules import (
    addr,
    addr_cluster,
    afw,
    afw_order,
    afw_policy,
    aks,
    aks_egress,
    aks_network,
    dns,
    idn,
    life,
    limit,
    limit_network,
    nsg,
    pe,
    peering,
    route,
    route_platform,
    route_return,
)

__all__ = [
    "addr",
    "addr_cluster",
    "afw",
    "afw_order",
    "afw_policy",
    "aks",
    "aks_egress",
    "aks_network",
    "all_rules",
    "dns",
    "idn",
    "life",
    "limit",
    "limit_network",
    "nsg",
    "pe",
    "peering",
    "route",
    "route_platform",
    "route_return",
]


def all_rules() -> tuple[RuleInfo, ...]:
    """Return every rule, by code."""
    return registered()
