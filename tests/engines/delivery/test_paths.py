"""One commit on its way: which stage, which identity, which agent, and which network path."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engines.delivery.azure_templates import Expander
from engines.delivery.designs import NAMES, estate, with_agent
from hubwright.catalogue.zones import private_zone, public_suffix
from hubwright.engines.delivery import files
from hubwright.engines.delivery.agents import AgentKind, agent
from hubwright.engines.delivery.paths import legs, tool_legs
from hubwright.model.address import AddressSet
from hubwright.model.estate import Estate
from hubwright.model.flow import Disposition
from hubwright.model.private_access import (
    PrivateDnsZone,
    PrivateDnsZoneVirtualNetworkLink,
    PrivateEndpoint,
)
from hubwright.semantics.assigned import assign
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.evaluate import evaluate

STATE = "hubwrightstate"
NO_LISTS = Assumptions(
    service_tags=tuple((tag, AddressSet()) for tag in ("AzureMonitor", "AzureBackup"))
)
"""Tags that examples allow: what they hold must not be what opens a path."""


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("designs")


def with_state(found: Estate) -> Estate:
    """Add the private endpoint of the state, in the agents' network, as bootstrap.sh makes it."""
    seat = agent(found)
    assert seat is not None
    nic = found.network_interface_by_name[seat.interface]
    zone = private_zone("blob", found.cloud)
    assert zone is not None
    subnets = (s for s in found.subnets if s.virtual_network == nic.virtual_network)
    endpoint = PrivateEndpoint(
        name="pe-state",
        subnet=next(s.id for s in subnets if s.delegation is None),
        target=STATE,
        subresource="blob",
        fqdns=(f"{STATE}.{public_suffix('blob', found.cloud)}",),
        private_dns_zones=(zone,),
    )
    zones, links = found.private_dns_zones, found.private_dns_zone_virtual_network_links
    if zone not in {item.name for item in zones}:
        zones = (*zones, PrivateDnsZone(name=zone))
    for network in found.virtual_networks:
        known = {(link.private_dns_zone, link.virtual_network) for link in links}
        if (zone, network.name) not in known:
            link = PrivateDnsZoneVirtualNetworkLink(
                name=f"state-{network.name}", private_dns_zone=zone, virtual_network=network.name
            )
            links = (*links, link)
    return assign(
        replace(
            found,
            private_endpoints=(*found.private_endpoints, endpoint),
            private_dns_zones=zones,
            private_dns_zone_virtual_network_links=links,
        )
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_path_of_a_commit_is_open(name: str, drafts: Path) -> None:
    found = with_state(with_agent(name, drafts))
    walked = legs(found, STATE)
    assert {leg.stage for leg in walked} >= {"agent", "plan", "apply", "release"}
    for leg in walked:
        trace = evaluate(found, leg.flow, NO_LISTS)
        assert trace.disposition.is_success, f"{leg.stage}, {leg.purpose}: {leg.flow}: {trace}"
        inside = trace.disposition is Disposition.ACCEPTED
        assert inside or not leg.is_private, f"{leg.flow} leaves the estate"


@pytest.mark.parametrize("name", NAMES)
def test_every_host_that_tools_come_from_is_reached(name: str, drafts: Path) -> None:
    found = with_agent(name, drafts)
    walked = tool_legs(found)
    assert {"releases.hashicorp.com", "pypi.org"} <= {leg.flow.destination for leg in walked}
    for leg in walked:
        trace = evaluate(found, leg.flow, NO_LISTS)
        assert trace.disposition is Disposition.EXITS_NETWORK, f"{leg.flow}: {trace}"


def test_without_the_rule_for_agents_the_path_is_closed(drafts: Path) -> None:
    found = with_state(with_agent("reference", drafts))
    silent = replace(found, rule_collection_groups=())
    closed = [leg for leg in legs(silent, STATE) if leg.stage == "agent"]
    assert closed
    assert not any(evaluate(silent, leg.flow).disposition.is_success for leg in closed)


def test_without_an_agent_there_is_no_path() -> None:
    bare = replace(estate("reference"), virtual_machines=())
    assert legs(bare, STATE) == ()


def stage_jobs(pipeline: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {stage["stage"]: job for stage in pipeline["stages"] for job in stage["jobs"]}


def connections(job: dict[str, Any]) -> set[str]:
    steps = job.get("steps") or job["strategy"]["runOnce"]["deploy"]["steps"]
    inputs = [step.get("inputs", {}) for step in steps]
    return {given["azureSubscription"] for given in inputs if "azureSubscription" in given}


@pytest.mark.parametrize("name", NAMES)
def test_every_stage_runs_where_its_paths_start_and_as_who_they_say(
    name: str, drafts: Path
) -> None:
    found = with_agent(name, drafts)
    expander = Expander(files(found), Build_Reason="IndividualCI")
    stages = stage_jobs(expander.pipeline("pipelines/azure-devops/infrastructure.yaml"))
    for service in found.kubernetes_services[:1]:
        path = f"pipelines/azure-devops/workload-{service.name}.yaml"
        stages |= stage_jobs(expander.pipeline(path))
    for environment in ("test", "staging", "production"):
        assert stages[f"check_{environment}"]["pool"] == {"vmImage": "ubuntu-24.04"}
        for stage in ("plan", "apply", "release"):
            job = stages.get(f"{stage}_{environment}")
            if job is None:
                assert stage == "release"
                continue
            assert job["pool"] == f"hubwright-{environment}"
            suffixes = {leg.identity for leg in legs(found, STATE) if leg.stage == stage}
            assert connections(job) == {f"hubwright-{environment}{end}" for end in suffixes}
            assert ("environment" in job) is (stage != "plan")


def test_a_managed_pool_is_preferred_to_a_machine() -> None:
    from hubwright.model.platform import ManagedDevopsPool

    seat = agent(estate("two-spokes"))
    assert seat is not None
    assert seat.kind is AgentKind.MACHINE
    pool = ManagedDevopsPool(name="mdp", subnet="a/b", organization_url="https://dev.azure.com/o")
    both = replace(estate("two-spokes"), managed_devops_pools=(pool,))
    better = agent(both)
    assert better is not None
    assert (better.kind, better.interface) == (AgentKind.MANAGED_POOL, "mdp-0")
