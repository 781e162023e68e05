"""Companies and clients between domain and MongoDB."""

from __future__ import annotations

import dataclasses
from typing import Any

from mongoengine.connection import get_db

from services.auth.domain.clients import AuthMethod, Client, Company, Digest, Secret, States
from services.auth.models import (
    ALIAS,
    ApiKeyRecord,
    ClientRecord,
    CompanyRecord,
    RevokedTokenRecord,
    SecretRecord,
    UsedAssertionRecord,
)
from shared import database


class MongoDirectory:
    """The `Directory` port over mongoengine. Nothing is sent to the server before it is used."""

    def __init__(self, mongodb_url: str) -> None:
        database.connect(mongodb_url, ALIAS)
        self._numbers = database.Numbers(get_db(ALIAS)["numbers"])

    def prepare(self) -> None:
        """Make the indexes that queries rely on, on a server that keeps our guarantees."""
        database.refuse_standalone(ALIAS)
        for record in (ClientRecord, ApiKeyRecord, RevokedTokenRecord, UsedAssertionRecord):
            record.ensure_indexes()

    def is_up(self) -> bool:
        return database.is_up(ALIAS)

    def client(self, client_id: str) -> Client | None:
        record = ClientRecord.objects(id=client_id).first()
        return _client(record) if record else None

    def found(self, company: Company, client: Client) -> None:
        CompanyRecord.objects(id=company.id).update_one(
            set__name=company.name,
            set_on_insert__number=company.number,
            set_on_insert__created_at=company.created_at,
            upsert=True,
        )
        kept = ("id", "created_at")
        given = {f"set__{name}": value for name, value in _client_fields(client).items() if name not in kept}
        ClientRecord.objects(id=client.id).update_one(**given, set_on_insert__created_at=client.created_at, upsert=True)

    def next_number(self) -> int:
        return self._numbers.next("-", "company")


def _client_fields(client: Client) -> dict[str, Any]:
    plain = {field.name: getattr(client, field.name) for field in dataclasses.fields(client)}
    return plain | {
        "scopes": sorted(client.scopes),
        "auth_method": client.auth_method.value,
        "secrets": [_secret_record(secret) for secret in client.secrets],
        "jwks": [dict(key) for key in client.jwks],
        "projects": None if client.projects is None else sorted(client.projects),
        "networks": list(client.networks),
        "states": client.states.value,
    }


def _client(record: ClientRecord) -> Client:
    plain = {field.name: getattr(record, field.name) for field in dataclasses.fields(Client)}
    return Client(
        **plain
        | {
            "scopes": frozenset(record.scopes),
            "auth_method": AuthMethod(record.auth_method),
            "secrets": tuple(_secret(secret) for secret in record.secrets),
            "jwks": tuple(dict(key) for key in record.jwks),
            "projects": None if record.projects is None else frozenset(record.projects),
            "networks": tuple(record.networks),
            "states": States(record.states),
        }
    )


def _secret_record(secret: Secret) -> SecretRecord:
    return SecretRecord(
        id=secret.id,
        pepper_id=secret.digest.pepper_id,
        digest=secret.digest.value,
        created_at=secret.created_at,
        not_after=secret.not_after,
    )


def _secret(record: SecretRecord) -> Secret:
    return Secret(record.id, Digest(record.pepper_id, bytes(record.digest)), record.created_at, record.not_after)
