"""Tells a Terraform plan from a design, by what is in the file."""

import re

BINARY = b"PK\x03\x04"
"""How a plan in Terraform's own form begins: it is a zip archive."""
_HEAD = 1 << 16
_KEYS = re.compile(
    rb'"(?:format_version|terraform_version|planned_values|resource_changes|lineage|@level)"\s*:'
)


def is_plan(raw: bytes) -> bool:
    """
    Tell whether a file comes from Terraform, whatever its name.

    True for a plan in either form, and for what is taken for one by mistake (a state, a log): what
    is wrong with it is then said in Terraform's words.
    """
    if raw.startswith(BINARY):
        return True
    head = raw[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"{") and _KEYS.search(head) is not None
