"""The twin's plan: an estate as text for `ip`, `nft` and Envoy, with its servers and resolvers."""

from hubwright.engines.twin import fabric, nodes, sites
from hubwright.engines.twin.artefacts import Document, Plan, RuleRef, Tool
from hubwright.engines.twin.envoy import Bootstrap
from hubwright.engines.twin.firewall_nft import FirewallText
from hubwright.engines.twin.name_rules import ApplicationRules
from hubwright.engines.twin.wiring import FABRIC, SITES, Wiring
from hubwright.model.estate import Estate
from hubwright.semantics.assumptions import DEFAULTS, Assumptions


def plan(estate: Estate, assumptions: Assumptions = DEFAULTS) -> Plan:
    """
    Return everything that the driver needs to run an estate on this machine.

    Args:
        estate: An assigned estate.
        assumptions: One mode for each question that sources leave open.

    Returns:
        Documents in the order of application: namespaces, kernel settings, links, addresses,
        routes, rulesets, Envoy. The same estate gives the same text.
    """
    wiring = Wiring(estate, assumptions)
    documents = [
        _namespaces(wiring),
        fabric.sysctl(),
        *nodes.settings(wiring),
        *sites.documents(wiring),
        fabric.links(wiring),
        *nodes.documents(wiring),
        fabric.routes(wiring),
        fabric.rules(wiring),
    ]
    refs: list[RuleRef] = []
    for firewall in estate.firewalls:
        first = {kind: sum(ref.kind == kind for ref in refs) for kind in ("net", "nat", "app")}
        text = FirewallText(wiring, firewall, first["net"], first["nat"])
        application = ApplicationRules(estate, firewall, assumptions, first["app"])
        documents += [text.settings(), text.addresses(), *text.rulesets()]
        documents.append(Bootstrap(estate, firewall, assumptions, application).document())
        refs += [*text.refs(), *application.refs()]
    return Plan(
        estate=estate.name,
        documents=tuple(sorted(documents, key=lambda document: document.name[:3])),
        servers=(*nodes.servers(wiring), *sites.servers(wiring)),
        resolvers=(*nodes.resolvers(wiring), *sites.resolvers()),
        nodes=nodes.nodes(wiring),
        rules=tuple(refs),
    )


def _namespaces(wiring: Wiring) -> Document:
    names = dict.fromkeys([FABRIC, SITES, *(item.namespace for item in wiring.attachments)])
    text = "".join(f"netns add {name}\n" for name in names)
    return Document(name="010-namespaces.ip", tool=Tool.IP, namespace=None, text=text)
