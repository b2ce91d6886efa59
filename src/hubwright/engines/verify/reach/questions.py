"""Questions that every estate is asked: what is exposed, who runs the cluster, what gets lost."""

from hubwright.engines.verify.reach.answer import Answer
from hubwright.engines.verify.reach.ask import Scope, look_up, senders
from hubwright.engines.verify.reach.claims import answered
from hubwright.engines.verify.reach.engine import Reach
from hubwright.engines.verify.reach.naming import resolves
from hubwright.engines.verify.reach.result import Loss
from hubwright.engines.verify.reach.table import compact
from hubwright.engines.verify.space import Cube, Verdict
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressSet
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.flow import Disposition
from hubwright.model.origin import Origin
from hubwright.semantics import locate
from hubwright.semantics.ends import End

_HOLES = (
    Disposition.NULL_ROUTED,
    Disposition.LOOP,
    Disposition.NO_ROUTE,
    Disposition.DENIED_IN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """What the internet gets answered by one interface of the estate."""

    server: str
    crossed: tuple[str, ...]
    """Firewalls in order; empty: it is reached directly."""
    is_translated: bool
    """Whether the server sees another source than the client's own address."""
    cubes: tuple[Cube, ...]
    """As clients send it: to public addresses."""


def exposures(reach: Reach) -> tuple[Exposure, ...]:
    """Return what of the estate the internet reaches, by server."""
    found: dict[tuple[str, tuple[str, ...], bool], list[Cube]] = {}
    decode = reach.world.plane.space.decode
    for piece, way in reach.outside.result.answered:
        if way.server in reach.estate.network_interface_by_name:
            key = (way.server, way.crossed, way.is_translated)
            found.setdefault(key, []).append(decode(piece))
    return tuple(
        Exposure(server=server, crossed=crossed, is_translated=is_translated, cubes=compact(cubes))
        for (server, crossed, is_translated), cubes in sorted(found.items())
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Machines of one network, or the internet, as callers of an API server."""

    network: str
    """Name of the network; `internet` outside."""
    addresses: AddressSet
    name: Answer
    """Whether the name of the API server leads to it there."""
    port: Answer
    """Whether every one of them gets an answer on 443, the look-up included."""


def callers(reach: Reach, cluster: KubernetesCluster) -> tuple[Caller, ...]:
    """Return who can reach a cluster's API server, network by network, then the internet."""
    name = locate.api_server_name(reach.estate, cluster)
    if name is None:
        return ()
    server = End(cluster.name, name=name)
    scope = Scope(protocols=frozenset({"TCP"}))
    everybody = End("everybody", AddressSet.parse("*"))
    out: list[Caller] = []
    for _, addresses, network in senders(reach, everybody):
        here = End(network or "", addresses)
        out.append(
            Caller(
                network=network or "",
                addresses=addresses,
                name=_leads_there(reach, here, network, name),
                port=answered(reach, here, server, scope),
            )
        )
    outside = End("internet", is_internet=True)
    public = look_up(reach, None, name)
    known = Verdict.PROVED if public.addresses else Verdict.REFUTED
    out.append(
        Caller(
            network="internet",
            addresses=reach.world.internet.addresses,
            name=Answer(verdict=known, reason=public.why),
            port=answered(reach, outside, server, scope),
        )
    )
    return tuple(out)


def _leads_there(reach: Reach, here: End, network: str | None, name: str) -> Answer:
    private = any(name in endpoint.fqdns for endpoint in reach.estate.private_endpoints)
    if private:
        return resolves(reach, here, name)
    found = look_up(reach, network, name)
    if found.unknown:
        return Answer(verdict=Verdict.UNKNOWN, reason=found.unknown)
    known = Verdict.PROVED if found.addresses else Verdict.REFUTED
    return Answer(verdict=known, reason=found.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """Packets that routes or peerings lose, out or back."""

    disposition: Disposition
    detail: str
    is_answer: bool
    """Whether their answers are lost, and not they."""
    cubes: tuple[Cube, ...]
    origin: Origin


def holes(reach: Reach) -> tuple[Hole, ...]:
    """
    Return what is lost on the way: routes to nothing, next hops that are nobody's, circles.

    Peerings that take no forwarded traffic, and answers that lose their state, are holes too.
    """
    found: dict[tuple[Disposition, str, bool], list[Loss]] = {}
    for walked in (reach.inside, reach.outside):
        for loss in walked.diary.losses:
            is_answer = bool(loss.server)
            if is_answer or loss.disposition in _HOLES:
                found.setdefault((loss.disposition, loss.detail, is_answer), []).append(loss)
    decode = reach.world.plane.space.decode
    return tuple(
        Hole(
            disposition=disposition,
            detail=detail,
            is_answer=is_answer,
            cubes=compact([decode(piece) for loss in losses for piece in loss.pieces]),
            origin=losses[0].origin,
        )
        for (disposition, detail, is_answer), losses in found.items()
    )
