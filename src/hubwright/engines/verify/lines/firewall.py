"""
The whole chain of a firewall as lines: DNAT, the firewall's own addresses, network, application.

Threat intelligence comes before all of them and Azure's infrastructure rules after: what they
match is not in an estate, so both are named assumptions (`threat-feed`, `infrastructure-rules`)
and no lines. What is in no line is denied.
Source: learn.microsoft.com/azure/firewall/rule-processing (2026-03-23).
"""

from collections.abc import Iterator
from typing import Any, TypeVar

from hubwright.catalogue.egress import fqdn_tag
from hubwright.engines.verify.lines.line import Line
from hubwright.engines.verify.space import ALL_PROTOCOLS, ANY_NAME, Cube, NameSet, Role, Symbol
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import ALL_ADDRESSES, ALL_PORTS, AddressSet, PortSet
from hubwright.model.estate import Estate
from hubwright.model.firewall import ApplicationRule, Firewall, NatRule, NetworkRule
from hubwright.model.flow import Stage
from hubwright.semantics import firewall as rules
from hubwright.semantics.assigned import address_of
from hubwright.semantics.assumptions import DEFAULTS, Assumptions
from hubwright.semantics.dns import firewall_resolves
from hubwright.semantics.firewall_rules import addresses_in, open_end
from hubwright.semantics.names import SITES

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Ends:
    """Addresses that are listed, and symbols for those that are not."""

    addresses: AddressSet
    symbols: tuple[Symbol, ...]


def firewall_lines(
    estate: Estate,
    firewall: Firewall,
    assumptions: Assumptions = DEFAULTS,
    *,
    is_snapshot: bool = False,
) -> tuple[Line, ...]:
    """
    Return a firewall's lines in the order in which Azure takes them, parents first in each kind.

    Args:
        estate: An assigned estate.
        firewall: One of its firewalls.
        assumptions: `parent_dnat` and `service_tags` count.
        is_snapshot: Whether FQDN tags stand for their dated lists, and names in network rules for
            the addresses that the plain evaluator gives them. Otherwise both are symbols, so
            that what is proved stays true when Microsoft changes a list or a server moves.
    """
    key = ("verify.lines", firewall.name, assumptions, is_snapshot)
    if key not in estate.memo:
        reader = _Reader(estate, firewall, assumptions, is_snapshot=is_snapshot)
        estate.memo[key] = tuple(reader.lines())
    result: tuple[Line, ...] = estate.memo[key]
    return result


