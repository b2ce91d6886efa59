"""Where the cluster and the services around it live."""

from hubwright.lazy_dataclass import dataclass
from hubwright.sources.design.draft import Draft, Plot
from hubwright.sources.design.schema_cluster import Cluster
from hubwright.sources.design.spans import Path


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


def default_pool(cluster: Cluster) -> str:
    """Return the pool that the cluster is made with: the first for system pods."""
    systems = [name for name, pool in cluster.pools.items() if pool.mode == "System"]
    return next(iter([*systems, *cluster.pools]))


def is_usable(plot: Plot, address: int) -> bool:
    """Tell whether an address lies in a subnet and Azure does not keep it for itself."""
    return any(p.first + 4 <= address < p.last for p in plot.prefixes)


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
