"""The commands for a company's clients: create, list, rotate, disable, enable, revoke-tokens, delete."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.table import Table

from paperlane.cli.connection import JsonOption, card, connect, every, show, table_of
from paperlane.cli.stack import DEFAULT_HOME, HomeOption, terminal

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The client's id, as `clients list` shows it.")]

commands = typer.Typer(help="The machines that may act for your company.", no_args_is_help=True)


ONCE = "Keep the secret now: it is not shown again."

Command = TypeVar("Command", bound=Callable[..., None])


class States(StrEnum):
    """Which document states a client is shown."""

    ALL = "all"
    DOCUMENTED = "documented"


def register(app: typer.Typer) -> None:
    app.add_typer(commands, name="clients")


# What may limit a client: an option for each member of the API.
_LIMITS: dict[str, Any] = {
    "scopes": Annotated[
        list[str] | None,
        typer.Option("--scope", help="What it may do; may be repeated.  [default: all that you may, but manage]"),
    ],
    "projects": Annotated[list[str] | None, typer.Option("--project", help="A project's id; it then sees only these.")],
    "networks": Annotated[
        list[str] | None, typer.Option("--network", help="A CIDR; it may then call only from these.")
    ],
    "plan": Annotated[str | None, typer.Option("--plan", help="How often it may call: the name of a plan.")],
    "lifetimeSeconds": Annotated[
        int | None, typer.Option("--lifetime", help="How long its tokens are good, 60 to 86400 seconds.")
    ],
    "states": Annotated[
        States | None, typer.Option("--states", help="Which document states it is shown: all, or the published ones.")
    ],
}


def _limited(command: Command) -> Command:
    """Have the command take an option for each of `_LIMITS`, which it gets as keywords."""
    signature = inspect.signature(command, eval_str=True)
    own = [each for each in signature.parameters.values() if each.kind is not each.VAR_KEYWORD]
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in _LIMITS.items()
    ]
    vars(command)["__signature__"] = signature.replace(parameters=[*own, *options])
    return command


@commands.command()
@_limited
def create(
    name: Annotated[str, typer.Argument(help="What people shall know it by.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
    **limits: Any,
) -> None:
    """Make a client. Its secret is shown this once."""
    body = {"name": name} | {member: value for member, value in limits.items() if value not in (None, [])}
    with connect(home) as client:
        made = client.request("POST", "/v2/clients", json=body).json()
    show(made, as_json, credentials(made))
    if not as_json:
        terminal().print(ONCE)


@commands.command(name="list")
def list_clients(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Show the company's clients, newest first."""
    with connect(home) as client:
        found = every(client, "/v2/clients")
    columns = {
        "id": "Id", "name": "Name", "scopes": "Scopes", "plan": "Plan", "projects": "Projects",
        "networks": "Networks", "disabled": "Disabled", "createdAt": "Created",
    }  # fmt: skip
    show(found, as_json, table_of(found, columns))


@commands.command()
def rotate(
    client_id: IdArgument,
    overlap: Annotated[
        int | None, typer.Option(metavar="SECONDS", help="How long the old secret stays good.  [default: a day]")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Give a client another secret, shown this once; the old one stays good for a while."""
    body = {} if overlap is None else {"overlapSeconds": overlap}
    with connect(home) as client:
        made = client.request("POST", f"/v2/clients/{client_id}/secrets", json=body).json()
    show(made, as_json, card(made, {"clientId": "Client id", "secret": "Client secret"}))
    if not as_json:
        terminal().print(ONCE)


@commands.command()
def disable(client_id: IdArgument, home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Lock a client: it gets no tokens, and those it has are void within five seconds."""
    _set_disabled(client_id, True, home, as_json)


@commands.command()
def enable(client_id: IdArgument, home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Give a locked client back. The tokens that it had stay void."""
    _set_disabled(client_id, False, home, as_json)


@commands.command(name="revoke-tokens")
def revoke_tokens(client_id: IdArgument, home: HomeOption = DEFAULT_HOME) -> None:
    """Void every token that a client has; it can get new ones."""
    with connect(home) as client:
        client.request("POST", f"/v2/clients/{client_id}/revoke-tokens")
    terminal().print(f"The tokens of {client_id} are void everywhere within five seconds.")


@commands.command()
def delete(client_id: IdArgument, home: HomeOption = DEFAULT_HOME) -> None:
    """End a client for good, with its API keys; its tokens are void within five seconds."""
    with connect(home) as client:
        client.request("DELETE", f"/v2/clients/{client_id}")
    terminal().print(f"{client_id} is deleted.")


def credentials(made: Mapping[str, Any]) -> Table:
    """What one needs of a new client."""
    rows = {
        "id": "Client id", "secret": "Client secret", "name": "Name", "scopes": "Scopes", "plan": "Plan",
        "projects": "Projects", "networks": "Networks",
    }  # fmt: skip
    return card(made, rows)


def _set_disabled(client_id: str, disabled: bool, home: Path, as_json: bool) -> None:
    with connect(home) as client:
        changed = client.request("PATCH", f"/v2/clients/{client_id}", json={"disabled": disabled}).json()
    show(changed, as_json, card(changed, {"id": "Client id", "name": "Name", "disabled": "Disabled"}))
