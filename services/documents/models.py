"""How documents, cases and projects lie in MongoDB, and the indexes that every query uses. No behaviour."""

from __future__ import annotations

from mongoengine import (
    BooleanField,
    DateTimeField,
    DictField,
    Document,
    DynamicField,
    EmbeddedDocument,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    StringField,
)

ALIAS = "documents"


class StepRecord(EmbeddedDocument):  # type: ignore[misc]
    """One entry of a history."""

    state = StringField()
    at = DateTimeField()
    by = StringField()
    reason = StringField()
    attempt = IntField()
    message = StringField()


class CheckRecord(EmbeddedDocument):  # type: ignore[misc]
    """One check of what was read."""

    code = StringField()
    passed = BooleanField()
    blocking = BooleanField()
    message = StringField()
    fields = ListField(StringField())


class FindingsRecord(EmbeddedDocument):  # type: ignore[misc]
    """What was read from the files of a document."""

    document_type = StringField(db_field="type")
    entities = DictField()
    details = DictField()
    checks = EmbeddedDocumentListField(CheckRecord)
    pages = DictField()


class PairRecord(EmbeddedDocument):  # type: ignore[misc]
    """One pair of external data. Its key is a value here, for MongoDB would not take every text as a name."""

    key = StringField()
    value = DynamicField()


class DocumentRecord(Document):  # type: ignore[misc]
    """A document with its history and its outbox (`shared.database.outbox.MongoOutbox`).

    `state` is the state of the last entry of `history`; `names` are what it is listed and counted under, see
    `services.documents.repository.names`. `marks` are those of requests with an Idempotency-Key
    (`shared.database.marks.mark_fields`).
    """

    id = StringField(primary_key=True)
    company_id = StringField(db_field="companyId")
    number = IntField()
    project_id = StringField(db_field="projectId")
    case_id = StringField(db_field="caseId")
    file_ids = ListField(StringField(), db_field="fileIds")
    sha256 = StringField()
    first_in = StringField(db_field="firstIn")
    duplicate_of = StringField(db_field="duplicateOf")
    parent_document_id = StringField(db_field="parentDocumentId")
    mail = DictField()
    title = StringField()
    created_at = DateTimeField(db_field="createdAt")
    created_by = StringField(db_field="createdBy")
    updated_at = DateTimeField(db_field="updatedAt")
    updated_by = StringField(db_field="updatedBy")
    state = StringField()
    names = ListField(StringField())
    version = IntField()
    history = EmbeddedDocumentListField(StepRecord)
    external_id = StringField(db_field="externalId")
    external_data = EmbeddedDocumentListField(PairRecord, db_field="externalData")
    findings = EmbeddedDocumentField(FindingsRecord)
    # Counts the deletions of documents that had a file of this one's, only so that two of them at once meet here.
    partings = IntField()
    outbox = ListField(DictField())
    outbox_due = DateTimeField(db_field="outboxDue")
    marks = ListField(DictField())

    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "documents",
        "auto_create_index": False,
        "indexes": [
            ["company_id", "names", "created_at", "id"],
            ["company_id", "names", "updated_at", "id"],
            ["company_id", "project_id", "names", "created_at", "id"],
            ["company_id", "project_id", "names", "updated_at", "id"],
            ["company_id", "file_ids", "created_at", "id"],
            ["company_id", "file_ids", "updated_at", "id"],
            {
                "fields": ["company_id", "external_id", "created_at", "id"],
                "partialFilterExpression": {"externalId": {"$exists": True}},
            },
            {
                "fields": ["company_id", "external_id", "updated_at", "id"],
                "partialFilterExpression": {"externalId": {"$exists": True}},
            },
            ["company_id", "case_id", "number"],
            {"fields": ["company_id", "number"], "unique": True},
            {
                "fields": ["company_id", "first_in", "sha256"],
                "unique": True,
                "partialFilterExpression": {"firstIn": {"$exists": True}},
            },
        ],
    }


