"""The commands for companies: create, list."""

from __future__ import annotations

from typing import Annotated

import typer

from paperlane.cli.clients import ONCE, credentials
from paperlane.cli.connection import JsonOption, connect, every, show, table_of
from paperlane.cli.stack import DEFAULT_HOME, HomeOption, terminal

commands = typer.Typer(help="The companies of this installation.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(commands, name="companies")


@commands.command()
def create(
    name: Annotated[str, typer.Argument(help="The company's name.")],
    plan: Annotated[str | None, typer.Option(help="How often its first client may call: the name of a plan.")] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Found a company with its first client, whose secret is shown this once."""
    body = {"name": name, "client": {"plan": plan} if plan else {}}
    with connect(home) as client:
        made = client.request("POST", "/v2/companies", json=body).json()
    if not as_json:
        terminal().print(f"Company {made['id']}", markup=False)
    show(made, as_json, credentials(made["client"]))
    if not as_json:
        terminal().print(ONCE)


@commands.command(name="list")
def list_companies(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Show your company; all of them, if you run the platform."""
    with connect(home) as client:
        found = every(client, "/v2/companies")
    columns = {"id": "Id", "name": "Name", "active": "Active", "createdAt": "Created"}
    show(found, as_json, table_of(found, columns))
