"""The command line, `paperlane`: one module for each group of commands, and how their failures are shown."""

from __future__ import annotations

import sys

import typer
from rich.console import Console
from rich.markup import escape

from paperlane.cli import stack
from paperlane.client import ApiRefusal
from paperlane.local.errors import StackFault

FAILED, INTERRUPTED = 1, 130

app = typer.Typer(
    help="Paperlane on this machine, and its documents.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
stack.register(app)


def main() -> None:
    """Run a command. An expected failure is told in words with its cure and ends with status 1."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        app()
    except StackFault as fault:
        for line in fault.log:
            console.print(f"  | {escape(line)}", style="dim")
        console.print(f"[red]Failed:[/] {escape(fault.what)}\n{escape(fault.cure)}")
        sys.exit(FAILED)
    except ApiRefusal as refusal:
        console.print(f"[red]Refused:[/] {escape(str(refusal))}")
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
