"""The folder of one stack: data, logs, credentials and what is running, readable by its owner only."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paperlane.local.errors import StackFault

FOLDERS = ("credentials", "data", "logs", "run")
LEAST_FREE_BYTES = 2 * 1024**3
SETTINGS = "stack.json"  # also what tells a home from any other folder
CONTROL_SOCKET = "run/supervisor.sock"
LOCAL = "local.json"


@dataclass(frozen=True, slots=True)
class Home:
    """`path` is absolute and free of symbolic links, so that it also names the stack (see `processes`)."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> Home:
        return cls(path.resolve())

    def exists(self) -> bool:
        return (self.path / SETTINGS).exists()

    def prepare(self) -> None:
        """Make the folders (mode 0700). StackFault when that is not allowed, would touch a folder with other things in
        it, or the disk is nearly full.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if not self.exists():
                self._found()
            for folder in FOLDERS:
                (self.path / folder).mkdir(exist_ok=True, mode=0o700)
            free = shutil.disk_usage(self.path).free
        except OSError as refused:
            raise StackFault(
                f"The folder {self.path} cannot be used: {refused.strerror}.",
                "Name one of your own in PAPERLANE_HOME.",
            ) from refused
        if free < LEAST_FREE_BYTES:
            raise StackFault(
                f"Only {free / 1024**3:.1f} GB are free for {self.path}; the servers need 2 GB.",
                "Free some space, or name a folder on another disk in PAPERLANE_HOME.",
            )

    def _found(self) -> None:
        if any(self.path.iterdir()):
            raise StackFault(
                f"The folder {self.path} is not empty and no stack's home.",
                "Name a new folder in PAPERLANE_HOME.",
            )
        self.path.chmod(0o700)
        self.write(SETTINGS, "{}")

    @contextmanager
    def locked(self, purpose: str) -> Iterator[None]:
        """Keep every other `up` and `down` out of this home. StackFault at once when one is at work."""
        with (self.path / "lock").open("a+", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise StackFault(
                    f"Another command is at work on {self.path}: {lock.read().strip() or 'it has just begun'}.",
                    "Wait until it has finished, or use another PAPERLANE_HOME and PAPERLANE_PORT.",
                ) from None
            lock.truncate(0)
            lock.write(f"paperlane {purpose}, process {os.getpid()}")
            lock.flush()
            try:
                yield
            finally:
                lock.truncate(0)

    def write(self, name: str, content: str) -> None:
        """Put `content` under `name` at once or not at all (mode 0600)."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)

    def read(self, name: str) -> str | None:
        """The text of `name`, or None when there is no such file."""
        try:
            return (self.path / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def read_json(self, name: str) -> dict[str, Any]:
        """The object in `name`; empty when there is no such file."""
        return dict(json.loads(self.read(name) or "{}"))

    def change_json(self, name: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Read, change and write `name` while nobody else does: `up` and the supervisor both keep local.json."""
        folder = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            content = self.read_json(name)
            change(content)
            self.write(name, json.dumps(content, indent=2) + "\n")
        finally:
            os.close(folder)

    def log(self, part: str) -> Path:
        return self.path / "logs" / f"{part}.log"

    def log_tail(self, part: str, lines: int = 15) -> tuple[str, ...]:
        """The last lines that `part` wrote; none when it wrote none."""
        try:
            with self.log(part).open(encoding="utf-8", errors="replace") as log:
                return tuple(line.rstrip("\n") for line in deque(log, maxlen=lines))
        except FileNotFoundError:
            return ()
