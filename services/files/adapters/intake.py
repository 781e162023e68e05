"""The body of an upload on its way into object storage: recognised by its head, counted, never whole in memory."""

from __future__ import annotations

from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected

from services.files.domain.files import MAX_FILE_BYTES, Upload
from services.files.domain.media import HEAD_BYTES, check_declared, decide
from services.files.errors import FileTooLarge, IncompleteBody


class Intake:
    """A readable over an upload's content; `media_type` is known from the start.

    What is wrong with the upload is raised by the constructor or, once only the bytes themselves can tell, by `read`.
    """

    def __init__(self, upload: Upload) -> None:
        check_declared(upload.declared_type)
        if (upload.declared_size or 0) > MAX_FILE_BYTES:
            raise _too_large()
        self._content = upload.content
        self._declared_size = upload.declared_size
        self._size = 0
        self._head = self._read_head()
        self.media_type = decide(upload.declared_type, self._head)

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end. FileTooLarge, IncompleteBody."""
        data = self._head or self._take(size)
        data, self._head = data[:size], data[size:]
        return data

    def _read_head(self) -> bytes:
        head = b""
        while len(head) < HEAD_BYTES and (data := self._take(HEAD_BYTES - len(head))):
            head += data
        return head

    def _take(self, size: int) -> bytes:
        try:
            data = self._content.read(size)
        except (OSError, ParseException, ClientDisconnected) as fault:  # connection lost, chunks malformed
            raise IncompleteBody from fault
        self._size += len(data)
        if self._size > MAX_FILE_BYTES:
            raise _too_large()
        if not data and self._declared_size not in (None, self._size):
            raise IncompleteBody
        return data


def _too_large() -> FileTooLarge:
    return FileTooLarge(f"A file may have at most {MAX_FILE_BYTES} bytes. Nothing was stored.")
