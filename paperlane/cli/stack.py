"""The commands of the local stack: up, down, status, logs, signing-key."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from paperlane.local import lifecycle, sample, status
from paperlane.local.credentials import add_signing_key
from paperlane.local.errors import StackFault
from paperlane.local.home import Home
from paperlane.local.settings import DEFAULT_PORT, StackSettings
from paperlane.local.supervision import Supervisor

NOT_HEALTHY = 3
PIPE_WIDTH = 160

HomeOption = Annotated[
    Path,
    typer.Option(envvar="PAPERLANE_HOME", help="The stack's folder: data, logs, process ids, credentials."),
]
PortOption = Annotated[
    int | None,
    typer.Option(
        "--port",
        envvar="PAPERLANE_PORT",
        min=1,
        max=65535,
        help=f"The gateway's port on 127.0.0.1.  [default: {DEFAULT_PORT}]",
    ),
]
DEFAULT_HOME = Path(".paperlane")


def register(app: typer.Typer) -> None:
    for command in (up, down, show_status, logs, signing_key):
        app.command(name="status" if command is show_status else None)(command)


def up(
    home: HomeOption = DEFAULT_HOME,
    port: PortOption = None,
    with_sample: Annotated[
        bool, typer.Option("--sample/--no-sample", help="Send the bundled invoice through and show its fields.")
    ] = True,
) -> None:
    """Start MongoDB, RabbitMQ, S3 and every service, and return when all of it works.

    What runs already stays; what died is started again. MongoDB, RabbitMQ and S3 can instead be given by
    PAPERLANE_MONGODB_URL, PAPERLANE_RABBITMQ_URL, and PAPERLANE_S3_URL with PAPERLANE_S3_ACCESS_KEY and
    PAPERLANE_S3_SECRET_KEY.
    """
    console = terminal()
    stack = Home.at(home)
    stack.prepare()
    with stack.locked("up"):
        settings = StackSettings.from_environment(os.environ, _choose_port(stack, port))
        console.print(f"Starting Paperlane in {stack.path}, port {settings.port}")
        lifecycle.bring_up(stack, settings, os.environ, console.print)
        with sample.connect(stack) as client:
            project_id = sample.ensure_project(stack, client)
    if with_sample:
        console.print("Sending the sample invoice through")
        with sample.connect(stack) as client:
            result = sample.send_sample(client, project_id)
        console.print(sample.tables(result))
        console.print(f"The sample is {result.document['state']} after {result.seconds:.1f} s.")
    console.print(
        f"Paperlane answers at http://127.0.0.1:{settings.port}; credentials are in {stack.path / 'local.json'}"
    )


def down(home: HomeOption = DEFAULT_HOME, _port: PortOption = None) -> None:
    """Stop all that `up` started, and nothing else; data and credentials stay.

    The home tells which stack is meant: a port is taken for symmetry with `up` and not looked at.
    """
    stack = Home.at(home)
    stopped = False
    if stack.exists():
        with stack.locked("down"):
            stopped = lifecycle.take_down(stack, terminal().print)
    terminal().print("Paperlane is down." if stopped else f"Nothing runs in {stack.path}.")


def show_status(
    home: HomeOption = DEFAULT_HOME,
    _port: PortOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Show every part: its state, health, address, memory (PSS), time up and restarts.

    Ends with status 3 when the stack is down or a part is not healthy.
    """
    found = status.look(Home.at(home))
    if as_json:
        typer.echo(json.dumps(found.as_json(), indent=2))
    elif found.running:
        terminal().print(status.table(found))
    else:
        terminal().print(f"Paperlane is down in {home}; `make up` starts it.")
    raise typer.Exit(0 if found.healthy else NOT_HEALTHY)


def logs(
    parts: Annotated[
        list[str] | None, typer.Argument(help="Parts to follow, as `status` calls them; else all.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    follow: Annotated[bool, typer.Option(help="Go on until interrupted.")] = True,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="Lines of the past from each.")] = 10,
) -> None:
    """Follow what the parts write."""
    folder = Home.at(home).path / "logs"
    files = [folder / f"{part}.log" for part in parts] if parts else sorted(folder.glob("*.log"))
    missing = [file for file in files if not file.exists()]
    if missing or not files:
        raise StackFault(
            f"There is no log {missing[0] if missing else f'in {folder}'}.",
            "`make status` lists the parts of a stack that runs; name its PAPERLANE_HOME.",
        )
    tail = shutil.which("tail") or "tail"
    os.execv(tail, [tail, "-n", str(lines), *(["-F"] if follow else []), "--", *map(str, files)])  # noqa: S606


def signing_key(home: HomeOption = DEFAULT_HOME) -> None:
    """Make a new key for signing tokens, beside those that are there.

    It is shown at once and signs as soon as everybody can know it; the key before may go when its last token has ended.
    """
    stack = Home.at(home)
    if not stack.exists():
        raise StackFault(f"{stack.path} is no stack's home.", "Run `make up` first, or name the right PAPERLANE_HOME.")
    terminal().print(f"The new key is {add_signing_key(stack)}")


def terminal() -> Console:
    """Output as wide as the terminal; wide enough for every table when it goes elsewhere."""
    return Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPE_WIDTH)


def _choose_port(stack: Home, asked: int | None) -> int:
    """The port to run on. A stack that runs keeps its port."""
    kept = StackSettings.kept(stack)
    if kept is None or not Supervisor(stack).runs():
        return asked or DEFAULT_PORT
    if asked not in (None, kept.port):
        raise StackFault(
            f"{stack.path} already runs on port {kept.port}.",
            f"For a second stack set PAPERLANE_HOME too; to move this one to port {asked} run `make down` first.",
        )
    return kept.port
