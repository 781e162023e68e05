"""What is committed: no path of this machine, every dependency pinned with hashes, whatever index it comes from."""

import json
import re
import subprocess
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
JAVASCRIPT = ROOT / "tests/foreign"


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in listed.splitlines()]


def test_nothing_names_this_machine() -> None:
    found = []
    for path in tracked():
        with suppress(UnicodeDecodeError, FileNotFoundError):
            if f"{ROOT}/" in path.read_text():
                found.append(str(path.relative_to(ROOT)))
    assert not found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_leaves_open_where_packages_come_from(lock: Path) -> None:
    lines = lock.read_text().splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_a_version_and_a_hash(lock: Path) -> None:
    text = re.sub(r"\\\n\s*", " ", lock.read_text())
    packages = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert packages
    assert [line.split()[0] for line in packages if "==" not in line or "--hash=sha256:" not in line] == []


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = {"runtime": project["dependencies"], **project["optional-dependencies"]}
    for group, wanted in groups.items():
        locked = {line.split("==")[0] for line in (ROOT / f"requirements/{group}.txt").read_text().splitlines()}
        names = {re.split(r"[<>=~\[ ;]", requirement)[0].lower() for requirement in wanted}
        assert names <= locked, names - locked


def test_javascript_is_pinned_with_hashes_and_leaves_open_where_it_comes_from() -> None:
    wanted = json.loads((JAVASCRIPT / "package.json").read_text())["dependencies"]
    locked = json.loads((JAVASCRIPT / "package-lock.json").read_text())["packages"]
    own = locked.pop("")
    assert own["dependencies"] == wanted
    assert {f"node_modules/{name}" for name in wanted} <= locked.keys()
    assert all(re.fullmatch(r"[0-9.]+", version) for version in wanted.values())
    for package in locked.values():
        assert package["integrity"].startswith("sha512-")
        assert "resolved" not in package
