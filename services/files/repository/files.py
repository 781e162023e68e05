"""Files between domain and MongoDB."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from services.files.domain.actors import Reach
from services.files.domain.files import File, Selection, erasure_of
from services.files.models import FileRecord
from services.files.repository.erasures import note
from shared.contracts.envelope import ClaimCheck, Envelope
from shared.database import timely, together
from shared.database.lists import cut
from shared.database.marks import find_marked, mark_fields, taken_by
from shared.idempotency import Mark
from shared.listing import Page, Slice


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
    def ensure(self, file: File) -> File:
        try:
            FileRecord._get_collection().insert_one(_record(file).to_mongo())
        except DuplicateKeyError:
            kept = self.find(Reach(file.company_id), file.id)
            if kept is None:
                raise
            return kept
        return file

    @timely()
    def marked(self, mark: Mark) -> str | None:
        found: str | None = find_marked(FileRecord._get_collection(), mark)
        return found

    @timely()
    def find(self, reach: Reach, file_id: str) -> File | None:
        record = FileRecord.objects(id=file_id, **within(reach)).exclude("marks").first()
        return _file(record) if record else None

    @timely()
    def page(self, reach: Reach, selection: Selection, part: Slice) -> Page[File]:
        selected = {"sha256": selection.sha256, "number": selection.number}
        conditions = {name: value for name, value in selected.items() if value is not None}
        return cut(FileRecord.objects(**within(reach), **conditions).exclude("marks"), part, _file)

    @timely()
    def oldest(self, reach: Reach, sha256s: Collection[str]) -> Mapping[str, str]:
        found = FileRecord.objects(**within(reach), sha256__in=list(sha256s))
        # In the order of the index, of which the first entry for each hash is read, however many there are.
        first = {"$group": {"_id": "$sha256", "file": {"$first": "$_id"}}}
        ordered = found.order_by("sha256", "created_at", "id")
        return {group["_id"]: group["file"] for group in ordered.aggregate([first])}

    @timely()
    def remove(self, file: File, outgoing: Sequence[Envelope], now: datetime) -> bool:
        files = FileRecord._get_collection()
        left = erasure_of(file.company_id, file.id, file.blob)

        def move(session: ClientSession) -> bool:
            removed = files.delete_one({"_id": file.id, "company": file.company_id}, session=session)
            if removed.deleted_count:
                note(left, now, outgoing, session)
            return bool(removed.deleted_count)

        return together(files, move)


def within(reach: Reach) -> dict[str, str]:
    """The conditions by which a query finds nothing that is out of reach."""
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
