"""
The firewall's application engine: one Envoy with one transparent listener.

A connection is sorted by what it speaks, its port, its source, and for TLS its SNI; HTTP is
looked at request by request. Denied HTTP gets Azure's status 470, denied TLS is closed at
ClientHello, and what is neither is closed. The access log names the chain that decided.

Sources: learn.microsoft.com/azure/firewall/rule-processing (2026-03-23), firewall-known-issues
(2025-04-13); envoyproxy.io/docs: "Matching API", "Original destination", "Dynamic forward proxy".
"""

import json
from collections.abc import Callable, Iterator

from hubwright.engines.twin import envoy_json as make
from hubwright.engines.twin.artefacts import Document, Tool
from hubwright.engines.twin.envoy_json import Json
from hubwright.engines.twin.firewall_nft import ENVOY_PORT
from hubwright.engines.twin.name_rules import DEFAULT, NO_NAME, ApplicationRules, Names
from hubwright.model.address import format_address
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall
from hubwright.semantics import dns
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.names import AZURE_DNS

STATUS = 470
DENIED = "Action: Deny. Reason: No rule matched. Proceeding with default action.\n"
"""Body of the answer to HTTP that no rule allows, as Azure Firewall was seen to send it."""
DENIED_BY_RULE = "Action: Deny. Reason: A rule denies it.\n"
CLOSED = "deny:protocol"
"""Chain of what is neither HTTP nor TLS."""
_CONNECT_TIMEOUT = "2s"
_LARGE = 1_000_000
"""So long a bootstrap is one line: indenting it takes longer than everything else in a plan."""
_HTTP = ("'http/1.0'", "'http/1.1'", "'h2c'")
"""What the inspector calls HTTP, quoted as the matcher's input is."""
_NO_NAMES = Names(())


