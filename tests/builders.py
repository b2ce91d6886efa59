"""Small estates in Python, for tests that should not depend on the design reader."""

from dataclasses import replace

from hubwright.model.address import Prefix
from hubwright.model.cluster import (
    KubernetesCluster,
    KubernetesClusterNodePool,
    KubernetesService,
)
from hubwright.model.estate import Estate
from hubwright.model.firewall import (
    Action,
    ApplicationProtocol,
    ApplicationRule,
    ApplicationRuleCollection,
    Firewall,
    FirewallPolicy,
    FirewallPolicyRuleCollectionGroup,
    NatRule,
    NatRuleCollection,
    NetworkRule,
    NetworkRuleCollection,
)
from hubwright.model.network import (
    NetworkSecurityGroup,
    NextHopType,
    PublicIp,
    Route,
    RouteTable,
    Subnet,
    VirtualNetwork,
    VirtualNetworkPeering,
)
from hubwright.model.platform import BastionHost, KeyVault, LinuxVirtualMachine
from hubwright.model.private_access import (
    PrivateDnsZone,
    PrivateDnsZoneVirtualNetworkLink,
    PrivateEndpoint,
)
from hubwright.semantics.assigned import assign

HTTPS = ApplicationProtocol(type="Https", port=443)
HTTP = ApplicationProtocol(type="Http", port=80)
VAULT_ZONE = "privatelink.vaultcore.azure.net"
FIREWALL_IP = "10.0.0.4"


def prefix(text: str) -> tuple[Prefix, ...]:
    return (Prefix.parse(text),)


def subnet(network: str, name: str, space: str, **more) -> Subnet:
    return Subnet(name=name, virtual_network=network, address_prefixes=prefix(space), **more)


def peered(one: str, other: str, **more) -> tuple[VirtualNetworkPeering, VirtualNetworkPeering]:
    options = {"allow_forwarded_traffic": True, **more}
    return (
        VirtualNetworkPeering(
            name=f"{one}-to-{other}", virtual_network=one, remote_virtual_network=other, **options
        ),
        VirtualNetworkPeering(
            name=f"{other}-to-{one}", virtual_network=other, remote_virtual_network=one, **options
        ),
    )


def default_route(next_hop: str = FIREWALL_IP) -> Route:
    return Route(
        name="default",
        address_prefix="0.0.0.0/0",
        next_hop_type=NextHopType.VIRTUAL_APPLIANCE,
        next_hop_in_ip_address=next_hop,
    )


def route(name: str, space: str, hop: NextHopType, address: str | None = None) -> Route:
    return Route(name=name, address_prefix=space, next_hop_type=hop, next_hop_in_ip_address=address)


def network_collection(name, priority, action, *rules) -> NetworkRuleCollection:
    return NetworkRuleCollection(name=name, priority=priority, action=action, rules=rules)


def network_rule(name="rule", **more) -> NetworkRule:
    values = {
        "protocols": ("TCP",),
        "source_addresses": ("*",),
        "destination_addresses": ("*",),
        "destination_ports": ("*",),
        **more,
    }
    return NetworkRule(name=name, **values)


def application_rule(name="rule", *fqdns, protocols=(HTTPS,), **more) -> ApplicationRule:
    values = {"source_addresses": ("*",), "destination_fqdns": fqdns, **more}
    return ApplicationRule(name=name, protocols=protocols, **values)


def application_collection(name, priority, action, *rules) -> ApplicationRuleCollection:
    return ApplicationRuleCollection(name=name, priority=priority, action=action, rules=rules)


def group(name="group", policy="afwp-hub", priority=200, **more):
    return FirewallPolicyRuleCollectionGroup(
        name=name, firewall_policy=policy, priority=priority, **more
    )


def dnat(name, public_ip, target, port=80) -> NatRule:
    return NatRule(
        name=name,
        protocols=("TCP",),
        source_addresses=("*",),
        destination_address=public_ip,
        destination_ports=(str(port),),
        translated_address=target,
        translated_port=port,
    )


