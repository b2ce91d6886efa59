"""Load balancers of Kubernetes services: Terraform does not make them, so a plan has none."""

from collections.abc import Iterator
from dataclasses import replace

from hubwright.model.address import AddressError, parse_address
from hubwright.model.cluster import KubernetesService
from hubwright.model.estate import Estate
from hubwright.model.firewall import NatRule
from hubwright.model.origin import Origin
from hubwright.sources.terraform.plan import Json, Plan

OUTPUT = "workloads"
"""Root output that tells the services: name -> load_balancer, port, target_port, frontend."""


def services(plan: Plan, estate: Estate) -> tuple[KubernetesService, ...]:
    """
    Return the services that load balancers of a cluster carry.

    They are what the output `workloads` says. Without it they are inferred: a DNAT rule that leads
    to an address of a node subnet leads to an internal load balancer there; one that leads to a
    public IP which no resource of the plan uses, to the public one.
    """
    if not estate.kubernetes_clusters:
        return ()
    told = plan.outputs.get(OUTPUT)
    if isinstance(told, dict):
        return tuple(_told(plan, estate, told))
    return tuple(_inferred(estate))


def _told(plan: Plan, estate: Estate, told: dict[str, Json]) -> Iterator[KubernetesService]:
    for name, item in told.items():
        if not isinstance(item, dict) or not item.get("frontend") or not item.get("port"):
            continue
        origin = Origin(source=plan.source, path=f"output.{OUTPUT}.{name}")
        yield KubernetesService(
            name=name,
            cluster=str(item.get("cluster") or estate.kubernetes_clusters[0].name),
            load_balancer="public" if item.get("load_balancer") == "public" else "internal",
            port=int(item["port"]),
            target_port=int(item.get("target_port") or item["port"]),
            frontend=str(item["frontend"]),
            origin=origin,
        )


def _inferred(estate: Estate) -> Iterator[KubernetesService]:
    spare = _unused_public_ips(estate)
    taken = {machine.private_ip_address for machine in estate.virtual_machines}
    taken |= {gateway.private_ip_address for gateway in estate.application_gateways}
    seen: set[tuple[str, int]] = set()
    for group in estate.rule_collection_groups:
        for collection in group.nat_rule_collections:
            for rule in collection.rules:
                target = rule.translated_address
                if target is None or target in taken or (target, rule.translated_port) in seen:
                    continue
                public = target in spare
                cluster = estate.kubernetes_clusters[0].name if public else _owner(estate, target)
                if cluster is None:
                    continue
                seen.add((target, rule.translated_port))
                yield _service(rule, cluster, public=public)


def _service(rule: NatRule, cluster: str, *, public: bool) -> KubernetesService:
    why = f"inferred: DNAT rule `{rule.name}` leads there, and no resource of the plan is behind it"
    return KubernetesService(
        name=rule.name,
        cluster=cluster,
        load_balancer="public" if public else "internal",
        port=rule.translated_port,
        target_port=rule.translated_port,
        frontend=rule.translated_address or "",
        origin=replace(rule.origin, derived=why),
    )


def _owner(estate: Estate, text: str) -> str | None:
    """Return the cluster with nodes or pods in the subnet of an address."""
    try:
        address = parse_address(text)
    except AddressError:
        return None
    for pool in estate.node_pools:
        for id_ in (pool.subnet, pool.pod_subnet):
            subnet = estate.subnet_by_id.get(id_ or "")
            if subnet and any(address in prefix for prefix in subnet.address_prefixes):
                return pool.cluster
    return None


def _unused_public_ips(estate: Estate) -> set[str]:
    used: set[str | None] = set()
    for firewall in estate.firewalls:
        used |= {*firewall.public_ips, firewall.management_public_ip}
    for gateway in estate.nat_gateways:
        used |= set(gateway.public_ips)
    used |= {item.public_ip for item in estate.bastion_hosts}
    used |= {item.public_ip for item in estate.virtual_machines}
    used |= {item.public_ip for item in estate.application_gateways}
    return {item.name for item in estate.public_ips if item.name not in used}
