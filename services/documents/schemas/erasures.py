"""The proof of a deletion as clients get it."""

from __future__ import annotations

from marshmallow import fields

from services.documents.domain.states import State
from shared.web.bodies import AnswerSchema, CamelSchema
from shared.web.fields import Moment


class FormerFile(CamelSchema):
    """A file of the document; `erased` with it, unless another document has it too."""

    id = fields.String(required=True, metadata={"example": "0b24f0ab-0ab3-4e6d-9d40-d2a3a41b33f5"})
    erased = fields.Boolean(required=True, metadata={"example": True})


class Erasure(AnswerSchema):
    """What a document was that is deleted. `state` is its last one, `sha256` that of its main file."""

    document_id = fields.String(required=True, metadata={"example": "6040dc9680b782b365ea77d5"})
    project_id = fields.String(required=True, metadata={"example": "6040dc9680b782b365ea77d5"})
    case_id = fields.String(required=True, metadata={"example": "01934567-89ab-7cde-8f01-23456789abcd"})
    state = fields.Enum(State, by_value=True, required=True, metadata={"example": "transferred"})
    files = fields.List(fields.Nested(FormerFile), required=True)
    sha256 = fields.String(
        metadata={
            "description": "In hex; left out where an earlier release kept the document without it.",
            "example": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        }
    )
    created_at = Moment(required=True)
    deleted_at = Moment(required=True)
    deleted_by = fields.String(required=True, metadata={"example": "erp-connector"})
