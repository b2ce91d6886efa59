"""
Random estates and flows, for the tests that hold the evaluator against packets.

An estate is a function of its seed. Everything Azure lets people write may come up, the mistakes
included: missing routes, one-sided peerings, unlinked zones, clashing rules.
"""

from dataclasses import replace
from random import Random

from builders import (
    application_collection,
    dnat,
    group,
    link,
    network_collection,
    peered,
    prefix,
    route,
    subnet,
)
from hubwright.model.address import AddressSet, format_address
from hubwright.model.cluster import (
    KubernetesCluster,
    KubernetesClusterNodePool,
    KubernetesService,
)
from hubwright.model.dns_resolver import (
    DNS_RESOLVER_DELEGATION,
    PrivateDnsResolver,
    PrivateDnsResolverDnsForwardingRuleset,
    PrivateDnsResolverForwardingRule,
    PrivateDnsResolverInboundEndpoint,
    PrivateDnsResolverOutboundEndpoint,
    PrivateDnsResolverVirtualNetworkLink,
    TargetDnsServer,
)
from hubwright.model.estate import Estate
from hubwright.model.firewall import (
    Action,
    ApplicationProtocol,
    ApplicationRule,
    Firewall,
    FirewallPolicy,
    NatRuleCollection,
    NetworkRule,
)
from hubwright.model.flow import Application, Flow, Stage, Trace
from hubwright.model.ingress import ApplicationGateway
from hubwright.model.network import (
    API_SERVER_DELEGATION,
    NatGateway,
    NetworkSecurityGroup,
    NextHopType,
    NicKind,
    PrivateEndpointNetworkPolicies,
    PublicIp,
    RouteTable,
    SecurityRule,
    VirtualNetwork,
)
from hubwright.model.platform import (
    BastionHost,
    KeyVault,
    LinuxVirtualMachine,
    StorageAccount,
)
from hubwright.model.private_access import PrivateDnsZone, PrivateEndpoint
from hubwright.semantics.assigned import assign
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.evaluate import evaluate
from hubwright.semantics.names import site_address

SITES = (
    "mcr.microsoft.com",
    "eastus.data.mcr.microsoft.com",
    "login.microsoftonline.com",
    "packages.microsoft.com",
    "security.ubuntu.com",
    "ntp.ubuntu.com",
    "github.com",
    "evil.contoso.com",
    "contoso.com",
    "notcontoso.com",
    "tracker.bad.net",
    "malware.bad.net",
    "agent.infra.azure.net",
)
PATTERNS = (
    *SITES,
    "*.microsoft.com",
    "*.ubuntu.com",
    "*.contoso.com",
    "*contoso.com",
    "*.data.mcr.microsoft.com",
    "*",
)
NETWORK_PROTOCOLS = (("TCP",), ("TCP", "UDP"), ("Any",), ("UDP",), ("ICMP", "TCP"))
PORTS = (22, 80, 443, 8080, 9000)
PUBLIC_SERVICES = ("vault", "blob")
FIREWALL_IP = "10.0.0.4"


_PING = network_collection(
    "ping",
    900,
    Action.ALLOW,
    NetworkRule(
        name="ping",
        protocols=("ICMP",),
        source_addresses=("10.0.0.0/8",),
        destination_addresses=("*",),
        destination_ports=("*",),
    ),
)


def assumptions(seed: int) -> Assumptions:
    """A threat feed and infrastructure names, so that those stages have something to decide."""
    del seed
    bad = site_address("malware.bad.net")
    return Assumptions(
        threat_feed_addresses=AddressSet(((bad, bad),)),
        threat_feed_fqdns=frozenset({"tracker.bad.net"}),
        infrastructure_fqdns=("*.infra.azure.net",),
    )


