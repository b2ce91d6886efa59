"""Facts of the estate that no resource carries: what the root's output `estate` tells."""

from collections.abc import Mapping
from dataclasses import field, replace

from hubwright.lazy_dataclass import dataclass
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.platform import LinuxVirtualMachine
from hubwright.sources.terraform.plan import Json, Plan

OUTPUT = "estate"


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What the output `estate` holds; everything is optional.

    `name`, `location`, `cloud`, `hub` and `tags` are the estate's. `features` are the cluster's,
    by the names of the egress catalogue. `purposes` are machines' purposes by machine.
    """

    name: str = ""
    location: str = ""
    cloud: str = ""
    hub: str = ""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    features: tuple[str, ...] | None = None
    ingress: str = ""
    purposes: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, plan: Plan) -> "Facts":
        """Return the facts of a plan."""
        told = plan.outputs.get(OUTPUT)
        if not isinstance(told, dict):
            return cls()
        features = told.get("features")
        return cls(
            name=_text(told, "name"),
            location=_text(told, "location"),
            cloud=_text(told, "cloud"),
            hub=_text(told, "hub"),
            tags=_table(told, "tags"),
            features=tuple(sorted(map(str, features))) if isinstance(features, list) else None,
            ingress=_text(told, "ingress"),
            purposes=_table(told, "purposes"),
        )

    def cluster(self, item: KubernetesCluster) -> KubernetesCluster:
        """Return a cluster with the features that it is told to have."""
        if self.features is not None:
            item = replace(item, features=self.features)
        return replace(item, ingress=self.ingress) if self.ingress else item

    def machine(self, item: LinuxVirtualMachine) -> LinuxVirtualMachine:
        """Return a machine with its purpose."""
        purpose = self.purposes.get(item.name)
        return replace(item, purpose=purpose) if purpose else item


def _text(told: Mapping[str, Json], key: str) -> str:
    found = told.get(key)
    return found if isinstance(found, str) else ""


def _table(told: Mapping[str, Json], key: str) -> dict[str, str]:
    found = told.get(key)
    items = found.items() if isinstance(found, dict) else ()
    return {str(name): str(value) for name, value in items}
