"""Clusters, pools, what they wait for, and the services that no plan holds."""

from typing import Any

import pytest

from hubwright.model.cluster import KubernetesCluster
from plans import LATE, PlanFile, named, network, refers, subnet

CLUSTER = "azurerm_kubernetes_cluster"
NAT = "azurerm_firewall_policy_rule_collection_group"


def cluster(constraint: str | None = "~> 5.0", pool: Any = None, **values: Any) -> PlanFile:
    plan = PlanFile(constraint).add("azurerm_virtual_network.v", network())
    plan.add("azurerm_subnet.nodes", subnet("Nodes", "10.0.1.0/24"))
    pool = {"name": "system", "vnet_subnet_id": LATE} | (pool or {})
    plan.add(
        f"{CLUSTER}.c",
        named("aks", dns_prefix="aks", default_node_pool=[pool]) | values,
        {"default_node_pool": [{"vnet_subnet_id": refers("azurerm_subnet.nodes.id")}]},
    )
    return plan


def only(plan: PlanFile) -> KubernetesCluster:
    (found,) = plan.estate().kubernetes_clusters
    return found


def test_what_a_plan_leaves_out_is_what_azure_does():
    found = only(cluster())

    assert (found.sku_tier, found.outbound_type, found.network_plugin) == (
        "Free",
        "loadBalancer",
        "kubenet",
    )
    assert not (found.private_cluster_enabled)
    assert not (found.local_account_disabled)
    assert (found.private_dns_zone, found.service_cidr) == ("None", "10.0.0.0/16")


def test_a_private_cluster_brings_its_endpoint_zone_and_link():
    estate = cluster(private_cluster_enabled=True, private_dns_zone_id=LATE).estate()
    (endpoint,), (zone,) = estate.private_endpoints, estate.private_dns_zones
    (link,) = estate.private_dns_zone_virtual_network_links

    assert (endpoint.subnet, endpoint.subresource) == ("vnet/Nodes", "management")
    assert endpoint.made_by_platform
    assert zone.made_by_platform
    assert zone.name == "privatelink.westeurope.azmk8s.io" == link.private_dns_zone
    assert link.virtual_network == "vnet"


def test_a_zone_of_ones_own_is_referred_to():
    zone = "privatelink.westeurope.azmk8s.io"
    plan = cluster()
    plan.add("azurerm_private_dns_zone.z", named(zone))
    plan.changes[-2]["change"]["after"] |= {"private_cluster_enabled": True}
    plan.changes[-2]["change"]["after_unknown"] |= {"private_dns_zone_id": True}
    plan.root["resources"][-2]["expressions"]["private_dns_zone_id"] = refers(
        "azurerm_private_dns_zone.z.id"
    )
    estate = plan.estate()

    assert estate.kubernetes_clusters[0].private_dns_zone == zone
    assert estate.private_endpoints[0].private_dns_zones == (zone,)
    assert [item.made_by_platform for item in estate.private_dns_zones] == [False]


def test_switches_are_features():
    found = only(
        cluster(
            azure_policy_enabled=True,
            oms_agent=[{"log_analytics_workspace_id": "x"}],
            key_vault_secrets_provider=[{"secret_rotation_enabled": True}],
            workload_autoscaler_profile=[{"keda_enabled": True}],
        )
    )

    assert found.features == ("azure-policy", "container-insights", "keda", "key-vault-csi")


@pytest.mark.parametrize(
    ("constraint", "name"), [("~> 3.0", "enable_auto_scaling"), ("~> 4.0", "auto_scaling_enabled")]
)
def test_pools_of_every_major(constraint, name):
    plan = cluster(constraint, pool={name: True, "min_count": 2, "max_count": 5})
    plan.add(
        f"{CLUSTER}_node_pool.user",
        {
            "name": "user",
            "kubernetes_cluster_id": LATE,
            "vnet_subnet_id": LATE,
            "node_count": 4,
            "os_type": "Windows",
            "node_taints": ["a=b:NoSchedule"],
        },
        {
            "kubernetes_cluster_id": refers(f"{CLUSTER}.c.id"),
            "vnet_subnet_id": refers("azurerm_subnet.nodes.id"),
        },
    )
    estate = plan.estate()
    system, user = estate.node_pools

    assert (system.is_default, system.mode, system.node_count) == (True, "System", 2)
    assert (user.cluster, user.mode, user.node_count) == ("aks", "User", 4)
    assert user.node_taints == ("a=b:NoSchedule",)
    assert system.subnet == user.subnet == "vnet/Nodes"
    assert "windows" in estate.kubernetes_clusters[0].features


def with_routes(plan: PlanFile, **block: Any) -> PlanFile:
    plan.add("azurerm_route_table.t", named("rt"))
    plan.add(
        "azurerm_subnet_route_table_association.a",
        {"subnet_id": LATE, "route_table_id": LATE},
        {
            "subnet_id": refers("azurerm_subnet.nodes.id"),
            "route_table_id": refers("azurerm_route_table.t.id"),
        },
    )
    plan.root["resources"][2] |= block
    return plan


