"""Requests at a firewall, stage by stage; the mirror of `semantics.inspection`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from hubwright.engines.verify.reach.bundle import Box, Bundle
from hubwright.engines.verify.reach.filters import Ruled, pull_back
from hubwright.engines.verify.reach.result import Result
from hubwright.engines.verify.reach.world import SITE_SET
from hubwright.engines.verify.space import ANY_NAME, Cube, Piece
from hubwright.model.address import AddressSet
from hubwright.model.firewall import Action, Firewall, NatRule
from hubwright.model.flow import Application, Disposition, Stage
from hubwright.model.network import NextHopType
from hubwright.semantics import dns
from hubwright.semantics import firewall as rules
from hubwright.semantics.names import SITE

if TYPE_CHECKING:
    from hubwright.engines.verify.reach.forward import Forward
    from hubwright.engines.verify.reach.plane import Pieces
    from hubwright.semantics.routes import EffectiveRoute

MAX_FIREWALLS = 8
"""A request that meets more of them goes in a circle."""
Rest = Callable[[Iterable[Piece]], "Pieces"]
_ENGINES = (Application.HTTP, Application.HTTPS, Application.MSSQL)


class Inspection:
    """Bundles of new flows at one firewall, on one of its legs."""

    def __init__(self, way: Forward, firewall: Firewall, leg: str) -> None:
        self.way = way
        self.world = way.world
        self.plane = way.plane
        self.estate = way.estate
        self.assumptions = way.assumptions
        self.firewall = firewall
        self.leg = leg

    def run(self, bundle: Bundle, *, by_route: bool) -> Result:
        """Put packets through the stages, and send on what passes."""
        if bundle.head.is_own_site:
            return self.way.unknown(bundle, "the address of a name behind another firewall")
        if len(bundle.crossed) >= MAX_FIREWALLS:
            self.way.lose(bundle, Disposition.LOOP, "the routes send it round in a circle")
            return Result()
        bundle = replace(bundle, crossed=(*bundle.crossed, self.firewall.name))
        bad = self.world.threats[self.firewall.name].addresses
        if bad:
            bundle = self._not_from(self.way.not_aimed(bundle, bad), bad)
        own = self.world.own_addresses(self.firewall)
        result = Result()
        result.add(self._own_address(self.way.aimed(bundle, own)))
        if by_route:
            result.add(self._network(self.way.not_aimed(bundle, own)))
        return result

    def _not_from(self, bundle: Bundle, addresses: AddressSet) -> Bundle:
        mine = self.way.sent_by(bundle, addresses)
        return bundle.only(self.plane.minus(bundle.pieces, mine.pieces)) if mine else bundle

    def _own_address(self, bundle: Bundle) -> Result:
        """DNAT, or the DNS proxy; nothing else listens on the firewall's addresses."""
        result = Result()
        for line in self.world.lines(self.firewall, Stage.DNAT):
            if not bundle or not isinstance(line.rule, NatRule):
                continue
            ruled = Ruled.of(line)
            sure = bundle.only(self._in(bundle, ruled.sure))
            maybe = bundle.only(self._in(bundle, ruled.possible))
            rest = bundle.only(self.plane.minus(bundle.pieces, maybe.pieces))
            if ruled.is_open:
                open_ = maybe.only(self.plane.minus(maybe.pieces, sure.pieces))
                result.add(self.way.unknown(open_, f"{ruled.why} in {line.path}"))
            if sure:
                result.add(self._dnat(line.rule, sure))
            bundle = rest
        result.add(self._proxy_query(bundle))
        return result

    def _in(self, bundle: Bundle, cubes: Sequence[Cube]) -> Pieces:
        back = (pull_back(cube, bundle.head) for cube in cubes)
        pieces = [p for cube in back if cube and (p := self.plane.space.encode(cube))]
        return self.plane.shared(bundle.pieces, pieces)

    def _dnat(self, rule: NatRule, bundle: Bundle) -> Result:
        target = rules.nat_target(self.estate, self.firewall, rule, self.assumptions)
        if target is None:
            return Result()
        head = replace(bundle.head, destination=target, port=rule.translated_port)
        if self.assumptions.dnat_match == "implicit-rule":
            bundle = self._not_denied(bundle, replace(bundle, head=head))
        return self._send(bundle, replace(bundle, head=head))

    def _not_denied(self, bundle: Bundle, aimed: Bundle) -> Bundle:
        """Take away what an explicit network deny matches, as documentation up to 2023 had it."""
        for line in self.world.lines(self.firewall, Stage.NETWORK_RULE):
            if line.action == str(Action.DENY):
                found = self._in(aimed, Ruled.of(line).sure)
                bundle = bundle.only(self.plane.minus(bundle.pieces, found))
            else:
                kept = self._in(aimed, Ruled.of(line).sure)
                aimed = aimed.only(self.plane.minus(aimed.pieces, kept))
        return bundle

    def _proxy_query(self, bundle: Bundle) -> Result:
        """Answer what asks the DNS proxy."""
        address = self.firewall.private_ip_address
        if not bundle or self.leg != "private" or address is None:
            return Result()
        if dns.proxy_at(self.estate, address, self.assumptions) is None:
            return Result()
        asked = self.way.pinned(bundle, address)
        asked = asked.only(self.plane.protocol(asked.pieces, "TCP", "UDP"))
        asked = self.way.on_port(asked, 53)
        nic = self.world.nic(self.firewall.name)
        return self.way.accept(nic, self.firewall.name, asked)

    def _network(self, bundle: Bundle) -> Result:
        result = Result()
        if not bundle:
            return result
        verdicts = self.world.network_filter(self.firewall).under(bundle.head)
        for decided, why in verdicts.unknown:
            result.add(self.way.unknown(bundle.only(decided.of(bundle.pieces)), why))
        for addresses, best in self.world.routes(self.firewall.subnet):
            part = self.way.aimed(bundle, addresses)
            if part:
                part = part.only(self.plane.compact(part.pieces))
                for decided in verdicts.passed.values():
                    passed = part.only(decided.of(part.pieces))
                    result.add(self._allowed(passed, best))
        result.add(self._unmatched(bundle, verdicts.taken.rest))
        return result

    def _allowed(self, bundle: Bundle, best: EffectiveRoute | None) -> Result:
        """Send on what network rules let pass, by the route that takes all of it."""
        result = Result()
        for leg, part in self._legs_by(best, bundle):
            through = part
            if leg == "public":
                through = part.only(self.plane.protocol(part.pieces, "TCP", "UDP"))
            if through:
                result.add(self._send_on(through, through, leg, always=False, best=(best,)))
        return result

    def _unmatched(self, bundle: Bundle, rest: Rest) -> Result:
        """Let the application engine decide on what no network rule may take."""
        ports = self.world.intercepted(self.firewall)
        if bundle.head.port is None:
            mask = self.plane.mask("ports", ports)
            bundle = bundle.only(self.plane.only(bundle.pieces, "ports", mask))
        elif bundle.head.port not in ports:
            return Result()
        pieces = self.plane.speaks(self.plane.protocol(bundle.pieces, "TCP"), *_ENGINES)
        pieces = self.plane.named(pieces, ANY_NAME)
        threats = self.world.threats[self.firewall.name].names
        if threats:
            pieces = self.plane.minus(pieces, self.plane.named(pieces, threats))
        bundle = bundle.only(pieces)
        if not bundle:
            return Result()
        return self._application(bundle, rest)

    def _application(self, bundle: Bundle, rest: Rest) -> Result:
        result = Result()
        verdicts = self.world.application_filter(self.firewall).under(bundle.head)
        for decided, why in verdicts.unknown:
            open_ = bundle.only(rest(decided.of(bundle.pieces)))
            result.add(self.way.unknown(open_, why))
        for kind, decided in verdicts.passed.items():
            passed = bundle.only(rest(decided.of(bundle.pieces)))
            result.add(self._proxy(passed, inspects=kind.endswith("inspected")))
        if self.world.infrastructure:
            named = self.plane.named(bundle.pieces, self.world.infrastructure)
            built_in = bundle.only(rest(verdicts.taken.rest(named)))
            result.add(self._proxy(built_in, inspects=False))
        return result

    def _proxy(self, bundle: Bundle, *, inspects: bool) -> Result:
        """Open the firewall's own connection to the server."""
        result = Result()
        if not bundle:
            return result
        again = [Application.HTTP]
        if inspects:
            again = list(_ENGINES)
        elif self.assumptions.https_destination == "reresolved":
            again.append(Application.HTTPS)
        kept = [item for item in _ENGINES if item not in again]
        if kept:
            part = bundle.only(self.plane.speaks(bundle.pieces, *kept))
            result.add(self._send(part, part))
        asked = bundle.only(self.plane.speaks(bundle.pieces, *again))
        for leads in self.world.leads(self.firewall) if asked else ():
            part = asked.only(self.plane.named(asked.pieces, leads.names))
            if not part:
                continue
            if leads.unknown:
                result.add(self.way.unknown(part, leads.unknown))
            elif leads.is_own_site:
                result.add(self._to_own_site(part))
            elif leads.addresses:
                go = partial(self._to_address, part)
                result.add(self.way.choose(leads.addresses, go))
        return result

    def _to_address(self, bundle: Bundle, address: int) -> Result:
        head = replace(bundle.head, destination=address)
        return self._send(bundle, replace(bundle, head=head))

    def _to_own_site(self, bundle: Bundle) -> Result:
        """Send on to the internet's own address of each name, where all go the same way."""
        routes = self.world.routes(self.firewall.subnet)
        if sum(1 for part, _ in routes if part & SITE_SET) > 1:
            return self.way.unknown(bundle, "which route the address of a name takes")
        head = replace(bundle.head, destination=SITE, is_own_site=True)
        return self._send(bundle, replace(bundle, head=head))

    def _legs_by(self, best: EffectiveRoute | None, bundle: Bundle) -> Iterator[tuple[str, Bundle]]:
        """Yield which packets of one route leave on which leg."""
        subnet = self.estate.subnet_by_id[self.firewall.subnet]
        if best is None or best.next_hop_type is not NextHopType.INTERNET:
            yield "private", bundle
        elif not subnet.service_endpoints:
            yield "public", bundle
        else:
            for service, those in self.way.endpoints(subnet, best, bundle, Result()):
                yield ("private" if service else "public"), those

    def _send(self, arrived: Bundle, aimed: Bundle) -> Result:
        """Send packets on with the firewall's own source address."""
        result = Result()
        by_leg: dict[str, list[Piece]] = {}
        for addresses, best in self.world.exits(self.firewall.subnet):
            part = self.way.aimed(aimed, addresses)
            for leg, those in self._legs_by(best, part) if part else ():
                by_leg.setdefault(leg, []).extend(those.pieces)
        for leg, pieces in by_leg.items():
            part = aimed.only(tuple(pieces))
            result.add(self._send_on(arrived, part, leg, always=True))
        return result

    def _send_on(
        self,
        arrived: Bundle,
        aimed: Bundle,
        leg: str,
        *,
        always: bool,
        best: tuple[EffectiveRoute | None] | tuple[()] = (),
    ) -> Result:
        """Translate the source where it is due, remember the state, and send packets on."""
        result = Result()
        private = rules.private_ranges(self.estate, self.firewall, self.assumptions)
        if not always and private:
            kept = self.way.aimed(aimed, private)
            if kept:
                box = Box(self.firewall.name, arrived.head, self.leg, leg, is_touched=False)
                result.add(self._route(kept.translated(box, kept.head), best))
            aimed = self.way.not_aimed(aimed, private)
        result.add(self._translated(arrived, aimed, leg, best))
        return result

    def _route(self, bundle: Bundle, best: tuple[EffectiveRoute | None] | tuple[()]) -> Result:
        if best:
            return self.way.along(self.firewall.subnet, best[0], bundle, firewall=self.firewall)
        return self.way.route(self.firewall.subnet, bundle, firewall=self.firewall)

    def _translated(
        self,
        arrived: Bundle,
        aimed: Bundle,
        leg: str,
        best: tuple[EffectiveRoute | None] | tuple[()],
    ) -> Result:
        if not aimed:
            return Result()
        pick = rules.outbound_addresses if leg == "public" else rules.instance_addresses
        pool = pick(self.estate, self.firewall)
        if not pool:
            why = f"{self.firewall.name} has no public IP to send from"
            self.way.lose(aimed, Disposition.NO_ROUTE, why, self.firewall.origin)
            return Result()

        def go(address: int) -> Result:
            box = Box(self.firewall.name, arrived.head, self.leg, leg)
            return self._route(aimed.translated(box, replace(aimed.head, source=address)), best)

        return self.way.choose(pool, go)
