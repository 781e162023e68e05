"""Files between domain and MongoDB."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from services.files.domain.actors import Reach
from services.files.domain.files import Erasure, File, Selection, erasure_of
from services.files.models import ErasureRecord, FileRecord
from shared.contracts.envelope import ClaimCheck, Envelope
from shared.database import timely, together
from shared.database.lists import cut
from shared.database.marks import find_marked, mark_fields, taken_by
from shared.database.outbox import outbox_fields
from shared.idempotency import Mark
from shared.listing import Page, Slice

# So long an erasure that was taken is left alone. Whoever took it has either erased it by then, or died.
LEASE = timedelta(minutes=1)


class MongoFiles:
    """The port `Files`."""

    @timely()
    def add(self, file: File, mark: Mark | None = None) -> str:
        files = FileRecord._get_collection()
        try:
            files.insert_one(_record(file).to_mongo() | mark_fields(mark))
        except DuplicateKeyError as fault:
            return str(taken_by(files, mark, fault))
        return file.id

    @timely()
    def marked(self, mark: Mark) -> str | None:
        found: str | None = find_marked(FileRecord._get_collection(), mark)
        return found

    @timely()
    def find(self, reach: Reach, file_id: str) -> File | None:
        record = FileRecord.objects(id=file_id, **_within(reach)).exclude("marks").first()
        return _file(record) if record else None

    @timely()
    def page(self, reach: Reach, selection: Selection, part: Slice) -> Page[File]:
        selected = {"sha256": selection.sha256, "number": selection.number}
        conditions = {name: value for name, value in selected.items() if value is not None}
        return cut(FileRecord.objects(**_within(reach), **conditions).exclude("marks"), part, _file)

    @timely()
    def oldest(self, reach: Reach, sha256s: Collection[str]) -> Mapping[str, str]:
        found = FileRecord.objects(**_within(reach), sha256__in=list(sha256s))
        # In the order of the index, of which the first entry for each hash is read, however many there are.
        first = {"$group": {"_id": "$sha256", "file": {"$first": "$_id"}}}
        ordered = found.order_by("sha256", "created_at", "id")
        return {group["_id"]: group["file"] for group in ordered.aggregate([first])}

    @timely()
    def remove(self, file: File, outgoing: Sequence[Envelope], now: datetime) -> bool:
        files, erasures = FileRecord._get_collection(), ErasureRecord._get_collection()
        left = asdict(erasure_of(file))
        record = ErasureRecord(id=left.pop("file_id"), due=now, **left).to_mongo() | outbox_fields(outgoing, now)

        def move(session: ClientSession) -> bool:
            removed = files.delete_one({"_id": file.id, "company": file.company_id}, session=session)
            if removed.deleted_count:
                erasures.insert_one(record, session=session)
            return bool(removed.deleted_count)

        return together(files, move)


class MongoErasures:
    """The port `Erasures`."""

    @timely()
    def next(self, now: datetime) -> Erasure | None:
        due = ErasureRecord.objects(due__lte=now).order_by("due")
        record = due.modify(set__due=now + LEASE)
        return record and Erasure(record.id, record.company_id, record.bucket, record.blob)

    @timely()
    def done(self, erasure: Erasure) -> None:
        ErasureRecord.objects(id=erasure.file_id, outbox=[]).delete()


def _within(reach: Reach) -> dict[str, str]:
    own = {} if reach.client_id is None else {"created_by": reach.client_id}
    return {"company_id": reach.company_id, **own}


def _record(file: File) -> FileRecord:
    return FileRecord(
        id=file.id,
        company_id=file.company_id,
        number=file.number,
        name=file.name,
        given_name=file.given_name,
        media_type=file.blob.media_type,
        size=file.blob.size,
        sha256=file.blob.sha256,
        bucket=file.blob.bucket,
        blob=file.blob.key,
        created_at=file.created_at,
        created_by=file.created_by,
    )


def _file(record: FileRecord) -> File:
    return File(
        id=record.id,
        company_id=record.company_id,
        number=record.number,
        name=record.name,
        given_name=record.given_name,
        blob=ClaimCheck(record.bucket, record.blob, record.sha256, record.size, record.media_type),
        created_at=record.created_at,
        created_by=record.created_by,
    )
