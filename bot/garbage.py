"""Python's garbage collector, kept from stopping the loop while people wait."""

import gc
from typing import Final

THRESHOLDS: Final = (20_000, 20, 20)  # new objects before a look at the newest; looks before one at the older; the oldest


def put_off() -> None:
    """Look for nothing while a start loads what stays: a fifth of a start's CPU went into looking (measured)."""
    gc.disable()


def leave_what_is_loaded() -> None:
    """Never look again through what a start has loaded: each look stopped everything for 0.2 s (measured)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.enable()