def test_what_a_cluster_waits_for():
    waiting = with_routes(cluster(), depends_on=["azurerm_subnet_route_table_association.a"])

    assert only(with_routes(cluster())).waits_for == ()
    assert only(waiting).waits_for == ("subnet_route_table_association",)


def test_waiting_for_a_module_is_waiting_for_what_is_in_it():
    plan = with_routes(cluster(), depends_on=["module.rules"])
    plan.add(f"module.rules.{NAT}.g", {"name": "g", "priority": 100, "firewall_policy_id": LATE})
    plan.call("rules")

    assert only(plan).waits_for == ("firewall_policy_rule_collection_group",)


def roles(principal: dict[str, Any], scope: dict[str, Any]) -> PlanFile:
    plan = cluster(identity=[{"type": "UserAssigned", "identity_ids": LATE}])
    plan.root["resources"][2]["expressions"]["identity"] = [
        {"identity_ids": refers("azurerm_user_assigned_identity.i.id")}
    ]
    plan.add("azurerm_user_assigned_identity.i", named("id-aks", principal_id=LATE))
    plan.add("azurerm_resource_group.rg", {"name": "rg", "location": "westeurope", "id": LATE})
    return plan.add(
        "azurerm_role_assignment.a",
        {"scope": LATE, "principal_id": LATE, "role_definition_name": "Network Contributor"},
        {"scope": scope, "principal_id": principal},
    )


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("azurerm_user_assigned_identity.i.principal_id", "user_assigned_identity:id-aks"),
        (f"{CLUSTER}.c.kubelet_identity[0].object_id", "kubelet:aks"),
        (f"{CLUSTER}.c.identity[0].principal_id", "kubernetes_cluster:aks"),
    ],
)
def test_who_a_role_is_for(principal, expected):
    plan = roles(refers(principal), refers("azurerm_resource_group.rg.id"))
    (found,) = plan.estate().role_assignments

    assert (found.principal, found.scope) == (expected, "resource_group:rg")


def test_the_scope_of_a_role_is_whatever_it_refers_to():
    principal = refers("azurerm_user_assigned_identity.i.principal_id")
    (found,) = roles(principal, refers("azurerm_subnet.nodes.id")).estate().role_assignments

    assert found.scope == "subnet:vnet/Nodes"


def exposed(*targets: Any, **outputs: Any) -> PlanFile:
    plan = cluster()
    plan.outputs |= outputs
    plan.add("azurerm_firewall_policy.p", named("afwp"))
    for name in ("pip-lb", "pip-vm"):
        plan.add(f"azurerm_public_ip.{name.replace('-', '_')}", named(name, ip_address=LATE))
    rules = [
        {
            "name": f"rule{n}",
            "protocols": ["TCP"],
            "source_addresses": ["*"],
            "destination_address": "20.1.1.1",
            "destination_ports": ["80"],
            "translated_address": LATE if isinstance(target, dict) else target,
            "translated_port": 8080,
        }
        for n, target in enumerate(targets)
    ]
    late = [
        {"translated_address": target} if isinstance(target, dict) else {} for target in targets
    ]
    return plan.add(
        f"{NAT}.g",
        {
            "name": "g",
            "priority": 100,
            "firewall_policy_id": LATE,
            "nat_rule_collection": [{"name": "nat", "priority": 100, "rule": rules}],
        },
        {
            "firewall_policy_id": refers("azurerm_firewall_policy.p.id"),
            "nat_rule_collection": [{"rule": late}],
        },
    )


def test_services_are_inferred_from_where_dnat_leads():
    target = refers("azurerm_public_ip.pip_lb.ip_address")
    public, internal = sorted(
        exposed(target, "10.0.1.250", "10.9.9.9").estate().kubernetes_services,
        key=lambda item: item.load_balancer,
        reverse=True,
    )

    assert (public.frontend, public.port, public.cluster) == ("pip-lb", 8080, "aks")
    assert (internal.frontend, internal.load_balancer) == ("10.0.1.250", "internal")
    assert "inferred" in public.origin.derived


def test_the_output_tells_the_services_exactly():
    told = {
        "web": {
            "load_balancer": "internal",
            "port": 80,
            "target_port": 8080,
            "frontend": "10.0.1.250",
        }
    }
    (found,) = exposed("10.0.1.250", workloads=told).estate().kubernetes_services

    assert (found.name, found.port, found.target_port) == ("web", 80, 8080)
    assert found.origin.derived == ""


def test_the_output_tells_what_no_resource_carries():
    told = {
        "name": "shop",
        "location": "westeurope",
        "cloud": "public",
        "hub": "vnet",
        "tags": {"team": "a"},
        "features": ["docker-hub", "base"],
    }
    estate = exposed(estate=told).estate()

    assert (estate.name, estate.hub, dict(estate.tags)) == ("shop", "vnet", {"team": "a"})
    assert estate.kubernetes_clusters[0].features == ("base", "docker-hub")
