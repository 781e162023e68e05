"""A file in a form (multipart/form-data, RFC 7578): its one part, streamed.

By hand: the decoder of werkzeug 3.1 adds a CR to the file when a piece of the body ends within its last boundary.
"""

from __future__ import annotations

import unicodedata

from werkzeug.http import parse_options_header

from services.files.domain.files import MAX_FILE_BYTES, Readable
from services.files.domain.names import read_extended
from services.files.errors import FileTooLarge, MalformedForm

MEDIA_TYPE = "multipart/form-data"
PART = "file"
# What a form may have around its file: boundaries, headers, text before and after.
AROUND_BYTES = 64 * 1024
_PIECE = 64 * 1024
_MAX_BOUNDARY = 70


class FormFile:
    """A readable over the file in a form; `name` (None without one) and `media_type` are those of its part.

    MalformedForm for a form that cannot be read or holds anything else, as soon as it shows: also at the end.
    """

    def __init__(self, body: Readable, length: int | None, content_type: str) -> None:
        boundary = parse_options_header(content_type)[1].get("boundary", "")
        if not (0 < len(boundary) <= _MAX_BOUNDARY and boundary.isascii()):
            raise MalformedForm(
                f"Content-Type: {MEDIA_TYPE} needs a boundary of at most {_MAX_BOUNDARY} ASCII characters."
            )
        if (length or 0) > MAX_FILE_BYTES + AROUND_BYTES:
            raise FileTooLarge(MAX_FILE_BYTES)
        self._body = body
        self._boundary = b"\r\n--" + boundary.encode("latin-1")
        self._buffer = bytearray(b"\r\n")  # the first boundary is one too when nothing stands before it
        self._around = 0
        self._ended = False
        self._take_until(self._boundary + b"\r\n")
        headers = _headers(self._take_until(b"\r\n\r\n"))
        disposition = headers.get("content-disposition", "")
        plain = parse_options_header(disposition)[1]
        if plain.get("name") != PART:
            raise _other_parts()
        self.name = read_extended(disposition) or unicodedata.normalize("NFC", plain.get("filename", "")) or None
        self.media_type = parse_options_header(headers.get("content-type"))[0].lower()

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end. MalformedForm, and what the body raises."""
        while not self._ended:
            end = self._buffer.find(self._boundary)
            sure = end if end >= 0 else len(self._buffer) - len(self._boundary) + 1
            if sure > 0:
                data = self._take(min(size, sure))
                self._around -= len(data)
                return data
            if end == 0:
                self._end()
            else:
                self._receive()
        return b""

    def _end(self) -> None:
        while self._receive(required=False):
            pass
        if not self._buffer.startswith(self._boundary + b"--"):
            raise _other_parts()
        self._ended = True

    def _take_until(self, mark: bytes) -> bytes:
        """All up to the mark, which is taken too."""
        while (at := self._buffer.find(mark)) < 0:
            self._receive()
        return self._take(at + len(mark))[:at]

    def _take(self, size: int) -> bytes:
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def _receive(self, required: bool = True) -> bool:
        if self._around > AROUND_BYTES:
            raise MalformedForm(f"The form has more than {AROUND_BYTES} bytes around the file, or no boundary.")
        piece = self._body.read(_PIECE)
        if required and not piece:
            raise MalformedForm("The form ends before its last boundary.")
        self._buffer += piece
        self._around += len(piece)
        return bool(piece)


def _headers(block: bytes) -> dict[str, str]:
    """Those of a part, by their names in lower case: in UTF-8, or in Latin-1 as old clients send them."""
    try:
        text = block.decode()
    except UnicodeDecodeError:
        text = block.decode("latin-1")
    pairs = (line.partition(":") for line in text.split("\r\n"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _other_parts() -> MalformedForm:
    return MalformedForm(f"The form must have one part, called {PART}, and no other.")
