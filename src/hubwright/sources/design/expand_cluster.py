"""The cluster, its node pools and services, and the machines around it."""

from collections.abc import Iterator
from dataclasses import dataclass

from hubwright.catalogue.ranges import AKS_RESERVED, LONGEST_SERVICE_RANGE
from hubwright.model.address import Prefix, format_address, parse_address
from hubwright.model.cluster import (
    KubernetesCluster,
    KubernetesClusterNodePool,
    KubernetesService,
)
from hubwright.model.platform import LinuxVirtualMachine
from hubwright.sources.design.draft import Draft, Plot
from hubwright.sources.design.schema import Machine
from hubwright.sources.design.schema_cluster import Cluster, Pool
from hubwright.sources.design.spans import Path

_SMALLEST_SERVICE_RANGE = 28
"""The DNS service takes the tenth address."""
_KEPT_AT_TOP = 5
"""Frontends are taken from this many below the subnet's last address downwards."""


@dataclass(frozen=True, slots=True)
class Homes:
    """The subnets that the cluster lives in."""

    pools: tuple[tuple[str, Plot, Plot | None], ...] = ()
    """Pool, subnet of its nodes, and of its pods where that is another one."""

    @property
    def nodes(self) -> tuple[Plot, ...]:
        """Subnets of nodes, each once, in the order of the pools."""
        return tuple({plot.id: plot for _, plot, _ in self.pools}.values())

    def of_pool(self, name: str) -> Plot:
        """Return the subnet of a pool's nodes; of the first pool, where that one has none."""
        return next((plot for pool, plot, _ in self.pools if pool == name), self.nodes[0])

    @property
    def all(self) -> tuple[Plot, ...]:
        """Subnets of nodes and pods, each once."""
        plots = [plot for _, nodes, pods in self.pools for plot in (nodes, pods) if plot]
        return tuple({plot.id: plot for plot in plots}.values())


def find_homes(draft: Draft) -> Homes:
    """Return where nodes and pods live; note pools whose subnet is not there."""
    cluster = draft.design.cluster
    if cluster is None:
        return Homes()
    if cluster.spoke not in draft.design.spokes:
        draft.unknown("spoke", cluster.spoke, draft.design.spokes, ("cluster", "spoke"))
        return Homes()
    found: list[tuple[str, Plot, Plot | None]] = []
    for name, pool in cluster.pools.items():
        path: Path = ("cluster", "pools", name)
        nodes = _home(draft, cluster, pool.subnet, (*path, "subnet"))
        pods = (
            _home(draft, cluster, pool.pod_subnet, (*path, "pod_subnet"))
            if pool.pod_subnet
            else None
        )
        if nodes is not None:
            found.append((name, nodes, pods if pods and pods.id != nodes.id else None))
    return Homes(tuple(found))


def _home(draft: Draft, cluster: Cluster, text: str, path: Path) -> Plot | None:
    plot = draft.subnet(text, path, home=cluster.spoke)
    if plot is not None and plot.network != cluster.spoke:
        message = f"`{text}` is not in `{cluster.spoke}`, the network of the cluster"
        draft.report("DESIGN010", message, path, "all pools of a cluster share one network")
        return None
    return plot


def cluster_name(draft: Draft) -> str:
    """Return the cluster's name."""
    cluster = draft.design.cluster
    return (cluster.name if cluster else None) or f"aks-{draft.design.name}"


