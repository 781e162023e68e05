"""The commands of the audit log: verify, list."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from paperlane import audit
from paperlane.cli.connection import JsonOption, connect, show
from paperlane.cli.stack import DEFAULT_HOME, HomeOption, terminal
from paperlane.local.errors import StackFault

TAMPERED = 1

commands = typer.Typer(help="The audit log: who did what, and the proof that nobody changed it.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(commands, name="audit")


@commands.command()
def verify(
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Check every chain of every service against its own hashes and against its anchors.

    Ends with status 1 when anything was edited, deleted, reordered, cut off or removed. Entries that were lost when a
    process was killed are counted and are no fault. The client needs the scopes audit.read and companies.manage.
    """
    with connect(home) as client:
        report = audit.verify(client)
    if as_json:
        found = {"sound": report.sound, "lost": report.lost, **asdict(report)}
        typer.echo(json.dumps(found, indent=2))
    else:
        _print(report)
    raise typer.Exit(0 if report.sound else TAMPERED)


@commands.command(name="list")
def list_entries(
    service: Annotated[str, typer.Argument(help=f"One of {', '.join(audit.SERVICES)}.")],
    home: HomeOption = DEFAULT_HOME,
    action: Annotated[str, typer.Option(help="For example token.issued.")] = "",
    actor: Annotated[str, typer.Option(help="A client id.")] = "",
    subject: Annotated[str, typer.Option(help="The id of what it was done to.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Show the 50 newest entries of the client's company at a service."""
    if service not in audit.SERVICES:
        raise StackFault(f"{service} keeps no audit log.", f"Name one of {', '.join(audit.SERVICES)}.")
    wanted = {"action": action, "actor": actor, "subject": subject}
    with connect(home) as client:
        entries = client.request("GET", f"/v2/audit/{service}", params=wanted).json()["data"]
    show(entries, as_json, _entries(entries))


def _print(report: audit.Report) -> None:
    console = terminal()
    shown = Table("Service", "Chain", "State", "Entries", "Lost", "Anchors", "From", "To")
    for chain in report.chains:
        counts = (str(chain.entries), str(chain.lost), str(chain.anchors))
        shown.add_row(chain.service, chain.chain, chain.state, *counts, chain.first_time or "", chain.last_time or "")
    console.print(shown)
    entries = sum(chain.entries for chain in report.chains)
    open_chains = sum(chain.state == "open" for chain in report.chains)
    console.print(
        f"{entries} entries in {len(report.chains)} chains, {report.anchors} anchors, {report.lost} entries lost."
    )
    if open_chains:
        console.print(
            f"{open_chains} chains are open: their processes run; or they were killed and left no count, "
            "and then the number of entries that they lost is unknown."
        )
    console.print(f"Last anchor: {report.anchor_head}")
    for fault in report.faults:
        console.print(
            f"[red]{fault.kind}[/] {fault.service} {fault.chain} entry {fault.sequence}: {escape(fault.text)}"
        )
    if report.uncounted_faults:
        console.print(f"and {report.uncounted_faults} more.")
    console.print("[green]Nothing was changed.[/]" if report.sound else "[red]The audit log was tampered with.[/]")


def _entries(entries: list[dict[str, Any]]) -> Table:
    shown = Table()
    for name in ("Time", "Action", "Actor", "Subject", "Address", "Request", "Detail"):
        shown.add_column(name, overflow="fold")
    for entry in entries:
        detail = ", ".join(f"{name}={value}" for name, value in entry["detail"].items())
        columns = (entry[name] for name in ("time", "action", "actor", "subject", "address", "requestId"))
        shown.add_row(*map(escape, columns), escape(detail))
    return shown
