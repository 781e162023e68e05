"""What lies in object storage: manifests of files, what extraction is to read, and the results and pages it leaves."""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from services.documents.errors import EmailCorrupt, EmailMissing, PagesCorrupt, PagesMissing, ResultUnusable
from shared.contracts.envelope import ClaimCheck, Malformed, read_json, write_json
from shared.contracts.extraction import ExtractionResult, Split
from shared.contracts.fields import WantedFields, fields_key
from shared.contracts.files import Manifest, manifest_key
from shared.contracts.pages import (
    FreeTable,
    FreeTables,
    KeptPages,
    PageIndex,
    Part,
    Picture,
    PrintedWord,
    ReadPage,
    read_words,
)
from shared.storage import Corrupt, Missing, ObjectStore

MAX_RESULT_BYTES = 16 * 1024 * 1024
"""More than fits a record in any case, so that such a result is not even loaded."""

MAX_INDEX_BYTES = 16 * 1024 * 1024
MAX_PART_BYTES = 16 * 1024 * 1024
Read = TypeVar("Read")
PNG = b"\x89PNG\r\n\x1a\n"


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


class StoredFieldLists:
    """The port `FieldLists`: under their hash, so that what a command names never changes."""

    def __init__(self, store: ObjectStore, bucket: str) -> None:
        self._store, self._bucket = store, bucket
        self._put = functools.lru_cache(maxsize=256)(self._store_once)

    def keep(self, company_id: str, fields: WantedFields) -> ClaimCheck:
        return self._put(company_id, write_json(fields))

    def _store_once(self, company_id: str, data: bytes) -> ClaimCheck:
        key = fields_key(company_id, hashlib.sha256(data).hexdigest())
        return self._store.put(self._bucket, key, data, "application/json")


class StoredResults:
    """The port `Results`."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def read(self, claim: ClaimCheck) -> ExtractionResult:
        return self._read(ExtractionResult, claim)

    def split(self, claim: ClaimCheck) -> Split:
        return self._read(Split, claim)

    def _read(self, kind: type[Read], claim: ClaimCheck) -> Read:
        if claim.size > MAX_RESULT_BYTES:
            raise ResultUnusable(
                "result_too_large", "More was read from the document than can be kept. Split the file."
            )
        try:
            return read_json(kind, self._store.get(claim), "result")
        except (Missing, Corrupt, Malformed) as fault:
            sentence = "What was read from the document was lost or damaged. Process the file again."
            raise ResultUnusable("result_unreadable", sentence) from fault


class StoredMails:
    """The port `Mails`."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def open(self, claim: ClaimCheck) -> Iterator[bytes]:
        chunks = self._chunks(claim)
        return itertools.chain((next(chunks),), chunks)

    def _chunks(self, claim: ClaimCheck) -> Iterator[bytes]:
        try:
            yield from self._store.open(claim)
        except Missing as fault:
            raise EmailMissing from fault
        except Corrupt as fault:
            raise EmailCorrupt from fault


class StoredPages:
    """The port `Pages`. A reader of strangers' files wrote them, so nothing in them is believed."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def index(self, kept: KeptPages) -> PageIndex:
        with _faults_named():
            if kept.index.size > MAX_INDEX_BYTES:
                raise PagesCorrupt
            return read_json(PageIndex, self._store.get(kept.index), "index")

    def tables(self, kept: KeptPages, index: PageIndex) -> Sequence[FreeTable]:
        if index.tables is None:
            return ()
        with _faults_named():
            return read_json(FreeTables, self._part(kept, index.tables), "tables").tables

    def words(self, kept: KeptPages, page: ReadPage) -> Sequence[PrintedWord]:
        with _faults_named():
            return read_words(self._part(kept, page.words))

    def picture(self, kept: KeptPages, picture: Picture) -> bytes:
        with _faults_named():
            png = self._part(kept, picture.part)
            if not png.startswith(PNG):
                raise PagesCorrupt
            return png

    def _part(self, kept: KeptPages, part: Part) -> bytes:
        if min(part.offset, part.size) < 0 or part.offset + part.size > kept.parts.size or part.size > MAX_PART_BYTES:
            raise PagesCorrupt
        if part.size == 0:
            return b""
        data = b"".join(self._store.open_part(kept.parts, part.offset, part.size))
        if hashlib.sha256(data).hexdigest() != part.sha256:
            raise PagesCorrupt
        return data


@contextmanager
def _faults_named() -> Iterator[None]:
    try:
        yield
    except Missing as fault:
        raise PagesMissing from fault
    except (Corrupt, Malformed) as fault:
        raise PagesCorrupt from fault
