"""How files lie in MongoDB."""

from __future__ import annotations

from mongoengine import (
    DateTimeField,
    DictField,
    Document,
    EmbeddedDocument,
    EmbeddedDocumentListField,
    ListField,
    LongField,
    StringField,
)

ALIAS = "files"


class FileRecord(Document):  # type: ignore[misc]
    """A file; `blob` is the key of its bytes in `bucket`; `marks` as in `shared.database.marks.mark_fields`."""

    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "files",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["company_id", "number"], "unique": True},
            ["company_id", "created_at", "id"],
            ["company_id", "created_by", "created_at", "id"],
            ["company_id", "sha256", "created_at", "id"],
        ],
    }

    id = StringField(primary_key=True)
    company_id = StringField(required=True, db_field="company")
    number = LongField(required=True)
    name = StringField(required=True)
    given_name = StringField(db_field="givenName")
    media_type = StringField(required=True, db_field="mediaType")
    size = LongField(required=True)
    sha256 = StringField(required=True)
    bucket = StringField(required=True)
    blob = StringField(required=True)
    created_at = DateTimeField(required=True, db_field="createdAt")
    created_by = StringField(required=True, db_field="createdBy")
    marks = ListField(DictField())


class PieceRecord(EmbeddedDocument):  # type: ignore[misc]
    """An object with a part of what was sent."""

    bucket = StringField(required=True)
    key = StringField(required=True)
    sha256 = StringField(required=True)
    size = LongField(required=True)


class UploadRecord(Document):  # type: ignore[misc]
    """An upload that may come in several requests. `held_until`, with `holder`: a request is adding to it."""

    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "uploads",
        "auto_create_index": False,
        "indexes": ["expires_at"],
    }

    id = StringField(primary_key=True)
    company_id = StringField(required=True, db_field="company")
    length = LongField(required=True)
    offset = LongField(required=True)
    metadata = StringField()
    created_by = StringField(required=True, db_field="createdBy")
    expires_at = DateTimeField(required=True, db_field="expiresAt")
    pieces = EmbeddedDocumentListField(PieceRecord)
    holder = StringField()
    held_until = DateTimeField(db_field="heldUntil")
    file_id = StringField(db_field="fileId")
    marks = ListField(DictField())


class TakeoverRecord(Document):  # type: ignore[misc]
    """An attempt at a document of which what was found in it is kept, and the messages that leave because of it."""

    meta = {"db_alias": ALIAS, "collection": "takeovers", "auto_create_index": False}  # noqa: RUF012

    id = StringField(primary_key=True)  # documentId/attempt
    company_id = StringField(required=True, db_field="company")
    document_id = StringField(required=True, db_field="documentId")
    outbox = ListField(DictField())
    outbox_due = DateTimeField(db_field="outboxDue")


class ErasureRecord(Document):  # type: ignore[misc]
    """What is left of something deleted, when to erase it (`due`), and the messages that leave because of it."""

    meta = {"db_alias": ALIAS, "collection": "erasures", "auto_create_index": False, "indexes": ["due"]}  # noqa: RUF012

    id = StringField(primary_key=True)
    bucket = StringField(required=True)
    object_keys = ListField(StringField(), db_field="keys")
    prefix = StringField()
    due = DateTimeField(required=True)
    outbox = ListField(DictField())
    outbox_due = DateTimeField(db_field="outboxDue")