class CaseRecord(Document):  # type: ignore[misc]
    """A case with its tally; `state` follows from it once the case is not open any more. `marks` as with documents."""

    id = StringField(primary_key=True)
    company_id = StringField(db_field="companyId")
    number = IntField()
    project_id = StringField(db_field="projectId")
    state = StringField()
    created_at = DateTimeField(db_field="createdAt")
    created_by = StringField(db_field="createdBy")
    updated_at = DateTimeField(db_field="updatedAt")
    updated_by = StringField(db_field="updatedBy")
    name = StringField()
    file_ids = ListField(StringField(), db_field="fileIds")
    documents = IntField()
    unsettled = IntField()
    failed = IntField()
    marks = ListField(DictField())

    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "cases",
        "auto_create_index": False,
        "indexes": [
            ["company_id", "state", "created_at", "id"],
            ["company_id", "state", "updated_at", "id"],
            ["company_id", "project_id", "state", "created_at", "id"],
            ["company_id", "project_id", "state", "updated_at", "id"],
            {"fields": ["company_id", "number"], "unique": True},
        ],
    }


class ProofRecord(Document):  # type: ignore[misc]
    """The proof that a document was deleted, with the messages that left because of it."""

    id = StringField(primary_key=True)
    company_id = StringField(db_field="companyId")
    number = IntField()
    project_id = StringField(db_field="projectId")
    case_id = StringField(db_field="caseId")
    state = StringField()
    documented_state = StringField(db_field="documentedState")
    file_ids = ListField(StringField(), db_field="fileIds")
    erased_files = ListField(StringField(), db_field="erasedFiles")
    sha256 = StringField()
    created_at = DateTimeField(db_field="createdAt")
    deleted_at = DateTimeField(db_field="deletedAt")
    deleted_by = StringField(db_field="deletedBy")
    outbox = ListField(DictField())
    outbox_due = DateTimeField(db_field="outboxDue")

    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "erasures",
        "auto_create_index": False,
        "indexes": [["company_id", "erased_files"]],
    }


class ProjectRecord(Document):  # type: ignore[misc]
    """A project. `schema` is JSON, since clients choose names in it; empty lists of languages and members mean all.
    `marks` as with documents.
    """

    id = StringField(primary_key=True)
    company_id = StringField(db_field="companyId")
    number = IntField()
    name = StringField()
    note = StringField()
    ocr_engine = StringField(db_field="ocrEngine")
    ocr_features = ListField(StringField(), db_field="ocrFeatures")
    ocr_languages = ListField(StringField(), db_field="ocrLanguages")
    extraction_model_id = StringField(db_field="extractionModelId")
    completion = StringField()
    duplicates = StringField()
    members = ListField(StringField())
    retention_days = IntField(db_field="retentionDays")
    is_live = BooleanField(db_field="isLive")
    schema = StringField()
    created_at = DateTimeField(db_field="createdAt")
    created_by = StringField(db_field="createdBy")
    updated_at = DateTimeField(db_field="updatedAt")
    updated_by = StringField(db_field="updatedBy")
    version = IntField()
    marks = ListField(DictField())

    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "projects",
        "auto_create_index": False,
        "indexes": [
            ["company_id", "created_at", "id"],
            {"fields": ["company_id", "number"], "unique": True},
        ],
    }


class RoutingRecord(Document):  # type: ignore[misc]
    """A routing. `routing_node` is JSON, as sent. `marks` as with documents."""

    id = StringField(primary_key=True)
    company_id = StringField(db_field="companyId")
    name = StringField()
    from_project_id = StringField(db_field="fromProjectId")
    to_project_id = StringField(db_field="toProjectId")
    routing_node = StringField(db_field="routingNode")
    post_routing_action = StringField(db_field="postRoutingAction")
    active = BooleanField()
    order = IntField()
    created_at = DateTimeField(db_field="createdAt")
    created_by = StringField(db_field="createdBy")
    modified_at = DateTimeField(db_field="modifiedAt")
    modified_by = StringField(db_field="modifiedBy")
    marks = ListField(DictField())

    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "routings",
        "auto_create_index": False,
        "indexes": [
            ["company_id", "created_at", "id"],
            ["company_id", "from_project_id", "active"],
        ],
    }
