"""Turns values of the model into what stands in a tfvars file."""

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar

from hubwright.errors import UsageError
from hubwright.model.address import Prefix

T = TypeVar("T")


def plain(item: Any, *, without: frozenset[str] | set[str] = frozenset()) -> dict[str, Any]:
    """
    Return a resource as a dict of JSON values, fields in the model's order.

    Args:
        item: A dataclass of the model.
        without: Fields to leave out beside `origin`, at the top only.
    """
    return {
        field.name: _value(getattr(item, field.name))
        for field in fields(item)
        if field.name != "origin" and field.name not in without
    }


def keyed(
    kind: str, items: Iterable[T], key: Callable[[T], str], value: Callable[[T], dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """
    Return resources as a map, sorted by key.

    Args:
        kind: What the resources are called, for the message.
        items: The resources, in any order.
        key: What Terraform tells them apart by.
        value: Their arguments.

    Raises:
        UsageError: two resources have the same key, so that one would hide the other.
    """
    found: dict[str, dict[str, Any]] = {}
    for item in items:
        name = key(item)
        if name in found:
            raise UsageError(f"two {kind} are called `{name}`; give one of them another name")
        found[name] = value(item)
    return dict(sorted(found.items()))


def _value(value: Any) -> Any:
    if isinstance(value, Prefix):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    if is_dataclass(value):
        return plain(value)
    return value
