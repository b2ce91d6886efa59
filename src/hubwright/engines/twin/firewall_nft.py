"""
Azure Firewall below the application layer: legs, state, translation and network rules.

Order as in Azure: threat intelligence, DNAT, network rules, then what speaks on an intercepted
TCP port goes to Envoy, and the rest is denied. The connection mark remembers:

    0x1, 0x2  the request left on the public, private leg: an answer must come back there
    0x4       Envoy has the connection
    0x8       a network rule allowed it

Sources: learn.microsoft.com/azure/firewall/rule-processing (2026-03-23), snat-private-range
(2023-08), firewall-known-issues (2025-04-13).
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from hubwright.engines.twin import network_rules_nft
from hubwright.engines.twin import nft_text as nft
from hubwright.engines.twin.artefacts import Document, RuleRef, Tool
from hubwright.engines.twin.network_rules_nft import Line
from hubwright.engines.twin.nodes import gateway_of
from hubwright.engines.twin.wiring import FABRIC_ADDRESS, Wiring
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressSet, PortSet, format_address
from hubwright.model.estate import Estate
from hubwright.model.firewall import Action, ApplicationRule, Firewall, NatRule, NetworkRule
from hubwright.model.network import NextHopType
from hubwright.semantics import dns, threats
from hubwright.semantics import firewall as rules
from hubwright.semantics.assigned import address_of, addresses_of
from hubwright.semantics.names import AZURE_DNS
from hubwright.semantics.routes import effective_routes

ENVOY_PORT = 15001
"""Where Envoy takes what is handed to it; reachable only by transparent proxying."""
_TO_ENVOY, _ALLOWED, _LOCAL_MARK = "0x4", "0x8", "0x1"
_LOCAL_TABLE = 100
_SYSCTL = (
    "net/ipv4/ip_forward=1",
    "net/netfilter/nf_conntrack_tcp_loose=0",
    *(
        f"net/ipv4/conf/{which}/{key}"
        for which in ("all", "default")
        for key in ("rp_filter=0", "send_redirects=0", "accept_local=1")
    ),
)


@dataclass(frozen=True)
class FirewallText:
    """One firewall's documents; `net_from` and `nat_from` number its rules within the plan."""

    wiring: Wiring
    firewall: Firewall
    net_from: int = 0
    nat_from: int = 0

    @property
    def estate(self) -> Estate:
        """The estate that the firewall is in."""
        return self.wiring.estate

    @cached_property
    def public(self) -> tuple[int, ...]:
        """All its public addresses."""
        return rules.public_addresses(self.estate, self.firewall)

    @cached_property
    def outbound(self) -> tuple[int, ...]:
        """Public addresses that it sends from: its NAT gateway's, if it has one."""
        return rules.outbound_addresses(self.estate, self.firewall)

    @cached_property
    def instances(self) -> tuple[int, ...]:
        """Addresses that its instances send from."""
        return rules.instance_addresses(self.estate, self.firewall)

    @cached_property
    def network_rules(self) -> tuple[rules.Placed[NetworkRule], ...]:
        """Network rules in Azure's order."""
        return rules.network_rules(self.estate, self.firewall)

    @cached_property
    def nat_rules(self) -> tuple[rules.Placed[NatRule], ...]:
        """DNAT rules in Azure's order."""
        return rules.nat_rules(self.estate, self.firewall, self.wiring.assumptions)

    def refs(self) -> Iterator[RuleRef]:
        """Yield what the indexes of its log prefixes stand for."""
        for n, placed in enumerate(self.nat_rules, self.nat_from):
            yield reference(n, "nat", "DNAT", placed)
        for n, filtering in enumerate(self.network_rules, self.net_from):
            yield reference(n, "net", str(filtering.action), filtering)

    def network_lines(self) -> Iterator[Line]:
        """Yield the network rules: the first that matches decides."""
        for n, placed in enumerate(self.network_rules, self.net_from):
            noted = nft.log(f"fw:net:{placed.action}:{n}", nft.DECISIONS)
            verdict = f"ct mark set ct mark | {_ALLOWED} {noted} accept"
            if placed.action is Action.DENY:
                verdict = f"{noted} {self._drop('fw_deny')}"
            for line in self._matches(placed.rule):
                yield replace(line, tail=f"{line.tail}{verdict}")

    def settings(self) -> Document:
        """Return its kernel settings: a connection that began unseen is none."""
        return self._document("017", "sysctl", Tool.SYSCTL, "".join(f"{s}\n" for s in _SYSCTL))

    def addresses(self) -> Document:
        """Return its legs, and its own way out by the effective routes of its subnet."""
        text = "".join(f"{line}\n" for line in self._address_lines())
        return self._document("030", "ip", Tool.IP, text)

    def rulesets(self) -> tuple[Document, ...]:
        """Return the rulesets: network rules in batches, then everything that uses them."""
        name = self.firewall.name
        staged = "table ip firewall {\n\tchain network_rules {\n\t}\n}\n"
        texts = [staged]
        texts += network_rules_nft.texts(tuple(self.network_lines()))
        texts.append(nft.table("firewall", *self._chains()))
        return tuple(
            Document(name=f"053-{name}-{n:02}.nft", tool=Tool.NFT, namespace=name, text=text)
            for n, text in enumerate(texts)
        )

    def _document(self, number: str, ending: str, tool: Tool, text: str) -> Document:
        name = self.firewall.name
        return Document(name=f"{number}-{name}.{ending}", tool=tool, namespace=name, text=text)

    def _address_lines(self) -> Iterator[str]:
        vip = self.firewall.private_ip_address or 0
        gateway = gateway_of(self.estate.subnet_by_id[self.firewall.subnet], vip)
        source = f"src {format_address(vip)}"
        for device in ("lo", "priv", "pub"):
            yield f"link set {device} up"
        for address in (vip, *self.instances):
            yield f"addr add {format_address(address)}/32 dev priv"
        outside = tuple(dict.fromkeys((*self.public, *self.outbound)))
        for address in outside:
            yield f"addr add {format_address(address)}/32 dev pub"
        platform = format_address(AZURE_DNS)
        yield f"route add {platform}/32 via {gateway} dev priv onlink {source}"
        for route in effective_routes(self.estate, self.firewall.subnet, self.wiring.assumptions):
            if not route.active:
                continue
            if route.next_hop_type is NextHopType.INTERNET:
                own = f"src {format_address(outside[0])}" if outside else source
                hop = f"via {FABRIC_ADDRESS} dev pub onlink {own}"
            else:
                hop = f"via {gateway} dev priv onlink {source}"
            yield f"route add {route.prefix} {hop}"
        yield f"rule add pref 100 fwmark {_LOCAL_MARK} lookup {_LOCAL_TABLE}"
        yield f"route add local default dev lo table {_LOCAL_TABLE}"

    def _chains(self) -> Iterator[str]:
        yield nft.chain("threats", self._threats())
        yield nft.chain(
            "to_envoy",
            [
                f"meta l4proto tcp tproxy to :{ENVOY_PORT} meta mark set {_LOCAL_MARK} accept",
                self._drop("fw_default"),
            ],
        )
        yield nft.chain("connections", self._state(), "filter prerouting priority -150")
        yield nft.chain("nat_rules", self._dnat(), "nat prerouting priority dstnat")
        yield nft.chain("classify", self._classify(), "filter prerouting priority dstnat + 10")
        yield nft.chain("input", self._input(), "filter input priority filter")
        yield nft.chain("forward", self._forward(), "filter forward priority filter")
        yield nft.chain(
            "output",
            [nft.NO_ICMP_ERRORS],
            "filter output priority filter",
        )
        yield nft.chain("legs", self._legs(), "filter postrouting priority -1")
        yield nft.chain("source_nat", self._snat(), "nat postrouting priority srcnat")

    def _drop(self, reason: str) -> str:
        return nft.drop(reason, self.firewall.name)

    def _threats(self) -> Iterator[str]:
        if threats.threat_mode(self.estate, self.firewall) != "Deny":
            return
        bad = self.wiring.assumptions.threat_feed_addresses
        for policy in self.estate.policy_chain(self.firewall.firewall_policy):
            for text in policy.threat_intelligence_allowlist_ip_addresses:
                bad -= addresses_of(self.estate, text) or AddressSet()
        if bad:
            denied = f"{nft.log('fw:ti:Deny:0', nft.DECISIONS)} {self._drop('fw_ti')}"
            for side in ("saddr", "daddr"):
                yield f"{nft.match_addresses(side, bad)}{denied}"

    def _state(self) -> Iterator[str]:
        """Yield what only one who saw the whole connection can know, on the right leg."""
        yield 'iifname "lo" accept'
        yield f"ct state invalid {self._drop('invalid')}"
        for leg, mark in (("priv", "0x1"), ("pub", "0x2")):
            yield (
                f'ct direction reply ct mark & 0x3 == {mark} iifname "{leg}" {self._drop("asym")}'
            )
        yield "ct state new jump threats"

    def _dnat(self) -> Iterator[str]:
        for n, placed in enumerate(self.nat_rules, self.nat_from):
            rule = placed.rule
            here = address_of(self.estate, rule.destination_address)
            there = rules.nat_target(self.estate, self.firewall, rule, self.wiring.assumptions)
            sources = rules.sources(self.estate, rule)
            names = [p.lower() for p in rule.protocols if p.upper() in ("TCP", "UDP")]
            if here is None or there is None or not sources or not names:
                continue
            if self.firewall.sku_tier == "Basic" and here == self.firewall.private_ip_address:
                continue
            listening = PortSet.parse_all(rule.destination_ports)
            yield (
                f"meta l4proto {{ {', '.join(names)} }} {nft.match_addresses('saddr', sources)}"
                f"ip daddr {format_address(here)} {nft.match_ports('dport', listening)}"
                f"{nft.log(f'fw:nat:DNAT:{n}', nft.DECISIONS)} "
                f"dnat to {format_address(there)}:{rule.translated_port}"
            )

    def _classify(self) -> Iterator[str]:
        own = nft.address_list((self.firewall.private_ip_address or 0, *self.instances))
        outside = {*self.public, *self.outbound}
        intercepted = rules.intercept_ports(self.estate, self.firewall)
        ports = nft.ports(PortSet.of((port, port) for port in intercepted))
        yield 'iifname "lo" accept'
        yield f"ct mark & {_TO_ENVOY} == {_TO_ENVOY} ct direction original jump to_envoy"
        yield "ct state established,related accept"
        yield "ct status dnat accept"
        yield f"ip daddr {own} accept"
        if outside:
            yield f"ip daddr {nft.address_list(outside)} accept"
        yield "jump network_rules"
        yield f"tcp dport {ports} ct mark set ct mark | {_TO_ENVOY} jump to_envoy"
        yield f"{nft.log('fw:default:Deny:0', nft.DECISIONS)} {self._drop('fw_default')}"

    def _matches(self, rule: NetworkRule) -> Iterator[Line]:
        sources = rules.sources(self.estate, rule)
        found = rules.destinations(self.estate, self.firewall, rule, self.wiring.assumptions)
        if not sources or not found.addresses:
            return
        origin = nft.match_addresses("saddr", sources)
        listening = PortSet.parse_all(rule.destination_ports or ("*",))
        wanted = rules.protocols(rule)
        if wanted is None:
            yield Line(origin, found.addresses, "")
            return
        streams = sorted(name.lower() for name in wanted & {"TCP", "UDP"})
        if streams:
            there = nft.match_ports("dport", listening)
            head = f"meta l4proto {{ {', '.join(streams)} }} {origin}"
            yield Line(head, found.addresses, there)
        if "ICMP" in wanted:
            yield Line(f"meta l4proto icmp {origin}", found.addresses, "")

    def _input(self) -> Iterator[str]:
        yield 'iifname "lo" accept'
        yield "ct state established,related accept"
        yield f"meta mark {_LOCAL_MARK} accept"
        if dns.proxy_enabled(self.estate, self.firewall, self.wiring.assumptions):
            vip = format_address(self.firewall.private_ip_address or 0)
            yield f'iifname "priv" ip daddr {vip} meta l4proto {{ tcp, udp }} th dport 53 accept'
        yield f'iifname "pub" {self._drop("fw_inbound")}'
        yield self._drop("fw_default")

    def _forward(self) -> Iterator[str]:
        yield "ct state established,related accept"
        yield f'oifname "pub" meta l4proto icmp {self._drop("no_route")}'
        if self.wiring.assumptions.dnat_match == "implicit-rule":
            yield "ct status dnat jump network_rules"
        yield "ct status dnat accept"
        yield f"ct mark & {_ALLOWED} == {_ALLOWED} accept"
        yield self._drop("fw_default")

    def _legs(self) -> Iterator[str]:
        if not self.outbound:
            yield f'oifname "pub" {self._drop("no_outbound")}'
        yield 'ct direction original oifname "pub" ct mark set ct mark | 0x1'
        yield 'ct direction original oifname "priv" ct mark set ct mark | 0x2'

    def _snat(self) -> Iterator[str]:
        """
        Yield source translation: always, but for network rules to private ranges.

        Azure picks an address at random; here each takes its turn, so that a few tries see all.
        """
        keep = rules.private_ranges(self.estate, self.firewall, self.wiring.assumptions)
        if keep:
            kept = nft.match_addresses("daddr", keep)
            yield f"ct status & dnat == 0 ct mark & {_ALLOWED} == {_ALLOWED} {kept}accept"
        if self.outbound:
            yield f'oifname "pub" snat to {nft.round_robin(self.outbound)}'
        if self.instances:
            yield f'oifname "priv" snat to {nft.round_robin(self.instances)}'


def reference(
    index: int,
    kind: str,
    action: str,
    placed: rules.Placed[NatRule] | rules.Placed[NetworkRule] | rules.Placed[ApplicationRule],
) -> RuleRef:
    """Return what an index stands for."""
    return RuleRef(
        index=index,
        kind=kind,
        action=action,
        policy=placed.policy,
        rule_collection_group=placed.group,
        rule_collection=placed.collection,
        rule=placed.rule.name,
    )
