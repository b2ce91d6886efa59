"""What the application is told by its environment."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that may differ from one replica, or one installation, to another."""

    name: str
    """Who it says it is: the pod's name."""
    version: str = ""
    """Image tag, so that a client can tell a canary from the stable version."""
    port: int = 8080
    drain_seconds: float = 10.0
    """How long new requests are still answered after SIGTERM, while load balancers take note."""
    close_seconds: float = 10.0
    """How long open connections get after that to end by themselves."""
    secret_file: Path | None = None
    """A mounted secret; only whether it is there is ever told."""
    certificate_directory: Path | None = None
    """Holds `tls.crt` and `tls.key`; None serves plain HTTP."""
    dapr_port: int | None = None
    """HTTP port of the Dapr sidecar, if the secret comes by Dapr."""
    dapr_secret_store: str = ""
    dapr_secret_name: str = ""


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """
    Return the settings that an environment asks for.

    Raises:
        ValueError: a number is none.
    """
    store = environment.get("DAPR_SECRET_STORE", "")
    return Settings(
        name=environment.get("POD_NAME") or socket.gethostname(),
        version=environment.get("APP_VERSION", ""),
        port=int(environment.get("PORT", "8080")),
        drain_seconds=float(environment.get("DRAIN_SECONDS", "10")),
        close_seconds=float(environment.get("CLOSE_SECONDS", "10")),
        secret_file=_path(environment.get("SECRET_FILE")),
        certificate_directory=_path(environment.get("CERTIFICATE_DIRECTORY")),
        dapr_port=int(environment.get("DAPR_HTTP_PORT", "3500")) if store else None,
        dapr_secret_store=store,
        dapr_secret_name=environment.get("DAPR_SECRET_NAME", ""),
    )


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
