"""The text as a tree of nodes, each of which knows its place in the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import yaml

from hubwright.model.origin import Origin, Span
from hubwright.sources.design.scalars import Trap, Value, resolve

Key = str | int
Path = tuple[Key, ...]
Data = Value | list["Data"] | dict[str, "Data"]

MAX_DEPTH = 64
"""How deep collections may nest: far more than the schema needs, far less than a stack holds."""
MAX_NODES = 2_000_000
"""How many nodes a text may have once aliases are followed."""


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
        return Origin(
            source=self.source, path=path_text(path), span=span_of(node), derived=derived
        )

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


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with the text itself; the reader makes a diagnostic of it."""

    code: str
    message: str
    span: Span
    help: str | None = None
    related: tuple[Span, str] | None = None


class TextError(Exception):
    """The text cannot be read any further."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.message)
        self.flaw = flaw


def _point(line: int, column: int) -> Span:
    return Span(line + 1, column + 1, line + 1, column + 2)


def read_tree(text: str) -> tuple[Node | None, list[Flaw]]:
    """
    Read YAML into nodes.

    Aliases are followed; merge keys, tags and several documents are refused. Time and memory
    grow with the text: nesting is limited, and so is what aliases may expand to.

    Returns:
        The root, or None when the text holds nothing or cannot be read, and every flaw.
    """
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except TextError as error:
        return None, [*builder.flaws, error.flaw]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = _point(mark.line, mark.column) if mark else _point(0, 0)
        problem = " ".join(str(error.problem or error.context or "cannot be read").split())
        return None, [*builder.flaws, Flaw("DESIGN001", f"not valid YAML: {problem}", at)]
    except yaml.YAMLError as error:
        return None, [*builder.flaws, _unreadable(text, error)]
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start)
        column = error.start - (text.rfind("\n", 0, error.start) + 1)
        return None, [Flaw("DESIGN001", "a character is no Unicode text", _point(line, column))]
    return builder.root, builder.flaws


def _unreadable(text: str, error: yaml.YAMLError) -> Flaw:
    """Return the flaw for a character that YAML does not allow."""
    position = getattr(error, "position", None)
    for index, character in enumerate(text):
        bad = ord(character) < 32 and character not in "\t\n\r"
        if bad or 0x7F <= ord(character) < 0xA0 and character != "\x85":
            line = text.count("\n", 0, index)
            column = index - (text.rfind("\n", 0, index) + 1)
            message = f"the control character U+{ord(character):04X} is not allowed in YAML"
            return Flaw("DESIGN001", message, _point(line, column), "delete it")
    del position
    return Flaw("DESIGN001", "not valid YAML: a character is not allowed", _point(0, 0))


class _Builder:
    """Builds nodes from parser events, without recursion."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.flaws: list[Flaw] = []
        self._stack: list[Table | Series] = []
        self._keys: list[Scalar | None] = []
        self._open_anchors: list[str | None] = []
        self._anchors: dict[str, Node] = {}
        self._documents = 0
        self._total = 0

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self._refuse_tag(event)
                plain = event.implicit[0] and not event.style
                node = Scalar(event.value, plain, event.start_mark, event.end_mark)
                if event.anchor:
                    self._anchors[event.anchor] = node
                self._attach(node)
            case yaml.MappingStartEvent():
                self._open(event, Table(event.start_mark, event.end_mark))
            case yaml.SequenceStartEvent():
                self._open(event, Series(event.start_mark, event.end_mark))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close(event)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    at = _point(event.start_mark.line, event.start_mark.column)
                    raise TextError(
                        Flaw("DESIGN001", "a design is one document, here a second one starts", at)
                    )
            case _:
                pass

    def _refuse_tag(self, event: yaml.NodeEvent) -> None:
        tag: str | None = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            at = _point(event.start_mark.line, event.start_mark.column)
            self.flaws.append(
                Flaw("DESIGN003", f"the tag `{tag}` has no meaning here", at, "delete the tag")
            )

    def _open(self, event: yaml.NodeEvent, node: Table | Series) -> None:
        self._refuse_tag(event)
        if len(self._stack) >= MAX_DEPTH:
            at = _point(event.start_mark.line, event.start_mark.column)
            raise TextError(Flaw("DESIGN001", f"nested more than {MAX_DEPTH} levels deep", at))
        self._stack.append(node)
        self._keys.append(None)
        self._open_anchors.append(event.anchor)

    def _close(self, event: yaml.Event) -> None:
        node = self._stack.pop()
        node.end = event.end_mark
        self._keys.pop()
        anchor = self._open_anchors.pop()
        if anchor:
            self._anchors[anchor] = node
        self._attach(node)

    def _alias(self, event: yaml.AliasEvent) -> None:
        node = self._anchors.get(event.anchor)
        at = _point(event.start_mark.line, event.start_mark.column)
        if node is None:
            what = "holds itself" if event.anchor in self._open_anchors else "is not defined above"
            raise TextError(Flaw("DESIGN001", f"the anchor `{event.anchor}` {what}", at))
        self._total += node.size
        if self._total > MAX_NODES:
            raise TextError(Flaw("DESIGN001", "aliases expand to too much", at, "write it out"))
        self._attach(node)

    def _attach(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        parent = self._stack[-1]
        parent.size += node.size
        if isinstance(parent, Series):
            parent.items.append(node)
            return
        key = self._keys[-1]
        if key is None:
            self._keys[-1] = self._as_key(node)
            return
        self._keys[-1] = None
        self._enter(parent, key, node)

    def _as_key(self, node: Node) -> Scalar:
        if isinstance(node, Scalar):
            return node
        flaw = Flaw("DESIGN005", "a key must be text, not a collection", span_of(node))
        self.flaws.append(flaw)
        return Scalar("", plain=False, start=node.start, end=node.start)

    def _enter(self, parent: Table, key: Scalar, node: Node) -> None:
        if key.text == "<<" and key.plain:
            help_ = "write the keys out; an alias may stand for a whole value"
            self.flaws.append(
                Flaw("DESIGN003", "merge keys are not part of YAML 1.2", span_of(key), help_)
            )
            return
        earlier = parent.entries.get(key.text)
        if earlier is not None:
            first = span_of(earlier.key)
            self.flaws.append(
                Flaw(
                    "DESIGN002",
                    f"the key `{key.text}` stands twice, first in line {first.line}",
                    span_of(key),
                    "delete one of the two",
                    (first, "first written here"),
                )
            )
            return
        parent.entries[key.text] = Entry(key, node)


def data_of(root: Node) -> tuple[Data, list[Flaw]]:
    """Return the values of a tree, and a flaw for every scalar that is a trap."""
    flaws: list[Flaw] = []
    done: dict[int, Data] = {}

    def build(node: Node) -> Data:
        if isinstance(node, Scalar):
            if not node.plain:
                return node.text
            value = resolve(node.text)
            if isinstance(value, Trap):
                if id(node) not in done:
                    done[id(node)] = node.text
                    flaws.append(Flaw("DESIGN003", value.message, span_of(node), value.help))
                return node.text
            return value
        known = done.get(id(node))
        if known is None:
            known = (
                {key: build(entry.value) for key, entry in node.entries.items()}
                if isinstance(node, Table)
                else [build(item) for item in node.items]
            )
            done[id(node)] = known
        return known

    return build(root), flaws
