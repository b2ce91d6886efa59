"""Pieces of Envoy's configuration: matchers, filters, log formats. Field names are Envoy's."""

from collections.abc import Mapping, Sequence
from typing import Any

from hubwright.model.address import ALL_ADDRESSES, AddressSet, format_address

Json = dict[str, Any]

ACCESS_LOG = "@STATE@/envoy-access.ndjson"
_API = "type.googleapis.com/"
_EXTENSIONS = f"{_API}envoy.extensions."
_NETWORK_INPUTS = f"{_EXTENSIONS}matching.common_inputs.network.v3."


def typed(name: str, kind: str, config: Json) -> Json:
    """Return an extension's configuration; `kind` is its type below `envoy.extensions`."""
    return {"name": name, "typed_config": {"@type": f"{_EXTENSIONS}{kind}", **config}}


def action(chain: str) -> Json:
    """Return what a match does: use the filter chain of that name."""
    value = {"@type": f"{_API}google.protobuf.StringValue", "value": chain}
    return {"action": {"name": chain, "typed_config": value}}


def nested(matcher: Json) -> Json:
    """Return what a match does: ask another matcher."""
    return {"matcher": matcher}


def exact(input_kind: str, choices: Mapping[str, Json], otherwise: Json) -> Json:
    """Return a matcher that looks an input up in a map."""
    tree = {"input": _input(input_kind), "exact_match_map": {"map": dict(choices)}}
    return {"matcher_tree": tree, "on_no_match": otherwise}


def by_source(choices: Sequence[tuple[AddressSet, Json]], otherwise: Json) -> Json:
    """Return what a match on disjoint sets of client addresses does."""
    if len(choices) == 1 and choices[0][0] == ALL_ADDRESSES:
        return choices[0][1]
    ranges = [{"ranges": _ranges(found), "on_match": match} for found, match in choices]
    custom = {"@type": f"{_API}xds.type.matcher.v3.IPMatcher", "range_matchers": ranges}
    tree = {
        "input": _input("SourceIPInput"),
        "custom_match": {"name": "source", "typed_config": custom},
    }
    return nested({"matcher_tree": tree, "on_no_match": otherwise})


def by_label(chains: Mapping[str, Sequence[str]], otherwise: Json) -> Json:
    """Return a matcher that looks the SNI up in a table of labels: chain -> its patterns."""
    domains = [
        {"domains": list(patterns), "on_match": action(chain)} for chain, patterns in chains.items()
    ]
    custom = {"@type": f"{_API}xds.type.matcher.v3.ServerNameMatcher", "domain_matchers": domains}
    tree = {
        "input": _input("ServerNameInput"),
        "custom_match": {"name": "names", "typed_config": custom},
    }
    return {"matcher_tree": tree, "on_no_match": otherwise}


def first_match(choices: Sequence[tuple[Json, Json]], otherwise: Json) -> Json:
    """Return a matcher that tries string matches on the SNI one after the other."""
    return {
        "matcher_list": {
            "matchers": [
                {
                    "predicate": {
                        "single_predicate": {
                            "input": _input("ServerNameInput"),
                            "value_match": value,
                        }
                    },
                    "on_match": match,
                }
                for value, match in choices
            ]
        },
        "on_no_match": otherwise,
    }


def any_text() -> Json:
    """Return the string match for anything but nothing."""
    return {"safe_regex": {"google_re2": {}, "regex": ".+"}}


def pattern(text: str) -> Json:
    """Return the string match of a target FQDN."""
    if text == "*":
        return any_text()
    return {"suffix": text[1:]} if text.startswith("*") else {"exact": text}


def tcp_proxy(cluster: str, protocol: str) -> Json:
    """Return the filter that passes bytes on to a cluster; one without hosts closes."""
    return typed(
        "tcp",
        "filters.network.tcp_proxy.v3.TcpProxy",
        {
            "stat_prefix": "tcp",
            "cluster": cluster,
            "access_log": [
                access_log(protocol, "%REQUESTED_SERVER_NAME%", "%FILTER_CHAIN_NAME%", None)
            ],
        },
    )


def access_log(protocol: str, name: str, chain: str, path: str | None) -> Json:
    """Return a log of one JSON object a line, appended to `ACCESS_LOG`."""
    fields = {
        "time": "%START_TIME%",
        "protocol": protocol,
        "source": "%DOWNSTREAM_REMOTE_ADDRESS%",
        "port": "%DOWNSTREAM_LOCAL_PORT%",
        "name": name,
        "chain": chain,
        "response_flags": "%RESPONSE_FLAGS%",
        "bytes": "%BYTES_SENT%",
    }
    if path is not None:
        fields["path"] = path
    return typed(
        "file",
        "access_loggers.file.v3.FileAccessLog",
        {"path": ACCESS_LOG, "log_format": {"json_format": fields}},
    )


def _input(kind: str) -> Json:
    return {"name": kind, "typed_config": {"@type": f"{_NETWORK_INPUTS}{kind}"}}


def _ranges(found: AddressSet) -> list[Json]:
    return [
        {"address_prefix": format_address(p.network), "prefix_len": p.length}
        for p in found.to_prefixes()
    ]