class _Reader:
    """Reads the rules of one firewall."""

    def __init__(
        self, estate: Estate, firewall: Firewall, assumptions: Assumptions, *, is_snapshot: bool
    ) -> None:
        self.estate = estate
        self.firewall = firewall
        self.assumptions = assumptions
        self.is_snapshot = is_snapshot
        self.sets: dict[Any, Any] = {}
        self.known: dict[tuple[tuple[str, ...], tuple[str, ...], Role], _Ends] = {}

    def lines(self) -> Iterator[Line]:
        """Yield the lines, kind by kind."""
        for nat in rules.nat_rules(self.estate, self.firewall, self.assumptions):
            target, cubes = self._nat(nat.rule)
            yield self._line(nat, Stage.DNAT, "Dnat", target, cubes)
        yield self._own_addresses()
        for net in rules.network_rules(self.estate, self.firewall):
            action = str(net.action)
            cubes = tuple(cube for cube in self._network(net.rule) if cube)
            yield self._line(net, Stage.NETWORK_RULE, action, f"network {action}", cubes)
        for app in rules.application_rules(self.estate, self.firewall):
            action = str(app.action)
            inspects = app.rule.terminate_tls and self.firewall.sku_tier == "Premium"
            decision = f"application {action}{' inspected' if inspects else ''}"
            cubes = tuple(cube for cube in self._application(app.rule) if cube)
            yield self._line(app, Stage.APPLICATION_RULE, action, decision, cubes)

    def _line(
        self,
        placed: rules.Placed[NatRule] | rules.Placed[NetworkRule] | rules.Placed[ApplicationRule],
        stage: Stage,
        action: str,
        decision: str,
        cubes: tuple[Cube, ...],
    ) -> Line:
        return Line(
            path=placed.path,
            name=placed.rule.name,
            stage=stage,
            action=action,
            decision=decision,
            cubes=cubes,
            rule=placed.rule,
            policy=placed.policy,
            is_inherited=placed.policy != self.firewall.firewall_policy,
            origin=placed.origin,
        )

    def _own_addresses(self) -> Line:
        """Return what Azure does before network rules: its own addresses take nothing else."""
        own = [*rules.public_addresses(self.estate, self.firewall)]
        if self.firewall.private_ip_address is not None:
            own.append(self.firewall.private_ip_address)
        mine = AddressSet.of((address, address) for address in own)
        return Line(
            path=f"the own addresses of {self.firewall.name}",
            name="own addresses",
            stage=Stage.DNAT,
            action="Deny",
            decision="own address",
            cubes=(Cube(destination=mine),) if mine else (),
            origin=self.firewall.origin,
        )

    def _nat(self, rule: NatRule) -> tuple[str, tuple[Cube, ...]]:
        """Return where a DNAT rule sends, and what it matches."""
        shown = f"DNAT to {rule.translated_address or rule.translated_fqdn}:{rule.translated_port}"
        inside = list[Symbol]()
        if rules.nat_target(self.estate, self.firewall, rule, self.assumptions) is None:
            if not self._is_open(rule):
                return shown, ()
            text = f"address of {rule.translated_fqdn or rule.translated_address}"
            inside.append(Symbol(Role.DESTINATION, text))
        where = address_of(self.estate, rule.destination_address)
        destination = AddressSet(() if where is None else ((where, where),))
        if where == self.firewall.private_ip_address and self.firewall.sku_tier == "Basic":
            return shown, ()
        protocols = frozenset(text.upper() for text in rule.protocols)
        ports = self._ports(rule.destination_ports)
        cubes = (
            Cube(
                source=addresses,
                destination=destination,
                protocols=protocols,
                ports=ports,
                inside=frozenset((*inside, *symbols)),
            )
            for addresses, symbols in self._sources(rule)
        )
        return shown, tuple(cube for cube in cubes if cube)

    def _is_open(self, rule: NatRule) -> bool:
        """Tell whether nobody knows the target; a name that does not resolve matches nothing."""
        if not rule.translated_fqdn:
            return True
        name = rule.translated_fqdn
        return bool(firewall_resolves(self.estate, self.firewall, name, self.assumptions).unknown)

    def _network(self, rule: NetworkRule) -> Iterator[Cube]:
        wanted = rules.protocols(rule)
        words = ALL_PROTOCOLS if wanted is None else self._shared(wanted & ALL_PROTOCOLS)
        ports = self._ports(rule.destination_ports or ("*",))
        parts = [(words, ports)]
        if "ICMP" in words and ports != ALL_PORTS:
            rest = self._shared(words - {"ICMP"})
            parts = [(self._shared(frozenset({"ICMP"})), ALL_PORTS), (rest, ports)]
        targets = list(self._destinations(rule))
        for source, from_ in self._sources(rule):
            for destination, to in targets:
                for protocols, numbers in parts:
                    yield Cube(
                        source=source,
                        destination=destination,
                        protocols=protocols,
                        ports=numbers,
                        inside=from_ | to,
                    )

    def _application(self, rule: ApplicationRule) -> Iterator[Cube]:
        types: dict[str, list[tuple[int, int]]] = {}
        for protocol in rule.protocols:
            types.setdefault(protocol.type, []).append((protocol.port, protocol.port))
        targets = list(self._names(rule))
        for source, from_ in self._sources(rule):
            for word, ports in types.items():
                for names, to in targets:
                    yield Cube(
                        source=source,
                        protocols=self._shared(frozenset({"TCP"})),
                        ports=self._shared(PortSet.of(ports)),
                        applications=self._shared(frozenset({rules.SPOKEN[word]})),
                        names=names,
                        inside=from_ | to,
                    )

    def _sources(
        self, rule: NatRule | NetworkRule | ApplicationRule
    ) -> Iterator[tuple[AddressSet, frozenset[Symbol]]]:
        key = (rule.source_addresses, rule.source_ip_groups, Role.SOURCE)
        if key not in self.known:
            self.known[key] = self._ends(rule.source_addresses, rule.source_ip_groups, Role.SOURCE)
        yield from _parts(self.known[key])

    def _destinations(self, rule: NetworkRule) -> Iterator[tuple[AddressSet, frozenset[Symbol]]]:
        key = (rule.destination_addresses, rule.destination_ip_groups, Role.DESTINATION)
        if key not in self.known:
            self.known[key] = self._ends(*key)
        found = self.known[key]
        if rule.destination_fqdns and self.firewall.sku_tier != "Basic":
            more = [self._resolved(name) for name in rule.destination_fqdns]
            addresses = AddressSet.of(
                pair for item in (found, *more) for pair in item.addresses.intervals
            )
            symbols = (s for item in (found, *more) for s in item.symbols)
            found = _Ends(self._shared(addresses), tuple(dict.fromkeys(symbols)))
        yield from _parts(found)

    def _ends(self, texts: tuple[str, ...], ip_groups: tuple[str, ...], role: Role) -> _Ends:
        total, rest = addresses_in(self.estate, texts, ip_groups)
        symbols: list[Symbol] = []
        for text in rest:
            tag = self.assumptions.service_tag(text) if role is Role.DESTINATION else None
            if tag is not None:
                total |= tag
            else:
                shown = open_end(text)
                is_tag = shown.startswith("service tag")
                symbols.append(Symbol(role, shown.lower() if is_tag else shown, distinct=is_tag))
        return _Ends(self._shared(total), tuple(dict.fromkeys(symbols)))

    def _resolved(self, name: str) -> _Ends:
        """Return the addresses of a name in a network rule, or a symbol for them."""
        answer = firewall_resolves(self.estate, self.firewall, name, self.assumptions)
        addresses = AddressSet.of((a, a) for a in answer.addresses)
        is_public = any(address in SITES for address in answer.addresses)
        if answer.unknown or (is_public and not self.is_snapshot):
            return _Ends(AddressSet(), (Symbol(Role.DESTINATION, f"address of {name.lower()}"),))
        return _Ends(addresses, ())

    def _names(self, rule: ApplicationRule) -> Iterator[tuple[NameSet, frozenset[Symbol]]]:
        """Yield the names of an application rule: listed ones, then one symbol after the other."""
        patterns = list(rule.destination_fqdns)
        symbols: list[tuple[NameSet, Symbol]] = []
        for tag in rule.destination_fqdn_tags:
            listed = self._listed(tag)
            if listed is None:
                symbols.append((ANY_NAME, Symbol(Role.NAME, f"FQDN tag {tag}")))
            else:
                patterns += listed
        symbols += [
            (ANY_NAME, Symbol(Role.NAME, f"web category {category}"))
            for category in rule.web_categories
        ]
        for url in rule.destination_urls:
            host, slash, path = url.partition("/")
            if slash and path not in ("", "*"):
                names = self._shared(NameSet.parse(host))
                symbols.append((names, Symbol(Role.NAME, f"path of URL {url}")))
            else:
                patterns.append(host)
        if patterns:
            yield self._shared(NameSet.parse_all(patterns)), frozenset()
        for names, symbol in symbols:
            yield names, frozenset({symbol})

    def _listed(self, tag: str) -> tuple[str, ...] | None:
        """Return the dated list of an FQDN tag, if lists count and there is one."""
        if not self.is_snapshot:
            return None
        return fqdn_tag(tag, self.estate.location, self.estate.cloud)

    def _ports(self, texts: tuple[str, ...]) -> PortSet:
        ports = PortSet.parse_all(texts)
        return ALL_PORTS if ports == ALL_PORTS else self._shared(ports)

    def _shared(self, value: T) -> T:
        """Return the first equal set that was met, so that a space finds it by identity."""
        found: T = self.sets.setdefault(value, value)
        return found


def _parts(ends: _Ends) -> Iterator[tuple[AddressSet, frozenset[Symbol]]]:
    """Yield listed addresses as one part, and everything for each symbol."""
    if ends.addresses:
        yield ends.addresses, frozenset()
    for symbol in ends.symbols:
        yield ALL_ADDRESSES, frozenset({symbol})
