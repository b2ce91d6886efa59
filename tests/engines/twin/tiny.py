"""A plan of three namespaces, by hand: a client, a router that filters and logs, a server."""

import os
from dataclasses import replace

import pytest

from hubwright.engines.twin import requirements
from hubwright.engines.twin.artefacts import (
    Document,
    Node,
    Plan,
    Resolver,
    RuleRef,
    Server,
    ServerKind,
    Tool,
)
from hubwright.model.estate import Estate

_HOW = "run as root with iproute2, nftables and util-linux installed"
netns = pytest.mark.netns
needs_namespaces = pytest.mark.skipif(
    bool(requirements.missing()),
    reason=f"{' '.join(requirements.missing())} To enable: {_HOW}.",
)

LINKS = """\
link add a0 netns client type veth peer name r0 netns router
link add s0 netns server type veth peer name r1 netns router
"""
CLIENT = (
    "link set lo up\naddr add 10.0.0.2/24 dev a0\nlink set a0 up\nroute add default via 10.0.0.1\n"
)
ROUTER = """\
link set lo up
addr add 10.0.0.1/24 dev r0
addr add 10.0.1.1/24 dev r1
link set r0 up
link set r1 up
route add 198.18.0.0/15 via 10.0.1.2
"""
SERVER = """\
link set lo up
addr add 10.0.1.2/24 dev s0
link set s0 up
route add default via 10.0.1.1
route add local 198.18.0.0/15 dev lo
"""
FILTER = """\
table ip filter {
  chain forward {
    type filter hook forward priority 0; policy accept;
    ct state established,related accept
    tcp dport 81 log group 1 prefix "drop:nsg nsg-client/deny-81 " drop
    udp dport 81 log group 1 prefix "drop:nsg nsg-client/deny-81 " drop
    tcp dport 82 drop
    tcp dport 83 log group 2 prefix "fw:net:Deny:4" drop
    tcp dport 84 log group 2 prefix "fw:default:Deny:0" drop
    tcp dport { 80, 443 } log group 2 prefix "fw:net:Allow:3"
    icmp type echo-request ip daddr 10.0.1.99 log group 1 prefix "drop:nsg nsg-client/no-ping" drop
  }
}
"""


def plan(name: str) -> Plan:
    """Return the plan under a name that no other test run uses."""
    return Plan(
        estate=f"{name}-{os.getpid()}",
        documents=(
            Document(
                name="010-namespaces.ip",
                tool=Tool.IP,
                namespace=None,
                text="netns add client\nnetns add router\nnetns add server\n",
            ),
            Document(name="020-links.ip", tool=Tool.IP, namespace=None, text=LINKS),
            Document(
                name="030-router.sysctl",
                tool=Tool.SYSCTL,
                namespace="router",
                text="net/ipv4/ip_forward=1\nnet/ipv4/tcp_congestion_control=cubic\n",
            ),
            Document(name="031-router.ip", tool=Tool.IP, namespace="router", text=ROUTER),
            Document(name="032-router.nft", tool=Tool.NFT, namespace="router", text=FILTER),
            Document(name="040-client.ip", tool=Tool.IP, namespace="client", text=CLIENT),
            Document(name="050-server.ip", tool=Tool.IP, namespace="server", text=SERVER),
        ),
        servers=(
            Server(
                name="internet",
                namespace="server",
                kind=ServerKind.WEB,
                plain_ports=(80, 81, 82, 83, 84),
                tls_ports=(443,),
                forbidden_names=("vault.contoso.com",),
            ),
            Server(
                name="echo",
                namespace="server",
                kind=ServerKind.ECHO,
                tcp_ports=(7000,),
                udp_ports=(7000, 81),
            ),
        ),
        resolvers=(
            Resolver(
                name="proxy", namespace="router", address="10.0.0.1", virtual_network="vnet-hub"
            ),
        ),
        nodes=(
            Node(
                name="client",
                namespace="client",
                kind="virtual machine",
                address="10.0.0.2",
                subnet="vnet/clients",
                nameserver="10.0.0.1",
            ),
            Node(
                name="server",
                namespace="server",
                kind="internet",
                address="10.0.1.2",
                subnet="",
                nameserver="10.0.1.1",
            ),
        ),
        rules=(
            RuleRef(
                index=3,
                kind="net",
                action="Allow",
                policy="policy",
                rule_collection_group="group",
                rule_collection="collection",
                rule="allow-web",
            ),
        ),
    )


def with_document(base: Plan, document: Document) -> Plan:
    """Return a plan with one more document at its end."""
    return replace(base, documents=(*base.documents, document))


def estate(name: str) -> Estate:
    """Return an estate that has nothing: its names resolve as on the internet."""
    return Estate(name=name, location="westeurope")
