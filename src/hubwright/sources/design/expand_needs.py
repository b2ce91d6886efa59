"""What the cluster, its features and the machines must reach, by the catalogue."""

from collections.abc import Iterator

from hubwright.catalogue.egress import ON_MACHINES, Requirement, required
from hubwright.sources.design.draft import Draft
from hubwright.sources.design.expand_cluster import features
from hubwright.sources.design.expand_homes import Homes
from hubwright.sources.design.expand_machines import Seat, has_entra_login, has_monitor_agent
from hubwright.sources.design.schema_machines import AgentMachine, AgentPool, AgentScaleSet
from hubwright.sources.design.spans import Path


def needs(
    draft: Draft,
    homes: Homes,
    seats: tuple[Seat, ...] = (),
) -> Iterator[tuple[str, Requirement, tuple[str, ...], Path]]:
    """Yield collection, requirement, sources and path of what the catalogue asks for."""
    design, cluster = draft.design, draft.design.cluster
    if not design.egress.catalogue:
        return
    if cluster is not None and homes.pools and cluster.outbound_type != "none":
        own = tuple(str(prefix) for plot in homes.all for prefix in plot.prefixes)
        wanted = features(draft, cluster)
        for need in required(wanted, design.location, design.cloud, cluster.private):
            yield f"aks-{need.feature}", need, own, _feature_path(draft, need.feature)
    before: list[tuple[Requirement, tuple[str, ...]]] = []
    for feature, users in _machine_features(draft, seats).items():
        sources = tuple(dict.fromkeys(text for seat in users for text in seat.prefixes))
        for need in required((feature,), design.location, design.cloud):
            if need.feature == feature and not _is_listed(need, sources, before):
                before.append((need, sources))
                yield feature, need, sources, users[0].path


def _is_listed(
    need: Requirement, sources: tuple[str, ...], before: list[tuple[Requirement, tuple[str, ...]]]
) -> bool:
    """Tell whether an earlier feature of the same machines lets all of it out already."""
    return any(
        (other.kind, other.protocol, other.ports) == (need.kind, need.protocol, need.ports)
        and set(need.destinations) <= set(other.destinations)
        and set(sources) <= set(theirs)
        for other, theirs in before
    )


def _machine_features(draft: Draft, seats: tuple[Seat, ...]) -> dict[str, list[Seat]]:
    """Return what machines need by feature of the catalogue, with the machines that need it."""
    found: dict[str, list[Seat]] = {name: [] for name in sorted(ON_MACHINES)}
    for seat in seats:
        section = seat.section
        if seat.is_agent:
            is_pool = isinstance(section, AgentPool)
            found["managed-devops-pool" if is_pool else "azure-devops-agent"].append(seat)
        if isinstance(section, (AgentMachine, AgentScaleSet, AgentPool)) and section.tools:
            found["pipeline-tools"].append(seat)
        if has_entra_login(seat):
            found["entra-login"].append(seat)
        if has_monitor_agent(draft, seat):
            found["azure-monitor-agent"].append(seat)
    return {name: users for name, users in found.items() if users}


def _feature_path(draft: Draft, feature: str) -> Path:
    cluster = draft.design.cluster
    if cluster is not None and feature in cluster.features:
        return ("cluster", "features", cluster.features.index(feature))
    return ("cluster",)


def reason(need: Requirement) -> str:
    """Return why something is let out, with its dated source."""
    what = "the cluster" if need.feature == "base" else f"`{need.feature}`"
    return f"{what} needs it: {need.purpose} ({need.source}, {need.date})"
