"""What pydantic says, in the words of the person who wrote the design."""

import re
import types
from collections.abc import Iterator
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from hubwright.diagnostics.diagnostic import Diagnostic, Label, Severity
from hubwright.model.origin import Origin
from hubwright.sources.design.schema import Design
from hubwright.sources.design.spans import Path, Places, Scalar
from hubwright.sources.design.words import one_line, suggestion

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "`true` or `false`",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
_KINDS = {
    "<bool>": ("`true`", "`false`"),
    "<int>": ("a whole number",),
    "<str>": ("text",),
    "<list>": ("a list",),
    "<map>": ("a mapping",),
}
_QUOTED = re.compile(r"'([^']*)'")


def complaints(errors: list[ErrorDetails], places: Places) -> list[Diagnostic]:
    """Return a diagnostic for each error; a key that is only misspelt is not missing as well."""
    misspelt: set[Path] = set()
    for error in errors:
        if error["type"] == "extra_forbidden":
            near = _near_key(error["loc"])
            misspelt.update((*error["loc"][:-1], name) for name in near)
    return [
        complaint(error, places)
        for error in errors
        if error["type"] != "missing" or error["loc"] not in misspelt
    ]


def _near_key(path: Path) -> list[str]:
    known = [name for section in _sections(_plain(path[:-1])) for name in _keys(section)]
    near = suggestion(str(path[-1]), known)
    return [name for name in known if f"`{name}`" in near]


def _plain(path: Path) -> Path:
    return tuple(part for part in path if not _is_tag(part))


def complaint(error: ErrorDetails, places: Places) -> Diagnostic:
    """Return the diagnostic for one validation error."""
    path = _plain(error["loc"])
    kind = error["type"]
    what = path_name(path)
    if kind == "extra_forbidden":
        return _unknown_key(path, places)
    if kind == "missing":
        origin = places.key(path[:-1])
        where = f" in `{path_name(path[:-1])}`" if path[:-1] else ""
        message = f"the key `{path[-1]}` is missing{where}"
        help_ = _describe(path)
        return _diagnostic("DESIGN007", message, origin, help_ or f"write `{path[-1]}: ...`")
    at = places.value(path)
    context: dict[str, Any] = error.get("ctx") or {}
    if kind == "design":
        help_ = str(context.get("help") or "") or None
        return _diagnostic("DESIGN006", str(context["message"]), at, help_)
    if kind == "literal_error":
        return _not_one_of(what, str(context["expected"]), error["input"], at, places, path)
    if kind in _EXPECTED:
        return _wrong_type(what, _EXPECTED[kind], path, error["input"], places)
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        tags: list[str] = _QUOTED.findall(str(context.get("expected_tags", "")))
        if "<vm>" in tags and isinstance(error["input"], dict):
            return _wrong_kind(str(context.get("tag", "")), tags, places.value((*path, "kind")))
        expected = _either([word for tag in tags for word in _KINDS.get(tag, (tag,))])
        return _wrong_type(what, expected, path, error["input"], places)
    return _diagnostic("DESIGN006", _bound(kind, what, context, error), at, None)


def _wrong_kind(tag: str, tags: list[str], at: Origin) -> Diagnostic:
    """Return the diagnostic of an agent whose `kind` is none."""
    options = [name.strip("<>") for name in tags]
    help_ = suggestion(tag.strip("<>"), options) or f"write {_either(options)}"
    return _diagnostic("DESIGN006", f"`{tag.strip('<>')[:80]}` is no kind of agent", at, help_)


def _is_tag(part: str | int) -> bool:
    return isinstance(part, str) and (
        part == "[key]" or (part.startswith("<") and part.endswith(">"))
    )


def path_name(path: Path) -> str:
    """Return the last key of a path, for a message: `to`, `pools.system`, or the whole design."""
    keys = [part for part in path if isinstance(part, str)]
    return ".".join(keys[-2:]) if keys else "the design"


def _diagnostic(code: str, message: str, origin: Origin, help_: str | None) -> Diagnostic:
    return Diagnostic(
        code=code,
        severity=Severity.ERROR,
        message=one_line(message),
        labels=(Label(origin, primary=True),),
        help=one_line(help_) if help_ else None,
    )


