"""How companies, clients and API keys become records, and records them; and how a new record is kept."""

from __future__ import annotations

import dataclasses
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from services.auth.domain.clients import (
    ApiKey,
    AuthMethod,
    Client,
    Company,
    Declared,
    Digest,
    Secret,
    States,
)
from services.auth.models import ApiKeyRecord, ClientRecord, CompanyRecord, DeclaredRecord, SecretRecord
from shared.database import Record
from shared.plans import DEFAULT


def insert(collection: Collection[Record], record: Record) -> bool:
    """Whether the record was inserted; False when something of it that must be its own is taken."""
    try:
        collection.insert_one(record)
    except DuplicateKeyError:
        return False
    return True


def company_record(company: Company) -> CompanyRecord:
    return CompanyRecord(**_members(company))


def company_of(record: CompanyRecord) -> Company:
    return Company(record.id, record.name, record.number, record.created_at, record.disabled_at)


def client_record(client: Client) -> ClientRecord:
    """Without the version: a record that never changed has none."""
    return ClientRecord(
        **_members(client)
        | {
            "scopes": sorted(client.scopes),
            "auth_method": client.auth_method.value,
            "secrets": [_secret_record(secret) for secret in client.secrets],
            "jwks": [dict(key) for key in client.jwks],
            "projects": None if client.projects is None else sorted(client.projects),
            "networks": list(client.networks),
            "states": client.states.value,
            "declared": client.declared and _declared_record(client.declared),
            "version": None,
        }
    )


def client_of(record: ClientRecord) -> Client:
    """The client. What records of earlier versions lack is as it was before it could be said."""
    plain = {field.name: getattr(record, field.name) for field in dataclasses.fields(Client)}
    return Client(
        **plain
        | {
            "scopes": frozenset(record.scopes),
            "auth_method": AuthMethod(record.auth_method or AuthMethod.SECRET),
            "secrets": tuple(_secret(secret) for secret in record.secrets),
            "jwks": tuple(dict(key) for key in record.jwks),
            "plan": record.plan or DEFAULT,
            "projects": None if record.projects is None else frozenset(record.projects),
            "networks": tuple(record.networks),
            "states": States(record.states or States.ALL),
            "created_by": record.created_by or "",
            "updated_at": record.updated_at or record.created_at,
            "revoked_before": record.revoked_before or 0,
            "declared": record.declared and _declared(record.declared),
            "version": record.version or 0,
        }
    )


def api_key_record(key: ApiKey) -> ApiKeyRecord:
    return ApiKeyRecord(**_members(key) | {"pepper_id": key.digest.pepper_id, "digest": key.digest.value})


def api_key_of(record: ApiKeyRecord) -> ApiKey:
    plain = {field.name: getattr(record, field.name) for field in dataclasses.fields(ApiKey)}
    return ApiKey(**plain | {"digest": Digest(record.pepper_id, bytes(record.digest))})


def _members(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def _secret_record(secret: Secret) -> SecretRecord:
    return SecretRecord(
        **_members(secret) | {"pepper_id": secret.digest.pepper_id, "digest": secret.digest.value},
    )


def _secret(record: SecretRecord) -> Secret:
    return Secret(record.id, Digest(record.pepper_id, bytes(record.digest)), record.created_at, record.not_after)


def _declared_record(declared: Declared) -> DeclaredRecord:
    key = declared.api_key
    return DeclaredRecord(
        secret_pepper_id=declared.secret.pepper_id,
        secret_digest=declared.secret.value,
        scopes=sorted(declared.scopes),
        key_pepper_id=key and key.pepper_id,
        key_digest=key and key.value,
    )


def _declared(record: DeclaredRecord) -> Declared:
    return Declared(
        Digest(record.secret_pepper_id, bytes(record.secret_digest)),
        frozenset(record.scopes),
        record.key_digest and Digest(record.key_pepper_id, bytes(record.key_digest)),
    )
