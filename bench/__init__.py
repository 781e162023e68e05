"""Benchmarks: each prints a table and writes JSON under bench/results. Numbers are for ratios within one run."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench" / "results"
PAPERLANE = Path(sys.executable).with_name("paperlane")


@contextmanager
def running_stack(**settings: str) -> Iterator[dict[str, Any]]:
    """A stack of its own, with these environment variables, for the time of the block; gives its local.json."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PAPERLANE_")} | settings
    with TemporaryDirectory(prefix="paperlane-bench-") as folder:
        home = ("--home", folder)
        try:
            subprocess.run([PAPERLANE, "up", "--no-sample", *home, "--port", free_port()], env=clean, check=True)
            yield json.loads((Path(folder) / "local.json").read_text())
        finally:
            subprocess.run([PAPERLANE, "down", *home], env=clean, check=True)


def report(name: str, columns: Sequence[str], rows: Sequence[Sequence[object]], raw: Mapping[str, Any]) -> None:
    """Print the table and keep the raw numbers in `bench/results/NAME.json`."""
    table = Table(*columns, title=name)
    for row in rows:
        table.add_row(*(f"{cell:.4g}" if isinstance(cell, float) else str(cell) for cell in row))
    Console().print(table)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(raw, indent=2) + "\n")


def free_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])
