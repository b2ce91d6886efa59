"""The twin's own certificate authority: one certificate for each name that a client asks for."""

import datetime as dt
import ipaddress
import ssl
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_VALIDITY = dt.timedelta(days=30)


class CertificateAuthority:
    """
    Signs server certificates on demand (EC P-256); its key never leaves memory.

    One key serves all leaf certificates: they prove names to clients of the twin, nothing else.
    """

    def __init__(self, certificate_file: Path) -> None:
        """Make the authority and write its certificate, PEM, for clients to trust."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._leaf_key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hubwright twin")])
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._own = self._sign_authority()
        partial = certificate_file.with_suffix(".partial")
        partial.write_bytes(self._own.public_bytes(serialization.Encoding.PEM))
        partial.rename(certificate_file)

    def context(self, name: str) -> ssl.SSLContext:
        """Return a server context whose certificate is for a name or an address."""
        found = self._contexts.get(name)
        if found is None:
            found = self._contexts[name] = self._context(name)
        return found

    def _context(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        key = self._leaf_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            file.write(self.leaf(name).public_bytes(serialization.Encoding.PEM) + key)
            file.flush()
            context.load_cert_chain(file.name)
        return context

    def leaf(self, name: str) -> x509.Certificate:
        """Return a certificate for a DNS name or an address."""
        own_key_id = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        return (
            self._builder(self._leaf_key, x509.Name([]))
            .add_extension(x509.SubjectAlternativeName([_general_name(name)]), critical=True)
            .add_extension(usage, critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own_key_id),
                critical=False,
            )
            .sign(self._key, hashes.SHA256())
        )

    def _sign_authority(self) -> x509.Certificate:
        key_id = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        return (
            self._builder(self._key, self._name)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True,
                    key_cert_sign=True,
                    crl_sign=True,
                    content_commitment=False,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
            .add_extension(key_id, critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def _builder(
        self, key: ec.EllipticCurvePrivateKey, subject: x509.Name
    ) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + _VALIDITY)
        )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
