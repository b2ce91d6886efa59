"""Reads the arguments of a plan's resources: values, defaults, and what an apply will tell."""

from collections.abc import Callable, Iterator, Mapping

from hubwright.catalogue.azurerm import DEFAULTS, LATEST, OLD_NAMES, default
from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Unknown
from hubwright.model.origin import Origin
from hubwright.sources.terraform.names import Names, name_of_id
from hubwright.sources.terraform.narrowing import has_unknown, of_types
from hubwright.sources.terraform.notes import Notes
from hubwright.sources.terraform.origins import Arguments
from hubwright.sources.terraform.plan import Json, Plan, Resource
from hubwright.sources.terraform.references import References
from hubwright.sources.terraform.words import Path, named, narrow, words_of

UNKNOWN = "unknown:"
"""`unknown:<address>.<argument>` stands for a value that only an apply will tell."""
_SHOWN = 6
"""Candidates that a diagnostic names at most."""
_ADDRESSED = ("azurerm_public_ip", "azurerm_firewall")
"""What has an address that rules name."""
AddressOf = Callable[[Resource, Path], str | None]


@dataclass(slots=True)
class Reader(Notes):
    """A plan under reading, and what is wrong with it."""

    plan: Plan
    names: Names
    references: References
    major: int = LATEST
    address_of: AddressOf | None = None
    """Gives the text for a resource's address where rules name one."""

    def view(self, resource: Resource) -> "View":
        """Return the arguments of a resource."""
        return View(self, resource, (), resource.values, resource.unknown)

    def views(self, *types: str) -> Iterator["View"]:
        """Yield the arguments of every resource of some types."""
        for resource in self.plan.of_type(*types):
            yield self.view(resource)


