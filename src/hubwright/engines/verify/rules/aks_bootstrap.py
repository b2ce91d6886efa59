"""A node's bootstrap, replayed: what it tries, in order, and the exit code where it stops."""

from hubwright.catalogue.egress import API_SERVER, AZURE_DNS_EXIT_CODE, NodeCheck, node_checks
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import spokesman
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import format_address
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.flow import Disposition, Trace
from hubwright.model.network import Subnet
from hubwright.semantics.dns import servers
from hubwright.semantics.names import AZURE_DNS


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the bootstrap, and how it ended."""

    check: NodeCheck
    trace: Trace | None
    failed: bool
    exit_code: int | None


def replay(case: Case, cluster: KubernetesCluster, subnet: Subnet) -> tuple[Step, ...]:
    """
    Return the steps of a node's bootstrap in a subnet, up to the first that ends it.

    A step whose answer is unknown counts as passed: the rules on it say so themselves.
    """
    steps: list[Step] = []
    source, name = spokesman(case.estate, subnet), _api_name(case, cluster)
    for check in node_checks(cluster.location, case.estate.cloud):
        host = name if check.host == API_SERVER else check.host
        trace = case.https(source, host) if host else None
        failed = trace is not None and _fails(check, trace)
        code = check.exit_code if failed else None
        if failed and check.protocol == "UDP" and _asks_azure(case, subnet):
            code = AZURE_DNS_EXIT_CODE
        steps.append(Step(check, trace, failed, code))
        if code is not None:
            break
    return tuple(steps)


def _api_name(case: Case, cluster: KubernetesCluster) -> str | None:
    """Return the name by which nodes know their API server."""
    if not cluster.private_cluster_enabled:
        return f"{cluster.dns_prefix}.hcp.{cluster.location}.azmk8s.io"
    found = (e for e in case.estate.private_endpoints if e.target == cluster.name and e.fqdns)
    endpoint = next(found, None)
    return endpoint.fqdns[0] if endpoint else None


def _fails(check: NodeCheck, trace: Trace) -> bool:
    unresolved = trace.disposition is Disposition.NAME_UNRESOLVED
    if check.protocol == "UDP":
        return unresolved
    known = trace.disposition is not Disposition.INSUFFICIENT_INFO
    return known and not trace.disposition.is_success and not unresolved


def _asks_azure(case: Case, subnet: Subnet) -> bool:
    return servers(case.estate, subnet.virtual_network)[0] == format_address(AZURE_DNS)


def told(steps: tuple[Step, ...]) -> str:
    """Return the replay as a note: what passes, and where it stops."""
    words: list[str] = []
    for step in steps:
        name = step.check.name.replace("-", " ")
        if not step.failed:
            words.append(f"{name} passes")
        elif step.exit_code is None:
            words.append(f"{name} fails ({step.check.symptom}), the node goes on")
        else:
            words.append(f"{name} fails with exit code {step.exit_code} ({step.check.symptom})")
    end = "the node stops there" if steps and steps[-1].exit_code is not None else "the node joins"
    return f"bootstrap, replayed: {'; '.join(words)}; {end}"


def stops_at(steps: tuple[Step, ...]) -> Step | None:
    """Return the step that ends the bootstrap, or None when the node joins."""
    return steps[-1] if steps and steps[-1].exit_code is not None else None
