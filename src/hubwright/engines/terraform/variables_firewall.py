"""Variables of `terraform/variables.firewall.tf`."""

from typing import Any

from hubwright.catalogue.lifecycle import WORKLOADS_GROUP
from hubwright.engines.terraform.values import keyed, plain
from hubwright.model.address import format_address
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall, FirewallPolicyRuleCollectionGroup

_NAME = frozenset({"name"})


def variables(estate: Estate) -> dict[str, Any]:
    """Return firewalls, their policies, rules and IP groups."""
    return {
        "ip_groups": keyed(
            "IP groups",
            estate.ip_groups,
            lambda item: item.name,
            lambda item: plain(item, without=_NAME),
        ),
        "firewall_policies": keyed(
            "firewall policies",
            estate.firewall_policies,
            lambda item: item.name,
            lambda item: plain(item, without=_NAME),
        ),
        "rule_collection_groups": keyed(
            "rule collection groups",
            estate.rule_collection_groups,
            lambda item: f"{item.firewall_policy}/{item.name}",
            _rule_collection_group,
        ),
        "firewalls": keyed("firewalls", estate.firewalls, lambda item: item.name, _firewall),
    }


def _rule_collection_group(group: FirewallPolicyRuleCollectionGroup) -> dict[str, Any]:
    """Return a group; Terraform makes that of the workloads once, and then leaves it to others."""
    return {**plain(group), "managed_elsewhere": group.name == WORKLOADS_GROUP}


def _firewall(firewall: Firewall) -> dict[str, Any]:
    address = firewall.private_ip_address
    return {
        **plain(firewall, without=_NAME),
        "private_ip_address": None if address is None else format_address(address),
    }
