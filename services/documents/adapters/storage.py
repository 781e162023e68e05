"""What other services leave in object storage: the manifests of files and the results of extraction."""

from __future__ import annotations

from services.documents.errors import ResultUnusable
from shared.contracts.envelope import ClaimCheck, Malformed, read_json
from shared.contracts.extraction import ExtractionResult
from shared.contracts.files import Manifest, manifest_key
from shared.storage import Corrupt, Missing, ObjectStore

MAX_RESULT_BYTES = 16 * 1024 * 1024
"""More than fits a record in any case, so that such a result is not even loaded."""


class StoredManifests:
    """The port `Manifests`."""

    def __init__(self, store: ObjectStore, bucket: str) -> None:
        self._store = store
        self._bucket = bucket

    def find(self, company_id: str, file_id: str) -> Manifest | None:
        try:
            data = self._store.read(self._bucket, manifest_key(company_id, file_id))
        except Missing:
            return None
        return read_json(Manifest, data, "manifest")


class StoredResults:
    """The port `Results`."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def read(self, claim: ClaimCheck) -> ExtractionResult:
        if claim.size > MAX_RESULT_BYTES:
            raise ResultUnusable(
                "result_too_large", "More was read from the document than can be kept. Split the file."
            )
        try:
            return read_json(ExtractionResult, self._store.get(claim), "result")
        except (Missing, Corrupt, Malformed) as fault:
            sentence = "What was read from the document was lost or damaged. Process the file again."
            raise ResultUnusable("result_unreadable", sentence) from fault
