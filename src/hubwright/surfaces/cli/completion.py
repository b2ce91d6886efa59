"""What a shell offers: rules, and the names of an estate."""

from pathlib import Path

import click
from click.shell_completion import CompletionItem

from hubwright.errors import HubwrightError


def complete_rule(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer codes with their titles."""
    del context, parameter
    from hubwright.surfaces.cli.rules import known_rules

    start = incomplete.upper()
    return [
        CompletionItem(rule.code, help=rule.title)
        for rule in known_rules().values()
        if rule.code.startswith(start)
    ]


def complete_place(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer places of the design that the command would read."""
    del parameter
    from hubwright.surfaces.cli.reading import find, read
    from hubwright.surfaces.cli.terminal import Terminal

    given = context.params.get("file")
    try:
        path = find(given if isinstance(given, Path) else None)
        estate = read(path, Terminal()).estate
    except (HubwrightError, OSError):
        return []
    if estate is None:
        return []
    names = {"internet", *(nic.name for nic in estate.network_interfaces)}
    names |= {subnet.name for subnet in estate.subnets}
    names |= {service.name for service in estate.kubernetes_services}
    names |= {endpoint.target for endpoint in estate.private_endpoints}
    return [CompletionItem(name) for name in sorted(names) if name.startswith(incomplete)]
