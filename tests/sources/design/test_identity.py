import pytest

from designs import read, refused, write
from hubwright.model.estate import Estate

GROUP = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"
CLUSTER = "user_assigned_identity:id-aks-base"
KUBELET = "user_assigned_identity:id-aks-base-kubelet"


def roles(estate: Estate) -> set[tuple[str, str, str]]:
    return {
        (item.principal, item.role_definition_name, item.scope) for item in estate.role_assignments
    }


def of(estate: Estate, principal: str) -> set[tuple[str, str]]:
    return {(role, scope) for who, role, scope in roles(estate) if who == principal}


def test_a_cluster_with_a_zone_of_its_own_may_link_it_and_write_in_it_and_no_more():
    estate = read(write())

    assert of(estate, CLUSTER) == {
        ("Network Contributor", "virtual_network:vnet-aks"),
        ("Private DNS Zone Contributor", "private_dns_zone:privatelink.westeurope.azmk8s.io"),
        ("Network Contributor", "route_table:rt-aks"),
        ("Managed Identity Operator", KUBELET),
    }


def test_without_a_zone_of_its_own_rights_are_on_the_subnets_only():
    estate = read(write(cluster="private_dns_zone: system"))

    scopes = {scope for role, scope in of(estate, CLUSTER) if role == "Network Contributor"}
    assert scopes == {"subnet:vnet-aks/AksSubnet", "route_table:rt-aks"}


def test_kubelets_pull_images_before_the_cluster_exists():
    estate = read(write("registry: {}\n"))

    assert of(estate, KUBELET) == {("AcrPull", "container_registry:acrbase")}
    assert estate.kubernetes_clusters[0].kubelet_identity == "id-aks-base-kubelet"


def test_an_identity_that_aks_makes_pulls_images_too():
    estate = read(write("registry: {}\n", cluster="kubelet_identity: false"))

    assert of(estate, "kubelet:aks-base") == {("AcrPull", "container_registry:acrbase")}
    assert estate.kubernetes_clusters[0].kubelet_identity is None
    assert [item.name for item in estate.user_assigned_identities] == ["id-aks-base"]


def test_a_public_ip_that_a_service_claims_is_the_clusters_to_use():
    estate = read(write("workloads: {web: {load_balancer: public, port: 80}}\n"))

    assert ("Network Contributor", "public_ip:pip-lb-web") in of(estate, CLUSTER)
    assert ("Reader", "resource_group:rg-base-aks") in of(estate, CLUSTER)
    assert not [scope for _, scope in of(estate, CLUSTER) if "pip-afw" in scope]


def test_a_workload_identity_is_a_service_account_that_may_read_secrets():
    estate = read(
        write(
            "key_vault: {}\n"
            "workload_identities:\n"
            "  shop: {service_account: shop/web, key_vault: true}\n"
            "  mail: {service_account: mail/mail}\n"
        )
    )

    subjects = {
        item.user_assigned_identity: item.subject for item in estate.federated_identity_credentials
    }
    assert subjects == {
        "id-shop": "system:serviceaccount:shop:web",
        "id-mail": "system:serviceaccount:mail:mail",
    }
    assert of(estate, "user_assigned_identity:id-shop") == {
        ("Key Vault Secrets User", "key_vault:kv-base")
    }
    assert of(estate, "user_assigned_identity:id-mail") == set()
    assert "workload-identity" in estate.kubernetes_clusters[0].features


def test_administrators_enter_the_cluster_the_jump_box_and_bastion():
    estate = read(write("jumpbox: {}\n", cluster=f"admin_group_object_ids: [{GROUP}]"))

    assert of(estate, f"group:{GROUP}") == {
        ("Azure Kubernetes Service Cluster User Role", "kubernetes_cluster:aks-base"),
        ("Azure Kubernetes Service RBAC Cluster Admin", "kubernetes_cluster:aks-base"),
        ("Virtual Machine Administrator Login", "linux_virtual_machine:vm-jumpbox"),
        ("Reader", "bastion_host:bas-hub"),
    }


def test_the_firewall_reads_its_ca_and_nothing_else():
    estate = read(
        write("key_vault: {}\n", hub="firewall: {tls_inspection: {key_vault_secret: ca}}")
    )

    policy = estate.firewall_policies[0]
    assert policy.tls_certificate == "kv-base/ca"
    assert policy.user_assigned_identity == "id-afwp-hub"
    assert of(estate, "user_assigned_identity:id-afwp-hub") == {
        ("Key Vault Secrets User", "key_vault:kv-base")
    }


@pytest.mark.parametrize(
    ("ingress", "principal", "expected"),
    [
        (
            "application-gateway",
            "ingress_application_gateway:aks-base",
            {
                ("Contributor", "application_gateway:agw-base"),
                ("Reader", "resource_group:rg-base-aks"),
                ("Network Contributor", "subnet:vnet-aks/AppGatewaySubnet"),
            },
        ),
        (
            "application-gateway-for-containers",
            "user_assigned_identity:id-aks-base-alb",
            {
                (
                    "AppGw for Containers Configuration Manager",
                    "application_load_balancer:alb-base",
                ),
                ("Network Contributor", "subnet:vnet-aks/AlbSubnet"),
                ("Reader", "node_resource_group:aks-base"),
            },
        ),
    ],
)
def test_a_controller_may_change_its_own_gateway_only(ingress, principal, expected):
    estate = read(write(cluster=f"ingress: {ingress}"))

    assert of(estate, principal) == expected


def test_every_assignment_says_why():
    estate = read(write("registry: {}\njumpbox: {}\nagents: [{}]\n"))

    assert estate.role_assignments
    assert all(item.origin.derived and item.origin.span for item in estate.role_assignments)


def test_nodes_wait_for_their_way_out_their_names_and_their_rights():
    estate = read(write())

    assert estate.kubernetes_clusters[0].waits_for == (
        "firewall_policy_rule_collection_group",
        "private_dns_zone_virtual_network_link",
        "role_assignment",
        "subnet_network_security_group_association",
        "subnet_route_table_association",
        "virtual_network_peering",
    )


def test_nodes_that_start_from_a_registry_wait_for_its_endpoint():
    estate = read(write("registry: {}\n", cluster="outbound_type: none"))

    assert "private_endpoint" in estate.kubernetes_clusters[0].waits_for


def test_tokens_need_a_cluster_that_signs_them():
    text = write("workload_identities: {shop: {service_account: shop/web}}\n")
    text = text[: text.index("cluster:")] + text[text.index("workload_identities") :]

    assert (
        "DESIGN007",
        "there are workload identities but no cluster that signs their tokens",
        "workload_identities: {shop: {service_account: shop/web}}",
    ) in refused(text)
