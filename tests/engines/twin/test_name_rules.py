"""First match in Azure's order, and the most specific pattern in Envoy's tables, are the same."""

from hypothesis import given
from hypothesis import strategies as st

from builders import HTTP, HTTPS, application_collection, application_rule, with_rules
from hubwright.engines.twin.name_rules import DEFAULT, ApplicationRules, Names
from hubwright.model.address import ALL_ADDRESSES, AddressSet, parse_address
from hubwright.model.firewall import Action
from hubwright.model.flow import Application
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.firewall import fqdn_matches, match_application

LABELS = st.sampled_from(["a", "b", "ab", "com"])
NAMES = st.lists(LABELS, min_size=1, max_size=4).map(".".join)
PATTERNS = st.one_of(
    NAMES, NAMES.map(lambda n: f"*.{n}"), NAMES.map(lambda n: f"*{n}"), st.just("*")
)


def most_specific(settled: dict[str, str], name: str) -> str:
    """What a table does that looks for the longest pattern: Envoy's virtual hosts and labels."""
    matching = [pattern for pattern in settled if fqdn_matches(pattern, name)]
    best = max(matching, key=lambda p: (p == name, len(p)), default=None)
    return DEFAULT if best is None else settled[best]


@given(st.lists(PATTERNS, max_size=8), NAMES)
def test_the_most_specific_pattern_decides_as_the_first_rule_would(patterns, name):
    names = Names(tuple((pattern, f"app:Allow:{n}") for n, pattern in enumerate(patterns)))

    assert most_specific(names.settled(), name) == names.chain_of(name)


def test_a_later_deny_below_an_earlier_wildcard_does_nothing():
    names = Names((("*.contoso.com", "app:Allow:0"), ("bad.contoso.com", "app:Deny:1")))

    assert names.settled()["bad.contoso.com"] == "app:Allow:0"


def test_an_earlier_deny_below_a_later_wildcard_stands():
    names = Names((("bad.contoso.com", "app:Deny:0"), ("*.contoso.com", "app:Allow:1")))

    assert names.settled()["bad.contoso.com"] == "app:Deny:0"
    assert names.settled()["*.contoso.com"] == "app:Allow:1"


def test_only_a_star_before_a_dot_fits_a_table_of_labels():
    assert Names((("*.contoso.com", "x"), ("*", "y"), ("a.b", "z"))).by_label
    assert not Names((("*contoso.com", "x"),)).by_label


def sourced():
    return with_rules(
        application=[
            application_collection(
                "deny",
                100,
                Action.DENY,
                application_rule("no", "bad.net", source_addresses=("10.1.0.0/20",)),
            ),
            application_collection(
                "allow",
                200,
                Action.ALLOW,
                application_rule("all", "*", source_addresses=("10.1.0.0/16",)),
                application_rule("plain", "plain.net", protocols=(HTTP,)),
            ),
        ]
    )


def test_sources_are_told_apart_where_rules_do():
    estate = sourced()
    found = ApplicationRules(estate, estate.firewalls[0], Assumptions())

    classes = found.classes("Https", 443)
    union = AddressSet()
    for addresses, _ in classes:
        assert not union.overlaps(addresses)
        union |= addresses

    assert union == ALL_ADDRESSES
    assert len(classes) == 3
    assert len(found.classes("Http", 80)) == 1


def test_every_class_decides_as_the_evaluator_does():
    estate = sourced()
    firewall = estate.firewalls[0]
    found = ApplicationRules(estate, firewall, Assumptions())
    for source in ("10.1.0.4", "10.1.48.4", "10.2.0.1"):
        address = parse_address(source)
        for kind, protocol, port in ((Application.HTTPS, HTTPS, 443), (Application.HTTP, HTTP, 80)):
            names = next(n for s, n in found.classes(protocol.type, port) if address in s)
            for name in ("bad.net", "good.net", "plain.net"):
                placed = match_application(estate, firewall, address, port, kind, name).placed
                action = names.chain_of(name).split(":")[1]

                assert action == (placed.action.value if placed else "default")


def test_threats_come_before_rules_and_infrastructure_after_them():
    estate = sourced()
    given_ = Assumptions(
        threat_feed_fqdns=frozenset({"good.net"}), infrastructure_fqdns=("*.infra.net",)
    )
    found = ApplicationRules(estate, estate.firewalls[0], given_)
    inside, outside = parse_address("10.1.0.4"), parse_address("10.2.0.1")
    by_source = {
        address: next(n for s, n in found.classes("Https", 443) if address in s)
        for address in (inside, outside)
    }

    assert by_source[inside].chain_of("good.net") == "deny:threat"
    assert by_source[inside].chain_of("a.infra.net") == "app:Allow:1"
    assert by_source[outside].chain_of("a.infra.net") == "infra:Allow"


def test_rules_are_numbered_from_where_the_plan_says():
    estate = sourced()
    found = ApplicationRules(estate, estate.firewalls[0], Assumptions(), 10)
    refs = list(found.refs())

    assert [ref.index for ref in refs] == [10, 11, 12]
    assert refs[0].rule == "no"
    assert refs[0].action == "Deny"
    assert found.classes("Https", 443)[1][1].ordered[0][1].endswith(("10", "11"))
