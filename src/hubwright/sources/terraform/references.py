"""
Finds what a value that is known only after apply refers to, through the plan's configuration.

Of an expression a plan keeps only the list of what it refers to (`references`), not the
expression. `azurerm_subnet.a[each.key].id`, `lookup(module.net.ids, var.name)` and a condition
with two branches all become lists of names. So what is inferred here is this:

- A reference to a resource stands for its instances; a static index (`["a"]`) picks one.
- A reference to a module's output, a variable, `each.value` or a local goes on to the expressions
  behind it: the output's, the argument of the module's call, the `for_each`. Locals have no
  expression in a plan, nor have arguments of dynamic blocks; for these, everything that the same
  module can see is a candidate.
- What is left is narrowed by what the argument can hold (the resource type), and then by the
  words of the expression: static indexes, `each.key`, the strings of `each.value` and of
  variables. A candidate stays when its own key, its name or the key of one of its modules is
  among these words. If no candidate has a word, all stay.
- Where several are left, the row of a variable that the instance was made from is looked at: for
  `for_each = var.rules`, what `var.rules[<key>]` holds under the argument's own name. A name there
  (`pip:<name>` included) says which candidate is meant. Dynamic blocks have only this.
- Exactly one candidate left: it is the value. Otherwise the value is unknown, and whoever asked
  says so, with the candidates. Nothing is chosen among several.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from hubwright.lazy_dataclass import dataclass
from hubwright.sources.terraform.addresses import Key, Modules, Step, parts
from hubwright.sources.terraform.plan import Json, Plan, Resource
from hubwright.sources.terraform.words import Path, element, inside, narrow, under, words_in

_DEEPEST = 24
"""Modules and outputs that are followed at most, one behind the other."""
_SILENT = frozenset({"path", "terraform", "self"})


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: the module instance, and the instance of the block in it."""

    modules: Modules
    key: Key = None
    for_each: Json = None
    """The block's `for_each`, as the plan keeps it."""


@dataclass(slots=True)
class Evidence:
    """What an expression refers to."""

    found: dict[tuple[int, Path], tuple[Resource, Path]] = field(
        default_factory=dict[tuple[int, Path], tuple[Resource, Path]]
    )
    """Resources with the attribute that is meant; () where the plan does not say which."""
    words: set[str] = field(default_factory=set[str])
    is_open: bool = False
    """Whether something could not be looked into, so that there may be more candidates."""

    def add(self, resource: Resource, attribute: Path) -> None:
        """Note a candidate."""
        self.found.setdefault((id(resource), attribute), (resource, attribute))


