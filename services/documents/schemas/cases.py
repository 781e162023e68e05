"""Cases as clients send and get them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from services.documents.domain.cases import MAX_FILES, CaseState
from services.documents.domain.listing import CaseSelection
from services.documents.domain.states import State
from services.documents.schemas.answers import Accepted
from services.documents.schemas.values import SORT_KEYS, Sort, slice_of_sorted
from shared.listing import Slice
from shared.web.bodies import HEX_ID, AnswerSchema, CamelSchema, ListQuery, ListSchema, text
from shared.web.fields import Include, Moment, NumberFilter

MAX_NAME = 256
_CASE = {"example": "01934567-89ab-7cde-8f01-23456789abcd"}
_DOCUMENT = {"example": "6040dc9680b782b365ea77d5"}
_FILE = {"example": "0b24f0ab-0ab3-4e6d-9d40-d2a3a41b33f5"}
_NAME = {"example": "Delivery of 2 March"}
_CLIENT = {"example": "client-6040dc9680b782b365ea77d5"}


def _refuse_twice(file_ids: Sequence[str]) -> None:
    """Each file once: it makes one document in a case."""
    seen: set[str] = set()
    for place, file_id in enumerate(file_ids):
        if file_id in seen:
            raise ValidationError({place: ["Must not be sent twice."]})
        seen.add(file_id)


def _file_ids() -> fields.List[str]:
    described = {"example": [_FILE["example"]], "uniqueItems": True}
    limits: list[Any] = [validate.Length(1, MAX_FILES), _refuse_twice]
    return fields.List(fields.String(), required=True, validate=limits, metadata=described)


class CaseCreate(CamelSchema):
    """The project that the files of the case will be processed in, and what the client calls the case."""

    project_id = fields.String(required=True, metadata=_DOCUMENT)
    name = text(MAX_NAME, 1, metadata=_NAME)


class CaseFiles(CamelSchema):
    """The files to put into the case."""

    file_ids = _file_ids()


class ProcessFiles(CamelSchema):
    """The files to process together, and the project to process them in."""

    file_ids = _file_ids()
    project_id = fields.String(required=True, metadata=_DOCUMENT)


class CaseQuery(CamelSchema):
    """What to show of a case."""

    include = Include("number")


class CasesQuery(ListQuery):
    """Which cases, and what of them."""

    project_id = fields.List(
        fields.String(validate=HEX_ID),
        load_default=(),
        metadata={"description": "Only of any of these projects.", "example": [_DOCUMENT["example"]]},
    )
    state = fields.List(
        fields.Enum(CaseState, by_value=True),
        load_default=(),
        metadata={"description": "Only in any of these states.", "example": ["processing"]},
    )
    number = NumberFilter()
    include = Include("number")
    sort = Sort(*SORT_KEYS)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tuple[CaseSelection, Slice, bool]:
        selection = CaseSelection(data["project_id"], data["state"], data.get("number"))
        return selection, slice_of_sorted(data), "number" in data["include"]


class Case(AnswerSchema):
    """What arrives together. An `open` case takes `fileIds`; `completed` means that nothing is left to do with any of
    its documents, `failed` that all of them failed.
    """

    id = fields.String(required=True, metadata=_CASE)
    number = fields.Integer(metadata={"description": "With `include=number` only.", "example": 17})
    name = fields.String(metadata=_NAME)
    project_id = fields.String(required=True, metadata=_DOCUMENT)
    state = fields.Enum(CaseState, by_value=True, required=True, metadata={"example": "open"})
    file_ids = fields.List(
        fields.String(),
        metadata={"description": "Of an open case: what will be processed.", "example": [_FILE["example"]]},
    )
    created_at = Moment(required=True)
    created_by = fields.String(required=True, metadata=_CLIENT)
    updated_at = Moment(required=True)
    updated_by = fields.String(required=True, metadata=_CLIENT)


class CaseDocument(CamelSchema):
    """A document of a case, and how far it is."""

    document_id = fields.String(required=True, attribute="id", metadata=_DOCUMENT)
    file_id = fields.String(required=True, metadata=_FILE)
    state = fields.Enum(State, by_value=True, required=True, metadata={"example": "processing"})


class WholeCase(Case):
    """A case with its documents, in the order of its files."""

    documents = fields.List(fields.Nested(CaseDocument), required=True)


class CaseList(ListSchema):
    """A part of the cases, and how many there are in all."""

    data = fields.List(fields.Nested(Case), required=True)


class AcceptedCase(CamelSchema):
    """The case, and the documents that processing has begun with: one for each file, in their order."""

    case_id = fields.String(required=True, metadata=_CASE)
    documents = fields.List(fields.Nested(Accepted), required=True)
