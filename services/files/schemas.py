"""The bodies of files' answers."""

from __future__ import annotations

from marshmallow import fields

from shared.web.fields import StrictSchema


class StoredFile(StrictSchema):
    """What an upload is answered with."""

    id = fields.UUID(required=True, metadata={"description": "For POST /v2/documents/process-file."})
