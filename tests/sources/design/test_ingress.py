import pytest

from designs import read, refused, write
from hubwright.model.address import format_address
from hubwright.model.flow import Disposition, Flow
from hubwright.semantics.evaluate import evaluate


def test_a_gateway_behind_the_firewall_is_reached_through_it_and_not_past_it():
    estate = read(write(cluster="ingress: application-gateway"))
    gateway = estate.application_gateways[0]

    through = evaluate(estate, Flow(source="internet", destination="pip-afw-agw-base"))
    past = evaluate(estate, Flow(source="internet", destination="pip-agw-base"))

    assert gateway.private_ip_address == "10.1.17.250"
    assert (gateway.sku, gateway.firewall_policy) == ("WAF_v2", "waf-agw-base")
    assert through.disposition is Disposition.ACCEPTED
    assert past.disposition is Disposition.DENIED_IN
    assert estate.kubernetes_clusters[0].application_gateway == "agw-base"


def test_a_gateway_beside_the_firewall_sees_its_clients():
    estate = read(write("application_gateway: {behind_firewall: false}\n"))

    trace = evaluate(estate, Flow(source="internet", destination="pip-agw-base"))

    assert trace.disposition is Disposition.ACCEPTED
    assert "pip-afw-agw-base" not in estate.public_ip_by_name
    assert not [g for g in estate.rule_collection_groups if g.name == "workloads"]


def test_a_gateway_that_is_not_exposed_has_no_address_of_the_firewall():
    estate = read(write("application_gateway: {expose: false, public_ip: false}\n"))

    assert list(estate.public_ip_by_name) == ["pip-afw-hub-1"]


def test_a_gateways_subnet_has_no_route_table_whatever_it_is_called():
    estate = read(write("application_gateway: {subnet: aks/OwnSubnet}\n"))

    subnet = estate.subnet_by_id["vnet-aks/OwnSubnet"]
    group = estate.network_security_group_by_name[subnet.network_security_group or ""]
    assert subnet.route_table is None
    assert [rule.name for rule in group.security_rules] == ["AllowGatewayManager"]


def test_the_gateway_for_containers_has_a_delegated_subnet_and_a_policy():
    estate = read(write(cluster="ingress: application-gateway-for-containers"))

    subnet = estate.subnet_by_id["vnet-aks/AlbSubnet"]
    assert subnet.delegation == "Microsoft.ServiceNetworking/trafficControllers"
    assert subnet.route_table is None
    assert estate.application_load_balancers[0].firewall_policy == "waf-alb-base"
    assert estate.web_application_firewall_policies[0].mode == "Prevention"
    assert [item.subject for item in estate.federated_identity_credentials] == [
        "system:serviceaccount:azure-alb-system:alb-controller-sa"
    ]


def test_a_gateways_interface_has_the_address_that_was_asked_for():
    estate = read(write("application_gateway: {private_ip_address: 10.1.17.9}\n"))

    nic = estate.network_interface_by_name["agw-base"]
    assert format_address(nic.private_ip_address) == "10.1.17.9"


@pytest.mark.parametrize(
    ("more", "cluster", "expected"),
    [
        (
            "application_gateway: {sku: Standard_v2}\n",
            "",
            (
                "DESIGN010",
                "`sku: Standard_v2` and `waf` contradict each other",
                "application_gateway: {sku: Standard_v2}",
            ),
        ),
        (
            "application_gateway: {behind_firewall: false, public_ip: false}\n",
            "",
            (
                "DESIGN010",
                "nobody reaches the gateway from outside: no public IP, and no firewall before it",
                "application_gateway: {behind_firewall: false, public_ip: false}",
            ),
        ),
        (
            "application_gateway: {private_ip_address: 10.1.99.4}\n",
            "",
            (
                "DESIGN009",
                "10.1.99.4 is not a free address of `AppGatewaySubnet`",
                "application_gateway: {private_ip_address: 10.1.99.4}",
            ),
        ),
        (
            "application_gateway: false\n",
            "ingress: application-gateway",
            (
                "DESIGN010",
                "the ingress is `application-gateway`, and there is none",
                "ingress: application-gateway",
            ),
        ),
        (
            "application_gateway_for_containers: {subnet: aks/OwnSubnet}\n",
            "",
            (
                "DESIGN009",
                (
                    "subnet `OwnSubnet` (10.1.19.0/27) is too small for "
                    "Microsoft.ServiceNetworking/trafficControllers"
                ),
                "OwnSubnet: 10.1.19.0/27",
            ),
        ),
        (
            "application_gateway: {subnet: aks/VmSubnet}\njumpbox: {}\n",
            "",
            (
                "DESIGN010",
                "`VmSubnet` belongs to one application gateway alone",
                "jumpbox: {}",
            ),
        ),
    ],
)
def test_what_a_gateway_cannot_be(more: str, cluster: str, expected: tuple[str, str, str]):
    assert expected in refused(write(more, cluster=cluster))
