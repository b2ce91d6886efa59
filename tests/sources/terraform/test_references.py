"""What a value known only after apply refers to: every form in which a plan can say it."""

import pytest

from plans import LATE, PlanFile, named, network, refers, subnet

ASSOCIATION = "azurerm_subnet_route_table_association"
TABLE = "azurerm_route_table"


def one_subnet(**values) -> PlanFile:
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    return plan.add("azurerm_subnet.work", subnet("Work", "10.0.1.0/24", **values))


def associate(plan: PlanFile, table, to=None, where="", **block) -> PlanFile:
    address = f"{where}{ASSOCIATION}.a"
    expressions = {"subnet_id": to or refers("azurerm_subnet.work.id"), "route_table_id": table}
    return plan.add(address, {"subnet_id": LATE, "route_table_id": LATE}, expressions, **block)


def table_of(plan: PlanFile, name="Work") -> str | None:
    return plan.estate().subnet_by_id[f"vnet/{name}"].route_table


def test_a_plain_reference():
    plan = one_subnet().add(f"{TABLE}.one", named("rt-one")).add(f"{TABLE}.two", named("rt-two"))
    associate(plan, refers(f"{TABLE}.two.id"))

    assert table_of(plan) == "rt-two"
    assert plan.codes() == []


def test_a_static_index():
    plan = one_subnet()
    for key in ("a", "b"):
        plan.add(f'{TABLE}.all["{key}"]', named(f"rt-{key}"))
    associate(plan, {"references": [f'{TABLE}.all["b"].id', f'{TABLE}.all["b"]', f"{TABLE}.all"]})

    assert table_of(plan) == "rt-b"


def test_a_number_as_index():
    plan = one_subnet().add(f"{TABLE}.all[0]", named("rt-0")).add(f"{TABLE}.all[1]", named("rt-1"))
    associate(plan, {"references": [f"{TABLE}.all[1].id", f"{TABLE}.all[1]", f"{TABLE}.all"]})

    assert table_of(plan) == "rt-1"


def test_each_key_as_index():
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    expressions = {
        "subnet_id": refers("azurerm_subnet.all", "each.key"),
        "route_table_id": refers(f"{TABLE}.all", "each.key"),
    }
    for n, key in enumerate(("a", "b", "c")):
        plan.add(f'azurerm_subnet.all["{key}"]', subnet(key, f"10.0.{n}.0/24"))
        plan.add(f'{TABLE}.all["{key}"]', named(f"rt-{key}"))
        plan.add(
            f'{ASSOCIATION}.a["{key}"]',
            {"subnet_id": LATE, "route_table_id": LATE},
            expressions,
            for_each_expression=refers("azurerm_subnet.all"),
        )

    assert [table_of(plan, key) for key in "abc"] == ["rt-a", "rt-b", "rt-c"]
    assert plan.codes() == []


def test_count_index_as_index():
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    expressions = {
        "subnet_id": refers("azurerm_subnet.all", "count.index"),
        "route_table_id": refers(f"{TABLE}.all", "count.index"),
    }
    for n in range(3):
        plan.add(f"azurerm_subnet.all[{n}]", subnet(f"S{n}", f"10.0.{n}.0/24"))
        plan.add(f"{TABLE}.all[{n}]", named(f"rt-{n}"))
        plan.add(
            f"{ASSOCIATION}.a[{n}]",
            {"subnet_id": LATE, "route_table_id": LATE},
            expressions,
            count_expression={},
        )

    assert [table_of(plan, f"S{n}") for n in range(3)] == ["rt-0", "rt-1", "rt-2"]
    assert plan.codes() == []


def test_each_value_of_resources():
    plan = PlanFile().add("azurerm_virtual_network.v", network()).add(f"{TABLE}.t", named("rt"))
    for n, key in enumerate(("a", "b")):
        plan.add(f'azurerm_subnet.all["{key}"]', subnet(key, f"10.0.{n}.0/24"))
    plan.add(
        f'{ASSOCIATION}.a["b"]',
        {"subnet_id": LATE, "route_table_id": LATE},
        {"subnet_id": refers("each.value.id"), "route_table_id": refers(f"{TABLE}.t.id")},
        for_each_expression=refers("azurerm_subnet.all"),
    )

    assert [table_of(plan, key) for key in "ab"] == [None, "rt"]


