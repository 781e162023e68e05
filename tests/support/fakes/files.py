"""The records of files in a dict, and a desk over them."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter, itemgetter

from services.files.adapters.storage import StoredFiles
from services.files.domain.actors import Reach
from services.files.domain.files import Erasure, File, Selection, erasure_of
from services.files.domain.resumable import HOLD, Resumable
from services.files.ports import Desk
from shared.clock import utc_now
from shared.contracts.envelope import ClaimCheck, Envelope
from shared.idempotency import Mark
from shared.ids import new_uuid
from shared.listing import Page, Slice
from shared.storage import ObjectStore
from tests.support.fakes.audit import MemoryJournal
from tests.support.fakes.documents import MemoryNumbers
from tests.support.fakes.lists import cut
from tests.support.fakes.marks import MemoryMarks

BUCKET = "files"


class MemoryErasures:
    """The port `Erasures`; `pending` maps ids to what is left, and when it is due."""

    def __init__(self) -> None:
        self.pending: dict[str, tuple[Erasure, datetime]] = {}

    def note(self, erasure: Erasure, due: datetime) -> None:
        self.pending[erasure.id] = erasure, due

    def next(self, now: datetime) -> Erasure | None:
        found = min(self.pending.values(), key=itemgetter(1), default=None)
        if found is None or found[1] > now:
            return None
        self.pending[found[0].id] = found[0], now + timedelta(minutes=1)
        return found[0]

    def done(self, erasure: Erasure) -> None:
        self.pending.pop(erasure.id, None)


class MemoryUploads:
    """The port `Uploads`; `uploads` maps ids to uploads and until when somebody has them."""

    def __init__(self, erasures: MemoryErasures) -> None:
        self.uploads: dict[str, tuple[Resumable, datetime | None]] = {}
        self._erasures = erasures
        self._marks = MemoryMarks()
        self._lock = threading.Lock()

    def add(self, upload: Resumable, mark: Mark | None = None) -> str:
        with self._lock:
            if earlier := self._marks.find(mark):
                return earlier
            self._marks.put(mark, upload.id)
            self.uploads[upload.id] = upload, None
            return upload.id

    def find(self, reach: Reach, upload_id: str) -> Resumable | None:
        upload, _ = self.uploads.get(upload_id, (None, None))
        return upload if upload and reach in (Reach(upload.company_id), _own(upload)) else None

    def hold(self, upload: Resumable, holder: str, now: datetime) -> bool:
        with self._lock:
            known, until = self.uploads.get(upload.id, (None, None))
            if known is None or (known.offset, known.file_id) != (upload.offset, None) or (until and until > now):
                return False
            self.uploads[upload.id] = replace(known, holder=holder), now + HOLD
            return True

    def advance(self, held: Resumable, pieces: Sequence[ClaimCheck], now: datetime) -> bool:
        with self._lock:
            if self._has(held):
                self.uploads[held.id] = replace(held, pieces=tuple(pieces)), now + HOLD
            return self._has(held)

    def release(self, held: Resumable) -> None:
        with self._lock:
            if self._has(held):
                self.uploads[held.id] = replace(self.uploads[held.id][0], holder=None), None

    def finish(self, held: Resumable, file_id: str, now: datetime) -> bool:
        with self._lock:
            had = self._has(held)
            if had:
                self.uploads[held.id] = replace(held, file_id=file_id, pieces=()), now
                self._note(held, now)
            return had

    def remove(self, upload: Resumable, now: datetime) -> bool:
        with self._lock:
            had = self.find(Reach(upload.company_id), upload.id) is not None
            if had:
                del self.uploads[upload.id]
                self._marks.forget(upload.id)
                self._note(upload, now)
            return had

    def expired(self, now: datetime) -> Resumable | None:
        free = (upload for upload, until in self.uploads.values() if until is None or until <= now)
        return next((upload for upload in free if upload.expires_at <= now), None)

    def _has(self, held: Resumable) -> bool:
        return held.id in self.uploads and self.uploads[held.id][0].holder == held.holder

    def _note(self, upload: Resumable, now: datetime) -> None:
        self._erasures.note(Erasure(upload.id, BUCKET, prefix=upload.prefix), now + HOLD)


def _own(upload: Resumable) -> Reach:
    return Reach(upload.company_id, upload.created_by)


class MemoryTakeovers:
    """The port `Takeovers`, and the outbox that a relay empties."""

    def __init__(self) -> None:
        self.done: set[tuple[str, str, int]] = set()
        self.outbox: list[Envelope] = []

    def is_done(self, company_id: str, document_id: str, attempt: int) -> bool:
        return (company_id, document_id, attempt) in self.done

    def finish(
        self,
        company_id: str,
        document_id: str,
        attempt: int,
        outgoing: Sequence[Envelope],
        now: datetime,  # noqa: ARG002
    ) -> None:
        self.done.add((company_id, document_id, attempt))
        self.outbox += outgoing

    def lease(self) -> Sequence[Envelope]:
        return self.outbox[:1]

    def sent(self, envelope: Envelope) -> None:
        self.outbox = [other for other in self.outbox if other.id != envelope.id]

    def release(self, envelopes: Sequence[Envelope]) -> None:
        """Nothing was hidden by `lease`."""


class MemoryFiles:
    """The port `Files`; `files` maps ids to files, `outbox` has the messages that left, `erasures` what is left of
    deleted ones.
    """

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self.erasures = MemoryErasures()
        self.outbox: list[Envelope] = []
        self._marks = MemoryMarks()
        self._lock = threading.Lock()

    def add(self, file: File, mark: Mark | None = None) -> str:
        with self._lock:
            if earlier := self._marks.find(mark):
                return earlier
            self._marks.put(mark, file.id)
            self.files[file.id] = replace(file, duplicate_of=None)
            return file.id

    def ensure(self, file: File) -> File:
        with self._lock:
            return self.files.setdefault(file.id, file)

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
            self.erasures.note(erasure_of(file.company_id, file.id, file.blob), now)
            self.outbox += outgoing
            return True

    def _within(self, reach: Reach) -> list[File]:
        return [
            file
            for file in self.files.values()
            if file.company_id == reach.company_id and reach.client_id in (None, file.created_by)
        ]


def desk_over(store: ObjectStore, files: MemoryFiles | None = None, takeovers: MemoryTakeovers | None = None) -> Desk:
    """A desk whose bytes and manifests lie in `store`, where documents can read them."""
    journal, files = MemoryJournal(), files or MemoryFiles()
    return Desk(
        storage=StoredFiles(store, BUCKET),
        files=files,
        uploads=MemoryUploads(files.erasures),
        takeovers=takeovers or MemoryTakeovers(),
        erasures=files.erasures,
        numbers=MemoryNumbers(),
        journal=journal,
        trail=journal.trail,
        clock=utc_now,
        new_id=new_uuid,
    )
