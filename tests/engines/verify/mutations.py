"""One change of the reference design for each rule: it triggers that rule and nothing else."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import yaml

from builders import network_collection, network_rule, prefix
from hubwright.model.estate import Estate
from hubwright.model.firewall import Action, FirewallPolicyRuleCollectionGroup
from hubwright.model.identity import RoleAssignment
from hubwright.model.network import SecurityRule, VirtualNetwork, VirtualNetworkPeering

# In a mapping, null takes a key away; a list is replaced; `+key` appends to the list `key`.
MUTATIONS: dict[str, str] = {
    "INTENT001": "intents: [{allow: github.com, from: PodSubnet}]",
    "INTENT002": "intents: [{deny: github.com, from: VmSubnet}]",
    "INTENT003": "intents: [{must-cross: contoso-vault, from: AksSubnet}]",
    "INTENT004": """
hub: {subnets: {ToolSubnet: {address_prefix: 10.0.2.0/24, route_table: false}}}
spokes: {aks: {subnets: {VmSubnet: {address_prefix: 10.1.48.0/24, routes: [
  {name: tools, address_prefix: 10.0.2.0/24, next_hop_type: VirtualAppliance,
   next_hop_in_ip_address: 10.0.0.4}]}}}}
intents: [{symmetric: VmSubnet, from: ToolSubnet}]
""",
    "INTENT005": "intents: [{resolves: other.vault.azure.net, from: hub}]",
    "INTENT006": """
intents: [{deny: 20.0.0.0/8, from: AksSubnet, ports: 443, protocol: TCP}]
egress: {tags: [{name: monitoring, from: [aks/AksSubnet], to: [AzureMonitor]}]}
""",
    "ROUTE001": """
spokes: {aks: {subnets: {VmSubnet: {address_prefix: 10.1.48.0/24, route_table: false,
  default_outbound_access: true}}}}
""",
    "ROUTE002": """
spokes: {aks: {subnets: {VmSubnet: {address_prefix: 10.1.48.0/24, route_table: false}}}}
""",
    "ROUTE003": """
spokes: {aks: {subnets: {AksSubnet: {address_prefix: 10.1.0.0/20, route_table: {routes: [
  {name: default, address_prefix: 0.0.0.0/0, next_hop_type: VirtualAppliance,
   next_hop_in_ip_address: 10.0.0.4},
  {name: web, address_prefix: "pip:pip-afw-web/32", next_hop_type: Internet}]}}}}}
""",
    "ROUTE004": """
spokes: {aks: {subnets: {AksSubnet: {address_prefix: 10.1.0.0/20,
  default_outbound_access: false}}}}
""",
    "ROUTE005": """
spokes: {aks: {subnets: {AppGatewaySubnet: {address_prefix: 10.1.49.0/24, route_table: true}}}}
""",
    "ROUTE006": """
hub: {subnets: {AzureBastionSubnet: {address_prefix: 10.0.1.0/26, route_table: true}}}
""",
    "ROUTE007": """
spokes: {aks: {subnets: {VmSubnet: {address_prefix: 10.1.48.0/24, route_table: {routes: [
  {name: default, address_prefix: 0.0.0.0/0, next_hop_type: VirtualAppliance,
   next_hop_in_ip_address: 10.0.0.99}]}}}}}
""",
    "ROUTE008": """
hub: {subnets: {AzureFirewallSubnet: {address_prefix: 10.0.0.0/26, route_table: {routes: [
  {name: default, address_prefix: 0.0.0.0/0, next_hop_type: VirtualAppliance,
   next_hop_in_ip_address: 10.0.0.4}]}}}}
""",
    "ROUTE009": """
spokes: {aks: {subnets: {AksSubnet: {address_prefix: 10.1.0.0/20, routes: [
  {name: hub, address_prefix: 10.0.0.0/16, next_hop_type: VirtualAppliance,
   next_hop_in_ip_address: 10.0.0.4}]}}}}
""",
    "ROUTE010": """
spokes: {aks: {subnets: {VmSubnet: {address_prefix: 10.1.48.0/24,
  service_endpoints: [Microsoft.Storage]}}}}
