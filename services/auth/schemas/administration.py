"""What is sent to keep companies, clients and API keys; it reaches the views as members of the domain's classes."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from services.auth.domain.clients import LONGEST_LIFETIME_SECONDS, AuthMethod, States
from services.auth.schemas.jwks import MAX_KEYS, PublicKey, differently_named
from shared.listing import Slice
from shared.scopes import SCOPES
from shared.web.bodies import HEX_ID, CamelSchema, ListQuery, slice_of, text
from shared.web.fields import Include, NumberFilter, StrictBoolean

MAX_NAME = 100
MAX_PROJECTS = 50
MAX_NETWORKS = 20
MAX_OVERLAP_SECONDS = 30 * 86_400
DEFAULT_OVERLAP_SECONDS = 86_400
_SCOPE = validate.OneOf(list(SCOPES), error="There is no scope {input}. GET /v2/openapi.json lists them.")


class Network(fields.String):
    """A CIDR without bits beside its prefix, in the one spelling that networks are compared in."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        given = str(super()._deserialize(value, attr, data, **more))
        try:
            if "%" in given:  # a zone is any text, with blanks and commas too (RFC 4007 §11.2)
                raise ValueError("it has a zone")
            return str(ip_network(given))
        except ValueError as fault:
            raise ValidationError(f"Must be a network such as 192.0.2.0/24 or 2001:db8::/32: {fault}.") from None


class _Members(CamelSchema):
    """What may be said of a client, new or not."""

    scopes = fields.List(
        fields.String(validate=_SCOPE),
        validate=validate.Length(1, len(SCOPES)),
        metadata={"description": "What it may do; none that your own token lacks.", "example": ["documents.read"]},
    )
    lifetime_seconds = fields.Integer(
        strict=True,
        validate=validate.Range(60, LONGEST_LIFETIME_SECONDS),
        metadata={"description": "How long its tokens are good; 3600 by default.", "example": 3600},
    )
    plan = text(40, 1, metadata={"description": "How often it may call: the name of a plan of this installation."})
    projects = fields.List(
        fields.String(validate=HEX_ID),
        allow_none=True,
        validate=validate.Length(max=MAX_PROJECTS),
        metadata={"description": "The only projects that it sees; null for all.", "example": None},
    )
    networks = fields.List(
        Network(),
        validate=validate.Length(max=MAX_NETWORKS),
        metadata={"description": "Where it may call from (CIDR); from anywhere if empty.", "example": []},
    )
    states = fields.Enum(
        States,
        by_value=True,
        metadata={"description": "Whether it is shown all document states, or those of the published contract only."},
    )
    auth_method = fields.Enum(
        AuthMethod,
        by_value=True,
        metadata={"description": "How it proves who it is: a secret, or a JWT that it signs (RFC 7523)."},
    )
    jwks = fields.List(
        PublicKey(),
        validate=[validate.Length(1, MAX_KEYS), differently_named],
        metadata={
            "description": "Its public keys (RFC 7517), each with kid and alg (ES256, RS256, PS256), for "
            "private_key_jwt.",
            "items": {"type": "object"},
        },
    )
    disabled = StrictBoolean(metadata={"description": "A disabled client gets no tokens, and those it has are void."})

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        sets = {name: frozenset(data[name]) for name in ("scopes", "projects") if data.get(name) is not None}
        tuples = {name: tuple(data[name]) for name in ("jwks",) if name in data}
        networks = {"networks": tuple(dict.fromkeys(data["networks"]))} if "networks" in data else {}
        return {**data, **sets, **tuples, **networks}


class ClientCreate(_Members):
    """A new client. Scopes that are left out are your own token's without `clients.manage` and `companies.manage`;
    projects and networks that are left out are what your own token is limited to.
    """

    name = text(MAX_NAME, 1, required=True, metadata={"example": "ERP export"})


class ClientChange(_Members):
    """What shall be different of a client; what is left out stays. Taking something away voids the tokens it has."""

    name = text(MAX_NAME, 1, metadata={"example": "ERP export"})


class FirstClient(_Members):
    """The first client of a new company. Its scopes are, unless named, your own token's without `companies.manage`."""

    name = text(MAX_NAME, 1, metadata={"example": "first client"})


class CompanyCreate(CamelSchema):
    """A new company."""

    name = text(MAX_NAME, 1, required=True, metadata={"example": "Second company"})
    client = fields.Nested(FirstClient, load_default=dict)


class CompanyChange(CamelSchema):
    """What shall be different of a company; what is left out stays."""

    name = text(MAX_NAME, 1, metadata={"example": "Second company"})
    disabled = StrictBoolean(metadata={"description": "A disabled company gets no tokens, and those it has are void."})


class Rotation(CamelSchema):
    """How long the present secret stays good."""

    overlap_seconds = fields.Integer(
        strict=True,
        load_default=DEFAULT_OVERLAP_SECONDS,
        validate=validate.Range(0, MAX_OVERLAP_SECONDS),
        metadata={"example": 3600},
    )


class ApiKeyCreate(CamelSchema):
    """A new API key."""

    name = text(MAX_NAME, 1, required=True, metadata={"example": "Scanner, second floor"})


class PartQuery(ListQuery):
    """Which part of a list, newest first."""

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Slice:
        return slice_of(data)


class CompaniesQuery(ListQuery):
    """Which companies, newest first, and what of them."""

    number = NumberFilter()
    include = Include("number")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {"part": slice_of(data), "number": data.get("number"), "include": data["include"]}


class CompanyQuery(CamelSchema):
    """What of a company."""

    include = Include("number")
