"""`up` and `down`: everything running and healthy, or nothing left; each safe to repeat and after an unclean end."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from paperlane.local import processes
from paperlane.local.errors import StackFault
from paperlane.local.home import LOCAL, Home
from paperlane.local.parts import RECIPES, Part
from paperlane.local.plan import Plan, make_plan, port_names
from paperlane.local.ports import assign, is_free, obstacle
from paperlane.local.servers.rabbitmq import PORT_MAPPER
from paperlane.local.services import SERVICES, Service
from paperlane.local.settings import StackSettings
from paperlane.local.supervision import Program, Supervisor

Say = Callable[[str], None]

PORTS = "ports.json"
READY_SECONDS = 120.0
GIVEN_SECONDS = 20.0  # somebody else's server is up already, or will not be
TRIES = 4
POLL_SECONDS = 0.1


def bring_up(
    home: Home,
    settings: StackSettings,
    caller: Mapping[str, str],
    say: Say,
    services: Sequence[Service] = SERVICES,
) -> Plan:
    """Have every server and every one of `services` run and work; StackFault tells which does not. `caller` is the
    environment to take from, `say` gets a line for each part. The home must be locked.
    """
    began = time.monotonic()
    supervisor = Supervisor(home)
    if supervisor.runs():
        plan = _planned(home, settings, services, usable=lambda _: True)
        if any(home.read(name) != content for name, content in plan.files.items()):
            say("The stack's settings have changed: restarting it.")
            take_down(home, say)
    if not supervisor.runs():
        plan = _begin(home, settings, caller, say, services)
    for phase in _phases(plan):
        supervisor.start([part.name for part in phase if part.command])
        for part in _await_ready(home, phase):
            say(f"  {part.name:<18}ready  {time.monotonic() - began:5.1f} s")
    _note_pids(home, {name: program.pid for name, program in supervisor.programs().items()})
    return plan


def take_down(home: Home, say: Say) -> bool:
    """Stop all that runs in this home, services first; True when there was anything. The home must be locked."""
    supervisor = Supervisor(home)
    ran = supervisor.runs()
    if ran:
        say("Stopping the services, then the servers.")
        kinds = {recipe.stem: home.read_json(f"{RECIPES}/{recipe.name}")["kind"] for recipe in _recipes(home)}
        for kind in ("service", "server"):
            supervisor.stop([name for name in supervisor.programs() if kinds.get(name) == kind])
        process = psutil.Process(supervisor.pid())
        supervisor.shutdown()
        psutil.wait_procs([process], processes.TERM_SECONDS)
    left = processes.end_leftovers(home)
    shutil.rmtree(home.path / "run", ignore_errors=True)
    _note_pids(home, {})
    return ran or left > 0


def _begin(
    home: Home, settings: StackSettings, caller: Mapping[str, str], say: Say, services: Sequence[Service]
) -> Plan:
    """Start a supervisor that runs nothing yet, after whatever an earlier one may have left."""
    if left := processes.end_leftovers(home):
        say(f"Ended {left} processes that an unclean end had left.")
    shutil.rmtree(home.path / "run", ignore_errors=True)
    home.prepare()
    if services and (why := obstacle(settings.port)):
        raise StackFault(
            f"Port {settings.port} {why}.",
            "Choose another in PAPERLANE_PORT (for a second stack another PAPERLANE_HOME too).",
        )
    plan = _planned(home, settings, services, usable=is_free)
    settings.keep(home)
    for name, content in plan.files.items():
        home.write(name, content)
    home.change_json(LOCAL, lambda local: local.update(plan.local))
    Supervisor(home).launch(processes.environment(home, caller, str(Path(sys.executable).parent)))
    return plan


def _planned(home: Home, settings: StackSettings, services: Sequence[Service], usable: Callable[[int], bool]) -> Plan:
    ports = assign(port_names(settings, services), home.read_json(PORTS), usable)
    home.change_json(PORTS, lambda known: known.update(ports))
    return make_plan(home, settings, ports, services)


def _phases(plan: Plan) -> Sequence[Sequence[Part]]:
    """What may start together. A broker that finds no port mapper starts one of its own, so ours comes first."""
    mapper = [part for part in plan.servers if part.name == PORT_MAPPER]
    return mapper, [part for part in plan.servers if part.name != PORT_MAPPER], plan.services


def _await_ready(home: Home, parts: Sequence[Part]) -> Iterator[Part]:
    """Each part when it works; StackFault with its last words when one keeps ending or time is up."""
    supervisor = Supervisor(home)
    began = time.monotonic()
    first = supervisor.programs()
    waiting = list(parts)
    while waiting:
        programs = supervisor.programs()
        for part in tuple(waiting):
            program = programs.get(part.name)
            if _is_ready(part, program):
                waiting.remove(part)
                yield part
            elif time.monotonic() - began > _patience(part) or _hopeless(program, first.get(part.name)):
                raise _not_ready(home, part)
        time.sleep(POLL_SECONDS if waiting else 0)


def _is_ready(part: Part, program: Program | None) -> bool:
    if part.command and not (program and program.runs):
        return False
    try:
        part.settle()
        return part.healthy()
    except OSError:
        return False


def _patience(part: Part) -> float:
    return READY_SECONDS if part.command else GIVEN_SECONDS


def _hopeless(program: Program | None, first: Program | None) -> bool:
    return bool(program and first and (program.state == "FATAL" or program.starts - first.starts >= TRIES))


def _not_ready(home: Home, part: Part) -> StackFault:
    if not part.command:
        return StackFault(
            f"{part.name}, which was given by its URL, does not answer as it should.",
            "Check the URL, its user and password, and that the server runs.",
        )
    return StackFault(
        f"{part.name} did not come up.",
        f"Its last lines are above, all of them in {home.log(part.name)}. Run `make up` again when the cause is gone; "
        "`make down` stops what runs.",
        home.log_tail(part.name),
    )


def _note_pids(home: Home, pids: Mapping[str, int | None]) -> None:
    def change(local: dict[str, Any]) -> None:
        for kind in ("servers", "services"):
            for name, known in local.get(kind, {}).items():
                known["pid"] = pids.get(name)

    home.change_json(LOCAL, change)


def _recipes(home: Home) -> list[Path]:
    return sorted((home.path / RECIPES).glob("*.json"))
