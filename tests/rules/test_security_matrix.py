"""docs/security.md against the tests: what it names is there, and every requirement has a test over the wire."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
MATRIX = (ROOT / "docs" / "security.md").read_text()
ROWS = dict(re.findall(r"^\| (S-\d\d) \|.*\| (.*) \|$", MATRIX, re.MULTILINE))
REQUIRED = {f"S-{number:02}" for number in (*range(1, 18), 20, 21, *range(40, 49))}


def names_of_tests(folder: Path) -> set[str]:
    return {
        node.name
        for path in folder.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_requirement_has_a_row_and_a_test_over_the_wire() -> None:
    assert set(ROWS) == REQUIRED
    known = names_of_tests(ROOT / "tests" / "e2e" / "security")
    for requirement in REQUIRED:
        begins = f"test_{requirement.lower().replace('-', '')}_"
        assert [name for name in known if name.startswith(begins)], requirement


def test_what_the_matrix_names_is_there() -> None:
    known = names_of_tests(ROOT / "tests")
    named = {name for row in ROWS.values() for name in re.findall(r"`([^`]+)`", row)}
    assert len(named) > len(ROWS)
    for name in named:
        found = (ROOT / name).exists() if "/" in name else any(fnmatch(test, name) for test in known)
        assert found, name
