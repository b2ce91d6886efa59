"""
What becomes of packets otherwise than before: opened, closed, or sent another way.

Firewalls are compared by their lines, security groups by theirs at each subnet, and routes by the
next hop of every destination: exactly, over all packets. Each effect carries a flow that the
plain evaluator has walked through both estates, so that a change which something else undoes is
seen as that.
"""

from collections.abc import Iterator
from dataclasses import replace

from hubwright.engines.verify.difference.effect import Effect, Kind
from hubwright.engines.verify.difference.filters import differences
from hubwright.engines.verify.difference.ways import is_dropped, moved
from hubwright.engines.verify.difference.witness import flow_among, walk
from hubwright.engines.verify.lines import Line, firewall_lines, security_lines
from hubwright.engines.verify.places import public_space
from hubwright.engines.verify.space import BudgetExceeded, Cube
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressSet
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall
from hubwright.model.flow import Flow, Trace
from hubwright.model.network import Subnet
from hubwright.semantics.assigned import address_of
from hubwright.semantics.assumptions import DEFAULTS, Assumptions
from hubwright.semantics.firewall import public_addresses
from hubwright.semantics.routes import EffectiveRoute, effective_routes

_TRIED = 8
"""Products of an effect that are searched for a witness."""
_DENIES = frozenset({"Deny", "network Deny", "application Deny", "own address"})
_ALLOWS = frozenset({"Allow", "network Allow", "application Allow"})


def effects(
    before: Estate,
    after: Estate,
    assumptions: Assumptions = DEFAULTS,
    later: Assumptions | None = None,
) -> tuple[Effect, ...]:
    """
    Return what packets meet otherwise, firewalls first, then security groups, then routes.

    Args:
        before: An assigned estate.
        after: Another, or a later state of the same.
        assumptions: Of the first, and of both unless `later` is given.
        later: Of the second, for instance with a newer list of service tags.
    """
    question = _Question(_Side(before, assumptions), _Side(after, later or assumptions))
    found = (*question.firewalls(), *question.security_groups(), *question.routes())
    return tuple(question.witnessed(effect) for effect in found)


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two estates, and what is assumed of it."""

    estate: Estate
    assumptions: Assumptions

    def firewall(self, name: str) -> tuple[tuple[Line, ...], AddressSet, AddressSet]:
        """
        Return a firewall's lines, the subnets that send to it, and its public addresses.

        The internet reaches the latter only. Nothing where there is no such firewall.
        """
        found = next((item for item in self.estate.firewalls if item.name == name), None)
        if found is None:
            return (), AddressSet(), AddressSet()
        lines = firewall_lines(self.estate, found, self.assumptions)
        own = AddressSet.of((a, a) for a in public_addresses(self.estate, found))
        return lines, self._senders(found), own

    def _senders(self, firewall: Firewall) -> AddressSet:
        """Return the subnets that send anything to the firewall."""
        return AddressSet.prefixes_of(
            [
                prefix
                for subnet in self.estate.subnets
                for prefix in subnet.address_prefixes
                if any(
                    route.active and route.next_hop == firewall.private_ip_address
                    for route in self.routes(subnet.id)
                )
            ]
        )

    def routes(self, subnet_id: str) -> tuple[EffectiveRoute, ...]:
        """Return a subnet's effective routes."""
        return effective_routes(self.estate, subnet_id, self.assumptions)

    def security(self, subnet: Subnet, direction: str) -> tuple[Line, ...]:
        """Return the lines of a subnet's group in one direction."""
        group = subnet.network_security_group
        return security_lines(self.estate, group, direction, subnet.id, self.assumptions)

    def walk(self, flow: Flow) -> Trace | None:
        """Return what becomes of a flow."""
        return walk(self.estate, flow, self.assumptions)


