"""A plan as files that a person can read, run by hand, or put into a bug report."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from shlex import quote

from hubwright.engines.twin.artefacts import Document, Plan, Tool
from hubwright.errors import UsageError

_STATE = "@STATE@"
_OPENING = """\
#!/bin/sh
# Builds the network of {estate} from the files beside it, in namespaces of its own, and opens a
# shell there; all of it is gone when the shell ends. Try: ip netns exec NAMESPACE ping ADDRESS
# The twin's own web and DNS servers are not part of it: servers.json says what they would be.
set -eu
cd "$(dirname "$0")"
if [ "${{1:-}}" != inside ]; then
    user=; [ "$(id -u)" -eq 0 ] || user="--user --map-root-user"
    exec unshare $user --net --mount --pid --uts --fork --kill-child --mount-proc "$0" inside
fi
PATH="$PATH:/usr/sbin:/sbin"
here=$(pwd)
mount -t tmpfs tmpfs /run
mkdir /run/hubwright
cd "$here"
envoy=${{ENVOY:-$(command -v envoy || true)}}
"""
_CLOSING = """\
echo "{count} namespaces, until this shell ends" >&2
exec "${SHELL:-sh}"
"""


def printed(plan: Plan) -> str:
    """Return all documents in the order in which they are applied, each under its name."""
    parts = [f"# {_title(document)}\n{_ended(document.text)}" for document in plan.documents]
    return "\n".join([*parts, f"# servers.json\n{_servers(plan)}"])


def write(plan: Plan, directory: Path) -> int:
    """
    Write the documents and a `run.sh`; return how many files that were.

    Raises:
        UsageError: the directory cannot be written to.
    """
    files = {document.name: _ended(document.text) for document in plan.documents}
    files |= {"servers.json": _servers(plan), "run.sh": script(plan)}
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (directory / name).write_text(text, encoding="utf-8")
        (directory / "run.sh").chmod(0o755)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write to {directory}: {reason}") from error
    return len(files)


def script(plan: Plan) -> str:
    """Return the shell script that applies the documents."""
    lines = [line for document in plan.documents for line in _commands(document)]
    return "".join(
        [
            _OPENING.format(estate=plan.estate),
            *(f"{line}\n" for line in lines),
            _CLOSING.replace("{count}", str(len(plan.namespaces))),
        ]
    )


def _commands(document: Document) -> Iterator[str]:
    place = f"ip netns exec {quote(document.namespace)} " if document.namespace else ""
    name = quote(document.name)
    match document.tool:
        case Tool.IP:
            yield f"{place}ip -batch {name}"
        case Tool.NFT:
            yield f"{place}nft -f {name}"
        case Tool.SYSCTL:
            for line in document.text.splitlines():
                key, _, value = line.partition("=")
                if value and not line.startswith("#"):
                    text = f"echo {quote(value.strip())} > /proc/sys/{key.strip()}"
                    yield f"{place}sh -c {quote(text)} || true"
        case Tool.ENVOY:
            yield f"sed 's,{_STATE},/run/hubwright,g' {name} > /run/hubwright/{name}"
            start = f'{place}"$envoy" --log-level warning -c /run/hubwright/{name}'
            yield f'if [ -n "$envoy" ]; then {start} &'
            yield f'else echo "no envoy: {name} left out" >&2; fi'


def _title(document: Document) -> str:
    where = document.namespace or "the twin's root namespace"
    return f"{document.name}: for {document.tool}, in {where}"


def _servers(plan: Plan) -> str:
    parts = {
        "servers": [asdict(server) for server in plan.servers],
        "resolvers": [asdict(resolver) for resolver in plan.resolvers],
        "nodes": [asdict(node) for node in plan.nodes],
    }
    return json.dumps(parts, indent=1) + "\n"


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
