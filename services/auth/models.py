"""How companies, clients and users lie in MongoDB."""

from __future__ import annotations

from mongoengine import (
    BinaryField,
    BooleanField,
    DateTimeField,
    DictField,
    Document,
    EmbeddedDocument,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    LongField,
    StringField,
)

ALIAS = "auth"


class CompanyRecord(Document):  # type: ignore[misc]
    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "companies",
        "auto_create_index": False,
        "indexes": [
            ["created_at", "id"],
            {"fields": ["number"], "unique": True},
            {"fields": ["disabled_at"], "sparse": True},
        ],
    }

    id = StringField(primary_key=True)
    name = StringField(required=True)
    number = IntField(required=True)
    created_at = DateTimeField(required=True, db_field="createdAt")
    disabled_at = DateTimeField(db_field="disabledAt")
    marks = ListField(DictField())


class SecretRecord(EmbeddedDocument):  # type: ignore[misc]
    """A client secret: its digest, and the id of the pepper it was digested with."""

    id = StringField(required=True)
    pepper_id = StringField(required=True, db_field="pepperId")
    digest = BinaryField(required=True)
    created_at = DateTimeField(required=True, db_field="createdAt")
    not_after = DateTimeField(db_field="notAfter")


class DeclaredRecord(EmbeddedDocument):  # type: ignore[misc]
    """What the settings declared last: digests, and the ids of the peppers they were digested with."""

    secret_pepper_id = StringField(required=True, db_field="secretPepperId")
    secret_digest = BinaryField(required=True, db_field="secretDigest")
    scopes = ListField(StringField())
    key_pepper_id = StringField(db_field="keyPepperId")
    key_digest = BinaryField(db_field="keyDigest")


class ClientRecord(Document):  # type: ignore[misc]
    """A client. A deleted one stays, without its secrets, until `forget_at`: the trust document has to name it."""

    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "clients",
        "auto_create_index": False,
        # Those of earlier versions hold members that are read no more.
        "strict": False,
        "indexes": [
            ["company_id", "created_at", "id"],
            "revoked_before",
            {"fields": ["disabled_at"], "sparse": True},
            {"fields": ["deleted_at"], "sparse": True},
            {"fields": ["forget_at"], "expireAfterSeconds": 0},
        ],
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
    declared = EmbeddedDocumentField(DeclaredRecord)
    version = IntField()
    deleted_at = DateTimeField(db_field="deletedAt")
    forget_at = DateTimeField(db_field="forgetAt")
    marks = ListField(DictField())


class ApiKeyRecord(Document):  # type: ignore[misc]
    """An API key. A revoked one stays until `forget_at`: the trust document has to name it."""

    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "api_keys",
        "auto_create_index": False,
        "indexes": [
            ["company_id", "client_id", "created_at", "id"],
            {"fields": ["digest"], "unique": True},
            {"fields": ["revoked_at"], "sparse": True},
            {"fields": ["forget_at"], "expireAfterSeconds": 0},
        ],
    }

    id = StringField(primary_key=True)
    client_id = StringField(required=True, db_field="clientId")
    company_id = StringField(required=True, db_field="companyId")
    name = StringField(required=True)
    pepper_id = StringField(required=True, db_field="pepperId")
    digest = BinaryField(required=True)
    hint = StringField(required=True)
    created_at = DateTimeField(required=True, db_field="createdAt")
    created_by = StringField(required=True, db_field="createdBy")
    revoked_at = DateTimeField(db_field="revokedAt")
    forget_at = DateTimeField(db_field="forgetAt")
    marks = ListField(DictField())


class UserRecord(Document):  # type: ignore[misc]
    """A user. `sought` is what a search looks in; behind the order of lists in their index, nothing else is read."""

    meta = {  # noqa: RUF012
        "db_alias": ALIAS,
        "collection": "users",
        "auto_create_index": False,
        "indexes": [
            ["company_id", "created_at", "id", "sought"],
            ["company_id", "active", "created_at", "id"],
            ["company_id", "roles", "created_at", "id"],
        ],
    }

    id = StringField(primary_key=True)
    company_id = StringField(required=True, db_field="companyId")
    email = StringField(required=True)
    name = StringField(required=True)
    roles = ListField(StringField())
    active = BooleanField(required=True)
    is_internal = BooleanField(required=True, db_field="isInternal")
    created_at = DateTimeField(required=True, db_field="createdAt")
    sought = StringField(required=True)


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
