"""A plan as it was read: its resources, its configuration and its variables."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from hubwright.lazy_dataclass import dataclass
from hubwright.sources.terraform.addresses import Address, Key, Modules

Json = Any
"""A value of JSON, whose shape the provider's schema gives."""


@dataclass(slots=True, eq=False)
class Resource:
    """One instance that will exist: its values, and which of them only an apply will tell."""

    address: Address
    values: dict[str, Json]
    unknown: dict[str, Json]
    """Like `values`, with `true` where the value is known only after apply."""
    part: str = ""
    """For what stands inline in another resource: where, `subnet[2]` say."""
    part_type: str = ""
    """And which resource type it is like."""
    words: frozenset[str] | None = None
    """What names it in expressions, once somebody asked."""
    _text: str = ""

    @property
    def type(self) -> str:
        """The resource type, `azurerm_subnet` say."""
        return self.part_type or self.address.type

    @property
    def name(self) -> str | None:
        """Its name in Azure, where the plan knows it."""
        name = self.values.get("name")
        return name if isinstance(name, str) and name else None

    @property
    def resource_group(self) -> str:
        """Name of its resource group in lower case, or "" where the plan does not know it."""
        group = self.values.get("resource_group_name")
        return group.lower() if isinstance(group, str) else ""

    def __str__(self) -> str:
        """Return its address."""
        if not self._text:
            self._text = f"{self.address}.{self.part}" if self.part else str(self.address)
        return self._text


@dataclass(slots=True)
class Plan:
    """What of a plan's JSON is needed, in its order."""

    source: str
    resources: list[Resource] = field(default_factory=list[Resource])
    """Managed resources that will exist, then what data sources read; by address."""
    configuration: dict[str, Json] = field(default_factory=dict[str, Json])
    variables: dict[str, Json] = field(default_factory=dict[str, Json])
    """Values of the root's variables."""
    outputs: dict[str, Json] = field(default_factory=dict[str, Json])
    """Values of the root's outputs; what is known only after apply is missing in them."""
    by_block: dict[tuple[Modules, bool, str, str], dict[Key, Resource]] = field(
        default_factory=dict[tuple[Modules, bool, str, str], dict[Key, Resource]]
    )
    """Instances of each block in each module instance, by key."""
    by_type: dict[str, list[Resource]] = field(default_factory=dict[str, list[Resource]])
    gone: list[Resource] = field(default_factory=list[Resource])
    """What the plan deletes, as it was."""

    def add(self, resource: Resource) -> None:
        """Take in a resource, once."""
        address = resource.address
        block = (address.modules, address.is_data, address.type, address.name)
        instances = self.by_block.setdefault(block, {})
        if address.key in instances:
            return
        instances[address.key] = resource
        self.resources.append(resource)
        self.by_type.setdefault(address.type, []).append(resource)

    def add_part(self, part: Resource) -> None:
        """Take in what stands inline in a resource."""
        self.resources.append(part)
        self.by_type.setdefault(part.type, []).append(part)

    def of_type(self, *types: str) -> list[Resource]:
        """Return the resources of some types, type by type, in the plan's order."""
        return [resource for type_ in types for resource in self.by_type.get(type_, ())]

    def module(self, modules: Modules) -> Mapping[str, Json]:
        """Return the configuration of a module, given any instance of it."""
        found: Json = self.configuration.get("root_module", {})
        for step in modules:
            found = found.get("module_calls", {}).get(step.name, {}).get("module", {})
        return found if isinstance(found, dict) else {}

    def call(self, modules: Modules) -> Mapping[str, Json]:
        """Return the call that makes a module instance; empty for the root."""
        if not modules:
            return {}
        found = self.module(modules[:-1]).get("module_calls", {}).get(modules[-1].name, {})
        return found if isinstance(found, dict) else {}
