"""The records of files in a dict, and a desk over them."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter

from services.files.adapters.storage import StoredFiles
from services.files.domain.actors import Reach
from services.files.domain.files import Erasure, File, Selection, erasure_of
from services.files.ports import Desk
from shared.clock import utc_now
from shared.contracts.envelope import Envelope
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
    """The ports `Files` and `Erasures`; `files` maps ids to files, `erasures` to what is left of deleted ones; `outbox`
    has the messages that left.
    """

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self.erasures: dict[str, Erasure] = {}
        self.outbox: list[Envelope] = []
        self._due: dict[str, datetime] = {}
        self._marks = MemoryMarks()
        self._lock = threading.Lock()

    def add(self, file: File, mark: Mark | None = None) -> str:
        with self._lock:
            if earlier := self._marks.find(mark):
                return earlier
            self._marks.put(mark, file.id)
            self.files[file.id] = replace(file, duplicate_of=None)
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

    def remove(self, file: File, outgoing: Sequence[Envelope], now: datetime) -> bool:
        with self._lock:
            if self.find(Reach(file.company_id), file.id) is None:
                return False
            del self.files[file.id]
            self._marks.forget(file.id)
            self.erasures[file.id], self._due[file.id] = erasure_of(file), now
            self.outbox += outgoing
            return True

    def next(self, now: datetime) -> Erasure | None:
        due = (file_id for file_id in self.erasures if self._due[file_id] <= now)
        file_id = min(due, key=self._due.__getitem__, default=None)
        if file_id is None:
            return None
        self._due[file_id] = now + timedelta(minutes=1)
        return self.erasures[file_id]

    def done(self, erasure: Erasure) -> None:
        self.erasures.pop(erasure.file_id, None)

    def _within(self, reach: Reach) -> list[File]:
        return [
            file
            for file in self.files.values()
            if file.company_id == reach.company_id and reach.client_id in (None, file.created_by)
        ]


def desk_over(store: ObjectStore, files: MemoryFiles | None = None) -> Desk:
    """A desk whose bytes and manifests lie in `store`, where documents can read them."""
    journal, files = MemoryJournal(), files or MemoryFiles()
    return Desk(
        storage=StoredFiles(store, BUCKET),
        files=files,
        erasures=files,
        numbers=MemoryNumbers(),
        journal=journal,
        trail=journal.trail,
        clock=utc_now,
        new_id=new_uuid,
    )
