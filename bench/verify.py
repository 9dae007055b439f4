"""How long ``python -m bot verify`` takes: a log of many lines, an anchor every hundred, nothing wrong.

    python -m bench.verify [--lines 200000]     prints one line of JSON

The log is written past the engine, line by line as the engine writes it: votes with a short note. ``s_per_million`` is
the time on the clock for a million such lines, ``cpu_s_per_million`` what of it was work; ``most_mb`` is how much the
process grew, and ``file_mb`` what it read.
"""

import argparse
import json
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from storage import anchors, audit, events
from storage.migrations import upgrade

ANCHORED: Final = 100  # lines between two anchors
ADD: Final = (
    "INSERT INTO event (run_id, kind, by, at, payload, salt, payload_hash, previous, hash) "
    "VALUES (:run_id, :kind, :by, :at, :text, :salt, :payload_hash, :previous, :hash)"
)


def lines(count: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of a chain, as the file holds them."""
    previous = events.FIRST
    for number in range(count):
        about = {"checkpoint": f"chk-{number:012}", "version": 1, "answer": "approve", "digest": "d" * 64}
        about |= {"note": "Good. Send it."}
        row = events.sealed(previous, "vote", about, run_id=f"run-{number % 50:012}", by="U024BE7LH")
        previous = row["hash"]
        yield {**row, "at": row["at"].strftime("%Y-%m-%d %H:%M:%S.%f")}


def written(home: Path, count: int) -> Path:
    """Write a log and its anchors; return the database."""
    path = home / "jidoka.db"
    upgrade(path)
    connection = sqlite3.connect(path)
    connection.executemany(ADD, lines(count))
    connection.commit()
    kept = connection.execute("SELECT seq, hash FROM event WHERE seq % ? = 0", (ANCHORED,))
    text = "".join(f"{seq}:{hashed} 2026-11-22T10:15:00+00:00\n" for seq, hashed in kept)
    connection.close()
    (home / anchors.FILE).write_text(text)
    return path


def measure(count: int) -> dict[str, float]:
    """Return the figures of a log of this many lines."""
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), count)
        Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
        before, began, worked = _peak_mb(), time.perf_counter(), time.process_time()
        found = audit.verify(path, Path(folder))
        took, cpu, grown = time.perf_counter() - began, time.process_time() - worked, _peak_mb() - before
        size = path.stat().st_size / 2**20
    if found.wrong:
        raise RuntimeError(f"A log that is whole was called otherwise: {found.wrong[0]}")
    figures = {"lines": count, "s": took, "s_per_million": took / count * 1e6, "cpu_s_per_million": cpu / count * 1e6}
    return {name: round(value, 2) for name, value in {**figures, "most_mb": grown, "file_mb": size}.items()}


def _peak_mb() -> float:
    [peak] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(peak.split()[1]) / 1024


def main() -> None:
    """Measure one log."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--lines", type=int, default=200_000)
    print(json.dumps(measure(arguments.parse_args().lines)))


if __name__ == "__main__":
    main()
