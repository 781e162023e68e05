"""Set-up: what it does, what it leaves alone, and the cure it names when it cannot go on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from paperlane.local import setup


class Machine:
    """A machine for set-up: which commands succeed, which programs there are, and what was run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, programs: tuple[str, ...], root: bool = True) -> None:
        self.ran: list[str] = []
        self.failing: tuple[str, ...] = ()
        monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name in programs else None)
        monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
        monkeypatch.setattr(subprocess, "run", self.run)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)

    def run(self, command: list[str], **_: object) -> object:
        self.ran.append(" ".join(command))
        failed = any(word in self.ran[-1] for word in self.failing)
        return type("Completed", (), {"returncode": int(failed), "stdout": ""})


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "requirements").mkdir()
    for name in ("requirements/local.txt", "requirements/dev.txt", "pyproject.toml"):
        (tmp_path / name).write_text("")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "paperlane").write_text("")
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(setup, "BROKER", tmp_path / "no-rabbitmq")
    monkeypatch.delenv("PAPERLANE_RABBITMQ_URL", raising=False)
    return tmp_path


def cure(fault: pytest.ExceptionInfo[setup.SetupFault]) -> str:
    return " ".join(fault.value.args)


def test_packages_are_installed_once_per_lock_by_their_hashes(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, ())
    setup.install_packages("local")
    assert [line for line in machine.ran if "--require-hashes" in line]
    machine.ran.clear()
    setup.install_packages("local")
    assert not [line for line in machine.ran if "pip" in line]
    (checkout / "requirements" / "local.txt").write_text("another==1")
    setup.install_packages("local")
    assert [line for line in machine.ran if "--require-hashes" in line]


def test_the_packages_for_tests_hold_those_for_up(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, ())
    setup.install_packages("dev")
    machine.ran.clear()
    setup.install_packages("local")
    assert not [line for line in machine.ran if "pip" in line]


def test_a_failed_installation_is_tried_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, ())
    machine.failing = ("pip",)
    with pytest.raises(setup.SetupFault, match="pip failed"):
        setup.install_packages("local")
    machine.failing = ()
    setup.install_packages("local")
    assert [line for line in machine.ran if "--editable" in line]


def test_a_missing_ensurepip_is_installed(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, ("apt-get",))
    machine.failing = ("import ensurepip",)
    setup.make_environment()
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    assert f"sh {setup.INSTALL} {package}" in machine.ran
    assert machine.ran[-1].endswith(f"-m venv --clear {checkout / '.venv'}")


@pytest.mark.parametrize(
    ("programs", "root", "told"),
    [
        ((), True, "no apt"),
        (("apt-get",), False, "no sudo"),
        (("apt-get", "sudo"), False, "needs a password"),
    ],
)
def test_what_keeps_it_from_installing_is_told_with_the_cure(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, programs: tuple[str, ...], root: bool, told: str
) -> None:
    Machine(monkeypatch, programs, root).failing = ("sudo -n",)
    with pytest.raises(setup.SetupFault) as fault:
        setup.install_broker()
    assert told in cure(fault)
    assert "rabbitmq-server" in cure(fault)
    assert "PAPERLANE_RABBITMQ_URL" in cure(fault)


def test_sudo_is_used_by_others_than_root(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, ("apt-get", "sudo"), root=False)
    setup.install_broker()
    assert machine.ran[-1] == f"/bin/sudo sh {setup.INSTALL} rabbitmq-server"


def test_a_broker_that_is_given_or_there_is_not_installed(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, ())
    monkeypatch.setenv("PAPERLANE_RABBITMQ_URL", "amqp://elsewhere/")
    setup.install_broker()
    monkeypatch.delenv("PAPERLANE_RABBITMQ_URL")
    setup.BROKER.write_text("")
    setup.install_broker()
    assert machine.ran == []


@pytest.mark.parametrize(
    ("programs", "installed"),
    [(("apt-get",), "nodejs npm"), (("apt-get", "node"), "npm"), (("apt-get", "node", "npm"), None)],
)
def test_what_foreign_clients_in_javascript_need_is_installed(
    monkeypatch: pytest.MonkeyPatch, programs: tuple[str, ...], installed: str | None
) -> None:
    machine = Machine(monkeypatch, programs)
    setup.install_node()
    assert machine.ran == ([f"sh {setup.INSTALL} {installed}"] if installed else [])


@pytest.mark.parametrize("present", [False, True])
def test_the_browser_of_the_widest_tests_is_installed(monkeypatch: pytest.MonkeyPatch, present: bool) -> None:
    machine = Machine(monkeypatch, ("apt-get", "chromium") if present else ("apt-get",))
    setup.install_browser()
    assert machine.ran == ([] if present else [f"sh {setup.INSTALL} chromium"])


@pytest.mark.parametrize("purpose", setup.LOCKS)
def test_only_the_widest_tests_need_node_and_a_browser(monkeypatch: pytest.MonkeyPatch, purpose: str) -> None:
    done = []
    widest = {"install_node", "install_browser"}
    for step in ("make_environment", "install_packages", "install_libraries", "install_broker", *widest):
        monkeypatch.setattr(setup, step, lambda *_, step=step: done.append(step))
    monkeypatch.setattr(sys, "argv", ["setup.py", purpose])
    setup.main()
    assert widest & set(done) == (widest if purpose == "test-all" else set())
    assert ("install_broker" in done) == (purpose != "check")


def test_an_old_python_hands_over_to_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch, ("python3.12",))
    monkeypatch.setattr(setup, "OLDEST", (99,))
    monkeypatch.setattr(os, "execv", lambda path, _: pytest.fail(path))
    with pytest.raises(pytest.fail.Exception, match=r"/bin/python3\.12"):
        setup.use_new_enough_python()


def test_without_a_new_enough_python_the_cure_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch, ())
    monkeypatch.setattr(setup, "OLDEST", (99,))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer.*\n.*apt-get install python3\.11"):
        setup.use_new_enough_python()


def test_mongod_gets_the_libraries_it_lacks(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, ("apt-get",))
    lines = "libcurl.so.4 => not found\nlibssl.so.3 => not found\nlibcrypto.so.3 => not found\nlibc.so.6 => /lib/c"
    monkeypatch.setattr(setup, "_output", lambda command: lines if command[0] == "ldd" else "/mongod\n")
    setup.install_libraries()
    assert machine.ran[-1] == f"sh {setup.INSTALL} libcurl4 libssl3"


def test_a_system_too_old_for_mongod_is_told(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch, ("apt-get",))
    monkeypatch.setattr(setup, "_output", lambda _: "libssl.so.9 => not found\n")
    with pytest.raises(setup.SetupFault, match=r"libssl\.so\.9") as fault:
        setup.install_libraries()
    assert "PAPERLANE_MONGODB_URL" in cure(fault)
