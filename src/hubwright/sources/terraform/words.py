"""The words of expressions and variables, and the candidates that they name."""

from collections.abc import Iterator

from hubwright.sources.terraform.addresses import Key
from hubwright.sources.terraform.plan import Json, Resource

Path = tuple[str | int, ...]

FIELDS = {
    "principal_id": "principal",
    "public_ip_address_id": "public_ip",
    "scopes": "scope",
    "target_resource_id": "target",
    "vnet_subnet_id": "subnet",
}
"""Arguments whose field in the model is called otherwise, beyond the ending `_id`."""
_SYMBOL = "pip:"


def narrow(candidates: list[Resource], words: set[str]) -> list[Resource]:
    """Return the candidates that a word names; all of them when no word names any."""
    found = [resource for resource in candidates if _is_named(resource, words)]
    if len(found) > 1:
        found = named(found, words) or found
    return found or candidates


def named(candidates: list[Resource], words: set[str]) -> list[Resource]:
    """Return the candidates that have a word for their own key or name."""
    return [resource for resource in candidates if _own_words(resource) & words]


def _own_words(resource: Resource) -> frozenset[str]:
    """Return what names a resource: key and name, `network/subnet`, and both with `type:`."""
    if resource.words is None:
        words = {str(resource.address.key)} if resource.address.key is not None else set[str]()
        names = {resource.name} if resource.name else set[str]()
        network = resource.values.get("virtual_network_name")
        if names and isinstance(network, str):
            names.add(f"{network}/{resource.name}")
        short = resource.type.removeprefix("azurerm_")
        resource.words = frozenset(words | names | {f"{short}:{name}" for name in names})
    return resource.words


def _is_named(resource: Resource, words: set[str]) -> bool:
    keys = {str(step.key) for step in resource.address.modules if step.key is not None}
    return not words.isdisjoint(_own_words(resource) | keys)


def inside(value: Json, path: Path) -> Json:
    """Return what a path leads to in a known value; the value itself where the path ends early."""
    for part in path:
        if isinstance(value, list):
            value = value[part] if isinstance(part, int) and part < len(value) else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value


def element(value: Json, key: Key) -> Json:
    """
    Return what `each.value` is for a key.

    `for_each` may have been made of a list (`{ for s in var.subnets : s.name => s }`): then it is
    the one element that has the key among its own strings.
    """
    if isinstance(value, dict) and key in value:
        return value[str(key)]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    fitting = [item for item in items if item == key or _has(item, key)]
    return fitting[0] if len(fitting) == 1 else None


def under(value: Json, part: str | int) -> Json:
    """Return what a part of an argument's path leads to in a variable's row."""
    if isinstance(part, int):
        if isinstance(value, dict) and part == 0:
            return value
        return value[part] if isinstance(value, list) and part < len(value) else None
    if not isinstance(value, dict):
        return None
    bare = part.removesuffix("_id").removesuffix("_ids")
    names = (part, f"{part}s", f"{part}es", bare, f"{bare}s", FIELDS.get(part, part))
    return next((value[name] for name in names if value.get(name) is not None), None)


def words_of(value: Json) -> set[str]:
    """Return the strings in a value, and the names in `pip:<name>` among them."""
    return set(words_in(value))


def _has(item: Json, key: Key) -> bool:
    return isinstance(item, dict) and any(inner == key for inner in item.values())


def words_in(value: Json) -> Iterator[str]:
    """Yield the strings and numbers in a value."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, str | int):
        yield str(value)
        if str(value).startswith(_SYMBOL):
            yield str(value).removeprefix(_SYMBOL).removesuffix("/32")
    elif isinstance(value, dict):
        for item in value.values():
            yield from words_in(item)
    elif isinstance(value, list | tuple | set):
        for item in value:
            yield from words_in(item)