class References:
    """Follows the references of one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._last: tuple[Resource, Path, Evidence] | None = None
        self._blocks: dict[tuple[tuple[str, ...], bool, str, str], Mapping[str, Json]] = {}
        self._keys: dict[tuple[Modules, str], list[Key]] = {}
        for resource in plan.resources:
            modules = resource.address.modules
            for depth, step in enumerate(modules):
                keys = self._keys.setdefault((modules[:depth], step.name), [])
                if step.key not in keys:
                    keys.append(step.key)

    def expression(self, resource: Resource, path: Path) -> Json:
        """
        Return the expression of an argument; None when the configuration has none.

        The second case means that the provider computes it, or that a dynamic block holds it:
        `is_written` tells.
        """
        node = self._block(resource).get("expressions", {})
        for part in (*parts(resource.part), *path):
            if isinstance(node, dict) and "references" in node:
                return node
            if isinstance(node, list) and isinstance(part, int):
                node = node[part] if part < len(node) else None
            elif isinstance(node, dict) and isinstance(part, str):
                node = node.get(part)
            else:
                return None
        return node or None

    def is_dynamic(self, resource: Resource, path: Path) -> bool:
        """Tell whether an argument stands in a block that the configuration does not show."""
        if resource.address.is_data or len(path) < 2:
            return False
        node: Json = self._block(resource).get("expressions", {})
        for part in path[:-1]:
            if isinstance(node, dict) and "references" in node:
                return False
            if isinstance(node, list) and isinstance(part, int):
                if part >= len(node):
                    return True
                node = node[part]
            elif isinstance(node, dict) and isinstance(part, str):
                if part not in node:
                    return True
                node = node[part]
        return False

    def evidence(self, resource: Resource, path: Path) -> Evidence:
        """Return what an argument of a resource refers to; the last answer is kept."""
        if self._last is not None and self._last[0] is resource and self._last[1] == path:
            return self._last[2]
        found = Evidence()
        node = self.expression(resource, path)
        scope = self.scope(resource)
        if node is None:
            found.is_open = True
        else:
            self._follow(node, scope, found, 0)
        if found.is_open:
            found.words |= set(words_in(resource.address.key))
        self._last = (resource, path, found)
        return found

    def counterpart(self, resource: Resource, path: Path) -> Json:
        """
        Return what a variable holds where an argument of a resource comes from, or None.

        The variable's row is that of the instance itself, else of the call of its module; in it
        the argument goes by its own name, or by the plural (`rule` and `rules`), at its place or
        at the top.
        """
        for row in self.rows(resource):
            for way in (path, path[-1:]):
                found = row
                for part in way:
                    found = under(found, part)
                if found is not None:
                    return found
        return None

    def rows(self, resource: Resource) -> Iterator[Json]:
        """Yield the rows of variables that an instance and the modules around it are made from."""
        address = resource.address
        if address.key is not None:
            yield self._row(self.scope(resource))
        for depth in range(len(address.modules), 0, -1):
            if address.modules[depth - 1].key is not None:
                yield self._row(self._call_scope(address.modules[:depth]))

    def _row(self, scope: Scope) -> Json:
        return element(self._known(scope.for_each, Scope(scope.modules), 0), scope.key)

    def scope(self, resource: Resource) -> Scope:
        """Return where a resource's expressions stand."""
        block = self._block(resource)
        address = resource.address
        return Scope(address.modules, address.key, block.get("for_each_expression"))

    def refers(self, node: Json, scope: Scope) -> Evidence:
        """Return what an expression refers to, wherever it stands."""
        found = Evidence()
        self._follow(node, scope, found, 0)
        return found

    def visible(self, modules: Modules, types: Iterable[str]) -> Iterator[Resource]:
        """
        Yield the resources of some types that a module can see.

        Those in it, those in the modules it calls, and what the arguments of its own call refer
        to.
        """
        wanted = frozenset(types)
        seen: set[int] = set()
        for resource in self.plan.of_type(*sorted(wanted)):
            if resource.address.modules[: len(modules)] == modules:
                seen.add(id(resource))
                yield resource
        if not modules:
            return
        call = self.plan.call(modules)
        found = self.refers(call.get("expressions", {}), self._call_scope(modules))
        for resource, _ in found.found.values():
            if resource.type in wanted and id(resource) not in seen:
                seen.add(id(resource))
                yield resource

    def _block(self, resource: Resource) -> Mapping[str, Json]:
        address = resource.address
        block = address.block
        if block not in self._blocks:
            blocks = self.plan.module(address.modules).get("blocks", {})
            self._blocks[block] = blocks.get((address.is_data, address.type, address.name), {})
        return self._blocks[block]

    def _call_scope(self, modules: Modules) -> Scope:
        call = self.plan.call(modules)
        return Scope(modules[:-1], modules[-1].key, call.get("for_each_expression"))

    def _follow(self, node: Json, scope: Scope, into: Evidence, depth: int) -> None:
        """Collect from an expression, or from every expression of a block."""
        if depth > _DEEPEST:
            into.is_open = True
            return
        if isinstance(node, list):
            for item in node:
                self._follow(item, scope, into, depth)
        elif isinstance(node, dict):
            if "references" in node:
                for text in sorted(_longest(node["references"]), key=_gives_candidates):
                    self._reference(parts(text), scope, into, depth + 1)
            elif "constant_value" in node:
                into.words |= set(words_in(node["constant_value"]))
            else:
                for item in node.values():
                    self._follow(item, scope, into, depth)

    def _reference(self, path: Path, scope: Scope, into: Evidence, depth: int) -> None:
        match path:
            case ("var", str(name), *rest):
                into.words |= set(words_in(rest))
                self._variable(name, tuple(rest), scope, into, depth)
            case ("module", str(name), *rest):
                self._module(name, tuple(rest), scope, into, depth)
            case ("each", "key") | ("count", "index"):
                into.words |= set(words_in(scope.key))
            case ("each", "value", *rest):
                self._each_value(tuple(rest), scope, into, depth)
            case ("local", *_):
                into.is_open = True
            case ("data", str(type_), str(name), *rest):
                self._resource(True, type_, name, tuple(rest), scope, into)
            case (str(first), *_) if first in _SILENT:
                pass
            case (str(type_), str(name), *rest):
                self._resource(False, type_, name, tuple(rest), scope, into)
            case _:
                into.is_open = True

    def _resource(
        self, is_data: bool, type_: str, name: str, rest: Path, scope: Scope, into: Evidence
    ) -> None:
        instances = self.plan.by_block.get((scope.modules, is_data, type_, name), {})
        if rest and rest[0] in instances:
            into.add(instances[rest[0]], rest[1:])
            return
        if rest and isinstance(rest[0], int | str) and None not in instances and instances:
            into.words |= set(words_in(rest[0]))
        named = [key for key in instances if str(key) in into.words] if len(instances) > 1 else []
        for key in named or instances:
            into.add(instances[key], rest if key is None else ())

    def _variable(self, name: str, rest: Path, scope: Scope, into: Evidence, depth: int) -> None:
        if not scope.modules:
            into.words |= set(words_in(inside(self.plan.variables.get(name), rest)))
            return
        call = self.plan.call(scope.modules)
        node = call.get("expressions", {}).get(name)
        if node is None:
            variable = self.plan.module(scope.modules).get("variables", {}).get(name, {})
            into.words |= set(words_in(inside(variable.get("default"), rest)))
            return
        self._follow(node, self._call_scope(scope.modules), into, depth)

    def _module(self, name: str, rest: Path, scope: Scope, into: Evidence, depth: int) -> None:
        """Follow a module's output; without its name (`module.a[each.key].x`), all of them."""
        module = self.plan.module((*scope.modules, Step(name)))
        outputs = module.get("outputs", {})
        keys = self._keys.get((scope.modules, name), [None])
        if rest and rest[0] in keys and rest[0] not in outputs:
            keys, rest = [rest[0]], rest[1:]
        elif rest and rest[0] not in outputs:
            into.words |= set(words_in(rest[0]))
            rest = rest[1:]
        into.words |= set(words_in(rest[1:]))
        chosen = [outputs[rest[0]]] if rest and rest[0] in outputs else list(outputs.values())
        for key in keys:
            inner = Scope((*scope.modules, Step(name, key)))
            for output in chosen:
                self._follow(output.get("expression", {}), inner, into, depth)

    def _each_value(self, rest: Path, scope: Scope, into: Evidence, depth: int) -> None:
        into.words |= set(words_in(scope.key))
        if scope.for_each is None:
            into.is_open = True
            return
        inner = Evidence()
        self._follow(scope.for_each, Scope(scope.modules), inner, depth)
        value = self._known(scope.for_each, Scope(scope.modules), depth)
        mine = element(value, scope.key)
        into.words |= set(words_in(inside(mine, rest)))
        into.is_open |= inner.is_open
        narrowed = narrow([resource for resource, _ in inner.found.values()], into.words)
        for resource, attribute in inner.found.values():
            if resource in narrowed:
                into.add(resource, attribute or rest)

    def _known(self, node: Json, scope: Scope, depth: int) -> Json:
        """Return the value of an expression that is one variable or constant; else None."""
        if depth > _DEEPEST or not isinstance(node, dict):
            return None
        if "constant_value" in node:
            return node["constant_value"]
        references = _longest(node.get("references", ()))
        if len(references) != 1:
            return None
        match parts(references[0]):
            case ("var", str(name), *rest) if not scope.modules:
                return inside(self.plan.variables.get(name), tuple(rest))
            case ("var", str(name), *rest):
                inner = self.plan.call(scope.modules).get("expressions", {}).get(name)
                outer = self._call_scope(scope.modules)
                return inside(self._known(inner, outer, depth + 1), tuple(rest))
            case ("each", "value", *rest):
                value = self._known(scope.for_each, Scope(scope.modules), depth + 1)
                return inside(element(value, scope.key), tuple(rest))
            case _:
                return None


def _gives_candidates(reference: str) -> bool:
    """Sort what gives words before what gives candidates, which the words then narrow."""
    return not reference.startswith(("count.", "each.", "var."))


def _longest(references: Iterable[str]) -> list[str]:
    """Return the references without those that only begin the one before them."""
    kept: list[str] = []
    for text in references:
        if kept and (kept[-1] == text or kept[-1].startswith((f"{text}.", f"{text}["))):
            continue
        kept.append(text)
    return kept
