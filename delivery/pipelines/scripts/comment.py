#!/usr/bin/env python3
"""
comment.py FILE...: put Markdown files on the pull request, each as one comment that is updated.

The first line of a file is a hidden marker, by which its comment is found again. On Azure Pipelines
the job's own token is used, on GitHub Actions GITHUB_TOKEN. Outside a pull request nothing happens.
"""

import json
import os
import sys
import urllib.request
from pathlib import Path
from typing import Any

LIMIT = 60_000
CUT = "\n\n... cut; the whole text is an artefact of this run.\n"


def call(method: str, url: str, token: str, body: object = None) -> Any:
    """Return the answer to one request."""
    request = urllib.request.Request(url, method=method)
    request.add_header("Authorization", f"Bearer {token}")
    request.add_header("Accept", "application/json")
    data = None
    if body is not None:
        request.add_header("Content-Type", "application/json")
        data = json.dumps(body).encode()
    with urllib.request.urlopen(request, data, timeout=30) as answer:
        return json.load(answer)


def on_azure(text: str, marker: str) -> None:
    """Create or update a thread of an Azure Repos pull request."""
    environment = os.environ
    threads = (
        f"{environment['SYSTEM_COLLECTIONURI']}{environment['SYSTEM_TEAMPROJECT']}/_apis/git/"
        f"repositories/{environment['BUILD_REPOSITORY_ID']}/pullRequests/"
        f"{environment['SYSTEM_PULLREQUEST_PULLREQUESTID']}/threads"
    )
    token, version = environment["SYSTEM_ACCESSTOKEN"], "?api-version=7.1"
    for thread in call("GET", threads + version, token)["value"]:
        for comment in thread["comments"]:
            if (comment.get("content") or "").startswith(marker):
                url = f"{threads}/{thread['id']}/comments/{comment['id']}{version}"
                call("PATCH", url, token, {"content": text})
                return
    comment = {"content": text, "commentType": "text"}
    call("POST", threads + version, token, {"comments": [comment], "status": "closed"})


def on_github(text: str, marker: str, number: int) -> None:
    """Create or update a comment of a GitHub pull request."""
    base = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    token, page = os.environ["GITHUB_TOKEN"], 1
    while found := call("GET", f"{base}/{number}/comments?per_page=100&page={page}", token):
        for comment in found:
            if comment["body"].startswith(marker):
                call("PATCH", f"{base}/comments/{comment['id']}", token, {"body": text})
                return
        page += 1
    call("POST", f"{base}/{number}/comments", token, {"body": text})


def put(path: Path, number: int | None) -> None:
    """Put one file on the pull request."""
    text = path.read_text(encoding="utf-8")
    if not text.startswith("<!--"):
        text = f"<!-- hubwright: {path.stem} -->\n{text}"
    marker = text.partition("\n")[0]
    if len(text) > LIMIT:
        text = text[:LIMIT] + CUT
    if number is None:
        on_azure(text, marker)
    else:
        on_github(text, marker, number)


def main() -> int:
    """Put every file that exists where the pull request is."""
    number = None
    if os.environ.get("GITHUB_ACTIONS"):
        event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
        number = event.get("pull_request", {}).get("number")
        if number is None:
            return 0
    elif not os.environ.get("SYSTEM_PULLREQUEST_PULLREQUESTID"):
        return 0
    for path in map(Path, sys.argv[1:]):
        if path.exists():
            put(path, number)
    return 0


if __name__ == "__main__":
    sys.exit(main())
