"""Which resources a plan makes anew: Terraform removes one and makes another in its place."""

from hubwright.sources.terraform.cursor import Cursor

_BOTH = {"create", "delete"}


def replaced(text: str) -> frozenset[str]:
    """
    Return the addresses of the resources that a plan replaces.

    Raises:
        JSONDecodeError: the text is no JSON.
    """
    cursor = Cursor(text)
    found: set[str] = set()
    for key in cursor.members():
        if key != "resource_changes":
            cursor.skip()
            continue
        for _ in cursor.items():
            entry = cursor.value()
            if set(entry["change"]["actions"]) == _BOTH:
                found.add(str(entry["address"]))
    return frozenset(found)
