"""The private zone of an API server, and the way the API server is reached."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest
from hubwright.engines.verify.registry import Finding, rule


@rule("DNS020", Severity.ERROR, "the API server's zone is of the wrong kind")
def zone_kind(case: Case) -> Iterator[Finding]:
    """Compare the first label of a cluster's zone with how its API server is reached."""
    for cluster in case.estate.kubernetes_clusters:
        labels = cluster.private_dns_zone.lower().split(".")
        if not cluster.private_cluster_enabled or len(labels) < 2:
            continue
        integrated = cluster.api_server_subnet is not None
        wanted, other = ("private", "privatelink") if integrated else ("privatelink", "private")
        if wanted in labels[:2] or other not in labels[:2]:
            continue
        how = "API Server VNet Integration" if integrated else "a private endpoint"
        yield Finding(
            message=(
                f"`{cluster.name}` is reached by {how}, and AKS does not take zone "
                f"`{cluster.private_dns_zone}` for that"
            ),
            at=nearest(cluster.origin.of("private_dns_zone"), cluster.origin),
            label=f"begins with `{other}`",
            help=f"use `{wanted}.{'.'.join(labels[labels.index(other) + 1 :])}`",
        )
