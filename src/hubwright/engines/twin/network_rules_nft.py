"""
How a firewall's network rules lie in nftables chains.

A few are one chain, read from its start. Many are cut by destination: a map of address ranges
leads to a short chain that holds, in order, every rule that is about the range, so that the
first that matches is the same. Their sets have names and are shared: the kernel takes a time that
grows with the square of the number of anonymous ones. The text reaches it in several transactions.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from hubwright.engines.twin import nft_text as nft
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import ALL_ADDRESSES, AddressSet, format_address

LARGE = 256
"""So many lines are cut by destination."""
_SHORT = 32
"""Lines that a chain holds at most, if no address is about more of them."""
_GROWTH = 4
"""All chains together have at most so many times the text of one chain."""
_ELEMENTS = 500
_SET = re.compile(r"(ip saddr|ip daddr|th dport) (\{ [^{}]* \})")
_ENTRY, _MAP = "network_rules", "network_by_destination"


@dataclass(frozen=True, slots=True)
class Line:
    """One nftables rule, open where it compares the destination address."""

    head: str
    destinations: AddressSet
    tail: str

    def text(self, within: AddressSet = ALL_ADDRESSES) -> str:
        """Return the rule for packets to `within`, without a comparison that all of them pass."""
        wanted = self.destinations & within
        if wanted == within:
            wanted = ALL_ADDRESSES
        return f"{self.head}{nft.match_addresses('daddr', wanted)}{self.tail}"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A range of destinations, and the indexes of the lines about any of them, in order."""

    first: int
    last: int
    lines: tuple[int, ...]


def texts(lines: Sequence[Line]) -> Iterator[str]:
    """Yield texts that fill the chain `network_rules` of table `firewall`, one a transaction."""
    found = partition(lines)
    if not found:
        yield from nft.batches(f"add rule ip firewall {_ENTRY} {line.text()}" for line in lines)
        return
    chains: dict[tuple[str, ...], str] = {}
    elements: list[str] = []
    for bucket in found:
        within = AddressSet(((bucket.first, bucket.last),))
        held = tuple(_cut(lines[n], within).text(within) for n in bucket.lines)
        name = chains.setdefault(held, f"network_{len(chains)}")
        ends = f"{format_address(bucket.first)}-{format_address(bucket.last)}"
        elements.append(f"{ends} : jump {name}")
    sets: dict[tuple[str, str], str] = {}
    statements = tuple(_with_names(_statements(chains, elements), sets))
    yield from nft.batches((*_definitions(sets), *statements))


def partition(lines: Sequence[Line]) -> tuple[Bucket, ...]:
    """
    Return disjoint ranges, ascending, that hold every destination of any line.

    Nothing where one chain serves better: few lines, or so many about the same destinations that
    the chains would repeat most of them.
    """
    if len(lines) < LARGE:
        return ()
    weights = [len(line.head) + len(line.tail) for line in lines]
    limit = _SHORT
    while limit <= len(lines) // 2:
        budget = _GROWTH * sum(weights)
        found: list[Bucket] = []
        for bucket in _buckets(lines, limit):
            found.append(bucket)
            budget -= sum(weights[n] for n in bucket.lines)
            if budget < 0:
                break
        else:
            return tuple(found) if len(found) > 1 else ()
        limit *= 2
    return ()


def _buckets(lines: Sequence[Line], limit: int) -> Iterator[Bucket]:
    """Sweep the addresses, and begin anew where one more line would be too many."""
    begins: defaultdict[int, set[int]] = defaultdict(set)
    ends: defaultdict[int, set[int]] = defaultdict(set)
    for n, line in enumerate(lines):
        for first, last in line.destinations:
            begins[first].add(n)
            ends[last + 1].add(n)
    active: set[int] = set()
    held: set[int] = set()
    start = 0
    for at in sorted({*begins, *ends}):
        active -= ends[at]
        active |= begins[at]
        if held and len(held) + len(begins[at] - held) > limit:
            yield Bucket(start, at - 1, tuple(sorted(held)))
            held = set()
        if not held:
            start = at
            held = set(active)
        held |= begins[at]
    if held:
        yield Bucket(start, max(ends) - 1, tuple(sorted(held)))


def _cut(line: Line, within: AddressSet) -> Line:
    """Return a line with only those of its intervals that may touch one range; they are sorted."""
    ((first, last),) = within
    every = line.destinations.intervals
    low = bisect_left(every, first, key=lambda pair: pair[1])
    high = bisect_left(every, last + 1, key=lambda pair: pair[0])
    return Line(line.head, AddressSet(every[low:high]), line.tail)


def _with_names(statements: Iterable[str], sets: dict[tuple[str, str], str]) -> Iterator[str]:
    """Yield statements with a name in place of each set, and note the names in `sets`."""

    def name(match: re.Match[str]) -> str:
        kind = "inet_service" if match[1] == "th dport" else "ipv4_addr"
        return f"{match[1]} @{sets.setdefault((kind, match[2]), f'network_set_{len(sets)}')}"

    for statement in statements:
        yield _SET.sub(name, statement)


def _definitions(sets: dict[tuple[str, str], str]) -> Iterator[str]:
    for (kind, elements), name in sets.items():
        held = f"type {kind}; flags interval; elements = {elements};"
        yield f"add set ip firewall {name} {{ {held} }}"


def _statements(chains: dict[tuple[str, ...], str], elements: list[str]) -> Iterator[str]:
    for held, name in chains.items():
        yield f"add chain ip firewall {name}"
        for text in held:
            yield f"add rule ip firewall {name} {text}"
    yield f"add map ip firewall {_MAP} {{ type ipv4_addr : verdict; flags interval; }}"
    for joined in _joined(elements):
        yield f"add element ip firewall {_MAP} {{ {joined} }}"
    yield f"add rule ip firewall {_ENTRY} ip daddr vmap @{_MAP}"


def _joined(elements: Sequence[str]) -> Iterable[str]:
    for start in range(0, len(elements), _ELEMENTS):
        yield ", ".join(elements[start : start + _ELEMENTS])
