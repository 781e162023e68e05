"""What one request adds to an upload, on its way in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.files.domain.digests import DigestCheck
from services.files.domain.files import Readable
from services.files.domain.resumable import Resumable
from services.files.errors import FileTooLarge, IncompleteBody


@dataclass(frozen=True, slots=True)
class Addition:
    """What a request wants to add: from which byte of the file on, the bytes, how many it says they are (None if it
    does not), and their digest, if it told one.
    """

    offset: int
    content: Readable
    size: int | None
    check: DigestCheck


class Arriving:
    """A readable over an addition to `upload`. `alive` is called before each read, and may raise.

    Where no digest must be checked, a body that breaks off just ends, and `broken` tells: what came of it counts.
    """

    def __init__(self, addition: Addition, upload: Resumable, alive: Callable[[], None]) -> None:
        self.broken: IncompleteBody | None = None
        self._addition, self._alive = addition, alive
        self._length, self._rest = upload.length, upload.length - upload.offset
        self._head = b""
        if (addition.size or 0) > self._rest:
            raise FileTooLarge(upload.length)

    def head(self, size: int) -> bytes:
        """The next bytes, which stay to be read: so many, or all there are."""
        while len(self._head) < size and (data := self._take(size - len(self._head))):
            self._head += data
        return self._head[:size]

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end. FileTooLarge, and what the content and `alive` raise."""
        data = self._head or self._take(size)
        data, self._head = data[:size], data[size:]
        return data

    def _take(self, size: int) -> bytes:
        if self.broken:
            return b""
        self._alive()
        try:
            data = self._addition.content.read(size)
        except IncompleteBody as fault:
            if self._addition.check.is_needed:
                raise
            self.broken = fault
            return b""
        self._rest -= len(data)
        if self._rest < 0:
            raise FileTooLarge(self._length)
        self._addition.check.add(data)
        return data


class Joined:
    """Readables, one after the other."""

    def __init__(self, *parts: Readable) -> None:
        self._parts = list(parts)

    def read(self, size: int, /) -> bytes:
        while self._parts:
            if data := self._parts[0].read(size):
                return data
            self._parts.pop(0)
        return b""