@dataclass(frozen=True, slots=True)
class View:
    """A resource, or one block in it."""

    reader: Reader
    resource: Resource
    path: Path
    values: dict[str, Json]
    unknown: Json

    @property
    def exists(self) -> bool:
        """Whether the block is there: `block` gives an empty one when it is not."""
        return bool(self.values) or bool(self.unknown)

    def raw(self, argument: str) -> Json:
        """Return an argument's value, under any of its names; None when the plan has none."""
        found = self.values.get(argument)
        if found is not None:
            return found
        names = OLD_NAMES.get(self.resource.type)
        for old in names.get(self._dotted(argument), ()) if names else ():
            found = self.values.get(old.name)
            if found is not None:
                return old.values.get(found, found) if old.values else found
        return None

    def value(self, argument: str) -> Json:
        """Return an argument's value, or what is in force without one."""
        found = self.raw(argument)
        if found is None and self.is_unknown(argument):
            self._report(argument, [])
        if (found is None or found == "") and self.resource.type in DEFAULTS:
            return default(self.resource.type, self._dotted(argument), self.reader.major)
        return found

    def text(self, argument: str) -> str:
        """Return a text; "" when there is none."""
        found = self.value(argument)
        return str(found) if isinstance(found, str | int | float) else ""

    def flag(self, argument: str) -> bool:
        """Return a switch."""
        return self.value(argument) is True or self.raw(argument) == "true"

    def number(self, argument: str) -> int | None:
        """Return a number; None when there is none."""
        found = self.value(argument)
        return int(found) if isinstance(found, int | float) else None

    def texts(self, argument: str) -> tuple[str, ...]:
        """Return a list of texts; entries that only an apply tells are symbols for them."""
        found = self.value(argument) if not self.is_unknown(argument) else self.raw(argument)
        items = found if isinstance(found, list) else [found] if isinstance(found, str) else []
        out = [str(item) for item in items if isinstance(item, str | int)]
        if self.is_unknown(argument):
            out += self._late_texts(argument, sum(item is None for item in items))
        return tuple(out)

    def address(self, argument: str) -> str | None:
        """Return an address or prefix; a symbol where only an apply tells it."""
        found = self.raw(argument)
        if isinstance(found, str) and found:
            return found
        if not self.is_unknown(argument):
            return None
        return next(iter(self._late_texts(argument, 1)), None)

    def blocks(self, argument: str) -> list["View"]:
        """Return the blocks of a name, in order."""
        found = self.values.get(argument)
        unknown = self.unknown.get(argument) if isinstance(self.unknown, dict) else None
        if not isinstance(found, list):
            return []
        return [
            View(
                self.reader,
                self.resource,
                (*self.path, argument, number),
                item,
                unknown[number] if isinstance(unknown, list) and number < len(unknown) else {},
            )
            for number, item in enumerate(found)
            if isinstance(item, dict)
        ]

    def block(self, argument: str) -> "View":
        """Return the one block of a name; an empty one when there is none."""
        found = self.blocks(argument)
        return (
            found[0]
            if found
            else View(self.reader, self.resource, (*self.path, argument, 0), {}, {})
        )

    def is_unknown(self, argument: str) -> bool:
        """
        Tell whether only an apply will tell an argument that somebody wrote.

        What the provider computes by itself is not meant: for that, the defaults stand. So they do
        where the expression refers to no resource: it is null then, or its value would be known.
        """
        unknown = self.unknown
        if not unknown:
            return False
        if isinstance(unknown, dict):
            unknown = unknown.get(argument)
        if not (unknown is True or (isinstance(unknown, list | dict) and has_unknown(unknown))):
            return False
        path = (*self.path, argument)
        references = self.reader.references
        if references.expression(self.resource, path) is None:
            return references.is_dynamic(self.resource, path)
        evidence = references.evidence(self.resource, path)
        return bool(evidence.found) or evidence.is_open

    def resource_of(self, argument: str, *types: str, called: str = "") -> Resource | None:
        """Return the one resource that an argument refers to; None when it is not certain."""
        found = self.raw(argument)
        if isinstance(found, str) and found:
            return self.reader.names.by_id(found)
        candidates = self.candidates(argument, *types, called=called)
        return candidates[0] if len(candidates) == 1 else None

    def target(self, argument: str, *types: str, called: str = "") -> str | None:
        """
        Return the name of the resource that an argument refers to.

        None when the argument is not set; the symbol of an unknown when it cannot be told which
        resource it is, which is then reported. `called` is the only name that Azure takes there.
        """
        found = self.raw(argument)
        if isinstance(found, str) and found:
            resource = self.reader.names.by_id(found)
            return self.reader.names.of(resource) if resource else name_of_id(found)
        if not self.is_unknown(argument):
            return None
        candidates = self.candidates(argument, *types, called=called)
        if len(candidates) == 1:
            return self.reader.names.of(candidates[0])
        return self._report(argument, candidates)

    def targets(self, argument: str, *types: str) -> tuple[str, ...]:
        """Return the names of the resources that an argument lists."""
        names = self.reader.names
        found = self.raw(argument)
        items = found if isinstance(found, list) else []
        out = [
            names.of(resource) if (resource := names.by_id(item)) else name_of_id(item)
            for item in items
            if isinstance(item, str)
        ]
        if self.is_unknown(argument):
            missing = sum(item is None for item in items)
            candidates = self.candidates(argument, *types)
            if candidates and missing in {0, len(candidates)}:
                out += self._in_row_order(argument, [names.of(item) for item in candidates])
            else:
                out.append(self._report(argument, candidates))
        return tuple(out)

    def row(self, field: str) -> Json:
        """
        Return what the variable that a resource is made from holds under a field of the model.

        For what no argument carries, or what a block hides that a dynamic block may or may not
        make: `for_each = var.clusters` has it in `var.clusters[<key>]`. None when nothing does.
        """
        for row in self.reader.references.rows(self.resource):
            if isinstance(row, dict) and row.get(field) is not None:
                return row[field]
        return None

    def row_target(self, field: str, *types: str) -> str | None:
        """Return the name of the one resource that the variable's row names under a field."""
        told = self.row(field)
        if not isinstance(told, str):
            return None
        found = named(self.reader.plan.of_type(*types), {told})
        return self.reader.names.of(found[0]) if len(found) == 1 else None

    def is_open(self, argument: str) -> bool:
        """Tell whether not even the number of a block is known before an apply."""
        return isinstance(self.unknown, dict) and self.unknown.get(argument) is True

    def unknown_value(self, argument: str, candidates: list[Resource]) -> str:
        """Say that it cannot be told what an argument refers to; return the symbol for it."""
        return self._report(argument, candidates)

    def leave_out(self, argument: str, what: str) -> None:
        """Say that the estate is without this resource, since the plan does not tell something."""
        at = self.origin(argument)
        self.reader.warn(
            "TF012",
            f"`{self.resource}` is left out: the plan does not tell {what}",
            at,
            "apply first and check the next plan, or write it directly",
        )
        symbol = f"{UNKNOWN}{at.path}"
        reason = f"the plan does not tell {what}"
        self.reader.unknowns[symbol] = Unknown(name=symbol, reason=reason, origin=at)

    def resource_of_any(self, argument: str) -> Resource | None:
        """Return the first resource that a list of ids names or refers to, of any type."""
        found = self.raw(argument)
        for item in found if isinstance(found, list) else ():
            if isinstance(item, str) and (resource := self.reader.names.by_id(item)):
                return resource
        evidence = self.reader.references.evidence(self.resource, (*self.path, argument))
        return next((resource for resource, _ in evidence.found.values()), None)

    def _in_row_order(self, argument: str, found: list[str]) -> list[str]:
        """Return names in the order of the variable's row, where it lists the same."""
        path = (*self.path, argument)
        told = self.reader.references.counterpart(self.resource, path)
        if isinstance(told, list) and sorted(map(str, told)) == sorted(found):
            return [str(item) for item in told]
        return found

    def candidates(self, argument: str, *types: str, called: str = "") -> list[Resource]:
        """Return the resources that an argument may refer to, as few as can be told."""
        path = (*self.path, argument)
        references = self.reader.references
        evidence = references.evidence(self.resource, path)
        words = evidence.words | (self._siblings() if evidence.is_open else set())
        found = of_types(references, evidence, types)
        if not found and evidence.is_open:
            modules = self.resource.address.modules
            found = [r for r in references.visible(modules, types) if r is not self.resource]
        if called:
            found = [resource for resource in found if (resource.name or called) == called]
        return self._by_row(path, narrow(found, words), found)

    def _by_row(
        self, path: Path, kept: list[Resource], candidates: list[Resource]
    ) -> list[Resource]:
        """Narrow several candidates by the row of the variable that the resource is made from."""
        if len(kept) < 2:
            return kept
        references = self.reader.references
        found = references.counterpart(self.resource, path)
        exact = named(candidates, words_of(found)) if found is not None else []
        if exact:
            return exact
        for row in references.rows(self.resource):
            near = narrow(kept, words_of(row))
            if len(near) < len(kept):
                return near
        return kept

    def origin(self, argument: str = "", derived: str = "") -> Origin:
        """Return where the resource, the block, or one of its arguments stands."""
        path = str(self.resource)
        for step in (*self.path, *([argument] if argument else [])):
            path += f"[{step}]" if isinstance(step, int) else f".{step}"
        return Origin(source=self.reader.plan.source, path=path, derived=derived)

    def whole(
        self,
        fields: Mapping[str, Origin] | None = None,
        /,
        *,
        derived: str = "",
        **renamed: Origin,
    ) -> Origin:
        """
        Return the origin of a value made from this, with those of its arguments.

        Args:
            fields: Like `renamed`.
            derived: Why hubwright made the value, if it did.
            renamed: Field of the model -> where it stands, if that is no argument of that name.
        """
        at = self.origin(derived=derived)
        found = Arguments(self.values, self.origin, {**(fields or {}), **renamed})
        return Origin(source=at.source, path=at.path, derived=derived, fields=found)

    def linked(self, argument: str, *types: str) -> str | None:
        """
        Return the name of the resource that a write-only argument refers to.

        Its value is null in every plan; that its expression is there says that it is set.
        """
        if not self.reader.references.expression(self.resource, (*self.path, argument)):
            return None
        candidates = self.candidates(argument, *types)
        if len(candidates) == 1:
            return self.reader.names.of(candidates[0])
        return self._report(argument, candidates)

    def _dotted(self, argument: str) -> str:
        return ".".join([*(p for p in self.path if isinstance(p, str)), argument])

    def _siblings(self) -> set[str]:
        """Return the strings beside an argument in the same block: they may name what is meant."""
        items = self.values.values() if self.path else ()
        return {item for item in items if isinstance(item, str)}

    def _late_texts(self, argument: str, missing: int) -> list[str]:
        """Return symbols for the unknown entries of a list of addresses."""
        references, path = self.reader.references, (*self.path, argument)
        evidence = references.evidence(self.resource, path)
        found = dict(evidence.found)
        if evidence.is_open:
            row = words_of(references.counterpart(self.resource, path))
            seen = references.visible(self.resource.address.modules, _ADDRESSED)
            found |= {(id(r), ()): (r, ()) for r in named(list(seen), row)}
        candidates = list({id(r): r for r, _ in found.values()}.values())
        kept = self._by_row(path, narrow(candidates, evidence.words), candidates)
        symbols = [
            symbol
            for resource, attribute in found.values()
            if resource in kept and (symbol := self._symbol(resource, attribute)) is not None
        ]
        symbols = list(dict.fromkeys(symbols))
        if symbols and missing in {0, len(symbols)}:
            return symbols
        return [self._report(argument, kept)]

    def _symbol(self, resource: Resource, attribute: Path) -> str | None:
        address_of = self.reader.address_of
        return address_of(resource, attribute) if address_of else None

    def _report(self, argument: str, candidates: list[Resource]) -> str:
        """Say that a value is not known, and return the symbol for it."""
        at = self.origin(argument)
        shown = [str(item) for item in candidates[:_SHOWN]]
        if len(candidates) > _SHOWN:
            shown.append(f"{len(candidates) - _SHOWN} more")
        notes = (f"it may be {', '.join(shown)}",) if shown else ()
        self.reader.warn(
            "TF010",
            f"`{at.path}` is known only after apply, and the plan does not tell what it will be",
            at,
            "apply first and check the next plan, or refer to one resource directly",
            notes,
        )
        symbol = f"{UNKNOWN}{at.path}"
        reason = "known only after apply" + (f": {notes[0]}" if notes else "")
        self.reader.unknowns[symbol] = Unknown(name=symbol, reason=reason, origin=at)
        return symbol
