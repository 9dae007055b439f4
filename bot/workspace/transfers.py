"""A file's bytes on their way in and out."""

from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.workspace import files, guard, people
from bot.workspace.errors import SlackError
from bot.workspace.identities import BOT_USER
from bot.workspace.state import Workspace

_INLINE: Final = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf")
_ACTIVE: Final = ("text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml")
_LOGIN: Final = (
    "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head>"
    "<body><p>This file needs a token with the right scope. Send it as <code>Authorization: Bearer</code>.</p></body></html>"
)


class Transfers:
    """Answers `/upload/<ticket>` and `/files/<id>/<name>`."""

    def __init__(self, workspace: Workspace) -> None:
        """Keep and hand out this workspace's files."""
        self._workspace = workspace

    async def upload(self, request: web.Request) -> web.Response:
        """Keep the bytes sent to an address of files.getUploadURLExternal; no token is needed."""
        content = await _bytes(request)
        with self._workspace.transaction():
            taken = files.take(self._workspace, request.match_info["ticket"], content)
        if not taken:
            return web.Response(
                status=400, text="This upload address is unknown, or the length is not the announced one."
            )
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.Response:
        """Hand out a file to a token that may see it; to any other a login page under HTTP 200, as Slack does."""
        file_id = request.match_info["file"]
        user = self._user(request)
        if user is None:
            return web.Response(text=_LOGIN, content_type="text/html")
        try:
            if user:
                files.visible(self._workspace, file_id, user)
            found = files.download(self._workspace, file_id)
        except SlackError:
            return web.Response(status=404, text="There is no such file, or it is not shared with you.")
        inline = found.mime in _INLINE and request.query.get("inline") == "1"
        return web.Response(body=found.content, headers=_headers(found, inline=inline))

    def _user(self, request: web.Request) -> str | None:
        """Return who asks: a user id, empty for the page itself, None for nobody."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token == self._workspace.site.bot_token:
            return BOT_USER
        if token in people.BY_TOKEN:
            return people.BY_TOKEN[token].id
        return "" if not token and guard.has_cookie(self._workspace.site, request) else None


async def _bytes(request: web.Request) -> bytes:
    """Return the body, or the one file of a multipart form.

    Raises:
        web.HTTPRequestEntityTooLarge: It is larger than a file may be.
    """
    request = request.clone(client_max_size=files.LARGEST + 64 * 1024)
    if request.content_type != "multipart/form-data":
        return await request.read()
    for part in (await request.post()).values():
        if isinstance(part, web.FileField):
            return part.file.read()
    return b""


def _headers(found: files.Download, *, inline: bool) -> dict[str, str]:
    mime = "application/octet-stream" if found.mime in _ACTIVE else found.mime
    kind = "inline" if inline else "attachment"
    headers = {"Content-Type": mime, "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(found.name)}"}
    if mime == "application/pdf" and inline:  # browsers do not show a PDF in a sandbox
        headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        )
    return headers
