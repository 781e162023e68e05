"""The last bytes of a stream as a file, of which the rest is not at hand: enough for the directory of an archive."""

from __future__ import annotations

import io
import os
from typing import cast

from shared.media.archives import MAX_ENTRIES

# Each entry of an archive has 46 bytes in its directory, its name, and a little more.
MOST_BYTES = MAX_ENTRIES * 512


class Tail(io.RawIOBase):
    """A file of all that was added, of which the last million bytes can be read; OSError for others."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._size = self._at = 0

    def add(self, data: bytes) -> None:
        self._size += len(data)
        self._held += data
        if len(self._held) > 2 * MOST_BYTES:
            del self._held[:-MOST_BYTES]

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if at < 0:
            raise OSError("before the begin")
        self._at = at
        return at

    def readinto(self, buffer: object, /) -> int:
        view = memoryview(cast(bytearray, buffer)).cast("B")
        begin = self._at - (self._size - len(self._held))
        if begin < 0:
            raise OSError("these bytes are not at hand any more")
        data = self._held[begin : begin + len(view)]
        view[: len(data)] = data
        self._at += len(data)
        return len(data)