def estate(seed: int) -> Estate:
    """An estate that Azure would accept, right or wrong as it may be."""
    rng = Random(seed)
    spokes = [f"spoke{n}" for n in range(1, rng.choice((2, 2, 3)) + 1)]
    services = _services(rng)
    public_ips = [f"pip-fw-{n}" for n in range(1, rng.choice((2, 2, 3)) + 1)]
    machines = _machines(rng, spokes)
    base = Estate(
        name=f"random-{seed}",
        location="westeurope",
        hub="hub",
        virtual_networks=_networks(rng, spokes),
        subnets=_subnets(rng, spokes),
        virtual_network_peerings=_peerings(rng, spokes),
        route_tables=_route_tables(rng, spokes, public_ips),
        network_security_groups=tuple(_nsg(rng, f"nsg-{n}") for n in range(3)),
        public_ips=(
            *(PublicIp(name=name) for name in public_ips),
            *(PublicIp(name=s.frontend) for s in services if s.load_balancer == "public"),
            *(PublicIp(name=m.public_ip) for m in machines if m.public_ip),
            PublicIp(name="pip-nat"),
        ),
        nat_gateways=(NatGateway(name="nat", public_ips=("pip-nat",)),),
        firewalls=(
            Firewall(
                name="afw",
                location="westeurope",
                sku_tier=rng.choice(("Standard", "Premium")),
                virtual_network="hub",
                firewall_policy="afwp-hub",
                public_ips=tuple(public_ips),
            ),
        ),
        **_policy(rng, spokes, services, public_ips),
        bastion_hosts=(BastionHost(name="bastion", virtual_network="hub"),),
        virtual_machines=machines,
        kubernetes_clusters=(
            KubernetesCluster(name="aks", location="westeurope", dns_prefix="aks"),
        ),
        node_pools=_pools(rng),
        kubernetes_services=services,
        key_vaults=(KeyVault(name="vault"),),
        storage_accounts=(StorageAccount(name="blob"),),
        **_private(rng, spokes),
    )
    more = Random(f"{seed}")
    return assign(_with_api_server(more, _with_gateway(more, base)))


def _with_gateway(rng: Random, base: Estate) -> Estate:
    """An application gateway, with or without a public address and a security group."""
    if rng.random() < 0.5:
        return base
    home = subnet("spoke1", "gateway", "10.1.96.0/24", network_security_group=_maybe_nsg(rng))
    public_ip = "pip-agw" if rng.random() < 0.8 else None
    gateway = ApplicationGateway(
        name="agw", subnet=home.id, public_ip=public_ip, private_ip_address="10.1.96.9"
    )
    return replace(
        base,
        subnets=(*base.subnets, home),
        application_gateways=(gateway,),
        public_ips=(*base.public_ips, *([PublicIp(name=public_ip)] if public_ip else [])),
    )


def _with_api_server(rng: Random, base: Estate) -> Estate:
    """An API server with VNet Integration, reached by its private name where a zone is linked."""
    if rng.random() < 0.5:
        return base
    zone = "private.westeurope.azmk8s.io"
    home = subnet(
        "spoke1",
        "api",
        "10.1.112.0/28",
        delegation=API_SERVER_DELEGATION,
        network_security_group=_maybe_nsg(rng),
        route_table="rt-spoke1" if rng.random() < 0.5 else None,
    )
    endpoint = PrivateEndpoint(
        name="pe-aks-api",
        subnet=home.id,
        target="aks",
        subresource="management",
        fqdns=(f"aks-1.{zone}",),
        private_dns_zones=(zone,),
        made_by_platform=True,
    )
    networks = [network.name for network in base.virtual_networks if rng.random() < 0.75]
    return replace(
        base,
        subnets=(*base.subnets, home),
        private_endpoints=(*base.private_endpoints, endpoint),
        private_dns_zones=(*base.private_dns_zones, PrivateDnsZone(name=zone)),
        private_dns_zone_virtual_network_links=(
            *base.private_dns_zone_virtual_network_links,
            *(link(network, zone) for network in networks),
        ),
    )


