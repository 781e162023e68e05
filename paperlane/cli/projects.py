"""The commands for projects: create, list, export, import."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from paperlane.cli.connection import JsonOption, card, connect, every, show, table_of
from paperlane.cli.stack import DEFAULT_HOME, HomeOption, terminal
from paperlane.local.errors import StackFault

ROWS = {"id": "Project id", "name": "Name", "completion": "Completion", "duplicates": "Duplicates", "note": "Note"}

commands = typer.Typer(help="How documents are read and completed.", no_args_is_help=True)


class Completion(StrEnum):
    """Who completes documents that pass all checks."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


class Duplicates(StrEnum):
    """What happens to a file that came into the project before."""

    ALLOW = "allow"
    FAIL = "fail"
    LINK = "link"


def register(app: typer.Typer) -> None:
    app.add_typer(commands, name="projects")


@commands.command()
def create(
    name: Annotated[str, typer.Argument(help="What people shall know it by.")],
    completion: Annotated[
        Completion | None, typer.Option(help="Who completes documents that pass all checks.  [default: manual]")
    ] = None,
    duplicates: Annotated[
        Duplicates | None, typer.Option(help="What happens to a file that came before.  [default: fail]")
    ] = None,
    languages: Annotated[
        list[str] | None, typer.Option("--language", help="What documents may be written in.  [default: all]")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Make a project."""
    given = {
        "completion": completion,
        "duplicates": duplicates,
        "ocr": {"languages": languages} if languages else None,
    }
    body = {"name": name} | {member: value for member, value in given.items() if value is not None}
    with connect(home) as client:
        made = client.request("POST", "/v2/projects", json=body).json()
    show(made, as_json, card(made, ROWS))


@commands.command(name="list")
def list_projects(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Show the projects, newest first."""
    with connect(home) as client:
        found = every(client, "/v2/projects")
    show(found, as_json, table_of(found, ROWS | {"createdAt": "Created"}))


@commands.command(name="export")
def export_projects(
    project_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[PROJECT]...", help="Their ids; all projects if none is named.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="The file to write; else it is printed.")] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Write projects, and the routings between them, as one file that `projects import` takes."""
    with connect(home) as client:
        exported = client.request("GET", "/v2/projects/export", params={"projectId": project_ids or []}).json()
    missing = set(project_ids or ()) - {project["id"] for project in exported["projects"]}
    if missing:
        raise StackFault(f"There is no project {', '.join(sorted(missing))}.", "`paperlane projects list` shows them.")
    written = json.dumps(exported, indent=2, ensure_ascii=False) + "\n"
    if output is None:
        typer.echo(written, nl=False)
    else:
        _write(output, written)
        terminal().print(f"{_counted(exported)} in {output}.", markup=False)


@commands.command(name="import")
def import_projects(
    file: Annotated[Path, typer.Argument(help="What `projects export` wrote.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Make new projects and routings like those in a file: all of them, or none."""
    body = _read(file)
    with connect(home) as client:
        headers = {"Content-Type": "application/json"}
        made = client.request("POST", "/v2/projects/import", headers, content=body).json()
    columns = {"id": "Project id", "name": "Name", "importedFrom": "In the file"}
    show(made, as_json, table_of(made["projects"], columns))
    if not as_json:
        terminal().print(f"{_counted(made)} were made.")


def _counted(found: dict[str, Any]) -> str:
    return f"{len(found['projects'])} projects and {len(found['routings'])} routings"


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as fault:
        raise StackFault(f"{file} cannot be read: {fault.strerror}.", "Name a file that exists.") from fault


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise StackFault(f"{file} cannot be written: {fault.strerror}.", "Name another file with --output.") from fault
