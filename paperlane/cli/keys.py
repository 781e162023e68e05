"""The commands for API keys: create, list, revoke."""

from __future__ import annotations

from typing import Annotated

import typer

from paperlane.cli.connection import JsonOption, card, connect, every, show, table_of
from paperlane.cli.stack import DEFAULT_HOME, HomeOption, terminal

ClientArgument = Annotated[str, typer.Argument(metavar="CLIENT", help="The id of the client that the key stands for.")]

commands = typer.Typer(help="API keys, for those who can send nothing but a header.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(commands, name="keys")


@commands.command()
def create(
    client_id: ClientArgument,
    name: Annotated[str, typer.Argument(help="What people shall know the key by.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Make a key, shown this once. Send it as X-API-Key."""
    with connect(home) as client:
        made = client.request("POST", f"/v2/clients/{client_id}/api-keys", json={"name": name}).json()
    show(made, as_json, card(made, {"key": "API key", "id": "Key id", "name": "Name"}))
    if not as_json:
        terminal().print("Keep the key now: it is not shown again.")


@commands.command(name="list")
def list_keys(client_id: ClientArgument, home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Show a client's keys by name and last characters."""
    with connect(home) as client:
        found = every(client, f"/v2/clients/{client_id}/api-keys")
    columns = {"id": "Id", "name": "Name", "hint": "Ends with", "createdAt": "Created"}
    show(found, as_json, table_of(found, columns))


@commands.command()
def revoke(
    client_id: ClientArgument,
    key_id: Annotated[str, typer.Argument(metavar="KEY", help="The key's id, as `keys list` shows it.")],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Revoke a key; it is refused everywhere within five seconds."""
    with connect(home) as client:
        client.request("DELETE", f"/v2/clients/{client_id}/api-keys/{key_id}")
    terminal().print(f"{key_id} is revoked.")
