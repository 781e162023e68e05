"""What is committed: no package index, no path of a machine, every dependency pinned with hashes."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
FORBIDDEN = re.compile(r"(extra-)?index-url|pypi\.org|pythonhosted|registry\.npmjs|/work/|/root/\.")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in listed.splitlines()]


def test_nothing_names_a_package_index_or_a_machine() -> None:
    found = []
    for path in tracked():
        if path == Path(__file__) or not path.is_file():
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in FORBIDDEN.finditer(text)]
    assert not found


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
