import pytest

from builders import estate
from hubwright.errors import UnknownResource, UsageError
from hubwright.model.flow import Application
from hubwright.surfaces.cli.flows import Wish, flow_of

NONE, HTTP = Application.NONE, Application.HTTP
HTTPS, MSSQL = Application.HTTPS, Application.MSSQL


def flow(destination: str, **wish):
    return flow_of(estate(), "vm-jumpbox", destination, Wish(**wish))


@pytest.mark.parametrize(
    ("text", "host", "port", "application", "name"),
    [
        ("mcr.microsoft.com", "mcr.microsoft.com", 443, HTTPS, "mcr.microsoft.com"),
        ("MCR.microsoft.com:443", "MCR.microsoft.com", 443, HTTPS, "mcr.microsoft.com"),
        ("security.ubuntu.com:80", "security.ubuntu.com", 80, HTTP, "security.ubuntu.com"),
        ("https://example.com/a?b:c", "example.com", 443, HTTPS, "example.com"),
        ("https://example.com:8443", "example.com", 8443, HTTPS, "example.com"),
        ("http://example.com", "example.com", 80, HTTP, "example.com"),
        ("db.example.com:1433", "db.example.com", 1433, MSSQL, "db.example.com"),
        ("example.com:22", "example.com", 22, NONE, None),
        ("93.184.216.34", "93.184.216.34", 443, HTTPS, None),
        ("93.184.216.34:80", "93.184.216.34", 80, HTTP, "93.184.216.34"),
        ("vault", "vault", 443, HTTPS, "vault.vault.azure.net"),
        ("web", "web", 80, HTTP, "203.0.113.3"),
        ("aks/VmSubnet:22", "aks/VmSubnet", 22, NONE, None),
        ("aks-system-0", "aks-system-0", 443, HTTPS, None),
    ],
)
def test_destinations_are_read_as_a_client_would_use_them(text, host, port, application, name):
    made = flow(text)

    assert (made.destination, made.destination_port) == (host, port)
    assert (made.application, made.server_name) == (application, name)
    assert (made.source, made.protocol) == ("vm-jumpbox", "TCP")


@pytest.mark.parametrize("text", ["ntp.ubuntu.com:123/udp", "ntp.ubuntu.com:123/UDP"])
def test_a_datagram_speaks_nothing(text):
    made = flow(text)

    assert (made.protocol, made.destination_port, made.application) == ("UDP", 123, NONE)


def test_ping_has_no_port():
    made = flow("10.1.0.4", protocol="icmp")

    assert (made.protocol, made.destination_port) == ("ICMP", 0)


@pytest.mark.parametrize(
    ("wish", "application", "name"),
    [
        ({"sni": "Other.example"}, HTTPS, "other.example"),
        ({"no_sni": True}, HTTPS, None),
        ({"application": HTTP, "host": "h.example"}, HTTP, "h.example"),
        ({"application": HTTP}, HTTP, "example.com"),
    ],
)
def test_wishes_come_before_the_port(wish, application, name):
    made = flow("example.com:443", **wish)

    assert (made.application, made.server_name) == (application, name)


def test_an_sni_means_https_on_any_port():
    made = flow("example.com:8443", sni="a.example")

    assert (made.application, made.destination_port) == (HTTPS, 8443)


@pytest.mark.parametrize(
    ("text", "wish", "message"),
    [
        ("example.com:0", {}, "no port of 1 to 65535"),
        ("example.com:99999", {}, "no port of 1 to 65535"),
        ("example.com:x", {}, "cannot read the destination"),
        ("internet", {}, "`internet` is a source"),
        ("10.1.48.300", {}, "neither an address nor a name"),
        ("127.0.0.1", {}, "which no network routes"),
        ("255.255.255.255:443", {}, "which no network routes"),
        ("1.2.3:80", {}, "neither an address nor a name"),
        ("..", {}, "neither an address nor a name"),
        ("a..b", {}, "no name that DNS"),
        ("user@example.com", {}, "no name that DNS"),
        ("b\u00fccher.example", {}, "no name that DNS"),
        ("-a.example", {}, "no name that DNS"),
        (f"{'a' * 64}.example", {}, "no name that DNS"),
        ("a." * 130 + "example", {}, "no name that DNS"),
        ("ftp://example.com", {}, "cannot read the destination"),
        ("", {}, "cannot read the destination"),
        ("2001:db8::1", {}, "IPv6"),
        ("[::1]:443", {}, "IPv6"),
        ("example.com:53/udp", {"protocol": "tcp"}, "--protocol says TCP"),
        ("example.com", {"protocol": "udp"}, "to which port"),
        ("example.com:80", {"protocol": "icmp"}, "ICMP has no ports"),
        ("example.com:53/udp", {"sni": "x"}, "do not go with UDP"),
        ("http://example.com", {"application": HTTPS}, "the destination says http"),
        ("http://example.com", {"sni": "x"}, "HTTP has no SNI"),
        ("example.com:443", {"host": "x", "sni": "y"}, "--host is for HTTP"),
    ],
)
def test_words_that_make_no_flow_are_refused(text, wish, message):
    with pytest.raises(UsageError, match=message):
        flow(text, **wish)


def test_a_destination_that_is_nothing_is_answered_with_near_names():
    with pytest.raises(UnknownResource, match="did you mean `vault`"):
        flow("vaul")
