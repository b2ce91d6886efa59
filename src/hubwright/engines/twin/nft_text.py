"""Pieces of nftables text: sets, log statements, and documents cut into transactions."""

import re
from collections.abc import Iterable, Iterator

from hubwright.model.address import ALL_ADDRESSES, ALL_PORTS, AddressSet, PortSet, format_address

DROPS, DECISIONS = 1, 2
"""Log groups: packets that end here, and what a firewall decided on a flow's first packet."""
TRANSACTION_BYTES = 96_000
"""Text that one transaction holds at most; a rootless namespace may send the kernel 208 KiB."""
NO_ICMP_ERRORS = "icmp type { destination-unreachable, redirect, time-exceeded } drop"
"""For an output chain: Azure's boxes drop without telling the sender."""
_PREFIX_LENGTH = 64
_UNSAFE = re.compile(r"[^\w.:/ ~-]")


def addresses(found: AddressSet) -> str:
    """Return `{ 10.0.0.0/16, 10.1.0.4 }`, or one element without braces."""
    return _set(_interval(first, last) for first, last in found)


def address_list(found: Iterable[int]) -> str:
    """Return a set of single addresses."""
    return addresses(AddressSet.of((address, address) for address in found))


def ports(found: PortSet) -> str:
    """Return `{ 80, 8000-8080 }`, or one element without braces."""
    return _set(str(a) if a == b else f"{a}-{b}" for a, b in found)


def names(found: Iterable[str]) -> str:
    """Return a set of quoted interface names."""
    return "{ " + ", ".join(f'"{name}"' for name in found) + " }"


def match_addresses(side: str, found: AddressSet) -> str:
    """Return `ip saddr { ... } ` for `saddr` or `daddr`; "" where every address matches."""
    return "" if found == ALL_ADDRESSES else f"ip {side} {addresses(found)} "


def match_ports(side: str, found: PortSet) -> str:
    """Return `th dport { ... } ` for `sport` or `dport`; "" where every port matches."""
    return "" if found == ALL_PORTS else f"th {side} {ports(found)} "


def round_robin(targets: Iterable[int], port: int | None = None) -> str:
    """Return what follows `snat to` or `dnat to`: one address, or each in its turn."""
    suffix = "" if port is None else f" . {port}"
    found = [f"{format_address(address)}{suffix}" for address in targets]
    if len(found) == 1:
        return found[0].replace(" . ", ":")
    pairs = ", ".join(f"{n} : {text}" for n, text in enumerate(found))
    return f"numgen inc mod {len(found)} map {{ {pairs} }}"


def drop(reason: str, where: str) -> str:
    """Return statements that log a packet as ended, and end it."""
    return f"{log(f'drop:{reason}:{where}', DROPS)} drop"


def log(prefix: str, group: int) -> str:
    """Return a log statement; a long prefix is cut at 64 characters."""
    return f'log prefix "{_UNSAFE.sub("-", prefix)[:_PREFIX_LENGTH]}" group {group}'


def chain(name: str, rules: Iterable[str], hook: str = "") -> str:
    """Return a chain's text, inside a table; `hook` is for instance `input priority filter`."""
    kind, _, rest = hook.partition(" ")
    head = [f"type {kind} hook {rest}; policy accept;"] if hook else []
    body = "".join(f"\t\t{line}\n" for line in (*head, *rules))
    return f"\tchain {name} {{\n{body}\t}}\n"


def table(name: str, *parts: str) -> str:
    """Return a table of family `ip`."""
    return f"table ip {name} {{\n{''.join(parts)}}}\n"


def batches(lines: Iterable[str]) -> Iterator[str]:
    """Join lines into texts of at most `TRANSACTION_BYTES`, in order."""
    held: list[str] = []
    size = 0
    for line in lines:
        if held and size + len(line) > TRANSACTION_BYTES:
            yield "".join(held)
            held, size = [], 0
        held.append(f"{line}\n")
        size += len(line) + 1
    if held:
        yield "".join(held)


def _set(elements: Iterable[str]) -> str:
    found = list(elements)
    return found[0] if len(found) == 1 else "{ " + ", ".join(found) + " }"


def _interval(first: int, last: int) -> str:
    if first == last:
        return format_address(first)
    prefixes = AddressSet(((first, last),)).to_prefixes()
    if len(prefixes) == 1:
        return str(prefixes[0])
    return f"{format_address(first)}-{format_address(last)}"
