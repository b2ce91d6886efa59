"""Application gateways in front of the cluster, and their web application firewall."""

from dataclasses import field

from hubwright.lazy_dataclass import dataclass
from hubwright.model.origin import NOWHERE, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class WebApplicationFirewallPolicy:
    """`azurerm_web_application_firewall_policy`."""

    name: str
    mode: str = "Prevention"
    """`Detection` or `Prevention`."""
    managed_rule_sets: tuple[tuple[str, str], ...] = (("Microsoft_DefaultRuleSet", "2.1"),)
    """Type and version of each."""
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationGateway:
    """`azurerm_application_gateway`, version 2; its listeners are the ingress controller's."""

    name: str
    subnet: str
    """Subnet id."""
    sku: str = "WAF_v2"
    public_ip: str | None = None
    """Name of a public IP."""
    private_ip_address: str | None = None
    """Address of its private frontend."""
    firewall_policy: str | None = None
    """Name of the web application firewall policy."""
    min_capacity: int = 0
    max_capacity: int = 10
    zones: tuple[str, ...] = ()
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationLoadBalancer:
    """`azurerm_application_load_balancer`: Application Gateway for Containers."""

    name: str
    subnet: str
    """Subnet id; delegated to `Microsoft.ServiceNetworking/trafficControllers`."""
    frontends: tuple[str, ...] = ("web",)
    firewall_policy: str | None = None
    """Name of the web application firewall policy."""
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)
