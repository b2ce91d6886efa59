"""The files of a team's repository: what is the same for everybody, and what an estate decides."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

import hubwright
from hubwright import carried
from hubwright.engines.delivery import names
from hubwright.engines.delivery.values import nginx_class, values
from hubwright.model.cluster import KubernetesService
from hubwright.model.estate import Estate

_HOSTED_IMAGE = "ubuntu-24.04"
_PER_WORKLOAD = ("pipelines/azure-devops/workload.yaml", ".github/workflows/workload.yaml")
"""Of these there is one a workload."""
_WORKLOAD = "__WORKLOAD__"
_VERSION = "__HUBWRIGHT__"
_HEAD = "# Written by `hubwright synth` from the design.\n"


def files(estate: Estate) -> dict[str, str]:
    """
    Return pipelines, agents, the workload with its chart, and the values of each workload.

    Args:
        estate: An assigned estate; all that is read from it stands in generated files.

    Returns:
        Path, relative and with slashes, to text; sorted. The same estate gives the same files.
    """
    found = dict(_carried())
    workloads = [service.name for service in estate.kubernetes_services]
    for path in _PER_WORKLOAD:
        text = found.pop(path, None)
        for workload in workloads if text is not None else ():
            own = path.replace("workload.yaml", f"workload-{workload}.yaml")
            found[own] = (text or "").replace(_WORKLOAD, workload)
    found |= dict(_generated(estate))
    return dict(sorted(found.items()))


def _carried() -> Iterator[tuple[str, str]]:
    root = carried.delivery()
    places = (
        (root / "pipelines", "pipelines"),
        (root / "github", ".github/workflows"),
        (root / "agents", "agents"),
        (carried.workload(), "workload"),
    )
    for directory, target in places:
        for path in sorted(directory.rglob("*")):
            if path.is_file() and _is_source(path):
                relative = path.relative_to(directory).as_posix()
                text = path.read_text(encoding="utf-8")
                yield f"{target}/{relative}", text.replace(_VERSION, hubwright.__version__)


def _is_source(path: Path) -> bool:
    return not any(part.endswith(("__pycache__", "_cache")) for part in path.parts)


def _generated(estate: Estate) -> Iterator[tuple[str, str]]:
    variables = {"hostedImage": _HOSTED_IMAGE, "hubwrightVersion": hubwright.__version__}
    yield "pipelines/azure-devops/variables.yaml", _yaml({"variables": variables})
    yield "pipelines/estate.env", _HEAD + names.of_estate(estate)
    for service in estate.kubernetes_services:
        place = f"workloads/{service.name}"
        yield f"{place}/values.yaml", _yaml(values(estate, service))
        yield f"{place}/names.env", _HEAD + names.of_workload(estate, service)
        yield f"{place}/namespace.yaml", _yaml(_namespace(service.name))
        if names.ingress_kind(estate, service) == "internal-nginx":
            yield f"{place}/ingress-controller.yaml", _yaml(_nginx(service))


def _yaml(value: dict[str, Any]) -> str:
    return _HEAD + yaml.safe_dump(value, sort_keys=False, width=100)


def _namespace(name: str) -> dict[str, Any]:
    """Return a namespace that refuses pods beyond the restricted pod security standard."""
    modes = ("enforce", "audit", "warn")
    labels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in modes}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def _nginx(service: KubernetesService) -> dict[str, Any]:
    """
    Return a workload's NGINX of the application routing add-on, on the internal load balancer.

    Source: learn.microsoft.com/azure/aks/create-nginx-ingress-private-controller (2025).
    """
    name, prefix = nginx_class(service), "service.beta.kubernetes.io/azure-load-balancer"
    annotations = {f"{prefix}-internal": "true", f"{prefix}-ipv4": service.frontend}
    return {
        "apiVersion": "approuting.kubernetes.azure.com/v1alpha1",
        "kind": "NginxIngressController",
        "metadata": {"name": name},
        "spec": {
            "ingressClassName": name,
            "controllerNamePrefix": name,
            "loadBalancerAnnotations": annotations,
        },
    }
