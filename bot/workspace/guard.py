"""Who may come in: the page's own address only, because any web page a person visits can reach localhost."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.workspace.state import Site

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

COOKIE: Final = "workspace"
_LOCAL: Final = ("127.0.0.1", "localhost")


def guarded(site: Site, handler: Handler) -> Handler:
    """Return the handler, refusing what another site's page may have caused."""

    async def checked(request: web.Request) -> web.StreamResponse:
        refusal = _refusal(site, request)
        if refusal:
            return web.Response(status=403, text=refusal, headers=_SAFE)
        try:
            response = await handler(request)
        except web.HTTPException as error:
            _make_safe(error)
            raise
        if not response.prepared:
            _make_safe(response)
        return response

    return checked


def starts(site: Site, token: str) -> bool:
    """Tell whether this is the start token the printed address carries."""
    return hmac.compare_digest(token.encode(), site.start_token.encode())


def let_in(site: Site, response: web.Response) -> None:
    """Give the browser the page's cookie."""
    response.set_cookie(COOKIE, _pass(site), httponly=True, samesite="Strict", path="/")


def has_cookie(site: Site, request: web.Request) -> bool:
    """Tell whether the browser was let in."""
    return hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), _pass(site).encode())


def policy(request: web.Request) -> str:
    """Return the page's Content-Security-Policy: only its own files, no inline script, no other host."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        f"connect-src 'self' ws://{request.host} wss://{request.host}; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


_SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cache-Control": "no-store",
}


def _make_safe(response: web.StreamResponse) -> None:
    for name, value in _SAFE.items():
        response.headers.setdefault(name, value)


def _refusal(site: Site, request: web.Request) -> str:
    """Return the sentence that refuses a request, or nothing."""
    own = urlsplit(site.url)
    if not _is_own_host(request.headers.get("Host", ""), own.hostname or "", own.port):
        return f"This workspace answers only at {site.url}."
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{own.scheme}://{request.host}":
        return "Another site's page asked for this. Open the workspace's own page instead."
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return "Another site's page led here. Paste the printed address into the browser instead."
    return ""


def _is_own_host(host: str, own_name: str, own_port: int | None) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        port = parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.path:
        return False
    return parts.hostname in (*_LOCAL, own_name) and (port is None or port == own_port)


def _pass(site: Site) -> str:
    """Return the cookie's value; not the start token, because cookies reach every port of the host."""
    return hmac.new(site.start_token.encode(), b"workspace page", hashlib.sha256).hexdigest()
