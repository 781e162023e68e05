"""What the token endpoint and its kin are sent and answer."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.contracts.auth import INTROSPECTION_PATH, JWKS_PATH, REVOCATION_PATH, TOKEN_PATH
from shared.web.fields import StrictSchema

_CLIENT = {"example": "client-6040dc9680b782b365ea77d5"}
_COMPANY = {"example": "6040dc9680b782b365ea77d5"}
_ISSUER = "https://paperlane.example.com"
_SCOPES = "documents.read documents.write"
_METHODS = {"example": ["client_secret_basic", "client_secret_post", "private_key_jwt"]}
_ALGORITHMS = {"example": ["ES256", "RS256", "PS256"]}
_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "kid": "2026-03",
    "alg": "ES256",
    "use": "sig",
}


class Token(StrictSchema):
    """RFC 6749 §5.1."""

    access_token = fields.String(
        required=True,
        attribute="token",
        metadata={"example": "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJjbGllbnQifQ.c2lnbmF0dXJl"},
    )
    token_type = fields.Constant("Bearer", required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds.", "example": 3600})
    scope = fields.String(
        required=True, metadata={"description": "What the token may do, separated by spaces.", "example": _SCOPES}
    )


class Introspection(StrictSchema):
    """RFC 7662 §2.2. Of a token that is good and of the caller's company all members, of any other `active` alone."""

    active = fields.Boolean(required=True)
    token_type = fields.String(metadata={"example": "Bearer"})
    scope = fields.String(metadata={"example": _SCOPES})
    client_id = fields.String(metadata=_CLIENT)
    company_id = fields.String(metadata=_COMPANY)
    sub = fields.String(metadata=_CLIENT)
    aud = fields.String(metadata={"example": "paperlane"})
    iss = fields.String(metadata={"example": _ISSUER})
    jti = fields.String(metadata={"example": "0b24f0ab-0ab3-4e6d-9d40-d2a3a41b33f5"})
    iat = fields.Integer(metadata={"example": 1772443800})
    exp = fields.Integer(metadata={"example": 1772447400})
    plan = fields.String(metadata={"example": "default"})
    projects = fields.List(fields.String(), metadata={"example": [_COMPANY["example"]]})
    networks = fields.List(fields.String(), metadata={"example": ["192.0.2.0/24"]})
    states = fields.String(metadata={"example": "all"})
    api_key = fields.String(metadata=_COMPANY)


class KeySet(StrictSchema):
    """RFC 7517 §5."""

    keys = fields.List(fields.Dict(), required=True, metadata={"example": [_KEY]})


class Metadata(StrictSchema):
    """RFC 8414 §2."""

    issuer = fields.String(required=True, metadata={"example": _ISSUER})
    token_endpoint = fields.String(required=True, metadata={"example": _ISSUER + TOKEN_PATH})
    token_endpoint_auth_methods_supported = fields.List(fields.String(), required=True, metadata=_METHODS)
    token_endpoint_auth_signing_alg_values_supported = fields.List(fields.String(), required=True, metadata=_ALGORITHMS)
    introspection_endpoint = fields.String(required=True, metadata={"example": _ISSUER + INTROSPECTION_PATH})
    introspection_endpoint_auth_methods_supported = fields.List(fields.String(), required=True, metadata=_METHODS)
    introspection_endpoint_auth_signing_alg_values_supported = fields.List(
        fields.String(), required=True, metadata=_ALGORITHMS
    )
    revocation_endpoint = fields.String(required=True, metadata={"example": _ISSUER + REVOCATION_PATH})
    revocation_endpoint_auth_methods_supported = fields.List(fields.String(), required=True, metadata=_METHODS)
    revocation_endpoint_auth_signing_alg_values_supported = fields.List(
        fields.String(), required=True, metadata=_ALGORITHMS
    )
    jwks_uri = fields.String(required=True, metadata={"example": _ISSUER + JWKS_PATH})
    scopes_supported = fields.List(
        fields.String(), required=True, metadata={"example": ["documents.read", "documents.write"]}
    )
    response_types_supported = fields.List(fields.String(), required=True, metadata={"example": []})
    grant_types_supported = fields.List(fields.String(), required=True, metadata={"example": ["client_credentials"]})


class ShownApiKey(StrictSchema):
    """What the gateway was shown."""

    key = fields.String(required=True, validate=validate.Length(max=200))
