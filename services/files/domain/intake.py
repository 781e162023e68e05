"""The content of an upload on its way into object storage: recognised by its head, counted, never whole in memory."""

from __future__ import annotations

from services.files.domain.files import MAX_FILE_BYTES, Upload
from services.files.domain.media import check_declared, decide, decide_archive
from services.files.domain.tail import Tail
from services.files.errors import FileTooLarge
from shared.media import HEAD_BYTES, ZIP


class Intake:
    """A readable over an upload's content; `media_type` is known from the start, of an archive once all is read.

    What is wrong with the upload is raised by the constructor or, once only the bytes themselves can tell, by `read`.
    """

    def __init__(self, upload: Upload) -> None:
        check_declared(upload.declared_type)
        if (upload.declared_size or 0) > MAX_FILE_BYTES:
            raise FileTooLarge(MAX_FILE_BYTES)
        self._content, self._declared = upload.content, upload.declared_type
        self._size = 0
        self._head = self._read_head()
        self.media_type = decide(upload.declared_type, self._head)
        self._tail = Tail() if self.media_type == ZIP else None

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end. FileTooLarge, and what `decide_archive` raises."""
        data = self._head or self._take(size)
        data, self._head = data[:size], data[size:]
        if self._tail is not None and data:
            self._tail.add(data)
        elif self._tail is not None:
            self.media_type, self._tail = decide_archive(self._declared, self._tail), None
        return data

    def _read_head(self) -> bytes:
        head = b""
        while len(head) < HEAD_BYTES and (data := self._take(HEAD_BYTES - len(head))):
            head += data
        return head

    def _take(self, size: int) -> bytes:
        data = self._content.read(size)
        self._size += len(data)
        if self._size > MAX_FILE_BYTES:
            raise FileTooLarge(MAX_FILE_BYTES)
        return data