""",
    "ROUTE011": "spokes: {aks: {peering: {from_hub: false}}}",
    "ROUTE012": "spokes: {aks: {peering: {to_hub: {allow_forwarded_traffic: false}}}}",
    "ROUTE013": """
spokes: {aks: {subnets: {PodSubnet: {address_prefix: 10.1.16.0/20, route_table: false}}}}
""",
    "AFW001": """
egress: {+addresses: [{name: everything, from: [aks/AksSubnet], to: ["*"]}]}
""",
    "AFW002": """
egress: {+fqdns: [{name: again, from: [aks/AksSubnet], to: [docker.io]}]}
""",
    "AFW004": "hub: {firewall: {dns_proxy: false}}",
    "AFW020": "{hub: {firewall: {dns_proxy: false}}, egress: {addresses: []}}",
    "AFW021": "hub: {firewall: {threat_intelligence_mode: Alert}}",
    "AFW005": "spokes: {aks: {dns_servers: azure}}",
    "AFW006": """
hub: {firewall: {policy: {rule_collection_groups: [
  {name: more, priority: 300, nat_rule_collections: [{name: dnat, priority: 100, rules: [
    {name: more, protocols: [TCP], source_addresses: ["*"], destination_address: pip-afw-hub-1,
     destination_ports: [8080], translated_address: 10.1.15.250, translated_port: 80}]}]}]}}}
""",
    "AFW007": """
hub: {firewall: {policy: {parent: {name: afwp-base, rule_collection_groups: [
  {name: more, priority: 300, nat_rule_collections: [{name: dnat, priority: 100, rules: [
    {name: more, protocols: [TCP], source_addresses: [198.51.100.0/24],
     destination_address: pip-afw-hub-1, destination_ports: [8080],
     translated_address: 10.1.15.250, translated_port: 80}]}]}]}}}}
""",
    "AFW008": "hub: {firewall: {sku_tier: Standard, policy: {sku: Premium}}}",
    "AFW009": "hub: {firewall: {sku_tier: Standard, intrusion_detection: Alert}}",
    "AFW010": 'hub: {firewall: {threat_intelligence_mode: "Off"}}',
    "AFW011": """
egress: {+fqdns: [{name: by-address, from: [aks/AksSubnet], to: [93.184.216.34]}]}
""",
    "AFW013": """
egress: {+addresses: [{name: dns, from: [aks/AksSubnet], to: ["*"], protocol: UDP, ports: [53]}]}
""",
    "AFW014": """
hub: {firewall: {threat_intelligence_mode: Alert,
  policy: {parent: {name: afwp-base, threat_intelligence_mode: Deny}}}}
""",
    "AFW015": """
hub: {firewall: {policy: {rule_collection_groups: [
  {name: more, priority: 300, nat_rule_collections: [{name: dnat, priority: 100, rules: [
    {name: more, protocols: [TCP], source_addresses: [198.51.100.0/24],
     destination_address: pip-afw-hub-1, destination_ports: [2222],
     translated_address: 10.1.48.99, translated_port: 22}]}]}]}}}
""",
    "AFW016": """
hub: {firewall: {policy: {rule_collection_groups: [
  {name: more, priority: 300, nat_rule_collections: [{name: dnat, priority: 100, rules: [
    {name: more, protocols: [TCP], source_addresses: [198.51.100.0/24],
     destination_address: 20.50.1.1, destination_ports: [8080],
     translated_address: 10.1.15.250, translated_port: 80}]}]}]}}}
""",
    "AFW017": """
egress: {+fqdns: [{name: old, from: [aks/AksSubnet], to: [acs-mirror.azureedge.net]}]}
""",
    "AFW018": """
hub: {firewall: {tls_inspection: {key_vault_secret: firewall-ca}, policy: {rule_collection_groups: [
  {name: inspect, priority: 150, application_rule_collections: [
    {name: inspect, priority: 100, action: Allow, rules: [{name: microsoft,
      protocols: ["Https:443"], source_addresses: [aks/AksSubnet],
      destination_fqdns: [mcr.microsoft.com], terminate_tls: true}]}]}]}}}
