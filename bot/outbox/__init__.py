"""Delivers what Jidoka says: in order a thread, once each, from the rows as they are at that moment."""

from bot.outbox.loop import Outbox

__all__ = ["Outbox"]
