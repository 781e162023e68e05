"""Watching the sandbox from outside: its processes, and a child while it reads."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from services.extraction.adapters.sandbox import Sandbox
from services.extraction.ports import Reading
from shared.errors import Refusal
from tests.support import eventually

PDF = "application/pdf"


def read(sandbox: Sandbox, document: bytes, languages: Sequence[str], media_type: str = PDF) -> Reading:
    """What is in a document that is one."""
    found = sandbox.read(document, media_type, languages)
    assert isinstance(found, Reading)
    return found


def server_of(sandbox: Sandbox) -> int:
    """The process id of the fork server."""
    assert sandbox._server
    return sandbox._server.pid


def readers_of(server: int) -> list[int]:
    """The children of this fork server that are locked up already."""
    children = _read(f"/proc/{server}/task/{server}/children").split()
    return [int(child) for child in children if "Seccomp:\t2" in _read(f"/proc/{child}/status")]


def is_gone(pid: int) -> bool:
    """True also for a process that ended and waits for its parent to notice."""
    stat = _read(f"/proc/{pid}/stat")
    return not stat or stat.rpartition(")")[2].split()[0] == "Z"


@contextmanager
def while_reading(sandbox: Sandbox, document: bytes) -> Iterator[tuple[list[object], int]]:
    """Inside, the child with this process id reads the document; after it, the list holds what came of it."""
    outcome: list[object] = []

    def note() -> None:
        try:
            outcome.append(sandbox.read(document, PDF, ["en"]))
        except Refusal as refusal:
            outcome.append(refusal)

    sandbox.start()
    reader = threading.Thread(target=note)
    reader.start()
    (child,) = eventually(lambda: readers_of(server_of(sandbox)))
    try:
        yield outcome, child
    finally:
        reader.join(60)


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
