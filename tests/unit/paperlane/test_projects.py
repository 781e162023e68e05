"""The commands for projects: what they send, what they show and write."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from paperlane import cli
from paperlane.local.errors import StackFault
from tests.support.commands import Run

PROJECT = {
    "id": "project-1", "name": "Eingang [2]", "completion": "automatic", "duplicates": "fail",
    "createdAt": "2026-03-01T08:15:30.120Z",
}  # fmt: skip
EXPORT = {"kind": "paperlane-projects", "version": 1, "projects": [{"id": "project-1", "name": "Über"}], "routings": []}
IMPORTED = {
    "projects": [{"id": "n", "name": "Über", "importedFrom": "project-1"}],
    "routings": [{"id": "r", "name": "On"}],
}


def answer(body: Any, status: int = 200) -> list[httpx.Response]:
    return [httpx.Response(status, json=body)]


@pytest.mark.parametrize(
    ("options", "body"),
    [
        ([], {}),
        (["--completion", "automatic", "--duplicates", "link"], {"completion": "automatic", "duplicates": "link"}),
        (["--language", "de", "--language", "English"], {"ocr": {"languages": ["de", "English"]}}),
    ],
)
def test_a_project_is_made_as_asked(run: Run, options: list[str], body: dict[str, Any]) -> None:
    result, (sent,) = run("projects", "create", "Eingang", *options, answers=answer(PROJECT, 201))
    assert result.exit_code == 0, result.output
    assert (sent.method, sent.url.path) == ("POST", "/v2/projects")
    assert json.loads(sent.content) == {"name": "Eingang", **body}
    assert "Eingang [2]" in result.output
    plain, _ = run("projects", "create", "Eingang", "--json", answers=answer(PROJECT, 201))
    assert json.loads(plain.output) == PROJECT


def test_projects_are_listed(run: Run) -> None:
    listed = {"data": [PROJECT], "limit": 50, "offset": 0, "totalCount": 1}
    result, (sent,) = run("projects", "list", answers=answer(listed))
    assert (result.exit_code, sent.url.path) == (0, "/v2/projects")
    assert all(text in result.output for text in ("project-1", "Eingang [2]", "automatic"))


def test_projects_go_into_a_file_and_out_of_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "projects.json"
    result, (sent,) = run("projects", "export", "--output", str(file), "project-1", answers=answer(EXPORT))
    assert (result.exit_code, sent.url.params.get_list("projectId")) == (0, ["project-1"])
    assert f"1 projects and 0 routings in {file}." in result.output.replace("\n", "")
    assert json.loads(file.read_text(encoding="utf-8")) == EXPORT
    result, (sent,) = run("projects", "import", str(file), answers=answer(IMPORTED, 201))
    assert (result.exit_code, sent.method, sent.url.path) == (0, "POST", "/v2/projects/import")
    assert (json.loads(sent.content), sent.headers["Content-Type"]) == (EXPORT, "application/json")
    assert "1 projects and 1 routings were made." in result.output
    plain, _ = run("projects", "import", str(file), "--json", answers=answer(IMPORTED, 201))
    assert json.loads(plain.output) == IMPORTED


def test_without_a_file_the_export_is_printed(run: Run) -> None:
    result, (sent,) = run("projects", "export", answers=answer(EXPORT))
    assert (json.loads(result.output), sent.url.query) == (EXPORT, b"")


def test_a_project_that_is_not_there_is_not_left_out_in_silence(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "projects.json"
    result, _ = run("projects", "export", "project-1", "gone", "--output", str(file), answers=answer(EXPORT))
    assert isinstance(result.exception, StackFault)
    assert (result.exception.what, file.exists()) == ("There is no project gone.", False)


def test_a_file_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    for command in (["import", str(tmp_path / "none")], ["export", "--output", str(tmp_path / "none" / "x")]):
        result, _ = run("projects", *command, answers=answer(EXPORT))
        assert isinstance(result.exception, StackFault)
        assert str(tmp_path) in result.exception.what


def test_every_command_has_help() -> None:
    for name in ("create", "list", "export", "import"):
        result = CliRunner().invoke(cli.app, ["projects", name, "--help"])
        assert (result.exit_code, "Usage" in result.output) == (0, True)
