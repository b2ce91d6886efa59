"""IPv4 addresses as integers, prefixes, and sets of addresses and ports."""

import re
from functools import lru_cache
from typing import Self

from hubwright.lazy_dataclass import dataclass
from hubwright.model.intervals import IntervalSet

MAX_ADDRESS = (1 << 32) - 1
MAX_PORT = 65535
_QUAD = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\Z")


class AddressError(ValueError):
    """The text is no IPv4 address, prefix or range; the message says what is wrong with it."""


@lru_cache(maxsize=65536)
def parse_address(text: str) -> int:
    """
    Return an IPv4 address as an integer.

    Raises:
        AddressError: `text` is not four numbers of 0-255, or one has a leading zero.
    """
    match = _QUAD.match(text)
    if match is None:
        raise AddressError(f"`{text}` is not an IPv4 address")
    value = 0
    for part in match.groups():
        number = int(part)
        if number > 255:
            raise AddressError(f"`{part}` in `{text}` is more than 255")
        if len(part) > 1 and part[0] == "0":
            raise AddressError(f"`{part}` in `{text}` has a leading zero")
        value = value << 8 | number
    return value


def format_address(value: int) -> str:
    """Return an address as a dotted quad."""
    return f"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}"


def is_address(text: str) -> bool:
    """Tell whether a text is an IPv4 address."""
    try:
        parse_address(text)
    except AddressError:
        return False
    return True


@dataclass(frozen=True, slots=True, order=True)
class Prefix:
    """An IPv4 prefix; `network` has no bit set behind `length`."""

    network: int
    length: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read `10.0.0.0/16`; a bare address is a /32.

        Raises:
            AddressError: not a prefix, or bits are set behind the length (the message gives the
                prefix that was probably meant).
        """
        address, slash, bits = text.partition("/")
        value = parse_address(address)
        if not slash:
            return cls(value, 32)
        if not bits.isascii() or not bits.isdigit() or int(bits) > 32 or len(bits) > 2:
            raise AddressError(f"`/{bits}` in `{text}` is not a prefix length of 0 to 32")
        length = int(bits)
        network = value & _mask(length)
        if network != value:
            raise AddressError(
                f"`{text}` has host bits set; the prefix is `{format_address(network)}/{length}`"
            )
        return cls(value, length)

    @property
    def first(self) -> int:
        """The lowest address."""
        return self.network

    @property
    def last(self) -> int:
        """The highest address."""
        return self.network | (MAX_ADDRESS >> self.length)

    @property
    def size(self) -> int:
        """The number of addresses."""
        return 1 << (32 - self.length)

    def __contains__(self, address: int) -> bool:
        """Tell whether an address lies in the prefix."""
        return (address ^ self.network) >> (32 - self.length) == 0

    def covers(self, other: "Prefix") -> bool:
        """Tell whether `other` lies wholly inside."""
        return self.length <= other.length and other.network in self

    def overlaps(self, other: "Prefix") -> bool:
        """Tell whether the two share an address."""
        return self.covers(other) or other.covers(self)

    def __str__(self) -> str:
        """Return `10.0.0.0/16`."""
        return f"{format_address(self.network)}/{self.length}"


def _mask(length: int) -> int:
    return MAX_ADDRESS ^ (MAX_ADDRESS >> length)


DEFAULT_ROUTE = Prefix(0, 0)


class AddressSet(IntervalSet):
    """A set of IPv4 addresses."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read an address, a prefix, an `a.b.c.d-e.f.g.h` range, or `*`.

        Raises:
            AddressError: none of these, or a range that runs backwards.
        """
        if text == "*":
            return cls(((0, MAX_ADDRESS),))
        if "-" in text:
            low, _, high = text.partition("-")
            first, last = parse_address(low), parse_address(high)
            if last < first:
                raise AddressError(f"`{text}` runs backwards")
            return cls(((first, last),))
        prefix = Prefix.parse(text)
        return cls(((prefix.first, prefix.last),))

    @classmethod
    def prefixes_of(cls, prefixes: "tuple[Prefix, ...] | list[Prefix]") -> Self:
        """Return the union of prefixes."""
        return cls.of((prefix.first, prefix.last) for prefix in prefixes)

    def to_prefixes(self) -> tuple[Prefix, ...]:
        """Return the fewest prefixes that cover exactly this set, in ascending order."""
        out: list[Prefix] = []
        for first, last in self.intervals:
            at = first
            while at <= last:
                bits = (at & -at).bit_length() - 1 if at else 32
                while (1 << bits) > last - at + 1:
                    bits -= 1
                out.append(Prefix(at, 32 - bits))
                at += 1 << bits
        return tuple(out)

    def __str__(self) -> str:
        """Return prefixes, joined by commas; `*` for all."""
        if self.intervals == ((0, MAX_ADDRESS),):
            return "*"
        return ",".join(
            str(p) if p.length < 32 else format_address(p.network) for p in self.to_prefixes()
        )


class PortSet(IntervalSet):
    """A set of TCP or UDP ports, 0 to 65535."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read `443`, `8000-8080` or `*`.

        Raises:
            ValueError: not a port or range of 0 to 65535.
        """
        if text == "*":
            return cls(((0, MAX_PORT),))
        low, dash, high = text.partition("-")
        for part in (low, high) if dash else (low,):
            if not (part.isascii() and part.isdigit() and int(part) <= MAX_PORT):
                raise ValueError(f"`{text}` is not a port, a range of ports or `*`")
        first, last = int(low), int(high or low)
        if last < first:
            raise ValueError(f"`{text}` runs backwards")
        return cls(((first, last),))

    @classmethod
    def parse_all(cls, texts: tuple[str, ...]) -> Self:
        """Return the union of several ports and ranges."""
        return cls.of(pair for text in texts for pair in cls.parse(text).intervals)

    def __str__(self) -> str:
        """Return ports and ranges, joined by commas; `*` for all."""
        if self.intervals == ((0, MAX_PORT),):
            return "*"
        return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in self.intervals)


ALL_ADDRESSES = AddressSet.parse("*")
ALL_PORTS = PortSet.parse("*")
RFC1918 = AddressSet.prefixes_of(
    [Prefix.parse("10.0.0.0/8"), Prefix.parse("172.16.0.0/12"), Prefix.parse("192.168.0.0/16")]
)
RFC6598 = AddressSet.parse("100.64.0.0/10")
