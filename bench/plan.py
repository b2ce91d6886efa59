"""
Time and memory of reading a large Terraform plan, against `json.load` of the same file.

Makes a plan of about 100 MB: spokes by `for_each` over a module, each with subnets, routes, a
security group, associations and private endpoints, whose ids are known only after apply, and a
group of firewall rules. Each measurement is a process of its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hubwright.sources.terraform import read_plan

Table = dict[str, Any]
VAULTS = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults"
SHARED = {
    "timeouts": None,
    "tags": {"environment": "production", "cost-centre": "4711"},
    "resource_group_name": "rg-network",
    "location": "westeurope",
}


def instance(module: str, type_: str, after: Table, unknown: Table, key: str = "") -> Table:
    index = f'["{key}"]' if key else ""
    return {
        "address": f"{module}.azurerm_{type_}.this{index}",
        "module_address": module,
        "mode": "managed",
        "type": f"azurerm_{type_}",
        "name": "this",
        **({"index": key} if key else {}),
        "provider_name": "registry.terraform.io/hashicorp/azurerm",
        "change": {
            "actions": ["create"],
            "before": None,
            "after": {**after, **SHARED},
            "after_unknown": {"id": True, **unknown},
            "before_sensitive": False,
            "after_sensitive": {name: [] for name, value in after.items() if value == []},
        },
    }


def empty(*names: str, value: Any = None) -> Table:
    return dict.fromkeys(names, value)


def security_rule(k: int) -> Table:
    return {
        "access": "Allow",
        "description": "",
        "destination_address_prefix": "*",
        "destination_port_range": str(1000 + k),
        "direction": "Inbound",
        "name": f"allow-{k}",
        "priority": 100 + k,
        "protocol": "Tcp",
        "source_address_prefix": f"10.0.{k}.0/24",
        "source_port_range": "*",
        **empty(
            "destination_address_prefixes",
            "destination_application_security_group_ids",
            "destination_port_ranges",
            "source_address_prefixes",
            "source_application_security_group_ids",
            "source_port_ranges",
            value=[],
        ),
    }


def firewall_rule(k: int, space: str) -> Table:
    return {
        "name": f"rule-{k}",
        "destination_addresses": [f"10.{k}.0.0/16"],
        "destination_ports": ["443"],
        "protocols": ["TCP"],
        "source_addresses": [f"{space}.0/24"],
        **empty("description", "destination_fqdns", "destination_ip_groups", "source_ip_groups"),
    }


def spoke(n: int) -> Iterator[Table]:
    at, net, space = f'module.spoke["s{n}"]', f"vnet-{n}", f"10.{n >> 8 & 255}.{n & 255}"
    yield instance(
        at,
        "virtual_network",
        {
            "name": net,
            "address_space": [f"{space}.0/24"],
            **empty("bgp_community", "edge_zone", "flow_timeout_in_minutes"),
            **empty("ddos_protection_plan", "encryption", "ip_address_pool", value=[]),
        },
        {"dns_servers": True, "guid": True, "subnet": True, "address_space": [False]},
    )
    rules = [security_rule(k) for k in range(12)]
    yield instance(
        at,
        "network_security_group",
        {"name": f"nsg-{n}", "security_rule": rules},
        {"security_rule": [{} for _ in rules]},
    )
    route = {
        "address_prefix": "0.0.0.0/0",
        "name": "default",
        "next_hop_in_ip_address": "10.255.0.4",
        "next_hop_type": "VirtualAppliance",
    }
    yield instance(
        at,
        "route_table",
        {"name": f"rt-{n}", "bgp_route_propagation_enabled": False, "route": [route]},
        {"subnets": True, "route": [{}]},
    )
    for k in range(4):
        yield from subnet(at, net, f"Subnet{k}", f"{space}.{k * 32}/27")
    for k in range(3):
        yield endpoint(at, n, k)
    rules = [firewall_rule(k, space) for k in range(20)]
    collection = {"action": "Allow", "name": "net", "priority": 100, "rule": rules}
    yield instance(
        at,
        "firewall_policy_rule_collection_group",
        {
            "name": f"rcg-{n}",
            "priority": 200 + n,
            "network_rule_collection": [collection],
            **empty("application_rule_collection", "nat_rule_collection", value=[]),
        },
        {"firewall_policy_id": True, "network_rule_collection": [{"rule": [{} for _ in rules]}]},
    )


def subnet(at: str, net: str, key: str, prefix: str) -> Iterator[Table]:
    yield instance(
        at,
        "subnet",
        {
            "name": key,
            "virtual_network_name": net,
            "address_prefixes": [prefix],
            "default_outbound_access_enabled": False,
            "private_endpoint_network_policies": "Disabled",
            "private_link_service_network_policies_enabled": True,
            **empty("delegation", "ip_address_pool", "service_endpoint", value=[]),
            **empty(
                "sharing_scope",
                "service_endpoint_policy_ids",
                "network_security_group_id_wo",
                "network_security_group_id_wo_version",
                "route_table_id_wo",
                "route_table_id_wo_version",
            ),
        },
        {"network_security_group_id": True, "route_table_id": True, "address_prefixes": [False]},
        key,
    )
    for kind in ("route_table", "network_security_group"):
        unknown = {"subnet_id": True, f"{kind}_id": True}
        yield instance(at, f"subnet_{kind}_association", {}, unknown, key)


def endpoint(at: str, n: int, k: int) -> Table:
    connection = {
        "name": "vault",
        "is_manual_connection": False,
        "subresource_names": ["vault"],
        "private_connection_resource_id": f"{VAULTS}/kv-{n}-{k}",
        **empty("request_message", "private_connection_resource_alias"),
    }
    return instance(
        at,
        "private_endpoint",
        {
            "name": f"pe-{n}-{k}",
            "ip_configuration": [],
            "private_dns_zone_group": [{"name": "default"}],
            "private_service_connection": [connection],
            **empty("edge_zone", "custom_network_interface_name"),
        },
        {
            "subnet_id": True,
            "network_interface": True,
            "custom_dns_configs": True,
            "private_dns_zone_configs": True,
            "private_dns_zone_group": [{"id": True, "private_dns_zone_ids": True}],
            "private_service_connection": [{"private_ip_address": True}],
        },
        f"vault{k}",
    )


def refers(*texts: str) -> Table:
    return {"references": list(texts)}


def block(type_: str, expressions: Table, **rest: Any) -> Table:
    type_ = f"azurerm_{type_}"
    return {"mode": "managed", "type": type_, "name": "this", "expressions": expressions} | rest


def spoke_module() -> Table:
    subnets = {"for_each_expression": refers("var.subnets")}
    own = refers("azurerm_subnet.this", "each.key")
    second = 'azurerm_subnet.this["Subnet1"]'
    zone = [{"private_dns_zone_ids": refers("var.zone_id")}]
    associations = (
        block(
            f"subnet_{kind}_association",
            {
                "subnet_id": own,
                f"{kind}_id": refers(f"azurerm_{kind}.this.id", f"azurerm_{kind}.this"),
            },
            **subnets,
        )
        for kind in ("route_table", "network_security_group")
    )
    return {
        "resources": [
            *(
                block(kind, {"name": refers("var.name")})
                for kind in ("virtual_network", "network_security_group", "route_table")
            ),
            block("subnet", {"name": refers("each.key")}, **subnets),
            *associations,
            block(
                "private_endpoint",
                {
                    "subnet_id": refers(f"{second}.id", second, "azurerm_subnet.this"),
                    "private_dns_zone_group": zone,
                },
            ),
            block(
                "firewall_policy_rule_collection_group",
                {"firewall_policy_id": refers("var.policy_id")},
            ),
        ],
    }


def calls() -> Table:
    outputs = {
        "policy_id": "azurerm_firewall_policy.this",
        "zone_id": "azurerm_private_dns_zone.this",
    }
    hub = {
        "resources": [block("firewall_policy", {}), block("private_dns_zone", {})],
        "outputs": {
            name: {"expression": refers(f"{text}.id", text)} for name, text in outputs.items()
        },
    }
    arguments = {
        "name": refers("each.key"),
        "subnets": refers("each.value.subnets", "each.value"),
        "policy_id": refers("module.hub.policy_id", "module.hub"),
        "zone_id": refers("module.hub.zone_id", "module.hub"),
    }
    rows = {"for_each_expression": refers("var.spokes"), "expressions": arguments}
    return {"hub": {"module": hub}, "spoke": {"module": spoke_module(), **rows}}


def make(path: Path, megabytes: int) -> None:
    """Write a plan, spoke by spoke until it is large enough."""
    zone = {"name": "privatelink.vaultcore.azure.net"}
    policy = {"name": "afwp", "sku": "Premium", "dns": []}
    changes = [
        instance("module.hub", "firewall_policy", policy, {}),
        instance("module.hub", "private_dns_zone", zone, {}),
    ]
    spokes, size = 0, 0
    while size < megabytes * 620_000:
        more = list(spoke(spokes))
        size += len(json.dumps(more))
        changes += more
        spokes += 1
    planned = [
        {name: item[name] for name in ("address", "mode", "type", "name", "provider_name")}
        | {
            "schema_version": 0,
            "values": item["change"]["after"],
            "sensitive_values": item["change"]["after_sensitive"],
        }
        for item in changes
    ]
    row = {"subnets": {f"Subnet{k}": {} for k in range(4)}}
    provider = {
        "full_name": "registry.terraform.io/hashicorp/azurerm",
        "version_constraint": "~> 5.0",
    }
    document = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "variables": {"spokes": {"value": {f"s{n}": row for n in range(spokes)}}},
        "planned_values": {"root_module": {"child_modules": [{"resources": planned}]}},
        "resource_changes": changes,
        "configuration": {
            "provider_config": {"azurerm": provider},
            "root_module": {"module_calls": calls()},
        },
    }
    with path.open("w") as file:
        json.dump(document, file, separators=(",", ":"))


def measure(what: str, path: Path) -> tuple[float, int]:
    """Return seconds of processor time and the most memory in bytes, of a process of its own."""
    words = [sys.executable, __file__, "--inner", what, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    seconds, peak = done.stdout.split()
    return float(seconds), int(peak)


def inner(what: str, path: Path) -> None:
    began = time.process_time()
    if what == "read":
        estate, problems = read_plan(path.name, path)
        assert estate is not None, problems
        assert not problems, problems[:3]
    elif what == "load":
        with path.open() as file:
            json.load(file)
    print(time.process_time() - began, peak_memory())


def peak_memory() -> int:
    """Return the most memory that this process had, without what was there before its exec."""
    lines = Path("/proc/self/status").read_text().splitlines()
    line = next(line for line in lines if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--inner", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.inner:
        inner(words.inner[0], Path(words.inner[1]))
        return
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "plan.json"
        make(path, words.megabytes)
        size = path.stat().st_size
        _, start = measure("start", path)
        load, load_peak = measure("load", path)
        read, read_peak = measure("read", path)
    print(f"plan       {size / 1e6:6.1f} MB")
    print(f"json.load  {load:6.2f} s  {(load_peak - start) / size:5.2f} times the size")
    print(f"read_plan  {read:6.2f} s  {(read_peak - start) / size:5.2f} times the size")
    print(f"ratio      {read / load:6.2f}")


if __name__ == "__main__":
    main()
