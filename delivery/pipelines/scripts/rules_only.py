#!/usr/bin/env python3
"""rules_only.py PLAN.json: refuse a plan that changes more than what filters and steers traffic."""

import json
import sys
from pathlib import Path
from typing import Any

ALLOWED = {
    "azurerm_firewall_policy",
    "azurerm_firewall_policy_rule_collection_group",
    "azurerm_ip_group",
    "azurerm_network_security_group",
    "azurerm_network_security_rule",
    "azurerm_route",
    "azurerm_route_table",
}
HARMLESS = (["no-op"], ["read"])


def offending(plan: dict[str, Any]) -> list[str]:
    """Return the addresses of changes that are none of a rule."""
    found: list[str] = []
    for change in plan.get("resource_changes", []):
        actions = change["change"]["actions"]
        lost = change["type"] == "azurerm_firewall_policy" and "delete" in actions
        if actions not in HARMLESS and (change["type"] not in ALLOWED or lost):
            found.append(f"{change['address']}: {', '.join(actions)}")
    return found


def main() -> int:
    """Say what is too much, and exit with 1."""
    found = offending(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    for line in found:
        sys.stderr.write(f"not a rule: {line}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
