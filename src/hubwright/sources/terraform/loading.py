"""
Loads the JSON of a plan, one section after the other, and keeps what a network is made of.

`planned_values` repeats `resource_changes` and is passed over. Of the configuration only
references are kept: what is constant is known in the values anyway.
"""

from collections.abc import Mapping
from sys import intern

from hubwright.sources.terraform.addresses import Address, modules_of
from hubwright.sources.terraform.cursor import Cursor
from hubwright.sources.terraform.plan import Json, Plan, Resource

_GONE = (["delete"], ["forget"])
_NAMING = ("name", "location", "resource_group_name", "id")
"""What is kept of resources that no part of the estate is made from."""


class Loader:
    """Fills a plan from its text; after `load`, `seen` tells what the text is."""

    def __init__(self, source: str, types: frozenset[str], *, before: bool) -> None:
        self.plan = Plan(source)
        self.types = types
        self.before = before
        self.seen: dict[str, Json] = {}
        """The first-level keys, with the values of those that are no table and no list."""

    def load(self, text: str) -> None:
        """
        Read the text.

        Raises:
            JSONDecodeError: it is no JSON.
            RecursionError: it is nested deeper than any plan.
        """
        cursor = Cursor(text)
        data: list[Resource] = []
        for key in cursor.members():
            match key:
                case "resource_changes":
                    self.seen[key] = None
                    self._changes(cursor)
                case "prior_state":
                    self.seen[key] = None
                    self._prior(cursor, data)
                case "configuration":
                    self.seen[key] = None
                    self.plan.configuration = _configuration(cursor)
                case "variables":
                    self.plan.variables = _variables(cursor.value())
                    self.seen[key] = None
                case "output_changes":
                    self.plan.outputs = self._outputs(cursor.value())
                case _ if cursor.peek() in {"{", "["}:
                    self.seen[key] = None
                    cursor.skip()
                case _:
                    self.seen[key] = cursor.value()
        cursor.end()
        for resource in data:
            self.plan.add(resource)

    def _changes(self, cursor: Cursor) -> None:
        for _ in cursor.items():
            entry = cursor.value()
            if not isinstance(entry, dict) or "deposed" in entry:
                continue
            change = entry.get("change")
            if not isinstance(change, dict):
                continue
            values = self._values(change, is_data=entry.get("mode") == "data")
            if values is None:
                self._note_gone(entry, change)
                continue
            unknown = {} if self.before else change.get("after_unknown")
            resource = self._resource(entry, values, unknown if isinstance(unknown, dict) else {})
            if resource is not None:
                self.plan.add(resource)

    def _note_gone(self, entry: Mapping[str, Json], change: Mapping[str, Json]) -> None:
        values = change.get("before")
        if not self.before and entry.get("type") in self.types and isinstance(values, dict):
            resource = self._resource(entry, values)
            self.plan.gone += [resource] if resource else []

    def _values(self, change: Mapping[str, Json], *, is_data: bool) -> dict[str, Json] | None:
        """Return what a resource will be, or was; None when it will not be, or was not."""
        actions = change.get("actions")
        if not self.before and actions in _GONE:
            return None
        values = change.get("before" if self.before and not is_data else "after")
        return values if isinstance(values, dict) else None

    def _prior(self, cursor: Cursor, data: list[Resource]) -> None:
        for key in cursor.members():
            if key != "values":
                cursor.skip()
                continue
            for inner in cursor.members():
                if inner == "root_module":
                    self._prior_module(cursor, data)
                else:
                    cursor.skip()

    def _prior_module(self, cursor: Cursor, data: list[Resource]) -> None:
        """Keep what data sources read; what is managed stands in `resource_changes`."""
        where: list[Resource] = []
        module = ""
        for key in cursor.members():
            if key == "resources":
                for _ in cursor.items():
                    entry = cursor.value()
                    if isinstance(entry, dict) and entry.get("mode") == "data":
                        values = entry.get("values")
                        entry["module_address"] = _module_of(entry)
                        found = self._resource(entry, values if isinstance(values, dict) else {})
                        where += [found] if found else []
            elif key == "child_modules":
                for _ in cursor.items():
                    self._prior_module(cursor, data)
            elif key == "address":
                module = str(cursor.value())
            else:
                cursor.skip()
        for item in where:
            if module:
                address = item.address
                item.address = Address(
                    modules_of(module), address.type, address.name, address.key, is_data=True
                )
        data += where

    def _resource(
        self,
        entry: Mapping[str, Json],
        values: dict[str, Json],
        unknown: dict[str, Json] | None = None,
    ) -> Resource | None:
        type_, name, key = entry.get("type"), entry.get("name"), entry.get("index")
        if not isinstance(type_, str) or not isinstance(name, str):
            return None
        if type_ not in self.types:
            values = {item: values[item] for item in _NAMING if item in values}
            unknown = (
                {item: unknown[item] for item in _NAMING if item in (unknown or {})}
                if (unknown)
                else {}
            )
        address = Address(
            modules=modules_of(str(entry.get("module_address") or "")),
            type=intern(type_),
            name=intern(name),
            key=key if isinstance(key, str | int) else None,
            is_data=entry.get("mode") == "data",
        )
        return Resource(address, _shared(values), _shared(_only_unknown(unknown or {})))

    def _outputs(self, changes: Json) -> dict[str, Json]:
        field = "before" if self.before else "after"
        return {
            name: change.get(field)
            for name, change in (changes if isinstance(changes, dict) else {}).items()
            if isinstance(change, dict)
        }


