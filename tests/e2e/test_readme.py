"""The README and the guides, word for word: every shell block that speaks to the API is run as it stands."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.stack import Stack

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def blocks(name: str) -> list[str]:
    return [block for block in BLOCK.findall((ROOT / name).read_text()) if not block.startswith("make ")]


@pytest.fixture
def checkout(stack: Stack, tmp_path: Path) -> Path:
    """A folder that looks like the checkout of somebody for whom `make up` started this very stack."""
    (tmp_path / ".paperlane").symlink_to(stack.home.path)
    for name in ("paperlane", "services", "shared", ".venv"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["bash", "-euo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("sample", ["invoice.pdf", "invoice-scan.pdf"])
def test_the_readme_takes_a_document_to_its_transfer(checkout: Path, sample: str) -> None:
    script = "\n".join(blocks("README.md")).replace("invoice.pdf", sample)
    result = run(script, checkout)
    assert result.returncode == 0, result.stderr
    assert "doneAutomatically" in result.stdout
    assert '"number"' in result.stdout


def test_a_second_transfer_is_refused(checkout: Path) -> None:
    *first, transfer = blocks("README.md")
    result = run("\n".join([*first, transfer, transfer]), checkout)
    assert result.returncode == 22
    assert "409" in result.stderr


@pytest.mark.parametrize("guide", ["docs/connecting.md", "docs/using.md", "docs/administering.md", "docs/operating.md"])
def test_the_guides_run_after_the_readme(checkout: Path, guide: str) -> None:
    result = run("\n".join([*blocks("README.md"), *blocks(guide)]), checkout)
    assert result.returncode == 0, result.stderr
