"""What clusters need from the internet, and what of it a firewall would not let through."""

from collections.abc import Iterator

from hubwright.catalogue.egress import required
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import node_subnets, spokesman
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.flow import Stage

_RULES = (Stage.NETWORK_RULE, Stage.APPLICATION_RULE, Stage.DEFAULT)


def sample(name: str, location: str) -> str:
    """Return a host that a wildcard stands for: a regional one."""
    return name.replace("*", location, 1) if name.startswith("*") else name


def lost_names(case: Case, cluster: KubernetesCluster) -> tuple[str, ...]:
    """Return the names that a cluster must reach and that the firewall's rules deny its nodes."""
    if cluster.outbound_type == "none":
        return ()
    return tuple(dict.fromkeys(_lost(case, cluster)))


def _lost(case: Case, cluster: KubernetesCluster) -> Iterator[str]:
    estate = case.estate
    wanted = required(
        cluster.features, cluster.location, estate.cloud, cluster.private_cluster_enabled
    )
    for subnet in node_subnets(estate, cluster)[:1]:
        source = spokesman(estate, subnet)
        for item in wanted:
            if item.kind != "fqdn" or not item.needed:
                continue
            walk = case.http if item.protocol == "Http" else case.https
            for name in item.destinations:
                trace = walk(source, sample(name, estate.location), item.ports[0])
                if trace is None or trace.decided_by not in _RULES:
                    continue
                if trace.disposition.name.startswith("DENIED"):
                    yield name
