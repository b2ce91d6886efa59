"""Nothing that the providers have deprecated is used."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from terraforming import CONFIGURATION, schemas

_RESOURCE = re.compile(r'^(resource|data) "(\w+)" "\w+" \{$')
_BLOCK = re.compile(r'^(?:dynamic "(\w+)"|(\w+)) \{$')
_ARGUMENT = re.compile(r"^(\w+)\s+= ")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_META = frozenset(
    {"count", "for_each", "depends_on", "provider", "iterator", "lifecycle", "timeouts"}
)
_OPEN, _CLOSE = "([{", ")]}"


def uses(path: Path) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield kind, type and path of every argument and block of a formatted file's resources."""
    at: tuple[str, ...] | None = None
    kind = name = ""
    depth = 0
    for raw in path.read_text().splitlines():
        line = raw.strip()
        if depth:
            depth += _balance(line)
        elif at is None:
            found = _RESOURCE.match(raw)
            if found is not None:
                kind, name, at = found[1], found[2], ()
        elif line == "}":
            at = at[:-1] if at else None
        elif block := _BLOCK.match(line):
            at = (*at, block[1] or block[2])
            yield kind, name, tuple(part for part in at if part != "content")
        elif argument := _ARGUMENT.match(line):
            depth = _balance(line)
            yield kind, name, (*(part for part in at if part != "content"), argument[1])


def _balance(line: str) -> int:
    bare = _STRING.sub("", line)
    return sum(bare.count(sign) for sign in _OPEN) - sum(bare.count(sign) for sign in _CLOSE)


def _entry(block: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any] | None:
    """Return the schema of an argument or block, or None when there is none."""
    first, *rest = path
    if first in block.get("attributes", {}):
        found: dict[str, Any] = block["attributes"][first]
        return found
    nested = block.get("block_types", {}).get(first)
    if nested is None or not rest:
        return None if nested is None else dict(nested["block"])
    return _entry(nested["block"], tuple(rest))


def _schema(kind: str, name: str) -> dict[str, Any] | None:
    place = "resource_schemas" if kind == "resource" else "data_source_schemas"
    for schema in schemas().values():
        if name in schema[place]:
            found: dict[str, Any] = schema[place][name]["block"]
            return found
    return None


@pytest.mark.terraform
def test_no_argument_is_deprecated():
    seen = 0
    deprecated: list[str] = []
    for path in sorted(CONFIGURATION.rglob("*.tf")):
        for kind, name, argument in uses(path):
            block = _schema(kind, name)
            if block is None or _META.intersection(argument):
                continue
            entry = _entry(block, argument)
            assert entry is not None, f"{path}: {name} has no {'.'.join(argument)}"
            seen += 1
            if entry.get("deprecated") or block.get("deprecated"):
                deprecated.append(f"{path.relative_to(CONFIGURATION)}: {name}.{'.'.join(argument)}")

    assert deprecated == []
    assert seen > 300


def test_arguments_are_found_in_blocks_and_after_long_values(tmp_path):
    path = tmp_path / "main.tf"
    path.write_text(
        'resource "azurerm_thing" "this" {\n  name = "a{"\n  tags = {\n    owner = "b"\n  }\n'
        '  dynamic "part" {\n    for_each = [1]\n\n    content {\n      size = 1\n    }\n  }\n'
        "  last = max(\n    1,\n  )\n}\n"
    )

    assert [".".join(argument) for _, _, argument in uses(path)] == [
        "name",
        "tags",
        "part",
        "part.for_each",
        "part",
        "part.size",
        "last",
    ]
