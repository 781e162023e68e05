"""The gateway's settings: complete, or all faults at once."""

import secrets

import pytest

from gateway.settings import SERVICES, read_settings
from shared.settings import SettingsFault

GOOD = {
    "BIND": "127.0.0.1:1",
    "OPS_BIND": "127.0.0.1:2",
    "BASE_URL": "https://api.test",
    "AUTH_URL": "http://auth:1",
    "FILES_URL": "http://files:1",
    "DOCUMENTS_URL": "http://documents:1",
    "MONGODB_URL": "mongodb://host/gateway",
    "AUDIT_KEY": secrets.token_urlsafe(32),
}


def set_all(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"PAPERLANE_{name}", value)


def test_settings_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, GOOD)
    settings = read_settings()
    assert settings.upstreams == {name: f"http://{name}:1" for name in SERVICES}
    assert (settings.upstream_seconds, settings.process.log_level) == (60, "INFO")
    assert settings.plans["default"].requests == 600


def test_all_faults_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(
        monkeypatch,
        {**GOOD, "AUTH_URL": "ftp://auth", "BASE_URL": "here", "UPSTREAM_SECONDS": "0", "PLANS": "default=1/1"},
    )
    monkeypatch.delenv("PAPERLANE_FILES_URL")
    with pytest.raises(SettingsFault) as fault:
        read_settings()
    for name in ("AUTH_URL", "BASE_URL", "UPSTREAM_SECONDS", "FILES_URL", "PLANS"):
        assert f"PAPERLANE_{name}" in str(fault.value)
