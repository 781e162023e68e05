"""What is answered about companies, clients and API keys. Never a digest; a secret only where it was just made."""

from __future__ import annotations

from marshmallow import fields

from services.auth.domain.clients import AuthMethod, States
from shared.web.bodies import CamelSchema, ListSchema
from shared.web.fields import Moment

_CLIENT = {"example": "client-6040dc9680b782b365ea77d5"}
_HEX = {"example": "6040dc9680b782b365ea77d5"}
_FALSE = {"type": "boolean", "example": False}
_SHOWN_ONCE = {"description": "Shown once. Keep it now.", "example": "kq0f4pYFq2mN8w1s3Zr7tXv5bJc9dLhG6uEaTiOyRsM"}
_UNLIMITED = {"example": None}


class Company(CamelSchema):
    """A company."""

    id = fields.String(required=True, metadata=_HEX)
    name = fields.String(required=True, metadata={"example": "Second company"})
    number = fields.Integer(
        attribute="shown_number", metadata={"description": "With `include=number` only.", "example": 17}
    )
    active = fields.Function(lambda company: company.disabled_at is None, required=True, metadata={"type": "boolean"})
    disabled_at = Moment(required=True, allow_none=True, metadata=_UNLIMITED)
    created_at = Moment(required=True)


class CompanyList(ListSchema):
    """A part of the companies, and how many there are in all."""

    data = fields.List(fields.Nested(Company), required=True)


class ClientSecret(CamelSchema):
    """A secret that is good until `notAfter`, for good if that is null; not its text."""

    id = fields.String(required=True, metadata=_HEX)
    created_at = Moment(required=True)
    not_after = Moment(required=True, allow_none=True, metadata=_UNLIMITED)


class Client(CamelSchema):
    """A client, and what limits it."""

    id = fields.String(required=True, metadata=_CLIENT)
    name = fields.String(required=True, metadata={"example": "ERP export"})
    scopes = fields.Function(
        lambda client: sorted(client.scopes),
        required=True,
        metadata={"type": "array", "items": {"type": "string"}, "example": ["documents.read"]},
    )
    lifetime_seconds = fields.Integer(required=True, metadata={"example": 3600})
    plan = fields.String(required=True, metadata={"example": "default"})
    projects = fields.Function(
        lambda client: None if client.projects is None else sorted(client.projects),
        required=True,
        metadata={"type": ["array", "null"], "items": {"type": "string"}, "description": "null: all.", "example": None},
    )
    networks = fields.List(
        fields.String(), required=True, metadata={"description": "Empty: from anywhere.", "example": []}
    )
    states = fields.Enum(States, by_value=True, required=True)
    auth_method = fields.Enum(AuthMethod, by_value=True, required=True)
    jwks = fields.List(fields.Dict(), required=True, metadata={"example": []})
    secrets = fields.List(fields.Nested(ClientSecret), required=True)
    disabled = fields.Function(lambda client: client.disabled_at is not None, required=True, metadata=_FALSE)
    created_at = Moment(required=True)
    created_by = fields.String(required=True, metadata=_CLIENT)
    updated_at = Moment(required=True)


class ClientList(ListSchema):
    """A part of the clients, and how many there are in all."""

    data = fields.List(fields.Nested(Client), required=True)


class NewClient(Client):
    """A client with its secret; null for one that signs."""

    secret = fields.String(required=True, allow_none=True, metadata=_SHOWN_ONCE)


class NewCompany(Company):
    """A company with its first client."""

    client = fields.Nested(NewClient, required=True)


class NewSecret(CamelSchema):
    """A secret with its text."""

    id = fields.String(required=True, attribute="secret.id", metadata=_HEX)
    client_id = fields.String(required=True, metadata=_CLIENT)
    secret = fields.String(required=True, attribute="text", metadata=_SHOWN_ONCE)
    created_at = Moment(required=True, attribute="secret.created_at")


class ApiKey(CamelSchema):
    """An API key by its name and its last characters."""

    id = fields.String(required=True, metadata=_HEX)
    client_id = fields.String(required=True, metadata=_CLIENT)
    name = fields.String(required=True, metadata={"example": "Scanner, second floor"})
    hint = fields.String(required=True, metadata={"description": "How it ends.", "example": "x7Kq"})
    created_at = Moment(required=True)
    created_by = fields.String(required=True, metadata=_CLIENT)


class ApiKeyList(ListSchema):
    """A part of a client's API keys, and how many there are in all."""

    data = fields.List(fields.Nested(ApiKey), required=True)


class NewApiKey(ApiKey):
    """An API key with its text, which goes into the header X-API-Key."""

    key = fields.String(
        required=True, metadata={**_SHOWN_ONCE, "example": "paperlane_kq0f4pYFq2mN8w1s3Zr7tXv5bJc9dLhG6uEaTiOyRsM"}
    )
