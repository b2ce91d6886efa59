"""`hubwright reach --unneeded`: what firewalls let out beyond what is known to be needed."""

from hubwright.engines.verify.case import Case
from hubwright.engines.verify.permission.listing import listing
from hubwright.engines.verify.space import Cube
from hubwright.errors import UsageError
from hubwright.model.address import ALL_ADDRESSES, ALL_PORTS
from hubwright.model.estate import Estate
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.names import INTERNET
from hubwright.surfaces.cli.ends import scope_of, the_sender


def listed(
    estate: Estate,
    assumptions: Assumptions,
    ends: tuple[str | None, str | None],
    wish: tuple[tuple[str, ...], str | None],
    output: str,
) -> tuple[bool, str]:
    """
    Return whether anything is let out that nothing known needs, and the list of it.

    Args:
        estate: An assigned estate.
        assumptions: What service tags stand for.
        ends: From where, or None for every subnet; and to where, None or the internet.
        wish: Ports and protocol; nothing stands for all.
        output: `text` or `json`.

    Raises:
        UsageError: the sender is nothing of the estate, or the receiver is not the internet.
    """
    source, destination = ends
    if destination not in (None, INTERNET):
        raise UsageError("--unneeded is about the internet; leave TO away")
    if source == INTERNET:
        raise UsageError("--unneeded is about what leaves; FROM is a place of the estate")
    ports, protocol = wish
    scope = scope_of(ports, protocol)
    limit = Cube(
        source=ALL_ADDRESSES if source is None else the_sender(estate, source).addresses,
        ports=scope.ports or ALL_PORTS,
    )
    if ports or protocol:
        limit &= Cube(protocols=scope.protocols)
    rows = listing(Case(estate, assumptions), limit)
    sender = source or "every subnet"
    if output == "json":
        from hubwright.surfaces.report import unneeded_json

        return bool(rows), unneeded_json.render(estate, sender, rows)
    from hubwright.surfaces.report import unneeded_text

    return bool(rows), unneeded_text.render(sender, rows)
