"""Object storage as extraction uses it: documents come from it, pages and results go to it."""

from __future__ import annotations

from services.extraction.errors import FileDamaged, FileMissing
from services.extraction.ports import Job, Kept, Reading
from shared.contracts.envelope import ClaimCheck, write_json
from shared.contracts.extraction import RESULT, extracts_prefix, run_prefix
from shared.contracts.pages import INDEX, PARTS, KeptPages
from shared.ids import new_uuid
from shared.storage import Corrupt, Missing, ObjectStore

JSON, BYTES = "application/json", "application/octet-stream"


class StoredFiles:
    """The port `Files`."""

    def __init__(self, store: ObjectStore, extracts_bucket: str) -> None:
        self._store, self._bucket = store, extracts_bucket

    def fetch(self, claim: ClaimCheck) -> bytes:
        try:
            return self._store.get(claim)
        except Missing as fault:
            raise FileMissing from fault
        except Corrupt as fault:
            raise FileDamaged from fault

    def keep(self, job: Job, reading: Reading) -> Kept:
        run = run_prefix(job.company_id, job.document_id, job.attempt, run=new_uuid())
        parts = self._store.put(self._bucket, run + PARTS, reading.parts, BYTES)
        index = self._store.put(self._bucket, run + INDEX, reading.index, JSON)
        result = self._store.put(self._bucket, run + RESULT, write_json(reading.result), JSON)
        return Kept(result, KeptPages(index, parts))

    def erase(self, company_id: str, document_id: str) -> None:
        for key in list(self._store.keys(self._bucket, extracts_prefix(company_id, document_id))):
            self._store.delete(self._bucket, key)