def estate(**changes) -> Estate:
    """The article's network: a hub with a firewall, a spoke with a cluster and a jump box."""
    base = Estate(
        name="test",
        location="westeurope",
        hub="hub",
        virtual_networks=(
            VirtualNetwork(name="hub", location="westeurope", address_space=prefix("10.0.0.0/16")),
            VirtualNetwork(
                name="aks",
                location="westeurope",
                address_space=prefix("10.1.0.0/16"),
                dns_servers=(FIREWALL_IP,),
            ),
        ),
        subnets=(
            subnet("hub", "AzureFirewallSubnet", "10.0.0.0/26"),
            subnet("hub", "AzureBastionSubnet", "10.0.0.64/26"),
            subnet(
                "aks",
                "AksSubnet",
                "10.1.0.0/20",
                route_table="rt-nodes",
                network_security_group="nsg",
                default_outbound_access_enabled=True,
            ),
            subnet(
                "aks",
                "PodSubnet",
                "10.1.16.0/20",
                route_table="rt-nodes",
                network_security_group="nsg",
            ),
            subnet(
                "aks",
                "VmSubnet",
                "10.1.48.0/24",
                route_table="rt",
                network_security_group="nsg",
            ),
        ),
        virtual_network_peerings=peered("hub", "aks"),
        route_tables=(
            RouteTable(name="rt", routes=(default_route(),)),
            RouteTable(
                name="rt-nodes",
                routes=(
                    default_route(),
                    route("fw-1", "pip:pip-fw-1/32", NextHopType.INTERNET),
                    route("fw-web", "pip:pip-fw-web/32", NextHopType.INTERNET),
                    route("fw-shop", "pip:pip-fw-shop/32", NextHopType.INTERNET),
                ),
            ),
        ),
        network_security_groups=(NetworkSecurityGroup(name="nsg"),),
        public_ips=(
            PublicIp(name="pip-fw-1"),
            PublicIp(name="pip-fw-web"),
            PublicIp(name="pip-fw-shop"),
            PublicIp(name="pip-lb-web"),
        ),
        firewalls=(
            Firewall(
                name="afw",
                location="westeurope",
                sku_tier="Premium",
                virtual_network="hub",
                firewall_policy="afwp-hub",
                public_ips=("pip-fw-1", "pip-fw-web", "pip-fw-shop"),
            ),
        ),
        firewall_policies=(
            FirewallPolicy(
                name="afwp-hub",
                location="westeurope",
                sku="Premium",
                threat_intelligence_mode="Deny",
                dns_proxy_enabled=True,
            ),
        ),
        rule_collection_groups=(
            group(
                "workloads",
                priority=100,
                nat_rule_collections=(
                    NatRuleCollection(
                        name="dnat",
                        priority=100,
                        rules=(
                            dnat("web", "pip-fw-web", "pip-lb-web"),
                            dnat("shop", "pip-fw-shop", "10.1.15.250"),
                        ),
                    ),
                ),
            ),
            group(
                "platform",
                priority=200,
                network_rule_collections=(
                    network_collection(
                        "net",
                        100,
                        Action.ALLOW,
                        network_rule(
                            "ntp",
                            protocols=("UDP",),
                            destination_addresses=(),
                            destination_fqdns=("ntp.ubuntu.com",),
                            destination_ports=("123",),
                        ),
                    ),
                ),
                application_rule_collections=(
                    application_collection(
                        "app",
                        100,
                        Action.ALLOW,
                        application_rule("mcr", "mcr.microsoft.com", "*.data.mcr.microsoft.com"),
                        application_rule("ubuntu", "security.ubuntu.com", protocols=(HTTP,)),
                    ),
                ),
            ),
        ),
        bastion_hosts=(BastionHost(name="bastion", virtual_network="hub"),),
        virtual_machines=(LinuxVirtualMachine(name="vm-jumpbox", subnet="aks/VmSubnet"),),
        kubernetes_clusters=(
            KubernetesCluster(
                name="aks-test", location="westeurope", dns_prefix="test", private_dns_zone="z"
            ),
        ),
        node_pools=(
            KubernetesClusterNodePool(
                name="system",
                cluster="aks-test",
                mode="System",
                subnet="aks/AksSubnet",
                pod_subnet="aks/PodSubnet",
            ),
            KubernetesClusterNodePool(
                name="user",
                cluster="aks-test",
                mode="User",
                subnet="aks/AksSubnet",
                pod_subnet="aks/PodSubnet",
            ),
        ),
        kubernetes_services=(
            KubernetesService(
                name="web",
                cluster="aks-test",
                load_balancer="public",
                port=80,
                target_port=8080,
                frontend="pip-lb-web",
            ),
            KubernetesService(
                name="shop",
                cluster="aks-test",
                load_balancer="internal",
                port=80,
                target_port=8080,
                frontend="10.1.15.250",
            ),
        ),
        key_vaults=(KeyVault(name="vault"),),
        private_endpoints=(
            PrivateEndpoint(
                name="pe-vault",
                subnet="aks/VmSubnet",
                target="vault",
                subresource="vault",
                fqdns=("vault.vault.azure.net",),
                private_dns_zones=(VAULT_ZONE,),
            ),
        ),
        private_dns_zones=(PrivateDnsZone(name=VAULT_ZONE),),
        private_dns_zone_virtual_network_links=(link("hub"), link("aks")),
    )
    return assign(replace(base, **changes))


def link(network: str, zone: str = VAULT_ZONE, **more) -> PrivateDnsZoneVirtualNetworkLink:
    return PrivateDnsZoneVirtualNetworkLink(
        name=f"{zone}-{network}", private_dns_zone=zone, virtual_network=network, **more
    )


def with_rules(*, network=(), application=(), nat=(), base: Estate | None = None) -> Estate:
    """The estate with these collections as its only rules."""
    source = base or estate()
    return assign(
        replace(
            source,
            rule_collection_groups=(
                group(
                    nat_rule_collections=tuple(nat),
                    network_rule_collections=tuple(network),
                    application_rule_collections=tuple(application),
                ),
            ),
        )
    )


def change_subnet(source: Estate, subnet_id: str, **changes) -> Estate:
    """The estate with one subnet changed."""
    return assign(
        replace(
            source,
            subnets=tuple(
                replace(item, **changes) if item.id == subnet_id else item
                for item in source.subnets
            ),
        )
    )
