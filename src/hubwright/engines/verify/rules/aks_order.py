"""What must exist before the first node boots."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import cluster_subnets, nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate


@rule("AKS030", Severity.ERROR, "nodes may boot before their way is open")
def boots_too_early(case: Case) -> Iterator[Finding]:
    """Compare what each cluster waits for with what its nodes need from the first minute."""
    for cluster in case.estate.kubernetes_clusters:
        missing = [
            (kind, what, code)
            for kind, what, code in _needed(case.estate, cluster)
            if kind not in cluster.waits_for
        ]
        if not missing:
            continue
        kinds = ", ".join(what for _, what, _ in missing)
        yield Finding(
            message=f"nodes of `{cluster.name}` may boot before there are {kinds}",
            at=nearest(cluster.origin.of("waits_for"), cluster.origin),
            label="does not wait for them",
            notes=(f"new nodes then exit with code {missing[0][2]}, some of the time",),
            help=f"let the cluster depend on {', '.join(kind for kind, _, _ in missing)}",
        )


def _needed(estate: Estate, cluster: KubernetesCluster) -> Iterator[tuple[str, str, int]]:
    """
    Yield azurerm type, how to say it, and the exit code of nodes that boot before it.

    Source: github.com/Azure/AKS/issues/1918 and /2004; AgentBaker cse_helpers.sh (2026-08-21).
    """
    subnets = cluster_subnets(estate, cluster)
    if any(subnet.route_table for subnet in subnets):
        yield "subnet_route_table_association", "its routes", 50
        if estate.rule_collection_groups:
            yield "firewall_policy_rule_collection_group", "the firewall's rules", 50
    networks = {subnet.virtual_network for subnet in subnets}
    if any(peering.virtual_network in networks for peering in estate.virtual_network_peerings):
        yield "virtual_network_peering", "the peerings", 50
    zone = cluster.private_dns_zone
    if any(link.private_dns_zone == zone for link in estate.private_dns_zone_virtual_network_links):
        yield "private_dns_zone_virtual_network_link", "the links of the API server's zone", 52
