"""
Application rules as tables of names: for each source, port and protocol, what a name leads to.

Azure takes the first rule that matches; Envoy's tables take the most specific pattern. Patterns
are suffixes, so two either exclude each other or one holds the other: giving every pattern the
earliest rule among itself and those that hold it makes both the same.
"""

from collections.abc import Iterable, Iterator

from hubwright.engines.twin.artefacts import RuleRef
from hubwright.engines.twin.firewall_nft import reference
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import ALL_ADDRESSES, AddressSet
from hubwright.model.estate import Estate
from hubwright.model.firewall import ApplicationRule, Firewall
from hubwright.semantics import firewall as rules
from hubwright.semantics import threats
from hubwright.semantics.assumptions import Assumptions

THREAT, INFRASTRUCTURE, DEFAULT, NO_NAME = (
    "deny:threat",
    "infra:Allow",
    "deny:default",
    "deny:nosni",
)


@dataclass(frozen=True, slots=True)
class Names:
    """Name patterns in Azure's order, each with the chain that it leads to."""

    ordered: tuple[tuple[str, str], ...]

    def settled(self) -> dict[str, str]:
        """Return the chain of every pattern, so that the most specific pattern may decide."""
        earliest: dict[str, int] = {}
        for n, (pattern, _) in enumerate(self.ordered):
            earliest.setdefault(pattern, n)
        return {
            pattern: self.ordered[min(earliest[p] for p in _holding(pattern) if p in earliest)][1]
            for pattern in earliest
        }

    def chain_of(self, name: str) -> str:
        """Return the chain of a name, as Azure decides."""
        matching = (chain for p, chain in self.ordered if rules.fqdn_matches(p, name))
        return next(matching, DEFAULT)

    @property
    def by_label(self) -> bool:
        """Whether every pattern ends at a dot, as a table of labels needs it."""
        return all(p == "*" or p[0] != "*" or p.startswith("*.") for p, _ in self.ordered)


def _holding(pattern: str) -> Iterator[str]:
    """Yield the patterns that hold a pattern, itself included."""
    yield pattern
    literal = pattern.removeprefix("*")
    for start in range(len(literal) + 1):
        yield f"*{literal[start:]}"


@dataclass(frozen=True, slots=True)
class _Entry:
    sources: AddressSet
    protocols: frozenset[tuple[str, int]]
    patterns: tuple[str, ...]
    chain: str


class ApplicationRules:
    """A firewall's application rules; `first` numbers them within the plan."""

    def __init__(
        self, estate: Estate, firewall: Firewall, assumptions: Assumptions, first: int = 0
    ) -> None:
        self.placed = rules.application_rules(estate, firewall)
        self.ports = rules.intercept_ports(estate, firewall)
        self._first = first
        self._entries = [
            _entry(estate, item.rule, f"app:{item.action}:{n}")
            for n, item in enumerate(self.placed, first)
        ]
        self.inspected = frozenset(
            entry.chain
            for item, entry in zip(self.placed, self._entries, strict=True)
            if item.rule.terminate_tls
        )
        feed = sorted(assumptions.threat_feed_fqdns)
        self._threats = tuple(
            n for n in feed if threats.threat_name(estate, firewall, n, assumptions)
        )
        self._infrastructure = tuple(n.lower() for n in assumptions.infrastructure_fqdns)

    def refs(self) -> Iterator[RuleRef]:
        """Yield what the indexes in chain names stand for."""
        for n, item in enumerate(self.placed, self._first):
            yield reference(n, "app", str(item.action), item)

    def classes(self, protocol: str, port: int) -> tuple[tuple[AddressSet, Names], ...]:
        """
        Return the sources that rules tell apart on a port, with the names of each.

        Args:
            protocol: `Http` or `Https`.
            port: Destination port.

        Returns:
            Disjoint sets of sources that together are all addresses, ordered by address.
        """
        entries = [e for e in self._entries if (protocol, port) in e.protocols and e.sources]
        found: dict[tuple[bool, ...], AddressSet] = {(): ALL_ADDRESSES}
        distinct = list(dict.fromkeys(e.sources for e in entries))
        for sources in distinct:
            found = dict(_split(found, sources))
        out: dict[Names, AddressSet] = {}
        for key, addresses in found.items():
            inside = {s for s, is_in in zip(distinct, key, strict=True) if is_in}
            names = self._names(e for e in entries if e.sources in inside)
            out[names] = out.get(names, AddressSet()) | addresses
        ordered = sorted(out.items(), key=lambda item: item[1].intervals)
        return tuple((addresses, names) for names, addresses in ordered)

    def _names(self, entries: Iterable[_Entry]) -> Names:
        ordered = [(name, THREAT) for name in self._threats]
        ordered += [(pattern, e.chain) for e in entries for pattern in e.patterns]
        ordered += [(name, INFRASTRUCTURE) for name in self._infrastructure]
        return Names(tuple(ordered))


def _split(
    found: dict[tuple[bool, ...], AddressSet], sources: AddressSet
) -> Iterator[tuple[tuple[bool, ...], AddressSet]]:
    for key, addresses in found.items():
        inside, outside = addresses & sources, addresses - sources
        if inside:
            yield (*key, True), inside
        if outside:
            yield (*key, False), outside


def _entry(estate: Estate, rule: ApplicationRule, chain: str) -> _Entry:
    patterns, _ = rules.target_fqdns(estate, rule)
    return _Entry(
        sources=rules.sources(estate, rule),
        protocols=frozenset((p.type, p.port) for p in rule.protocols),
        patterns=tuple(dict.fromkeys(p.lower() for p in patterns)),
        chain=chain,
    )
