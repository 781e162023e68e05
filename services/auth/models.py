"""How companies and clients lie in MongoDB."""

from __future__ import annotations

from mongoengine import (
    BinaryField,
    DateTimeField,
    DictField,
    Document,
    EmbeddedDocument,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    LongField,
    StringField,
)

ALIAS = "auth"


class CompanyRecord(Document):  # type: ignore[misc]
    meta = {"db_alias": ALIAS, "collection": "companies", "auto_create_index": False}  # noqa: RUF012

    id = StringField(primary_key=True)
    name = StringField(required=True)
    number = IntField(required=True)
    created_at = DateTimeField(required=True, db_field="createdAt")
    disabled_at = DateTimeField(db_field="disabledAt")


class SecretRecord(EmbeddedDocument):  # type: ignore[misc]
    """A client secret: its digest, and the id of the pepper it was digested with."""

    id = StringField(required=True)
    pepper_id = StringField(required=True, db_field="pepperId")
    digest = BinaryField(required=True)
    created_at = DateTimeField(required=True, db_field="createdAt")
    not_after = DateTimeField(db_field="notAfter")


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
    auth_method = StringField(required=True, db_field="authMethod")
    secrets = EmbeddedDocumentListField(SecretRecord)
    jwks = ListField(DictField())
    lifetime_seconds = IntField(required=True, db_field="lifetimeSeconds")
    plan = StringField(required=True)
    projects = ListField(StringField(), null=True, default=None)
    networks = ListField(StringField())
    states = StringField(required=True)
    disabled_at = DateTimeField(db_field="disabledAt")
    revoked_before = LongField(required=True, db_field="revokedBefore")
    created_at = DateTimeField(required=True, db_field="createdAt")
    created_by = StringField(required=True, db_field="createdBy")
    updated_at = DateTimeField(required=True, db_field="updatedAt")


class ApiKeyRecord(Document):  # type: ignore[misc]
    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "api_keys",
        "auto_create_index": False,
        "indexes": ["company_id", "client_id", {"fields": ["digest"], "unique": True}],
    }

    id = StringField(primary_key=True)
    client_id = StringField(required=True, db_field="clientId")
    company_id = StringField(required=True, db_field="companyId")
    name = StringField(required=True)
    pepper_id = StringField(required=True, db_field="pepperId")
    digest = BinaryField(required=True)
    created_at = DateTimeField(required=True, db_field="createdAt")
    created_by = StringField(required=True, db_field="createdBy")
    revoked_at = DateTimeField(db_field="revokedAt")


class RevokedTokenRecord(Document):  # type: ignore[misc]
    """A token that is void before its time; MongoDB forgets it once it has expired anyway."""

    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "revoked_tokens",
        "auto_create_index": False,
        "indexes": [{"fields": ["expires_at"], "expireAfterSeconds": 0}],
    }

    id = StringField(primary_key=True)
    expires_at = DateTimeField(required=True, db_field="expiresAt")


class UsedAssertionRecord(Document):  # type: ignore[misc]
    """A client assertion that was shown; the id is a SHA-256 of client and `jti`."""

    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "used_assertions",
        "auto_create_index": False,
        "indexes": [{"fields": ["expires_at"], "expireAfterSeconds": 0}],
    }

    id = StringField(primary_key=True)
    expires_at = DateTimeField(required=True, db_field="expiresAt")
