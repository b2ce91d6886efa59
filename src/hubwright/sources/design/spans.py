"""The text as a tree of nodes, each of which knows its place in the file."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Protocol

from hubwright.lazy_dataclass import dataclass
from hubwright.model.origin import Origin, Span
from hubwright.sources.design.scalars import Value

Key = str | int
Path = tuple[Key, ...]
Data = Value | list["Data"] | dict[str, "Data"]


class Mark(Protocol):
    """A position as libyaml gives it: line and column count from 0."""

    line: int
    column: int


@dataclass(slots=True)
class Scalar:
    """A scalar; `plain` unless it is quoted or a block."""

    text: str
    plain: bool
    start: Mark
    end: Mark
    size: int = 1


@dataclass(slots=True)
class Entry:
    """A key with its value."""

    key: Scalar
    value: "Node"


@dataclass(slots=True)
class Table:
    """A mapping, in the order of the text."""

    start: Mark
    end: Mark
    entries: dict[str, Entry] = field(default_factory=dict[str, Entry])
    size: int = 1


@dataclass(slots=True)
class Series:
    """A sequence."""

    start: Mark
    end: Mark
    items: list["Node"] = field(default_factory=list["Node"])
    size: int = 1


Node = Scalar | Table | Series


def span_of(node: Scalar | Table | Series) -> Span:
    """Return a node's range; a collection over several lines gives its first position."""
    start, end = node.start, node.end
    if not isinstance(node, Scalar) and end.line != start.line:
        return Span(start.line + 1, start.column + 1, start.line + 1, start.column + 2)
    if end.line == start.line and end.column == start.column:
        return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 2)
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _is_short(node: Node) -> bool:
    if isinstance(node, Scalar):
        return node.start.line == node.end.line and bool(node.text)
    return node.start.line == node.end.line


def path_text(path: Path) -> str:
    """Return `egress.fqdns[0].to` for a path."""
    out = ""
    for part in path:
        if isinstance(part, int):
            out += f"[{part}]"
        else:
            out += f".{part}" if out else part
    return out


@dataclass(slots=True)
class Places:
    """Where each path of a design was written."""

    source: str
    root: Node | None

    def walk(self, path: Path) -> tuple[Path, Scalar | None, Node | None]:
        """
        Follow a path as far as the text goes; parts that the text lacks are passed over.

        Returns:
            The path that exists, the key in front of the last node (None in a list), the node.
        """
        found: list[Key] = []
        key: Scalar | None = None
        node = self.root
        for part in path:
            if isinstance(node, Table) and isinstance(part, str) and part in node.entries:
                entry = node.entries[part]
                key, node = entry.key, entry.value
                found.append(part)
            elif isinstance(node, Series) and isinstance(part, int) and part < len(node.items):
                node = node.items[part]
                if not isinstance(node, Series):
                    key = None
                found.append(part)
        return tuple(found), key, node

    def has(self, path: Path) -> bool:
        """Tell whether the text has exactly this path."""
        return self.walk(path)[0] == path

    def value(self, path: Path, derived: str = "") -> Origin:
        """Return the origin of a value: its own text where that is short, else its key."""
        found, key, node = self.walk(path)
        if node is None:
            return Origin(source=self.source, path=path_text(path), derived=derived)
        at = node if key is None or _is_short(node) else key
        return self._origin(found, at, derived)

    def key(self, path: Path, derived: str = "") -> Origin:
        """Return the origin of a key; in a list that of the item's name, or its first key."""
        found, key, node = self.walk(path)
        if key is not None:
            return self._origin(found, key, derived)
        if isinstance(node, Table) and node.entries:
            named = node.entries.get("name")
            at = named.value if named else next(iter(node.entries.values())).key
            return self._origin(found, at, derived)
        return self.value(path, derived)

    def _origin(self, path: Path, node: Node, derived: str) -> Origin:
        return Origin(source=self.source, path=path_text(path), span=span_of(node), derived=derived)

    def resource(
        self, path: Path, renames: Mapping[str, str] | None = None, derived: str = ""
    ) -> Origin:
        """
        Return the origin of a resource that was written as a mapping, its arguments included.

        Args:
            path: Where the resource stands.
            renames: The design's key for azurerm arguments that are called otherwise; a dot
                leads further in.
            derived: Set when the resource itself follows from the mapping.
        """
        at = self.key(path, derived)
        return Origin(
            source=at.source,
            path=at.path,
            span=at.span,
            derived=derived,
            fields=_Arguments(self, path, renames or {}),
        )


class _Arguments(Mapping[str, Origin]):
    """The arguments of a mapping, located when somebody asks."""

    __slots__ = ("_path", "_places", "_renames")

    def __init__(self, places: Places, path: Path, renames: Mapping[str, str]) -> None:
        self._places = places
        self._path = path
        self._renames = renames

    def _full(self, argument: str) -> Path:
        inner = self._renames.get(argument, argument)
        if inner.startswith("/"):
            return tuple(inner.removeprefix("/").split("."))
        return (*self._path, *inner.split(".")) if inner else self._path

    def __getitem__(self, argument: str) -> Origin:
        path = self._full(argument)
        if not self._places.has(path):
            raise KeyError(argument)
        return self._places.value(path)

    def __iter__(self) -> Iterator[str]:
        _, _, node = self._places.walk(self._path)
        known = dict.fromkeys(self._renames)
        if isinstance(node, Table):
            known.update(dict.fromkeys(node.entries))
        return (name for name in known if self._places.has(self._full(name)))

    def __len__(self) -> int:
        return sum(1 for _ in self)
