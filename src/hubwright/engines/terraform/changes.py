"""
Compares what was written, what is there and what would be written.

The manifest holds a hash of every file as it was last written. So a file that a person changed is
told from one that only grew old, and a change of theirs is kept while the design asks for nothing
else there.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from hubwright.lazy_dataclass import dataclass

MANIFEST = ".hubwright.json"
_VERSION = 1


class State(StrEnum):
    """How a file of the folder stands to what would be written."""

    SAME = "same"
    NEW = "new"
    UPDATED = "updated"
    REMOVED = "removed"
    """Written before, asked for no more, and untouched since."""
    YOURS = "yours"
    """Changed by somebody, where the design asks for nothing new; it stays."""
    CONFLICT = "conflict"
    """Changed by somebody, and the design asks for something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A file and its state."""

    path: str
    state: State
    content: bytes | None
    """What would be written; None where the file would go."""


def digest(content: bytes) -> str:
    """Return the hash that stands in the manifest."""
    return hashlib.sha256(content).hexdigest()


def compare(
    written: Mapping[str, str],
    there: Mapping[str, bytes],
    wanted: Mapping[str, bytes],
    starters: Mapping[str, bytes],
) -> tuple[Change, ...]:
    """
    Return the state of every file, sorted by path.

    Args:
        written: The manifest: hashes of files as they were last written.
        there: What is in the folder now, of the files that the other arguments name.
        wanted: What would be written.
        starters: What is written only where nothing is.
    """
    changes = [*_wanted(written, there, wanted), *_gone(written, there, wanted)]
    changes += [
        Change(path=path, state=State.SAME if path in there else State.NEW, content=content)
        for path, content in starters.items()
    ]
    return tuple(sorted(changes, key=lambda change: change.path))


def _wanted(
    written: Mapping[str, str], there: Mapping[str, bytes], wanted: Mapping[str, bytes]
) -> Iterator[Change]:
    for path, content in wanted.items():
        before, now = written.get(path), there.get(path)
        if now is None:
            state = State.NEW
        elif now == content:
            state = State.SAME
        elif digest(now) == before:
            state = State.UPDATED
        elif digest(content) == before:
            state = State.YOURS
        else:
            state = State.CONFLICT
        yield Change(path=path, state=state, content=content)


def _gone(
    written: Mapping[str, str], there: Mapping[str, bytes], wanted: Mapping[str, bytes]
) -> Iterator[Change]:
    for path, before in written.items():
        if path in there and path not in wanted:
            untouched = digest(there[path]) == before
            state = State.REMOVED if untouched else State.CONFLICT
            yield Change(path=path, state=state, content=None)


def manifest(wanted: Mapping[str, bytes]) -> bytes:
    """Return the text of the manifest of files that were written."""
    hashes = {path: digest(content) for path, content in sorted(wanted.items())}
    return (json.dumps({"version": _VERSION, "files": hashes}, indent=2) + "\n").encode()


def parse_manifest(text: bytes) -> dict[str, str]:
    """
    Return the hashes that a manifest holds.

    Raises:
        ValueError: it is no manifest.
    """
    found: Any = json.loads(text)
    if not isinstance(found, dict) or found.get("version") != _VERSION:
        raise ValueError("it is of another version")
    hashes = found.get("files")
    if not isinstance(hashes, dict) or not all(isinstance(item, str) for item in hashes.values()):
        raise ValueError("it lists no files")
    return {str(path): str(value) for path, value in hashes.items() if _inside(str(path))}


def _inside(path: str) -> bool:
    """Tell whether a path stays in the folder; a manifest may have come from anywhere."""
    return not path.startswith("/") and ".." not in path.split("/") and "\\" not in path
