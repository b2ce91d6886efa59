"""The application engine's bootstrap, and that Envoy itself takes it."""

import json
import subprocess

import pytest

from builders import (
    HTTP,
    HTTPS,
    application_collection,
    application_rule,
    estate,
    with_rules,
)
from engines.twin import tiny
from hubwright.engines.twin.envoy import DENIED, Bootstrap
from hubwright.engines.twin.name_rules import ApplicationRules
from hubwright.engines.twin.proxy import envoy_binary, listener_ports
from hubwright.model.firewall import Action, ApplicationProtocol
from hubwright.semantics.assumptions import Assumptions


def text_of(source, assumptions: Assumptions | None = None) -> str:
    given = assumptions or Assumptions()
    firewall = source.firewalls[0]
    application = ApplicationRules(source, firewall, given)
    return Bootstrap(source, firewall, given, application).document().text


def listener(source, assumptions: Assumptions | None = None) -> dict:
    return json.loads(text_of(source, assumptions))["static_resources"]["listeners"][0]


def chains(source, assumptions: Assumptions | None = None) -> dict[str, dict]:
    return {chain["name"]: chain for chain in listener(source, assumptions)["filter_chains"]}


def hosts(chain: dict) -> dict[str, list[str]]:
    manager = chain["filters"][-1]["typed_config"]
    return {h["name"]: h["domains"] for h in manager["route_config"]["virtual_hosts"]}


def allowed(*fqdns: str, protocols=(HTTPS,), action=Action.ALLOW, **more):
    rule = application_rule("rule", *fqdns, protocols=protocols, **more)
    return application_collection("app", 100, action, rule)


def at(tree: dict, *keys: str) -> dict:
    """Follow exact-match maps: transport protocol, then port."""
    for key in keys:
        inner = tree["matcher_tree"]["exact_match_map"]["map"][key]
        tree = inner.get("matcher", inner)
    return tree


def test_every_intercepted_port_has_its_branch():
    source = with_rules(
        application=[allowed("a.net", protocols=(ApplicationProtocol(type="Http", port=8080),))]
    )
    tls = at(listener(source)["filter_chain_matcher"], "tls")

    assert set(tls["matcher_tree"]["exact_match_map"]["map"]) == {"80", "443", "1433", "8080"}


def test_an_https_rule_is_nothing_to_plain_http():
    found = chains(with_rules(application=[allowed("a.net")]))
    http = [hosts(chain) for name, chain in found.items() if name.startswith("http:")]

    assert all("app:Allow:0" not in host for host in http)
    assert "app:Allow:0" in found


def test_a_table_of_labels_is_used_where_it_can_be():
    label = json.dumps(listener(with_rules(application=[allowed("*.a.net", "b.net")])))
    suffix = json.dumps(listener(with_rules(application=[allowed("*a.net")])))

    assert "ServerNameMatcher" in label
    assert "ServerNameMatcher" not in suffix
    assert '"suffix": "a.net"' in suffix


def test_a_suffix_pattern_holds_the_bare_name_as_well():
    found = chains(with_rules(application=[allowed("*a.net", protocols=(HTTP,))]))
    names = [hosts(c).get("app:Allow:0") for n, c in found.items() if n.startswith("http:80")]

    assert ["*a.net", "a.net"] in names


def test_a_dotted_suffix_does_not_hold_the_bare_name():
    found = chains(with_rules(application=[allowed("*.a.net", protocols=(HTTP,))]))
    names = [hosts(c).get("app:Allow:0") for n, c in found.items() if n.startswith("http:80")]

    assert ["*.a.net"] in names


def test_sources_are_matched_by_address():
    source = with_rules(application=[allowed("a.net", source_addresses=("10.1.0.0/20",))])
    branch = at(listener(source)["filter_chain_matcher"], "tls", "443")
    ranges = branch["matcher_tree"]["custom_match"]["typed_config"]["range_matchers"]

    assert any(
        {"address_prefix": "10.1.0.0", "prefix_len": 20} in matcher["ranges"] for matcher in ranges
    )


def test_denied_http_gets_azures_answer():
    chain = next(c for n, c in chains(estate()).items() if n.startswith("http:80"))
    manager = chain["filters"][-1]["typed_config"]
    default = next(
        h for h in manager["route_config"]["virtual_hosts"] if h["name"] == "deny:default"
    )
    response = default["routes"][0]["direct_response"]

    assert default["domains"] == ["*"]
    assert response == {"status": 470, "body": {"inline_string": DENIED}}


def cluster_of(chain: dict) -> str:
    return chain["filters"][-1]["typed_config"]["cluster"]


def test_https_keeps_its_destination_unless_it_is_inspected_or_assumed():
    plain = with_rules(application=[allowed("a.net")])
    inspected = with_rules(application=[allowed("a.net", terminate_tls=True)])
    reresolved = Assumptions(https_destination="reresolved")

    assert cluster_of(chains(plain)["app:Allow:0"]) == "original"
    assert cluster_of(chains(inspected)["app:Allow:0"]) == "by-name"
    assert cluster_of(chains(plain, reresolved)["app:Allow:0"]) == "by-name"
    assert cluster_of(chains(plain)["deny:nosni"]) == "nowhere"


def test_the_access_log_names_the_chain():
    log = chains(estate())["app:Allow:0"]["filters"][0]["typed_config"]["access_log"][0]
    config = log["typed_config"]

    assert config["path"] == "@STATE@/envoy-access.ndjson"
    assert config["log_format"]["json_format"]["chain"] == "%FILTER_CHAIN_NAME%"


def test_nothing_but_the_transparent_listener_listens():
    assert listener_ports(text_of(estate())) == [15001]
    assert "admin" not in json.loads(text_of(estate()))


@tiny.needs_namespaces
@pytest.mark.parametrize("mode", ["kept", "reresolved"])
def test_envoy_takes_the_bootstrap(tmp_path, mode):
    rules = [
        application_collection(
            "app",
            100,
            Action.ALLOW,
            application_rule("a", "*.a.net", "b.net", source_addresses=("10.1.0.0/20",)),
            application_rule("s", "*suffix.net", protocols=(HTTP, HTTPS), terminate_tls=True),
            application_rule("all", "*", protocols=(HTTP,), source_addresses=("10.2.0.0/16",)),
        )
    ]
    text = text_of(with_rules(application=rules), Assumptions(https_destination=mode))
    bootstrap = tmp_path / "envoy.json"
    bootstrap.write_text(text.replace("@STATE@", str(tmp_path)))
    result = subprocess.run(
        [envoy_binary(), "--mode", "validate", "-c", str(bootstrap)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert result.returncode == 0, result.stderr[-2000:]
