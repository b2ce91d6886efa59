"""The JSON schema of designs, for editors."""

from typing import Any, cast

from hubwright.sources.design.schema import Design


def json_schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of `estate.yaml`, with Markdown descriptions."""
    schema = Design.model_json_schema(by_alias=True, mode="validation")
    _describe(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "hubwright estate",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def _describe(node: Any) -> None:
    """Give every description a Markdown twin, and drop the titles that pydantic makes up."""
    children: list[Any] = []
    if isinstance(node, list):
        children = cast("list[Any]", node)
    elif isinstance(node, dict):
        table = cast("dict[str, Any]", node)
        if isinstance(table.get("description"), str):
            table["markdownDescription"] = table["description"]
        if isinstance(table.get("title"), str):
            del table["title"]
        children = list(table.values())
    for child in children:
        _describe(child)
