"""What is known of a design while it is expanded, and what is wrong with it."""

import re
from collections.abc import Iterable
from dataclasses import field

from hubwright.diagnostics.diagnostic import Diagnostic, Label, Severity
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressError, AddressSet, Prefix, format_address
from hubwright.model.network import (
    BASTION_SUBNET,
    FIREWALL_MANAGEMENT_SUBNET,
    FIREWALL_SUBNET,
    GATEWAY_SUBNET,
)
from hubwright.model.origin import Origin
from hubwright.sources.design.schema import Design
from hubwright.sources.design.schema_network import Subnet as SubnetSection
from hubwright.sources.design.spans import Path, Places
from hubwright.sources.design.words import one_line, suggestion

HUB = "hub"
"""How a design refers to the hub; spokes go by their own keys."""
UNFILTERED = frozenset(
    {FIREWALL_SUBNET, FIREWALL_MANAGEMENT_SUBNET, GATEWAY_SUBNET, "RouteServerSubnet"}
)
"""Subnets that take no network security group.
Source: learn.microsoft.com/azure/firewall/firewall-faq (2023), /azure/vpn-gateway."""
UNROUTED = UNFILTERED | {BASTION_SUBNET}
"""Subnets that get no route table unless one is asked for.
Source: learn.microsoft.com/azure/bastion/bastion-nsg (2025): no user-defined routes."""
_SUGGESTED = 100
"""Errors that get a suggestion; to look for near names takes time."""
_GATEWAY_DELEGATION = "Microsoft.Network/applicationGateways"
SERVICE_TAG = re.compile(r"[A-Z][A-Za-z0-9]*(\.[A-Za-z0-9]+)?")
"""How service tags are written: `Storage`, `AzureCloud.westeurope`."""
_COMMON_TAGS = frozenset({"Internet", "VirtualNetwork", "AzureLoadBalancer", "AzureCloud"})
_DOMAIN = re.compile(r"([A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?\.)+[A-Za-z][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A subnet's place in the address plan, and what the design says of it."""

    network: str
    """`hub` or the spoke's key."""
    virtual_network: str
    name: str
    prefixes: tuple[Prefix, ...]
    section: SubnetSection
    path: Path
    reason: str = ""
    """Why it is there, when the design does not say it."""
    purpose: str = ""
    """What it is for alone, if it is: `application-gateway`, `containers`, `api-server`, ..."""

    @property
    def id(self) -> str:
        """`<virtual network>/<subnet>`."""
        return f"{self.virtual_network}/{self.name}"

    @property
    def is_gateway(self) -> bool:
        """Tell whether an application gateway lives there, by name or delegation."""
        delegated = self.section.delegation == _GATEWAY_DELEGATION
        named = self.name.lower().startswith("appgateway")
        return delegated or named or self.purpose in {"application-gateway", "containers"}

    @property
    def hosts_workloads(self) -> bool:
        """Tell whether its traffic can and must go through the firewall."""
        return self.name not in UNROUTED and not self.is_gateway


@dataclass(frozen=True, slots=True)
class Ends:
    """Addresses and IP groups of one side of a rule."""

    addresses: tuple[str, ...] = ()
    ip_groups: tuple[str, ...] = ()
    fqdns: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """A design under expansion. `problems` grows; whoever finds one goes on without the value."""

    design: Design
    places: Places
    problems: list[Diagnostic] = field(default_factory=list[Diagnostic])
    plots: dict[str, Plot] = field(default_factory=dict[str, Plot])
    """Subnets by id, in the estate's order."""
    frontends: dict[str, str] = field(default_factory=dict[str, str])
    """Frontend of each workload, once services are expanded."""

    def report(
        self,
        code: str,
        message: str,
        path: Path,
        help_: str | None = None,
        also: tuple[Label, ...] = (),
        *,
        at_key: bool = False,
    ) -> None:
        """Note an error at a path of the design."""
        origin = self.places.key(path) if at_key else self.places.value(path)
        self.report_at(code, message, origin, help_, also)

    def report_at(
        self,
        code: str,
        message: str,
        origin: Origin,
        help_: str | None = None,
        also: tuple[Label, ...] = (),
    ) -> None:
        """Note an error at an origin."""
        self.problems.append(
            Diagnostic(
                code=code,
                severity=Severity.ERROR,
                message=one_line(message),
                labels=(Label(origin, primary=True), *also),
                help=one_line(help_) if help_ else None,
            )
        )

    def unknown(self, what: str, text: str, known: Iterable[str], path: Path) -> None:
        """Note a reference to something that is not there."""
        names = sorted(known)
        near = suggestion(text, names) if len(self.problems) < _SUGGESTED else ""
        help_ = near or (f"there is {', '.join(names[:8])}" if names else None)
        self.report("DESIGN008", f"there is no {what} `{text[:80]}`", path, help_)

    def origin(self, path: Path, why: str, **fields: Origin) -> Origin:
        """Return the origin of a derived value: the nearest key, and why it is there."""
        at = self.places.key(path, why)
        return (
            Origin(source=at.source, path=at.path, span=at.span, derived=why, fields=fields)
            if fields
            else at
        )

    @property
    def hub_name(self) -> str:
        """Name of the hub's virtual network."""
        return self.design.hub.name or "vnet-hub"

    def network_name(self, key: str) -> str:
        """Return the virtual network's name for `hub` or a spoke's key."""
        if key == HUB:
            return self.hub_name
        return self.design.spokes[key].name or f"vnet-{key}"

    @property
    def network_keys(self) -> tuple[str, ...]:
        """`hub` and the spokes' keys, in order."""
        return (HUB, *self.design.spokes)

    def network_key(self, text: str) -> str | None:
        """Return the key of a network, given its key or its name."""
        if text in self.network_keys:
            return text
        return next((key for key in self.network_keys if self.network_name(key) == text), None)

    def address_space(self, key: str) -> tuple[Prefix, ...]:
        """Return the address space of a network."""
        section = self.design.hub if key == HUB else self.design.spokes[key]
        return tuple(Prefix.parse(text) for text in section.address_space)

    @property
    def firewall_address(self) -> str:
        """The firewall's private address: the first usable one of its subnet."""
        plot = self.plots.get(f"{self.hub_name}/{FIREWALL_SUBNET}")
        return format_address(plot.prefixes[0].first + 4) if plot else "0.0.0.0"

    @property
    def dns_proxy(self) -> bool:
        """Whether the firewall answers DNS."""
        firewall = self.design.hub.firewall
        return firewall.sku_tier != "Basic" if firewall.dns_proxy is None else firewall.dns_proxy

    def find_subnet(self, text: str, home: str | None = None) -> Plot | None:
        """Return the subnet that a text means: `spoke/Subnet`, or a name that is enough."""
        network, slash, name = text.rpartition("/")
        if slash:
            key = self.network_key(network)
            return self.plots.get(f"{self.network_name(key)}/{name}") if key else None
        if home is not None:
            return self.plots.get(f"{self.network_name(home)}/{name}")
        found = [plot for plot in self.plots.values() if plot.name == text]
        return found[0] if len(found) == 1 else None

    def subnet(self, text: str, path: Path, home: str | None = None) -> Plot | None:
        """Return the subnet that a text means, or note that there is none."""
        plot = self.find_subnet(text, home)
        if plot is None:
            self.unknown("subnet", text, self._subnet_names(home), path)
        return plot

    def _subnet_names(self, home: str | None) -> list[str]:
        if home is not None:
            return [plot.name for plot in self.plots.values() if plot.network == home]
        return [f"{plot.network}/{plot.name}" for plot in self.plots.values()]

    def _place(self, text: str) -> Ends | None:
        """Return the ends that a name or address of the design stands for."""
        if text in self.design.hub.firewall.ip_groups:
            return Ends(ip_groups=(text,))
        try:
            AddressSet.parse(text)
        except AddressError:
            pass
        else:
            return Ends(addresses=(text,))
        key = self.network_key(text)
        if key is not None:
            return Ends(addresses=tuple(str(p) for p in self.address_space(key)))
        plot = self.find_subnet(text)
        return Ends(addresses=tuple(str(p) for p in plot.prefixes)) if plot else None

    def _ends(self, text: str, path: Path, *, tags: bool) -> Ends:
        ends = self._place(text)
        if ends is not None:
            return ends
        known = [*self._subnet_names(None), *self.network_keys, *self.design.hub.firewall.ip_groups]
        if tags and "." not in text and text not in _COMMON_TAGS and self._is_slip(text, known):
            self.unknown("subnet, network or IP group", text, known, path)
        elif tags and SERVICE_TAG.fullmatch(text):
            return Ends(addresses=(text,))
        elif tags and _DOMAIN.fullmatch(text):
            return Ends(fqdns=(text,))
        elif SERVICE_TAG.fullmatch(text) and not tags:
            message = f"`{text}` is no source: Azure Firewall takes service tags as destinations"
            self.report("DESIGN006", message, path, "write a subnet, a network or addresses")
        else:
            self.unknown("subnet, network or IP group", text, known, path)
        return Ends()

    @staticmethod
    def _is_slip(text: str, known: list[str]) -> bool:
        """Tell whether a text that could be a tag is rather a subnet's name, misspelt."""
        bare = [name.rpartition("/")[2] for name in known]
        return bool(suggestion(text, bare, cutoff=0.85))

    def sources(self, texts: Iterable[str], path: Path) -> Ends:
        """Return a rule's sources: subnets, networks, IP groups and addresses."""
        return _merged(self._ends(text, (*path, n), tags=False) for n, text in enumerate(texts))

    def destinations(self, texts: Iterable[str], path: Path) -> Ends:
        """Return a rule's destinations: the same, and service tags and names."""
        return _merged(self._ends(text, (*path, n), tags=True) for n, text in enumerate(texts))


def _merged(parts: Iterable[Ends]) -> Ends:
    found = list(parts)
    return Ends(
        addresses=tuple(dict.fromkeys(a for part in found for a in part.addresses)),
        ip_groups=tuple(dict.fromkeys(g for part in found for g in part.ip_groups)),
        fqdns=tuple(dict.fromkeys(f for part in found for f in part.fqdns)),
    )
