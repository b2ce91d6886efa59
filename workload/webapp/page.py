"""The page that people see."""

import html
from collections.abc import Mapping

from .messages import Response

_TITLES = {
    "server": "Answered by",
    "version": "Version",
    "source": "Your address, as seen here",
    "host": "You asked for",
    "path": "Path",
    "secret": "Secret",
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_STYLE = (
    "body{font:16px system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}"
    "th{text-align:left;padding-right:1.5rem;font-weight:600}td{word-break:break-all}"
)


def page(seen: Mapping[str, object]) -> Response:
    """Return what was seen of a request as a page."""
    rows = "".join(
        f"<tr><th scope=row>{title}</th><td>{html.escape(str(seen[key]))}</td></tr>"
        for key, title in _TITLES.items()
        if seen[key]
    )
    text = (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width">'
        f"<title>It works</title><style>{_STYLE}</style></head>"
        f"<body><h1>It works</h1><table>{rows}</table></body></html>\n"
    )
    return Response(
        content_type="text/html; charset=utf-8",
        body=text.encode(),
        headers=(("Content-Security-Policy", _POLICY),),
    )
