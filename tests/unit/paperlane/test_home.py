"""The folder of a stack: who may read it, what is written at once, what keeps two commands apart."""

import json
import shutil
import stat
from pathlib import Path
from typing import NamedTuple

import pytest

from paperlane.local.errors import StackFault
from paperlane.local.home import SETTINGS, Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.at(tmp_path / "a home with # and %")
    home.prepare()
    return home


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_may_read_it(home: Home) -> None:
    home.write("credentials/key", "secret")
    assert mode(home.path) == 0o700
    assert mode(home.path / "credentials") == 0o700
    assert mode(home.path / "credentials" / "key") == 0o600


def test_preparing_it_again_keeps_what_is_there(home: Home) -> None:
    home.write("data/kept", "1")
    home.prepare()
    assert home.read("data/kept") == "1"


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    tmp_path.chmod(0o755)
    with pytest.raises(StackFault, match="not empty"):
        Home.at(tmp_path).prepare()
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    assert mode(tmp_path) == 0o755


def test_a_file_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StackFault, match="cannot be used") as refused:
        Home.at(tmp_path / "file").prepare()
    assert "PAPERLANE_HOME" in refused.value.cure


def test_a_full_disk_is_told_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        total: int
        used: int
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12 - 10**9, 10**9))
    with pytest.raises(StackFault, match=r"Only 0\.9 GB are free"):
        Home.at(tmp_path / "home").prepare()


def test_a_second_command_is_told_who_is_at_work(home: Home) -> None:
    with home.locked("up"):
        with pytest.raises(StackFault, match="paperlane up, process") as refused, home.locked("down"):
            pass
        assert "Wait" in refused.value.cure
    with home.locked("down"):
        assert "paperlane down" in (home.read("lock") or "")
    assert home.read("lock") == ""


def test_a_failed_change_leaves_the_file_as_it_was(home: Home) -> None:
    home.change_json("local.json", lambda local: local.update(a=1))

    def broken(local: dict[str, object]) -> None:
        local["a"] = object()

    with pytest.raises(TypeError):
        home.change_json("local.json", broken)
    assert home.read_json("local.json") == {"a": 1}
    assert json.loads(home.read(SETTINGS) or "") == {}
    assert not list(home.path.glob(".local.json*"))


def test_the_tail_of_a_log_is_its_last_lines(home: Home) -> None:
    home.log("auth").write_bytes(b"one\ntwo\nthr\xffee\n")
    assert home.log_tail("auth", 2) == ("two", "thr\ufffdee")
    assert home.log_tail("files") == ()
