"""Reads a threat feed: what threat intelligence is to know as bad."""

from pathlib import Path

from hubwright.errors import UsageError
from hubwright.model.address import AddressError, AddressSet
from hubwright.semantics.assumptions import Assumptions


def with_feed(path: Path | None) -> Assumptions:
    """
    Return the default assumptions, with a list of bad addresses and names if there is one.

    The file has one address, prefix, range or name a line; # begins a comment.

    Raises:
        UsageError: the file cannot be read.
    """
    if path is None:
        return Assumptions()
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot read {path}: it is not UTF-8 text") from error
    except OSError as error:
        raise UsageError(f"cannot read {path}: {(error.strerror or '').lower()}") from error
    addresses, names = AddressSet(), set[str]()
    for line in text.splitlines():
        word = line.partition("#")[0].strip()
        try:
            addresses |= AddressSet.parse(word) if word else AddressSet()
        except AddressError:
            names.add(word.lower().rstrip("."))
    return Assumptions(threat_feed_addresses=addresses, threat_feed_fqdns=frozenset(names))
