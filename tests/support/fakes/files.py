"""The records of files in a dict, and a desk over them."""

from __future__ import annotations

import threading

from services.files.adapters.storage import StoredFiles
from services.files.domain.files import File
from services.files.ports import Desk, Files
from shared.clock import utc_now
from shared.idempotency import Mark
from shared.ids import new_uuid
from shared.storage import ObjectStore
from tests.support.fakes.audit import MemoryJournal
from tests.support.fakes.documents import MemoryNumbers
from tests.support.fakes.marks import MemoryMarks

BUCKET = "files"


class MemoryFiles:
    """The port `Files`; `files` maps ids to files."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self._marks = MemoryMarks()
        self._lock = threading.Lock()

    def add(self, file: File, mark: Mark | None = None) -> str:
        with self._lock:
            if earlier := self._marks.find(mark):
                return earlier
            self._marks.put(mark, file.id)
            self.files[file.id] = file
            return file.id

    def marked(self, mark: Mark) -> str | None:
        with self._lock:
            return self._marks.find(mark)

    def find(self, company_id: str, file_id: str) -> File | None:
        file = self.files.get(file_id)
        return file if file and file.company_id == company_id else None


def desk_over(store: ObjectStore, files: Files | None = None) -> Desk:
    """A desk whose bytes and manifests lie in `store`, where documents can read them."""
    journal = MemoryJournal()
    return Desk(
        storage=StoredFiles(store, BUCKET),
        files=files or MemoryFiles(),
        numbers=MemoryNumbers(),
        journal=journal,
        trail=journal.trail,
        clock=utc_now,
        new_id=new_uuid,
    )
