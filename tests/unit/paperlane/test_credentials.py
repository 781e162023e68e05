"""What a stack keeps secret: made once, and the keys that sign its tokens, which are replaced one after the other."""

import stat
from pathlib import Path

from typer.testing import CliRunner

from paperlane.cli import app
from paperlane.local.credentials import SIGNING_KEYS, Credentials, add_signing_key
from paperlane.local.home import Home
from services.auth.adapters.keys import KeyFolder


def home_at(folder: Path) -> Home:
    home = Home.at(folder / "home")
    home.prepare()
    return home


def test_credentials_are_made_once_for_their_owner_only(tmp_path: Path) -> None:
    home = home_at(tmp_path)
    made = Credentials.of(home)
    assert Credentials.of(home) == made
    assert made.api_key.startswith("paperlane_")
    files = [path for path in (home.path / "credentials").rglob("*") if path.is_file()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_new_signing_key_is_shown_beside_the_old_ones_and_signs_after_them(tmp_path: Path) -> None:
    home = home_at(tmp_path)
    Credentials.of(home)
    first = KeyFolder(home.path / SIGNING_KEYS, 0).signing_key()
    for expected in ("0002.pem", "0003.pem"):
        assert add_signing_key(home).name == expected
    keys = KeyFolder(home.path / SIGNING_KEYS, 0)
    signing = keys.signing_key()
    assert first
    assert signing
    assert [key["kid"] for key in keys.public_keys()][::2] == [first.kid, signing.kid]


def test_the_command_tells_where_the_new_key_is(tmp_path: Path) -> None:
    home = home_at(tmp_path)
    done = CliRunner().invoke(app, ["signing-key", "--home", str(home.path)])
    assert done.exit_code == 0
    assert str(home.path / SIGNING_KEYS / "0001.pem") in done.stdout
    assert "PRIVATE" not in done.stdout
    assert CliRunner().invoke(app, ["signing-key", "--home", str(tmp_path / "other")]).exit_code == 1
