"""The commands for clients, companies and keys: what they send, what they show, and with whose credentials."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from paperlane import cli
from paperlane.cli import connection
from paperlane.client import ApiRefusal
from paperlane.local.errors import StackFault
from tests.support.commands import Run

CLIENT = {
    "id": "client-1", "name": "Scanner [2]", "scopes": ["files.read", "files.write"], "plan": "default",
    "projects": None, "networks": [], "disabled": False, "createdAt": "2026-03-01T08:15:30.120Z",
}  # fmt: skip


def test_a_client_is_made_as_asked_and_its_secret_shown(run: Run) -> None:
    answer = httpx.Response(201, json=CLIENT | {"secret": "paperlane_secret_x"})
    result, sent = run(
        "clients", "create", "Scanner", "--scope", "files.read", "--scope", "files.write", "--project", "p",
        "--network", "10.0.0.0/8", "--plan", "local", "--lifetime", "60", "--states", "documented",
        answers=[answer],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "paperlane_secret_x" in result.output
    assert "Scanner [2]" in result.output
    assert json.loads(sent[0].content) == {
        "name": "Scanner", "scopes": ["files.read", "files.write"], "projects": ["p"], "networks": ["10.0.0.0/8"],
        "plan": "local", "lifetimeSeconds": 60, "states": "documented",
    }  # fmt: skip
    plain, sent = run("clients", "create", "Scanner", "--json", answers=[answer])
    assert json.loads(plain.output) == CLIENT | {"secret": "paperlane_secret_x"}
    assert json.loads(sent[0].content) == {"name": "Scanner"}
    _, sent = run("clients", "create", "Scanner", "--lifetime", "0", answers=[answer])
    assert json.loads(sent[0].content) == {"name": "Scanner", "lifetimeSeconds": 0}, "the API refuses it"


def test_a_list_comes_whole(run: Run) -> None:
    parts = [
        httpx.Response(200, json={"data": [CLIENT] * count, "limit": 50, "offset": 0, "totalCount": 51})
        for count in (50, 1)
    ]
    result, sent = run("clients", "list", "--json", answers=parts)
    assert len(json.loads(result.output)) == 51
    assert [request.url.params["offset"] for request in sent] == ["0", "50"]


@pytest.mark.parametrize(
    ("arguments", "method", "path", "body"),
    [
        (["clients", "rotate", "c", "--overlap", "0"], "POST", "/v2/clients/c/secrets", {"overlapSeconds": 0}),
        (["clients", "rotate", "c"], "POST", "/v2/clients/c/secrets", {}),
        (["clients", "disable", "c"], "PATCH", "/v2/clients/c", {"disabled": True}),
        (["clients", "enable", "c"], "PATCH", "/v2/clients/c", {"disabled": False}),
        (["clients", "revoke-tokens", "c"], "POST", "/v2/clients/c/revoke-tokens", None),
        (["clients", "delete", "c"], "DELETE", "/v2/clients/c", None),
        (["companies", "create", "Acme"], "POST", "/v2/companies", {"name": "Acme", "client": {}}),
        (["companies", "create", "Acme", "--plan", "local"], "POST", "/v2/companies",
         {"name": "Acme", "client": {"plan": "local"}}),
        (["keys", "create", "c", "Door"], "POST", "/v2/clients/c/api-keys", {"name": "Door"}),
        (["keys", "revoke", "c", "k"], "DELETE", "/v2/clients/c/api-keys/k", None),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_a_command_is_one_call(run: Run, arguments: list[str], method: str, path: str, body: Any) -> None:
    answer = {"id": "co", "clientId": "c", "secret": "s", "key": "k", "name": "n", "client": CLIENT | {"secret": "s"}}
    result, (sent,) = run(*arguments, answers=[httpx.Response(200, json=answer)])
    assert result.exit_code == 0, result.output
    assert (sent.method, sent.url.path) == (method, path)
    assert (json.loads(sent.content) if sent.content else None) == body


@pytest.mark.parametrize("arguments", [["companies", "list"], ["keys", "list", "c"], ["clients", "list"]])
def test_tables_are_shown(run: Run, arguments: list[str]) -> None:
    items = [CLIENT | {"hint": "wxyz", "active": True}]
    answer = httpx.Response(200, json={"data": items, "limit": 50, "offset": 0, "totalCount": 1})
    result, _ = run(*arguments, answers=[answer])
    assert "Scanner [2]" in result.output


def test_a_refusal_reaches_the_one_who_asked(run: Run) -> None:
    problem = {"title": "Conflict", "detail": "A client cannot delete itself.", "status": 409}
    result, _ = run("clients", "delete", "c", answers=[httpx.Response(409, json=problem)])
    assert isinstance(result.exception, ApiRefusal)
    assert str(result.exception) == "Conflict: A client cannot delete itself."


@pytest.mark.parametrize(("status", "cure"), [(409, False), (503, True), (0, True)])
def test_only_our_own_faults_lead_to_the_status(
    status: int, cure: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise ApiRefusal(status, "Title", "Detail [1].")

    monkeypatch.setattr(cli, "app", refuse)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr().err
    assert (ended.value.code, "Failed: Title: Detail [1]." in told, "paperlane status" in told) == (1, True, cure)


def test_half_of_the_credentials_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(StackFault, match="PAPERLANE_CLIENT_SECRET"):
        connection.connect(tmp_path, {"PAPERLANE_BASE_URL": "http://x", "PAPERLANE_CLIENT_ID": "id"})
    with pytest.raises(StackFault, match=r"local\.json"):
        connection.connect(tmp_path, {})


@pytest.mark.parametrize("group", ["clients", "companies", "keys"])
def test_every_command_has_help(group: str) -> None:
    listed = CliRunner().invoke(cli.app, [group, "--help"])
    assert listed.exit_code == 0
    names = [command.name or command.callback.__name__ for command in getattr(cli, group).commands.registered_commands]
    for name in names:
        result = CliRunner().invoke(cli.app, [group, name, "--help"])
        assert (result.exit_code, "Usage" in result.output) == (0, True)