def clusters(
    draft: Draft, firewall_public_ips: tuple[str, ...], zone: str | None
) -> Iterator[KubernetesCluster]:
    """
    Yield the cluster, if there is one.

    Args:
        draft: With its subnets in place.
        firewall_public_ips: What a public API server lets in unless the design says otherwise.
        zone: The API server's private DNS zone.
    """
    cluster = draft.design.cluster
    if cluster is None:
        return
    _check_ranges(draft, cluster)
    _check_pools(draft, cluster)
    name = cluster_name(draft)
    service = Prefix.parse(cluster.service_cidr)
    plane = cluster.network_data_plane
    if plane is None:
        plane = "cilium" if cluster.network_plugin == "azure" else "azure"
    policy = cluster.network_policy
    if policy is None:
        policy = "cilium" if plane == "cilium" else "calico"
    mode = cluster.network_plugin_mode
    if mode is None and cluster.network_plugin == "azure":
        mode = None if any(pool.pod_subnet for pool in cluster.pools.values()) else "overlay"
    ranges = cluster.authorized_ip_ranges
    if ranges is None:
        ranges = [] if cluster.private else list(firewall_public_ips)
    zones = {"own": zone or "System", "system": "System", "none": "None"}
    yield KubernetesCluster(
        name=name,
        location=draft.design.location,
        dns_prefix=cluster.dns_prefix or name.replace("_", "-")[:54].strip("-"),
        private_cluster_enabled=cluster.private,
        private_cluster_public_fqdn_enabled=public_fqdn(cluster),
        private_dns_zone=zones[cluster.private_dns_zone] if cluster.private else "None",
        authorized_ip_ranges=tuple(ranges),
        outbound_type=cluster.outbound_type,
        network_plugin=cluster.network_plugin,
        network_plugin_mode=mode,
        network_data_plane=plane,
        network_policy=None if policy == "none" else policy,
        pod_cidr=_pod_cidr(cluster, mode),
        service_cidr=cluster.service_cidr,
        dns_service_ip=cluster.dns_service_ip or format_address(service.first + 10),
        sku_tier=cluster.sku_tier,
        kubernetes_version=cluster.kubernetes_version,
        local_account_disabled=not cluster.local_accounts,
        azure_rbac_enabled=cluster.azure_rbac,
        user_assigned_identity=cluster.identity or f"id-{name}",
        features=tuple(sorted(set(cluster.features))),
        origin=draft.places.resource(("cluster",), _CLUSTER_KEYS),
    )


_CLUSTER_KEYS = {
    "private_cluster_enabled": "private",
    "private_cluster_public_fqdn_enabled": "public_fqdn",
    "local_account_disabled": "local_accounts",
    "azure_rbac_enabled": "azure_rbac",
    "user_assigned_identity": "identity",
}
_POOL_KEYS = {
    "node_count": "count",
    "min_count": "min",
    "max_count": "max",
    "only_critical_addons_enabled": "tainted",
}


def public_fqdn(cluster: Cluster) -> bool:
    """Tell whether the API server has a public name; without a private zone it must."""
    if not cluster.private:
        return False
    if cluster.public_fqdn is None:
        return cluster.private_dns_zone == "none"
    return cluster.public_fqdn


def _pod_cidr(cluster: Cluster, mode: str | None) -> str | None:
    if cluster.pod_cidr is not None:
        return cluster.pod_cidr
    return "10.244.0.0/16" if mode == "overlay" or cluster.network_plugin == "kubenet" else None


def _check_ranges(draft: Draft, cluster: Cluster) -> None:
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


def _check_pools(draft: Draft, cluster: Cluster) -> None:
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
    if cluster.private and cluster.private_dns_zone == "none" and cluster.public_fqdn is False:
        draft.report(
            "DESIGN010",
            "nobody can resolve the API server: no private zone, and its public name is off",
            ("cluster", "public_fqdn"),
            "keep one of the two",
        )


def node_pools(draft: Draft, homes: Homes) -> Iterator[KubernetesClusterNodePool]:
    """Yield the node pools, in the design's order."""
    cluster = draft.design.cluster
    if cluster is None:
        return
    for name, nodes, pods in homes.pools:
        pool: Pool = cluster.pools[name]
        yield KubernetesClusterNodePool(
            name=name,
            cluster=cluster_name(draft),
            mode=pool.mode,
            is_default=name == default_pool(cluster),
            subnet=nodes.id,
            pod_subnet=pods.id if pods else None,
            vm_size=pool.vm_size,
            node_count=pool.count,
            min_count=pool.min,
            max_count=pool.max,
            max_pods=pool.max_pods,
            zones=tuple(map(str, pool.zones)),
            os_sku=pool.os_sku,
            only_critical_addons_enabled=pool.mode == "System"
            if pool.tainted is None
            else pool.tainted,
            origin=draft.places.resource(("cluster", "pools", name), _POOL_KEYS),
        )


def default_pool(cluster: Cluster) -> str:
    """Return the pool that the cluster is made with: the first for system pods."""
    systems = [name for name, pool in cluster.pools.items() if pool.mode == "System"]
    return next(iter([*systems, *cluster.pools]))


