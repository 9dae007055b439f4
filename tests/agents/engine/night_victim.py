"""A process that takes a run into the night and dies at the moment its first batch is made and not yet on record.

``python -m tests.agents.engine.night_victim HOME URL``
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from agents.engine.recording import RunRecorder
from tests.agents.engine.nightly import QUICK, approved, later
from tests.workshop import reopened


async def die(*_: Any) -> None:
    """End this process as a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


async def main(home: Path, url: str) -> None:
    """Ask, approve, and wait for death."""
    RunRecorder.note = die  # type: ignore[method-assign]
    model: Any = SimpleNamespace(url=url)
    async with reopened(home, model, patience=QUICK) as shop:
        await approved(shop, **later())
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
