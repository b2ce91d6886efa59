"""Writes the folder: everything or nothing, each file in one step."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from hubwright.engines.terraform.changes import (
    MANIFEST,
    Change,
    State,
    compare,
    manifest,
    parse_manifest,
)
from hubwright.engines.terraform.environments import starters
from hubwright.engines.terraform.folder import files
from hubwright.errors import UsageError
from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Estate

_WRITTEN = frozenset({State.NEW, State.UPDATED})


@dataclass(frozen=True, slots=True)
class Synthesis:
    """What a folder is to become, and how what lies in it stands to that."""

    directory: Path
    wanted: Mapping[str, bytes]
    changes: tuple[Change, ...]

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """Files that somebody changed and that would be overwritten or deleted."""
        return tuple(change for change in self.changes if change.state is State.CONFLICT)

    @property
    def is_current(self) -> bool:
        """Whether there is nothing to write."""
        return all(change.state in {State.SAME, State.YOURS} for change in self.changes)


def synthesis(estate: Estate, directory: Path, environments: Sequence[str]) -> Synthesis:
    """
    Compare a folder with what a design asks for; write nothing.

    Args:
        estate: The design.
        directory: The folder; it may not exist yet.
        environments: Names of environments, each with a state of its own.

    Raises:
        UsageError: the folder is none, or holds a manifest that cannot be read.
    """
    return against(directory, files(estate), starters(estate, environments))


def against(directory: Path, wanted: Mapping[str, bytes], once: Mapping[str, bytes]) -> Synthesis:
    """
    Compare a folder with files; write nothing.

    Args:
        directory: The folder; it may not exist yet.
        wanted: What it is to hold, by path.
        once: What is written only where nothing is.

    Raises:
        UsageError: the folder is none, or holds a manifest that cannot be read.
    """
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"{directory} is no directory; name another with -o")
    written = _manifest(directory)
    there = _contents(directory, {*wanted, *once, *written})
    return Synthesis(directory, wanted, compare(written, there, wanted, once))


def write(found: Synthesis, *, force: bool = False) -> None:
    """
    Write what a synthesis found to be missing or old.

    Files are written beside the folder's own first and then moved into their places, the manifest
    last, so that a run that is cut short leaves whole files and can simply be repeated.

    Raises:
        UsageError: somebody changed a file that would be overwritten, and `force` is not given.
    """
    if found.conflicts and not force:
        raise UsageError(f"{len(found.conflicts)} files were changed and would be overwritten")
    directory = found.directory
    directory.mkdir(parents=True, exist_ok=True)
    states = _WRITTEN | {State.YOURS, State.CONFLICT} if force else _WRITTEN
    new = {
        change.path: change.content
        for change in found.changes
        if change.state in states and change.content is not None
    }
    listed = manifest(found.wanted)
    with _staging(directory) as staging:
        for path, content in {**new, MANIFEST: listed}.items():
            _place(staging / path).write_bytes(content)
        for path in new:
            (staging / path).replace(_place(directory / path))
        _remove(directory, (change.path for change in found.changes if change.content is None))
        (staging / MANIFEST).replace(directory / MANIFEST)


@contextmanager
def _staging(directory: Path) -> Iterator[Path]:
    """Give a directory on the same file system, since only there a move is one step."""
    staging = Path(tempfile.mkdtemp(prefix=".hubwright-", dir=directory))
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _place(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _remove(directory: Path, paths: Iterable[str]) -> None:
    """Delete files, and the directories that they leave empty."""
    for path in paths:
        (directory / path).unlink(missing_ok=True)
        parent = (directory / path).parent
        with suppress(OSError):
            while parent != directory:
                parent.rmdir()
                parent = parent.parent


def _manifest(directory: Path) -> dict[str, str]:
    path = directory / MANIFEST
    try:
        return parse_manifest(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise UsageError(
            f"{path} is no manifest of hubwright; "
            "restore it, or delete it to have every file compared"
        ) from error


def _contents(directory: Path, paths: Iterable[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in paths:
        place = directory / path
        if place.is_dir():
            raise UsageError(f"{place} is a directory where a file belongs")
        for parent in place.relative_to(directory).parents:
            if os.path.lexists(directory / parent) and not (directory / parent).is_dir():
                raise UsageError(f"{directory / parent} is a file where a directory belongs")
        if os.path.lexists(place):
            found[path] = place.read_bytes()
    return found