""",
    "AFW019": """
egress: {tags: [{name: azure, from: [aks/AksSubnet], to: [AzureCloud.westeurope], ports: [443]}]}
""",
    "AFW040": """
egress: {+fqdns: [{name: search, from: [aks/VmSubnet], to: [www.bing.com]}],
  +addresses: [{name: low, from: [aks/VmSubnet], to: [0.0.0.0/1], ports: [443]},
    {name: high, from: [aks/VmSubnet], to: [128.0.0.0/1], ports: [443]}]}
""",
    "AFW041": """
egress: {+fqdns: [{name: one, from: [aks/AksSubnet], to: [a.example.com]},
  {name: all, from: [aks/AksSubnet], to: ["*.example.com"]}]}
""",
    "AFW042": """
egress: {+fqdns: [{name: not-one, from: [aks/AksSubnet], to: [a.example.com], action: Deny},
  {name: all, from: [aks/AksSubnet], to: ["*.example.com"]}]}
""",
    "AFW043": """
egress: {+fqdns: [{name: none, from: [10.1.0.0/21], to: ["*.example.com"], action: Deny},
  {name: one, from: [aks/AksSubnet], to: [a.example.com]}]}
""",
    "AFW044": """
egress: {+addresses: [{name: machines, from: [aks/AksSubnet], to: [10.1.48.0/24], ports: [22]}]}
""",
    "AFW045": """
hub: {firewall: {policy: {rule_collection_groups: [
  {name: shared, priority: 150, application_rule_collections: [
    {name: shared, priority: 100, action: Allow, rules: [{name: microsoft,
      protocols: ["Https:443"], source_addresses: [aks/AksSubnet],
      destination_fqdns: ["*.microsoft.com"]}]}]}]}}}
""",
    "AFW046": """
spokes: {bank: {address_space: [10.9.0.0/16], subnets: {BankSubnet: 10.9.0.0/24}}}
agents: [{subnet: bank/BankSubnet}]
egress: {+fqdns: [{name: docs, from: ["*"], to: [docs.example.com]},
  {name: api, from: [bank/BankSubnet], to: ["*.privatelink.westeurope.azmk8s.io"]}]}
""",
    "DNS001": "private_dns: {links: {privatelink.vaultcore.azure.net: [aks]}}",
    "DNS002": "private_dns: {links: {privatelink.westeurope.azmk8s.io: [aks]}}",
    "DNS003": "key_vault: {private_endpoint: {zones: []}}",
    "DNS004": "cluster: {private_dns_zone: system}",
    "DNS005": "{hub: {firewall: {dns_proxy: false}}, spokes: {aks: {dns_servers: [10.0.0.4]}}}",
    "DNS006": "{spokes: {aks: {dns_servers: [9.9.9.9]}}, egress: {addresses: []}}",
    "PE001": "key_vault: {public_network_access: true}",
    "PE002": """
spokes: {aks: {subnets: {PodSubnet: {address_prefix: 10.1.16.0/20, routes: [
  {name: endpoint, address_prefix: 10.1.48.4/32, next_hop_type: VirtualAppliance,
   next_hop_in_ip_address: 10.0.0.4}]}}}}
""",
    "PE003": "registry: {private_endpoint: {fqdns: [contosoregistry.azurecr.io]}}",
    "PE004": "registry: {sku: Standard, zone_redundancy: false}",
    "ADDR005": "spokes: {aks: {subnets: {PodSubnet: 10.1.16.0/25}}}",
    "ADDR006": """
spokes: {aks: {subnets: {VmSubnet: {address_prefix: 10.1.48.0/24,
  default_outbound_access: true}}}}
""",
    "ADDR008": "hub: {subnets: {azurefirewallsubnet: 10.0.2.0/26}}",
    "NSG001": """
spokes: {aks: {subnets: {VmSubnet: {address_prefix: 10.1.48.0/24, network_security_group: {
  extra_rules: [{name: ssh, priority: 150, direction: Inbound, access: Allow, protocol: Tcp,
    destination_port_ranges: [22], source_address_prefixes: [Internet]}]}}}}}