def _unknown_key(path: Path, places: Places) -> Diagnostic:
    key = str(path[-1])
    known = [name for section in _sections(path[:-1]) for name in _keys(section)]
    where = f" in `{path_name(path[:-1])}`" if path[:-1] else ""
    help_ = suggestion(key, known) or (
        f"keys here are {', '.join(known)}" if known else "delete it"
    )
    return _diagnostic("DESIGN004", f"unknown key `{key[:80]}`{where}", places.key(path), help_)


def _not_one_of(
    what: str, expected: str, value: Any, at: Origin, places: Places, path: Path
) -> Diagnostic:
    options = _QUOTED.findall(expected)
    written = _written(value, path, places)
    near = suggestion(str(value), options) if isinstance(value, str) else ""
    help_ = near or f"write {_either([f'`{option}`' for option in options])}"
    return _diagnostic("DESIGN006", f"{written} is not possible for `{what}`", at, help_)


def _either(options: list[str]) -> str:
    if len(options) < 2:
        return "".join(options)
    return f"{', '.join(options[:-1])} or {options[-1]}"


def _wrong_type(what: str, expected: str, path: Path, value: Any, places: Places) -> Diagnostic:
    written = _written(value, path, places)
    help_ = None
    if expected == "text" and isinstance(value, (bool, int, float)):
        help_ = f'quote it: "{written.strip("`")}"'
    elif expected == "a list" and isinstance(value, str):
        help_ = f"write `[{value[:60]}]`"
    elif isinstance(value, str) and (value.isdigit() or value in {"true", "false"}):
        help_ = f"write {value[:20]} without quotes"
    at = places.value(path)
    return _diagnostic("DESIGN005", f"`{what}` must be {expected}, not {written}", at, help_)


def _written(value: Any, path: Path, places: Places) -> str:
    match value:
        case None:
            return "empty"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            node = places.walk(path)[2]
            if not isinstance(node, Scalar):
                return f"`{str(value)[:80]}`"
            text = " ".join(node.text.split())[:80]
            return f"`{text}`" if node.plain else f'`"{text}"`'


def _bound(kind: str, what: str, context: dict[str, Any], error: ErrorDetails) -> str:
    match kind:
        case "greater_than_equal":
            return f"`{what}` must be at least {context['ge']}"
        case "less_than_equal":
            return f"`{what}` must be at most {context['le']}"
        case "too_short":
            return f"`{what}` must not be empty"
        case "too_long":
            return f"`{what}` has too many entries, {context['max_length']} is the limit"
        case "string_too_short":
            return f"`{what}` must not be empty"
        case "string_pattern_mismatch":
            return f"`{str(error['input'])[:80]}` is not possible for `{what}`"
        case _:
            return f"`{what}`: {error['msg'][:1].lower()}{error['msg'][1:]}"


def _describe(path: Path) -> str | None:
    for section in _sections(path[:-1]):
        for name, info in section.model_fields.items():
            if (info.alias or name) == path[-1] and info.description:
                return f"`{path[-1]}`: {info.description}"
    return None


def _keys(section: type[BaseModel]) -> Iterator[str]:
    return (info.alias or name for name, info in section.model_fields.items())


def _sections(path: Path) -> list[type[BaseModel]]:
    """Return the sections of the schema that a path may lead to."""
    current: list[Any] = [Design]
    for part in path:
        current = [inner for item in current for inner in _inside(item, part)]
    return [item for item in current if isinstance(item, type) and issubclass(item, BaseModel)]


def _inside(item: Any, part: str | int) -> Iterator[Any]:
    """Yield what a key or index leads to in a type."""
    if isinstance(item, type) and issubclass(item, BaseModel):
        for name, info in item.model_fields.items():
            if (info.alias or name) == part:
                yield from _options(info.annotation)
        return
    origin, arguments = get_origin(item), get_args(item)
    if origin is dict and isinstance(part, str):
        yield from _options(arguments[1])
    elif origin is list and isinstance(part, int):
        yield from _options(arguments[0])


def _options(annotation: Any) -> Iterator[Any]:
    """Yield the members of a type's unions, without annotations."""
    if hasattr(annotation, "__metadata__"):
        yield from _options(annotation.__origin__)
    elif get_origin(annotation) in {Union, types.UnionType}:
        for option in get_args(annotation):
            yield from _options(option)
    else:
        yield annotation
