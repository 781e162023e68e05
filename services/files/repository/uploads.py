"""Uploads that may come in several requests, between domain and MongoDB: every step is one conditional update."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mongoengine.queryset.visitor import Q
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from services.files.domain.actors import Reach
from services.files.domain.files import Erasure
from services.files.domain.resumable import HOLD, OCTETS, Resumable
from services.files.models import PieceRecord, UploadRecord
from services.files.repository.erasures import note
from services.files.repository.files import within
from shared.contracts.envelope import ClaimCheck
from shared.database import timely, together
from shared.database.marks import mark_fields, taken_by
from shared.idempotency import Mark


class MongoUploads:
    """The port `Uploads`; pieces lie in `bucket`."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    @timely()
    def add(self, upload: Resumable, mark: Mark | None = None) -> str:
        uploads = UploadRecord._get_collection()
        try:
            uploads.insert_one(_record(upload).to_mongo() | mark_fields(mark))
        except DuplicateKeyError as fault:
            return str(taken_by(uploads, mark, fault))
        return upload.id

    @timely()
    def find(self, reach: Reach, upload_id: str) -> Resumable | None:
        record = UploadRecord.objects(id=upload_id, **within(reach)).exclude("marks").first()
        return _upload(record) if record else None

    @timely()
    def hold(self, upload: Resumable, holder: str, now: datetime) -> bool:
        free = Q(held_until=None) | Q(held_until__lte=now)
        found = UploadRecord.objects(free, **_same(upload), offset=upload.offset, file_id=None)
        return bool(found.update_one(set__holder=holder, set__held_until=now + HOLD))

    @timely()
    def advance(self, held: Resumable, pieces: Sequence[ClaimCheck], now: datetime) -> bool:
        changes = {"set__pieces": _pieces(pieces), "set__offset": sum(piece.size for piece in pieces)}
        found = UploadRecord.objects(**_same(held), holder=held.holder)
        return bool(found.update_one(**changes, set__held_until=now + HOLD))

    @timely()
    def release(self, held: Resumable) -> None:
        UploadRecord.objects(**_same(held), holder=held.holder).update_one(unset__holder=True, unset__held_until=True)

    @timely()
    def finish(self, held: Resumable, file_id: str, now: datetime) -> bool:
        uploads = UploadRecord._get_collection()
        change = {"$set": {"fileId": file_id, "offset": held.length, "pieces": []}}

        def change_and_note(session: ClientSession) -> bool:
            condition = {"_id": held.id, "company": held.company_id, "holder": held.holder}
            found = uploads.update_one(condition, change, session=session).matched_count
            return self._note_if(bool(found), held, now, session)

        return together(uploads, change_and_note)

    @timely()
    def remove(self, upload: Resumable, now: datetime) -> bool:
        uploads = UploadRecord._get_collection()

        def remove_and_note(session: ClientSession) -> bool:
            condition = {"_id": upload.id, "company": upload.company_id}
            found = uploads.delete_one(condition, session=session).deleted_count
            return self._note_if(bool(found), upload, now, session)

        return together(uploads, remove_and_note)

    @timely()
    def expired(self, now: datetime) -> Resumable | None:
        free = Q(held_until=None) | Q(held_until__lte=now)
        record = UploadRecord.objects(free, expires_at__lte=now).order_by("expires_at").exclude("marks").first()
        return _upload(record) if record else None

    def _note_if(self, found: bool, upload: Resumable, now: datetime, session: ClientSession) -> bool:
        """Whoever holds the upload may still be writing a piece; with the hold that ends too."""
        if found:
            note(Erasure(upload.id, self._bucket, prefix=upload.prefix), now + HOLD, (), session)
        return found


def _same(upload: Resumable) -> dict[str, Any]:
    return {"id": upload.id, "company_id": upload.company_id}


def _record(upload: Resumable) -> UploadRecord:
    return UploadRecord(
        id=upload.id,
        company_id=upload.company_id,
        length=upload.length,
        offset=upload.offset,
        metadata=upload.metadata,
        created_by=upload.created_by,
        expires_at=upload.expires_at,
        pieces=_pieces(upload.pieces),
    )


def _pieces(pieces: Sequence[ClaimCheck]) -> list[PieceRecord]:
    return [PieceRecord(bucket=one.bucket, key=one.key, sha256=one.sha256, size=one.size) for one in pieces]


def _upload(record: UploadRecord) -> Resumable:
    return Resumable(
        id=record.id,
        company_id=record.company_id,
        length=record.length,
        metadata=record.metadata or "",
        created_by=record.created_by,
        expires_at=record.expires_at,
        pieces=tuple(ClaimCheck(one.bucket, one.key, one.sha256, one.size, OCTETS) for one in record.pieces),
        holder=record.holder,
        file_id=record.file_id,
    )
