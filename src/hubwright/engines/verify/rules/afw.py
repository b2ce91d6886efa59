"""Single firewall rules: names, addresses and sources that do not do what they seem to."""

from collections.abc import Iterator

from hubwright.catalogue.egress import RETIRED, node_checks
from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import HOSTS, cluster_subnets, nearest, spokesman
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.rules.afw_order import UNLISTED, hidden_by, host_in
from hubwright.engines.verify.rules.route_return import enter
from hubwright.engines.verify.targets import reaches_everything
from hubwright.model.address import PortSet, format_address, is_address
from hubwright.model.estate import Estate
from hubwright.model.firewall import Action, ApplicationRule, Firewall, NetworkRule
from hubwright.model.flow import Application, Disposition, Flow, Trace
from hubwright.semantics.assigned import address_of
from hubwright.semantics.dns import proxy_enabled, servers
from hubwright.semantics.firewall import (
    Placed,
    application_rules,
    fqdn_matches,
    nat_rules,
    network_rules,
    protocols,
    public_addresses,
    sources,
)


def _named(estate: Estate, firewall: Firewall) -> Iterator[Placed[NetworkRule]]:
    for placed in network_rules(estate, firewall):
        if placed.rule.destination_fqdns:
            yield placed


def _asks(estate: Estate, network: str, firewall: Firewall) -> bool:
    vip = firewall.private_ip_address
    return vip is not None and servers(estate, network)[0] == format_address(vip)


@rule("AFW004", Severity.WARNING, "a network rule has names, and the DNS proxy is off")
def names_without_proxy(case: Case) -> Iterator[Finding]:
    """Find names in network rules of firewalls without DNS proxy."""
    estate = case.estate
    for firewall in estate.firewalls:
        policy = estate.firewall_policy_by_name.get(firewall.firewall_policy)
        if "Basic" in (firewall.sku_tier, policy.sku if policy else "") or policy is None:
            continue
        asked = any(_asks(estate, n.name, firewall) for n in estate.virtual_networks)
        if asked or proxy_enabled(estate, firewall, case.assumptions):
            continue
        for placed in _named(estate, firewall):
            rule_ = placed.rule
            yield Finding(
                message=(
                    f"network rule `{rule_.name}` names hosts, but the firewall's DNS proxy is off"
                ),
                at=nearest(policy.origin.of("dns_proxy_enabled"), policy.origin),
                label="off",
                causes=(
                    (
                        nearest(rule_.origin.of("destination_fqdns"), rule_.origin),
                        ", ".join(rule_.destination_fqdns[:3]),
                    ),
                ),
                notes=(
                    (
                        "firewall and clients resolve apart: where their answers differ, the rule "
                        "does not match"
                    ),
                ),
                help="turn the DNS proxy on and make it the DNS server of the spokes",
            )


@rule("AFW005", Severity.WARNING, "clients of a network rule with names resolve them elsewhere")
def names_resolved_elsewhere(case: Case) -> Iterator[Finding]:
    """Find source networks of such rules whose DNS server is not the firewall."""
    estate = case.estate
    for firewall in estate.firewalls:
        if not proxy_enabled(estate, firewall, case.assumptions):
            continue
        for placed in _named(estate, firewall):
            for network in _source_networks(estate, placed):
                if _asks(estate, network, firewall):
                    continue
                item = estate.virtual_network_by_name[network]
                rule_ = placed.rule
                yield Finding(
                    message=(
                        f"`{network}` does not resolve the names of network rule `{rule_.name}` "
                        "through the firewall"
                    ),
                    at=nearest(item.origin.of("dns_servers"), item.origin),
                    label=f"asks {servers(estate, network)[0]}",
                    causes=(
                        (
                            nearest(rule_.origin.of("destination_fqdns"), rule_.origin),
                            ", ".join(rule_.destination_fqdns[:3]),
                        ),
                    ),
                    notes=(
                        (
                            "the rule matches the addresses that the firewall resolves, not those "
                            "that the clients got"
                        ),
                    ),
                    help=f"make {firewall.name} the DNS server of `{network}`",
                )


def _source_networks(estate: Estate, placed: Placed[NetworkRule]) -> list[str]:
    space = sources(estate, placed.rule)
    return list(
        dict.fromkeys(
            nic.virtual_network
            for nic in estate.network_interfaces
            if nic.kind in HOSTS and nic.private_ip_address in space
        )
    )


