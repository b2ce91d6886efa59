"""
The firewall's log rows, in the columns of Azure's resource-specific tables.

Source: learn.microsoft.com/azure/firewall/monitor-firewall-reference (2026-07-14) and the table
reference pages AZFWNetworkRule, AZFWApplicationRule, AZFWNatRule, AZFWThreatIntel, AZFWDnsQuery.
"""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from hubwright.engines.twin.answers import DnsQuery
from hubwright.engines.twin.artefacts import RuleRef
from hubwright.engines.twin.nflog import Event
from hubwright.model.address import format_address
from hubwright.model.estate import Estate
from hubwright.model.firewall import NatRule
from hubwright.semantics.assigned import address_of

Row = dict[str, Any]
"""One row: `TimeGenerated` and `Type` first, then the table's own columns in Azure's order."""

_RULE_COLUMNS = ("Policy", "RuleCollectionGroup", "RuleCollection", "Rule")


class RowWriter:
    """Makes rows of what the twin's pieces report; knows the plan's rules and the estate."""

    def __init__(self, rules: Iterable[RuleRef], estate: Estate | None) -> None:
        """Index the rules by (kind, index), as log prefixes name them."""
        self._rules = {(rule.kind, rule.index): rule for rule in rules}
        self._nat = dict(_nat_rules(estate)) if estate else {}
        self._estate = estate

    def of_event(self, event: Event) -> Row | None:
        """Return the row of a `fw:<kind>:<action>:<index>` event; None for other prefixes."""
        words = event.prefix.split(":")
        if len(words) < 4 or words[0] != "fw":
            return None
        kind, action, index = words[1], words[2], words[3].split()[0]
        rule = self._rules.get((kind, int(index))) if index.isdigit() else None
        packet = {
            "Protocol": event.protocol,
            "SourceIp": event.source,
            "SourcePort": 0 if event.protocol == "ICMP" else event.source_port,
            "DestinationIp": event.destination,
            "DestinationPort": 0 if event.protocol == "ICMP" else event.destination_port,
        }
        match kind:
            case "nat":
                return _row("AZFWNatRule", event.time, packet | self._translated(rule), rule)
            case "ti":
                return _row("AZFWThreatIntel", event.time, packet | _threat("", "", action))
            case _:
                reason = "Default Action" if kind == "default" else ""
                decided = {"Action": action, "ActionReason": reason}
                return _row("AZFWNetworkRule", event.time, packet | decided, rule)

    def of_access(self, line: str) -> Row | None:
        """Return the AZFWApplicationRule row of a line of Envoy's access log."""
        try:
            found: dict[str, Any] = json.loads(line)
            kind, action, index = (*str(found.get("chain", "")).split(":"), "", "")[:3]
        except (ValueError, AttributeError):
            return None
        rule = self._rules.get(("app", int(index))) if kind == "app" and index.isdigit() else None
        source, _, port = str(found.get("source", "")).rpartition(":")
        name, path = _host(str(found.get("name") or "")), str(found.get("path") or "")
        protocol = str(found.get("protocol") or "").upper()
        is_http = protocol.startswith("HTTP") and not protocol.startswith("HTTPS")
        protocol = "HTTP" if is_http else protocol
        url = f"{name}{path}" if is_http else ""
        time = _time(str(found.get("time", "")))
        columns: Row = {"Protocol": protocol, "SourceIp": source, "SourcePort": _number(port)}
        port_to = {"DestinationPort": _number(found.get("port"))}
        if f"{kind}:{action}" == "deny:threat":
            columns |= {"DestinationIp": "", **port_to, **_threat(name, url, "Deny")}
            return _row("AZFWThreatIntel", time, columns)
        columns |= {
            **port_to,
            "Fqdn": name,
            "TargetUrl": url,
            "Action": action if kind in ("app", "infra") and action else "Deny",
            "ActionReason": _REASONS.get(f"{kind}:{action}", ""),
        }
        tail = {"WebCategory": "", "IsTlsInspected": False, "IsExplicitProxyRequest": False}
        return _row("AZFWApplicationRule", time, columns, rule) | tail

    def of_query(self, query: DnsQuery) -> Row:
        """Return the AZFWDnsQuery row of a query to the firewall's DNS proxy."""
        columns = {
            "SourceIp": query.source,
            "SourcePort": query.source_port,
            "QueryId": query.query_id,
            "QueryType": query.kind,
            "QueryClass": query.query_class,
            "QueryName": f"{query.name}.",
            "Protocol": query.protocol,
            "RequestSize": query.request_size,
            "DnssecOkBit": query.dnssec_ok,
            "EDNS0BufferSize": query.edns_size,
            "ResponseCode": query.rcode,
            "ResponseFlags": query.flags,
            "ResponseSize": query.response_size,
            "RequestDurationSecs": round(query.seconds, 9),
            "ErrorNumber": 0,
            "ErrorMessage": "",
        }
        return _row("AZFWDnsQuery", dt.datetime.now(dt.UTC).timestamp(), columns, None, bare=True)

    def _translated(self, rule: RuleRef | None) -> Row:
        nat = self._nat.get(_path(rule)) if rule else None
        if nat is None or self._estate is None:
            return {"TranslatedIp": "", "TranslatedPort": 0}
        address = address_of(self._estate, nat.translated_address or "")
        text = format_address(address) if address is not None else nat.translated_fqdn or ""
        return {"TranslatedIp": text, "TranslatedPort": nat.translated_port}


_REASONS = {
    "deny:default": "Default Action",
    "deny:nosni": "SNI TLS extension was missing",
}


def _row(
    table: str, time: float, columns: Row, rule: RuleRef | None = None, *, bare: bool = False
) -> Row:
    stamp = dt.datetime.fromtimestamp(time, dt.UTC).isoformat(timespec="microseconds")
    out: Row = {"TimeGenerated": stamp.replace("+00:00", "Z"), "Type": table, **columns}
    if not bare and table != "AZFWThreatIntel":
        out |= dict(zip(_RULE_COLUMNS, _path(rule), strict=True))
    return out


def _threat(name: str, url: str, action: str) -> Row:
    return {
        "Fqdn": name,
        "TargetUrl": url,
        "Action": action,
        "ThreatDescription": "",
        "IsTlsInspected": False,
    }


def _path(rule: RuleRef | None) -> tuple[str, str, str, str]:
    if rule is None:
        return ("", "", "", "")
    return (rule.policy, rule.rule_collection_group, rule.rule_collection, rule.rule)


def _nat_rules(estate: Estate) -> Iterable[tuple[tuple[str, str, str, str], NatRule]]:
    for group in estate.rule_collection_groups:
        for collection in group.nat_rule_collections:
            for rule in collection.rules:
                path = (group.firewall_policy, group.name, collection.name, rule.name)
                yield path, rule


def _host(authority: str) -> str:
    """Return a Host header's name, without the port that it may carry; `-` is Envoy's nothing."""
    name, _, port = authority.rpartition(":")
    return "" if authority == "-" else name if name and port.isdigit() else authority


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isdigit() else 0


def _time(text: str) -> float:
    try:
        return dt.datetime.fromisoformat(text).timestamp()
    except ValueError:
        return dt.datetime.now(dt.UTC).timestamp()
