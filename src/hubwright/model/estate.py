"""The whole estate: every resource as a frozen value, the same whichever source filled it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, fields
from functools import cached_property
from typing import Any, TypeVar

from hubwright.lazy_dataclass import dataclass
from hubwright.model.cluster import (
    KubernetesCluster,
    KubernetesClusterNodePool,
    KubernetesService,
)
from hubwright.model.dns_resolver import (
    PrivateDnsResolver,
    PrivateDnsResolverDnsForwardingRuleset,
    PrivateDnsResolverForwardingRule,
    PrivateDnsResolverInboundEndpoint,
    PrivateDnsResolverOutboundEndpoint,
    PrivateDnsResolverVirtualNetworkLink,
)
from hubwright.model.firewall import (
    Firewall,
    FirewallPolicy,
    FirewallPolicyRuleCollectionGroup,
    IpGroup,
)
from hubwright.model.identity import (
    FederatedIdentityCredential,
    ResourceGroup,
    RoleAssignment,
    UserAssignedIdentity,
)
from hubwright.model.ingress import (
    ApplicationGateway,
    ApplicationLoadBalancer,
    WebApplicationFirewallPolicy,
)
from hubwright.model.intent import Intent
from hubwright.model.monitor import (
    MonitorDataCollectionRule,
    MonitorDiagnosticSetting,
    MonitorMetricAlert,
    MonitorPrivateLinkScope,
    MonitorWorkspace,
)
from hubwright.model.network import (
    NatGateway,
    NetworkDdosProtectionPlan,
    NetworkInterface,
    NetworkSecurityGroup,
    NetworkWatcherFlowLog,
    PublicIp,
    RouteTable,
    Subnet,
    VirtualNetwork,
    VirtualNetworkPeering,
)
from hubwright.model.origin import NOWHERE, Origin
from hubwright.model.platform import (
    BastionHost,
    ContainerRegistry,
    KeyVault,
    LinuxVirtualMachine,
    LinuxVirtualMachineScaleSet,
    LogAnalyticsWorkspace,
    ManagedDevopsPool,
    StorageAccount,
)
from hubwright.model.private_access import (
    PrivateDnsARecord,
    PrivateDnsZone,
    PrivateDnsZoneVirtualNetworkLink,
    PrivateEndpoint,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A value that a source could not tell: known after apply only, or written nowhere."""

    name: str
    """What refers to it in the estate: `unknown:<resource address>.<argument>`."""
    reason: str
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, kw_only=True)
class Estate:
    """
    Everything that hubwright reasons on.

    Resources refer to each other by name, subnets by `vnet/subnet`. Tuples keep the source's
    order; two estates are equal when they have the same resources in the same order, wherever
    those were written.
    """

    name: str
    location: str
    cloud: str = "public"
    """`public`, `china` or `usgovernment`."""
    hub: str = ""
    """Name of the virtual network that is the hub; "" when no network holds a firewall."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """Tags of every resource."""
    resource_groups: tuple[ResourceGroup, ...] = ()
    network_ddos_protection_plans: tuple[NetworkDdosProtectionPlan, ...] = ()
    virtual_networks: tuple[VirtualNetwork, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    virtual_network_peerings: tuple[VirtualNetworkPeering, ...] = ()
    route_tables: tuple[RouteTable, ...] = ()
    network_security_groups: tuple[NetworkSecurityGroup, ...] = ()
    public_ips: tuple[PublicIp, ...] = ()
    nat_gateways: tuple[NatGateway, ...] = ()
    network_watcher_flow_logs: tuple[NetworkWatcherFlowLog, ...] = ()
    ip_groups: tuple[IpGroup, ...] = ()
    firewalls: tuple[Firewall, ...] = ()
    firewall_policies: tuple[FirewallPolicy, ...] = ()
    rule_collection_groups: tuple[FirewallPolicyRuleCollectionGroup, ...] = ()
    bastion_hosts: tuple[BastionHost, ...] = ()
    virtual_machines: tuple[LinuxVirtualMachine, ...] = ()
    virtual_machine_scale_sets: tuple[LinuxVirtualMachineScaleSet, ...] = ()
    managed_devops_pools: tuple[ManagedDevopsPool, ...] = ()
    user_assigned_identities: tuple[UserAssignedIdentity, ...] = ()
    role_assignments: tuple[RoleAssignment, ...] = ()
    federated_identity_credentials: tuple[FederatedIdentityCredential, ...] = ()
    kubernetes_clusters: tuple[KubernetesCluster, ...] = ()
    node_pools: tuple[KubernetesClusterNodePool, ...] = ()
    kubernetes_services: tuple[KubernetesService, ...] = ()
    web_application_firewall_policies: tuple[WebApplicationFirewallPolicy, ...] = ()
    application_gateways: tuple[ApplicationGateway, ...] = ()
    application_load_balancers: tuple[ApplicationLoadBalancer, ...] = ()
    container_registries: tuple[ContainerRegistry, ...] = ()
    key_vaults: tuple[KeyVault, ...] = ()
    storage_accounts: tuple[StorageAccount, ...] = ()
    log_analytics_workspaces: tuple[LogAnalyticsWorkspace, ...] = ()
    monitor_workspaces: tuple[MonitorWorkspace, ...] = ()
    monitor_diagnostic_settings: tuple[MonitorDiagnosticSetting, ...] = ()
    monitor_data_collection_rules: tuple[MonitorDataCollectionRule, ...] = ()
    monitor_metric_alerts: tuple[MonitorMetricAlert, ...] = ()
    monitor_private_link_scopes: tuple[MonitorPrivateLinkScope, ...] = ()
    private_endpoints: tuple[PrivateEndpoint, ...] = ()
    private_dns_zones: tuple[PrivateDnsZone, ...] = ()
    private_dns_zone_virtual_network_links: tuple[PrivateDnsZoneVirtualNetworkLink, ...] = ()
    private_dns_resolvers: tuple[PrivateDnsResolver, ...] = ()
    private_dns_resolver_inbound_endpoints: tuple[PrivateDnsResolverInboundEndpoint, ...] = ()
    private_dns_resolver_outbound_endpoints: tuple[PrivateDnsResolverOutboundEndpoint, ...] = ()
    dns_forwarding_rulesets: tuple[PrivateDnsResolverDnsForwardingRuleset, ...] = ()
    dns_forwarding_rules: tuple[PrivateDnsResolverForwardingRule, ...] = ()
    dns_forwarding_virtual_network_links: tuple[PrivateDnsResolverVirtualNetworkLink, ...] = ()
    network_interfaces: tuple[NetworkInterface, ...] = ()
    """Made by `semantics.assigned`: what the platform attaches and the addresses it hands out."""
    private_dns_a_records: tuple[PrivateDnsARecord, ...] = ()
    """Made by `semantics.assigned`: the records that endpoints and AKS write."""
    intents: tuple[Intent, ...] = field(default=(), compare=False)
    """What the author claims of the network; nothing of it is deployed."""
    unknowns: tuple[Unknown, ...] = ()
    """What the source could not tell; whatever hangs on one of them is unknown too."""
    origin: Origin = field(default=NOWHERE, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        """Return the fields alone for a pickle: what is derived from them is derived anew."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """Scratch space in which semantics keeps what it derives from this very estate."""
        return {}

    @cached_property
    def virtual_network_by_name(self) -> dict[str, VirtualNetwork]:
        """Virtual networks by name."""
        return {item.name: item for item in self.virtual_networks}

    @cached_property
    def subnet_by_id(self) -> dict[str, Subnet]:
        """Subnets by `vnet/subnet`."""
        return {item.id: item for item in self.subnets}

    @cached_property
    def route_table_by_name(self) -> dict[str, RouteTable]:
        """Route tables by name."""
        return {item.name: item for item in self.route_tables}

    @cached_property
    def network_security_group_by_name(self) -> dict[str, NetworkSecurityGroup]:
        """Network security groups by name."""
        return {item.name: item for item in self.network_security_groups}

    @cached_property
    def public_ip_by_name(self) -> dict[str, PublicIp]:
        """Public IPs by name."""
        return {item.name: item for item in self.public_ips}

    @cached_property
    def nat_gateway_by_name(self) -> dict[str, NatGateway]:
        """NAT gateways by name."""
        return {item.name: item for item in self.nat_gateways}

    @cached_property
    def ip_group_by_name(self) -> dict[str, IpGroup]:
        """IP groups by name."""
        return {item.name: item for item in self.ip_groups}

    @cached_property
    def firewall_policy_by_name(self) -> dict[str, FirewallPolicy]:
        """Firewall policies by name."""
        return {item.name: item for item in self.firewall_policies}

    @cached_property
    def network_interface_by_name(self) -> dict[str, NetworkInterface]:
        """Network interfaces by name."""
        return {item.name: item for item in self.network_interfaces}

    def subnets_of(self, virtual_network: str) -> tuple[Subnet, ...]:
        """Return the subnets of a network, in the source's order."""
        return tuple(s for s in self.subnets if s.virtual_network == virtual_network)

    def groups_of(self, policy: str) -> tuple[FirewallPolicyRuleCollectionGroup, ...]:
        """Return a policy's rule collection groups, lowest priority number first."""
        groups = [g for g in self.rule_collection_groups if g.firewall_policy == policy]
        return tuple(sorted(groups, key=lambda group: group.priority))

    def policy_chain(self, policy: str) -> tuple[FirewallPolicy, ...]:
        """Return a policy's ancestors and itself, the oldest first; a cycle is cut."""
        chain: list[FirewallPolicy] = []
        name: str | None = policy
        while name is not None and name in self.firewall_policy_by_name:
            item = self.firewall_policy_by_name[name]
            if item in chain:
                break
            chain.append(item)
            name = item.base_policy
        return tuple(reversed(chain))

    def resources(self) -> Iterator[Any]:
        """Iterate over every resource, type by type in field order."""
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, tuple) and item.name != "intents":
                yield from value  # pyright: ignore[reportUnknownVariableType]


def by_name(items: Iterable[T], name: str) -> T | None:
    """Return the item of that name, or None."""
    return next((item for item in items if getattr(item, "name", None) == name), None)
