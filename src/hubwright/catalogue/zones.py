"""
Private DNS zones of private endpoints, by subresource and cloud.

Source: learn.microsoft.com/azure/private-link/private-endpoint-dns (2025);
/azure/aks/private-clusters (2026-08-05) for `management`.
"""

_SUFFIXES = {
    "blob": (
        "blob.core.windows.net",
        "blob.core.chinacloudapi.cn",
        "blob.core.usgovcloudapi.net",
    ),
    "file": (
        "file.core.windows.net",
        "file.core.chinacloudapi.cn",
        "file.core.usgovcloudapi.net",
    ),
    "queue": (
        "queue.core.windows.net",
        "queue.core.chinacloudapi.cn",
        "queue.core.usgovcloudapi.net",
    ),
    "vault": ("vaultcore.azure.net", "vaultcore.azure.cn", "vaultcore.usgovcloudapi.net"),
    "registry": ("azurecr.io", "azurecr.cn", "azurecr.us"),
    "sqlServer": (
        "database.windows.net",
        "database.chinacloudapi.cn",
        "database.usgovcloudapi.net",
    ),
    "sites": ("azurewebsites.net", "chinacloudsites.cn", "azurewebsites.us"),
    "management": (
        "<region>.azmk8s.io",
        "<region>.cx.prod.service.azk8s.cn",
        "<region>.cx.aks.containerservice.azure.us",
    ),
}
_PUBLIC = {"vault": ("vault.azure.net", "vault.azure.cn", "vault.usgovcloudapi.net")}
PUBLIC_SUFFIXES = {
    f"privatelink.{private}": public
    for subresource, publics in _PUBLIC.items()
    for private, public in zip(_SUFFIXES[subresource], publics, strict=True)
}
"""Private zone -> suffix of its services' public names, where that is not the zone's own."""
_CLOUDS = ("public", "china", "usgovernment")


_MONITOR = (
    (
        "monitor.azure.com",
        ("api", "global.in.ai", "global.handler.control", "<region>.handler.control"),
    ),
    ("oms.opinsights.azure.com", ("<id>",)),
    ("ods.opinsights.azure.com", ("<id>",)),
    ("agentsvc.azure-automation.net", ("<id>",)),
    ("blob.core.windows.net", ("scadvisorcontentpl",)),
)


def monitor_domains(cloud: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """
    Return the domains of Azure Monitor's private link scope, and its names in each.

    `<id>` stands for the workspace's id, `<region>` for the region.
    Source: learn.microsoft.com/azure/private-link/private-endpoint-dns (2025), `azuremonitor`.
    """
    ending = {"china": ".azure.cn", "usgovernment": ".azure.us"}.get(cloud, ".azure.com")
    core = {"china": "core.chinacloudapi.cn", "usgovernment": "core.usgovcloudapi.net"}
    automation = {"china": "azure-automation.cn", "usgovernment": "azure-automation.us"}
    return tuple(
        (
            domain.replace(".azure.com", ending)
            .replace("core.windows.net", core.get(cloud, "core.windows.net"))
            .replace("azure-automation.net", automation.get(cloud, "azure-automation.net")),
            names,
        )
        for domain, names in _MONITOR
    )


_RESERVED = frozenset(
    {
        "azconfig.io",
        "azmk8s.io",
        "azure-api.net",
        "azure-api.us",
        "azure-automation.net",
        "azure-automation.us",
        "azure-devices-provisioning.net",
        "azure-devices.net",
        "azure.cn",
        "azure.com",
        "azure.net",
        "azure.us",
        "azurecr.cn",
        "azurecr.io",
        "azurecr.us",
        "azuredatabricks.net",
        "azurehdinsight.net",
        "azurehealthcareapis.com",
        "azureiotcentral.com",
        "azureml.ms",
        "azurestaticapps.net",
        "azuresynapse.net",
        "azuresynapse.us",
        "azurewebsites.net",
        "azurewebsites.us",
        "azk8s.cn",
        "chinacloudapi.cn",
        "chinacloudsites.cn",
        "microsoft.com",
        "usgovcloudapi.net",
        "windows.net",
        "windowsazure.com",
        "windowsazure.us",
    }
)


def is_reserved(name: str) -> bool:
    """
    Tell whether a wildcard forwarding rule leaves a name to Azure DNS.

    The two-label domains of the zones that the page on private endpoints lists.
    Sources: azure-docs private-resolver-endpoints-rulesets.md (2023-03-29), rule processing;
    learn.microsoft.com/azure/private-link/private-endpoint-dns (2025).
    """
    return ".".join(name.split(".")[-2:]) in _RESERVED


def reserved_domains() -> tuple[str, ...]:
    """Return the domains that wildcard forwarding rules leave to Azure DNS, sorted."""
    return tuple(sorted(_RESERVED))


def private_zone(subresource: str, cloud: str, location: str = "") -> str | None:
    """
    Return the zone that a subresource's endpoint writes to, or None for an unknown one.

    Args:
        subresource: `blob`, `vault`, `registry`, `management`, ...
        cloud: `public`, `china` or `usgovernment`.
        location: Region; only the zone of an API server (`management`) has it in its name.
    """
    suffix = _suffix(_SUFFIXES, subresource, cloud)
    return None if suffix is None else f"privatelink.{suffix.replace('<region>', location)}"


def public_suffix(subresource: str, cloud: str, location: str = "") -> str | None:
    """Return the domain of a subresource's public names, `vault.azure.net` say."""
    own = _suffix(_PUBLIC, subresource, cloud) or _suffix(_SUFFIXES, subresource, cloud)
    return None if own is None else own.replace("<region>", location)


def _suffix(table: dict[str, tuple[str, str, str]], subresource: str, cloud: str) -> str | None:
    found = table.get(subresource)
    return None if found is None or cloud not in _CLOUDS else found[_CLOUDS.index(cloud)]
