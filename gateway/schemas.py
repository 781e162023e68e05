"""The bodies of the gateway's own answers."""

from __future__ import annotations

from marshmallow import INCLUDE, Schema


class OpenApiDocument(Schema):
    """An OpenAPI 3.1 document."""

    class Meta:
        unknown = INCLUDE
