"""What the application answers: its health, whether it is ready, and what it saw of a request."""

import json
from dataclasses import dataclass, field
from http import HTTPStatus

from .messages import Request, Response
from .page import page
from .settings import Settings

_HIDDEN = frozenset(
    {"authorization", "proxy-authorization", "cookie", "x-api-key", "x-forwarded-client-cert"}
)
"""Headers whose values are secrets of the client."""


@dataclass(frozen=True, slots=True)
class Client:
    """The other end of a connection."""

    address: str
    port: int
    server_name: str | None = None
    """SNI, where TLS ends here and the client sent one."""


@dataclass(slots=True)
class Application:
    """The application's state and its answers; it does no input or output of its own."""

    settings: Settings
    draining: bool = False
    """Whether it is told to end: not ready, but still answering."""
    secret_from_dapr: bool = field(default=False)
    """Whether Dapr has handed out the secret."""

    def respond(self, request: Request, client: Client) -> Response:
        """Return the answer to a request."""
        match request.path.partition("?")[0]:
            case "/healthz":
                return _state("ok")
            case "/readyz" if self.draining:
                return _state("draining", HTTPStatus.SERVICE_UNAVAILABLE)
            case "/readyz":
                return _state("ready")
        seen = self.seen(request, client)
        if "text/html" in request.headers.get("accept", ""):
            return page(seen)
        return _json(seen)

    def refuse(self, client: Client, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> Response:
        """Return the answer to what is no request."""
        return _json({**self._who(client), "error": status.phrase}, status)

    def seen(self, request: Request, client: Client) -> dict[str, object]:
        """Return what it saw of a request, and who it is."""
        headers = {
            name: "(hidden)" if name in _HIDDEN else value
            for name, value in request.headers.items()
        }
        return {
            **self._who(client),
            "host": request.host,
            "sni": client.server_name,
            "method": request.method,
            "path": request.path,
            "headers": headers,
            "secret": "present" if self._has_secret() else "absent",
        }

    def _who(self, client: Client) -> dict[str, object]:
        return {
            "server": self.settings.name,
            "version": self.settings.version,
            "source": client.address,
            "source_port": client.port,
        }

    def _has_secret(self) -> bool:
        path = self.settings.secret_file
        if path is None:
            return self.secret_from_dapr
        try:
            return path.stat().st_size > 0
        except OSError:
            return False


def _state(word: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return _json({"status": word}, status)


def _json(value: object, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(status=status, body=json.dumps(value).encode() + b"\n")