""",
    "NSG002": """
hub: {subnets: {AzureBastionSubnet: {address_prefix: 10.0.1.0/26, network_security_group: {
  rules: [{name: https, priority: 100, direction: Inbound, access: Allow, protocol: Tcp,
    destination_port_ranges: [443], source_address_prefixes: [Internet]}]}}}}
""",
    "NSG004": """
spokes: {aks: {subnets: {AksSubnet: {address_prefix: 10.1.0.0/20, network_security_group: {
  extra_rules: [{name: no-probes, priority: 101, direction: Inbound, access: Deny,
    source_address_prefixes: [AzureLoadBalancer]}]}}}}}
""",
    "NSG005": """
spokes: {aks: {subnets: {VmSubnet: {address_prefix: 10.1.48.0/24,
  network_security_group: false}}}}
""",
    "NSG006": """
spokes: {aks: {subnets: {AksSubnet: {address_prefix: 10.1.0.0/20, network_security_group: {
  extra_rules: [{name: no-http, priority: 100, direction: Inbound, access: Deny, protocol: Tcp,
    source_address_prefixes: [10.0.0.0/26], destination_port_ranges: [80]}]}}}}}
""",
    "NSG007": """
spokes: {aks: {subnets: {VmSubnet: {address_prefix: 10.1.48.0/24, network_security_group: {
  extra_rules: [{name: web, priority: 300, direction: Inbound, access: Allow, protocol: Tcp,
    destination_port_ranges: [443], source_address_prefixes: [10.0.0.0/16]},
    {name: no-web, priority: 310, direction: Inbound, access: Deny, protocol: Tcp,
    destination_port_ranges: [443], source_address_prefixes: [10.0.1.0/24]}]}}}}}
""",
    "NSG008": """
spokes: {aks: {subnets: {VmSubnet: {address_prefix: 10.1.48.0/24, network_security_group: {
  extra_rules: [{name: web, priority: 300, direction: Inbound, access: Allow, protocol: Tcp,
    destination_port_ranges: [443], source_address_prefixes: [10.1.0.0/16],
    destination_address_prefixes: [10.1.48.0/24]}]}}}}}
""",
    "AKS001": "cluster: {local_accounts: true}",
    "AKS002": "cluster: {private: false, authorized_ip_ranges: []}",
    "AKS003": "cluster: {private: false, authorized_ip_ranges: [198.51.100.0/24]}",
    "AKS004": "cluster: {pools: {system: {tainted: false}}}",
    "AKS005": "cluster: {pools: {user: null}}",
    "AKS006": "cluster: {pools: {user: {zones: [1]}}}",
    "AKS007": "cluster: {sku_tier: Free}",
    "AFW031": """
egress: {+fqdns: [{name: storage, from: [aks/VmSubnet], to: ["*.blob.core.windows.net"]}]}
""",
    "AFW032": """
egress: {+fqdns: [{name: gpu, from: [aks/AksSubnet], to: [nvidia.github.io]}]}
""",
    "AFW033": """
egress: {+addresses: [{name: tunnel, from: [aks/AksSubnet], to: [AzureCloud.westeurope],
  protocol: UDP, ports: [1194]}]}
""",
    "HA001": "hub: {firewall: {zones: [1]}}",
    "HA002": "registry: {zone_redundancy: false}",
    "HA003": "cluster: {pools: {system: {count: 1}}}",
    "NSG022": """
spokes: {aks: {subnets: {AksSubnet: {address_prefix: 10.1.0.0/20, network_security_group: {
  extra_rules: [{name: no-kubelet, priority: 100, direction: Inbound, access: Deny,
    destination_port_ranges: [10250]}]}}}}}
""",
    "PE020": """
spokes: {aks: {subnets: {VmSubnet: {address_prefix: 10.1.48.0/24, network_security_group: {
  extra_rules: [{name: no-endpoints, priority: 100, direction: Outbound, access: Deny,
    protocol: Tcp, destination_address_prefixes: [10.1.48.0/24],
    destination_port_ranges: [443]}]}}}}}