def with_resolvers(rng: Random, base: Estate) -> Estate:
    """Private Resolvers in the hub and a spoke, that networks, the firewall and rules ask."""
    homes = {"hub": "10.0.2", "spoke1": "10.1.220"}
    addresses = [f"{start}.{rng.randrange(4, 12)}" for start in homes.values()]
    domains = (
        ".",
        "contoso.com.",
        "net.",
        "vault.azure.net.",
        "privatelink.blob.core.windows.net.",
    )
    ruleset = PrivateDnsResolverDnsForwardingRuleset(
        name="rules", private_dns_resolver_outbound_endpoints=("out-hub",)
    )
    rules = tuple(
        PrivateDnsResolverForwardingRule(
            name=f"rule-{n}",
            dns_forwarding_ruleset="rules",
            domain_name=domain,
            target_dns_servers=tuple(
                TargetDnsServer(ip_address=address, port=rng.choice((53, 53, 53, 5353)))
                for address in rng.sample((*addresses, FIREWALL_IP, "10.9.0.4"), 2)
            ),
            enabled=rng.random() < 0.9,
        )
        for n, domain in enumerate(rng.sample(domains, 3))
    )
    networks = tuple(
        replace(item, dns_servers=(rng.choice(addresses),)) if rng.random() < 0.5 else item
        for item in base.virtual_networks
    )
    policies = tuple(
        replace(item, dns_servers=(rng.choice((*addresses, "10.9.0.4")),))
        if rng.random() < 0.4
        else item
        for item in base.firewall_policies
    )
    ends = [
        subnet(
            home,
            f"dns-{word}",
            f"{start}.{at}/28",
            delegation=DNS_RESOLVER_DELEGATION,
            network_security_group=_maybe_nsg(rng),
        )
        for home, start in homes.items()
        for word, at in (("in", 0), ("out", 16))
    ]
    return replace(
        base,
        virtual_networks=networks,
        firewall_policies=policies,
        subnets=(*base.subnets, *ends),
        private_dns_resolvers=tuple(
            PrivateDnsResolver(name=f"resolver-{home}", virtual_network=home) for home in homes
        ),
        private_dns_resolver_inbound_endpoints=tuple(
            PrivateDnsResolverInboundEndpoint(
                name=f"in-{home}",
                private_dns_resolver=f"resolver-{home}",
                subnet=f"{home}/dns-in",
                private_ip_address=address,
            )
            for home, address in zip(homes, addresses, strict=True)
        ),
        private_dns_resolver_outbound_endpoints=tuple(
            PrivateDnsResolverOutboundEndpoint(
                name=f"out-{home}",
                private_dns_resolver=f"resolver-{home}",
                subnet=f"{home}/dns-out",
            )
            for home in homes
        ),
        dns_forwarding_rulesets=(ruleset,),
        dns_forwarding_rules=rules,
        dns_forwarding_virtual_network_links=tuple(
            PrivateDnsResolverVirtualNetworkLink(
                name=f"link-{item.name}",
                dns_forwarding_ruleset="rules",
                virtual_network=item.name,
            )
            for item in base.virtual_networks
            if rng.random() < 0.6
        ),
    )


def _networks(rng: Random, spokes: list[str]) -> tuple[VirtualNetwork, ...]:
    hub = VirtualNetwork(name="hub", location="westeurope", address_space=prefix("10.0.0.0/16"))
    return (
        hub,
        *(
            VirtualNetwork(
                name=spoke,
                location="westeurope",
                address_space=prefix(f"10.{n}.0.0/16"),
                dns_servers=(FIREWALL_IP,) if rng.random() < 0.6 else (),
            )
            for n, spoke in enumerate(spokes, 1)
        ),
    )


def _subnets(rng: Random, spokes: list[str]):
    out = [
        subnet("hub", "AzureFirewallSubnet", "10.0.0.0/26"),
        subnet("hub", "AzureBastionSubnet", "10.0.0.64/26"),
        subnet("hub", "services", "10.0.1.0/24", network_security_group=_maybe_nsg(rng)),
    ]
    for n, spoke in enumerate(spokes, 1):
        for m, name in enumerate(("nodes", "pods", "vms")):
            out.append(
                subnet(
                    spoke,
                    name,
                    f"10.{n}.{m * 16}.0/20",
                    route_table=f"rt-{spoke}" if rng.random() < 0.85 else None,
                    network_security_group=_maybe_nsg(rng),
                    default_outbound_access_enabled=rng.random() < 0.6,
                    nat_gateway="nat" if name == "vms" and rng.random() < 0.2 else None,
                    private_endpoint_network_policies=rng.choice(
                        (
                            PrivateEndpointNetworkPolicies.DISABLED,
                            PrivateEndpointNetworkPolicies.DISABLED,
                            PrivateEndpointNetworkPolicies.NSG,
                            PrivateEndpointNetworkPolicies.ENABLED,
                        )
                    ),
                )
            )
    return tuple(out)


def _maybe_nsg(rng: Random) -> str | None:
    return f"nsg-{rng.randrange(3)}" if rng.random() < 0.6 else None


def _peerings(rng: Random, spokes: list[str]):
    out = []
    for spoke in spokes:
        there, back = peered("hub", spoke)
        if rng.random() < 0.3:
            back = replace(back, allow_forwarded_traffic=False)
        out.append(there)
        if rng.random() < 0.95:
            out.append(back)
    if rng.random() < 0.3:
        out += peered(spokes[0], spokes[1], allow_forwarded_traffic=rng.random() < 0.5)
    return tuple(out)


