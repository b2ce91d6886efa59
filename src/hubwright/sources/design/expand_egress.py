"""Rules for what the design lets out, or keeps in, beside what the cluster needs."""

from collections.abc import Iterable, Iterator

from hubwright.model.firewall import Action, ApplicationProtocol, ApplicationRule, NetworkRule
from hubwright.sources.design.draft import SERVICE_TAG, Draft
from hubwright.sources.design.expand_firewall import protocols
from hubwright.sources.design.schema_egress import (
    AddressEgress,
    Egress,
    FqdnEgress,
    TagEgress,
)
from hubwright.sources.design.spans import Path

_FQDN_TAGS = frozenset(
    {
        "AppServiceEnvironment",
        "AzureBackup",
        "AzureHDInsight",
        "AzureKubernetesService",
        "CitrixHdxPlusForWindows365",
        "MicrosoftActiveProtectionService",
        "MicrosoftIntune",
        "Windows365",
        "WindowsDiagnostics",
        "WindowsUpdate",
        "WindowsVirtualDesktop",
        "citrixHdxPlusForWindows365",
    }
)
"""Source: learn.microsoft.com/azure/firewall/fqdn-tags (2025)."""


def written_application_rules(
    draft: Draft, egress: Egress, action: Action
) -> Iterator[ApplicationRule]:
    """Yield the application rules that the design wrote, of one action."""
    for n, entry in enumerate(egress.fqdns):
        if entry.action == action:
            yield _fqdn_rule(draft, entry, ("egress", "fqdns", n))
    for n, tag_entry in enumerate(egress.tags):
        if tag_entry.action == action and _is_fqdn_tags(tag_entry.to):
            yield _fqdn_tag_rule(draft, tag_entry, ("egress", "tags", n))


def _is_fqdn_tags(tags: Iterable[str]) -> bool:
    return all(tag in _FQDN_TAGS or tag.startswith("Office365.") for tag in tags)


_FQDN_KEYS = {
    "source_addresses": "from",
    "source_ip_groups": "from",
    "destination_fqdns": "to",
    "destination_fqdn_tags": "to",
    "destination_addresses": "to",
    "destination_ip_groups": "to",
    "protocols": "protocol",
    "destination_ports": "ports",
}


def _fqdn_rule(draft: Draft, entry: FqdnEgress, path: Path) -> ApplicationRule:
    ends = draft.sources(entry.from_, (*path, "from"))
    return ApplicationRule(
        name=entry.name,
        protocols=protocols(entry.protocols),
        source_addresses=ends.addresses,
        source_ip_groups=ends.ip_groups,
        destination_fqdns=tuple(entry.to),
        origin=draft.places.resource(path, {**_FQDN_KEYS, "protocols": "protocols"}),
    )


def _fqdn_tag_rule(draft: Draft, entry: TagEgress, path: Path) -> ApplicationRule:
    ends = draft.sources(entry.from_, (*path, "from"))
    return ApplicationRule(
        name=entry.name,
        protocols=(ApplicationProtocol(type="Https", port=443),),
        source_addresses=ends.addresses,
        source_ip_groups=ends.ip_groups,
        destination_fqdn_tags=tuple(entry.to),
        origin=draft.places.resource(path, _FQDN_KEYS),
    )


def written_network_rules(draft: Draft, egress: Egress, action: Action) -> Iterator[NetworkRule]:
    """Yield the network rules that the design wrote, of one action."""
    for n, entry in enumerate(egress.addresses):
        if entry.action == action:
            path: Path = ("egress", "addresses", n)
            yield _address_rule(draft, entry, path)
    for n, tag_entry in enumerate(egress.tags):
        if tag_entry.action == action and not _is_fqdn_tags(tag_entry.to):
            path = ("egress", "tags", n)
            _check_tags(draft, tag_entry, path)
            yield _address_rule(draft, tag_entry, path)


def _check_tags(draft: Draft, entry: TagEgress, path: Path) -> None:
    for n, tag in enumerate(entry.to):
        at: Path = (*path, "to", n)
        if _is_fqdn_tags([tag]):
            message = f"`{tag}` is an FQDN tag among service tags"
            draft.report("DESIGN010", message, at, "write it as an entry of its own")
        elif not SERVICE_TAG.fullmatch(tag):
            draft.report("DESIGN006", f"`{tag[:80]}` is neither an FQDN tag nor a service tag", at)


def _address_rule(draft: Draft, entry: AddressEgress | TagEgress, path: Path) -> NetworkRule:
    ends = draft.sources(entry.from_, (*path, "from"))
    to = draft.destinations(entry.to, (*path, "to"))
    return NetworkRule(
        name=entry.name,
        protocols=(entry.protocol,),
        source_addresses=ends.addresses,
        source_ip_groups=ends.ip_groups,
        destination_addresses=to.addresses,
        destination_ip_groups=to.ip_groups,
        destination_fqdns=to.fqdns,
        destination_ports=tuple(map(str, entry.ports)),
        origin=draft.places.resource(path, _FQDN_KEYS),
    )
