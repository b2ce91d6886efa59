import pytest

from hubwright.sources.design.scalars import Trap, resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("443", 443),
        ("-7", -7),
        ("0", 0),
        ("0o17", 15),
        ("0xff", 255),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("10.0.0.0/16", "10.0.0.0/16"),
        ("8000-8080", "8000-8080"),
        ("Https:443", "Https:443"),
        ("nothing", "nothing"),
        ("*", "*"),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says(text: str, value: object):
    found = resolve(text)

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("yes", "`true`"),
        ("No", "`false`"),
        ("ON", "`true`"),
        ("off", "`false`"),
        ("010", "`10`"),
        ("12:30", '`"12:30"`'),
        ("1_000", "`1000`"),
        ("2026-11-01", '`"2026-11-01"`'),
    ],
)
def test_scalars_that_yaml_1_1_reads_otherwise_are_traps_with_a_fix(text: str, fix: str):
    found = resolve(text)

    assert isinstance(found, Trap)
    assert fix in found.help


def test_a_number_of_any_length_is_read_without_raising():
    assert isinstance(resolve("9" * 100_000), float | str)
