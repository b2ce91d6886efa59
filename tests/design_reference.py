"""Writes docs/design.md from the schema of designs."""

import json
import re
from collections.abc import Iterator
from typing import Any

from hubwright.sources.design import json_schema

_HEAD = """\
# The design

Everything that `estate.yaml` may say.
A key that is not written has the default that is shown, or follows from the rest.
`hubwright init --full estate.yaml` writes out what follows; [the example estates](../estates) show
the keys in use.
Where a section may also be a short form (`true`, a name, a prefix), the table says so.
"""


def reference() -> str:
    """Return the page: one table a section, in the order in which sections are met."""
    schema = json_schema()
    definitions: dict[str, Any] = schema["$defs"]
    parts, seen = [_HEAD], ["Design"]
    for name in seen:
        node = schema if name == "Design" else definitions[name]
        title = "The whole design" if name == "Design" else _title(name)
        parts.append(f"## {title}\n\n{_sentence(node)}\n\n{_table(node, definitions)}")
        found = _references(node.get("properties", {}))
        seen += [other for other in dict.fromkeys(found) if other not in seen]
    return "\n".join(parts)


def _title(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def _sentence(node: dict[str, Any]) -> str:
    return " ".join(str(node.get("description", "")).split())


def _table(node: dict[str, Any], definitions: dict[str, Any]) -> str:
    required = set(node.get("required", ()))
    rows = ["| key | value | default | |", "|---|---|---|---|"]
    for key, value in node.get("properties", {}).items():
        default = "required" if key in required else _default(value)
        what = _sentence(value) or _sentence(_target(value, definitions))
        cells = (f"`{key}`", _words(value, definitions), default, what)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def _target(value: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the section that a key leads to, if it leads to one."""
    found = list(dict.fromkeys(_references(value)))
    section: dict[str, Any] = definitions[found[0]] if len(found) == 1 else {}
    return section


def _default(value: dict[str, Any]) -> str:
    default = value.get("default")
    if default is None or isinstance(default, dict):
        return ""
    if isinstance(default, list) and any(isinstance(item, dict) for item in default):
        return ""
    return f"`{json.dumps(default)}`" if default != [] else "none"


def _words(value: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "$ref" in value:
        title = _title(value["$ref"].rpartition("/")[2])
        return f"[{title.lower()}](#{title.lower().replace(' ', '-')})"
    for union in ("anyOf", "oneOf"):
        if union in value:
            options = [_words(item, definitions) for item in value[union]]
            return " or ".join(dict.fromkeys(item for item in options if item != "nothing"))
    if "enum" in value:
        return " or ".join(f"`{item}`" for item in value["enum"])
    if "const" in value:
        return f"`{value['const']}`"
    return _plain(value, definitions)


def _plain(value: dict[str, Any], definitions: dict[str, Any]) -> str:
    match value.get("type"):
        case "array":
            return f"list of {_words(value.get('items', {}), definitions)}"
        case "object":
            inner = next(iter(value.get("patternProperties", {}).values()), None)
            inner = inner or value.get("additionalProperties")
            return f"{_words(inner, definitions)} by name" if isinstance(inner, dict) else "mapping"
        case "boolean":
            return "`true` or `false`"
        case "integer":
            return "number"
        case "null":
            return "nothing"
        case _:
            return "text"


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield str(node["$ref"]).rpartition("/")[2]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
