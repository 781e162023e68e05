"""The bodies of the token endpoint."""

from __future__ import annotations

from marshmallow import fields

from shared.web.fields import StrictSchema


class Token(StrictSchema):
    """RFC 6749 §5.1."""

    access_token = fields.String(required=True, attribute="token")
    token_type = fields.Constant("Bearer", required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds."})
    scope = fields.String(required=True, metadata={"description": "What the token may do, separated by spaces."})
