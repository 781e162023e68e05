"""How companies and clients lie in MongoDB."""

from __future__ import annotations

from mongoengine import BinaryField, BooleanField, DateTimeField, Document, IntField, ListField, StringField

ALIAS = "auth"


class CompanyRecord(Document):  # type: ignore[misc]
    meta = {"db_alias": ALIAS, "collection": "companies", "auto_create_index": False}  # noqa: RUF012

    id = StringField(primary_key=True)
    name = StringField(required=True)
    number = IntField(required=True)
    created_at = DateTimeField(required=True, db_field="createdAt")


class ClientRecord(Document):  # type: ignore[misc]
    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "clients",
        "auto_create_index": False,
        "indexes": ["company_id"],
    }

    id = StringField(primary_key=True)
    company_id = StringField(required=True, db_field="companyId")
    name = StringField(required=True)
    scopes = ListField(StringField())
    secret_digests = ListField(BinaryField(), db_field="secretDigests")
    lifetime_seconds = IntField(required=True, db_field="lifetimeSeconds")
    disabled = BooleanField(required=True)
    created_at = DateTimeField(required=True, db_field="createdAt")