""",
    "PE021": "key_vault: {private_endpoint: false}",
    "PE023": "key_vault: {purge_protection: false}",
    "IDN006": """
cluster: {azure_rbac: false, admin_group_object_ids: [0b1f6471-1bf0-4dda-aec3-cb9272f09590]}
""",
    "IDN007": "registry: {admin_enabled: true}",
    "IDN010": "jumpbox: {entra_login: false}",
    "LOG001": "monitoring: {diagnostic_settings: false}",
    "LOG002": """
cluster: {features: [azure-policy, key-vault-csi, workload-identity]}
log_analytics: null
""",
    "LOG005": "monitoring: {flow_logs: false}",
    "LOG007": "jumpbox: {azure_monitor_agent: false}",
    "AKS038": """
agents: [{subnet: aks/VmSubnet, tools: false}]
egress: {+fqdns: [{name: no-packages, from: [aks/VmSubnet], to: [download.agent.dev.azure.com],
  action: Deny}]}
""",
    "AFW034": 'hub: {firewall: {intrusion_detection: "Off"}}',
    "AFW035": """
hub: {firewall: {policy: {rule_collection_groups: [
  {name: inspect, priority: 150, application_rule_collections: [
    {name: inspect, priority: 100, action: Allow, rules: [{name: partner,
      protocols: ["Https:443"], source_addresses: [aks/VmSubnet],
      destination_fqdns: ["*.example.com"], terminate_tls: true}]}]}]}}}
""",
    "AFW036": "hub: {firewall: {private_ip_ranges: [0.0.0.0/0]}}",
    "ROUTE020": """
hub: {subnets: {GatewaySubnet: 10.0.2.0/27}}
spokes: {aks: {subnets: {VmSubnet: {address_prefix: 10.1.48.0/24, route_table: {
  bgp_route_propagation_enabled: true}}}}}
""",
    "LIFE001": 'cluster: {kubernetes_version: "1.33"}',
    "LIFE002": """
cluster: {network_plugin: kubenet, pools: {system: {mode: System, subnet: AksSubnet},
  user: {mode: User, subnet: AksSubnet}}}
""",
    "LIFE003": "cluster: {network_data_plane: azure, network_policy: azure}",
    "LIFE004": "cluster: {pools: {user: {os_sku: Ubuntu2204}}}",
    "LIFE008": "cluster: {pools: {user: {vm_size: Standard_DS2_v2}}}",
    "AKS009": """
egress: {+fqdns: [{name: no-mcr, from: [aks/AksSubnet], to: [mcr.microsoft.com], action: Deny}]}
""",
    "AKS010": """
egress: {+fqdns: [{name: no-policy, from: [aks/AksSubnet], to: [data.policy.core.windows.net],
  action: Deny}]}
""",
    "AKS011": """
spokes: {aks: {subnets: {AksSubnet: {address_prefix: 10.1.0.0/20, route_table: {routes: [
  {name: web, address_prefix: "pip:pip-afw-web/32", next_hop_type: Internet}]}}}}}
""",
    "AKS012": "cluster: {authorized_ip_ranges: [198.51.100.0/24]}",
    "AKS014": """
egress: {+fqdns: [{name: no-mcrprod, from: [aks/AksSubnet], to: [mcrprod.azurecr.io],
  action: Deny}]}
""",
    "AKS015": "cluster: {outbound_type: loadBalancer}",
    "LIMIT011": "cluster: {pools: {user: {min: 3, max: 60}}}",
    "AKS016": "cluster: {network_data_plane: azure, network_policy: cilium}",
}


def mutate(text: str, code: str) -> str:
    """Return the design with the rule's change, as YAML."""
    return yaml.safe_dump(
        merge(yaml.safe_load(text), yaml.safe_load(MUTATIONS[code])), sort_keys=False
    )


