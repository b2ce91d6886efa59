"""Certificates are for the name that was asked for, and clients of the authority trust them."""

import ssl
from pathlib import Path

import pytest
from cryptography import x509

from hubwright.engines.twin.certificates import CertificateAuthority


def handshake(server: ssl.SSLContext, authority: Path, name: str) -> None:
    """Shake hands in memory; raises what a client would."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    trusting = ssl.create_default_context(cafile=str(authority))
    client = trusting.wrap_bio(down, up, server_hostname=name)
    other = server.wrap_bio(up, down, server_side=True)
    for _ in range(4):
        for side in (client, other):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert client.version() in ("TLSv1.3", "TLSv1.2")


@pytest.mark.parametrize("name", ["www.contoso.com", "10.1.0.4"])
def test_a_client_of_the_authority_trusts_a_name_and_an_address(tmp_path: Path, name: str) -> None:
    authority = CertificateAuthority(tmp_path / "ca.pem")
    handshake(authority.context(name), tmp_path / "ca.pem", name)


def test_a_certificate_is_for_no_other_name(tmp_path: Path) -> None:
    authority = CertificateAuthority(tmp_path / "ca.pem")
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        handshake(authority.context("a.example.com"), tmp_path / "ca.pem", "b.example.com")


def test_another_authority_is_not_trusted(tmp_path: Path) -> None:
    CertificateAuthority(tmp_path / "ca.pem")
    other = CertificateAuthority(tmp_path / "other.pem")
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(other.context("a.example.com"), tmp_path / "ca.pem", "a.example.com")


def test_a_context_is_made_once_a_name(tmp_path: Path) -> None:
    authority = CertificateAuthority(tmp_path / "ca.pem")
    assert authority.context("a.example.com") is authority.context("a.example.com")


def test_only_the_certificate_of_the_authority_is_written(tmp_path: Path) -> None:
    CertificateAuthority(tmp_path / "ca.pem")
    written = (tmp_path / "ca.pem").read_bytes()
    assert b"PRIVATE" not in written
    assert x509.load_pem_x509_certificate(written).subject.rfc4514_string() == "CN=hubwright twin"
    assert [entry.name for entry in tmp_path.iterdir()] == ["ca.pem"]
