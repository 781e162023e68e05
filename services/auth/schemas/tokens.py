"""What the token endpoint and its kin are sent and answer."""

from __future__ import annotations

from marshmallow import fields, validate

from shared.web.fields import StrictSchema


class Token(StrictSchema):
    """RFC 6749 §5.1."""

    access_token = fields.String(required=True, attribute="token")
    token_type = fields.Constant("Bearer", required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds."})
    scope = fields.String(required=True, metadata={"description": "What the token may do, separated by spaces."})


class Introspection(StrictSchema):
    """RFC 7662 §2.2. Of a token that is good and of the caller's company all members, of any other `active` alone."""

    active = fields.Boolean(required=True)
    token_type = fields.String()
    scope = fields.String()
    client_id = fields.String()
    company_id = fields.String()
    sub = fields.String()
    aud = fields.String()
    iss = fields.String()
    jti = fields.String()
    iat = fields.Integer()
    exp = fields.Integer()
    plan = fields.String()
    projects = fields.List(fields.String())
    networks = fields.List(fields.String())
    states = fields.String()
    api_key = fields.String()


class KeySet(StrictSchema):
    """RFC 7517 §5."""

    keys = fields.List(fields.Dict(), required=True)


class Metadata(StrictSchema):
    """RFC 8414 §2."""

    issuer = fields.String(required=True)
    token_endpoint = fields.String(required=True)
    token_endpoint_auth_methods_supported = fields.List(fields.String(), required=True)
    token_endpoint_auth_signing_alg_values_supported = fields.List(fields.String(), required=True)
    introspection_endpoint = fields.String(required=True)
    introspection_endpoint_auth_methods_supported = fields.List(fields.String(), required=True)
    introspection_endpoint_auth_signing_alg_values_supported = fields.List(fields.String(), required=True)
    revocation_endpoint = fields.String(required=True)
    revocation_endpoint_auth_methods_supported = fields.List(fields.String(), required=True)
    revocation_endpoint_auth_signing_alg_values_supported = fields.List(fields.String(), required=True)
    jwks_uri = fields.String(required=True)
    scopes_supported = fields.List(fields.String(), required=True)
    response_types_supported = fields.List(fields.String(), required=True)
    grant_types_supported = fields.List(fields.String(), required=True)


class ShownApiKey(StrictSchema):
    """What the gateway was shown."""

    key = fields.String(required=True, validate=validate.Length(max=200))
