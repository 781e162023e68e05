"""Object storage as extraction uses it: documents come from it, pages and results go to it."""

from __future__ import annotations

from services.extraction.errors import FileDamaged, FileMissing, ProcessingFailed
from services.extraction.ports import Job, Kept, Reading, Unpacked
from shared.contracts.envelope import ClaimCheck, Malformed, read_json, write_json
from shared.contracts.extraction import (
    MAIL,
    MEMBERS,
    RESULT,
    SPLIT,
    Split,
    SplitMember,
    attempt_prefix,
    extracts_prefix,
    member_name,
    run_prefix,
)
from shared.contracts.fields import WantedFields
from shared.contracts.pages import INDEX, PARTS, KeptPages
from shared.ids import new_uuid
from shared.media import PDF
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

    def fetch_fields(self, claim: ClaimCheck) -> WantedFields:
        try:
            return read_json(WantedFields, self._store.get(claim), "fields")
        except (Missing, Corrupt, Malformed) as fault:
            raise ProcessingFailed from fault

    def keep(self, job: Job, reading: Reading) -> Kept:
        run = _run(job)
        parts = self._store.put(self._bucket, run + PARTS, reading.parts, BYTES)
        index = self._store.put(self._bucket, run + INDEX, reading.index, JSON)
        result = self._store.put(self._bucket, run + RESULT, write_json(reading.result), JSON)
        return Kept(result, KeptPages(index, parts), self._keep_mail(run, reading.mail))

    def keep_members(self, job: Job, unpacked: Unpacked) -> ClaimCheck:
        run = _run(job)
        members = tuple(
            SplitMember(each.name, self._store.put(self._bucket, run + member_name(place), each.data, each.media_type))
            for place, each in enumerate(unpacked.members)
        )
        split = Split(members, unpacked.left_aside, self._keep_mail(run, unpacked.mail))
        return self._store.put(self._bucket, run + SPLIT, write_json(split), JSON)

    def _keep_mail(self, run: str, mail: bytes) -> ClaimCheck | None:
        return self._store.put(self._bucket, run + MAIL, mail, PDF) if mail else None

    def erase_members(self, job: Job) -> None:
        prefix = attempt_prefix(job.company_id, job.document_id, job.attempt)
        for key in list(self._store.keys(self._bucket, prefix)):
            if f"/{MEMBERS}" in key:
                self._store.delete(self._bucket, key)

    def erase(self, company_id: str, document_id: str) -> None:
        for key in list(self._store.keys(self._bucket, extracts_prefix(company_id, document_id))):
            self._store.delete(self._bucket, key)


def _run(job: Job) -> str:
    return run_prefix(job.company_id, job.document_id, job.attempt, run=new_uuid())
