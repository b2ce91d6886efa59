"""The chart, rendered by Helm: valid, restricted, spread, split, and closed by default."""

from pathlib import Path
from typing import Any

import helm_python
import pytest

from hubwright import carried
from workload.charting import (
    CANARY,
    CONTAINERS,
    GUID,
    IMAGE,
    VAULT,
    Manifest,
    of_kind,
    problems,
    render,
    selects,
)

PUBLIC = {"kind": "public", "publicIp": "pip-kubernetes-web", "resourceGroup": "rg-contoso"}
INTERNAL = {"kind": "internal", "address": "10.1.0.200", "subnet": "AksSubnet"}
CASES: dict[str, dict[str, Any]] = {
    "internal load balancer": {"service": {"loadBalancer": INTERNAL}},
    "public load balancer": {"service": {"loadBalancer": PUBLIC}},
    "canary by replicas": {"canary": CANARY},
    "nginx": {"ingress": {"kind": "internal-nginx", "host": "shop.contoso.com"}, "canary": CANARY},
    "gateway": {
        "ingress": {"kind": "application-routing", "tlsSecretName": "shop-tls"},
        "canary": {**CANARY, "header": {"name": "X-Try", "value": "yes"}},
    },
    "agic": {"ingress": {"kind": "application-gateway", "usePrivateAddress": True}},
    "agic and mesh": {
        "ingress": {"kind": "application-gateway"},
        "canary": {**CANARY, "mesh": "istio", "header": {"name": "X-Try", "value": "yes"}},
    },
    "gateway for containers": {"ingress": CONTAINERS, "canary": CANARY},
    "secrets by csi": {
        "identity": {"clientId": GUID},
        "secrets": {"provider": "csi", **VAULT},
        "tls": {"secretName": "shop-tls"},
        "service": {"port": 443},
    },
    "secrets by dapr": {
        "identity": {"clientId": GUID},
        "secrets": {"provider": "dapr", **VAULT},
        "networkPolicy": {
            "egressTo": [{"to": "10.1.48.5/32", "ports": [443]}],
            "egressToInternet": True,
        },
    },
    "without autoscaling": {
        "autoscaling": {"enabled": False},
        "service": {"externalTrafficPolicy": "Local"},
        "networkPolicy": {"ingressFrom": ["10.0.0.0/26"], "wholeNamespace": False},
    },
}


@pytest.fixture(scope="module", params=CASES.values(), ids=CASES)
def manifests(request: pytest.FixtureRequest) -> list[Manifest]:
    return render(request.param)


def pods(manifests: list[Manifest]) -> list[dict[str, Any]]:
    return [m["spec"]["template"] for m in manifests if m["kind"] == "Deployment"]


