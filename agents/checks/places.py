"""Which characters of a text are taken, so that one reading of them shuts out another."""

from __future__ import annotations

from collections.abc import Iterable


class Places:
    """The characters of a text, each free or taken."""

    def __init__(self, length: int, taken: Iterable[tuple[int, int]] = ()) -> None:
        self._taken = bytearray(length)
        for start, end in taken:
            self.take(start, end)

    def take(self, start: int, end: int) -> None:
        """Mark the characters from ``start`` up to ``end`` as taken."""
        self._taken[start:end] = b"\1" * (end - start)

    def free(self, start: int, end: int) -> bool:
        """Whether none of the characters is taken."""
        return not any(self._taken[start:end])
