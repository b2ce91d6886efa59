"""What a plan does not tell leaves answers unknown, and is named in them."""

from typing import Any

import pytest

from hubwright.engines.verify.check import check
from hubwright.model.flow import Disposition, Flow
from hubwright.semantics.evaluate import evaluate
from plans import LATE, PlanFile, named, network, refers, subnet


def plan_with(kind: str, late: Any) -> PlanFile:
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    plan.add("azurerm_subnet.work", subnet("Work", "10.0.1.0/24"))
    plan.add("azurerm_subnet.afw", subnet("AzureFirewallSubnet", "10.0.0.0/26"))
    plan.add("azurerm_public_ip.p", named("pip", ip_address=LATE))
    policies = {"firewall_policy_id": refers("azurerm_firewall_policy.a.id")}
    if kind == "firewall_policy":
        policies = {"firewall_policy_id": late}
    block = {"name": "c", "subnet_id": LATE, "public_ip_address_id": LATE}
    refs = {
        "subnet_id": refers("azurerm_subnet.afw.id"),
        "public_ip_address_id": refers("azurerm_public_ip.p.id"),
    }
    for name in "ab":
        plan.add(f"azurerm_firewall_policy.{name}", named(f"afwp-{name}"))
        plan.add(f"azurerm_network_security_group.{name}", named(f"nsg-{name}"))
        route = {
            "name": "d",
            "address_prefix": "0.0.0.0/0",
            "next_hop_type": "VirtualAppliance",
            "next_hop_in_ip_address": "10.0.0.4",
        }
        plan.add(f"azurerm_route_table.{name}", named(f"rt-{name}", route=[route]))
    plan.add(
        "azurerm_firewall.f",
        named("afw", sku_tier="Standard", firewall_policy_id=LATE, ip_configuration=[block]),
        {"ip_configuration": [refs], **policies},
    )
    for one in ("route_table", "network_security_group"):
        target = late if one == kind else refers(f"azurerm_{one}.a.id")
        plan.add(
            f"azurerm_subnet_{one}_association.x",
            {"subnet_id": LATE, f"{one}_id": LATE},
            {"subnet_id": refers("azurerm_subnet.work.id"), f"{one}_id": target},
        )
    return plan


@pytest.mark.parametrize("kind", ["route_table", "network_security_group", "firewall_policy"])
def test_an_answer_through_an_unknown_is_unknown_and_names_it(kind):
    both = refers(f"azurerm_{kind}.a.id", f"azurerm_{kind}.b.id")
    estate = plan_with(kind, both).estate()
    flow = Flow(source="vnet/Work", destination="93.184.216.34", destination_port=443)
    trace = evaluate(estate, flow)

    assert trace.disposition is Disposition.INSUFFICIENT_INFO
    assert any(f"{kind}_id" in text for text in trace.unknowns)


@pytest.mark.parametrize("kind", ["route_table", "network_security_group", "firewall_policy"])
def test_rules_say_no_more_of_an_unknown_than_of_what_it_may_be(kind):
    both = refers(f"azurerm_{kind}.a.id", f"azurerm_{kind}.b.id")
    one = refers(f"azurerm_{kind}.a.id")
    told = {item.code for item in check(plan_with(kind, one).estate())}

    assert {item.code for item in check(plan_with(kind, both).estate())} <= told
