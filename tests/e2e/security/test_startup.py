"""No process starts with a secret that anybody could guess (S-48)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from paperlane.local.parts import RECIPES
from paperlane.local.services import SECRET, SERVICES, Service
from tests.support.stack import Stack

ROOT = Path(__file__).parents[3]
# Not URLs, whose passwords others choose, and not what may be left out.
LONG = ("PAPERLANE_SECRET_PEPPER", "PAPERLANE_AUDIT_KEY", "PAPERLANE_FIRST_CLIENT_SECRET", "PAPERLANE_FIRST_API_KEY")
WEAK = {
    "short": "x7Kq2",
    "31 characters": "Qm4vT8zLw2Rk9XbN5cJd7HfYp3GsA1u",
    "one character": "a" * 64,
    "a placeholder": "please-change-me-please-change-me-please-change-me",
}
OPTIONAL = {"PAPERLANE_SECRET_PEPPER_PREVIOUS", "PAPERLANE_FIRST_API_KEY"}


def start(stack: Stack, service: Service, change: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Start one more process of the service as the stack does, with other settings; it must end by itself."""
    recipe = json.loads((stack.home.path / RECIPES / f"{service.name}.json").read_text())
    environment = {
        name: value for name, value in recipe["environment"].items() if name.removesuffix("_FILE") not in change
    }
    environment |= change | {
        "PATH": "/usr/bin:/bin",
        "PAPERLANE_OPS_BIND": "127.0.0.1:0",
        "PAPERLANE_BIND": "127.0.0.1:0",
    }
    return subprocess.run(
        [sys.executable, "-P", "-m", service.module],
        cwd=stack.home.path,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("number", range(len(SERVICES)), ids=lambda number: SERVICES[number].name)
def test_s48_weak_and_missing_secrets_are_told_all_at_once(stack: Stack, number: int) -> None:
    """Each process gets other kinds of weak secrets; which kinds there are, tests/unit/shared/test_settings knows."""
    service, kinds = SERVICES[number], list(WEAK)
    given = {name: "" for name in SECRET - OPTIONAL if name in service.settings}
    long = [name for name in LONG if name in service.settings]
    given |= {name: WEAK[kinds[(number + place) % len(kinds)]] for place, name in enumerate(long)}
    ended = start(stack, service, given)
    said = ended.stdout + ended.stderr
    assert ended.returncode != 0
    assert [name for name in given if name not in said] == [], said
    assert [value for value in given.values() if value and value in said] == []
    assert "Traceback" not in said


def test_s48_keys_that_cannot_sign_are_refused(stack: Stack, tmp_path: Path) -> None:
    auth = next(service for service in SERVICES if service.name == "auth")
    (tmp_path / "0001.pem").write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    ended = start(stack, auth, {"PAPERLANE_SIGNING_KEYS": str(tmp_path)})
    assert ended.returncode != 0
    assert "0001.pem" in ended.stdout + ended.stderr


def test_s48_what_is_secret_is_readable_by_its_owner_only(stack: Stack) -> None:
    open_to_others = [
        str(file) for folder in ("credentials", "run") for file in (stack.home.path / folder).rglob("*")
        if file.is_file() and file.stat().st_mode & 0o077 and file.suffix not in (".pid", ".conf")
    ]  # fmt: skip
    assert open_to_others == []
    assert stack.home.path.stat().st_mode & 0o077 == 0
    assert ROOT not in stack.home.path.parents
