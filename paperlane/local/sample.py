"""The first minutes of a new user: the built-in project is made once, and the bundled invoice goes through it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from rich.console import Group
from rich.table import Table

from paperlane.client import UNREAD_STATES, Client
from paperlane.local.errors import StackFault
from paperlane.local.home import LOCAL, Home

PROJECT = {"name": "Invoices and receipts", "completion": "automatic", "duplicates": "allow"}
SAMPLE = "invoice.pdf"
READ_SECONDS = 90.0
POLL_SECONDS = 0.1
ITEM_COLUMNS = ("position", "articleNumber", "name", "qty", "unit", "unitPrice", "taxRate", "net")


def connect(home: Home) -> Client:
    """A client with the credentials of local.json; StackFault when this home has none."""
    local = home.read_json(LOCAL)
    if not local:
        raise StackFault(f"{home.path} has no {LOCAL}.", "Run `make up` first, or name the right PAPERLANE_HOME.")
    return Client(local["base_url"], local["client_id"], local["client_secret"])


def ensure_project(home: Home, client: Client) -> str:
    """The id of the built-in project, looked up by its name or made now, and kept in local.json."""
    listed = client.request("GET", "/v2/projects", params={"search": PROJECT["name"], "limit": 50}).json()["data"]
    known = [project["id"] for project in listed if PROJECT.items() <= project.items()]
    project_id = str(known[-1] if known else client.request("POST", "/v2/projects", json=PROJECT).json()["id"])
    home.change_json(LOCAL, lambda local: local.update(project_id=project_id))
    return project_id


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the sample: the document, its states, and the seconds from upload to that."""

    document: Mapping[str, Any]
    states: list[dict[str, Any]]
    seconds: float


def send_sample(client: Client, project_id: str) -> Result:
    """Upload the bundled invoice, have it processed, wait for its fields."""
    content = files("paperlane.local").joinpath("samples", SAMPLE).read_bytes()
    began = time.monotonic()
    document_id = client.process_file(client.upload(content, SAMPLE, "application/pdf"), project_id)
    while (document := client.document(document_id))["state"] in UNREAD_STATES:
        if time.monotonic() - began > READ_SECONDS:
            raise StackFault(
                f"The sample is still {document['state']} after {READ_SECONDS:.0f} s.",
                "`make status` shows which part does not work, `make logs` what it says.",
            )
        time.sleep(POLL_SECONDS)
    return Result(document, client.states(document_id), time.monotonic() - began)


def tables(result: Result) -> Group:
    """The fields, the lines of the invoice and the state history, for a terminal."""
    entities = dict(result.document["entities"])
    items = entities.pop("items", [])
    return Group(_fields(entities), _items(items), _history(result.states))


def _fields(entities: Mapping[str, Any]) -> Table:
    table = Table("Field", "Value", title=f"Fields of {SAMPLE}", title_justify="left")
    for name, value in _leaves(entities):
        table.add_row(name, value)
    return table


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every value with the path to it: `totals.gross`, `taxes.1.rate`."""
    if isinstance(value, dict | list):
        members = value.items() if isinstance(value, dict) else enumerate(value, 1)
        for key, member in members:
            yield from _leaves(member, f"{name}.{key}".lstrip("."))
    else:
        yield name, str(value)


def _items(items: list[dict[str, Any]]) -> Table:
    table = Table(*ITEM_COLUMNS, title="Lines", title_justify="left")
    for item in items:
        table.add_row(*(str(item.get(column, "")) for column in ITEM_COLUMNS))
    return table


def _history(states: list[dict[str, Any]]) -> Table:
    table = Table("State", "Since", "By", "Reason", title="State history", title_justify="left")
    for state in states:
        table.add_row(*(str(state.get(member, "")) for member in ("state", "updatedAt", "by", "reason")))
    return table
