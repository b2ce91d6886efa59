"""What must exist before the first node boots."""

from collections.abc import Iterator
from dataclasses import replace

from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate


def in_order(estate: Estate) -> Estate:
    """
    Return the estate with `waits_for` filled.

    A node that boots before its way out is open ends in exit code 50, one that cannot resolve the
    API server in 52 or 53, and a cluster without its roles is refused at once.
    Source: github.com/Azure/AKS/issues/1918 and /2004; learn.microsoft.com/azure/aks/egress-udr
    (2026-08-05): the route must be there when the cluster is made.
    """
    clusters = tuple(
        replace(cluster, waits_for=tuple(sorted(set(_waits_for(estate, cluster)))))
        for cluster in estate.kubernetes_clusters
    )
    return replace(estate, kubernetes_clusters=clusters)


def _waits_for(estate: Estate, cluster: KubernetesCluster) -> Iterator[str]:
    pools = [pool for pool in estate.node_pools if pool.cluster == cluster.name]
    ids = {subnet for pool in pools for subnet in (pool.subnet, pool.pod_subnet) if subnet}
    subnets = [estate.subnet_by_id[subnet] for subnet in ids if subnet in estate.subnet_by_id]
    if any(subnet.route_table for subnet in subnets):
        yield "subnet_route_table_association"
        if estate.rule_collection_groups:
            yield "firewall_policy_rule_collection_group"
    if any(subnet.network_security_group for subnet in subnets):
        yield "subnet_network_security_group_association"
    if any(subnet.nat_gateway for subnet in subnets):
        yield "subnet_nat_gateway_association"
    networks = {subnet.virtual_network for subnet in subnets}
    if any(peering.virtual_network in networks for peering in estate.virtual_network_peerings):
        yield "virtual_network_peering"
    made = {zone.name for zone in estate.private_dns_zones if not zone.made_by_platform}
    if any(link.private_dns_zone in made for link in estate.private_dns_zone_virtual_network_links):
        yield "private_dns_zone_virtual_network_link"
    if cluster.bootstrap_container_registry is not None and any(
        endpoint.target == cluster.bootstrap_container_registry
        for endpoint in estate.private_endpoints
    ):
        yield "private_endpoint"
    if cluster.user_assigned_identity is not None:
        yield "role_assignment"
