"""
Changes of an estate as YAML, for what no design says but a plan or a running network can.

A mapping goes by the estate's own field names. Resources are picked by name (or by `vnet/subnet`,
or by `role|scope|principal`), with `*` as in a shell; null takes away, a mapping changes fields,
`+` appends, a list replaces all. An item with `repeat: 3` comes three times, `{n}` in its texts
counting from 0; `{repeat: 3, text: "a-{n}"}` stands for texts.
"""

from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from enum import Enum
from fnmatch import fnmatchcase
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import yaml

from hubwright.model.address import Prefix
from hubwright.model.estate import Estate
from hubwright.semantics.assigned import assign


def changed(estate: Estate, text: str) -> Estate:
    """Return the estate with a change laid over it, its addresses assigned anew."""
    out = _laid(estate, yaml.safe_load(text), Estate)
    assert out != estate, "the change changes nothing"
    return assign(out)


def _laid(value: Any, change: Any, kind: Any) -> Any:
    if is_dataclass(value) and isinstance(change, Mapping):
        hints = get_type_hints(type(value))
        return replace(
            value, **{k: _laid(getattr(value, k), c, hints[k]) for k, c in change.items()}
        )
    if isinstance(value, tuple) and isinstance(change, Mapping):
        return _picked(value, change, get_args(kind)[0])
    return _made(change, kind)


def _picked(items: tuple[Any, ...], change: Mapping[str, Any], kind: Any) -> tuple[Any, ...]:
    out = list(items)
    for key, wanted in change.items():
        if key == "+":
            out += [_made(one, kind) for item in wanted for one in _repeated(item)]
            continue
        hit = [item for item in out if any(fnmatchcase(name, key) for name in _names(item))]
        assert hit, f"nothing is called {key}"
        if wanted is None:
            out = [item for item in out if item not in hit]
        else:
            out = [_laid(item, wanted, kind) if item in hit else item for item in out]
    return tuple(out)


def _names(item: Any) -> tuple[str, ...]:
    if hasattr(item, "role_definition_name"):
        return (f"{item.role_definition_name}|{item.scope}|{item.principal}",)
    return tuple(str(getattr(item, part)) for part in ("name", "id") if hasattr(item, part))


def _repeated(item: Any) -> list[Any]:
    if not isinstance(item, Mapping) or "repeat" not in item:
        return [item]
    rest = {key: value for key, value in item.items() if key != "repeat"}
    counted = [_counted(rest, n) for n in range(item["repeat"])]
    return [one["text"] if set(one) == {"text"} else one for one in counted]


def _counted(value: Any, n: int) -> Any:
    if isinstance(value, str):
        return value.replace("{n}", str(n))
    if isinstance(value, Mapping):
        return {key: _counted(item, n) for key, item in value.items()}
    return [_counted(item, n) for item in value] if isinstance(value, list) else value


def _made(value: Any, kind: Any) -> Any:
    """Return what YAML says as a value of a field's type."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        known = [part for part in parts if part is not type(None)]
        return None if value is None else _made(value, known[0])
    if origin is tuple and len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_made(one, parts[0]) for item in value for one in _repeated(item))
    if origin is tuple:
        return tuple(_made(item, part) for item, part in zip(value, parts, strict=True))
    if is_dataclass(kind) and isinstance(kind, type) and kind is not Prefix:
        hints = get_type_hints(kind)
        return kind(**{key: _made(item, hints[key]) for key, item in value.items()})
    if kind is Prefix:
        return Prefix.parse(value)
    if isinstance(kind, type) and issubclass(kind, (Enum, int)) and not isinstance(value, bool):
        return kind(int(value)) if issubclass(kind, int) else kind(value)
    return value