@pytest.mark.parametrize(
    "value",
    [
        {"x": {"subnet": "Work", "table": "rt-two"}},
        [{"name": "x", "subnet": "Work", "table": "rt-two"}, {"name": "y", "table": "rt-one"}],
    ],
)
def test_strings_of_each_value_narrow_the_candidates(value):
    plan = one_subnet()
    plan.variables["rows"] = value
    plan.add(f'{TABLE}.all["first"]', named("rt-one")).add(f'{TABLE}.all["2"]', named("rt-two"))
    plan.add(
        f'{ASSOCIATION}.a["x"]',
        {"subnet_id": LATE, "route_table_id": LATE},
        {
            "subnet_id": refers("azurerm_subnet.work.id"),
            "route_table_id": refers(f"{TABLE}.all", "each.value.table"),
        },
        for_each_expression=refers("var.rows"),
    )

    assert table_of(plan) == "rt-two"


def test_a_variable_as_index():
    plan = one_subnet()
    plan.variables["which"] = "b"
    for key in ("a", "b"):
        plan.add(f'{TABLE}.all["{key}"]', named(f"rt-{key}"))
    associate(plan, refers(f"{TABLE}.all", "var.which"))

    assert table_of(plan) == "rt-b"


def test_outputs_and_variables_of_modules_at_depth():
    plan = PlanFile()
    plan.add("module.net.module.inner.azurerm_virtual_network.v", network())
    plan.add("module.net.module.inner.azurerm_subnet.s", subnet("Work", "10.0.1.0/24"))
    plan.call("net.inner", outputs={"id": refers("azurerm_subnet.s.id")})
    plan.call("net", outputs={"subnet": refers("module.inner.id")})
    plan.add(f"{TABLE}.t", named("rt"))
    plan.call(
        "routes",
        {"subnet": refers("module.net.subnet"), "table": refers(f"{TABLE}.t.id")},
    )
    associate(plan, refers("var.table"), refers("var.subnet"), where="module.routes.")

    assert table_of(plan) == "rt"
    assert plan.codes() == []


def test_an_index_behind_an_output():
    plan = PlanFile()
    plan.add("module.net.azurerm_virtual_network.v", network()).add(f"{TABLE}.t", named("rt"))
    for n, key in enumerate(("Work", "Other")):
        plan.add(f'module.net.azurerm_subnet.s["{key}"]', subnet(key, f"10.0.{n}.0/24"))
    plan.call("net", outputs={"ids": refers("azurerm_subnet.s")})
    associate(
        plan,
        refers(f"{TABLE}.t.id"),
        {"references": ['module.net.ids["Work"]', "module.net.ids", "module.net"]},
    )

    assert (table_of(plan), table_of(plan, "Other")) == ("rt", None)


def test_instances_of_a_module():
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    plan.call("table", outputs={"id": refers(f"{TABLE}.this.id"), "name": {"references": []}})
    for n, key in enumerate(("a", "b")):
        plan.add(f'module.table["{key}"].{TABLE}.this', named(f"rt-{key}"))
        plan.add(f'azurerm_subnet.all["{key}"]', subnet(key, f"10.0.{n}.0/24"))
        plan.add(
            f'{ASSOCIATION}.a["{key}"]',
            {"subnet_id": LATE, "route_table_id": LATE},
            {
                "subnet_id": refers("azurerm_subnet.all", "each.key"),
                "route_table_id": {"references": ["module.table", "each.key"]},
            },
        )

    assert [table_of(plan, key) for key in "ab"] == ["rt-a", "rt-b"]


def test_a_module_that_is_repeated_hands_down_each_value():
    plan = PlanFile().add("azurerm_virtual_network.v", network()).add(f"{TABLE}.t", named("rt"))
    plan.variables["spokes"] = {"x": {"subnet": "a"}, "y": {"subnet": "b"}}
    for n, key in enumerate(("a", "b")):
        plan.add(f'azurerm_subnet.all["{key}"]', subnet(key, f"10.0.{n}.0/24"))
    plan.call(
        "routes",
        {
            "subnet": refers("azurerm_subnet.all", "each.value.subnet"),
            "table": refers(f"{TABLE}.t.id"),
        },
        for_each_expression=refers("var.spokes"),
    )
    associate(plan, refers("var.table"), refers("var.subnet"), where='module.routes["y"].')

    assert (table_of(plan, "a"), table_of(plan, "b")) == (None, "rt")


