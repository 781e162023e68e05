"""Files between domain and MongoDB."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mongoengine.connection import get_db
from pymongo.errors import DuplicateKeyError

from services.files.domain.actors import Reach
from services.files.domain.files import File, Selection
from services.files.models import ALIAS, FileRecord
from shared import database
from shared.contracts.envelope import ClaimCheck
from shared.database.lists import cut
from shared.database.marks import ensure_mark_index, find_marked, mark_fields, taken_by
from shared.database.numbers import Numbers
from shared.idempotency import Mark
from shared.listing import Page, Slice


class MongoFiles:
    """The port `Files` over mongoengine. Nothing is sent to the server before it is used."""

    def __init__(self, mongodb_url: str) -> None:
        database.connect(mongodb_url, ALIAS)
        self.numbers = Numbers(get_db(ALIAS)["numbers"])

    def prepare(self) -> None:
        """Make the indexes, on a server that keeps our guarantees."""
        database.refuse_standalone(ALIAS)
        FileRecord.ensure_indexes()
        ensure_mark_index(FileRecord._get_collection())

    def is_up(self) -> bool:
        return database.is_up(ALIAS)

    @database.timely()
    def add(self, file: File, mark: Mark | None = None) -> str:
        files = FileRecord._get_collection()
        try:
            files.insert_one(_record(file).to_mongo() | mark_fields(mark))
        except DuplicateKeyError as fault:
            return str(taken_by(files, mark, fault))
        return file.id

    @database.timely()
    def marked(self, mark: Mark) -> str | None:
        found: str | None = find_marked(FileRecord._get_collection(), mark)
        return found

    @database.timely()
    def find(self, reach: Reach, file_id: str) -> File | None:
        record = FileRecord.objects(id=file_id, **_within(reach)).exclude("marks").first()
        return _file(record) if record else None

    @database.timely()
    def page(self, reach: Reach, selection: Selection, part: Slice) -> Page[File]:
        selected = {"sha256": selection.sha256, "number": selection.number}
        conditions = {name: value for name, value in selected.items() if value is not None}
        return cut(FileRecord.objects(**_within(reach), **conditions).exclude("marks"), part, _file)

    @database.timely()
    def oldest(self, reach: Reach, sha256s: Collection[str]) -> Mapping[str, str]:
        found = FileRecord.objects(**_within(reach), sha256__in=list(sha256s))
        # In the order of the index, of which the first entry for each hash is read, however many there are.
        first = {"$group": {"_id": "$sha256", "file": {"$first": "$_id"}}}
        ordered = found.order_by("sha256", "created_at", "id")
        return {group["_id"]: group["file"] for group in ordered.aggregate([first])}


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
