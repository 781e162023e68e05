"""The part of us inside the supervisor, on a supervisor that is none."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from supervisor import events

from paperlane.local.keeper import Keeper


class Sockets:
    def __init__(self) -> None:
        self.taken = 0

    def get_socket(self) -> object:
        self.taken += 1
        return object()


class Log(list[str]):
    warn = list.append


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    local = tmp_path / "local.json"
    local.write_text(json.dumps({"services": {"auth": {"url": "u", "pid": 1}}, "servers": {"s3": {"pid": None}}}))
    yield local
    events.clear()


def supervisord(**groups: Any) -> Any:
    return SimpleNamespace(process_groups=groups, options=SimpleNamespace(logger=Log()))


def starts(name: str, pid: int) -> None:
    process = SimpleNamespace(config=SimpleNamespace(name=name), pid=pid, group=None, backoff=0)
    events.notify(events.ProcessStateStartingEvent(process, 0, True))
    events.notify(events.ProcessStateRunningEvent(process, 10, True))


def test_it_holds_every_listening_socket_once(told: Path) -> None:
    sockets = Sockets()
    Keeper(supervisord(auth=SimpleNamespace(socket_manager=sockets), worker=SimpleNamespace()))
    assert sockets.taken == 1


def test_it_counts_starts_and_writes_the_new_process_ids(told: Path) -> None:
    keeper = Keeper(supervisord())
    for name, pid in (("auth", 41), ("auth", 42), ("s3", 7), ("epmd", 9)):
        starts(name, pid)
    assert keeper.starts() == {"auth": 2, "s3": 1, "epmd": 1}
    assert json.loads(told.read_text()) == {
        "services": {"auth": {"url": "u", "pid": 42}},
        "servers": {"s3": {"pid": 7}},
    }


def test_what_cannot_be_written_is_logged_and_ends_nothing(told: Path) -> None:
    told.write_text("{ half")
    server = supervisord()
    Keeper(server)
    starts("auth", 42)
    assert "auth is process 42" in server.options.logger[0]
