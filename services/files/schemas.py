"""The bodies of files' answers."""

from __future__ import annotations

from marshmallow import fields

from shared.web.fields import StrictSchema


class StoredFile(StrictSchema):
    """What an upload is answered with."""

    id = fields.String(
        required=True,
        metadata={
            "description": "For POST /v2/documents/process-file.",
            "example": "0b24f0ab-0ab3-4e6d-9d40-d2a3a41b33f5",
        },
    )
