"""What every file of ours keeps to: sizes, a first sentence, and nothing that happens on import."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = ("shared", "services", "gateway", "paperlane", "bench")
FILES = sorted(path for folder in (*PRODUCT, "tests") for path in (ROOT / folder).rglob("*.py"))
MAX_FILE, MAX_FUNCTION, MAX_PARAMETERS = 300, 40, 6

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, Function))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_files_and_functions_are_small_enough_to_hold_in_the_head() -> None:
    too_long = [name(path) for path in FILES if len(path.read_text().splitlines()) > MAX_FILE]
    for path in FILES:
        for function in functions(path):
            lines = (function.end_lineno or 0) - function.lineno + 1
            parameters = [a for a in (*function.args.args, *function.args.kwonlyargs) if a.arg not in ("self", "cls")]
            if lines > MAX_FUNCTION or (len(parameters) > MAX_PARAMETERS and "tests" not in path.parts):
                too_long.append(f"{name(path)}:{function.lineno} {function.name}")
    assert not too_long


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_module_opens_with_a_sentence_on_what_lives_here(path: Path) -> None:
    sentence = ast.get_docstring(ast.parse(path.read_text()))
    assert sentence, f"{name(path)} has no docstring"


def test_every_test_can_fail() -> None:
    idle = []
    for path in (path for path in FILES if path.name.startswith("test_")):
        for function in functions(path):
            text = "\n".join(map(ast.unparse, function.body))
            if function.name.startswith("test_") and not any(
                word in text for word in ("assert", "raises", "eventually", "check", "expect", "validate")
            ):
                idle.append(f"{name(path)}:{function.lineno} {function.name}")
    assert not idle


def test_every_module_can_be_imported_with_an_empty_environment() -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in FILES
        if path.relative_to(ROOT).parts[0] in ("shared", "services", "gateway", "paperlane")
    ]
    code = "import importlib, sys\nfor module in sys.argv[1:]: importlib.import_module(module)\nimport threading\n"
    code += "assert threading.active_count() == 1, threading.enumerate()"
    result = subprocess.run(
        [sys.executable, "-c", code, *modules],
        cwd=ROOT,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def test_no_two_records_have_one_name() -> None:
    """mongoengine knows them by it: of two, it would forget the connection of only one when that is closed."""
    trees = [ast.parse(path.read_text()) for path in sorted((ROOT / "services").glob("*/models.py"))]
    names = [node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    assert len(names) > 10
    assert [name for name in names if names.count(name) > 1] == []
