"""Settings: typed, from the environment or a file, with all faults in one text."""

from pathlib import Path

import pytest

from shared.settings import Reader, SettingsFault


def test_a_value_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pepper").write_text("pepper-01" * 5 + "\n")
    monkeypatch.setenv("PAPERLANE_PEPPER_FILE", str(tmp_path / "pepper"))
    env = Reader()
    assert env.secret("PEPPER", minimum=32) == "pepper-01" * 5
    env.finish()


def test_every_fault_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERLANE_PEPPER", "short")
    monkeypatch.setenv("PAPERLANE_MONGODB_URL", "http://localhost")
    monkeypatch.setenv("PAPERLANE_SECONDS", "soon")
    monkeypatch.setenv("PAPERLANE_KEY_FILE", "/nowhere")
    env = Reader()
    env.secret("PEPPER", minimum=32)
    env.url("MONGODB_URL", ("mongodb",))
    env.integer("SECONDS", 3)
    env.secret("KEY")
    env.text("BIND")
    with pytest.raises(SettingsFault) as fault:
        env.finish()
    for name in ("PEPPER", "MONGODB_URL", "SECONDS", "KEY", "BIND"):
        assert f"PAPERLANE_{name}" in str(fault.value)


def test_a_secret_is_never_repeated_in_the_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERLANE_PEPPER", "hunter2")
    env = Reader()
    env.secret("PEPPER", minimum=32)
    with pytest.raises(SettingsFault) as fault:
        env.finish()
    assert "hunter2" not in str(fault.value)


def test_numbers_are_read_as_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERLANE_RETRY_SECONDS", "0.2,5")
    env = Reader()
    assert env.numbers("RETRY_SECONDS", (1.0,)) == (0.2, 5.0)
    assert env.numbers("OTHER_SECONDS", (1.0,)) == (1.0,)
    env.finish()


def test_a_value_that_does_not_fit_is_told_what_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERLANE_CLIENT_SECRET", "hunter+2")
    env = Reader()
    env.text("CLIENT_SECRET", pattern=r"[a-z0-9]{8,}\Z")
    with pytest.raises(SettingsFault, match=r"PAPERLANE_CLIENT_SECRET: must match \[a-z0-9\]\{8,\}") as fault:
        env.finish()
    assert "hunter" not in str(fault.value)
