"""The records of files in a dict, and a desk over them."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from operator import attrgetter

from services.files.adapters.storage import StoredFiles
from services.files.domain.actors import Reach
from services.files.domain.files import File, Selection
from services.files.ports import Desk, Files
from shared.clock import utc_now
from shared.idempotency import Mark
from shared.ids import new_uuid
from shared.listing import Page, Slice
from shared.storage import ObjectStore
from tests.support.fakes.audit import MemoryJournal
from tests.support.fakes.documents import MemoryNumbers
from tests.support.fakes.lists import cut
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

    def find(self, reach: Reach, file_id: str) -> File | None:
        return next((file for file in self._within(reach) if file.id == file_id), None)

    def page(self, reach: Reach, selection: Selection, part: Slice) -> Page[File]:
        found = [
            file
            for file in self._within(reach)
            if selection.sha256 in (None, file.blob.sha256) and selection.number in (None, file.number)
        ]
        return cut(found, part)

    def oldest(self, reach: Reach, sha256s: Collection[str]) -> Mapping[str, str]:
        newest_first = sorted(self._within(reach), key=attrgetter("created_at", "id"), reverse=True)
        return {file.blob.sha256: file.id for file in newest_first if file.blob.sha256 in sha256s}

    def _within(self, reach: Reach) -> list[File]:
        return [
            file
            for file in self.files.values()
            if file.company_id == reach.company_id and reach.client_id in (None, file.created_by)
        ]


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
