"""Reads the two ends of a question about many packets, and what of them counts."""

from difflib import get_close_matches

from hubwright.engines.verify.reach.ask import Scope
from hubwright.errors import UsageError
from hubwright.model.address import PortSet
from hubwright.model.estate import Estate
from hubwright.semantics import ends
from hubwright.semantics.ends import End
from hubwright.semantics.names import INTERNET


def the_sender(estate: Estate, text: str) -> End:
    """
    Return whose packets a person means.

    Raises:
        UsageError: nothing of the estate is called so.
    """
    found = ends.sender(estate, text)
    if found is None:
        raise UsageError(_unknown(estate, text))
    return found


def the_receiver(estate: Estate, text: str) -> End:
    """
    Return where a person means to send to.

    Raises:
        UsageError: nothing of the estate is called so, and it is no name.
    """
    found = ends.receiver(estate, text)
    if found is None:
        raise UsageError(_unknown(estate, text))
    return found


def scope_of(ports: tuple[str, ...], protocol: str | None) -> Scope:
    """
    Return what of each connection counts.

    Raises:
        UsageError: a port is none, or stands beside ICMP.
    """
    words = frozenset({protocol.upper()} if protocol else {"TCP", "UDP", "ICMP"})
    if not ports:
        return Scope(protocols=words)
    if words == {"ICMP"}:
        raise UsageError("ICMP has no ports; leave --port away")
    try:
        return Scope(ports=PortSet.parse_all(ports), protocols=words - {"ICMP"})
    except ValueError as error:
        raise UsageError(str(error)) from None


def _unknown(estate: Estate, text: str) -> str:
    names = {nic.name for nic in estate.network_interfaces}
    names |= {item.name for item in estate.subnets}
    names |= {item.name for item in estate.virtual_networks}
    names |= {item.name for item in estate.ip_groups}
    names |= {item.name for item in estate.kubernetes_services}
    names |= {INTERNET, "nodes", "pods"}
    near = get_close_matches(text, sorted(names), n=3, cutoff=0.5)
    hint = f"; did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""
    return f"nothing in the estate is called `{text}`{hint}"
