"""Counts that survive the kill of a process: how many entries each chain of this host was given.

One file per chain, mapped into memory and locked by its writer. A file without a lock is one of a process that is gone.
A host that is lost takes the counts with it, and then nobody knows them.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
from dataclasses import dataclass
from pathlib import Path

from shared.audit.chain import Writer
from shared.logs import get_logger

_NUMBER = struct.Struct("<Q")

log = get_logger(__name__)


class Count:
    """How many entries a chain was given; kept in its file once `keep` was called."""

    def __init__(self) -> None:
        self.total = 0
        self._map: mmap.mmap | None = None
        self._path: Path | None = None
        self._descriptor = -1

    def add(self) -> None:
        self.total += 1
        if self._map is not None:
            _NUMBER.pack_into(self._map, 0, self.total)

    def keep(self, path: Path) -> None:
        """Begin the file. It gets its name only once it is locked, so that nobody takes it for a dead one's."""
        fresh = path.with_suffix(".new")
        self._descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        os.write(self._descriptor, _NUMBER.pack(self.total))
        self._map = mmap.mmap(self._descriptor, _NUMBER.size)
        fresh.rename(path)
        self._path = path

    def forget(self) -> None:
        """The chain is closed, and says itself what was lost."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._path = self._map = None


@dataclass(frozen=True, slots=True)
class Dead:
    """The count of a chain whose process is gone. It is this process's to settle until `forget`."""

    chain: str
    total: int
    path: Path
    descriptor: int

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self.descriptor)


class Spool:
    """The counts of one service's chains on this host, apart from those of the same service under another's keys."""

    def __init__(self, folder: Path, writer: Writer) -> None:
        self._folders = [folder / f"{writer.service}-{key_id}" for key_id in writer.keys]

    def begin(self, count: Count, chain: str) -> None:
        """Keep the count of this chain. Where the folder cannot be used, a kill leaves the number of losses unknown."""
        folder = self._folders[0]
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            count.keep(folder / f"{chain}.count")
        except OSError as fault:
            log.warning("audit_count_not_kept", folder=str(folder), reason=str(fault))

    def dead(self) -> list[Dead]:
        """The counts of processes that are gone, each to one asker only."""
        paths = sorted(path for folder in self._folders for path in folder.glob("*.count"))
        return [dead for path in paths if (dead := _taken_over(path))]


def _taken_over(path: Path) -> Dead | None:
    """The count in a file that nobody else holds or has settled in the meantime."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        data = os.read(descriptor, _NUMBER.size)
        if path.stat().st_ino == os.fstat(descriptor).st_ino and len(data) == _NUMBER.size:
            return Dead(path.stem, _NUMBER.unpack(data)[0], path, descriptor)
    except OSError:
        pass
    os.close(descriptor)
    return None