def test_an_argument_of_another_resource_leads_on():
    plan = one_subnet().add(f"{TABLE}.t", named("rt"))
    plan.add(
        "azurerm_private_endpoint.p",
        named("pe", subnet_id=LATE),
        {"subnet_id": refers("azurerm_subnet.work.id")},
    )
    associate(plan, refers(f"{TABLE}.t.id"), refers("azurerm_private_endpoint.p.subnet_id"))

    assert table_of(plan) == "rt"


def test_a_local_leaves_what_its_module_can_see():
    plan = one_subnet().add(f"{TABLE}.only", named("rt"))
    associate(plan, refers("local.table"))

    assert table_of(plan) == "rt"


def test_a_local_with_several_possibilities_is_unknown():
    plan = one_subnet().add(f"{TABLE}.one", named("rt-one")).add(f"{TABLE}.two", named("rt-two"))
    associate(plan, refers("local.table"))

    assert table_of(plan) == f"unknown:{ASSOCIATION}.a.route_table_id"
    assert plan.codes() == [("TF010", f"{ASSOCIATION}.a.route_table_id")]


def test_both_branches_of_a_condition_are_named_and_none_is_chosen():
    plan = one_subnet().add(f"{TABLE}.one", named("rt-one")).add(f"{TABLE}.two", named("rt-two"))
    plan.variables["strict"] = True
    associate(plan, refers("var.strict", f"{TABLE}.one.id", f"{TABLE}.two.id"))
    estate = plan.estate()
    symbol = f"unknown:{ASSOCIATION}.a.route_table_id"

    assert estate.subnet_by_id["vnet/Work"].route_table == symbol
    assert [item.name for item in estate.unknowns] == [symbol]
    assert f"{TABLE}.one, {TABLE}.two" in estate.unknowns[0].reason


def test_what_the_provider_computes_is_not_unknown():
    plan = one_subnet(network_security_group_id=LATE, route_table_id=LATE)

    assert table_of(plan) is None
    assert plan.codes() == []


def test_a_write_only_argument_is_null_and_still_refers():
    plan = PlanFile().add("azurerm_virtual_network.v", network()).add(f"{TABLE}.t", named("rt"))
    plan.add(
        "azurerm_subnet.work",
        subnet("Work", "10.0.1.0/24", route_table_id=LATE, route_table_id_wo=None),
        {"route_table_id_wo": refers(f"{TABLE}.t.id")},
    )

    assert table_of(plan) == "rt"


def test_dynamic_blocks_are_paired_by_the_words_in_them():
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    plan.add("azurerm_subnet.afw", subnet("AzureFirewallSubnet", "10.0.0.0/26"))
    for name in ("one", "two"):
        plan.add(f'azurerm_public_ip.p["{name}"]', named(f"pip-{name}", zones=["1"]))
    blocks = [
        {"name": name, "public_ip_address_id": LATE, "subnet_id": late}
        for name, late in (("two", LATE), ("one", None))
    ]
    plan.add(
        "azurerm_firewall.f",
        named("afw", sku_tier="Standard", sku_name="AZFW_VNet", ip_configuration=blocks),
    )

    assert plan.estate().firewalls[0].public_ips == ("pip-two", "pip-one")


def test_as_many_public_ips_as_dynamic_blocks_are_all_of_them():
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    plan.add("azurerm_subnet.afw", subnet("AzureFirewallSubnet", "10.0.0.0/26"))
    for name in ("one", "two"):
        plan.add(f'azurerm_public_ip.p["{name}"]', named(f"pip-{name}", zones=["1"]))
    blocks = [
        {"name": name, "public_ip_address_id": LATE, "subnet_id": late}
        for name, late in (("primary", LATE), ("other", None))
    ]
    plan.add(
        "azurerm_firewall.f",
        named("afw", sku_tier="Standard", sku_name="AZFW_VNet", ip_configuration=blocks),
    )

    assert set(plan.estate().firewalls[0].public_ips) == {"pip-one", "pip-two"}
