"""What Azure retires: each finding says the day and what takes over."""

from collections.abc import Iterator

from hubwright.catalogue.retirements import Retirement, retirement
from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest, pools_of
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.origin import Origin


def _ending(case: Case, found: Retirement | None, what: str, at: Origin) -> Iterator[Finding]:
    """Yield the finding for something that ends: an error once the day is past."""
    if found is None:
        return
    past = found.is_past(case.as_of)
    when = f"{'ended' if past else 'ends'} on {found.ends}" if found.ends else "has a successor"
    yield Finding(
        message=f"{what} {when}",
        at=at,
        label=f"{'ended' if past else 'ends'} {found.ends}" if found.ends else "no longer extended",
        notes=(f"as of {case.as_of}; source: {found.source}",),
        help=f"use {found.successor}",
        severity=Severity.ERROR if past else None,
    )


@rule("LIFE001", Severity.WARNING, "a Kubernetes version ends")
def kubernetes(case: Case) -> Iterator[Finding]:
    """Look up the version of each cluster in the support calendar, half a year ahead."""
    for cluster in case.estate.kubernetes_clusters:
        version = cluster.kubernetes_version
        found = retirement("kubernetes_version", version) if version else None
        if found is None or not found.is_near(case.as_of):
            continue
        at = nearest(cluster.origin.of("kubernetes_version"), cluster.origin)
        yield from _ending(case, found, f"version {version} of Kubernetes in `{cluster.name}`", at)


@rule("LIFE002", Severity.WARNING, "kubenet ends")
def kubenet(case: Case) -> Iterator[Finding]:
    """Find clusters with the kubenet plugin."""
    for cluster in case.estate.kubernetes_clusters:
        yield from _ending(
            case,
            retirement("network_plugin", cluster.network_plugin),
            f"network plugin {cluster.network_plugin} of `{cluster.name}`",
            nearest(cluster.origin.of("network_plugin"), cluster.origin),
        )


@rule("LIFE003", Severity.WARNING, "Azure Network Policy Manager ends")
def network_policy_manager(case: Case) -> Iterator[Finding]:
    """Find clusters with network policy `azure`; it has ended already on Windows."""
    for cluster in case.estate.kubernetes_clusters:
        if cluster.network_policy != "azure":
            continue
        pools = pools_of(case.estate, cluster)
        windows = any(pool.os_sku.startswith("Windows") for pool in pools)
        yield from _ending(
            case,
            retirement("network_policy", "azure on Windows" if windows else "azure"),
            f"network policy azure of `{cluster.name}`" + (" on Windows" if windows else ""),
            nearest(cluster.origin.of("network_policy"), cluster.origin),
        )


@rule("LIFE004", Severity.WARNING, "a node's operating system ends")
def node_system(case: Case) -> Iterator[Finding]:
    """Look up the operating system of each pool."""
    for pool in case.estate.node_pools:
        yield from _ending(
            case,
            retirement("os_sku", pool.os_sku),
            f"operating system {pool.os_sku} of pool `{pool.name}`",
            nearest(pool.origin.of("os_sku"), pool.origin),
        )


@rule("LIFE005", Severity.WARNING, "an ingress controller ends, or has a successor")
def ingress(case: Case) -> Iterator[Finding]:
    """Look up the ingress controller of each cluster."""
    names = {
        "application-routing-nginx": "the NGINX of the application routing add-on",
        "application-gateway": "the Application Gateway ingress controller",
    }
    for cluster in case.estate.kubernetes_clusters:
        name = names.get(cluster.ingress or "")
        if name is None or cluster.ingress is None:
            continue
        yield from _ending(
            case,
            retirement("ingress", cluster.ingress),
            f"{name} in `{cluster.name}`",
            nearest(cluster.origin.of("ingress"), cluster.origin),
        )


@rule("LIFE006", Severity.WARNING, "an Application Gateway is of version 1")
def gateway_version(case: Case) -> Iterator[Finding]:
    """Look up the SKU of each Application Gateway."""
    for gateway in case.estate.application_gateways:
        yield from _ending(
            case,
            retirement("application_gateway_sku", gateway.sku),
            f"tier {gateway.sku}, version 1, of `{gateway.name}`",
            nearest(gateway.origin.of("sku"), gateway.origin),
        )


@rule("LIFE007", Severity.WARNING, "a rule set of the web application firewall ends")
def rule_set(case: Case) -> Iterator[Finding]:
    """Look up the managed rule sets of each web application firewall policy."""
    for policy in case.estate.web_application_firewall_policies:
        for kind, version in policy.managed_rule_sets:
            yield from _ending(
                case,
                retirement("rule_set", f"{kind} {version}"),
                f"rule set {kind} {version} of `{policy.name}`",
                nearest(policy.origin.of("managed_rule_sets"), policy.origin),
            )


@rule("LIFE008", Severity.WARNING, "a series of machines ends")
def machine_series(case: Case) -> Iterator[Finding]:
    """Look up the size of each pool, machine and scale set."""
    estate = case.estate
    sizes = (
        *((f"pool `{p.name}`", p.vm_size, "vm_size", p.origin) for p in estate.node_pools),
        *((f"`{m.name}`", m.size, "size", m.origin) for m in estate.virtual_machines),
        *((f"`{m.name}`", m.sku, "sku", m.origin) for m in estate.virtual_machine_scale_sets),
        *((f"`{p.name}`", p.sku_name, "sku_name", p.origin) for p in estate.managed_devops_pools),
    )
    for owner, size, argument, origin in sizes:
        at = nearest(origin.of(argument), origin)
        yield from _ending(case, retirement("vm_size", size), f"size {size} of {owner}", at)


@rule("LIFE009", Severity.WARNING, "an image of agents ends")
def agent_image(case: Case) -> Iterator[Finding]:
    """Look up the image of each pool of agents."""
    for pool in case.estate.managed_devops_pools:
        yield from _ending(
            case,
            retirement("image", pool.image.partition("/")[0]),
            f"image {pool.image} of `{pool.name}`",
            nearest(pool.origin.of("image"), pool.origin),
        )
