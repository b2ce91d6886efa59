"""The chart rendered by Helm's own library, and what its manifests are held against."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import helm_python
import jsonschema
import kubernetes_validate.utils
import yaml

from hubwright import carried

VERSIONS = ("1.34", "1.35", "1.36", "1.37")
"""Kubernetes versions that AKS supports in November 2026."""
GUID = "11111111-2222-3333-4444-555555555555"
IMAGE = {"repository": "contosoregistry.azurecr.io/web", "tag": "1.0.0"}
CANARY = {"enabled": True, "image": {"tag": "1.1.0"}, "weight": 20}
VAULT = {"vault": "contoso-vault", "tenantId": GUID, "name": "password"}
CONTAINERS = {
    "kind": "application-gateway-for-containers",
    "loadBalancerId": "/subscriptions/s/resourceGroups/g/providers/"
    "Microsoft.ServiceNetworking/trafficControllers/alb",
    "frontend": "web",
}

Manifest = dict[str, Any]

# Each of its schema files is read once, not once a manifest.
kubernetes_validate.utils.schema_contents = cache(kubernetes_validate.utils.schema_contents)


def render(values: Mapping[str, Any], name: str = "shop") -> list[Manifest]:
    """
    Return the manifests of a release.

    Raises:
        helm_python.HelmError: the chart refuses the values.
    """
    chosen = {"image": IMAGE, **values}
    with helm_python.Chart.load(str(carried.workload() / "chart")) as chart:
        chart.validate_schema(chosen)
        texts = chart.render(chosen, name=name, namespace=name)
    found = [m for text in texts.values() for m in yaml.safe_load_all(text) if m]
    names = [(m["kind"], m["metadata"]["name"]) for m in found]
    assert len(set(names)) == len(names)
    return found


def of_kind(manifests: list[Manifest], kind: str) -> dict[str, Manifest]:
    """Return the manifests of a kind by name."""
    return {m["metadata"]["name"]: m for m in manifests if m["kind"] == kind}


def problems(manifest: Manifest) -> Iterator[str]:
    """Yield what Kubernetes, or a custom resource's schema, has against a manifest."""
    if schema := custom_schema(manifest["kind"]):
        for error in jsonschema.Draft7Validator(schema).iter_errors(manifest):
            yield f"{manifest['kind']}: {error.json_path}: {error.message}"
        return
    for version in VERSIONS:
        try:
            kubernetes_validate.validate(manifest, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"{manifest['kind']} in {version}: {list(error.path)}: {error.message}"


@cache
def custom_schema(kind: str) -> dict[str, Any] | None:
    """Return the schema of a custom resource, from its documented fields."""
    path = Path(__file__).parent / "crds" / f"{kind}.json"
    return json.loads(path.read_text()) if path.exists() else None


def selects(selector: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """Tell whether a selector matches labels."""
    return all(labels.get(key) == value for key, value in selector.items())
