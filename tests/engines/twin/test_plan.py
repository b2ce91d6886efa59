"""The whole plan: its text, and what packets do in it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from builders import (
    HTTP,
    HTTPS,
    application_collection,
    application_rule,
    estate,
    network_collection,
    network_rule,
    with_rules,
)
from engines.twin import tiny
from goldens import assert_golden
from hubwright.engines.twin import driver
from hubwright.engines.twin.artefacts import Probe, Tool
from hubwright.engines.twin.driver import Twin
from hubwright.engines.twin.plan import plan
from hubwright.engines.twin.probes import asymmetric_probes, probes, without_firewall_routes
from hubwright.engines.twin.probing import ProbeResult, run_probes
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.firewall import Action, ApplicationProtocol
from hubwright.model.flow import Application, Flow
from hubwright.semantics.assigned import assign
from hubwright.semantics.assumptions import DEFAULTS, Assumptions
from hubwright.sources.design.reader import load_design

REFERENCE = Path(__file__).parents[3] / "estates" / "reference" / "estate.yaml"


def reference():
    found, problems = load_design(REFERENCE)
    assert found is not None, problems
    return found


@pytest.mark.parametrize("tool", list(Tool))
def test_the_reference_estates_plan_is_as_reviewed(tool):
    found = [d for d in plan(reference()).documents if d.tool is tool]
    text = "".join(f"# {d.name} in {d.namespace or 'root'}\n{d.text}\n" for d in found)

    assert_golden(f"plan/reference.{tool}.txt", text)


def test_the_reference_estates_servers_are_as_reviewed():
    found = plan(reference())
    shown = {
        "nodes": [asdict(item) for item in found.nodes],
        "resolvers": [asdict(item) for item in found.resolvers],
        "servers": [asdict(item) for item in found.servers],
        "rules": [asdict(item) for item in found.rules],
    }

    assert_golden("plan/reference.servers.json", f"{json.dumps(shown, indent=1)}\n")


def test_the_same_estate_gives_the_same_plan():
    assert plan(reference()) == plan(reference())


def test_document_names_are_unique_and_fit_a_file_system():
    names = [document.name for document in plan(estate()).documents]

    assert len(set(names)) == len(names)
    assert all("/" not in name for name in names)


def test_every_namespace_of_a_document_or_server_is_made():
    found = plan(estate())
    used = {d.namespace for d in found.documents if d.namespace}
    used |= {s.namespace for s in found.servers} | {r.namespace for r in found.resolvers}
    used |= {n.namespace for n in found.nodes}

    assert used == set(found.namespaces)


def test_a_machine_may_be_called_as_the_twins_own_namespaces_are():
    base = estate()
    machine = replace(base.virtual_machines[0], name="edge")
    found = plan(assign(replace(base, virtual_machines=(machine,))))
    node = next(node for node in found.nodes if node.name == "edge")

    assert node.namespace == "edge-interface"
    assert {"edge", "edge-interface"} <= set(found.namespaces)


def test_rule_references_are_unique():
    found = plan(estate()).rules
    pairs = [(ref.kind, ref.index) for ref in found]

    assert len(set(pairs)) == len(pairs)
    assert {ref.kind for ref in found} == {"net", "nat", "app"}


def test_an_estate_without_a_firewall_has_a_plan():
    bare = replace(estate(), firewalls=(), rule_collection_groups=(), firewall_policies=())
    found = plan(assign(bare))

    assert "afw" not in found.namespaces
    assert not any(document.tool is Tool.ENVOY for document in found.documents)


@contextmanager
def running(source, assumptions: Assumptions = DEFAULTS) -> Iterator[Twin]:
    """A twin that no other test run replaces."""
    built = replace(plan(source, assumptions), estate=f"plan-{os.getpid()}")
    twin = Twin.up(built, source, assumptions)
    try:
        yield twin
    finally:
        driver.take_down(twin.state)


def asked(source, *flows: Flow, assumptions: Assumptions = DEFAULTS) -> list[ProbeResult]:
    with running(source, assumptions) as twin:
        questions = [Probe(name=str(flow), flow=flow) for flow in flows]
        return run_probes(twin, source, questions, assumptions)


def https(source: str, name: str, port: int = 443, sni: str | None = "", to: str = "") -> Flow:
    return Flow(
        source=source,
        destination=to or name,
        destination_port=port,
        application=Application.HTTPS,
        server_name=name if sni == "" else sni,
    )


def http(source: str, name: str, port: int = 80, to: str = "") -> Flow:
    return Flow(
        source=source,
        destination=to or name,
        destination_port=port,
        application=Application.HTTP,
        server_name=name,
    )


def disagreements(results: list[ProbeResult]) -> list[ProbeResult]:
    return [result for result in results if not result.agrees]


@tiny.netns
@tiny.needs_namespaces
def test_packets_in_the_reference_estate_do_what_is_predicted():
    source = reference()
    with running(source) as twin:
        results = run_probes(twin, source, probes(source))
        rows = list(twin.logs())

    assert disagreements(results) == []
    assert all(r.observed == "answer" for r in results if r.name.startswith(("flow", "bootstrap")))
    assert {row["Type"] for row in rows} >= {"AZFWNatRule", "AZFWApplicationRule", "AZFWDnsQuery"}
    assert any(row.get("Rule") == "web" for row in rows)


@tiny.netns
@tiny.needs_namespaces
def test_without_the_routes_back_the_firewall_drops_the_answers():
    source = without_firewall_routes(reference())
    assert source is not None
    with running(source) as twin:
        (result,) = run_probes(twin, source, asymmetric_probes(source))

    assert result.agrees
    assert result.observed == "timeout"
    assert "asym:afw-hub" in result.detail


@tiny.netns
@tiny.needs_namespaces
@pytest.mark.parametrize("mode", ["kept", "reresolved"])
def test_names_decide_as_azure_does(mode):
    source = with_rules(
        application=[
            application_collection(
                "deny",
                100,
                Action.DENY,
                application_rule("no", "*.bad.net", "*evil.com", protocols=(HTTP, HTTPS)),
            ),
            application_collection(
                "allow",
                200,
                Action.ALLOW,
                application_rule(
                    "plain", "alt.net", protocols=(ApplicationProtocol(type="Http", port=8080),)
                ),
                application_rule(
                    "inspected",
                    "tls.net",
                    protocols=(ApplicationProtocol(type="Https", port=8443),),
                    terminate_tls=True,
                ),
                application_rule(
                    "all", "*", protocols=(HTTP, HTTPS), source_addresses=("10.1.48.0/24",)
                ),
            ),
        ]
    )
    vm, node, elsewhere = "vm-jumpbox", "aks-user-0", "9.9.9.9"
    results = asked(
        source,
        http(vm, "alt.net", 8080, to=elsewhere),
        https(vm, "tls.net", 8443, to=elsewhere),
        https(vm, "a.bad.net"),
        https(vm, "bad.net"),
        https(vm, "notevil.com"),
        http(vm, "evil.com"),
        https(vm, "Good.Net"),
        https(vm, "good.net", sni=None),
        https(node, "good.net"),
        http(vm, "vault.vault.azure.net", to=elsewhere),
        Flow(source=vm, destination="good.net", destination_port=443),
        assumptions=Assumptions(https_destination=mode),
    )

    assert disagreements(results) == []
    assert [result.observed for result in results] == [
        "answer",
        "answer",
        "tls closed",
        "answer",
        "tls closed",
        "http 470",
        "answer",
        "tls closed",
        "tls closed",
        "answer",
        "tls closed",
    ]


@tiny.netns
@tiny.needs_namespaces
def test_a_node_reaches_a_service_that_leads_back_to_itself():
    base = estate()
    pools = tuple(replace(p, node_count=1) for p in base.node_pools if p.name == "user")
    source = assign(replace(base, node_pools=pools))
    inside = "10.1.15.250"
    results = asked(source, http("aks-user-0", "x", to=inside), http("pod-user-0", "x", to=inside))

    assert disagreements(results) == []
    assert all(result.observed == "answer" for result in results)


@tiny.netns
@tiny.needs_namespaces
def test_pods_of_an_overlay_go_out_by_their_node():
    base = estate()

    def overlay(cluster: KubernetesCluster) -> KubernetesCluster:
        return replace(cluster, network_plugin_mode="overlay")

    source = assign(
        replace(
            base,
            kubernetes_clusters=tuple(map(overlay, base.kubernetes_clusters)),
            node_pools=tuple(replace(pool, pod_subnet=None) for pool in base.node_pools),
        )
    )
    inside = Flow(source="pod-user-0", destination="vm-jumpbox", destination_port=22)
    results = asked(source, inside, https("pod-user-1", "mcr.microsoft.com"))

    assert disagreements(results) == []
    assert "vm-jumpbox saw 10.1.0.7" in results[0].detail
    assert results[1].observed == "answer"


@tiny.netns
@tiny.needs_namespaces
def test_thousands_of_network_rules_decide_by_the_first_match():
    spread = [
        network_rule(f"r{n}", destination_addresses=(f"198.19.{n // 250}.{n % 250}",))
        for n in range(3000)
    ]
    denied = network_rule("no", destination_addresses=("9.9.9.9",))
    source = with_rules(
        network=[
            network_collection("many", 100, Action.ALLOW, *spread),
            network_collection("deny", 200, Action.DENY, denied),
            network_collection("allow", 300, Action.ALLOW, network_rule("rest")),
        ]
    )
    to = [
        Flow(source="vm-jumpbox", destination=d, destination_port=22)
        for d in ("9.9.9.9", "9.9.9.8")
    ]
    results = asked(source, *to)

    assert disagreements(results) == []
    assert [result.observed for result in results] == ["timeout", "answer"]
