"""Services of the cluster, on its public and internal load balancers."""

from collections.abc import Iterator

from hubwright.model.address import format_address, parse_address
from hubwright.model.cluster import KubernetesService
from hubwright.sources.design.draft import Draft, Plot
from hubwright.sources.design.expand_homes import Homes, cluster_name, is_usable
from hubwright.sources.design.spans import Path

_KEPT_AT_TOP = 5
"""Frontends are taken from this many below the subnet's last address downwards."""


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