def _route_tables(rng: Random, spokes: list[str], public_ips: list[str]):
    tables = []
    for n, spoke in enumerate(spokes, 1):
        hop = FIREWALL_IP if rng.random() < 0.9 else "10.0.0.77"
        routes = [route("default", "0.0.0.0/0", NextHopType.VIRTUAL_APPLIANCE, hop)]
        routes += [
            route(name, f"pip:{name}/32", NextHopType.INTERNET)
            for name in public_ips
            if rng.random() < 0.7
        ]
        if rng.random() < 0.5:
            routes.append(route("hole", "198.18.64.0/18", NextHopType.NONE))
        if rng.random() < 0.4:
            routes.append(route("break-out", "198.19.0.0/17", NextHopType.INTERNET))
        if rng.random() < 0.4:
            other = n % len(spokes) + 1
            routes.append(
                route("other", f"10.{other}.32.0/20", NextHopType.VIRTUAL_APPLIANCE, FIREWALL_IP)
            )
        if rng.random() < 0.2:
            routes.append(
                route("services", "10.0.1.0/24", NextHopType.VIRTUAL_APPLIANCE, FIREWALL_IP)
            )
        tables.append(RouteTable(name=f"rt-{spoke}", routes=tuple(routes)))
    return tuple(tables)


def _nsg(rng: Random, name: str) -> NetworkSecurityGroup:
    rules = []
    for n in range(rng.randrange(1, 6)):
        direction = rng.choice(("Inbound", "Outbound"))
        port = rng.choice((*PORTS, 53))
        peer = rng.choice(("*", "10.0.0.0/16", "10.1.0.0/16", "VirtualNetwork", "Internet"))
        deny = rng.random() < 0.45
        rules.append(
            SecurityRule(
                name=f"rule-{n}",
                priority=100 + n * 10,
                direction=direction,
                access="Deny" if deny else "Allow",
                protocol=rng.choice(("Tcp", "Tcp", "*", "Udp")),
                destination_port_ranges=(str(port),),
                source_address_prefixes=(peer if direction == "Inbound" else "*",),
                destination_address_prefixes=(peer if direction == "Outbound" else "*",),
            )
        )
    return NetworkSecurityGroup(name=name, security_rules=tuple(rules))


def _machines(rng: Random, spokes: list[str]) -> tuple[LinuxVirtualMachine, ...]:
    return tuple(
        LinuxVirtualMachine(
            name=f"vm-{spoke}",
            subnet=f"{spoke}/vms",
            public_ip=f"pip-vm-{spoke}" if rng.random() < 0.3 else None,
        )
        for spoke in spokes
    )


def _pools(rng: Random) -> tuple[KubernetesClusterNodePool, ...]:
    pods = "spoke1/pods" if rng.random() < 0.7 else None
    system = KubernetesClusterNodePool(
        name="system",
        cluster="aks",
        mode="System",
        subnet="spoke1/nodes",
        pod_subnet=pods,
        node_count=1,
    )
    return (system, replace(system, name="user", mode="User", node_count=2))


def _services(rng: Random) -> tuple[KubernetesService, ...]:
    kinds = ["public", "internal"] if rng.random() < 0.8 else [rng.choice(("public", "internal"))]
    return tuple(
        KubernetesService(
            name=f"svc-{kind}",
            cluster="aks",
            load_balancer=kind,
            port=80 if kind == "internal" else rng.choice((80, 8080)),
            target_port=8080,
            frontend="pip-lb" if kind == "public" else "10.1.15.250",
        )
        for kind in kinds
    )


def _policy(rng: Random, spokes, services, public_ips) -> dict:
    parent = rng.random() < 0.4
    groups = [
        group(
            "dnat", priority=100, nat_rule_collections=(_nat(rng, services, public_ips, spokes),)
        ),
        group(
            "rules",
            priority=rng.choice((150, 300)),
            network_rule_collections=(
                *(_network_collection(rng, n, spokes) for n in range(rng.randrange(1, 4))),
                *((_PING,) if rng.random() < 0.6 else ()),
            ),
            application_rule_collections=tuple(
                _application_collection(rng, n) for n in range(rng.randrange(1, 4))
            ),
        ),
    ]
    policy = FirewallPolicy(
        name="afwp-hub",
        location="westeurope",
        sku="Standard",
        base_policy="afwp-parent" if parent else None,
        threat_intelligence_mode="Deny" if rng.random() < 0.9 else "Alert",
        dns_proxy_enabled=rng.random() < 0.9,
        private_ip_ranges=("10.0.0.0/8",) if rng.random() < 0.2 else (),
    )
    policies = [policy]
    if parent:
        policies.append(replace(policy, name="afwp-parent", base_policy=None))
        groups.append(
            group(
                "base",
                "afwp-parent",
                500,
                network_rule_collections=(_network_collection(rng, 9, spokes),),
                application_rule_collections=(_application_collection(rng, 9),),
            )
        )
    return {"firewall_policies": tuple(policies), "rule_collection_groups": tuple(groups)}


