from ipaddress import IPv4Network, summarize_address_range
from ipaddress import ip_address as stdlib_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubwright.model.address import (
    ALL_ADDRESSES,
    ALL_PORTS,
    MAX_ADDRESS,
    RFC1918,
    AddressError,
    AddressSet,
    PortSet,
    Prefix,
    format_address,
    parse_address,
)

ADDRESSES = st.integers(0, MAX_ADDRESS)
PREFIXES = st.builds(
    lambda address, length: Prefix(address >> (32 - length) << (32 - length), length),
    ADDRESSES,
    st.integers(0, 32),
)
SPREAD = st.lists(st.tuples(ADDRESSES, ADDRESSES).map(lambda p: (min(p), max(p))), max_size=5).map(
    AddressSet.of
)


@given(ADDRESSES)
def test_an_address_is_read_back_as_it_was_written(value):
    assert parse_address(format_address(value)) == value
    assert format_address(value) == str(stdlib_address(value))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10.0.0", "is not an IPv4 address"),
        ("10.0.0.0.1", "is not an IPv4 address"),
        ("10.0.0.256", "`256` in `10.0.0.256` is more than 255"),
        ("10.00.0.1", "`00` in `10.00.0.1` has a leading zero"),
        ("10.0.0.4\n", "is not an IPv4 address"),
        ("fd00::1", "is not an IPv4 address"),
        ("", "is not an IPv4 address"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(text, message):
    with pytest.raises(AddressError) as caught:
        parse_address(text)
    assert message in str(caught.value)


@given(PREFIXES)
def test_a_prefix_is_read_back_as_it_was_written(prefix):
    assert Prefix.parse(str(prefix)) == prefix


@given(PREFIXES)
def test_prefix_bounds_agree_with_the_standard_library(prefix):
    network = IPv4Network(str(prefix))
    assert prefix.first == int(network.network_address)
    assert prefix.last == int(network.broadcast_address)
    assert prefix.size == network.num_addresses


@given(PREFIXES, PREFIXES)
def test_covers_and_overlaps_agree_with_the_standard_library(one, other):
    a, b = IPv4Network(str(one)), IPv4Network(str(other))
    assert one.covers(other) == b.subnet_of(a)
    assert one.overlaps(other) == a.overlaps(b)


@given(PREFIXES, ADDRESSES)
def test_an_address_is_in_a_prefix_as_the_standard_library_says(prefix, address):
    assert (address in prefix) == (stdlib_address(address) in IPv4Network(str(prefix)))


def test_a_bare_address_is_a_32():
    assert Prefix.parse("10.0.0.4") == Prefix(parse_address("10.0.0.4"), 32)


def test_host_bits_are_refused_with_the_prefix_that_was_meant():
    with pytest.raises(AddressError, match=r"`10\.1\.2\.3/16` has host bits set.*10\.1\.0\.0/16"):
        Prefix.parse("10.1.2.3/16")


@pytest.mark.parametrize("text", ["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/024"])
def test_a_wrong_length_is_refused(text):
    with pytest.raises(AddressError, match="is not a prefix length"):
        Prefix.parse(text)


@given(SPREAD)
def test_to_prefixes_covers_exactly_the_set(value):
    prefixes = value.to_prefixes()
    assert AddressSet.prefixes_of(prefixes) == value
    assert sum(prefix.size for prefix in prefixes) == len(value)


@given(SPREAD)
def test_to_prefixes_gives_the_fewest(value):
    fewest = [
        network
        for first, last in value
        for network in summarize_address_range(stdlib_address(first), stdlib_address(last))
    ]
    assert [str(prefix) for prefix in value.to_prefixes()] == [str(n) for n in fewest]


@given(SPREAD)
def test_the_text_of_a_set_is_read_back_as_the_set(value):
    parts = str(value).split(",") if value else []
    total = AddressSet()
    for part in parts:
        total |= AddressSet.parse(part)
    assert total == value


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("*", "0.0.0.0", "255.255.255.255"),
        ("10.0.0.4", "10.0.0.4", "10.0.0.4"),
        ("10.0.0.0/30", "10.0.0.0", "10.0.0.3"),
        ("10.0.0.4-10.0.1.7", "10.0.0.4", "10.0.1.7"),
    ],
)
def test_sets_are_read_from_addresses_prefixes_ranges_and_star(text, first, last):
    assert AddressSet.parse(text).intervals == ((parse_address(first), parse_address(last)),)


def test_a_range_that_runs_backwards_is_refused():
    with pytest.raises(AddressError, match="runs backwards"):
        AddressSet.parse("10.0.0.9-10.0.0.4")


def test_all_is_written_as_a_star():
    assert str(ALL_ADDRESSES) == "*"
    assert str(ALL_PORTS) == "*"


def test_172_32_is_not_private():
    assert parse_address("172.31.255.255") in RFC1918
    assert parse_address("172.32.0.0") not in RFC1918


def test_algebra_keeps_the_type():
    assert type(ALL_ADDRESSES - RFC1918) is AddressSet
    assert type(PortSet.parse("80") & ALL_PORTS) is PortSet


@pytest.mark.parametrize("text", ["65536", "-1", "80-", "a", "", "90-80", "\uff18\uff10"])
def test_what_is_no_port_is_refused(text):
    with pytest.raises(ValueError, match=r"is not a port|runs backwards"):
        PortSet.parse(text)


def test_ports_are_joined_and_written_back():
    ports = PortSet.parse_all(("443", "80", "8000-8080", "81"))
    assert str(ports) == "80-81,443,8000-8080"
    assert 8080 in ports
    assert 8081 not in ports
