"""The import rules hold, and each of them bites: a copy of the code that breaks one on purpose is refused."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("shared", "services", "gateway", "paperlane")

# Contract id in pyproject.toml: the file that breaks it and the line that does.
BREACHES = {
    "services-apart": ("services/documents/domain/__init__.py", "import services.files.domain"),
    "gateway-apart": ("gateway/settings.py", "import services.auth.domain"),
    "shared-below": ("shared/clock.py", "import services.auth.domain"),
    "client-outside": ("paperlane/__init__.py", "import shared.clock"),
    "rooms": ("services/auth/domain/clients.py", "import services.auth.usecases"),
    "models-hidden": ("services/auth/api/tokens.py", "import services.auth.models"),
    "wired-once": ("services/auth/api/tokens.py", "import services.auth.repository"),
    "pure-core": ("services/auth/usecases/tokens.py", "import flask"),
    "ocr-in-one-place": ("services/files/domain/media.py", "import PIL"),
    "gateway-rooms": ("gateway/errors.py", "import gateway.forward"),
}


def lint(folder: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    chosen = ["--contract", contract] if contract else []
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    return subprocess.run(
        [*command, "--no-cache", "--config", "pyproject.toml", *chosen],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_code_keeps_every_rule() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_is_found(copy: Path, contract: str) -> None:
    name, line = BREACHES[contract]
    with (copy / name).open("a") as file:
        file.write(f"\n{line}\n")
    result = lint(copy, contract)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout


def test_a_room_that_is_not_in_the_plan_is_found(copy: Path) -> None:
    (copy / "services/auth/utils.py").write_text('"""Anything."""\n')
    result = lint(copy, "rooms")
    assert result.returncode == 1
    assert "utils" in result.stdout
