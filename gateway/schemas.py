"""The bodies of the gateway's own answers."""

from __future__ import annotations

from marshmallow import INCLUDE, Schema, fields


class OpenApiDocument(Schema):
    """An OpenAPI 3.1 document."""

    class Meta:
        unknown = INCLUDE

    openapi = fields.String(required=True, metadata={"example": "3.1.0"})
    info = fields.Dict(required=True, metadata={"example": {"title": "Paperlane", "version": "2.1.0"}})
    paths = fields.Dict(required=True, metadata={"example": {}})
