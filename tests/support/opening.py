"""A reader that opens parcels, for tests of what becomes of their documents."""

from __future__ import annotations

from typing import Any

from services.extraction.ports import Member, Reading, Unpacked
from tests.support.flow import Lane
from tests.support.parcels import zipped

PAPERS = {"a.pdf": b"%PDF-1.7 a", "b.pdf": b"%PDF-1.7 b"}
PARCEL = zipped(PAPERS)
MAIL = b"%PDF-1.7 mail"
UNPACKED = Unpacked(
    tuple(Member(name, "application/pdf", data) for name, data in PAPERS.items()), ("logo.png (a picture in the text)",)
)


class Opener:
    """Reads a parcel as what is in it, anything else as a document."""

    def __init__(self, lane: Lane, unpacked: Unpacked = UNPACKED) -> None:
        self._unpacked, self.nested = unpacked, lane.reader.nested
        self._read = lane.reader.read
        lane.reader.read = self.read  # type: ignore[method-assign, assignment]

    def read(self, document: bytes, *given: Any) -> Reading | Unpacked:
        read = self._read(document, *given)
        return self._unpacked if document.startswith((b"PK", b"From")) else read
