"""
Microsoft's weekly list of service tags: which addresses each tag stands for.

Source: microsoft.com/download/details.aspx?id=56519 (public; one file a cloud), described at
learn.microsoft.com/azure/virtual-network/service-tags-overview, "Discover service tags".
"""

import json
from typing import Any

from hubwright.errors import UsageError
from hubwright.model.address import AddressError, AddressSet, Prefix

ServiceTags = tuple[tuple[str, AddressSet], ...]


def read_service_tags(name: str, text: str) -> ServiceTags:
    """
    Return the IPv4 addresses of every tag, by name; IPv6 prefixes are left out.

    Raises:
        UsageError: the text is not such a file.
    """
    try:
        document = json.loads(text)
        values: list[dict[str, Any]] = document["values"]
        found = {str(item["name"]): _addresses(item) for item in values}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{name} is no list of service tags; take ServiceTags_Public_<date>.json as Microsoft "
            "publishes it"
        ) from error
    return tuple(sorted(found.items()))


def _addresses(item: dict[str, Any]) -> AddressSet:
    prefixes: list[str] = item["properties"]["addressPrefixes"]
    try:
        return AddressSet.prefixes_of([Prefix.parse(text) for text in prefixes if ":" not in text])
    except AddressError as error:
        raise ValueError(str(error)) from error
