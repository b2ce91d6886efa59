"""The workload's application answers clients, hides what is secret, and drains."""

import http.client
import json
import signal
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import tools
from hubwright import carried
from workload.running import Running, running


@pytest.fixture(scope="module")
def web() -> Iterator[Running]:
    with running(APP_VERSION="1.2.3") as found:
        yield found


def test_it_says_who_it_is_and_whom_it_saw(web: Running) -> None:
    told = web.get("/a?b=c", X_Forwarded_For="203.0.113.7")
    assert (told["server"], told["version"]) == ("web-0", "1.2.3")
    assert (told["source"], told["path"]) == ("127.0.0.1", "/a?b=c")
    assert told["host"] == f"127.0.0.1:{web.port}"
    headers = told["headers"]
    assert isinstance(headers, dict)
    assert headers["x-forwarded-for"] == "203.0.113.7"


def test_secrets_of_the_client_are_not_echoed(web: Running) -> None:
    told = json.dumps(web.get("/", Authorization="Bearer hunter2", Cookie="session=hunter2"))
    assert "hunter2" not in told
    assert told.count("(hidden)") == 2


def test_people_get_a_page_that_escapes_what_it_shows(web: Running) -> None:
    request = urllib.request.Request(web.url("/<script>"), headers={"Accept": "text/html"})
    with urllib.request.urlopen(request) as answer:
        page = answer.read().decode()
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "<h1>It works</h1>" in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_one_connection_carries_several_requests_and_their_bodies(web: Running) -> None:
    client = http.client.HTTPConnection("127.0.0.1", web.port)
    for method, path, body in (
        ("POST", "/1", b"x" * 100_000),
        ("GET", "/2", b""),
        ("HEAD", "/3", b""),
    ):
        client.request(method, path, body)
        answer = client.getresponse()
        text = answer.read()
        assert answer.status == 200
        assert bool(text) is (method != "HEAD")
        if text:
            assert json.loads(text)["path"] == path
    client.close()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"hubwright\n", b"400"),
        (b"GET / HTTP/1.1 HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 70_000, b"431"),
    ],
)
def test_what_is_no_request_is_refused_and_closed(web: Running, sent: bytes, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as client:
        client.sendall(sent)
        answer = client.makefile("rb").read()
    assert answer.split(b" ")[1] == status
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["server"] == "web-0"


def test_it_tells_only_whether_there_is_a_secret(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    with running(SECRET_FILE=str(secret)) as web:
        assert web.get()["secret"] == "absent"
        secret.write_text("hunter2")
        told = web.get()
        assert told["secret"] == "present"
        assert "hunter2" not in json.dumps(told)


class Sidecar(BaseHTTPRequestHandler):
    """Dapr's secrets API, as docs.dapr.io/reference/api/secrets_api describes it."""

    def do_GET(self) -> None:
        known = self.path == "/v1.0/secrets/vault/password"
        body = b'{"password":"hunter2"}' if known else b'{"errorCode":"ERR_SECRET_GET"}'
        self.send_response(200 if known else 500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(("name", "expected"), [("password", "present"), ("other", "absent")])
def test_the_secret_may_come_from_dapr(name: str, expected: str) -> None:
    sidecar = HTTPServer(("127.0.0.1", 0), Sidecar)
    threading.Thread(target=sidecar.serve_forever, daemon=True).start()
    try:
        with running(
            DAPR_HTTP_PORT=str(sidecar.server_port),
            DAPR_SECRET_STORE="vault",
            DAPR_SECRET_NAME=name,
        ) as web:
            deadline = time.monotonic() + 3
            while web.get()["secret"] != "present" and time.monotonic() < deadline:
                if expected == "absent" and time.monotonic() > deadline - 2:
                    break
                time.sleep(0.05)
            assert web.get()["secret"] == expected
    finally:
        sidecar.shutdown()
        sidecar.server_close()


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_on_sigterm_readiness_fails_first_and_requests_are_still_answered() -> None:
    with running(DRAIN_SECONDS="1", CLOSE_SECONDS="5") as web:
        assert status_of(web.url("/readyz")) == 200
        half = socket.create_connection(("127.0.0.1", web.port), timeout=10)
        half.sendall(b"GET /late HTTP/1.1\r\n")
        idle = socket.create_connection(("127.0.0.1", web.port), timeout=10)
        web.process.send_signal(signal.SIGTERM)
        assert web.next_event()["event"] == "draining"
        assert status_of(web.url("/readyz")) == 503
        assert status_of(web.url("/healthz")) == 200
        assert web.get("/new")["path"] == "/new"
        assert idle.recv(1) == b""  # an idle connection is closed once the door is
        with pytest.raises(urllib.error.URLError):
            web.get()
        half.sendall(b"\r\n")  # a request that was begun is still answered
        assert b'"path": "/late"' in half.makefile("rb").read()
        assert web.next_event() == {"event": "stopped", "cut": 0}
        assert web.process.wait(timeout=5) == 0
        half.close()
        idle.close()


def certificate(directory: Path) -> Path:
    """Make a certificate for localhost; return the file of it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (directory / "tls.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (directory / "tls.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return directory / "tls.crt"


def test_it_speaks_tls_with_a_mounted_certificate(tmp_path: Path) -> None:
    trusted = certificate(tmp_path)
    with running(CERTIFICATE_DIRECTORY=str(tmp_path)) as web:
        context = ssl.create_default_context(cafile=str(trusted))
        url = f"https://localhost:{web.port}/tls"
        with urllib.request.urlopen(url, context=context, timeout=10) as answer:
            assert json.load(answer)["path"] == "/tls"


def test_its_image_passes_the_linter() -> None:
    dockerfile = carried.workload() / "Dockerfile"
    assert tools.run("hadolint", [dockerfile]) == ""
    text = dockerfile.read_text()
    assert "USER 65532:65532" in text
    assert text.index("USER") < text.index("ENTRYPOINT")
