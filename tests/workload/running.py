"""The workload's application as the container runs it: a process of its own, asked by clients."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from hubwright import carried


@dataclass
class Running:
    """A running application."""

    process: "subprocess.Popen[str]"
    port: int

    def url(self, path: str = "/", scheme: str = "http") -> str:
        """Return the URL of a path."""
        return f"{scheme}://127.0.0.1:{self.port}{path}"

    def get(self, path: str = "/", **headers: str) -> dict[str, object]:
        """Return what it answers, which must be JSON."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url(path), headers=named)
        with urllib.request.urlopen(request, timeout=10) as answer:
            told: dict[str, object] = json.load(answer)
        return told

    def next_event(self) -> dict[str, object]:
        """Return the next line of its log."""
        assert self.process.stdout is not None
        event: dict[str, object] = json.loads(self.process.stdout.readline())
        return event


@contextmanager
def running(**environment: str) -> Iterator[Running]:
    """Run it with these settings, on a free port."""
    settings = {"PORT": "0", "POD_NAME": "web-0", "DRAIN_SECONDS": "0.5", **environment}
    process = subprocess.Popen(
        [sys.executable, "-m", "webapp"],
        cwd=carried.workload(),
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        found = Running(process, 0)
        event = found.next_event()
        assert event["event"] == "listening"
        found.port = int(str(event["port"]))
        yield found
    finally:
        process.kill()
        process.communicate()
