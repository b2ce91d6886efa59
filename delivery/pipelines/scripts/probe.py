#!/usr/bin/env python3
"""probe.py URL: ask an application many times; fail when it answers wrongly, or too often not."""

import argparse
import json
import sys
import time
import urllib.error
import urllib.request
from collections import Counter


def ask(url: str, header: str | None) -> tuple[str, str]:
    """Return what came of one request, `200` if all is well, and the version that answered."""
    request = urllib.request.Request(url)
    if header:
        name, _, value = header.partition(":")
        request.add_header(name.strip(), value.strip())
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            body = answer.read()
            status = str(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return str(error.code), ""
    except OSError as error:
        return type(error).__name__, ""
    try:
        return status, str(json.loads(body).get("version", ""))
    except (ValueError, AttributeError):
        return status, ""


def settings() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--count", type=int, default=1, help="how often to ask")
    parser.add_argument("--interval", type=float, default=0.05, help="seconds in between")
    parser.add_argument("--wait", type=float, default=0, help="seconds until the first answer")
    parser.add_argument("--max-failures", type=int, default=0)
    parser.add_argument("--header", help="`Name: value` to send")
    parser.add_argument("--version", help="at least one answer must come from this version")
    parser.add_argument("--only-version", action="store_true", help="every answer must")
    return parser.parse_args()


def main() -> int:
    """Ask, count, and judge."""
    wanted = settings()
    deadline = time.monotonic() + wanted.wait
    while wanted.wait and ask(wanted.url, wanted.header)[0] != "200":
        if time.monotonic() > deadline:
            sys.stderr.write(f"{wanted.url} did not answer in {wanted.wait:.0f} s\n")
            return 1
        time.sleep(0.2)
    outcomes: Counter[str] = Counter()
    versions: Counter[str] = Counter()
    for _ in range(wanted.count):
        status, version = ask(wanted.url, wanted.header)
        outcomes[status] += 1
        if status == "200":
            versions[version] += 1
        time.sleep(wanted.interval)
    sys.stdout.write(f"{wanted.url}: {dict(outcomes)}, versions {dict(versions)}\n")
    failures = wanted.count - outcomes["200"]
    missed = bool(wanted.version) and not versions[wanted.version]
    mixed = wanted.only_version and len(versions) > 1
    return 1 if failures > wanted.max_failures or missed or mixed else 0


if __name__ == "__main__":
    sys.exit(main())
