"""One module a family; importing this package registers every rule."""

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
    "dns",
    "nsg",
    "pe",
    "peering",
    "route",
    "route_platform",
    "route_return",
]
