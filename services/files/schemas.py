"""What files asks of queries, and the bodies of its answers."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from services.files.domain.files import Selection
from shared.web.bodies import AnswerSchema, CamelSchema, ListQuery, ListSchema, slice_of
from shared.web.fields import Include, Moment, NumberFilter
from shared.web.refusals import Problem

_FILE = {"example": "0b24f0ab-0ab3-4e6d-9d40-d2a3a41b33f5"}
_SHA256 = {"example": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
_DUPLICATE = {
    "description": "The company's oldest file with the same bytes, if that is another one.",
    "example": "7d6f3c52-9a3e-4b0e-8a51-6c2f0e1d4b7a",
}


class StoredFile(AnswerSchema):
    """What an upload is answered with."""

    id = fields.String(required=True, metadata={"description": "For POST /v2/documents/process-file.", **_FILE})
    duplicate_of = fields.String(metadata=_DUPLICATE)


class FileMetadata(AnswerSchema):
    """What is known of a file."""

    id = fields.String(required=True, metadata=_FILE)
    number = fields.Integer(metadata={"description": "With `include=number` only.", "example": 17})
    name = fields.String(required=True, metadata={"example": "Invoice March.pdf"})
    media_type = fields.String(required=True, attribute="blob.media_type", metadata={"example": "application/pdf"})
    size = fields.Integer(required=True, attribute="blob.size", metadata={"description": "In bytes.", "example": 84213})
    sha256 = fields.String(required=True, attribute="blob.sha256", metadata=_SHA256)
    created_at = Moment(required=True)
    created_by = fields.String(required=True, metadata={"example": "client-6040dc9680b782b365ea77d5"})
    duplicate_of = fields.String(metadata=_DUPLICATE)


class FileList(ListSchema):
    """A part of the files, and how many there are in all."""

    data = fields.List(fields.Nested(FileMetadata), required=True)


class ResumableUpload(AnswerSchema):
    """An upload that may come in several requests."""

    id = fields.String(required=True, metadata={"example": "5a1d6a57-58b5-4b63-9c7e-0f6f1f3f6a3e"})
    offset = fields.Integer(required=True, metadata={"description": "How many bytes are there.", "example": 1048576})
    length = fields.Integer(required=True, metadata={"description": "How many bytes it will have.", "example": 8388608})
    expires_at = Moment(required=True)
    file_id = fields.String(metadata={"description": "The file that it became, with its last byte.", **_FILE})


class TusProblem(Problem):
    """The body of a refusal where tus is spoken: that of any other, with the headers of tus."""


class FileQuery(CamelSchema):
    """What of a file."""

    include = Include("number")


class FilesQuery(ListQuery):
    """Which files, and what of them."""

    sha256 = fields.String(
        # By length and pattern, because `$` alone would let a line end pass.
        validate=[validate.Length(equal=64), validate.Regexp("^[0-9a-fA-F]{64}$", error="Must be 64 hex digits.")],
        metadata={"description": "Only those with these bytes, oldest first.", **_SHA256},
    )
    number = NumberFilter()
    include = Include("number")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        sha256 = data.get("sha256")
        return {
            "selection": Selection(sha256 and sha256.lower(), data.get("number")),
            "part": slice_of(data, descending=sha256 is None),
            "include": data["include"],
        }
