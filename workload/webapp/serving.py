"""Runs the application: a listener, signals, and an end that loses no request."""

import asyncio
import json
import signal
import ssl
import sys
from pathlib import Path

from . import dapr
from .application import Application
from .connection import Connection
from .settings import Settings

_CERTIFICATE_SECONDS = 60.0
"""How often a renewed certificate is looked for."""


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then drain."""
    application = Application(settings)
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    context = _context(settings.certificate_directory)
    listener = await loop.create_server(
        lambda: Connection(application), "0.0.0.0", settings.port, ssl=context
    )
    background = [loop.create_task(dapr.watch(application))]
    if context is not None and settings.certificate_directory is not None:
        background.append(loop.create_task(_renew(context, settings.certificate_directory)))
    port = listener.sockets[0].getsockname()[1]
    _say({"event": "listening", "port": port, "tls": context is not None})
    await told.wait()
    for task in background:
        task.cancel()
    await _drain(application, listener)


async def _drain(application: Application, listener: asyncio.Server) -> None:
    """
    Stop without losing a request.

    Readiness fails first, while new connections are still taken: endpoints, load balancers and
    gateways take some seconds to send no more. Then the door closes, and what is open may end.
    """
    application.draining = True
    settings = application.settings
    _say({"event": "draining", "seconds": settings.drain_seconds})
    await asyncio.sleep(settings.drain_seconds)
    listener.close()
    loop = asyncio.get_running_loop()
    deadline = loop.time() + settings.close_seconds
    while Connection.open and loop.time() < deadline:
        for connection in [one for one in Connection.open if one.is_idle]:
            connection.close()
        await asyncio.sleep(0.05)
    _say({"event": "stopped", "cut": len(Connection.open)})


def _context(directory: Path | None) -> ssl.SSLContext | None:
    if directory is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    _load(context, directory)
    return context


def _load(context: ssl.SSLContext, directory: Path) -> None:
    context.load_cert_chain(directory / "tls.crt", directory / "tls.key")


async def _renew(context: ssl.SSLContext, directory: Path) -> None:
    """Take up a renewed certificate, for connections from then on."""
    known = (directory / "tls.crt").stat().st_mtime_ns
    while True:
        await asyncio.sleep(_CERTIFICATE_SECONDS)
        try:
            found = (directory / "tls.crt").stat().st_mtime_ns
            if found != known:
                _load(context, directory)
                known = found
                _say({"event": "certificate renewed"})
        except (OSError, ssl.SSLError) as error:
            _say({"event": "certificate not renewed", "error": str(error)})


def _say(event: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()
