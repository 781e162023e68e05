"""The command line, `paperlane`: one module for each group of commands, and how their failures are shown."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from paperlane.cli import audit, clients, companies, keys, projects, stack
from paperlane.client import ApiRefusal
from paperlane.local.errors import StackFault

FAILED = 1

app = typer.Typer(
    help="Paperlane on this machine, and its documents.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
stack.register(app)
for group in (projects, clients, companies, keys, audit):
    group.register(app)


def main() -> None:
    """Run a command. An expected failure is told in words with its cure and ends with status 1."""
    try:
        app()
    except StackFault as fault:
        _fail(fault)
    except PermissionError as refused:
        cure = "Run as the user whose stack it is, or name another folder in PAPERLANE_HOME."
        _fail(StackFault(f"{refused.filename} belongs to somebody else.", cure))
    except ApiRefusal as refusal:
        # What the caller did wrong says itself how to do it right.
        is_fault = refusal.status == 0 or refusal.status >= 500
        _fail(StackFault(str(refusal), "`paperlane status` shows whether every part works." if is_fault else ""))


def _fail(fault: StackFault) -> NoReturn:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for line in fault.log:
        console.print(f"  | {escape(line)}", style="dim")
    console.print(f"[red]Failed:[/] {escape(fault.what)}")
    if fault.cure:
        console.print(escape(fault.cure))
    sys.exit(FAILED)
