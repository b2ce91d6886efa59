"""Turns the arguments of `trace` into a flow, the way a client would send it."""

import re

from hubwright.errors import UsageError
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressError, Prefix, format_address, is_address, parse_address
from hubwright.model.estate import Estate
from hubwright.model.flow import Application, Flow
from hubwright.semantics.locate import destination as locate
from hubwright.semantics.names import INTERNET

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^/:?#]+)(?::(?P<port>\d+))?(?:[/?#].*)?\Z", re.IGNORECASE
)
_PLACE = re.compile(
    r"(?P<host>[^:]+?)(?::(?P<port>\d+))?(?:/(?P<protocol>tcp|udp))?\Z", re.IGNORECASE
)
_LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?\Z")
_NUMBERS = re.compile(r"[0-9.]+\Z")
_NOWHERE = tuple(map(Prefix.parse, ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4")))
"""This network, loopback, multicast, and reserved with broadcast (RFC 6890, RFC 5771)."""
_PORTS = {80: Application.HTTP, 443: Application.HTTPS, 1433: Application.MSSQL}
_SCHEMES = {"http": (80, Application.HTTP), "https": (443, Application.HTTPS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person said beyond the two ends of a flow; None means that nothing was said."""

    protocol: str | None = None
    """`tcp`, `udp` or `icmp`."""
    application: Application | None = None
    sni: str | None = None
    no_sni: bool = False
    host: str | None = None


@dataclass(frozen=True, slots=True)
class _Target:
    """A destination as written, taken apart."""

    host: str
    port: int | None
    protocol: str | None = None
    application: Application | None = None


def flow_of(estate: Estate, source: str, destination: str, wish: Wish) -> Flow:
    """
    Return the flow that a person means.

    A destination is a resource, an address or a name, with a port (`name:8080`,
    `name:53/udp`), or an `https://` or `http://` address. What the client speaks follows the
    port: 80 HTTP with the name as Host, 443 HTTPS with the name as SNI (none for an address),
    1433 SQL. A workload's own port is the default, otherwise 443.

    Raises:
        UsageError: the words contradict each other, or cannot be read.
        UnknownResource: the destination is nothing of the estate, and no name either.
    """
    target = _read(destination)
    _require_place(estate, target.host)
    protocol = _protocol(target, wish)
    if protocol == "ICMP":
        _no_application(wish, protocol)
        if target.port is not None:
            raise UsageError("ICMP has no ports; leave the port away")
        return Flow(source=source, destination=target.host, protocol=protocol, destination_port=0)
    port = _port(estate, target, protocol)
    if protocol == "UDP":
        _no_application(wish, protocol)
        return Flow(
            source=source, destination=target.host, protocol=protocol, destination_port=port
        )
    application = _application(target, wish, port)
    return Flow(
        source=source,
        destination=target.host,
        protocol=protocol,
        destination_port=port,
        application=application,
        server_name=_server_name(estate, target.host, application, wish),
    )


def _read(text: str) -> _Target:
    if text.count(":") > 1 and "://" not in text:
        raise UsageError(f"`{text}` looks like IPv6, which hubwright does not model")
    url = _URL.match(text)
    if url is not None:
        port, application = _SCHEMES[url["scheme"].lower()]
        return _Target(url["host"], _number(url["port"]) or port, "TCP", application)
    place = _PLACE.match(text)
    if place is None or "://" in text:
        raise UsageError(
            f"cannot read the destination `{text}`; "
            "write a name, an address, `name:443`, `name:53/udp` or `https://name/`"
        )
    if place["protocol"] and not place["port"]:
        return _Target(text, None)
    protocol = place["protocol"].upper() if place["protocol"] else None
    return _Target(place["host"], _number(place["port"]), protocol)


def _require_place(estate: Estate, host: str) -> None:
    """Refuse what no client could look up, so that a slip is not taken for a strange name."""
    if host.lower() == INTERNET:
        raise UsageError("`internet` is a source; name a site or an address to send to")
    _require_unicast(host)
    if locate(estate, host).name != host:
        return
    if _NUMBERS.match(host):
        raise UsageError(f"`{host}` is neither an address nor a name")
    if not _NAME.match(host) or len(host) > 253:
        raise UsageError(f"`{host[:80]}` is no name that DNS could know")


def _require_unicast(host: str) -> None:
    try:
        address = parse_address(host)
    except AddressError:
        return
    for prefix in _NOWHERE:
        if address in prefix:
            message = f"`{host}` is in {prefix}, which no network routes"
            raise UsageError(f"{message}; write the address of one machine")


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    number = int(text) if len(text) < 6 else 0
    if not 1 <= number <= 65535:
        raise UsageError(f"`{text}` is no port of 1 to 65535")
    return number


def _protocol(target: _Target, wish: Wish) -> str:
    wished = wish.protocol.upper() if wish.protocol else None
    if wished and target.protocol and wished != target.protocol:
        raise UsageError(f"the destination says {target.protocol}, --protocol says {wished}")
    return wished or target.protocol or "TCP"


def _port(estate: Estate, target: _Target, protocol: str) -> int:
    if target.port is not None:
        return target.port
    for service in estate.kubernetes_services:
        if service.name == target.host:
            return service.port
    if protocol == "UDP":
        raise UsageError(f"to which port? write `{target.host}:53` or another")
    return 443


def _application(target: _Target, wish: Wish, port: int) -> Application:
    said = wish.application
    if said and target.application and said is not target.application:
        raise UsageError(f"the destination says {target.application}, the option --{said}")
    application = said or target.application
    if application is None:
        by_name = Application.HTTPS if wish.sni or wish.no_sni else None
        application = by_name or (Application.HTTP if wish.host else _PORTS.get(port))
    application = application or Application.NONE
    if (wish.sni or wish.no_sni) and application is Application.HTTP:
        raise UsageError("HTTP has no SNI; say --host, or --https")
    if wish.host and application is not Application.HTTP:
        raise UsageError("--host is for HTTP; say --sni, or --http")
    return application


def _no_application(wish: Wish, protocol: str) -> None:
    if wish.application or wish.sni or wish.no_sni or wish.host:
        raise UsageError(f"--http, --https, --sni, --no-sni and --host do not go with {protocol}")


def _server_name(estate: Estate, host: str, application: Application, wish: Wish) -> str | None:
    if application is Application.NONE or wish.no_sni:
        return None
    said = wish.sni or wish.host
    if said:
        return said.lower()
    place = locate(estate, host)
    if place.name is not None:
        return place.name.lower()
    if application is Application.HTTP and place.address is not None:
        return host if is_address(host) else format_address(place.address)
    return None
