"""What clusters must reach, against what the firewall lets them."""

from collections.abc import Iterator

from hubwright.catalogue.egress import Requirement, required
from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.needs import sample
from hubwright.engines.verify.places import cluster_subnets, nearest, node_subnets, spokesman
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.rules.afw_order import hidden_by
from hubwright.engines.verify.rules.aks_bootstrap import replay, stops_at, told
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate
from hubwright.model.flow import Stage, Trace
from hubwright.model.network import Subnet
from hubwright.model.origin import Origin

_FILTERS = (
    Stage.NSG,
    Stage.THREAT_INTELLIGENCE,
    Stage.NETWORK_RULE,
    Stage.APPLICATION_RULE,
    Stage.DEFAULT,
)
"""Stages at which a rule is to blame; routes and names have rules of their own."""


def denied(case: Case, subnet: Subnet, item: Requirement) -> Iterator[tuple[str, Trace]]:
    """Yield each destination of a requirement that a filter denies, with the walk."""
    source = spokesman(case.estate, subnet)
    hidden = {path for firewall in case.estate.firewalls for path in hidden_by(case, firewall)}
    for name in item.destinations:
        host = sample(name, case.estate.location)
        for port in item.ports:
            walk = case.http if item.protocol == "Http" else case.https
            trace = walk(source, host, port)
            if trace is None or trace.decided_by not in _FILTERS:
                continue
            blocker = trace.blocker
            known = trace.disposition.name.startswith("DENIED")
            if known and blocker is not None and blocker[1].rule not in hidden:
                yield name, trace


def place(trace: Trace, fallback: Origin) -> Origin:
    """Return the rule that denies, where one does; else where the need comes from."""
    blocker = trace.blocker
    named = blocker is not None and blocker[1].rule
    return nearest(blocker[1].origin, fallback) if blocker and named else fallback


def _wanted(cluster: KubernetesCluster, estate: Estate) -> tuple[Requirement, ...]:
    features = cluster.features
    found = required(features, cluster.location, estate.cloud, cluster.private_cluster_enabled)
    return tuple(item for item in found if item.kind == "fqdn")


def shown(names: list[str]) -> str:
    """Return the first three names, and how many more there are."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


@rule("AKS009", Severity.ERROR, "nodes cannot reach what they need to start")
def base_egress(case: Case) -> Iterator[Finding]:
    """Walk from every node subnet to everything that AKS needs."""
    estate = case.estate
    for cluster in estate.kubernetes_clusters:
        if cluster.outbound_type == "none":
            continue
        base = [i for i in _wanted(cluster, estate) if i.feature == "base" and i.needed]
        for subnet in node_subnets(estate, cluster):
            found = [hit for item in base for hit in denied(case, subnet, item)]
            if not found:
                continue
            names = list(dict.fromkeys(name for name, _ in found))
            steps = replay(case, cluster, subnet)
            stop = stops_at(steps)
            exits = (
                f"new nodes exit with code {stop.exit_code}"
                if stop
                else "nodes start, and fail later"
            )
            yield Finding(
                message=f"nodes of `{cluster.name}` cannot reach {shown(names)}",
                at=place(found[0][1], nearest(cluster.origin)),
                label=exits,
                causes=((subnet.origin, f"nodes live in `{subnet.name}`"),),
                notes=(told(steps), f"denied: {', '.join(names)}"),
                help="allow these names from the node subnet by application rules",
                trace=found[0][1],
            )


@rule("AKS010", Severity.ERROR, "a feature cannot reach what it needs")
def feature_egress(case: Case) -> Iterator[Finding]:
    """Walk from every subnet of a cluster to everything that its features need."""
    estate = case.estate
    for cluster in estate.kubernetes_clusters:
        wanted = [i for i in _wanted(cluster, estate) if i.feature != "base" and i.needed]
        for subnet in cluster_subnets(estate, cluster):
            by_feature: dict[str, list[tuple[str, Trace]]] = {}
            for item in wanted:
                hits = list(denied(case, subnet, item))
                if hits:
                    by_feature.setdefault(item.feature, []).extend(hits)
            for feature, found in by_feature.items():
                names = list(dict.fromkeys(name for name, _ in found))
                yield Finding(
                    message=(
                        f"{feature} of `{cluster.name}` cannot reach {shown(names)} from "
                        f"`{subnet.name}`"
                    ),
                    at=place(
                        found[0][1],
                        nearest(cluster.origin.of("features"), cluster.origin),
                    ),
                    label=f"needed by {feature}",
                    causes=((subnet.origin, f"`{subnet.name}`"),),
                    help="allow these names by application rules, or drop the feature",
                    trace=found[0][1],
                )


@rule("AKS014", Severity.WARNING, "a host that AKS was seen to use is denied")
def recommended_egress(case: Case) -> Iterator[Finding]:
    """Walk from every node subnet to what is recommended, where the rest is allowed."""
    estate = case.estate
    for cluster in estate.kubernetes_clusters:
        if cluster.outbound_type == "none":
            continue
        base = [i for i in _wanted(cluster, estate) if i.feature == "base"]
        for subnet in node_subnets(estate, cluster):
            if any(True for i in base if i.needed for _ in denied(case, subnet, i)):
                continue
            for item in base:
                for name, trace in () if item.needed else denied(case, subnet, item):
                    yield Finding(
                        message=f"nodes of `{cluster.name}` cannot reach {name}",
                        at=place(trace, nearest(cluster.origin)),
                        label=item.purpose,
                        causes=((subnet.origin, f"nodes live in `{subnet.name}`"),),
                        notes=(f"source: {item.source} ({item.date})",),
                        help=f"allow {name} from the node subnet",
                        trace=trace,
                    )
