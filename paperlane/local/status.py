"""What runs, where, how well and in how much memory."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
from rich.table import Table

from paperlane.local import processes
from paperlane.local.home import Home
from paperlane.local.lifecycle import PORTS
from paperlane.local.parts import Part
from paperlane.local.plan import make_plan
from paperlane.local.services import SERVICES
from paperlane.local.settings import StackSettings
from paperlane.local.supervision import Program, Supervisor

STATES = {"RUNNING": "running", "STARTING": "starting", "STOPPING": "stopping", "BACKOFF": "waiting to restart"}


@dataclass(frozen=True, slots=True)
class Row:
    """One part. `memory` is its proportional share in bytes with its children; `uptime` in seconds; None: not ours."""

    part: str
    state: str
    healthy: bool
    address: str
    pid: int | None = None
    memory: int | None = None
    uptime: int | None = None
    restarts: int | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """All parts; `memory` is the sum, with the supervisor."""

    running: bool
    rows: tuple[Row, ...] = ()
    memory: int = 0

    @property
    def healthy(self) -> bool:
        return self.running and all(row.healthy for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"healthy": self.healthy}


def look(home: Home) -> Status:
    """The present status; asks every part that runs how it is."""
    supervisor = Supervisor(home)
    settings = StackSettings.kept(home)
    if settings is None or not supervisor.runs():
        return Status(running=False)
    programs = supervisor.programs()
    services = [service for service in SERVICES if service.name in programs]
    plan = make_plan(home, settings, home.read_json(PORTS), services)
    parts = (*plan.services, *plan.servers)
    with ThreadPoolExecutor(len(parts)) as pool:
        rows = tuple(pool.map(lambda part: _row(part, programs), parts))
    own = _supervisor_row(supervisor.pid())
    return Status(True, (*rows, own), sum(row.memory or 0 for row in (*rows, own)))


def table(status: Status) -> Table:
    """The rows for a terminal."""
    shown = Table("Part", "State", "Health", "Address", "Memory", "Up", "Restarts")
    for column in shown.columns[4:]:
        column.justify = "right"
    for row in status.rows:
        health = "[green]ok[/]" if row.healthy else "[red]not ready[/]"
        shown.add_row(row.part, row.state, health, row.address, _mb(row.memory), _age(row.uptime), _count(row.restarts))
    shown.add_section()
    shown.add_row("total", "", "", "", _mb(status.memory), "", "")
    return shown


def without_password(url: str) -> str:
    """`url` without user and password, as it may be shown."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _row(part: Part, programs: Mapping[str, Program]) -> Row:
    address = without_password(part.url)
    if not part.command:
        return Row(part.name, "given by URL", part.healthy(), address)
    program = programs[part.name]
    state = STATES.get(program.state, "stopped")
    restarts = max(program.starts - 1, 0)
    if program.pid is None:
        return Row(part.name, state, False, address, restarts=restarts)
    memory, uptime = processes.memory(program.pid), int(time.time() - program.started_at)
    return Row(part.name, state, part.healthy(), address, program.pid, memory, uptime, restarts)


def _supervisor_row(pid: int) -> Row:
    memory, uptime = processes.memory(pid, with_children=False), int(time.time() - psutil.Process(pid).create_time())
    return Row("supervisor", "running", True, "", pid, memory, uptime, 0)


def _mb(size: int | None) -> str:
    return "" if size is None else f"{size / 1e6:.0f} MB"


def _age(seconds: int | None) -> str:
    if seconds is None:
        return ""
    hours, rest = divmod(seconds, 3600)
    return f"{hours} h {rest // 60:02} m" if hours else f"{rest // 60} m {rest % 60:02} s"


def _count(restarts: int | None) -> str:
    return "" if restarts is None else str(restarts)