@rule("AFW006", Severity.INFO, "DNAT is open to every source")
def dnat_from_everywhere(case: Case) -> Iterator[Finding]:
    """Find DNAT rules whose source is `*`, and that lead to no web application firewall."""
    guarded = {
        gateway.private_ip_address
        for gateway in case.estate.application_gateways
        if gateway.firewall_policy is not None
    }
    for firewall in case.estate.firewalls:
        for placed in nat_rules(case.estate, firewall):
            if "*" not in placed.rule.source_addresses:
                continue
            if placed.rule.translated_address in guarded:
                continue
            yield Finding(
                message=f"DNAT rule `{placed.rule.name}` takes connections from everywhere",
                at=nearest(placed.origin.of("source_addresses"), placed.origin),
                label="source `*`",
                notes=("Microsoft advises against `*`; it matches your own networks too",),
                help="list the sources, or put a web application firewall in front",
                trace=enter(case, placed.rule),
            )


@rule("AFW011", Severity.WARNING, "an application rule names an address")
def address_as_name(case: Case) -> Iterator[Finding]:
    """Find addresses among target FQDNs: a client that connects by address sends no SNI."""
    for firewall in case.estate.firewalls:
        for placed in application_rules(case.estate, firewall):
            for text in placed.rule.destination_fqdns:
                if not is_address(text):
                    continue
                yield Finding(
                    message=(
                        f"application rule `{placed.rule.name}` names an address, {text}: HTTPS to "
                        "an address carries no SNI and is denied"
                    ),
                    at=nearest(placed.origin.of("destination_fqdns"), placed.origin),
                    label=text,
                    help="use a network rule for an address",
                    trace=_no_sni(case, text, placed.rule),
                )


def _no_sni(case: Case, text: str, item: ApplicationRule) -> Trace | None:
    host = host_in(case.estate, sources(case.estate, item))
    if host is None:
        return None
    return case.walk(
        Flow(
            source=host,
            destination=text,
            destination_port=item.protocols[0].port,
            application=Application.HTTPS,
        )
    )


@rule("AFW013", Severity.WARNING, "a rule allows every destination")
def too_wide(case: Case) -> Iterator[Finding]:
    """Find allow rules to the whole internet that hide nothing, and to every name."""
    estate = case.estate
    for firewall in estate.firewalls:
        hiding = set(hidden_by(case, firewall))
        for placed in network_rules(estate, firewall):
            wide = placed.action is Action.ALLOW and reaches_everything(estate, placed.rule)
            if not wide or placed.path in hiding:
                continue
            ports = ", ".join(placed.rule.destination_ports or ("*",))
            yield Finding(
                message=(
                    f"network rule `{placed.rule.name}` allows every destination on "
                    f"{', '.join(placed.rule.protocols)} {ports}"
                ),
                at=nearest(placed.origin.of("destination_addresses"), placed.origin),
                label="the whole internet",
                help="name the destinations",
                trace=_wide_walk(case, placed),
            )
        for item in application_rules(estate, firewall):
            if item.action is not Action.ALLOW or "*" not in item.rule.destination_fqdns:
                continue
            host = host_in(estate, sources(estate, item.rule))
            trace = case.https(host, UNLISTED) if host else None
            yield Finding(
                message=f"application rule `{item.rule.name}` allows every name",
                at=nearest(item.origin.of("destination_fqdns"), item.origin),
                label="every name",
                help="name the hosts, or allow their domain with `*.`",
                trace=trace if trace and trace.meets(item.path) else None,
            )


def _wide_walk(case: Case, placed: Placed[NetworkRule]) -> Trace | None:
    host = host_in(case.estate, sources(case.estate, placed.rule))
    wanted = protocols(placed.rule)
    protocol = next((p for p in ("TCP", "UDP") if wanted is None or p in wanted), None)
    if host is None or protocol is None:
        return None
    port = PortSet.parse_all(placed.rule.destination_ports or ("*",)).first() or 1
    flow = Flow(source=host, destination=UNLISTED, protocol=protocol, destination_port=port)
    trace = case.walk(flow)
    return trace if trace.meets(placed.path) else None


@rule("AFW015", Severity.ERROR, "a DNAT rule leads to nothing")
def dnat_to_nobody(case: Case) -> Iterator[Finding]:
    """Walk into every DNAT rule, and see whether somebody is there."""
    for firewall in case.estate.firewalls:
        for placed in nat_rules(case.estate, firewall):
            trace = enter(case, placed.rule)
            if trace is None or trace.disposition is not Disposition.NEIGHBOR_UNREACHABLE:
                continue
            if not trace.meets(placed.path):
                continue
            target = placed.rule.translated_address or placed.rule.translated_fqdn or ""
            yield Finding(
                message=(
                    f"DNAT rule `{placed.rule.name}` leads to "
                    f"{target}:{placed.rule.translated_port}, where nothing listens"
                ),
                at=nearest(
                    placed.origin.of("translated_address"),
                    placed.origin.of("translated_port"),
                    placed.origin,
                ),
                label="nothing of the estate listens there",
                help="point it to a load balancer's frontend or a machine of the estate",
                trace=trace,
            )