def labels(pod: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = pod["metadata"]["labels"]
    return found


def test_every_manifest_fits_the_schemas(manifests: list[Manifest]) -> None:
    assert [p for manifest in manifests for p in problems(manifest)] == []


def test_pods_keep_to_the_restricted_pod_security_standard(manifests: list[Manifest]) -> None:
    """Source: kubernetes.io/docs/concepts/security/pod-security-standards, Restricted."""
    volumes = {"configMap", "csi", "downwardAPI", "emptyDir", "projected", "secret"}
    for pod in pods(manifests):
        spec = pod["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] > 0
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys()
        assert spec["automountServiceAccountToken"] is False
        for volume in spec.get("volumes", []):
            assert volume.keys() - {"name"} <= volumes
        for container in spec["containers"]:
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False
            assert context["readOnlyRootFilesystem"] is True
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert not any("hostPort" in port for port in container["ports"])
            assert {"requests", "limits"} <= container["resources"].keys()
            assert {"readinessProbe", "livenessProbe", "startupProbe"} <= container.keys()


def test_pods_are_spread_by_selectors_that_match_them(manifests: list[Manifest]) -> None:
    for pod in pods(manifests):
        constraints = pod["spec"]["topologySpreadConstraints"]
        keys = [constraint["topologyKey"] for constraint in constraints]
        assert keys == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
        for constraint in constraints:
            assert selects(constraint["labelSelector"]["matchLabels"], labels(pod))


def test_every_selector_matches_a_pod(manifests: list[Manifest]) -> None:
    all_labels = [labels(pod) for pod in pods(manifests)]
    for service in of_kind(manifests, "Service").values():
        assert any(selects(service["spec"]["selector"], found) for found in all_labels)
    for budget in of_kind(manifests, "PodDisruptionBudget").values():
        selector = budget["spec"]["selector"]["matchLabels"]
        assert any(selects(selector, found) for found in all_labels)
    for deployment in of_kind(manifests, "Deployment").values():
        selector = deployment["spec"]["selector"]["matchLabels"]
        assert selects(selector, labels(deployment["spec"]["template"]))
    for scaler in of_kind(manifests, "HorizontalPodAutoscaler").values():
        scaled = of_kind(manifests, "Deployment")[scaler["spec"]["scaleTargetRef"]["name"]]
        assert "replicas" not in scaled["spec"]


def test_tracks_of_a_deployment_are_disjoint(manifests: list[Manifest]) -> None:
    deployments = of_kind(manifests, "Deployment").values()
    for one in deployments:
        selector = one["spec"]["selector"]["matchLabels"]
        chosen = [other for other in pods(manifests) if selects(selector, labels(other))]
        assert len(chosen) == 1


def test_every_pod_is_closed_by_default_and_open_for_its_clients_and_names(
    manifests: list[Manifest],
) -> None:
    policies = of_kind(manifests, "NetworkPolicy").values()
    for pod in pods(manifests):
        on_it = [
            p["spec"]
            for p in policies
            if selects(p["spec"]["podSelector"].get("matchLabels", {}), labels(pod))
        ]
        assert any(not p.get("ingress") and not p.get("egress") for p in on_it)
        assert all(p["policyTypes"] == ["Ingress", "Egress"] for p in on_it)
        rules = [rule for p in on_it for rule in p.get("egress", [])]
        assert all(rule.get("to") for rule in rules)
        ports = {
            (port["port"], port["protocol"]) for rule in rules for port in rule.get("ports", ())
        }
        assert {(53, "UDP"), (53, "TCP")} <= ports
        opened = [port for p in on_it for rule in p.get("ingress", []) for port in rule["ports"]]
        assert opened == [{"port": "web", "protocol": "TCP"}]


@pytest.mark.parametrize("case", ["nginx", "gateway", "without autoscaling"])
def test_where_clients_are_named_the_api_servers_proxy_may_still_probe(case: str) -> None:
    policy = of_kind(render(CASES[case]), "NetworkPolicy")["shop"]["spec"]
    (rule,) = policy["ingress"]
    agents = [
        peer for peer in rule["from"] if "podSelector" in peer and "namespaceSelector" in peer
    ]
    assert [peer["podSelector"]["matchLabels"] for peer in agents] == [
        {"app": "konnectivity-agent"}
    ]
    assert len(rule["from"]) == 2


def test_an_internal_load_balancer_has_the_address_and_subnet_of_the_design() -> None:
    (service,) = of_kind(render(CASES["internal load balancer"]), "Service").values()
    prefix = "service.beta.kubernetes.io/azure-load-balancer"
    assert service["metadata"]["annotations"] == {
        f"{prefix}-internal": "true",
        f"{prefix}-ipv4": "10.1.0.200",
        f"{prefix}-internal-subnet": "AksSubnet",
    }
    assert service["spec"]["type"] == "LoadBalancer"


def test_a_public_load_balancer_claims_the_public_ip_of_the_design() -> None:
    (service,) = of_kind(render(CASES["public load balancer"]), "Service").values()
    assert service["metadata"]["annotations"] == {
        "service.beta.kubernetes.io/azure-pip-name": "pip-kubernetes-web",
        "service.beta.kubernetes.io/azure-load-balancer-resource-group": "rg-contoso",
    }


@pytest.mark.parametrize("case", ["gateway", "gateway for containers"])
def test_a_gateway_splits_by_weight(case: str) -> None:
    manifests = render(CASES[case])
    (route,) = of_kind(manifests, "HTTPRoute").values()
    split = {b["name"]: b["weight"] for b in route["spec"]["rules"][-1]["backendRefs"]}
    assert split == {"shop": 80, "shop-canary": 20}
    services = of_kind(manifests, "Service")
    for name, track in (("shop", "stable"), ("shop-canary", "canary")):
        assert services[name]["spec"]["selector"]["track"] == track
        assert services[name]["spec"]["type"] == "ClusterIP"


def test_who_sends_the_header_meets_the_canary() -> None:
    (route,) = of_kind(render(CASES["gateway"]), "HTTPRoute").values()
    first = route["spec"]["rules"][0]
    (wanted,) = first["matches"][0]["headers"]
    assert (wanted["name"], wanted["value"]) == ("X-Try", "yes")
    assert [backend["name"] for backend in first["backendRefs"]] == ["shop-canary"]


def test_classes_of_gateways_and_ingresses_are_azures() -> None:
    kinds = {
        "gateway": ("Gateway", "gatewayClassName", "approuting-istio"),
        "gateway for containers": ("Gateway", "gatewayClassName", "azure-alb-external"),
        "agic": ("Ingress", "ingressClassName", "azure-application-gateway"),
        "nginx": ("Ingress", "ingressClassName", "nginx-internal"),
    }
    for case, (kind, field, expected) in kinds.items():
        for manifest in of_kind(render(CASES[case]), kind).values():
            assert manifest["spec"][field] == expected
            assert "kubernetes.io/ingress.class" not in manifest["metadata"].get("annotations", {})


def test_nginx_sends_a_share_to_the_canary() -> None:
    ingresses = of_kind(render(CASES["nginx"]), "Ingress")
    annotations = ingresses["shop-canary"]["metadata"]["annotations"]
    assert annotations["nginx.ingress.kubernetes.io/canary-weight"] == "20"
    assert "nginx.ingress.kubernetes.io/canary" not in ingresses["shop"]["metadata"]["annotations"]


def test_the_mesh_splits_between_pods() -> None:
    (virtual,) = of_kind(render(CASES["agic and mesh"]), "VirtualService").values()
    by_header, by_weight = virtual["spec"]["http"]
    assert by_header["match"] == [{"headers": {"x-try": {"exact": "yes"}}}]
    split = {r["destination"]["host"]: r["weight"] for r in by_weight["route"]}
    assert split == {"shop": 80, "shop-canary": 20}


def test_a_vaults_secret_is_mounted_by_workload_identity() -> None:
    manifests = render(CASES["secrets by csi"])
    (provider,) = of_kind(manifests, "SecretProviderClass").values()
    assert provider["spec"]["parameters"]["clientID"] == GUID
    (pod,) = pods(manifests)
    assert labels(pod)["azure.workload.identity/use"] == "true"
    (account,) = of_kind(manifests, "ServiceAccount").values()
    assert account["metadata"]["annotations"] == {"azure.workload.identity/client-id": GUID}
    assert account["metadata"]["name"] == pod["spec"]["serviceAccountName"]
    environment = {e["name"]: e.get("value") for e in pod["spec"]["containers"][0]["env"]}
    assert environment["SECRET_FILE"] == "/mnt/secrets/password"


def test_dapr_hands_out_the_secret_to_this_application_alone() -> None:
    manifests = render(CASES["secrets by dapr"])
    (component,) = of_kind(manifests, "Component").values()
    (pod,) = pods(manifests)
    assert component["scopes"] == [pod["metadata"]["annotations"]["dapr.io/app-id"]]
    environment = {e["name"]: e.get("value") for e in pod["spec"]["containers"][0]["env"]}
    assert environment["DAPR_SECRET_STORE"] == component["metadata"]["name"]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a word that is no value": ({"replica": 3}, "replica"),
    "an ingress that does not exist": ({"ingress": {"kind": "nginx"}}, "ingress/kind"),
    "a vault without an identity": ({"secrets": {"provider": "csi", **VAULT}}, "identity/clientId"),
    "a public load balancer without its public IP": (
        {"service": {"loadBalancer": {"kind": "public"}}},
        "publicIp",
    ),
    "a gateway for containers without its id": (
        {"ingress": {"kind": "application-gateway-for-containers"}},
        "loadBalancerId",
    ),
    "weights at AGIC": (
        {"ingress": {"kind": "application-gateway"}, "canary": CANARY},
        "canary/mesh",
    ),
    "headers at a load balancer": (
        {"canary": {**CANARY, "header": {"name": "X-Try", "value": "yes"}}},
        "canary/mesh",
    ),
    "prefixes where clients come from nodes": (
        {"networkPolicy": {"ingressFrom": ["10.0.0.0/26"]}},
        "externalTrafficPolicy",
    ),
}


@pytest.mark.parametrize(("values", "named"), REFUSED.values(), ids=REFUSED)
def test_values_that_cannot_work_are_refused_by_name(values: dict[str, Any], named: str) -> None:
    with pytest.raises(helm_python.HelmError) as refused:
        render(values)
    assert named in str(refused.value)


@pytest.mark.parametrize(
    "image", [{"repository": "", "tag": "1"}, {"repository": "a/b", "tag": ""}]
)
def test_an_image_must_be_named(image: dict[str, str]) -> None:
    with pytest.raises(helm_python.HelmError, match=r"image\."):
        render({"image": image})


def test_a_digest_wins_over_a_tag() -> None:
    digest = "sha256:" + "a" * 64
    (pod,) = pods(render({"image": {**IMAGE, "digest": digest}}))
    assert pod["spec"]["containers"][0]["image"] == f"{IMAGE['repository']}@{digest}"


def test_helm_has_nothing_against_the_chart() -> None:
    told = helm_python.lint(str(carried.workload() / "chart"), values={"image": IMAGE})
    assert told["errors"] == []
    assert [m["error"] for m in told["messages"]] == ["icon is recommended"]


def test_no_manifest_uses_what_kubernetes_has_removed() -> None:
    texts = [p.read_text() for p in Path(carried.workload(), "chart", "templates").iterdir()]
    for gone in (
        "v2beta",
        "beta.kubernetes.io/os",
        "kubernetes.io/ingress.class",
        "policy/v1beta1",
    ):
        assert not any(gone in text for text in texts)
