"""
Estates that were read before, kept in the user's cache directory.

To read a design is most of what a short command does, and to read a large plan takes seconds;
the same text, read by the same hubwright, gives the same estate. Only that is kept: no verdict is,
so whatever a command says of an estate it has worked out in that very run.
"""

import contextlib
import hashlib
import os
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hubwright import __version__
from hubwright.diagnostics.diagnostic import Diagnostic
from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Estate

Read = tuple[Estate, tuple[Diagnostic, ...]]

VARIABLE = "HUBWRIGHT_CACHE_DIR"
"""Where to keep estates instead; empty turns keeping off."""
_READERS = ("catalogue", "diagnostics", "model", "semantics", "sources")
"""The packages that an estate depends on, beside the text."""
_ENTRIES = 64
_OCTETS = 256 << 20
"""What is kept at most; the longest unused goes first."""


@dataclass(frozen=True, slots=True)
class Memory:
    """
    A directory of estates, each under a hash of all that it was made from.

    Nothing here fails: what cannot be kept is not, and what cannot be read, or belongs to another
    user, was never there.
    """

    place: Path | None
    """None keeps nothing."""

    @classmethod
    def of_user(cls) -> "Memory":
        """Return the one in `XDG_CACHE_HOME`, else `~/.cache`, or where `VARIABLE` says."""
        named = os.environ.get(VARIABLE)
        if named is not None:
            return cls(Path(named) if named else None)
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
        return cls(Path(base, "hubwright") if os.path.isabs(base) else None)  # noqa: PTH117

    def key(self, name: str, raw: bytes, *, before: bool) -> str:
        """Return the name of an entry: of a file's name and octets, as this hubwright reads it."""
        if self.place is None:
            return ""
        told = hashlib.blake2b(digest_size=20)
        for part in (__version__, sys.implementation.cache_tag or "", str(before), name):
            told.update(part.encode("utf-8", "surrogateescape") + b"\0")
        for stamp in _stamps():
            told.update(stamp.encode())
        told.update(raw)
        return told.hexdigest()

    def recall(self, key: str) -> Read | None:
        """Return what was kept under a key, or None."""
        if self.place is None:
            return None
        path = self.place / key
        try:
            with path.open("rb") as file:
                if os.fstat(file.fileno()).st_uid != os.geteuid():
                    return None
                estate, diagnostics = _Reader(file).load()
            os.utime(path)
        except Exception:  # noqa: BLE001  a spoilt pickle may raise anything
            return None
        return (estate, diagnostics) if isinstance(estate, Estate) else None

    def keep(self, key: str, estate: Estate, diagnostics: tuple[Diagnostic, ...]) -> None:
        """Keep an estate and what was said of it."""
        if self.place is None:
            return
        try:
            octets = pickle.dumps((estate, diagnostics), pickle.HIGHEST_PROTOCOL)
            self.place.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = self.place / f"{key}.{os.getpid()}"
            new.write_bytes(octets)
            new.replace(self.place / key)
            _forget(self.place)
        except (OSError, pickle.PicklingError, TypeError, RecursionError):
            return


class _Reader(pickle.Unpickler):
    """Reads values of the model and diagnostics; no other name is looked up, nothing else runs."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in {("builtins", "dict"), ("builtins", "frozenset")}:
            return super().find_class(module, name)
        if module.startswith("hubwright.model.") or module == Diagnostic.__module__:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not of the model")


def _forget(place: Path) -> None:
    """Delete what was not used for longest, beyond what is kept at most."""
    entries = [(item.stat(), item) for item in place.iterdir()]
    total = 0
    for count, (told, item) in enumerate(sorted(entries, key=lambda e: -e[0].st_mtime_ns)):
        total += told.st_size
        if count >= _ENTRIES or total > _OCTETS:
            with contextlib.suppress(OSError):
                item.unlink()


def _stamps() -> Iterator[str]:
    """Yield what tells one state of hubwright's own files from another."""
    root = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120
    waiting = [os.path.join(root, name) for name in _READERS]  # noqa: PTH118
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda item: item.name):
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        waiting.append(entry.path)
                else:
                    told = entry.stat()
                    yield f"{entry.path[len(root) :]}\0{told.st_size}\0{told.st_mtime_ns}\0"
