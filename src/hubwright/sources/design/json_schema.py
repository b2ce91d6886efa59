"""The JSON schema of designs, for editors."""

from typing import Any

from hubwright.sources.design.schema import Design

_Json = dict[str, "_Json"] | list["_Json"] | str | int | float | bool | None


def json_schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of `estate.yaml`, with Markdown descriptions."""
    schema = Design.model_json_schema(by_alias=True, mode="validation")
    _describe(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "hubwright estate",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def _describe(node: _Json) -> None:
    """Give every description a Markdown twin, and drop the titles that pydantic makes up."""
    if isinstance(node, list):
        for item in node:
            _describe(item)
    elif isinstance(node, dict):
        if isinstance(node.get("description"), str):
            node["markdownDescription"] = node["description"]
        if isinstance(node.get("title"), str):
            del node["title"]
        for value in node.values():
            _describe(value)
