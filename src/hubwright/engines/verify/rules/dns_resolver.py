"""Private Resolvers: queries that go round, and the subnets of endpoints."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest, resolver_endpoints
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.rules.dns import clients
from hubwright.semantics.dns import resolve
from hubwright.semantics.forwarding import domain_of, rule_for, rules_of

_SMALLEST, _LARGEST = 28, 24
"""Prefix lengths of an endpoint's subnet.
Source: azure-docs dns-private-resolver-overview.md (2022-12-06), subnet restrictions."""


@rule("DNS007", Severity.ERROR, "a forwarding rule leads queries round in a circle")
def circle(case: Case) -> Iterator[Finding]:
    """Follow every forwarding rule from every network that is linked to its ruleset."""
    estate = case.estate
    for link in estate.dns_forwarding_virtual_network_links:
        network = link.virtual_network
        for found in rules_of(estate, network):
            if found.dns_forwarding_ruleset != link.dns_forwarding_ruleset:
                continue
            domain = domain_of(found)
            name = f"somebody.{domain or 'contoso.com'}"
            answer = resolve(estate, network, name, case.assumptions)
            if not answer.is_circle or rule_for(estate, network, name) is not found:
                continue
            nic = clients(estate).get(network)
            shown = f"{domain} and below" if domain else "every name"
            yield Finding(
                message=(
                    f"queries of `{network}` for {shown} go round: rule `{found.name}` leads them "
                    "back"
                ),
                at=nearest(found.origin.of("target_dns_servers"), found.origin),
                label=", ".join(target.ip_address for target in found.target_dns_servers),
                causes=((link.origin, f"`{network}` follows `{link.dns_forwarding_ruleset}`"),),
                notes=(answer.why,),
                help=f"do not link the ruleset to `{network}`, or send the domain elsewhere",
                trace=case.https(nic.name, name) if nic else None,
            )


@rule("DNS008", Severity.ERROR, "a DNS resolver's endpoint has a subnet of the wrong size or place")
def endpoint_subnet(case: Case) -> Iterator[Finding]:
    """Compare the subnets of endpoints with the sizes, and the network, that Azure takes."""
    estate = case.estate
    homes = {item.name: item.virtual_network for item in estate.private_dns_resolvers}
    for end in resolver_endpoints(estate):
        subnet = estate.subnet_by_id.get(end.subnet)
        if subnet is None:
            continue
        home = homes.get(end.private_dns_resolver, subnet.virtual_network)
        wrong = [p for p in subnet.address_prefixes if not _LARGEST <= p.length <= _SMALLEST]
        if wrong:
            problem = f"is a /{wrong[0].length}: Azure takes /{_SMALLEST} to /{_LARGEST}"
        elif home != subnet.virtual_network:
            problem = f"is not in `{home}`, the network of `{end.private_dns_resolver}`"
        else:
            continue
        yield Finding(
            message=f"endpoint `{end.name}` cannot use `{subnet.name}`, which {problem}",
            at=nearest(end.origin.of("subnet"), end.origin),
            label=f"`{subnet.name}`",
            causes=((nearest(subnet.origin.of("address_prefixes"), subnet.origin), "this subnet"),),
            help="give it a subnet of its own, of that size, in the resolver's network",
        )