class Bootstrap:
    """Envoy's configuration for one firewall."""

    def __init__(
        self,
        estate: Estate,
        firewall: Firewall,
        assumptions: Assumptions,
        application: ApplicationRules,
    ) -> None:
        self._firewall = firewall
        self._application = application
        self._resolvers = dns.upstream(estate, firewall, assumptions) or (
            format_address(AZURE_DNS),
        )
        self._reresolve = assumptions.https_destination == "reresolved"
        self._inspects = firewall.sku_tier == "Premium"
        self._chains: dict[str, Json] = {}
        self._http_chains: dict[tuple[int, Names], str] = {}

    def document(self) -> Document:
        """Return the bootstrap; `@STATE@` in it stands for the directory of its access log."""
        name = self._firewall.name
        root = {
            "node": {"id": name, "cluster": "azure-firewall"},
            "static_resources": {
                "listeners": [self._listener()],
                "clusters": list(self._clusters()),
            },
        }
        text = json.dumps(root)
        if len(text) < _LARGE:
            text = json.dumps(root, indent=1)
        return Document(
            name=f"060-{name}-envoy.json", tool=Tool.ENVOY, namespace=name, text=f"{text}\n"
        )

    def _clusters(self) -> Iterator[Json]:
        timeout = {"connect_timeout": _CONNECT_TIMEOUT}
        yield {
            "name": "original",
            "type": "ORIGINAL_DST",
            "lb_policy": "CLUSTER_PROVIDED",
            **timeout,
        }
        yield {"name": "nowhere", "type": "STATIC", **timeout}
        options = make.typed(
            "",
            "upstreams.http.v3.HttpProtocolOptions",
            {
                "common_http_protocol_options": {"max_requests_per_connection": 1},
                "explicit_http_config": {"http_protocol_options": {}},
            },
        )
        yield {
            "name": "by-name",
            "lb_policy": "CLUSTER_PROVIDED",
            **timeout,
            "cluster_type": make.typed(
                "envoy.clusters.dynamic_forward_proxy",
                "clusters.dynamic_forward_proxy.v3.ClusterConfig",
                {"dns_cache_config": self._dns_cache(), "allow_insecure_cluster_options": True},
            ),
            "typed_extension_protocol_options": {
                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": options["typed_config"]
            },
        }

    def _dns_cache(self) -> Json:
        resolvers = [
            {"socket_address": {"address": address, "port_value": 53}}
            for address in self._resolvers
        ]
        return {
            "name": "firewall",
            "dns_lookup_family": "V4_ONLY",
            "dns_query_timeout": _CONNECT_TIMEOUT,
            "typed_dns_resolver_config": make.typed(
                "envoy.network.dns_resolver.cares",
                "network.dns_resolver.cares.v3.CaresDnsResolverConfig",
                {
                    "resolvers": resolvers,
                    "dns_resolver_options": {"no_default_search_domain": True},
                },
            ),
        }

    def _listener(self) -> Json:
        matcher = self._by_protocol()
        inspectors = {
            "original_dst": "OriginalDst",
            "tls_inspector": "TlsInspector",
            "http_inspector": "HttpInspector",
        }
        return {
            "name": "firewall",
            "address": {"socket_address": {"address": "0.0.0.0", "port_value": ENVOY_PORT}},
            "transparent": True,
            "listener_filters_timeout": "5s",
            "listener_filters": [
                make.typed(
                    f"envoy.filters.listener.{name}", f"filters.listener.{name}.v3.{kind}", {}
                )
                for name, kind in inspectors.items()
            ],
            "filter_chain_matcher": matcher,
            "filter_chains": list(self._chains.values()),
        }

    def _by_protocol(self) -> Json:
        """Return the matcher of every connection: TLS by names, HTTP by requests, else closed."""
        closed = self._tcp_chain(CLOSED, "TCP")
        http = self._by_port("Http", self._http_chain)
        raw = make.exact("ApplicationProtocolInput", dict.fromkeys(_HTTP, http), closed)
        choices = {"tls": self._by_port("Https", self._tls_names), "raw_buffer": make.nested(raw)}
        return make.exact("TransportProtocolInput", choices, closed)

    def _by_port(self, protocol: str, build: Callable[[Names, int], Json]) -> Json:
        ports: dict[str, Json] = {}
        for port in self._application.ports:
            classes = self._application.classes(protocol, port)
            choices = [(sources, build(names, port)) for sources, names in classes]
            ports[str(port)] = make.by_source(choices, build(_NO_NAMES, port))
        closed = self._tcp_chain(CLOSED, "TCP")
        return make.nested(make.exact("DestinationPortInput", ports, closed))

    def _tls_names(self, names: Names, port: int) -> Json:
        """Return where TLS goes by its SNI: only a network rule allows it without one."""
        del port
        refused = self._tcp_chain(DEFAULT, "HTTPS")
        table = refused
        settled = names.settled()
        for chain in dict.fromkeys(settled.values()):
            self._tcp_chain(chain, "HTTPS")
        if settled and names.by_label:
            table = make.nested(make.by_label(_by_chain(settled), refused))
        elif settled:
            choices = [(make.pattern(text), make.action(chain)) for text, chain in names.ordered]
            table = make.nested(make.first_match(choices, refused))
        named = [(make.any_text(), table)]
        return make.nested(make.first_match(named, self._tcp_chain(NO_NAME, "HTTPS")))

    def _tcp_chain(self, chain: str, protocol: str) -> Json:
        """Add a chain that passes bytes on, or closes where it refuses; return the action."""
        if chain not in self._chains:
            filters: list[Json] = []
            cluster = "original" if is_allowed(chain) else "nowhere"
            inspected = self._inspects and chain in self._application.inspected
            if is_allowed(chain) and (self._reresolve or inspected):
                cluster = "by-name"
                filters += [_upstream_port(), self._by_server_name()]
            filters.append(make.tcp_proxy(cluster, protocol))
            self._chains[chain] = {"name": chain, "filters": filters}
        return make.action(chain)

    def _by_server_name(self) -> Json:
        """Return the filter that resolves the SNI, as for HTTPS that Azure would inspect."""
        return make.typed(
            "sni",
            "filters.network.sni_dynamic_forward_proxy.v3.FilterConfig",
            {"port_value": 443, "dns_cache_config": self._dns_cache()},
        )

    def _http_chain(self, names: Names, port: int) -> Json:
        """Add the chain that looks at HTTP requests with these names on a port."""
        key = (port, names)
        if key not in self._http_chains:
            chain = self._http_chains[key] = f"http:{port}:{len(self._http_chains)}"
            self._chains[chain] = {
                "name": chain,
                "filters": [_upstream_port(), self._http_manager(names)],
            }
        return make.action(self._http_chains[key])

    def _http_manager(self, names: Names) -> Json:
        forward = {
            "dns_cache_config": self._dns_cache(),
            "allow_dynamic_host_from_filter_state": True,
        }
        return make.typed(
            "http",
            "filters.network.http_connection_manager.v3.HttpConnectionManager",
            {
                "stat_prefix": "http",
                "use_remote_address": True,
                "strip_any_host_port": True,
                "server_header_transformation": "PASS_THROUGH",
                "generate_request_id": False,
                "http_protocol_options": {
                    "accept_http_10": True,
                    "default_host_for_http_10": "nohost.invalid",
                },
                "upgrade_configs": [{"upgrade_type": "websocket"}],
                "local_reply_config": _nameless_is_denied(),
                "access_log": [
                    make.access_log("HTTP", "%REQ(:AUTHORITY)%", "%ROUTE_NAME%", "%REQ(:PATH)%")
                ],
                "route_config": {"virtual_hosts": list(_virtual_hosts(names))},
                "http_filters": [
                    make.typed(
                        "forward", "filters.http.dynamic_forward_proxy.v3.FilterConfig", forward
                    ),
                    make.typed(
                        "router", "filters.http.router.v3.Router", {"suppress_envoy_headers": True}
                    ),
                ],
            },
        )


