"""The values of every workload of every example: chart and Kubernetes take them."""

from typing import Any

import pytest
import yaml

from engines.delivery.designs import NAMES, delivered, estate
from hubwright.engines.delivery.values import values
from hubwright.model.identity import FederatedIdentityCredential
from workload.charting import GUID, problems, render

WORKLOADS = [(name, s.name) for name in NAMES for s in estate(name).kubernetes_services]
RELEASED = {"repository": "registry.azurecr.io/web", "tag": "1.0.0"}


@pytest.mark.parametrize(("name", "workload"), WORKLOADS)
def test_the_chart_takes_the_values(name: str, workload: str) -> None:
    given = yaml.safe_load(delivered(name)[f"workloads/{workload}/values.yaml"])
    given["image"] = {**RELEASED, **given.get("image", {})}
    if given["ingress"]["kind"] == "application-gateway-for-containers":
        given["ingress"]["loadBalancerId"] = "/subscriptions/known/once/deployed"
    manifests = render(given, workload)
    assert [p for manifest in manifests for p in problems(manifest)] == []
    namespace = yaml.safe_load(delivered(name)[f"workloads/{workload}/namespace.yaml"])
    assert list(problems(namespace)) == []


@pytest.mark.parametrize(("name", "workload"), WORKLOADS)
def test_the_service_is_where_the_firewall_sends_its_clients(name: str, workload: str) -> None:
    service = next(s for s in estate(name).kubernetes_services if s.name == workload)
    given = values(estate(name), service)
    balancer = given["service"]["loadBalancer"]
    assert balancer["kind"] == service.load_balancer
    assert service.frontend in (balancer.get("address"), balancer.get("publicIp"))
    assert (given["service"]["port"], given["port"]) == (service.port, service.target_port)


def test_a_workload_with_an_identity_reads_the_vault() -> None:
    from dataclasses import replace

    plain = estate("reference")
    credential = FederatedIdentityCredential(
        name="shop",
        user_assigned_identity="id-shop",
        cluster=plain.kubernetes_clusters[0].name,
        subject="system:serviceaccount:shop:shop",
    )
    found = replace(plain, federated_identity_credentials=(credential,))
    service = next(s for s in found.kubernetes_services if s.name == "shop")
    given = values(found, service)
    assert given["secrets"] == {"provider": "csi", "vault": "contoso-vault", "name": "shop"}
    known = {"identity": {"clientId": GUID}, "secrets": {**given["secrets"], "tenantId": GUID}}
    assert render({**given, "image": RELEASED, **known}, "shop")


def test_pods_may_call_the_private_endpoints_that_the_design_lists() -> None:
    orders = values(estate("two-spokes"), estate("two-spokes").kubernetes_services[0])
    ports = [rule["ports"] for rule in orders["networkPolicy"]["egressTo"]]
    assert ports == [[1433]]


def test_each_nginx_has_the_address_that_the_firewall_sends_to() -> None:
    found = estate("everything")
    api = next(s for s in found.kubernetes_services if s.load_balancer == "internal")
    path = f"workloads/{api.name}/ingress-controller.yaml"
    controller = yaml.safe_load(delivered("everything")[path])["spec"]
    annotations = controller["loadBalancerAnnotations"]
    assert annotations["service.beta.kubernetes.io/azure-load-balancer-ipv4"] == api.frontend
    assert values(found, api)["ingress"]["className"] == controller["ingressClassName"]
    web = next(s for s in found.kubernetes_services if s.load_balancer == "public")
    assert values(found, web)["ingress"] == {"kind": "none"}


def test_clients_are_those_of_the_gateway_and_of_the_api_server() -> None:
    from dataclasses import replace

    service = estate("reference").kubernetes_services[0]
    for name in ("application-gateway", "containers-gateway"):
        found = estate(name)
        cluster = found.kubernetes_clusters[0]
        given = values(found, replace(service, cluster=cluster.name, frontend="10.0.0.9"))
        gateways = (*found.application_gateways, *found.application_load_balancers)
        (subnet,) = [found.subnet_by_id[gateway.subnet] for gateway in gateways]
        assert given["networkPolicy"]["ingressFrom"] == [str(p) for p in subnet.address_prefixes]
    found = estate("vnet-integration")
    given = values(found, found.kubernetes_services[0])
    api = found.subnet_by_id[found.kubernetes_clusters[0].api_server_subnet or ""]
    assert given["networkPolicy"]["ingressFrom"] == [str(p) for p in api.address_prefixes]


STEPS = {
    "canary": {"enabled": True, "image": {"tag": "1.1.0"}, "weight": 50},
    "promoted": {"enabled": False},
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
@pytest.mark.parametrize(("name", "workload"), WORKLOADS)
def test_every_step_of_a_release_is_taken(name: str, workload: str, step: dict[str, Any]) -> None:
    given = yaml.safe_load(delivered(name)[f"workloads/{workload}/values.yaml"])
    given["image"] = {**RELEASED, **given.get("image", {})}
    tracks = [
        manifest["metadata"]["labels"]["track"]
        for manifest in render({**given, "canary": step}, workload)
        if manifest["kind"] == "Deployment"
    ]
    assert tracks == (["stable", "canary"] if step["enabled"] else ["stable"])
