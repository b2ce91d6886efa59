"""Which resources of one estate are not, or not the same, in another: values against values."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum, StrEnum
from typing import Any

from hubwright.catalogue.lifecycle import left_alone
from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Estate
from hubwright.model.origin import Origin

_DERIVED = frozenset({"network_interfaces", "private_dns_a_records", "unknowns", "intents"})
"""What Azure assigns follows from the rest, and is not shown as a change of its own; what is only
claimed is no resource."""
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Symbol(StrEnum):
    """Terraform's marks of a change."""

    ADDED = "+"
    REMOVED = "-"
    CHANGED = "~"
    REPLACED = "-/+"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentChange:
    """One argument that has another value, or a nested block that came, went or moved."""

    symbol: Symbol
    path: tuple[str, ...]
    """Arguments and names of nested blocks, outermost first: `("routes", "default", ...)`."""
    before: Any = None
    after: Any = None
    left_alone: str | None = None
    """Who makes this change instead, where Terraform ignores it once the resource is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceChange:
    """One resource that came, went or changed."""

    symbol: Symbol
    type: str
    """azurerm's type without its prefix."""
    name: str
    arguments: tuple[ArgumentChange, ...] = ()
    """Of a changed resource, in the order of the arguments."""
    before: Any = None
    after: Any = None

    @property
    def origin(self) -> Origin:
        """Where it is written, in the new source if it is there."""
        resource = self.before if self.after is None else self.after
        found = getattr(resource, "origin", None)
        return found if isinstance(found, Origin) else Origin()


def resource_changes(
    before: Estate, after: Estate, replaced: frozenset[str] = frozenset()
) -> tuple[ResourceChange, ...]:
    """
    Return the resources that differ, by type in the estate's order, then by name.

    Args:
        before: The first estate.
        after: The second.
        replaced: Addresses of resources of the second that are made anew, whatever differs.
    """
    out: list[ResourceChange] = []
    for item in fields(Estate):
        old, new = getattr(before, item.name), getattr(after, item.name)
        if item.name in _DERIVED or not isinstance(old, tuple):
            continue
        if old != new or replaced:
            out += _of_one_type(_keyed(old), _keyed(new), replaced)
    return tuple(out)


def type_name(resource: Any) -> str:
    """Return azurerm's type of a resource, without its prefix."""
    return _WORD.sub("_", type(resource).__name__).lower()


def key_of(resource: Any) -> str:
    """Return what tells a resource from its siblings: its id in the estate, or its name."""
    for attribute in ("id", "name"):
        found = getattr(resource, attribute, None)
        if isinstance(found, str):
            parent = _parent(resource)
            return f"{parent}/{found}" if parent and attribute == "name" else found
    if hasattr(resource, "scope"):
        return f"{resource.role_definition_name} on {resource.scope} for {resource.principal}"
    return str(resource)


def _parent(resource: Any) -> str:
    for attribute in ("firewall_policy", "private_dns_zone", "virtual_network", "cluster"):
        if attribute == "firewall_policy" and not hasattr(resource, "priority"):
            continue
        if attribute == "virtual_network" and not hasattr(resource, "remote_virtual_network"):
            continue
        found = getattr(resource, attribute, None)
        if isinstance(found, str) and found:
            return found
    return ""


def _keyed(resources: tuple[Any, ...]) -> dict[str, Any]:
    return {key_of(resource): resource for resource in resources}


def _of_one_type(
    old: dict[str, Any], new: dict[str, Any], replaced: frozenset[str]
) -> Iterator[ResourceChange]:
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        is_anew = after is not None and after.origin.path in replaced
        if before == after and not is_anew:
            continue
        if before is None or after is None:
            symbol = Symbol.ADDED if before is None else Symbol.REMOVED
            kind = type_name(after if before is None else before)
            yield ResourceChange(symbol=symbol, type=kind, name=key, before=before, after=after)
            continue
        yield ResourceChange(
            symbol=Symbol.REPLACED if is_anew else Symbol.CHANGED,
            type=type_name(after),
            name=key,
            arguments=tuple(
                replace(argument, left_alone=_left_alone(key, after, argument))
                for argument in _arguments(before, after, ())
            ),
            before=before,
            after=after,
        )


def _left_alone(key: str, resource: Any, change: ArgumentChange) -> str | None:
    autoscaled = getattr(resource, "min_count", None) is not None
    return left_alone(type_name(resource), key, change.path[0], autoscaled=autoscaled)


def _arguments(before: Any, after: Any, path: tuple[str, ...]) -> Iterator[ArgumentChange]:
    """Yield what differs between two values of one type."""
    for item in fields(after):
        if not item.compare:
            continue
        old, new = getattr(before, item.name), getattr(after, item.name)
        if old == new:
            continue
        here = (*path, item.name)
        if _are_blocks(old) and _are_blocks(new):
            yield from _blocks(old, new, here)
        else:
            yield ArgumentChange(
                symbol=Symbol.CHANGED, path=here, before=plain(old), after=plain(new)
            )


def _are_blocks(value: Any) -> bool:
    return isinstance(value, tuple) and all(
        is_dataclass(item) and hasattr(item, "name") for item in value
    )


def _blocks(old: Any, new: Any, path: tuple[str, ...]) -> Iterator[ArgumentChange]:
    """Yield what differs between two lists of named blocks; then whether their order does."""
    before, after = _keyed(old), _keyed(new)
    for key in [*before, *(key for key in after if key not in before)]:
        one, other = before.get(key), after.get(key)
        here = (*path, key)
        if one is None:
            yield ArgumentChange(symbol=Symbol.ADDED, path=here, after=plain(other))
        elif other is None:
            yield ArgumentChange(symbol=Symbol.REMOVED, path=here, before=plain(one))
        elif one != other:
            yield from _arguments(one, other, here)
    kept = [key for key in before if key in after]
    moved = [key for key in after if key in before]
    if kept != moved:
        yield ArgumentChange(
            symbol=Symbol.CHANGED, path=(*path, "order"), before=tuple(kept), after=tuple(moved)
        )


def plain(value: Any) -> Any:
    """Return a value of the model as what JSON has: texts, numbers, lists and objects."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: plain(getattr(value, f.name)) for f in fields(value) if f.compare}
        own = str(value)
        return own if not own.startswith(type(value).__name__) else parts
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value
