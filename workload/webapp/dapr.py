"""
The secret by Dapr's secrets building block.

Source: docs.dapr.io/reference/api/secrets_api.
"""

import asyncio
import json
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote

from .application import Application
from .settings import Settings

_RETRY_SECONDS = 5.0
_ANSWER_SECONDS = 5.0


async def watch(application: Application) -> None:
    """Ask the sidecar until it has handed out the secret once; it starts beside the application."""
    settings = application.settings
    while settings.dapr_port is not None and not application.secret_from_dapr:
        found = await asyncio.to_thread(has_secret, settings, settings.dapr_port)
        application.secret_from_dapr = found
        if not found:
            await asyncio.sleep(_RETRY_SECONDS)


def has_secret(settings: Settings, port: int) -> bool:
    """Tell whether the sidecar hands out the secret; its value is not kept."""
    store, name = quote(settings.dapr_secret_store), quote(settings.dapr_secret_name)
    sidecar = HTTPConnection("127.0.0.1", port, timeout=_ANSWER_SECONDS)
    try:
        sidecar.request("GET", f"/v1.0/secrets/{store}/{name}")
        answer = sidecar.getresponse()
        return answer.status == 200 and bool(json.load(answer).get(settings.dapr_secret_name))
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        sidecar.close()
