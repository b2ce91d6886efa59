import json

import pytest

from goldens import assert_golden
from hubwright.sources.design import REFERENCE

NETWORK = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network"
TAGGED = REFERENCE + "  tags:\n    - {name: watch, from: [aks/VmSubnet], to: [AzureMonitor]}\n"


@pytest.fixture
def changed(design):
    path = design.parent / "new.yaml"
    text = REFERENCE.replace("get.helm.sh]", "get.helm.sh, example.com]")
    path.write_text(text.replace("github.com, ", ""), encoding="utf-8")
    return path


def tag_list(path, *prefixes):
    values = [{"name": "AzureMonitor", "properties": {"addressPrefixes": list(prefixes)}}]
    path.write_text(json.dumps({"cloud": "Public", "values": values}), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_a_small_change(run, design, changed, form):
    result = run("diff", design.name, changed.name, "--output", form)

    assert result.code == 0
    suffix = {"text": "txt", "json": "json", "markdown": "md"}[form]
    assert_golden(f"diff/small.{suffix}", result.out)


def test_no_change_says_so(run, design):
    result = run("diff", design.name, design.name, "--detailed-exitcode")

    assert result.code == 0
    assert "No change in behaviour" in result.out


def test_detailed_exit_codes_are_those_of_terraform(run, design, changed):
    assert run("diff", design.name, changed.name, "--detailed-exitcode").code == 2
    assert run("diff", design.name, "nothing.yaml", "--detailed-exitcode").code == 1
    assert run("diff", design.name, "nothing.yaml").code == 2


def test_a_newer_list_of_service_tags_opens_and_closes(run, design):
    design.write_text(TAGGED, encoding="utf-8")
    old = tag_list(design.parent / "old.json", "20.37.0.0/24", "20.38.0.0/24", "2603::/32")
    new = tag_list(design.parent / "new.json", "20.37.0.0/24", "20.39.0.0/24")
    result = run("diff", "--service-tags", old, new)

    assert result.code == 0
    assert "+ vnet-aks/VmSubnet -> 20.39.0.0/24  tcp/443" in result.out
    assert "- vnet-aks/VmSubnet -> 20.38.0.0/24  tcp/443" in result.out
    assert "20.37" not in result.out


@pytest.mark.parametrize("text", ["", "[]", '{"values": 3}', '{"values": [{"name": "x"}]}'])
def test_what_is_no_list_of_tags_is_refused(run, design, text):
    (design.parent / "bad.json").write_text(text, encoding="utf-8")
    result = run("diff", "--service-tags", "bad.json", "bad.json")

    assert result.code == 2
    assert "no list of service tags" in result.err


def rule(name, *ports):
    return {
        "name": name,
        "priority": 100,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "source_port_range": "*",
        "destination_port_ranges": list(ports),
        "source_address_prefix": "Internet",
        "destination_address_prefix": "*",
    }


def change(kind, name, before, after, actions):
    return {
        "address": f"azurerm_{kind}.{name}",
        "mode": "managed",
        "type": f"azurerm_{kind}",
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/azurerm",
        "change": {"actions": actions, "before": before, "after": after, "after_unknown": {}},
    }


def plan(path, before, after):
    """A plan that updates a security group of a subnet."""
    network = {"name": "vnet", "resource_group_name": "rg", "address_space": ["10.0.0.0/16"]}
    network |= {"location": "westeurope", "id": f"{NETWORK}/virtualNetworks/vnet"}
    subnet = {"name": "web", "virtual_network_name": "vnet", "resource_group_name": "rg"}
    subnet |= {
        "address_prefixes": ["10.0.0.0/24"],
        "id": f"{NETWORK}/virtualNetworks/vnet/subnets/web",
    }
    group = {
        "name": "nsg",
        "resource_group_name": "rg",
        "location": "westeurope",
        "id": f"{NETWORK}/networkSecurityGroups/nsg",
    }
    link = {"subnet_id": subnet["id"], "network_security_group_id": group["id"], "id": "link"}
    same = [("virtual_network", network), ("subnet", subnet)]
    same.append(("subnet_network_security_group_association", link))
    changes = [change(kind, "this", value, value, ["no-op"]) for kind, value in same]
    old = None if before is None else {**group, "security_rule": before}
    actions = ["create"] if before is None else ["update"]
    changes.append(
        change("network_security_group", "this", old, {**group, "security_rule": after}, actions)
    )
    document = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {}},
        "resource_changes": changes,
        "configuration": {"root_module": {}},
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def test_a_plan_alone_is_compared_with_what_is_there_before(run, here):
    path = plan(here / "plan.json", [rule("web", "443")], [rule("web", "443", "8443")])
    result = run("diff", path)

    assert result.code == 0
    assert "~ network_security_group.nsg" in result.out
    assert "-> vnet/web  tcp/8443" in result.out
    assert "1 opened" in result.out


def test_what_a_plan_makes_anew_is_marked(run, here):
    path = here / "plan.json"
    plan(path, [rule("web", "443")], [rule("web", "443", "8443")])
    document = json.loads(path.read_text())
    document["resource_changes"][-1]["change"]["actions"] = ["delete", "create"]
    path.write_text(json.dumps(document))
    result = run("diff", str(path))

    assert "-/+ network_security_group.nsg" in result.out
    assert "1 to replace" in result.out


def test_before_the_first_apply_there_is_nothing(run, here):
    path = here / "plan.json"
    plan(path, None, [rule("web", "443")])
    document = json.loads(path.read_text())
    for entry in document["resource_changes"]:
        entry["change"] |= {"actions": ["create"], "before": None}
    path.write_text(json.dumps(document))
    result = run("diff", str(path))

    assert result.code == 0
    assert "+ virtual_network.vnet" in result.out


def test_a_design_alone_has_no_state_before(run, design):
    result = run("diff", design.name)

    assert result.code == 2
    assert "name OLD and NEW" in result.err


def test_a_plan_alone_comes_from_a_file(run):
    result = run("diff", "-")

    assert result.code == 2
    assert "name its file" in result.err


def test_two_estates_are_wanted(run, design):
    assert run("diff").code == 2
    assert run("diff", design.name, design.name, design.name).code == 2
