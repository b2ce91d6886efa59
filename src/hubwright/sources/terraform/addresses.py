"""Addresses of resources in a plan, and the references that its expressions keep."""

import re
from functools import lru_cache

from hubwright.lazy_dataclass import dataclass

Key = str | int | None

_PART = re.compile(
    r"""
    (?:^|\.)(?P<name>[\w-]+|\*)               # .name, or the * of a splat
    | \[(?P<number>\d+)\]                       # [0]
    | \["(?P<text>(?:[^"\\]|\\.)*)"\]           # ["key"]
    | \[\*\]
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Step:
    """A module call on the way to a resource: its name, and its key where it is repeated."""

    name: str
    key: Key = None

    def __str__(self) -> str:
        """Return `module.name["key"]`."""
        return f"module.{self.name}{_index(self.key)}"


Modules = tuple[Step, ...]
"""An instance of a module: the calls that lead to it; empty for the root."""


@dataclass(frozen=True, slots=True)
class Address:
    """`module.hub["a"].azurerm_subnet.this["b"]`: one instance of a resource or data source."""

    modules: Modules
    type: str
    name: str
    key: Key = None
    is_data: bool = False

    @property
    def block(self) -> tuple[tuple[str, ...], bool, str, str]:
        """What identifies the block that it was made from, in the configuration."""
        return (tuple(step.name for step in self.modules), self.is_data, self.type, self.name)

    def __str__(self) -> str:
        """Return the address as Terraform writes it."""
        data = "data." if self.is_data else ""
        own = f"{data}{self.type}.{self.name}{_index(self.key)}"
        return ".".join([*map(str, self.modules), own])


def _index(key: Key) -> str:
    if key is None:
        return ""
    if isinstance(key, int):
        return f"[{key}]"
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'["{escaped}"]'


@lru_cache(maxsize=1 << 16)
def parts(text: str) -> tuple[str | int, ...]:
    """
    Cut a reference or address into names and indexes.

    `module.hub.ids["a"].x[0]` gives `("module", "hub", "ids", "a", "x", 0)`; a splat is left out.
    """
    found: list[str | int] = []
    for match in _PART.finditer(text):
        if match["number"] is not None:
            found.append(int(match["number"]))
        elif match["text"] is not None:
            found.append(re.sub(r"\\(.)", r"\1", match["text"]))
        elif match["name"] is not None and match["name"] != "*":
            found.append(match["name"])
    return tuple(found)


@lru_cache(maxsize=1 << 16)
def modules_of(text: str) -> Modules:
    """Return the module instance that a plan's `module_address` names."""
    steps: list[Step] = []
    items = list(_keyed(text))
    at = 0
    while at + 1 < len(items):
        name, key = items[at + 1]
        steps.append(Step(name, key))
        at += 2
    return tuple(steps)


def _keyed(text: str) -> list[tuple[str, Key]]:
    """Return the names of an address, each with the index that follows it."""
    found: list[tuple[str, Key]] = []
    for match in _PART.finditer(text):
        if match["name"] is not None:
            found.append((match["name"], None))
        elif found:
            key: Key = int(match["number"]) if match["number"] else (match["text"] or "")
            if isinstance(key, str):
                key = re.sub(r"\\(.)", r"\1", key)
            found[-1] = (found[-1][0], key)
    return found


@dataclass(frozen=True, slots=True)
class ArmId:
    """The parts of an ARM id that tell resources apart; Azure compares them without case."""

    resource_group: str
    type: str
    """`virtualNetworks/subnets`, `azureFirewalls`, ... as written."""
    names: tuple[str, ...]
    """One name a level: network and subnet, say."""


def arm_id(text: str) -> ArmId | None:
    """Read `/subscriptions/.../resourceGroups/<rg>/providers/<namespace>/<type>/<name>...`."""
    pieces = text.strip("/").split("/")
    lower = [piece.lower() for piece in pieces]
    if len(pieces) < 2 or lower[0] != "subscriptions":
        return None
    group = pieces[3] if len(pieces) > 3 and lower[2] == "resourcegroups" else ""
    if "providers" not in lower:
        return ArmId(group, "resourceGroups", (group,)) if group else None
    rest = pieces[len(lower) - lower[::-1].index("providers") + 1 :]
    if len(rest) < 2 or len(rest) % 2:
        return None
    return ArmId(group, "/".join(rest[0::2]), tuple(rest[1::2]))
