"""The bytes of an answer, unpacked piece by piece and never beyond a bound."""

from __future__ import annotations

import zlib
from typing import Final

from agents.errors import FetchError

ACCEPTED: Final = "gzip, deflate"  # what we ask servers for, and all that we unpack
_PIECE: Final = 1 << 16
_MEMBER: Final = b"\x1f\x8b"
_MOST_MEMBERS: Final = 1_000  # a gzip stream may hold several in a row


class Unpacker:
    """Takes what arrives, and holds the content while it stays within ``most`` bytes, packed and unpacked."""

    def __init__(self, encoding: str, most: int) -> None:
        """Prepare for one answer.

        Args:
            encoding: The answer's ``Content-Encoding``, such as ``gzip``; empty for none.
            most: Bytes that neither the packed nor the unpacked content may exceed.

        Raises:
            FetchError: The encoding is not one of those we asked for.
        """
        self._encoding = encoding.strip().lower().replace("x-gzip", "gzip")
        if self._encoding not in ("", "identity", "gzip", "deflate"):
            raise FetchError(
                f"The page is packed as {encoding[:40]!r}, which was not asked for and is not unpacked."
            )
        self._most = most
        self._arrived = 0
        self._members = 0
        self._rest = b""  # one byte that may begin the next member
        self._inner: zlib._Decompress | None = None
        self._content = bytearray()

    def add(self, packed: bytes) -> None:
        """Take the next bytes from the wire.

        Raises:
            FetchError: The content is too large, or is not packed as the server said.
        """
        self._arrived += len(packed)
        if self._arrived > self._most:
            raise self._too_large()
        if self._encoding in ("", "identity"):
            self._keep(packed)
            return
        try:
            self._unpack(packed)
        except zlib.error as damaged:
            raise FetchError("The page arrived damaged: it cannot be unpacked.") from damaged

    def content(self) -> bytes:
        """Return everything unpacked so far.

        Raises:
            FetchError: The packed stream ended too early.
        """
        if self._inner is not None and not self._inner.eof:
            raise FetchError("The page arrived incomplete.")
        return bytes(self._content)

    def _unpack(self, packed: bytes) -> None:
        packed = self._rest + packed
        self._rest = b""
        while packed:
            inner = self._opened(packed)
            if inner.eof:  # what follows the last member is padding, or the first byte of one more
                self._rest = packed if packed == _MEMBER[:1] else b""
                return
            self._keep(inner.decompress(packed, _PIECE))
            packed = inner.unconsumed_tail or inner.unused_data
            while not packed and (
                piece := inner.decompress(b"", _PIECE)
            ):  # output that waits for no more input
                self._keep(piece)

    def _opened(self, packed: bytes) -> zlib._Decompress:
        if self._inner is None or (self._inner.eof and packed.startswith(_MEMBER)):
            self._members += 1
            if self._members > _MOST_MEMBERS:
                raise self._too_large()
            self._inner = zlib.decompressobj(self._window(packed))
        return self._inner

    def _window(self, packed: bytes) -> int:
        if self._encoding == "gzip":
            return 16 + zlib.MAX_WBITS
        wrapped = packed[0] & 0x0F == 8 and (len(packed) < 2 or int.from_bytes(packed[:2]) % 31 == 0)
        return zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS  # "deflate" is both in the wild

    def _keep(self, piece: bytes) -> None:
        if len(self._content) + len(piece) > self._most:
            raise self._too_large()
        self._content += piece

    def _too_large(self) -> FetchError:
        return FetchError(f"The page is larger than {self._most // 1_000_000} MB, so it was not read.")