def is_allowed(chain: str) -> bool:
    """Tell whether a chain lets through what comes to it."""
    return chain.partition(":")[2].startswith("Allow")


def _by_chain(settled: dict[str, str]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for text, chain in settled.items():
        out.setdefault(chain, []).append(text)
    return out


def _upstream_port() -> Json:
    """Return the filter that keeps the port of what is resolved again."""
    value = {
        "object_key": "envoy.upstream.dynamic_port",
        "format_string": {"text_format_source": {"inline_string": "%DOWNSTREAM_LOCAL_PORT%"}},
    }
    return make.typed(
        "port", "filters.network.set_filter_state.v3.Config", {"on_new_connection": [value]}
    )


def _virtual_hosts(names: Names) -> Iterator[Json]:
    """Yield a host for each chain; Envoy takes the most specific of all their names."""
    settled = names.settled()
    for text in tuple(settled):
        bare = text.removeprefix("*")
        if bare and bare != text and not bare.startswith("."):
            settled.setdefault(bare, names.chain_of(bare))
    settled.setdefault("*", DEFAULT)
    for chain, texts in _by_chain(settled).items():
        yield {"name": chain, "domains": texts, "routes": [_route(chain)]}


def _route(chain: str) -> Json:
    route = {"name": chain, "match": {"prefix": "/"}}
    if is_allowed(chain):
        return route | {"route": {"cluster": "by-name", "timeout": "0s"}}
    body = DENIED if chain == DEFAULT else DENIED_BY_RULE
    return route | {"direct_response": {"status": STATUS, "body": {"inline_string": body}}}


def _nameless_is_denied() -> Json:
    """Return the mapping of Envoy's 400 for a request without a Host to Azure's refusal."""
    comparison = {"op": "EQ", "value": {"default_value": 400, "runtime_key": "hubwright.none"}}
    return {
        "mappers": [
            {
                "filter": {"status_code_filter": {"comparison": comparison}},
                "status_code": STATUS,
                "body": {"inline_string": DENIED},
            }
        ]
    }
