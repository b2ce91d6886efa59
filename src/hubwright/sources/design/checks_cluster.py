"""What Azure refuses of a cluster: ranges that clash, pools that cannot be."""

from hubwright.catalogue.ranges import AKS_RESERVED, LONGEST_SERVICE_RANGE
from hubwright.model.address import Prefix, format_address, parse_address
from hubwright.sources.design.draft import Draft
from hubwright.sources.design.expand_homes import default_pool
from hubwright.sources.design.schema_cluster import Cluster
from hubwright.sources.design.spans import Path

_SMALLEST_SERVICE_RANGE = 28
"""The DNS service takes the tenth address."""


def check_ranges(draft: Draft, cluster: Cluster) -> None:
    """Azure refuses service and pod ranges that touch reserved ranges or the cluster's network."""
    ranges = [("service_cidr", cluster.service_cidr)]
    if cluster.pod_cidr is not None:
        ranges.append(("pod_cidr", cluster.pod_cidr))
    networks = [(k, space) for k in draft.network_keys for space in draft.address_space(k)]
    for key, text in ranges:
        prefix = Prefix.parse(text)
        for reserved in AKS_RESERVED:
            if prefix.overlaps(reserved):
                message = f"`{key}` {prefix} overlaps {reserved}, which AKS reserves"
                draft.report("DESIGN009", message, ("cluster", key))
        for network, space in networks:
            if prefix.overlaps(space):
                message = f"`{key}` {prefix} overlaps {space} of `{network}`"
                draft.report("DESIGN009", message, ("cluster", key))
    if cluster.spoke in draft.design.spokes:
        _check_spoke(draft, cluster)
    service = Prefix.parse(cluster.service_cidr)
    if service.length <= LONGEST_SERVICE_RANGE:
        message = f"`service_cidr` {service} is too large"
        help_ = f"it must be smaller than a /{LONGEST_SERVICE_RANGE}"
        draft.report("DESIGN009", message, ("cluster", "service_cidr"), help_)
    if service.length > _SMALLEST_SERVICE_RANGE:
        message = f"`service_cidr` {service} has no room for the cluster's DNS service"
        help_ = f"take a /{_SMALLEST_SERVICE_RANGE} at least"
        draft.report("DESIGN009", message, ("cluster", "service_cidr"), help_)
    elif cluster.dns_service_ip is not None:
        address = parse_address(cluster.dns_service_ip)
        if address not in service or address - service.first < 2:
            message = f"`dns_service_ip` {cluster.dns_service_ip} cannot be used in {service}"
            help_ = f"take {format_address(service.first + 10)}"
            draft.report("DESIGN009", message, ("cluster", "dns_service_ip"), help_)
    if cluster.pod_cidr and Prefix.parse(cluster.pod_cidr).overlaps(service):
        message = f"`pod_cidr` {cluster.pod_cidr} overlaps `service_cidr` {service}"
        draft.report("DESIGN009", message, ("cluster", "pod_cidr"))


def _check_spoke(draft: Draft, cluster: Cluster) -> None:
    for n, space in enumerate(draft.address_space(cluster.spoke)):
        for reserved in AKS_RESERVED:
            if space.overlaps(reserved):
                message = f"the cluster's network {space} overlaps {reserved}, which AKS reserves"
                draft.report("DESIGN009", message, ("spokes", cluster.spoke, "address_space", n))


def check_pools(draft: Draft, cluster: Cluster) -> None:
    """Note node pools that cannot be made, and a cluster that nobody could find."""
    if not any(pool.mode == "System" for pool in cluster.pools.values()):
        draft.report(
            "DESIGN010",
            "no node pool has `mode: System`",
            ("cluster", "pools"),
            "a cluster needs one for its own pods",
            at_key=True,
        )
    for name, pool in cluster.pools.items():
        path: Path = ("cluster", "pools", name)
        if pool.mode == "System" and 0 in {pool.count, pool.min}:
            message = f"the system pool `{name}` may have no node"
            draft.report("DESIGN010", message, path, "write at least 1", at_key=True)
        if (pool.min is None) != (pool.max is None):
            message = f"pool `{name}` has one of `min` and `max`"
            draft.report("DESIGN007", message, path, "write both, or neither", at_key=True)
        elif pool.min is not None and pool.max is not None and pool.min > pool.max:
            message = f"pool `{name}` has `min` {pool.min} above `max` {pool.max}"
            draft.report("DESIGN010", message, (*path, "min"))
        if pool.taints and name == default_pool(cluster):
            message = f"pool `{name}` is the one that the cluster is made with: it takes no taints"
            help_ = "`tainted: true` keeps workloads off it"
            draft.report("DESIGN010", message, (*path, "taints"), help_, at_key=True)
    if cluster.private and cluster.private_dns_zone == "none" and cluster.public_fqdn is False:
        draft.report(
            "DESIGN010",
            "nobody can resolve the API server: no private zone, and its public name is off",
            ("cluster", "public_fqdn"),
            "keep one of the two",
        )


