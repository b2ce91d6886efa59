"""Files that are plans, files that are none, and which of their resources count."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubwright.diagnostics.diagnostic import Severity
from hubwright.sources.detection import is_plan
from hubwright.sources.terraform import read_bytes, read_plan
from plans import LATE, PlanFile, named, network, refers, subnet

NETWORKS = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks"


def small() -> PlanFile:
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    return plan.add("azurerm_subnet.work", subnet("Work", "10.0.1.0/24"))


def refused(text: str) -> tuple[str, str]:
    estate, problems = read_plan("plan.json", text)
    assert estate is None
    assert [item.severity for item in problems] == [Severity.ERROR]
    return problems[0].code, problems[0].message


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "TF001", "empty"),
        ("not json", "TF001", "no JSON"),
        ("[]", "TF003", "no plan"),
        ('"text"', "TF003", "no plan"),
        ("{}", "TF003", "no plan"),
        ('{"version": 4, "lineage": "x", "terraform_version": "1.9.0"}', "TF003", "state"),
        ('{"format_version": "1.0", "values": {}}', "TF003", "state"),
        ('{"@level": "info"}\n{"@level": "info"}\n', "TF003", "log"),
        ('{"format_version": "0.9", "resource_changes": []}', "TF004", "0.9"),
        ('{"format_version": "1.2", "configuration": {}}', "TF003", "resource_changes"),
        ('{"format_version": "1.2", "resource_changes": []}', "TF003", "configuration"),
    ],
)
def test_what_is_no_plan_is_refused_with_what_it_is(text, code, words):
    found = refused(text)

    assert found[0] == code
    assert words in found[1]


def test_a_plan_that_failed_is_refused():
    plan = small()
    plan.rest["errored"] = True

    assert refused(plan.text())[0] == "TF005"


def test_a_plan_without_a_network_is_refused():
    plan = PlanFile().add("random_pet.name", {"length": 2, "id": LATE})

    assert refused(plan.text())[0] == "TF006"


@pytest.mark.parametrize("raw", [b"PK\x03\x04rest", b"\xff\xfe{\x00"])
def test_octets_that_are_no_text_are_refused(raw):
    estate, problems = read_bytes("plan", raw)

    assert estate is None
    assert problems[0].code in {"TF001", "TF002"}


def test_a_byte_order_mark_does_no_harm():
    estate, _ = read_bytes("plan.json", b"\xef\xbb\xbf" + small().text().encode())

    assert estate is not None


@pytest.mark.parametrize("at", [1, 40, 400, 1200])
def test_a_plan_that_is_cut_off_is_refused(at):
    assert refused(small().text()[:at])[0] == "TF001"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.sampled_from(["id", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    key=st.sampled_from(
        ["resource_changes", "configuration", "prior_state", "variables", "output_changes"]
    ),
    value=JSON,
)
def test_no_section_of_any_shape_makes_it_raise(key, value):
    read_plan("plan.json", json.dumps({**small().document(), key: value}))


@settings(max_examples=150, deadline=None)
@given(
    argument=st.sampled_from(
        [
            "name",
            "address_prefixes",
            "virtual_network_name",
            "delegation",
            "service_endpoint",
            "private_endpoint_network_policies",
            "resource_group_name",
        ]
    ),
    value=JSON,
)
def test_no_value_of_any_shape_makes_it_raise(argument, value):
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    values = subnet("Work", "10.0.1.0/24") | {argument: value}
    plan.add("azurerm_subnet.work", values)

    read_plan("plan.json", plan.text())


def test_deep_nesting_is_refused():
    text = '{"format_version": "1.2", "resource_changes": ' + "[" * 100_000

    assert refused(text)[0] == "TF001"


def test_only_what_will_exist_counts():
    plan = PlanFile().add("azurerm_virtual_network.v", network(), actions=("no-op",))
    for n, actions in enumerate(
        [("create",), ("update",), ("delete", "create"), ("create", "delete"), ("delete",)]
    ):
        values = subnet(f"S{n}", f"10.0.{n}.0/24")
        before = {**values, "id": "x"}
        plan.add(f"azurerm_subnet.s{n}", values, actions=actions, before=before)

    assert [item.name for item in plan.estate().subnets] == ["S0", "S1", "S2", "S3"]


def test_the_estate_before_the_plan():
    plan = PlanFile()
    old = {"name": "vnet", "location": "westeurope", "address_space": ["10.0.0.0/16"]}
    plan.add("azurerm_virtual_network.v", network(), actions=("no-op",), before=old)
    new = subnet("New", "10.0.1.0/24")
    gone = {**subnet("Gone", "10.0.2.0/24"), "id": "x"}
    moved = {**subnet("Moved", "10.0.3.0/24"), "id": "x"}
    plan.add("azurerm_subnet.new", new)
    plan.add("azurerm_subnet.gone", gone, actions=("delete",), before=gone)
    plan.add(
        "azurerm_subnet.moved", subnet("Moved", "10.0.4.0/24"), actions=("update",), before=moved
    )

    after, before = plan.estate(), plan.estate(before=True)

    assert {s.name: str(s.address_prefixes[0]) for s in after.subnets} == {
        "New": "10.0.1.0/24",
        "Moved": "10.0.4.0/24",
    }
    assert {s.name: str(s.address_prefixes[0]) for s in before.subnets} == {
        "Gone": "10.0.2.0/24",
        "Moved": "10.0.3.0/24",
    }


def test_data_sources_are_resources_of_the_estate():
    plan = PlanFile()
    plan.read(
        "data.azurerm_virtual_network.hub",
        {
            "name": "vnet-hub",
            "location": "westeurope",
            "resource_group_name": "rg",
            "address_space": ["10.9.0.0/16"],
            "id": f"{NETWORKS}/vnet-hub",
        },
    )
    plan.add("azurerm_virtual_network.v", network())
    plan.add(
        "azurerm_virtual_network_peering.p",
        {
            "name": "to-hub",
            "virtual_network_name": "vnet",
            "resource_group_name": "rg",
            "remote_virtual_network_id": "/subscriptions/s/resourceGroups/RG/providers/"
            "Microsoft.Network/virtualNetworks/VNET-HUB",
        },
    )
    estate = plan.estate()

    assert [str(p) for p in estate.virtual_network_by_name["vnet-hub"].address_space] == [
        "10.9.0.0/16"
    ]
    assert estate.virtual_network_peerings[0].remote_virtual_network == "vnet-hub"


def test_a_network_that_only_an_id_tells_of_is_there_without_addresses():
    plan = small()
    plan.add(
        "azurerm_virtual_network_peering.p",
        {
            "name": "away",
            "virtual_network_name": "vnet",
            "resource_group_name": "rg",
            "remote_virtual_network_id": "/subscriptions/s/resourceGroups/x/providers/"
            "Microsoft.Network/virtualNetworks/elsewhere",
        },
    )
    found = plan.estate().virtual_network_by_name["elsewhere"]

    assert found.address_space == ()
    assert "only its name" in found.origin.derived


def test_names_in_two_resource_groups_stay_apart():
    plan = PlanFile()
    for group in ("blue", "green"):
        plan.add(f"azurerm_virtual_network.{group}", network(resource_group_name=group))
        plan.add(
            f"azurerm_subnet.{group}",
            subnet("Work", "10.0.1.0/24", resource_group_name=group),
        )
    estate = plan.estate()

    assert {item.name for item in estate.virtual_networks} == {"vnet", "vnet@green"}
    assert set(estate.subnet_by_id) == {"vnet/Work", "vnet@green/Work"}


def test_a_name_known_only_after_apply_is_the_address():
    plan = PlanFile().add(
        "azurerm_virtual_network.v", network(name=LATE), {"name": refers("random_pet.p.id")}
    )
    plan.add(
        "azurerm_subnet.s",
        subnet("Work", "10.0.1.0/24", vnet=LATE),
        {"virtual_network_name": refers("azurerm_virtual_network.v.name")},
    )

    assert set(plan.estate().subnet_by_id) == {"azurerm_virtual_network.v/Work"}


def test_origins_are_addresses_and_arguments():
    plan = small().add(
        "azurerm_network_security_group.g",
        named(
            "nsg",
            security_rule=[
                {
                    "name": "ssh",
                    "priority": 100,
                    "direction": "Inbound",
                    "access": "Allow",
                    "protocol": "Tcp",
                    "destination_port_range": "22",
                    "source_address_prefix": "*",
                }
            ],
        ),
    )
    estate = plan.estate()
    rule = estate.network_security_group_by_name["nsg"].security_rules[0]
    at = "azurerm_network_security_group.g.security_rule[0]"

    assert str(estate.subnets[0].origin) == "plan.json: azurerm_subnet.work"
    assert estate.subnets[0].origin.of("address_prefixes").path == (
        "azurerm_subnet.work.address_prefixes"
    )
    assert rule.origin.path == at
    assert rule.origin.of("priority").path == f"{at}.priority"


@pytest.mark.parametrize(
    ("constraint", "major", "assumed"),
    [
        ("~> 3.0", "Enabled", False),
        ("~> 4.1", "Disabled", False),
        ("5.2.0", "Disabled", False),
        (">= 3.0, < 4.0", "Enabled", False),
        (">= 3.0", "Disabled", True),
        (None, "Disabled", True),
    ],
)
def test_defaults_follow_the_major_version(constraint, major, assumed):
    plan = PlanFile(constraint).add("azurerm_virtual_network.v", network())
    plan.add("azurerm_subnet.s", subnet("Work", "10.0.1.0/24"))

    assert plan.estate().subnets[0].private_endpoint_network_policies == major
    assert plan.codes() == ([("TF013", "configuration.provider_config")] if assumed else [])


def test_names_of_arguments_tell_the_major_version():
    plan = PlanFile(None).add("azurerm_virtual_network.v", network())
    plan.add(
        "azurerm_subnet.s",
        subnet("Work", "10.0.1.0/24", private_endpoint_network_policies_enabled=False),
    )
    _, problems = read_plan("plan.json", plan.text())

    assert plan.estate().subnets[0].private_endpoint_network_policies == "Disabled"
    assert "azurerm 3 is assumed, by the names of its arguments" in problems[0].message


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"format_version": "1.2"}', True),
        (b'  \n{ "resource_changes" : []}', True),
        (b"PK\x03\x04", True),
        (b'{"version": 4, "terraform_version": "1.9"}', True),
        (b"name: demo\nlocation: westeurope\n", False),
        (b'{"name": "demo", "location": "westeurope"}', False),
        (b"{name: demo}", False),
        (b"", False),
    ],
)
def test_a_plan_is_known_by_its_content(raw, expected):
    assert is_plan(raw) is expected
