"""Estates of many shapes, for pictures: sizes, long and nasty names, parts left out."""

from dataclasses import replace

from hypothesis import strategies as st

import builders
from hubwright.model.address import Prefix
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall, NatRuleCollection
from hubwright.model.network import PublicIp, Subnet, VirtualNetwork
from hubwright.model.platform import KeyVault, LinuxVirtualMachine
from hubwright.model.private_access import PrivateDnsZone
from hubwright.semantics.assigned import assign

NASTY = "a<b>&\"c' ]]> --> ünïcödé \u6f22\u5b57"
LONG = "a-very-long-name-that-nobody-should-give-but-somebody-always-does-westeurope-production"


def spread(
    spokes: int,
    subnets: int = 3,
    *,
    name: str = "spoke",
    machines: int = 1,
    public_ips: int = 3,
    hub_subnets: int = 1,
) -> Estate:
    """A hub and spokes, the first with the cluster of `builders.estate`."""
    base = builders.estate()
    networks, more, peerings, vms = [], [], [], []
    more += [_subnet("hub", f"{name}-{n}", f"10.0.{n + 2}.0/24") for n in range(hub_subnets)]
    for n in range(2, spokes + 1):
        spoke = f"{name}-{n}"
        space = (Prefix.parse(f"10.{n}.0.0/16"),)
        networks.append(VirtualNetwork(name=spoke, location="westeurope", address_space=space))
        peerings += builders.peered("hub", spoke)
        for m in range(subnets):
            more.append(_subnet(spoke, f"{name}-{m}", f"10.{n}.{m}.0/24"))
            vms += [
                LinuxVirtualMachine(name=f"vm-{name}-{n}-{m}-{k}", subnet=more[-1].id)
                for k in range(machines)
            ]
    return assign(
        replace(
            base,
            name=name,
            virtual_networks=(*base.virtual_networks, *networks),
            subnets=(*base.subnets, *more),
            virtual_network_peerings=(*base.virtual_network_peerings, *peerings),
            virtual_machines=(*base.virtual_machines, *vms),
            **_firewall(base, name, public_ips),
        )
    )


def _subnet(network: str, name: str, space: str) -> Subnet:
    return Subnet(
        name=name,
        virtual_network=network,
        address_prefixes=(Prefix.parse(space),),
        network_security_group=f"nsg-{name}",
        route_table=f"rt-{name}",
    )


def _firewall(base: Estate, name: str, public_ips: int):
    """Public IPs beside those of the base, each with a rule to a machine or a workload."""
    more = tuple(PublicIp(name=f"pip-{name}-{n}") for n in range(4, public_ips + 1))
    firewall = replace(
        base.firewalls[0],
        public_ips=(*base.firewalls[0].public_ips, *(item.name for item in more))[:public_ips],
    )
    rules = tuple(
        builders.dnat(f"{name}-{n}", item.name, "10.2.0.4" if n % 2 else "10.1.15.250", 1000 + n)
        for n, item in enumerate(more)
    )
    collection = NatRuleCollection(name="more", priority=300, rules=rules)
    group = builders.group("more", priority=300, nat_rule_collections=(collection,))
    return {
        "public_ips": (*base.public_ips, *more),
        "firewalls": (firewall,),
        "rule_collection_groups": (*base.rule_collection_groups, group),
    }


def without_firewall() -> Estate:
    base = builders.estate()
    return assign(replace(base, firewalls=(), firewall_policies=(), rule_collection_groups=()))


def hub_only() -> Estate:
    base = builders.estate()
    return Estate(
        name="hub only",
        location="westeurope",
        hub="hub",
        virtual_networks=base.virtual_networks[:1],
        subnets=base.subnets[:2],
        firewalls=base.firewalls,
        firewall_policies=base.firewall_policies,
        public_ips=base.public_ips[:3],
    )


def without_hub() -> Estate:
    return replace(without_firewall(), hub="", virtual_network_peerings=())


def without_cluster() -> Estate:
    base = builders.estate()
    return assign(replace(base, kubernetes_clusters=(), node_pools=(), kubernetes_services=()))


def unassigned() -> Estate:
    base = builders.estate()
    return replace(
        base,
        network_interfaces=(),
        private_dns_a_records=(),
        public_ips=tuple(replace(item, ip_address=None) for item in base.public_ips),
        firewalls=tuple(replace(item, private_ip_address=None) for item in base.firewalls),
    )


def many_zones() -> Estate:
    base = builders.estate()
    return replace(
        base,
        private_dns_zones=tuple(PrivateDnsZone(name=f"privatelink.{n}.{LONG}") for n in range(14)),
        key_vaults=tuple(KeyVault(name=f"{LONG}-{n}") for n in range(5)),
    )


def many_prefixes() -> Estate:
    """One spoke whose address space is too long for its header."""
    base = builders.estate()
    hub, aks = base.virtual_networks
    more = tuple(Prefix.parse(f"10.{n}.0.0/16") for n in range(100, 130))
    return replace(
        base,
        virtual_networks=(
            replace(hub, address_space=(*hub.address_space, *more)),
            replace(aks, address_space=(*aks.address_space, *more)),
        ),
    )


def bare_firewall() -> Estate:
    """A firewall whose subnet, policy and public IPs nobody declares."""
    network = VirtualNetwork(
        name="hub", location="westeurope", address_space=(Prefix.parse("10.0.0.0/16"),)
    )
    firewall = Firewall(
        name=LONG,
        location="westeurope",
        sku_tier="Standard",
        virtual_network="hub",
        firewall_policy="nowhere",
        public_ips=("missing",),
    )
    return Estate(
        name="bare",
        location="westeurope",
        hub="hub",
        virtual_networks=(network,),
        firewalls=(firewall,),
    )


SHAPES = {
    "article": builders.estate,
    "two-spokes": lambda: spread(2),
    "three-spokes": lambda: spread(3),
    "seven-spokes": lambda: spread(7, public_ips=8),
    "thirty-subnets": lambda: spread(2, 30, hub_subnets=30),
    "long-names": lambda: spread(3, 4, name=LONG, machines=3, public_ips=14),
    "nasty-names": lambda: spread(2, 2, name=NASTY),
    "one-public-ip": lambda: spread(1, public_ips=1),
    "two-public-ips": lambda: spread(1, public_ips=2),
    "no-public-ips": lambda: spread(1, public_ips=0),
    "no-firewall": without_firewall,
    "hub-only": hub_only,
    "no-hub": without_hub,
    "no-cluster": without_cluster,
    "unassigned": unassigned,
    "many-zones": many_zones,
    "many-prefixes": many_prefixes,
    "bare-firewall": bare_firewall,
    "empty": lambda: Estate(name="", location=""),
}

names = st.text(
    alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="/"),
    min_size=1,
    max_size=60,
)
generated = st.builds(
    lambda spokes, subnets, name, machines, public_ips, hub_subnets: spread(
        spokes,
        subnets,
        name=name,
        machines=machines,
        public_ips=public_ips,
        hub_subnets=hub_subnets,
    ),
    st.integers(1, 7),
    st.integers(0, 5),
    names,
    st.integers(0, 3),
    st.integers(0, 14),
    st.integers(0, 4),
)