def merge(base: Any, change: Any) -> Any:
    """Return a mapping with another laid over it."""
    if not isinstance(base, dict) or not isinstance(change, dict):
        return deepcopy(change)
    out = dict(base)
    for key, value in change.items():
        if key.startswith("+"):
            out[key[1:]] = [*out.get(key[1:], []), *value]
        elif value is None:
            out.pop(key)
        else:
            out[key] = merge(out.get(key), value)
    return out


def _cluster(**changes: Any) -> Callable[[Estate], Estate]:
    return lambda estate: replace(
        estate,
        kubernetes_clusters=tuple(replace(c, **changes) for c in estate.kubernetes_clusters),
    )


def _subnet(name: str, **changes: Any) -> Callable[[Estate], Estate]:
    return lambda estate: replace(
        estate,
        subnets=tuple(replace(s, **changes) if s.name == name else s for s in estate.subnets),
    )


def _same_priority(estate: Estate) -> Estate:
    groups = tuple(
        FirewallPolicyRuleCollectionGroup(
            name=name,
            firewall_policy="afwp-hub",
            priority=300,
            network_rule_collections=(
                network_collection(
                    name,
                    100,
                    Action.ALLOW,
                    network_rule(
                        name,
                        source_addresses=("10.1.48.0/24",),
                        destination_addresses=(space,),
                        destination_ports=("22",),
                    ),
                ),
            ),
        )
        for name, space in (("one", "10.9.0.0/24"), ("two", "10.9.1.0/24"))
    )
    return replace(estate, rule_collection_groups=(*estate.rule_collection_groups, *groups))


def _same_security_priority(estate: Estate) -> Estate:
    rules = tuple(
        SecurityRule(
            name=name,
            priority=300,
            direction="Inbound",
            access="Allow",
            protocol="Tcp",
            destination_port_ranges=(port,),
            source_address_prefixes=("192.0.2.0/24",),
        )
        for name, port in (("web", "443"), ("api", "8443"))
    )
    return replace(
        estate,
        network_security_groups=tuple(
            replace(g, security_rules=(*g.security_rules, *rules))
            if g.name == "nsg-aks-VmSubnet"
            else g
            for g in estate.network_security_groups
        ),
    )


def _overlapping_peer(estate: Estate) -> Estate:
    network = VirtualNetwork(
        name="vnet-other", location=estate.location, address_space=prefix("10.1.128.0/17")
    )
    pairs = ((network.name, estate.hub), (estate.hub, network.name))
    peerings = tuple(
        VirtualNetworkPeering(
            name=f"{one}-to-{other}",
            virtual_network=one,
            remote_virtual_network=other,
            allow_forwarded_traffic=True,
        )
        for one, other in pairs
    )
    return replace(
        estate,
        virtual_networks=(*estate.virtual_networks, network),
        virtual_network_peerings=(*estate.virtual_network_peerings, *peerings),
    )


ESTATE_MUTATIONS: dict[str, Callable[[Estate], Estate]] = {
    "AFW003": _same_priority,
    "AFW012": lambda estate: replace(
        estate,
        firewalls=tuple(
            replace(f, management_public_ip="pip-management") for f in estate.firewalls
        ),
    ),
    "ADDR001": _subnet("AzureBastionSubnet", address_prefixes=prefix("10.0.0.64/27")),
    "ADDR002": _overlapping_peer,
    "ADDR003": _cluster(service_cidr="10.1.128.0/17", dns_service_ip="10.1.128.10"),
    "ADDR004": _cluster(service_cidr="172.31.0.0/16", dns_service_ip="172.31.0.10"),
    "ADDR009": _cluster(dns_service_ip="172.17.0.10"),
    "NSG003": _subnet("AzureFirewallSubnet", network_security_group="nsg-aks-AksSubnet"),
    "NSG009": _same_security_priority,
    "AKS013": _cluster(private_dns_zone="None"),
    "IDN001": lambda estate: replace(
        estate,
        role_assignments=(
            *estate.role_assignments,
            RoleAssignment(
                scope="resource_group:rg-contoso-hub",
                role_definition_name="Contributor",
                principal="user_assigned_identity:id-aks-contoso",
            ),
        ),
    ),
}
"""Changes that a design cannot express, since its reader refuses them; plans and live can."""
