"""Reads `estate.yaml`: text in, estate or diagnostics out. No text makes it raise."""

from collections.abc import Iterator
from pathlib import Path as FilePath

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hubwright.diagnostics.diagnostic import Diagnostic, Label, Severity, sort_key
from hubwright.errors import UsageError
from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Estate
from hubwright.model.origin import Origin, Span
from hubwright.semantics.assigned import assign
from hubwright.sources.design.complaints import complaints
from hubwright.sources.design.expand import expand
from hubwright.sources.design.parser import Flaw, data_of, read_tree
from hubwright.sources.design.schema import Design
from hubwright.sources.design.spans import Data, Node, Path, Places, Scalar, Series, Table
from hubwright.sources.design.words import one_line

_ROUNDS = 4
"""How often what is wrong is cut out to look at the rest."""
_CONSEQUENCES = frozenset({"DESIGN007", "DESIGN008", "DESIGN010"})
"""What cutting something out can bring about by itself."""


def load_design(path: FilePath) -> tuple[Estate | None, list[Diagnostic]]:
    """
    Read a design file.

    Raises:
        UsageError: there is no such file, or it cannot be read; bad content is a diagnostic.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"there is no file `{path}`; `hubwright init` writes one") from None
    except IsADirectoryError:
        raise UsageError(f"`{path}` is a directory; name the file in it") from None
    except OSError as error:
        raise UsageError(f"`{path}` cannot be read: {error.strerror}") from None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        start = raw.rfind(b"\n", 0, error.start) + 1
        column = len(raw[start : error.start].decode("utf-8", "replace")) + 1
        flaw = Flaw(
            "DESIGN001",
            f"the byte 0x{raw[error.start]:02x} is not UTF-8",
            Span(line, column, line, column + 1),
            "save the file as UTF-8",
        )
        return None, [_of_flaw(flaw, str(path))]
    return read_design(str(path), text)


def read_design(path_or_name: str, text: str) -> tuple[Estate | None, list[Diagnostic]]:
    """
    Read a design.

    Args:
        path_or_name: What diagnostics call the file.
        text: The whole file.

    Returns:
        The assigned estate, or None when there is any error; and every error, by line.
    """
    reading = parse(path_or_name, text)
    if reading.design is None:
        return None, reading.problems
    estate, more = expand(reading.design, reading.places)
    if reading.problems:
        more = [item for item in more if not _follows(item, reading.cut_names)]
    found = sorted(_unique([*reading.problems, *more]), key=sort_key)
    return (None if found else assign(estate)), found


@dataclass(frozen=True, slots=True)
class Reading:
    """A design as it was written."""

    design: Design | None
    places: Places
    problems: list[Diagnostic]
    cut_names: frozenset[str] = frozenset()
    """Keys of what was wrong: the design is without them."""


def parse(source: str, text: str) -> Reading:
    """Return the design as it was written; what is wrong with it is cut out and reported."""
    root, flaws = read_tree(text.removeprefix("\ufeff"))
    places = Places(source, root)
    problems = [_of_flaw(flaw, source) for flaw in flaws]
    if root is None:
        if not problems:
            help_ = "`hubwright init` writes a complete design"
            flaw = Flaw("DESIGN001", "the file is empty", Span(1, 1, 1, 2), help_)
            problems = [_of_flaw(flaw, source)]
        return Reading(None, places, problems)
    cut: set[Path] = set()
    names: set[str] = set()
    for _ in range(_ROUNDS):
        tree = places.root or root
        data, traps = data_of(tree)
        problems += [_of_flaw(flaw, source) for flaw in traps]
        try:
            design = Design.model_validate(_stand_in(data, cut))
        except ValidationError as error:
            details = error.errors(include_url=False)
        else:
            return Reading(design, places, _unique(problems), frozenset(names))
        new = [item for item in details if not _is_left_over(item, cut)]
        problems += complaints(new, Places(source, root))
        locations = [item["loc"] for item in details]
        cut.update(locations)
        cut.update(places.walk(location)[0] for location in locations)
        names.update(name for location in locations for name in _names(places, location))
        places = Places(source, _without(tree, locations))
        if places.root is None:
            break
    return Reading(None, places, sorted(_unique(problems), key=sort_key))


def _names(places: Places, location: Path) -> Iterator[str]:
    """Yield the keys that go when a place is cut out: its own, and all inside."""
    path, _, node = places.walk(location)
    yield from (part for part in path[-1:] if isinstance(part, str))
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Table):
            yield from node.entries
            waiting += [entry.value for entry in node.entries.values()]


def _is_left_over(error: ErrorDetails, cut: set[Path]) -> bool:
    """Tell whether an error only says that something which was cut out is gone."""
    if error["type"] == "missing":
        return error["loc"] in cut
    size = len(error["loc"])
    return error["type"] == "too_short" and any(loc[:size] == error["loc"] for loc in cut)


def _stand_in(data: Data, cut: set[Path]) -> Data:
    """Put something possible in place of what was cut out of the first lines."""
    if isinstance(data, dict):
        for key, value in (("name", "name"), ("location", "westeurope")):
            if (key,) in cut:
                data.setdefault(key, value)
    return data


def _of_flaw(flaw: Flaw, source: str) -> Diagnostic:
    labels = [Label(Origin(source=source, span=flaw.span), primary=True)]
    if flaw.related is not None:
        labels.append(Label(Origin(source=source, span=flaw.related[0]), flaw.related[1]))
    return Diagnostic(
        code=flaw.code,
        severity=Severity.ERROR,
        message=one_line(flaw.message),
        labels=tuple(labels),
        help=one_line(flaw.help) if flaw.help else None,
    )


def _unique(problems: list[Diagnostic]) -> list[Diagnostic]:
    return list(dict.fromkeys(problems))


def _follows(item: Diagnostic, names: frozenset[str]) -> bool:
    """Tell whether a problem may only be there because something else was cut out."""
    if item.code not in _CONSEQUENCES:
        return False
    words = item.message.replace("`", " ").replace("/", " ").replace(":", " ").split()
    return item.code == "DESIGN007" or any(word in names for word in words)


def _without(root: Node, locations: list[Path]) -> Node | None:
    """Return the tree without the values at some places; without a place, nothing is left."""
    doomed: set[int] = set()
    for location in locations:
        node = _target(root, location)
        if node is root:
            return None
        doomed.add(id(node))
    return _copy(root, doomed)


def _target(root: Node, location: Path) -> Node:
    """Return the deepest node that a location leads to: for a missing key, what lacks it."""
    node = root
    for part in location:
        if isinstance(node, Table) and isinstance(part, str) and part in node.entries:
            node = node.entries[part].value
        elif isinstance(node, Series) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
    return node


def _copy(node: Node, doomed: set[int]) -> Node:
    if isinstance(node, Scalar):
        return node
    if isinstance(node, Table):
        copy = Table(node.start, node.end)
        for key, entry in node.entries.items():
            if id(entry.value) not in doomed:
                copy.entries[key] = type(entry)(entry.key, _copy(entry.value, doomed))
        return copy
    series = Series(node.start, node.end)
    series.items = [_copy(item, doomed) for item in node.items if id(item) not in doomed]
    return series
