"""The offline engine: real, checkable work by rules, without a language model."""

from __future__ import annotations

from agents.models.offline.transport import OfflineTransport, transport

__all__ = ["OfflineTransport", "transport"]
