"""The table of switches names features that exist, each its own argument."""

from hubwright.catalogue.cluster_features import EXTENSIONS, SWITCHES
from hubwright.catalogue.egress import FEATURES


def test_every_switch_is_of_a_feature_of_the_catalogue():
    assert set(SWITCHES) | set(EXTENSIONS) <= set(FEATURES)


def test_a_feature_is_a_switch_or_an_extension():
    assert not set(SWITCHES) & set(EXTENSIONS)


def test_no_two_features_share_a_variable_or_an_argument():
    assert len({item.variable for item in SWITCHES.values()}) == len(SWITCHES)
    assert len({item.argument for item in SWITCHES.values()}) == len(SWITCHES)
    assert len(set(EXTENSIONS.values())) == len(EXTENSIONS)