@rule("AFW016", Severity.ERROR, "a DNAT rule listens on an address that the firewall lacks")
def dnat_elsewhere(case: Case) -> Iterator[Finding]:
    """Find DNAT rules for addresses that are not the firewall's."""
    estate = case.estate
    for firewall in estate.firewalls:
        own = {*public_addresses(estate, firewall), firewall.private_ip_address}
        for placed in nat_rules(estate, firewall):
            address = address_of(estate, placed.rule.destination_address)
            if address in own:
                continue
            yield Finding(
                message=(
                    f"DNAT rule `{placed.rule.name}` listens on "
                    f"{placed.rule.destination_address}, which `{firewall.name}` does not have"
                ),
                at=nearest(placed.origin.of("destination_address"), placed.origin),
                label="not an address of the firewall",
                causes=((firewall.origin, f"has {', '.join(firewall.public_ips)}"),),
                help="give the address to the firewall, or name one that it has",
            )


@rule("AFW017", Severity.INFO, "a rule allows a host that is retired")
def retired_host(case: Case) -> Iterator[Finding]:
    """Find hosts that nothing needs any more."""
    for firewall in case.estate.firewalls:
        for placed in application_rules(case.estate, firewall):
            for name in placed.rule.destination_fqdns:
                why = RETIRED.get(name.lower())
                if why is not None:
                    yield Finding(
                        message=f"rule `{placed.rule.name}` allows {name}, which is retired",
                        at=nearest(placed.origin.of("destination_fqdns"), placed.origin),
                        label=why,
                        help="remove it",
                    )


@rule("AFW018", Severity.WARNING, "TLS inspection of hosts that nodes need")
def inspects_nodes(case: Case) -> Iterator[Finding]:
    """Find inspecting rules that match what nodes fetch at bootstrap, or the API server."""
    estate = case.estate
    checks = node_checks(estate.location, estate.cloud)
    wanted = [c.host for c in checks if "<" not in c.host] + [f"a.hcp.{estate.location}.azmk8s.io"]
    for firewall in estate.firewalls:
        for placed in application_rules(estate, firewall):
            if not placed.rule.terminate_tls or placed.action is not Action.ALLOW:
                continue
            space = sources(estate, placed.rule)
            nodes = [
                nic
                for nic in estate.network_interfaces
                if nic.kind.value == "node" and nic.private_ip_address in space
            ]
            patterns = placed.rule.destination_fqdns
            hit = [h for h in wanted if any(fqdn_matches(p, h) for p in patterns)]
            if nodes and hit:
                yield Finding(
                    message=(
                        f"rule `{placed.rule.name}` inspects TLS of hosts that nodes need: {hit[0]}"
                    ),
                    at=nearest(placed.origin.of("terminate_tls"), placed.origin),
                    label="nodes do not trust the firewall's certificate",
                    notes=(
                        (
                            "AKS nodes fail with exit code 50 or 51; the API server's tunnel needs "
                            "ALPN, which inspection rewrites"
                        ),
                    ),
                    help="exempt these hosts: put a rule without inspection for them first",
                )


@rule("AFW019", Severity.WARNING, "a service tag on 443 hides application rules")
def tag_hides(case: Case) -> Iterator[Finding]:
    """Find network rules that allow TCP 443 to all of Azure before application rules."""
    estate = case.estate
    for firewall in estate.firewalls:
        applications = application_rules(estate, firewall)
        for placed in network_rules(estate, firewall):
            tags = [
                text
                for text in placed.rule.destination_addresses
                if text.lower().partition(".")[0] in ("azurecloud", "internet")
            ]
            wanted = protocols(placed.rule)
            if not tags or not (wanted is None or "TCP" in wanted):
                continue
            ports = PortSet.parse_all(placed.rule.destination_ports or ("*",))
            space = sources(estate, placed.rule)
            if 443 not in ports or not any(
                sources(estate, item.rule).overlaps(space) for item in applications
            ):
                continue
            yield Finding(
                message=(
                    f"network rule `{placed.rule.name}` decides on every name that Azure hosts, "
                    "before application rules"
                ),
                at=nearest(placed.origin.of("destination_addresses"), placed.origin),
                label=f"{tags[0]} holds anybody's addresses in Azure",
                help="use a narrower tag, or application rules with names",
                trace=_through_tag(case),
            )


def _through_tag(case: Case) -> Trace | None:
    for cluster in case.estate.kubernetes_clusters:
        for subnet in cluster_subnets(case.estate, cluster):
            trace = case.https(spokesman(case.estate, subnet), "mcr.microsoft.com")
            if trace is not None and trace.disposition is Disposition.INSUFFICIENT_INFO:
                return trace
    return None
