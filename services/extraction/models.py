"""How jobs and erasures lie in MongoDB. No behaviour."""

from __future__ import annotations

from mongoengine import DateTimeField, DictField, Document, IntField, ListField, StringField

ALIAS = "extraction"


class JobRecord(Document):  # type: ignore[misc]
    """One attempt at one document, with its outbox (`shared.database.outbox.MongoOutbox`).

    `state` is running or finished, `outcome` extracted, split or the code of the refusal; `runs` counts its beginnings.
    """

    id = StringField(primary_key=True)  # documentId/attempt
    company_id = StringField(db_field="companyId")
    document_id = StringField(db_field="documentId")
    attempt = IntField()
    state = StringField()
    outcome = StringField()
    runs = IntField()
    started_at = DateTimeField(db_field="startedAt")
    finished_at = DateTimeField(db_field="finishedAt")
    outbox = ListField(DictField())
    outbox_due = DateTimeField(db_field="outboxDue")

    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "jobs",
        "auto_create_index": False,
        "indexes": [["company_id", "document_id"]],
    }


class ErasedRecord(Document):  # type: ignore[misc]
    """A document that was deleted: its commands may come after that, and must have no effect."""

    id = StringField(primary_key=True)
    company_id = StringField(db_field="companyId")
    erased_at = DateTimeField(db_field="erasedAt")

    meta = {"db_alias": ALIAS, "collection": "erased", "auto_create_index": False}  # noqa: RUF012
