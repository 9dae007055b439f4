"""What runs that wait for people cost: memory, CPU while nothing happens, and the time to start.

    python -m bench.waiting [--runs 0 1000 10000] [--idle-s 10]     prints one line of JSON

For each number of runs, all waiting at a draft's checkpoint, it makes a database, starts the whole product on it
(``python -m bot``, built-in workspace, offline engine) and reads of that process: ``start_s``, from the command until
``/healthz`` says all is well; ``rss_mb`` and ``idle_cpu_percent`` of one core, over ``--idle-s`` seconds of nothing to
do; ``sweep_ms``, one round of the safety net that runs every half minute, CPU of this process.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.rigs.engine import Direct, Rig
from bench.rigs.waiting import home_with

SETTLING_S: Final = 5.0  # after the start: first sweeps, first connections
PATIENCE_S: Final = 120.0
TICKS: Final = os.sysconf("SC_CLK_TCK")  # a second, in /proc


def measure(count: int, idle_s: float) -> dict[str, float]:
    """Return the figures of one number of waiting runs."""
    with tempfile.TemporaryDirectory() as folder:
        home_with(Path(folder), count)
        with _product(Path(folder)) as (pid, start_s):
            time.sleep(SETTLING_S)
            before = _cpu_s(pid)
            time.sleep(idle_s)
            percent = (_cpu_s(pid) - before) / idle_s * 100
            rss = _rss_mb(pid)
        sweep = asyncio.run(_sweep_ms(Path(folder)))
    figures = {"start_s": start_s, "rss_mb": rss, "idle_cpu_percent": percent, "sweep_ms": sweep}
    return {name: round(value, 1) for name, value in figures.items()}


@contextmanager
def _product(home: Path) -> Iterator[tuple[int, float]]:
    """Start the product on this data; give its process id and how many seconds it took."""
    port = _free_port()
    env = {**os.environ, "JIDOKA_HOME": str(home), "PORT": str(port)}
    for name in (
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_BASE_URL",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "DATABASE_URL",
    ):
        env.pop(name, None)
    began = time.monotonic()
    command = [sys.executable, "-m", "bot"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until_well(process, f"http://127.0.0.1:{port}/healthz", began)
        yield process.pid, time.monotonic() - began
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _until_well(process: subprocess.Popen[bytes], url: str, began: float) -> None:
    while time.monotonic() - began < PATIENCE_S:
        if process.poll() is not None:
            raise RuntimeError(f"The product ended with code {process.returncode} instead of starting.")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"The product was not well after {PATIENCE_S:g} s.")


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _rss_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def _sweep_ms(home: Path) -> float:
    rig = Rig(home, Direct())
    await rig.engine.start()
    began = time.process_time()
    await rig.engine.sweep()
    took = (time.process_time() - began) * 1e3
    await rig.close()
    return took


def main() -> None:
    """Measure one number of runs after the other."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--runs", type=int, nargs="+", default=[0, 1_000, 10_000])
    arguments.add_argument("--idle-s", type=float, default=10.0)
    asked = arguments.parse_args()
    print(json.dumps({str(count): measure(count, asked.idle_s) for count in asked.runs}))


if __name__ == "__main__":
    main()
