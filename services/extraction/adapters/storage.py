"""Object storage as extraction uses it: documents come from it, pages and results go to it."""

from __future__ import annotations

from services.extraction.errors import FileDamaged, FileMissing
from services.extraction.ports import Job, Reading
from shared.contracts.envelope import ClaimCheck, write_json
from shared.contracts.extraction import extracts_prefix, result_key
from shared.ids import new_uuid
from shared.storage import Corrupt, Missing, ObjectStore

JSON = "application/json"


def pages_key(result_key: str) -> str:
    """The object key of the pages and their words, beside the result; extraction alone reads them."""
    return result_key.removesuffix("result.json") + "pages.json"


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

    def keep(self, job: Job, reading: Reading) -> ClaimCheck:
        key = result_key(job.company_id, job.document_id, job.attempt, run=new_uuid())
        self._store.put(self._bucket, pages_key(key), reading.pages, JSON)
        return self._store.put(self._bucket, key, write_json(reading.result), JSON)

    def erase(self, company_id: str, document_id: str) -> None:
        for key in list(self._store.keys(self._bucket, extracts_prefix(company_id, document_id))):
            self._store.delete(self._bucket, key)
