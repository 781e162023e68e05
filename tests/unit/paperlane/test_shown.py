"""What the terminal shows: the sample's fields and history, the status, failures with their cure."""

import sys
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from paperlane import cli
from paperlane.local import sample, status
from paperlane.local.errors import StackFault


def shown(content: Any) -> str:
    written = StringIO()
    Console(width=160, file=written).print(content)
    return written.getvalue()


def test_the_sample_shows_every_field_line_and_state() -> None:
    document = {
        "state": "doneAutomatically",
        "entities": {
            "number": "RE-1",
            "totals": {"gross": 119.0},
            "taxes": [{"rate": 19}],
            "items": [{"position": 1, "name": "Screw [M4]", "qty": 3}],
        },
    }
    states = [{"state": "new", "updatedAt": "2026-03-01T08:15:30.120Z", "by": "client", "reason": "received"}]
    text = shown(sample.tables(sample.Result(document, states, 1.2)))
    for expected in ("totals.gross", "119.0", "taxes.1.rate", "Screw [M4]", "received", "2026-03-01T08:15:30.120Z"):
        assert expected in text


def test_the_status_shows_memory_and_restarts() -> None:
    rows = (
        status.Row("auth", "running", True, "http://127.0.0.1:1", 7, 30_000_000, 3_725, 2),
        status.Row("s3", "given by URL", False, "http://store"),
    )
    text = shown(status.table(status.Status(True, rows, 30_000_000)))
    for expected in ("30 MB", "1 h 02 m", "not ready", "given by URL", "total"):
        assert expected in text


def test_it_is_healthy_only_when_it_runs_and_every_part_is() -> None:
    well = status.Row("auth", "running", True, "")
    ill = status.Row("s3", "running", False, "")
    assert status.Status(True, (well,)).healthy
    assert not status.Status(True, (well, ill)).healthy
    assert not status.Status(False).healthy
    assert status.Status(True, (well,)).as_json()["healthy"] is True


def test_a_password_is_never_shown() -> None:
    assert status.without_password("amqp://user:p%40ss@host:5672/v") == "amqp://host:5672/v"
    assert status.without_password("mongodb://a:1,b:2/?x=1") == "mongodb://a:1,b:2/?x=1"


def test_the_status_of_a_home_that_is_none_ends_with_3(tmp_path: Any) -> None:
    result = CliRunner().invoke(cli.app, ["status", "--home", str(tmp_path / "none")])
    assert result.exit_code == 3
    assert "down" in result.output
    assert not (tmp_path / "none").exists()


def test_down_touches_no_folder_that_is_no_home(tmp_path: Any) -> None:
    (tmp_path / "run").mkdir()
    result = CliRunner().invoke(cli.app, ["down", "--home", str(tmp_path)])
    assert result.exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_failure_is_told_with_log_and_cure_and_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise StackFault("auth did not come up.", "Run `make up` again.", ["[last] words"])

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert "  | [last] words\nFailed: auth did not come up.\nRun `make up` again.\n" in told


def test_a_home_of_another_user_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise PermissionError(13, "Permission denied", "/home/other/.paperlane/stack.json")

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit):
        cli.main()
    assert "/home/other/.paperlane/stack.json belongs to somebody else" in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["up"], ["down"], ["status"], ["logs"]])
def test_every_command_has_help(command: list[str]) -> None:
    result = CliRunner().invoke(cli.app, [*command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output
    assert sys.modules["paperlane.cli.stack"].__doc__