def _nat(rng: Random, services, public_ips, spokes) -> NatRuleCollection:
    rules = []
    for service, name in zip(services, public_ips, strict=False):
        rules.append(dnat(service.name, name, service.frontend, service.port))
    rules.append(dnat("ssh", public_ips[-1], "10.1.32.4", 22))
    if rng.random() < 0.5:
        rules = [
            replace(rule, source_addresses=(rng.choice(("*", "198.51.100.0/24", "10.0.0.0/8")),))
            for rule in rules
        ]
    del spokes
    return NatRuleCollection(name="dnat", priority=100, rules=tuple(rules))


def _network_collection(rng: Random, n: int, spokes: list[str]):
    deny = rng.random() < 0.35
    rules = []
    for m in range(rng.randrange(1, 4)):
        where = rng.choice(("site", "site", "private", "fqdn", "private"))
        values: dict = {
            "name": f"net-{n}-{m}",
            "protocols": rng.choice(
                (("TCP",), ("TCP", "UDP"), ("Any",), ("UDP",), ("ICMP", "TCP"))
            ),
            "source_addresses": (rng.choice(("*", "10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16")),),
            "destination_ports": (rng.choice(("*", "22", "443", "9000", "8000-9999", "123")),),
        }
        if where == "fqdn":
            values["destination_fqdns"] = (rng.choice(SITES),)
        elif where == "site":
            address = format_address(site_address(rng.choice(SITES)))
            values["destination_addresses"] = (
                rng.choice((address, f"{address}/32", "198.18.0.0/16", "203.0.113.0/24")),
            )
        else:
            spoke = rng.randrange(1, len(spokes) + 1)
            values["destination_addresses"] = (
                rng.choice((f"10.{spoke}.0.0/16", f"10.{spoke}.32.0/20", "10.0.0.0/8")),
            )
        rules.append(NetworkRule(**values))
    action = Action.DENY if deny else Action.ALLOW
    return network_collection(f"net-{n}", 100 + n * 10 + rng.randrange(5), action, *rules)


def _application_collection(rng: Random, n: int):
    deny = rng.random() < 0.3
    rules = []
    for m in range(rng.randrange(1, 4)):
        protocols = rng.choice(
            (
                (ApplicationProtocol(type="Https", port=443),),
                (
                    ApplicationProtocol(type="Https", port=443),
                    ApplicationProtocol(type="Http", port=80),
                ),
                (ApplicationProtocol(type="Http", port=80),),
                (ApplicationProtocol(type="Http", port=8080),),
            )
        )
        rules.append(
            ApplicationRule(
                name=f"app-{n}-{m}",
                protocols=protocols,
                source_addresses=(
                    rng.choice(("*", "10.0.0.0/8", "10.1.0.0/16", "10.1.0.0/20", "10.2.0.0/15")),
                ),
                destination_fqdns=tuple(rng.sample(PATTERNS, rng.randrange(1, 4))),
            )
        )
    action = Action.DENY if deny else Action.ALLOW
    return application_collection(f"app-{n}", 100 + n * 10 + rng.randrange(5), action, *rules)


def _private(rng: Random, spokes: list[str]) -> dict:
    kinds = {
        "vault": ("vault.vault.azure.net", "privatelink.vaultcore.azure.net"),
        "blob": ("blob.blob.core.windows.net", "privatelink.blob.core.windows.net"),
    }
    endpoints, links = [], []
    for name, (fqdn, zone) in kinds.items():
        home = rng.choice(("hub/services", f"{rng.choice(spokes)}/vms"))
        endpoints.append(
            PrivateEndpoint(
                name=f"pe-{name}",
                subnet=home,
                target=name,
                subresource=name,
                fqdns=(fqdn,),
                private_dns_zones=(zone,) if rng.random() < 0.9 else (),
            )
        )
        links += [link(network, zone) for network in ("hub", *spokes) if rng.random() < 0.75]
    return {
        "private_endpoints": tuple(endpoints),
        "private_dns_zones": tuple(PrivateDnsZone(name=zone) for _, zone in kinds.values()),
        "private_dns_zone_virtual_network_links": tuple(links),
    }


