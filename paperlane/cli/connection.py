"""With which credentials a command calls the API, and how it shows what it was answered."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from paperlane.cli.stack import terminal
from paperlane.client import Client
from paperlane.local import sample
from paperlane.local.errors import StackFault
from paperlane.local.home import Home

VARIABLES = ("PAPERLANE_BASE_URL", "PAPERLANE_CLIENT_ID", "PAPERLANE_CLIENT_SECRET")
PAGE = 50

JsonOption = Annotated[bool, typer.Option("--json", help="Print the API's answer instead of a table.")]


def connect(home: Path, environment: Mapping[str, str] = os.environ) -> Client:
    """A client with the credentials in the environment, else with those of the stack in `home`."""
    given = [environment.get(name, "") for name in VARIABLES]
    if not any(given):
        return sample.connect(Home.at(home))
    missing = [name for name, value in zip(VARIABLES, given, strict=True) if not value]
    if missing:
        raise StackFault(
            f"{' and '.join(missing)} is missing.",
            f"Set all of {', '.join(VARIABLES)}, or none to use the stack in {home}.",
        )
    return Client(*given)


def every(client: Client, path: str) -> list[dict[str, Any]]:
    """All items of a list that comes in parts."""
    return list(_items(client, path))


def show(answer: Any, as_json: bool, table: Table) -> None:
    if as_json:
        typer.echo(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        terminal().print(table)


def table_of(items: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> Table:
    """A row for each item; `columns` maps members to headings."""
    shown = Table(*columns.values())
    for item in items:
        shown.add_row(*(escape(_text(item.get(member))) for member in columns))
    return shown


def card(item: Mapping[str, Any], rows: Mapping[str, str]) -> Table:
    """One item, a row for each of its members that says something; `rows` maps members to headings."""
    shown = Table(show_header=False)
    for member, heading in rows.items():
        if text := _text(item.get(member)):
            shown.add_row(heading, escape(text))
    return shown


def _items(client: Client, path: str) -> Iterator[dict[str, Any]]:
    offset = 0
    while True:
        part = client.request("GET", path, params={"offset": offset, "limit": PAGE}).json()
        yield from part["data"]
        offset += PAGE
        if offset >= part["totalCount"]:
            return


def _text(value: Any) -> str:
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
