"""What clients get; members without a value are left out."""

from __future__ import annotations

from marshmallow import fields

from services.documents.domain.states import State
from shared.web.bodies import AnswerSchema, CamelSchema, ListSchema
from shared.web.fields import Moment

_DOCUMENT = {"example": "6040dc9680b782b365ea77d5"}
_FILE = {"example": "0b24f0ab-0ab3-4e6d-9d40-d2a3a41b33f5"}
_CLIENT = {"example": "erp-connector"}
_ENTITIES = {"example": {"number": "2018-DE-0011122351", "currency": "EUR", "totals": {"gross": 119}}}


class Accepted(CamelSchema):
    """The document that processing has begun with."""

    document_id = fields.String(required=True, attribute="id", metadata=_DOCUMENT)
    file_id = fields.String(required=True, metadata=_FILE)
    project_id = fields.String(required=True, metadata=_DOCUMENT)


class DocumentFile(AnswerSchema):
    """A file of the document; `type` is known once it was read."""

    id = fields.String(required=True, metadata=_FILE)
    type = fields.String(metadata={"example": "invoice"})
    main_file = fields.Boolean(required=True)


class Reason(AnswerSchema):
    """Why the document is where it is."""

    code = fields.String(required=True, attribute="reason", metadata={"example": "checks_not_passed"})
    message = fields.String(metadata={"example": "The lines add up to 108.00, but the net total says 110.00."})


class DocumentCheck(CamelSchema):
    """One check of what was read; a blocking one that did not pass sends the document to review."""

    code = fields.String(required=True, metadata={"example": "lines_add_up"})
    passed = fields.Boolean(required=True)
    blocking = fields.Boolean(required=True)
    message = fields.String(required=True, metadata={"example": "The lines add up to the net total."})
    fields_ = fields.List(
        fields.String(), data_key="fields", attribute="fields", required=True, metadata={"example": ["totals.net"]}
    )


class StateEntry(AnswerSchema):
    """A state the document came to. `attempt` counts its processings or, for transfers, the reports of transfer."""

    state = fields.Enum(State, by_value=True, required=True)
    updated_at = Moment(required=True, attribute="at")
    by = fields.String(required=True, metadata=_CLIENT)
    reason = fields.String(required=True, metadata={"example": "transfer_reported"})
    message = fields.String(metadata={"example": "Booked as 5105600123."})
    attempt = fields.Integer(required=True, metadata={"example": 1})


class ReportedTransfer(AnswerSchema):
    """What a client reported of a transfer to the target system; `attempt` counts these reports."""

    attempt = fields.Integer(required=True, metadata={"example": 1})
    successful = fields.Boolean(required=True)
    at = Moment(required=True)
    by = fields.String(required=True, metadata=_CLIENT)
    message = fields.String(metadata={"example": "Booked as 5105600123."})


class DocumentBase(AnswerSchema):
    """What is shown of a document wherever it is shown."""

    id = fields.String(required=True, metadata=_DOCUMENT)
    created_at = Moment(required=True)
    created_by = fields.String(required=True, metadata=_CLIENT)
    state = fields.Enum(State, by_value=True, required=True)
    title = fields.String(required=True, metadata={"example": "scan-doc-1.pdf"})
    completed_at = Moment(attribute="completion.at")
    completed_by = fields.String(attribute="completion.by", metadata=_CLIENT)
    updated_at = Moment()
    updated_by = fields.String(metadata=_CLIENT)
    file_id = fields.String(metadata=_FILE)
    files = fields.List(fields.Nested(DocumentFile))
    external_id = fields.String(metadata={"example": "doc-0001"})
    external_data = fields.Dict(metadata={"example": {"internalSystemId": "sap-01"}})
    project_id = fields.String(metadata=_DOCUMENT)
    case_id = fields.String(metadata={"example": "01934567-89ab-7cde-8f01-23456789abcd"})
    parent_document_id = fields.String(
        metadata={
            "description": "The document in whose file, an archive or e-mail, this one was found.",
            "example": "6040dc9680b782b365ea77d3",
        }
    )
    duplicate_of = fields.String(
        metadata={
            "description": "The document that came first into the project with the same file, if the project minds.",
            "example": "6040dc9680b782b365ea77d4",
        }
    )
    url = fields.String(metadata={"example": "https://example.com/v2/documents/6040dc9680b782b365ea77d5"})
    reason = fields.Nested(Reason, attribute="explanation")
    number = fields.Integer(
        attribute="included.number", metadata={"description": "With `include=number` only.", "example": 17}
    )
    states = fields.List(
        fields.Nested(StateEntry),
        attribute="included.states",
        metadata={"description": "With `include=states` only: all states that it came to, the present one last."},
    )
    transfers = fields.List(
        fields.Nested(ReportedTransfer),
        attribute="included.transfers",
        metadata={"description": "With `include=transfers` only: the reports of transfer, the latest last."},
    )


class DocumentItem(DocumentBase):
    """A document as lists show it."""

    entities = fields.Dict(
        attribute="included.entities",
        metadata={"description": "With `include=entities` only.", **_ENTITIES},
    )


class Document(DocumentBase):
    """A document with what was read: `entities`, the checks, and with `?regions=true` where everything stands."""

    entities = fields.Dict(attribute="findings.entities", dump_default={}, metadata=_ENTITIES)
    checks = fields.List(fields.Nested(DocumentCheck), attribute="findings.checks", dump_default=[])
    entity_details = fields.Dict(
        attribute="included.regions",
        metadata={"description": "The tree of `entities` with value, text, confidence, page, region, source and rule."},
    )


class DocumentList(ListSchema):
    """A part of the documents, and how many there are in all."""

    data = fields.List(fields.Nested(DocumentItem), required=True)
