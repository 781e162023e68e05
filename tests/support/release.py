"""The API against its last release: `python -m tests.support.release` says what clients may not be ready for, and fails
on what breaks them within a major version. With `--take` the API as it is becomes the release.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from specshift import Severity, diff_specs

from gateway.docs.document import FILE
from gateway.routes import ABSENT, SERVICE

RELEASED = FILE.with_name("released.json")
BREAKING, WARNING, INFO = Severity.BREAKING.value, Severity.WARNING.value, Severity.INFO.value

Document = Mapping[str, Any]


class Change(NamedTuple):
    """How bad a change is for clients, where it is, and what it is."""

    severity: str
    where: str
    what: str


def changes(old: Document, new: Document) -> list[Change]:
    """What is different, the worst first."""
    found = diff_specs(_plain(old), _plain(new)).changes
    read = [Change(each.severity.value, each.location, each.message) for each in found]
    order = (BREAKING, WARNING, INFO)
    return sorted((*map(_reconsidered, read), *_scopes(old, new)), key=lambda each: (order.index(each.severity), *each))


def breaks_clients(old: Document, new: Document) -> bool:
    """Whether the new document asks for another major version than it has."""
    same_major = _major(old) == _major(new)
    return same_major and any(each.severity == BREAKING for each in changes(old, new))


def _major(document: Document) -> str:
    version: str = document["info"]["version"]
    return version.partition(".")[0]


def _plain(document: Document) -> dict[str, Any]:
    """The document as specshift can read it: it follows no reference to an answer, and what nobody answers yet can be
    built in any way.
    """
    paths: dict[str, dict[str, Any]] = {}
    for path, method, operation in _operations(document):
        answers = {status: _resolved(answer, document) for status, answer in operation["responses"].items()}
        paths.setdefault(path, {})[method] = {**operation, "responses": answers}
    return {**document, "paths": paths}


def _operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if operation.get(SERVICE) != ABSENT:
                yield path, method, operation


def _resolved(answer: Document, document: Document) -> Document:
    if "$ref" not in answer:
        return answer
    component: Document = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return component


def _reconsidered(change: Change) -> Change:
    """A new value in an answer is one that a client may not be ready for."""
    is_new_value = change.what.startswith("New enum values") and " > response " in change.where
    return change._replace(severity=WARNING) if is_new_value else change


def _scopes(old: Document, new: Document) -> Iterator[Change]:
    """Tokens that were good for an operation and are not any more, which specshift does not look at."""
    demanded = {(path, method): _demands(operation) for path, method, operation in _operations(old)}
    for path, method, operation in _operations(new):
        more = _demands(operation) - demanded.get((path, method), _demands(operation))
        if more:
            yield Change(BREAKING, f"{method.upper()} {path}", f"Another scope is needed: {', '.join(sorted(more))}.")


def _demands(operation: Document) -> set[str]:
    return {scope for each in operation.get("security", ()) for scopes in each.values() for scope in scopes}


def _read(file: Path) -> Document:
    document: Document = json.loads(file.read_text(encoding="utf-8"))
    return document


def main() -> None:
    if sys.argv[1:] == ["--take"]:
        RELEASED.write_text(FILE.read_text(encoding="utf-8"), encoding="utf-8")
        return
    released, present = _read(RELEASED), _read(FILE)
    for change in changes(released, present):
        if change.severity != INFO:
            print(*change, sep=": ")
    if breaks_clients(released, present):
        sys.exit("The API would break its clients. Keep what they rely on, or raise the major VERSION.")


if __name__ == "__main__":
    main()
