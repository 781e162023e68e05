"""Blobs and manifests in object storage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import BinaryIO, cast

from services.files.domain.files import Erasure, Readable, Upload
from services.files.domain.intake import Intake
from services.files.domain.ranges import Span
from services.files.domain.resumable import OCTETS, PIECE_BYTES
from services.files.errors import FileCorrupt, FileMissing
from shared.contracts.envelope import ClaimCheck, write_json
from shared.contracts.files import Manifest, manifest_key
from shared.errors import Unavailable
from shared.logs import get_logger
from shared.storage import Corrupt, Missing, ObjectStore

log = get_logger(__name__)


class StoredFiles:
    """The port `Storage` over one bucket."""

    def __init__(self, store: ObjectStore, bucket: str) -> None:
        self._store = store
        self._bucket = bucket

    def take_in(self, key: str, upload: Upload) -> ClaimCheck:
        intake = Intake(upload)
        claim = self._store.put_stream(self._bucket, key, cast(BinaryIO, intake), intake.media_type)
        return replace(claim, media_type=intake.media_type)

    def publish(self, manifest: Manifest) -> None:
        key = manifest_key(manifest.company_id, manifest.file_id)
        self._store.put(self._bucket, key, write_json(manifest), "application/json")

    def withdraw(self, company_id: str, file_id: str) -> None:
        self._store.delete(self._bucket, manifest_key(company_id, file_id))

    def erase(self, erasure: Erasure) -> None:
        left = self._store.keys(erasure.bucket, erasure.prefix) if erasure.prefix else ()
        for key in chain(erasure.keys, left):
            self._store.delete(erasure.bucket, key)

    def discard(self, erasure: Erasure) -> None:
        try:
            self.erase(erasure)
        except Unavailable as fault:
            log.warning("left_behind", keys=erasure.keys, reason=str(fault))

    def keep_piece(self, key: str, content: Readable) -> ClaimCheck:
        return self._store.put_stream(self._bucket, key, cast(BinaryIO, _UpTo(content, PIECE_BYTES)), OCTETS)

    def join(self, pieces: Sequence[ClaimCheck]) -> Readable:
        return _Drained(chain.from_iterable(self._chunks(piece, None) for piece in pieces))

    def open(self, blob: ClaimCheck, span: Span | None = None) -> Iterator[bytes]:
        chunks = self._chunks(blob, span)
        return chain((next(chunks),), chunks)

    def _chunks(self, blob: ClaimCheck, span: Span | None) -> Iterator[bytes]:
        try:
            yield from self._store.open(blob) if span is None else self._store.open_part(blob, *span)
        except Missing as fault:
            log.exception("file_missing", key=blob.key)
            raise FileMissing from fault
        except Corrupt as fault:
            log.exception("file_corrupt", key=blob.key)
            raise FileCorrupt from fault


class _UpTo:
    """A readable over the next `size` bytes of the content."""

    def __init__(self, content: Readable, size: int) -> None:
        self._content, self._rest = content, size

    def read(self, size: int, /) -> bytes:
        data = self._content.read(min(size, self._rest)) if self._rest else b""
        self._rest -= len(data)
        return data


class _Drained:
    """A readable over chunks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._held = chunks, b""

    def read(self, size: int, /) -> bytes:
        data = self._held or next(self._chunks, b"")
        data, self._held = data[:size], data[size:]
        return data
