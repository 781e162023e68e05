"""Documents as they are wired, over the real servers, with what files and extraction leave for them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import mongoengine
from mongoengine.connection import get_db

from services.documents.domain.documents import Document
from services.documents.settings import Stores
from services.documents.wiring import Built, build
from shared.contracts.envelope import write_json
from shared.contracts.extraction import RESULT, DocumentExtracted, ExtractionResult, run_prefix
from shared.contracts.files import Manifest, manifest_key
from shared.ids import new_uuid
from shared.settings import AuditSettings, ObjectStorage
from shared.storage import S3Store
from tests.support import eventually
from tests.support.servers import Servers

FILES, EXTRACTS = "documents-files", "documents-extracts"


@dataclass(frozen=True)
class Wired:
    """Documents, ready, and the object store that it shares with others."""

    built: Built
    store: S3Store

    def upload(self, company_id: str, by: str, content: str = "") -> str:
        """The id of a file as the service files leaves it, whose content is its own unless given."""
        file_id = new_uuid()
        data = f"%PDF-1.7 {content or file_id}".encode()
        blob = self.store.put(FILES, f"files/{company_id}/blobs/{file_id}", data, "application/pdf")
        manifest = Manifest(file_id, company_id, 1, "invoice.pdf", blob, "2026-03-01T08:15:00.000Z", by)
        self.store.put(FILES, manifest_key(company_id, file_id), write_json(manifest), "application/json")
        return file_id

    def read(self, document: Document, result: ExtractionResult) -> DocumentExtracted:
        """Have a result as extraction leaves it; the fact that announces it."""
        key = run_prefix(document.company_id, document.id, 1, "run") + RESULT
        claim = self.store.put(EXTRACTS, key, write_json(result), "application/json")
        return DocumentExtracted(document.id, 1, claim)


@contextmanager
def wired_documents(servers: Servers, database: str, folder: Path) -> Iterator[Wired]:
    """Documents over a database of its own for the time of the block; what the audit log cannot write goes into the
    folder.
    """
    storage = ObjectStorage(servers.s3_url, servers.s3_access_key, servers.s3_secret_key, "us-east-1")
    store = S3Store(*storage)
    for bucket in (FILES, EXTRACTS):
        store.ensure_bucket(bucket)
    built = build(
        "documents",
        Stores(
            mongodb_url=servers.mongodb_url(database),
            object_storage=storage,
            files_bucket=FILES,
            base_url="https://paperlane.test",
            audit=AuditSettings((secrets.token_hex(32),), folder),
        ),
    )
    eventually(lambda: all(built.ready().values()))
    yield Wired(built, store)
    built.journal.close()
    get_db("documents").client.drop_database(database)
    mongoengine.disconnect("documents")
