"""The ports of extraction in memory, and a desk over them."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from services.extraction.adapters.storage import StoredFiles
from services.extraction.ports import Desk, Job, Reading, Unpacked
from shared.clock import utc_now
from shared.contracts.envelope import Envelope
from shared.contracts.extraction import ExtractionResult
from shared.contracts.fields import WantedFields
from tests.support.fakes.storage import MemoryStore

EXTRACTS = "extracts"
READING = Reading(ExtractionResult("invoice", 1, {"number": "R-1"}, {}, ()), b'{"pages":[]}', b"parts")


class MemoryJobs:
    """The port `Jobs`, and the outbox that a relay empties: one record per job."""

    def __init__(self) -> None:
        self.outcomes: dict[Job, str | None] = {}
        self.runs: defaultdict[Job, list[datetime]] = defaultdict(list)
        self.ended: dict[Job, datetime] = {}
        self.outbox: list[Envelope] = []
        self.erased: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def begin(self, job: Job, at: datetime) -> bool:
        if self.is_erased(job.company_id, job.document_id):
            return False
        self.runs[job].append(at)
        return self.outcomes.setdefault(job, None) is None

    def finish(self, job: Job, outcome: str, announcement: Envelope, at: datetime) -> bool:
        with self._lock:
            if self.outcomes.get(job, "never begun"):
                return False
            self.outcomes[job], self.ended[job] = outcome, at
            self.outbox.append(announcement)
            return True

    def erase(self, company_id: str, document_id: str, at: datetime) -> None:  # noqa: ARG002
        with self._lock:
            self.erased.add((company_id, document_id))
            gone = {job for job in self.outcomes if (job.company_id, job.document_id) == (company_id, document_id)}
            self.outcomes = {job: outcome for job, outcome in self.outcomes.items() if job not in gone}
            self.outbox = [told for told in self.outbox if told.body.document_id != document_id]

    def is_erased(self, company_id: str, document_id: str) -> bool:
        return (company_id, document_id) in self.erased

    def lease(self) -> Sequence[Envelope]:
        return self.outbox[:1]

    def sent(self, envelope: Envelope) -> None:
        self.outbox = [other for other in self.outbox if other.id != envelope.id]

    def release(self, envelopes: Sequence[Envelope]) -> None:
        """Nothing was hidden by `lease`."""


class ScriptedReader:
    """The port `DocumentReader`: gives or raises what it was told to, and remembers what it was asked."""

    def __init__(self, outcome: Reading | Unpacked | Exception = READING) -> None:
        self.outcome = outcome
        self.asked: list[tuple[bytes, str, tuple[str, ...]]] = []
        self.nested: list[bool] = []
        self.wanted: list[WantedFields | None] = []

    def read(
        self,
        document: bytes,
        media_type: str,
        languages: Sequence[str],
        nested: bool = False,
        fields: WantedFields | None = None,
    ) -> Reading | Unpacked:
        self.wanted.append(fields)
        self.asked.append((document, media_type, tuple(languages)))
        self.nested.append(nested)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def desk(store: MemoryStore, jobs: MemoryJobs, reader: ScriptedReader) -> Desk:
    """A desk without any server."""
    return Desk(jobs, StoredFiles(store, EXTRACTS), reader, utc_now)