MONITORED = frozenset({"container-insights", "defender"})
"""Features that send to the workspace."""
_ISOLATED_WITHOUT = frozenset({"dapr", "flux"})
"""Extensions that a network isolated cluster cannot have.
Source: learn.microsoft.com/azure/aks/concepts-network-isolated (2026-06-15)."""
_NO_GATEWAY_WITH = "kubenet"


def check_choices(draft: Draft, cluster: Cluster) -> None:
    """Note choices that exclude each other."""
    if cluster.api_server_subnet is not None:
        _check_integration(draft, cluster)
    own = cluster.bootstrap_registry
    if own if own is not None else cluster.outbound_type == "none":
        _check_isolated(draft, cluster)
    _check_ingress(draft, cluster)
    for n, feature in enumerate(cluster.features):
        if feature in MONITORED and draft.design.log_analytics is None:
            message = f"`{feature}` has no workspace to send to"
            help_ = "write `log_analytics: {}`"
            draft.report("DESIGN007", message, ("cluster", "features", n), help_)
    if cluster.admin_group_object_ids and not cluster.azure_rbac and cluster.local_accounts:
        message = "groups of administrators are given, and Entra decides on nobody"
        path: Path = ("cluster", "admin_group_object_ids")
        draft.report("DESIGN010", message, path, "write `azure_rbac: true`", at_key=True)


def _check_integration(draft: Draft, cluster: Cluster) -> None:
    path: Path = ("cluster", "api_server_subnet")
    if not cluster.private:
        message = "a public cluster has no private API server to put into a subnet"
        draft.report("DESIGN010", message, path, "write `private: true`", at_key=True)
    homes = {pool.subnet for pool in cluster.pools.values()}
    homes |= {pool.pod_subnet for pool in cluster.pools.values() if pool.pod_subnet}
    if cluster.api_server_subnet in homes:
        message = (
            f"`{cluster.api_server_subnet}` holds nodes or pods, and API servers need it alone"
        )
        draft.report("DESIGN010", message, path, "give the API server a subnet of its own")


def _check_isolated(draft: Draft, cluster: Cluster) -> None:
    """
    Note what nodes that start from a registry of their own cannot have.

    Source: learn.microsoft.com/azure/aks/concepts-network-isolated (2026-06-15).
    """
    written = cluster.bootstrap_registry is not None
    path: Path = ("cluster", "bootstrap_registry" if written else "outbound_type")
    registry = draft.design.registry
    if registry is None:
        message = "nodes have no registry to start from"
        help_ = "write `registry: {}`, or choose another `outbound_type`"
        draft.report("DESIGN007", message, path, help_, at_key=True)
    elif registry.sku != "Premium":
        message = f"nodes start from a cache in a Premium registry, and this is {registry.sku}"
        draft.report("DESIGN010", message, ("registry", "sku"))
    if cluster.network_plugin == "kubenet":
        message = "a cluster that starts from a registry cannot have kubenet"
        draft.report("DESIGN010", message, ("cluster", "network_plugin"))
    if cluster.node_os_upgrade_channel == "Unmanaged":
        message = "nodes that start from a registry cannot update themselves from the internet"
        at: Path = ("cluster", "node_os_upgrade_channel")
        draft.report("DESIGN010", message, at, "write `NodeImage`")
    for name, pool in cluster.pools.items():
        if pool.os_sku.startswith("Windows"):
            message = f"Windows nodes cannot start from a registry, and pool `{name}` has them"
            draft.report("DESIGN010", message, ("cluster", "pools", name, "os_sku"))
    for n, feature in enumerate(cluster.features):
        if feature in _ISOLATED_WITHOUT:
            message = f"`{feature}` does not work in a network isolated cluster"
            draft.report("DESIGN010", message, ("cluster", "features", n))


def _check_ingress(draft: Draft, cluster: Cluster) -> None:
    design, path = draft.design, ("cluster", "ingress")
    forms = {
        "application-gateway": design.application_gateway,
        "application-gateway-for-containers": design.application_gateway_for_containers,
    }
    for name, form in forms.items():
        if cluster.ingress == name and form is False:
            message = f"the ingress is `{name}`, and there is none"
            key = name.replace("-", "_")
            draft.report("DESIGN010", message, path, f"delete `{key}: false`")
    if cluster.ingress in forms and cluster.network_plugin == _NO_GATEWAY_WITH:
        message = f"`{cluster.ingress}` reaches pods by their own addresses, and kubenet has none"
        draft.report("DESIGN010", message, path, "use the azure plugin")