@dataclass(frozen=True, slots=True)
class _Question:
    """The two estates that are compared."""

    before: _Side
    after: _Side

    def firewalls(self) -> Iterator[Effect]:
        """Yield what firewalls decide otherwise; one that is not there decides nothing."""
        estates = (self.before.estate, self.after.estate)
        for name in dict.fromkeys(item.name for estate in estates for item in estate.firewalls):
            old, one, own = self.before.firewall(name)
            new, other, owned = self.after.firewall(name)
            outside = public_space(self.after.estate)
            passing = (
                Cube(source=one | other),
                Cube(source=outside, destination=own | owned),
            )
            yield from _filter_effects(name, old, new, "default deny", passing)

    def security_groups(self) -> Iterator[Effect]:
        """Yield what the groups of subnets that both estates have decide otherwise."""
        for one, other in self._subnets():
            group = other.network_security_group or one.network_security_group
            for direction in ("Inbound", "Outbound"):
                yield from _filter_effects(
                    f"{group} at {other.id}, {direction.lower()}",
                    self.before.security(one, direction),
                    self.after.security(other, direction),
                    "no rule",
                    (self._passing(other, direction),),
                )

    def _passing(self, subnet: Subnet, direction: str) -> Cube:
        """Return what can pass by a subnet; floating IP keeps a public frontend as destination."""
        inside = subnet.space
        if direction == "Outbound":
            return Cube(source=inside)
        estate = self.after.estate
        clusters = {pool.cluster for pool in estate.node_pools if pool.subnet == subnet.id}
        fronts = [
            address_of(estate, item.frontend)
            for item in estate.kubernetes_services
            if item.cluster in clusters and item.load_balancer == "public"
        ]
        return Cube(destination=inside | AddressSet.of((a, a) for a in fronts if a is not None))

    def routes(self) -> Iterator[Effect]:
        """Yield the destinations that subnets of both estates send another way."""
        for one, other in self._subnets():
            source = AddressSet.prefixes_of(other.address_prefixes)
            found = moved(self.before.routes(one.id), self.after.routes(other.id))
            for (was, now), target in found.items():
                yield Effect(
                    kind=_kind(not is_dropped(was), not is_dropped(now)),
                    place=f"routes of {other.id}",
                    cubes=(Cube(source=source, destination=target),),
                    before=was,
                    after=now,
                )

    def _subnets(self) -> Iterator[tuple[Subnet, Subnet]]:
        """Yield the subnets that both estates have."""
        for subnet in self.after.estate.subnets:
            earlier = self.before.estate.subnet_by_id.get(subnet.id)
            if earlier is not None:
                yield earlier, subnet

    def witnessed(self, effect: Effect) -> Effect:
        """Return the effect with a flow walked through both, one that sees it if there is one."""
        found = effect
        for cube in effect.cubes[:_TRIED]:
            flow = flow_among(self.after.estate, cube)
            if flow is None:
                continue
            walked = replace(
                effect, flow=flow, was=self.before.walk(flow), now=self.after.walk(flow)
            )
            if walked.is_seen:
                return walked
            found = walked if found.flow is None else found
        return found


def _filter_effects(
    place: str,
    old: tuple[Line, ...],
    new: tuple[Line, ...],
    default: str,
    passing: tuple[Cube, ...],
) -> Iterator[Effect]:
    """
    Yield the effects of one filter.

    Args:
        place: Where it is.
        old: Its lines before.
        new: Its lines now.
        default: What a packet of no line meets: `default deny`, or `no rule`, which lets it pass.
        passing: What can come to it at all, apart from each other.
    """
    passes = default == "no rule"

    def decision(line: Line | None) -> str:
        return ("Allow" if passes else "Deny") if line is None else _folded(line.decision)

    try:
        for item in differences(old, new, decision=decision):
            cubes = tuple(part for cube in item.cubes for able in passing if (part := cube & able))
            if cubes:
                yield Effect(
                    kind=_kind(decision(item.before) != "Deny", decision(item.after) != "Deny"),
                    place=place,
                    cubes=cubes,
                    before=_shown(item.before, default),
                    after=_shown(item.after, default),
                )
    except BudgetExceeded:
        why = "the rules are too entangled to be told apart within the budget"
        yield Effect(kind=Kind.UNKNOWN, place=place, cubes=(), before="", after=why)


def _folded(decision: str) -> str:
    """Return a decision as far as packets feel it: which kind of rule allows is not felt."""
    if decision in _DENIES:
        return "Deny"
    return "Allow" if decision in _ALLOWS else decision


def _kind(was_open: bool, is_open: bool) -> Kind:
    if was_open == is_open:
        return Kind.REROUTED
    return Kind.OPENED if is_open else Kind.CLOSED


def _shown(line: Line | None, default: str) -> str:
    return default if line is None else f"{line.path} ({line.decision})"
