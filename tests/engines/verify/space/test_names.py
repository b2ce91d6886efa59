from hypothesis import given
from hypothesis import strategies as st

from engines.verify.space.strategies import NAMES, name_sets
from hubwright.engines.verify.space.names import (
    ANY_NAME,
    EVERY_NAME,
    NO_NAME,
    TOP,
    NameSet,
    lowest_name,
    witness_name,
)
from hubwright.semantics.firewall import fqdn_matches

LABELS = st.text("ab-0_.", max_size=6)
ENDS = st.text("ab-0_.\0/~", max_size=6)


def members(names):
    return {name for name in (None, *NAMES) if name in names}


@given(name_sets(), name_sets())
def test_operators_are_those_of_sets(one, other):
    assert members(one | other) == members(one) | members(other)
    assert members(one & other) == members(one) & members(other)
    assert members(one - other) == members(one) - members(other)
    assert ((one - other) | (one & other)) == one
    assert (one <= other) == (not one - other)


@given(st.sampled_from(["a.b", "*.a.b", "*a.b", "*", "*.B", "A.b", "*b"]), LABELS.filter(bool))
def test_patterns_match_as_the_firewall_does(pattern, name):
    assert (name in NameSet.parse(pattern)) == fqdn_matches(pattern, name)


def test_no_name_is_in_no_pattern():
    assert None not in ANY_NAME
    assert None in NO_NAME
    assert NO_NAME | ANY_NAME == EVERY_NAME


@given(ENDS, ENDS)
def test_the_lowest_name_is_in_the_interval_and_nothing_is_before_it(one, other):
    first, end = sorted((one, other))
    if first == end:
        return
    found = lowest_name(first, end)
    if found is not None:
        assert first <= found < end
    made = [
        stem + tail
        for stem in {first.rstrip("\0"), end.rstrip("\0"), ""}
        for tail in ("", "-", ".a", "0", "a", "aa", "z", ".-")
    ]
    for text in made:
        labels = text.split(".")
        if all(labels) and set(text) <= set("ab-0_.z") and first <= text < end:
            assert found is not None
            assert found <= text


@given(ENDS)
def test_a_witness_is_in_its_interval(first):
    if lowest_name(first, TOP) is not None:
        name = witness_name(first, TOP)
        assert name is None or first <= name[::-1] < TOP


def test_between_a_wildcard_and_the_next_name_there_may_be_nothing():
    assert lowest_name("moc.a.\U0010ffff", "moc.a/") is None


def test_sets_read_like_patterns():
    wild = NameSet.parse("*.contoso.com")
    assert str(wild) == "*.contoso.com"
    assert str(wild - NameSet.parse("www.contoso.com")) == "*.contoso.com except www.contoso.com"
    assert str(ANY_NAME - wild) == "* except *.contoso.com"
    assert str(EVERY_NAME) == "no name, *"
    assert str(NameSet.parse("*contoso.com") - NameSet.parse("contoso.com")) == (
        "*contoso.com except contoso.com"
    )
    assert str(NameSet.parse_all(("b.com", "a.com"))) == "a.com, b.com"
    assert str(NameSet()) == "nothing"


def test_witnesses_read_like_names():
    (pair,) = NameSet.parse("*.contoso.com").intervals
    assert witness_name(*pair) == "www.contoso.com"
