"""Self-hosted agents: what they must reach to start, to connect and to take jobs."""

from collections.abc import Iterator

from hubwright.catalogue.egress import Requirement, required
from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.rules.aks_egress import denied, place, shown
from hubwright.model.estate import Estate
from hubwright.model.origin import Origin

STEPS = (
    ("*.prod.manageddevops.microsoft.com", "the pool cannot start them"),
    ("*.queue.core.windows.net", "the pool cannot start them"),
    ("download.agent.dev.azure.com", "the agent's package is not downloaded"),
    ("login.microsoftonline.com", "they get no token"),
    ("dev.azure.com", "they stay offline"),
    ("*.vssps.visualstudio.com", "they cannot register"),
    ("*.vsblob.visualstudio.com", "artifacts do not move"),
)
"""
What agents reach first, in order, and what happens when they do not.

Sources: learn.microsoft.com/azure/devops/managed-devops-pools/configure-networking (2025-09-20),
/azure/devops/organizations/security/allow-list-ip-url (2025).
"""


def _agents(estate: Estate) -> Iterator[tuple[str, str, str, Origin]]:
    """Yield name, feature, subnet and origin of every kind of agents."""
    for machine in estate.virtual_machines:
        if machine.purpose == "agent":
            yield machine.name, "azure-devops-agent", machine.subnet, machine.origin
    for scale_set in estate.virtual_machine_scale_sets:
        yield scale_set.name, "azure-devops-agent", scale_set.subnet, scale_set.origin
    for pool in estate.managed_devops_pools:
        yield pool.name, "managed-devops-pool", pool.subnet, pool.origin


@rule("AKS038", Severity.ERROR, "agents cannot reach what they need")
def agent_egress(case: Case) -> Iterator[Finding]:
    """Walk from the subnet of every agent to everything that Azure DevOps asks for."""
    estate = case.estate
    for name, feature, home, origin in _agents(estate):
        subnet = estate.subnet_by_id.get(home)
        if subnet is None:
            continue
        found = [hit for item in _wanted(estate, feature) for hit in denied(case, subnet, item)]
        if not found:
            continue
        names = list(dict.fromkeys(text for text, _ in found))
        first, then = _first(names)
        trace = next(walk for text, walk in found if text == first)
        yield Finding(
            message=f"agents of `{name}` cannot reach {shown(names)}",
            at=place(trace, nearest(origin)),
            label=then,
            causes=((subnet.origin, f"they live in `{subnet.name}`"),),
            notes=(f"the first that fails is {first}: {then}", f"denied: {', '.join(names)}"),
            help=f"allow these names from `{subnet.name}` by application rules",
            trace=trace,
        )


def _wanted(estate: Estate, feature: str) -> tuple[Requirement, ...]:
    found = required((feature,), estate.location, estate.cloud)
    return tuple(i for i in found if i.feature == feature and i.kind == "fqdn" and i.needed)


def _first(names: list[str]) -> tuple[str, str]:
    """Return the first of some names that agents try, and what its loss does."""
    found = next(((host, then) for host, then in STEPS if host in names), None)
    return found or (names[0], "jobs that need it fail")
