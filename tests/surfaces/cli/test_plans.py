"""Commands take a Terraform plan where they take a design."""

import io
import sys
from pathlib import Path

import pytest

from hubwright.surfaces.cli.twins import estate_name
from plans import LATE, PlanFile, named, network, refers, subnet


@pytest.fixture
def plan(here: Path) -> Path:
    made = PlanFile().add("azurerm_virtual_network.v", network("vnet-hub"))
    made.add("azurerm_subnet.afw", subnet("AzureFirewallSubnet", "10.0.0.0/26", "vnet-hub"))
    made.add("azurerm_subnet.work", subnet("Work", "10.0.1.0/24", "vnet-hub"))
    made.add("azurerm_public_ip.p", named("pip", ip_address=LATE, zones=["1", "2", "3"]))
    made.add("azurerm_firewall_policy.p", named("afwp", sku="Standard"))
    made.add(
        "azurerm_firewall.f",
        named(
            "afw",
            sku_tier="Standard",
            firewall_policy_id=LATE,
            ip_configuration=[{"name": "c", "subnet_id": LATE, "public_ip_address_id": LATE}],
        ),
        {
            "firewall_policy_id": refers("azurerm_firewall_policy.p.id"),
            "ip_configuration": [
                {
                    "subnet_id": refers("azurerm_subnet.afw.id"),
                    "public_ip_address_id": refers("azurerm_public_ip.p.id"),
                }
            ],
        },
    )
    path = here / "whatever.txt"
    path.write_text(made.text())
    return path


def test_check_points_at_addresses(run, plan):
    result = run("check", plan.name, "--output", "concise", "--fail-on", "info")

    assert result.code == 1
    assert "whatever.txt: azurerm_firewall_policy.p" in result.out


def test_trace_reads_a_plan(run, plan):
    result = run("trace", "--from", plan.name, "Work", "10.0.0.4")

    assert result.code in (0, 1)
    assert "vnet-hub" in result.out


def test_graph_reads_a_plan(run, plan):
    result = run("graph", plan.name, "--format", "mermaid")

    assert result.code == 0
    assert "afw" in result.out


def test_up_reads_a_plan(run, plan):
    result = run("up", plan.name, "--dry-run")

    assert result.code == 0
    assert "netns add" in result.out


def test_a_plan_comes_from_stdin(run, plan, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(plan.read_bytes())))
    result = run("check", "-", "--output", "concise")

    assert "<stdin>: azurerm_" in result.out


def test_commands_say_that_something_is_open(run, here):
    made = PlanFile().add("azurerm_virtual_network.v", network())
    made.add("azurerm_subnet.work", subnet("Work", "10.0.1.0/24"))
    for name in "ab":
        made.add(f"azurerm_route_table.{name}", named(f"rt-{name}"))
    made.add(
        "azurerm_subnet_route_table_association.x",
        {"subnet_id": LATE, "route_table_id": LATE},
        {
            "subnet_id": refers("azurerm_subnet.work.id"),
            "route_table_id": refers("azurerm_route_table.a.id", "azurerm_route_table.b.id"),
        },
    )
    (here / "plan.json").write_text(made.text())

    assert "leaves open what only an apply tells (1)" in run("graph", "plan.json").err


def test_a_running_plan_is_named_by_its_file(plan):
    assert estate_name(plan.name) == "whatever"
