"""Parses YAML into nodes, and nodes into values; every flaw of the text is reported."""

import yaml

from hubwright.lazy_dataclass import dataclass
from hubwright.model.origin import Span
from hubwright.sources.design.scalars import Trap, resolve
from hubwright.sources.design.spans import (
    Data,
    Entry,
    Mark,
    Node,
    Scalar,
    Series,
    Table,
    span_of,
)

MAX_DEPTH = 64
"""How deep collections may nest: far more than the schema needs, far less than a stack holds."""
MAX_NODES = 2_000_000
"""How many nodes a text may have once aliases are followed."""


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


def _start(event: yaml.Event) -> Mark:
    """Return where an event starts; libyaml always says so."""
    mark = event.start_mark
    if mark is None:
        raise TextError(Flaw("DESIGN001", "not valid YAML", Span(1, 1, 1, 2)))
    return mark


def _end(event: yaml.Event) -> Mark:
    return event.end_mark or _start(event)


def _at(event: yaml.Event) -> Span:
    mark = _start(event)
    return _point(mark.line, mark.column)


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
    except yaml.YAMLError:
        return None, [*builder.flaws, _unreadable(text)]
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start)
        column = error.start - (text.rfind("\n", 0, error.start) + 1)
        return None, [Flaw("DESIGN001", "a character is no Unicode text", _point(line, column))]
    return builder.root, builder.flaws


def _unreadable(text: str) -> Flaw:
    """Return the flaw for a character that YAML does not allow."""
    for index, character in enumerate(text):
        low = ord(character) < 32 and character not in "\t\n\r"
        high = 0x7F <= ord(character) < 0xA0 and character != "\x85"
        if low or high:
            line = text.count("\n", 0, index)
            column = index - (text.rfind("\n", 0, index) + 1)
            message = f"the control character U+{ord(character):04X} is not allowed in YAML"
            return Flaw("DESIGN001", message, _point(line, column), "delete it")
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
                node = Scalar(event.value, plain, _start(event), _end(event))
                if event.anchor:
                    self._anchors[event.anchor] = node
                self._attach(node)
            case yaml.MappingStartEvent():
                self._open(event, Table(_start(event), _end(event)))
            case yaml.SequenceStartEvent():
                self._open(event, Series(_start(event), _end(event)))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close(event)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    at = _at(event)
                    raise TextError(
                        Flaw("DESIGN001", "a design is one document, here a second one starts", at)
                    )
            case _:
                pass

    def _refuse_tag(self, event: yaml.NodeEvent) -> None:
        tag: str | None = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            at = _at(event)
            self.flaws.append(
                Flaw("DESIGN003", f"the tag `{tag}` has no meaning here", at, "delete the tag")
            )

    def _open(self, event: yaml.NodeEvent, node: Table | Series) -> None:
        self._refuse_tag(event)
        if len(self._stack) >= MAX_DEPTH:
            at = _at(event)
            raise TextError(Flaw("DESIGN001", f"nested more than {MAX_DEPTH} levels deep", at))
        self._stack.append(node)
        self._keys.append(None)
        self._open_anchors.append(event.anchor)

    def _close(self, event: yaml.Event) -> None:
        node = self._stack.pop()
        node.end = _end(event)
        self._keys.pop()
        anchor = self._open_anchors.pop()
        if anchor:
            self._anchors[anchor] = node
        self._attach(node)

    def _alias(self, event: yaml.AliasEvent) -> None:
        node = self._anchors.get(event.anchor or "")
        at = _at(event)
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
