"""
Ingress controllers by the name that a design has for them, and how long each is supported.

Sources: learn.microsoft.com/azure/aks/app-routing and the retirement notes of AKS's documentation
(2026-08-05); github.com/Azure/AKS CHANGELOG (2026-07-17).
"""

from typing import Literal, NamedTuple


class Ingress(NamedTuple):
    """One controller, as of November 2026."""

    name: str
    what: str
    state: Literal["supported", "legacy"]
    note: str
    """What to know before choosing it."""


INGRESSES = (
    Ingress(
        "internal-nginx",
        "NGINX behind the internal load balancer, installed as a chart",
        "supported",
        "the community's ingress-nginx ended in March 2026: take F5's controller",
    ),
    Ingress(
        "application-routing",
        "the application routing add-on, by the Gateway API",
        "supported",
        "its managed NGINX, patched until the end of November 2026, stays off",
    ),
    Ingress(
        "application-gateway",
        "Application Gateway, driven by its add-on",
        "legacy",
        "kept, and Microsoft's advice is to move to Application Gateway for Containers",
    ),
    Ingress(
        "application-gateway-for-containers",
        "Application Gateway for Containers, by the Gateway API",
        "supported",
        "its frontends are public; what comes in does not pass the firewall",
    ),
)


def summary() -> str:
    """Return one line on every controller, for people who choose."""
    return " ".join(f"`{i.name}`: {i.what} ({i.state}: {i.note})." for i in INGRESSES)
