"""Files people attached: read with the bot's token, from Slack's own hosts and nowhere else."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from agents.errors import UnreadableError

MOST_BYTES: Final = 20 * 1024 * 1024
TOTAL_S: Final = 60
SLACK_FILES: Final = "files.slack.com"
PIECE: Final = 64 * 1024
WEB_PAGE: Final = "text/html"


class Files:
    """The reader of one workspace's files.

    Args:
        api_url: Where the Web API is; its host may serve files too, as the built-in workspace's does.
        token: The bot token; it is sent to these two hosts only, and never along a redirect.
    """

    def __init__(self, api_url: str, token: str) -> None:
        self._api, self._token = urlsplit(api_url), token

    async def read(self, file: Mapping[str, Any]) -> bytes:
        """Return a file's bytes.

        Args:
            file: Slack's facts: id, name, url_private, size, mimetype.

        Raises:
            UnreadableError: It is too large, elsewhere, gone, or Slack does not hand it out; says which.
        """
        name = str(file.get("name") or file.get("id") or "file")
        if int(file.get("size") or 0) > MOST_BYTES:
            raise UnreadableError(_too_large(name))
        address = self._address(name, str(file.get("url_private") or ""))
        try:
            return await self._fetch(name, address, file)
        except (ClientError, TimeoutError) as lost:
            raise UnreadableError(f"{name!r} could not be downloaded from Slack. Attach it again.") from lost

    def _address(self, name: str, address: str) -> str:
        """Return where the file is, if the token may be sent there."""
        full = urljoin(f"{self._api.scheme}://{self._api.netloc}/", address)
        parts = urlsplit(full)
        ours = (parts.scheme, parts.netloc) == (self._api.scheme, self._api.netloc)
        if not address or not (ours or (parts.scheme, parts.netloc) == ("https", SLACK_FILES)):
            raise UnreadableError(f"{name!r} is not kept in Slack, so I cannot read it. Attach the file itself.")
        return full

    async def _fetch(self, name: str, address: str, file: Mapping[str, Any]) -> bytes:
        headers = {"Authorization": f"Bearer {self._token}"}
        limit = ClientTimeout(total=TOTAL_S)
        async with ClientSession(timeout=limit, trust_env=False) as session, session.get(
            address, headers=headers, allow_redirects=False
        ) as answer:
            if answer.status != 200:
                raise UnreadableError(f"Slack does not hand out {name!r} (status {answer.status}). Attach it again.")
            content = await _content(name, answer)
        if _is_login_page(answer, content, file):
            raise UnreadableError(
                f"Slack sent its login page instead of {name!r}: the app lacks the scope 'files:read', or is not in "
                "the channel the file was shared in."
            )
        return content


async def _content(name: str, answer: ClientResponse) -> bytes:
    content = bytearray()
    async for piece in answer.content.iter_chunked(PIECE):
        content += piece
        if len(content) > MOST_BYTES:
            raise UnreadableError(_too_large(name))
    return bytes(content)


def _is_login_page(answer: ClientResponse, content: bytes, file: Mapping[str, Any]) -> bool:
    """Return whether a web page came where none was attached, or one of another size than was."""
    if answer.content_type != WEB_PAGE:
        return False
    declared = int(file.get("size") or 0)
    return file.get("mimetype") != WEB_PAGE or (declared > 0 and declared != len(content))


def _too_large(name: str) -> str:
    return f"{name!r} is larger than {MOST_BYTES // 1024 // 1024} MB. Attach the part that matters."