def flows(source: Estate, seed: int, count: int) -> list[Flow]:
    """Flows of every sort: by name and address, out, in, across, and to nowhere."""
    rng = Random(seed)
    starts = [
        nic.name
        for nic in source.network_interfaces
        if nic.kind in (NicKind.NODE, NicKind.POD, NicKind.VM, NicKind.BASTION)
    ]
    return [_flow(rng, source, starts) for _ in range(count)]


def _flow(rng: Random, source: Estate, starts: list[str]) -> Flow:
    start = "internet" if rng.random() < 0.2 else rng.choice(starts)
    target = _target(rng, source, start)
    port = rng.choice(PORTS)
    protocol = rng.choices(("TCP", "UDP", "ICMP"), (75, 10, 15))[0]
    if target in {rule.frontend for rule in source.kubernetes_services}:
        protocol, port = "TCP", rng.choice((80, 8080))
    if protocol != "TCP":
        port = rng.choice((9000, 123)) if protocol == "UDP" else 0
        return Flow(source=start, destination=target, protocol=protocol, destination_port=port)
    application, name = _application(rng, port, target)
    return Flow(
        source=start,
        destination=target,
        destination_port=port,
        application=application,
        server_name=name,
    )


def _application(rng: Random, port: int, target: str) -> tuple[Application, str | None]:
    is_name = any(letter.isalpha() for letter in target) and "." in target
    name = target if is_name else rng.choice(SITES)
    if port in (80, 8080):
        return Application.HTTP, name
    if port == 443:
        return Application.HTTPS, name if is_name or rng.random() < 0.5 else None
    return Application.NONE, None


def _target(rng: Random, source: Estate, start: str) -> str:
    interfaces = [n for n in source.network_interfaces if n.kind is not NicKind.FIREWALL]
    publics = [ip.name for ip in source.public_ips if ip.name != "pip-nat"]
    kind = rng.choices(
        ("site", "address", "interface", "service", "private", "public", "nowhere"),
        (40, 6, 16, 8, 12, 10, 8) if start != "internet" else (2, 0, 8, 8, 8, 70, 4),
    )[0]
    match kind:
        case "site":
            return rng.choice((*SITES, "nothing.invalid"))
        case "address":
            return format_address(site_address(rng.choice(SITES)))
        case "interface":
            return format_address(rng.choice(interfaces).private_ip_address)
        case "service":
            service = rng.choice(source.kubernetes_services)
            return service.frontend
        case "private":
            return rng.choice([e.fqdns[0] for e in source.private_endpoints])
        case "public":
            return rng.choice(publics)
        case _:
            return rng.choice(("10.1.200.9", "10.77.0.9", "172.20.0.1", "192.168.3.3"))


def chosen(source: Estate, given: Assumptions, seed: int, count: int) -> list[tuple[Flow, Trace]]:
    """
    Return `count` flows with what the evaluator says, spread evenly over what decided them.

    Of each estate's candidates, every (stage, delivered or not) gets its turn, so that rare
    stages come up often; at least 40 % are delivered where the estate delivers at all.
    """
    buckets: dict[tuple[Stage, bool], list[tuple[Flow, Trace]]] = {}
    for flow in flows(source, seed, count * 12):
        trace = evaluate(source, flow, given)
        buckets.setdefault((trace.decided_by, trace.disposition.is_success), []).append(
            (flow, trace)
        )
    out: list[tuple[Flow, Trace]] = []
    delivered = [bucket for (_, success), bucket in sorted(buckets.items()) if success]
    refused = [bucket for (_, success), bucket in sorted(buckets.items()) if not success]
    wanted = count * 2 // 5
    _take(delivered, wanted, out)
    _take(refused, count, out)
    _take(delivered, count, out)
    return out


def _take(buckets: list[list[tuple[Flow, Trace]]], until: int, out: list) -> None:
    while len(out) < until and any(buckets):
        for bucket in buckets:
            if bucket and len(out) < until:
                out.append(bucket.pop())
