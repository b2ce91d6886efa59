"""
What public DNS has: the aliases that services with endpoints get, and addresses.

Sources: learn.microsoft.com/azure/private-link/private-endpoint-dns,
/azure/aks/private-clusters (2026-08-05).
"""

import re

from hubwright.catalogue.zones import private_zone
from hubwright.model.estate import Estate
from hubwright.model.private_access import PrivateEndpoint
from hubwright.semantics.assigned import private_name
from hubwright.semantics.names import site_address
from hubwright.semantics.services import api_server

_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))+\Z")
NOWHERE_DOMAINS = (".invalid", ".test", ".local", ".internal", ".localhost", ".example")
"""What public DNS never has."""


def public_alias(estate: Estate, name: str) -> str | None:
    """Return the privatelink alias that the service publishes for a name with an endpoint."""
    for endpoint in _endpoints_by_name(estate).get(name, ()):
        for zone in sorted(_published_zones(estate, endpoint), key=len, reverse=True):
            alias = private_name(name, zone)
            if alias is not None and alias != name:
                return alias
    return None


def _endpoints_by_name(estate: Estate) -> dict[str, list[PrivateEndpoint]]:
    key = "endpoints-by-name"
    if key not in estate.memo:
        found: dict[str, list[PrivateEndpoint]] = {}
        for endpoint in estate.private_endpoints:
            for fqdn in endpoint.fqdns:
                found.setdefault(fqdn.lower(), []).append(endpoint)
        estate.memo[key] = found
    result: dict[str, list[PrivateEndpoint]] = estate.memo[key]
    return result


def _published_zones(estate: Estate, endpoint: PrivateEndpoint) -> tuple[str, ...]:
    """
    Return the zones that the service's public alias leads to, whatever the zone group says.

    The public name of an API server is no alias: it has the private address itself.
    Source: learn.microsoft.com/azure/aks/private-clusters (2026-08-05).
    """
    if endpoint.subresource == "management":
        return endpoint.private_dns_zones
    known = private_zone(endpoint.subresource, estate.cloud, estate.location)
    return endpoint.private_dns_zones if known is None else (known,)


def public_address(estate: Estate, asked: str, name: str) -> int | None:
    """Return the public address behind a name: the service's own, whichever alias was asked."""
    if not _NAME.match(name) or name.endswith(NOWHERE_DOMAINS):
        return None
    if name.endswith(".azmk8s.io"):
        return _api_address(estate, name)
    for endpoint in estate.private_endpoints:
        for fqdn in endpoint.fqdns:
            zones = _published_zones(estate, endpoint)
            if name in {private_name(fqdn, zone) for zone in zones}:
                return site_address(fqdn)
    return site_address(asked)


def _api_address(estate: Estate, name: str) -> int | None:
    """
    Return where an API server's name leads on the internet.

    A private cluster's private name does not exist there; its public name, if it is on, leads to
    the private address. Names that are not of this estate lead to somebody's public cluster.
    Source: learn.microsoft.com/azure/aks/private-clusters (2026-08-05).
    """
    if ".privatelink." in name or ".private." in name:
        return None
    cluster = api_server(estate, name)
    if cluster is None or not cluster.private_cluster_enabled:
        return site_address(name)
    if not cluster.private_cluster_public_fqdn_enabled:
        return None
    owned = [
        nic.private_ip_address
        for endpoint in estate.private_endpoints
        if endpoint.target == cluster.name and endpoint.subresource == "management"
        for nic in estate.network_interfaces
        if nic.owner == endpoint.name
    ]
    return owned[0] if owned else None
