"""`paperlane up`, `down` and `status` as a user runs them, on homes of their own beside whatever else runs."""

import json
import os
import signal
import socket
import stat
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Self

import httpx
import psutil
import pytest

from paperlane.local import processes
from paperlane.local.home import LOCAL, Home
from paperlane.local.ports import is_free
from paperlane.local.supervision import Supervisor
from tests.support import eventually
from tests.support.servers import Servers
from tests.support.stack import Stack, free_port, given, paperlane

SERVICES = {
    "auth",
    "auth-worker",
    "files",
    "files-worker",
    "documents",
    "documents-worker",
    "extraction",
    "gateway",
}
MOST_MEMORY = 1.5e9


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A stack with servers of its own, started with the sample, in a folder whose name is no help."""
    home = Home.at(tmp_path_factory.mktemp("stack") / " ".join(["a long name with # and 100 %"] * 4))
    try:
        up = paperlane("up", "--home", str(home.path), "--port", str(free_port()), HOME="/nonexistent")
        assert up.returncode == 0, up.stdout
        home.write("up.txt", up.stdout)
        yield home
    finally:
        paperlane("down", "--home", str(home.path))


def run(home: Home, *arguments: str, **environment: str) -> tuple[int, str]:
    done = paperlane(*arguments, "--home", str(home.path), **environment)
    return done.returncode, done.stdout


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_up_shows_the_fields_and_the_states_of_the_sample(home: Home) -> None:
    shown = home.read("up.txt") or ""
    for expected in ("rabbitmq          ready", "totals.gross", "3633.4", "doneAutomatically", "checks_passed"):
        assert expected in shown


def test_status_shows_every_part_healthy_within_its_memory(home: Home) -> None:
    code, output = run(home, "status", "--json")
    found = json.loads(output)
    assert code == 0
    assert {row["part"] for row in found["rows"]} == SERVICES | {"mongodb", "rabbitmq", "epmd", "s3", "supervisor"}
    assert all(row["healthy"] and row["memory"] for row in found["rows"])
    assert found["memory"] < MOST_MEMORY
    code, output = run(home, "status")
    assert code == 0
    assert "total" in output


def test_logs_shows_what_a_part_wrote(home: Home) -> None:
    code, output = run(home, "logs", "gateway", "--no-follow")
    assert code == 0
    assert "gateway" in output
    code, output = run(home, "logs", "nothing")
    assert code == 1
    assert "There is no log" in output


def test_the_api_key_opens_the_gateway(home: Home) -> None:
    local = home.read_json(LOCAL)
    url = f"{local['base_url']}/v2/projects/{local['project_id']}"
    answer = httpx.get(url, headers={"X-API-Key": local["api_key"]}, trust_env=False)
    assert (answer.status_code, answer.json()["id"]) == (200, local["project_id"])
    assert answer.headers["x-ratelimit-limit"] == "100000, 100000;w=60"


def test_nothing_that_is_shown_or_logged_holds_a_secret(home: Home) -> None:
    public = ("company_id", "client_id")
    files = [file for file in (home.path / "credentials").rglob("*") if file.is_file() and file.name not in public]
    shown = [home.read("up.txt") or "", run(home, "status")[1], run(home, "status", "--json")[1]]
    shown += [log.read_text(errors="replace") for log in (home.path / "logs").iterdir()]
    for file in files:
        secret = file.read_text().strip().splitlines()[-2 if file.suffix == ".pem" else 0]
        assert not [text for text in shown if secret in text], file.name


def test_local_json_is_for_its_owner_and_true(home: Home) -> None:
    local = home.read_json(LOCAL)
    assert mode(home.path / LOCAL) == 0o600
    assert mode(home.path) == 0o700
    assert set(local["services"]) == SERVICES
    assert set(local["servers"]) == {"mongodb", "rabbitmq", "s3"}
    for known in (*local["services"].values(), *local["servers"].values()):
        assert psutil.Process(known["pid"]).environ()[processes.MARK] == str(home.path)
    token = httpx.post(
        local["token_url"],
        auth=(local["client_id"], local["client_secret"]),
        data={"grant_type": "client_credentials"},
        trust_env=False,
    ).json()["access_token"]
    project = httpx.get(
        f"{local['base_url']}/v2/projects/{local['project_id']}",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )
    assert [project.json()[choice] for choice in ("completion", "duplicates")] == ["automatic", "allow"]


def test_everything_listens_on_this_machine_only(home: Home) -> None:
    addresses = {
        connection.laddr.ip
        for process in processes.members(home)
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses <= {"127.0.0.1", "::1"}
    assert "127.0.0.1" in addresses


def test_a_second_up_changes_nothing(home: Home) -> None:
    before = home.read_json(LOCAL)
    began = time.monotonic()
    code, output = run(home, "up")
    assert code == 0, output
    assert time.monotonic() - began < 20
    assert home.read_json(LOCAL) == before


def test_another_port_for_a_stack_that_runs_is_refused(home: Home) -> None:
    code, output = run(home, "up", PAPERLANE_PORT="1")
    assert code == 1
    assert "already runs on port" in output
    assert "make down" in output


def test_a_taken_port_is_told_with_its_holder(home: Home, tmp_path: Path) -> None:
    port = home.read_json(LOCAL)["base_url"].rpartition(":")[2]
    code, output = run(Home.at(tmp_path / "other"), "up", "--port", port)
    assert code == 1
    assert f"Port {port} is taken by" in output
    assert "PAPERLANE_PORT" in output
    assert "Traceback" not in output
    assert processes.members(Home.at(tmp_path / "other")) == []


def test_two_commands_at_once_do_not_mix(home: Home) -> None:
    with home.locked("up"):
        for command in ("up", "down"):
            code, output = run(home, command)
            assert code == 1
            assert "Another command is at work" in output
    assert run(home, "status")[0] == 0


def runs_anew(home: Home, program: str, former: int) -> bool:
    return Supervisor(home).programs()[program].pid not in (None, former)


def test_a_killed_server_comes_back_with_its_data(home: Home) -> None:
    for server in ("mongodb", "rabbitmq", "s3"):
        before = Supervisor(home).programs()[server]
        assert before.pid
        os.kill(before.pid, signal.SIGKILL)
        eventually(partial(runs_anew, home, server, before.pid), 30)
    eventually(lambda: run(home, "status")[0] == 0, 90, every=0.5)
    code, output = run(home, "up")
    assert code == 0, output
    assert "doneAutomatically" in output


def test_up_recovers_from_a_killed_supervisor_and_down_leaves_nothing(home: Home) -> None:
    known = home.read_json(LOCAL)
    orphans = processes.members(home)
    os.kill(Supervisor(home).pid(), signal.SIGKILL)
    code, output = run(home, "up", "--no-sample", "--port", known["base_url"].rpartition(":")[2])
    assert code == 0, output
    assert "unclean end" in output
    assert not [process for process in orphans if process.is_running()]
    again = home.read_json(LOCAL)
    assert (again["project_id"], again["client_secret"]) == (known["project_id"], known["client_secret"])

    ports = [connection.laddr.port for p in processes.members(home) for connection in p.net_connections("inet")]
    assert run(home, "down")[0] == 0
    assert processes.members(home) == []
    assert not (home.path / "run").exists()
    assert not [path for path in home.path.rglob("*") if path.is_socket() or path.suffix == ".pid"]
    assert all(is_free(port) for port in {*ports} if port < 32_768)
    assert (home.path / "credentials" / "client_secret").exists()
    assert (home.path / "data" / "mongodb" / "WiredTiger").exists()
    assert {part["pid"] for part in home.read_json(LOCAL)["services"].values()} == {None}
    assert run(home, "status")[0] == 3
    assert run(home, "down")[0] == 0


class Callers:
    """Ask `url` again and again, each time on a new connection, from three threads; use it with `with`."""

    def __init__(self, url: str) -> None:
        self.statuses: list[int] = []
        self.refused = 0
        self._url = httpx.URL(url)
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(3)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def are_answered(self, times: int = 10) -> None:
        already = len(self.statuses)
        eventually(lambda: len(self.statuses) > already + times, 60)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._ask()
            except ConnectionRefusedError:
                self.refused += 1
            except ConnectionResetError:
                continue  # what a process has taken already goes down with it

    def _ask(self) -> None:
        with socket.create_connection((self._url.host, self._url.port or 0), timeout=60) as connection:
            connection.sendall(b"GET /v2/documents HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            if answer := connection.recv(64):
                self.statuses.append(int(answer.split()[1]))


def test_a_killed_service_refuses_no_connection_and_is_shown(stack: Stack) -> None:
    with Callers(stack.local["base_url"]) as callers:
        callers.are_answered()
        killed = stack.kill("gateway")
        eventually(lambda: stack.local["services"]["gateway"]["pid"] not in (None, killed), 30)
        callers.are_answered()
        stack.stop("gateway")
        stack.start("gateway")
        callers.are_answered()
    assert callers.refused == 0
    assert set(callers.statuses) == {401}
    rows = json.loads(run(stack.home, "status", "--json")[1])["rows"]
    assert next(row["restarts"] for row in rows if row["part"] == "gateway") >= 2


def test_up_starts_a_stopped_part_again(stack: Stack) -> None:
    stack.stop("documents-worker")
    assert run(stack.home, "status")[0] == 3
    code, output = run(stack.home, "up", "--no-sample", **given(stack.servers))
    assert code == 0, output
    assert run(stack.home, "status")[0] == 0


def test_two_stacks_run_side_by_side(stack: Stack, servers: Servers, tmp_path: Path) -> None:
    second = Home.at(tmp_path / "second")
    environment = {**given(servers, "second"), "PAPERLANE_RABBITMQ_URL": servers.rabbitmq_url}
    try:
        code, output = run(second, "up", "--port", str(free_port()), **environment)
        assert code == 0, output
        assert "doneAutomatically" in output
        assert run(stack.home, "status")[0] == 0
        assert not {process.pid for process in processes.members(second)} & {
            process.pid for process in processes.members(stack.home)
        }
    finally:
        assert run(second, "down")[0] == 0
    assert run(stack.home, "status")[0] == 0
