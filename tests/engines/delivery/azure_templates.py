"""
Azure Pipelines' compile-time templates, as far as ours use them: what Azure would run, as data.

Source: learn.microsoft.com/azure/devops/pipelines/process/templates, /template-expressions (2025).
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import yaml

_WHOLE = re.compile(r"^\$\{\{(.*)\}\}$", re.DOTALL)
_PART = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_TOKEN = re.compile(r"'[^']*'|[\w.\[\]']+\[\d+\][\w.]*|variables\['[\w.]+'\]|[\w.]+|[(),]")

Scope = dict[str, Any]


class Expander:
    """Expands the pipelines of a repository."""

    def __init__(self, files: Mapping[str, str], **variables: str) -> None:
        self.files = files
        self.given = variables
        self.templates: list[str] = []
        """Paths of the templates that were included."""

    def pipeline(self, path: str, **parameters: Any) -> dict[str, Any]:
        """Return a pipeline with everything expanded; parameters have their defaults."""
        source = yaml.safe_load(self.files[path])
        variables: Scope = {name.replace("_", "."): value for name, value in self.given.items()}
        for item in source.get("variables", []):
            if "template" in item:
                found = yaml.safe_load(self.files[self._resolve(path, item["template"])])
                variables |= found["variables"]
        scope = {"variables": variables, "parameters": _parameters(source, parameters)}
        source["variables"] = [v for v in source.get("variables", []) if "template" not in v]
        return {k: self._value(v, scope, path) for k, v in source.items() if k != "parameters"}

    def _resolve(self, path: str, template: str) -> str:
        target = str(PurePosixPath(path).parent / template)
        assert target in self.files, f"{path} includes {template}, which does not exist"
        self.templates.append(target)
        return target

    def _value(self, value: Any, scope: Scope, path: str) -> Any:
        if isinstance(value, list):
            return [item for one in value for item in self._items(one, scope, path)]
        if isinstance(value, dict):
            out: dict[str, Any] = {}
            for key, inner in self._entries(value, scope, path):
                assert key not in out, f"{path}: '{key}' is already defined"
                out[key] = inner
            return out
        return evaluate_text(value, scope) if isinstance(value, str) else value

    def _items(self, item: Any, scope: Scope, path: str) -> list[Any]:
        if isinstance(item, dict) and len(item) == 1:
            ((key, inner),) = item.items()
            words = _words(key)
            if words[:1] == ["each"]:
                name, _in, source = words[1:4]
                chosen = _evaluate([source], scope)
                rows = [self._value(inner, {**scope, name: one}, path) for one in chosen]
                return [one for row in rows for one in row]
            if words[:1] == ["if"]:
                return list(self._value(inner, scope, path)) if _true(words[1:], scope) else []
        if isinstance(item, dict) and "template" in item:
            return self._include(item, scope, path)
        return [self._value(item, scope, path)]

    def _include(self, item: dict[str, Any], scope: Scope, path: str) -> list[Any]:
        target = self._resolve(path, item["template"])
        source = yaml.safe_load(self.files[target])
        given = self._value(item.get("parameters", {}), scope, path)
        inner = {"variables": scope["variables"], "parameters": _parameters(source, given)}
        kinds = [kind for kind in ("stages", "jobs", "steps") if kind in source]
        assert len(kinds) == 1, f"{target} is no template of one kind"
        found: list[Any] = self._value(source[kinds[0]], inner, target)
        return found

    def _entries(self, value: dict[str, Any], scope: Scope, path: str) -> list[tuple[str, Any]]:
        out: list[tuple[str, Any]] = []
        taken = False
        for key, inner in value.items():
            words = _words(key)
            if words[:1] == ["if"]:
                taken = _true(words[1:], scope)
            if words[:1] in (["if"], ["else"]):
                if taken is (words[0] == "if"):
                    out += self._value(inner, scope, path).items()
            else:
                out.append((key, self._value(inner, scope, path)))
        return out


def _parameters(source: dict[str, Any], given: Mapping[str, Any]) -> Scope:
    declared = {p["name"]: p for p in source.get("parameters", [])}
    unknown = given.keys() - declared.keys()
    assert not unknown, f"no such parameter: {unknown}"
    out: Scope = {}
    for name, parameter in declared.items():
        assert name in given or "default" in parameter, f"parameter {name} is required"
        value = given.get(name, parameter.get("default"))
        allowed = parameter.get("values", [value])
        assert value in allowed, f"{name}: {value} is none of {allowed}"
        out[name] = str(value).lower() == "true" if parameter["type"] == "boolean" else value
    return out


def _words(key: Any) -> list[str]:
    found = _WHOLE.match(key) if isinstance(key, str) else None
    return _TOKEN.findall(found[1]) if found else []


def evaluate_text(text: str, scope: Scope) -> Any:
    """Return a text with its expressions evaluated; one that is all of the text keeps its type."""
    whole = _WHOLE.match(text)
    if whole and "${{" not in whole[1]:
        return _evaluate(_TOKEN.findall(whole[1]), scope)
    return _PART.sub(lambda found: str(_evaluate(_TOKEN.findall(found[1]), scope)), text)


def _true(words: list[str], scope: Scope) -> bool:
    return bool(_evaluate(words, scope))


def _evaluate(words: list[str], scope: Scope) -> Any:
    value, rest = _term(list(words), scope)
    assert not rest, f"cannot read {words}"
    return value


def _term(words: list[str], scope: Scope) -> tuple[Any, list[str]]:
    first, rest = words[0], words[1:]
    if rest[:1] == ["("]:
        arguments: list[Any] = []
        rest = rest[1:]
        while rest[0] != ")":
            value, rest = _term(rest, scope)
            arguments.append(value)
            rest = rest[1:] if rest[0] == "," else rest
        functions = {
            "eq": lambda a, b: a == b,
            "ne": lambda a, b: a != b,
            "not": lambda a: not a,
            "and": lambda *all_: all(all_),
        }
        return functions[first](*arguments), rest[1:]
    if first.startswith("'"):
        return first[1:-1], rest
    return _look_up(first, scope), rest


def _look_up(name: str, scope: Scope) -> Any:
    if found := re.fullmatch(r"variables\['([\w.]+)'\]", name):
        return scope["variables"].get(found[1], "")
    value: Any = scope
    for part in re.findall(r"\w+", name):
        assert isinstance(value, list) or part in value, f"{name} is not known here"
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value
