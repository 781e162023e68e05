"""What the tests of commands ask for by name."""

from __future__ import annotations

import httpx
import pytest
from typer.testing import CliRunner, Result

from paperlane import cli
from paperlane.cli import connection
from paperlane.client import Client
from tests.support.commands import Run


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command against an API that gives these answers, one after the other."""

    def command(*arguments: str, answers: list[httpx.Response]) -> tuple[Result, list[httpx.Request]]:
        sent: list[httpx.Request] = []
        waiting = iter(answers)

        def handle(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/v2/auth/token":
                return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
            sent.append(request)
            return next(waiting)

        def connect(self: Client, base_url: str, client_id: str, client_secret: str) -> None:
            given(self, base_url, client_id, client_secret)
            self._http.close()
            self._http = httpx.Client(base_url=base_url, transport=httpx.MockTransport(handle))

        given = Client.__init__
        with monkeypatch.context() as patched:
            patched.setattr(Client, "__init__", connect)
            for name, value in zip(connection.VARIABLES, ("http://gateway", "id", "secret"), strict=True):
                patched.setenv(name, value)
            return CliRunner().invoke(cli.app, list(arguments)), sent

    return command