def _module_of(entry: Mapping[str, Json]) -> str:
    """Return the module part of an entry's address, for lists that have no `module_address`."""
    address = str(entry.get("address") or "")
    own = f"data.{entry.get('type')}.{entry.get('name')}"
    return address[: address.rfind(own)].rstrip(".") if own in address else ""


def _shared(values: dict[str, Json]) -> dict[str, Json]:
    """Return a table whose keys are one string each in the whole plan."""
    return {intern(key): value for key, value in values.items()}


def _only_unknown(value: dict[str, Json]) -> dict[str, Json]:
    """Return `after_unknown` without the many entries that say that something is known."""
    return {key: item for key, item in value.items() if _has_unknown(item)}


def _has_unknown(value: Json) -> bool:
    if isinstance(value, dict):
        return any(_has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(_has_unknown(item) for item in value)
    return value is True


def _variables(value: Json) -> dict[str, Json]:
    return {
        name: item.get("value")
        for name, item in (value if isinstance(value, dict) else {}).items()
        if isinstance(item, dict)
    }


def _configuration(cursor: Cursor) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for key in cursor.members():
        if key == "root_module":
            found[key] = _module(cursor)
        elif key == "provider_config":
            items = _table(cursor.value()).items()
            found[key] = {name: item for name, item in items if isinstance(item, dict)}
        else:
            cursor.skip()
    return found


def _module(cursor: Cursor) -> dict[str, Json]:
    """Return a module with its blocks by (is data, type, name)."""
    blocks: dict[tuple[bool, str, str], Json] = {}
    found: dict[str, Json] = {"blocks": blocks, "module_calls": {}, "outputs": {}, "variables": {}}
    for key in cursor.members():
        if key == "resources":
            for _ in cursor.items():
                entry = _table(cursor.value())
                block = (
                    entry.get("mode") == "data",
                    str(entry.get("type")),
                    str(entry.get("name")),
                )
                blocks[block] = _block(entry)
        elif key == "module_calls":
            for name in cursor.members():
                found["module_calls"][name] = _call(cursor)
        elif key in {"outputs", "variables"}:
            items = _table(cursor.value()).items()
            found[key] = {name: _block(_table(item)) for name, item in items}
        else:
            cursor.skip()
    return found


def _table(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _block(entry: dict[str, Json]) -> dict[str, Json]:
    """Return what is kept of a resource, an output, a variable or a call."""
    found: dict[str, Json] = {
        key: written(entry[key])
        for key in ("for_each_expression", "count_expression", "expression")
        if key in entry
    }
    found["depends_on"] = written({"references": entry.get("depends_on")})["references"]
    found["expressions"] = referring(_table(entry.get("expressions")))
    if "default" in entry:
        found["default"] = entry["default"]
    return found


def _call(cursor: Cursor) -> dict[str, Json]:
    entry: dict[str, Json] = {}
    module: dict[str, Json] = {}
    for key in cursor.members():
        if key == "module":
            module = _module(cursor)
        else:
            entry[key] = cursor.value()
    expressions = {name: written(item) for name, item in _table(entry.get("expressions")).items()}
    return {**_block(entry), "expressions": expressions, "module": module}


def written(node: Json) -> Json:
    """Return an expression as its shape promises it: references are texts, the rest is tables."""
    if isinstance(node, list):
        return [written(item) for item in node]
    if not isinstance(node, dict):
        return {}
    if "references" in node:
        references = node["references"]
        items = references if isinstance(references, list) else ()
        return {"references": [item for item in items if isinstance(item, str)]}
    if "constant_value" in node:
        return {"constant_value": node["constant_value"]}
    return {key: written(item) for key, item in node.items()}


def referring(node: Json) -> Json:
    """Return expressions without what is constant; blocks keep their places."""
    if isinstance(node, list):
        return [referring(item) for item in node]
    if not isinstance(node, dict) or "constant_value" in node:
        return {}
    if "references" in node:
        return written(node)
    found = {key: referring(item) for key, item in node.items()}
    return {key: item for key, item in found.items() if item or isinstance(item, list)}
