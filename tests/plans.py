"""Plans made by hand: what tests of the plan reader are written in."""

import json
from typing import Any

from hubwright.model.estate import Estate
from hubwright.sources.terraform import read_plan
from hubwright.sources.terraform.addresses import modules_of, parts

LATE = object()
"""A value that only an apply will tell."""


def refers(*references: str, **others: Any) -> dict[str, Any]:
    """An expression as a plan keeps it, each reference followed by the resource it begins with."""
    found: list[str] = []
    for text in references:
        found.append(text)
        names = text.split(".")
        size = 3 if names[0] == "data" else 2
        if len(names) > size or "[" in names[-1]:
            found.append(".".join(names[:size]).partition("[")[0])
    return {"references": found, **others}


class PlanFile:
    """A plan under construction."""

    def __init__(self, constraint: str | None = "~> 5.0") -> None:
        provider: dict[str, Any] = {"full_name": "registry.terraform.io/hashicorp/azurerm"}
        if constraint:
            provider["version_constraint"] = constraint
        self.changes: list[dict[str, Any]] = []
        self.data: list[dict[str, Any]] = []
        self.root: dict[str, Any] = {"resources": [], "module_calls": {}}
        self.configuration = {"provider_config": {"azurerm": provider}, "root_module": self.root}
        self.rest: dict[str, Any] = {"format_version": "1.2", "terraform_version": "1.11.4"}
        self.variables: dict[str, Any] = {}
        self.outputs: dict[str, Any] = {}

    def add(
        self,
        address: str,
        values: dict[str, Any],
        expressions: dict[str, Any] | None = None,
        *,
        actions: tuple[str, ...] = ("create",),
        before: dict[str, Any] | None = None,
        **block: Any,
    ) -> "PlanFile":
        """Add an instance, and its block if it is the first of it; LATE marks unknown values."""
        module, type_, name, key = split(address)
        known, unknown = parted(values)
        entry: dict[str, Any] = {
            "address": address,
            "mode": "managed",
            "type": type_,
            "name": name,
            "change": {
                "actions": list(actions),
                "before": before,
                "after": None if actions == ("delete",) else known,
                "after_unknown": unknown,
            },
        }
        if module:
            entry["module_address"] = module
        if key is not None:
            entry["index"] = key
        self.changes.append(entry)
        self.block(address, expressions or {}, **block)
        return self

    def block(self, address: str, expressions: dict[str, Any], **rest: Any) -> None:
        module, type_, name, _ = split(address)
        resources = self.module(module).setdefault("resources", [])
        if not any((r["type"], r["name"]) == (type_, name) for r in resources):
            block = {"mode": "managed", "type": type_, "name": name, "expressions": expressions}
            resources.append(block | rest)

    def read(self, address: str, values: dict[str, Any]) -> "PlanFile":
        """Add what a data source has read."""
        _, type_, name, key = split(address.replace("data.", "", 1))
        entry = {"address": address, "mode": "data", "type": type_, "name": name, "values": values}
        if key is not None:
            entry["index"] = key
        self.data.append(entry)
        return self

    def module(self, address: str) -> dict[str, Any]:
        found = self.root
        for step in modules_of(address):
            call = found.setdefault("module_calls", {}).setdefault(step.name, {})
            found = call.setdefault("module", {})
        return found

    def call(
        self,
        name: str,
        expressions: dict[str, Any] | None = None,
        outputs: dict[str, Any] | None = None,
        **rest: Any,
    ) -> "PlanFile":
        """Describe the call of a module, `a` or `a.b`, and its outputs."""
        *above, last = name.split(".")
        parent = self.module(".".join(f"module.{part}" for part in above))
        call = parent.setdefault("module_calls", {}).setdefault(last, {})
        call.setdefault("module", {})
        call["expressions"] = expressions or {}
        call["module"]["outputs"] = {
            key: {"expression": value} for key, value in (outputs or {}).items()
        }
        call |= rest
        return self

    def document(self) -> dict[str, Any]:
        return {
            **self.rest,
            "variables": {name: {"value": value} for name, value in self.variables.items()},
            "planned_values": {"root_module": {}},
            "resource_changes": self.changes,
            "output_changes": {
                name: {"actions": ["create"], "before": None, "after": value}
                for name, value in self.outputs.items()
            },
            "prior_state": {"values": {"root_module": {"resources": self.data}}},
            "configuration": self.configuration,
        }

    def text(self) -> str:
        return json.dumps(self.document())

    def estate(self, **options: Any) -> Estate:
        """Read it; it must have an estate."""
        estate, problems = read_plan("plan.json", self.text(), **options)
        assert estate is not None, problems
        return estate

    def codes(self) -> list[tuple[str, str]]:
        """Return code and place of each diagnostic."""
        _, problems = read_plan("plan.json", self.text())
        return [(item.code, item.primary.origin.path) for item in problems]


def split(address: str) -> tuple[str, str, str, Any]:
    """Return module, type, name and key of an address."""
    modules = modules_of(address) if address.startswith("module.") else ()
    steps = []
    for step in modules:
        if (
            step.name
            and f"{step}." in address
            and address.startswith(".".join([*map(str, steps), str(step)]))
        ):
            steps.append(step)
    prefix = ".".join(map(str, steps))
    type_, name, *key = parts(address[len(prefix) :].lstrip("."))
    return prefix, str(type_), str(name), key[0] if key else None


def parted(value: Any) -> tuple[Any, Any]:
    """Return a value as a plan splits it: `after` without what is LATE, and `after_unknown`."""
    if value is LATE:
        return None, True
    if isinstance(value, dict):
        pairs = {key: parted(item) for key, item in value.items()}
        known = {key: pair[0] for key, pair in pairs.items() if value[key] is not LATE}
        unknown = {key: pair[1] for key, pair in pairs.items() if pair[1] not in (False, {}, [])}
        return known, unknown
    if isinstance(value, list):
        items = [parted(item) for item in value]
        return [item[0] for item in items], [item[1] for item in items]
    return value, False


def network(name: str = "vnet", **values: Any) -> dict[str, Any]:
    """A virtual network's arguments."""
    return {
        "name": name,
        "location": "westeurope",
        "resource_group_name": "rg",
        "address_space": ["10.0.0.0/16"],
        "dns_servers": [],
        "id": LATE,
    } | values


def subnet(name: str, prefix: str, vnet: str = "vnet", **values: Any) -> dict[str, Any]:
    """A subnet's arguments."""
    return {
        "name": name,
        "resource_group_name": "rg",
        "virtual_network_name": vnet,
        "address_prefixes": [prefix],
        "default_outbound_access_enabled": False,
        "id": LATE,
    } | values


def named(name: str, **values: Any) -> dict[str, Any]:
    """A resource of which only the name matters."""
    return {
        "name": name,
        "location": "westeurope",
        "resource_group_name": "rg",
        "id": LATE,
    } | values