def services(draft: Draft, homes: Homes) -> Iterator[KubernetesService]:
    """Yield the service of each workload; internal ones get addresses from the subnet's top."""
    workloads = draft.design.workloads
    if not workloads:
        return
    if draft.design.cluster is None:
        message = "there are workloads but no cluster"
        draft.report("DESIGN007", message, ("workloads",), "write `cluster:`", at_key=True)
        return
    plot = _frontend_plot(draft, homes)
    if plot is None:
        return
    taken = {workload.frontend for workload in workloads.values() if workload.frontend is not None}
    at = plot.prefixes[0].last - _KEPT_AT_TOP
    for name, workload in workloads.items():
        path: Path = ("workloads", name)
        if workload.load_balancer == "public":
            frontend = workload.frontend or f"pip-lb-{name}"
        else:
            while format_address(at) in taken:
                at -= 1
            frontend = workload.frontend or format_address(at)
            taken.add(frontend)
            _check_frontend(draft, homes, frontend, path)
        yield KubernetesService(
            name=name,
            cluster=cluster_name(draft),
            load_balancer=workload.load_balancer,
            port=workload.port,
            target_port=workload.target_port or workload.port,
            frontend=frontend,
            origin=draft.places.resource(path),
        )


def _frontend_plot(draft: Draft, homes: Homes) -> Plot | None:
    cluster = draft.design.cluster
    if cluster is None:
        return None
    users = [plot for name, plot, _ in homes.pools if cluster.pools[name].mode == "User"]
    return next(iter([*users, *homes.nodes]), None)


def _check_frontend(draft: Draft, homes: Homes, frontend: str, path: Path) -> None:
    at: Path = (*path, "frontend")
    try:
        address = parse_address(frontend)
    except ValueError:
        message = f"`{frontend[:80]}` is no address for an internal load balancer"
        draft.report("DESIGN006", message, at, "write an address of the node subnet")
        return
    if not any(is_usable(plot, address) for plot in homes.all):
        message = f"frontend {frontend} is not a free address of a subnet of the cluster"
        draft.report("DESIGN009", message, at)


def is_usable(plot: Plot, address: int) -> bool:
    """Tell whether an address lies in a subnet and Azure does not keep it for itself."""
    return any(p.first + 4 <= address < p.last for p in plot.prefixes)


def machine_plots(draft: Draft) -> tuple[tuple[Machine, str, Path, Plot], ...]:
    """Return the jump box and the agents, with their names and subnets."""
    design = draft.design
    rows: list[tuple[Machine, str, Path]] = []
    if design.jumpbox is not None:
        rows.append((design.jumpbox, "vm-jumpbox", ("jumpbox",)))
    rows += [(m, f"vm-agent-{n + 1}", ("agents", n)) for n, m in enumerate(design.agents)]
    found: list[tuple[Machine, str, Path, Plot]] = []
    for machine, default, path in rows:
        plot = service_subnet(draft, machine.subnet, path)
        if plot is not None:
            found.append((machine, machine.name or default, path, plot))
    return tuple(found)


def service_subnet(draft: Draft, text: str | None, path: Path) -> Plot | None:
    """Return the subnet that was asked for, or `VmSubnet` of the cluster's spoke."""
    if text is not None:
        return draft.subnet(text, (*path, "subnet"))
    cluster, spokes = draft.design.cluster, draft.design.spokes
    home = cluster.spoke if cluster and cluster.spoke in spokes else next(iter(spokes), None)
    plot = draft.find_subnet("VmSubnet", home) if home else None
    if plot is None:
        draft.report(
            "DESIGN007",
            "no subnet is given, and there is no `VmSubnet`",
            path,
            "write `subnet: spoke/Subnet`",
            at_key=True,
        )
    return plot


def machines(
    draft: Draft, plots: tuple[tuple[Machine, str, Path, Plot], ...]
) -> Iterator[LinuxVirtualMachine]:
    """Yield the machines."""
    for machine, name, path, plot in plots:
        fixed = machine.private_ip_address
        if fixed is not None and not is_usable(plot, parse_address(fixed)):
            message = f"{fixed} is not a free address of `{plot.name}`"
            draft.report("DESIGN009", message, (*path, "private_ip_address"))
            fixed = None
        yield LinuxVirtualMachine(
            name=name,
            subnet=plot.id,
            size=machine.size,
            private_ip_address=fixed,
            public_ip=machine_public_ip(machine, name),
            origin=draft.places.resource(path),
        )


def machine_public_ip(machine: Machine, name: str) -> str | None:
    """Return the name of a machine's public IP."""
    if isinstance(machine.public_ip, str):
        return machine.public_ip
    return f"pip-{name}" if machine.public_ip else None
