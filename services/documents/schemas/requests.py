"""What clients send; it reaches the views as values of the domain."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from marshmallow import INCLUDE, Schema, ValidationError, fields, post_load, pre_load

from services.documents.domain.documents import Note, Order
from services.documents.domain.listing import Selection
from services.documents.domain.states import State
from services.documents.schemas.values import (
    MAX_EXTERNAL_ID,
    MAX_MESSAGE,
    MAX_PAIRS,
    SCALAR,
    SORT_KEYS,
    ExternalData,
    Sort,
    flat_pairs,
    slice_of_sorted,
)
from shared.listing import Slice
from shared.web.bodies import HEX_ID, UUID, CamelSchema, ListQuery, text
from shared.web.fields import Include, MomentFilter, NumberFilter, StrictBoolean


class ProcessFile(CamelSchema):
    """The file to process, the project to process it in, and what the client calls it."""

    file_id = fields.String(required=True, metadata={"example": "0b24f0ab-0ab3-4e6d-9d40-d2a3a41b33f5"})
    project_id = fields.String(required=True, metadata={"example": "6040dc9680b782b365ea77d5"})
    external_id = text(MAX_EXTERNAL_ID, 1, metadata={"example": "doc-0001"})
    external_data = ExternalData()

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Order:
        return Order(**data)


class Transfer(CamelSchema):
    """Whether the target system took the document, and what it said."""

    successful = StrictBoolean(required=True, metadata={"example": True})
    message = text(MAX_MESSAGE, metadata={"example": "Booked as 5105600123."})


class Rejection(CamelSchema):
    """Why nobody shall work on the document any more."""

    message = text(MAX_MESSAGE, metadata={"example": "Not addressed to us."})


class Cancellation(CamelSchema):
    """Why nobody waits for the document any more."""

    message = text(MAX_MESSAGE, metadata={"example": "Sent by mistake."})


class ExternalPairs(Schema):
    """Flat pairs, which replace all external data of the document."""

    described: ClassVar[Mapping[str, Any]] = {"maxProperties": MAX_PAIRS, "additionalProperties": SCALAR}

    class Meta:
        unknown = INCLUDE

    @pre_load
    def flatten(self, data: Any, **_: Any) -> Any:
        return flat_pairs(data) if isinstance(data, dict) else data

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Note:
        return Note(external_data=data)


class DocumentsQuery(ListQuery):
    """Which documents, and what of them."""

    project_id = fields.List(
        fields.String(validate=HEX_ID),
        load_default=(),
        metadata={"description": "Only of any of these projects.", "example": ["6040dc9680b782b365ea77d5"]},
    )
    state = fields.List(
        fields.Enum(State, by_value=True),
        load_default=(),
        metadata={"description": "Only in any of these states.", "example": ["reviewRequired"]},
    )
    file_id = fields.String(
        validate=UUID,
        metadata={
            "description": "Only with this file, be it the main one or attached.",
            "example": "0b24f0ab-0ab3-4e6d-9d40-d2a3a41b33f5",
        },
    )
    external_id = text(
        MAX_EXTERNAL_ID, 1, metadata={"description": "Only with this external id.", "example": "doc-0001"}
    )
    number = NumberFilter()
    updated_after = MomentFilter("Only what was last updated at this moment or later.")
    updated_before = MomentFilter("Only what was last updated before this moment.")
    include = Include("entities", "states", "transfers", "number")
    sort = Sort(
        *SORT_KEYS,
        description="The newest first, unless said otherwise. With `updatedAfter` or `updatedBefore` it must be by "
        "`updatedAt`, and is `-updatedAt` if it is not sent.",
    )

    @pre_load
    def order_by_update(self, data: Mapping[str, Any], **_: Any) -> Mapping[str, Any]:
        return {"sort": "-updatedAt", **data} if _UPDATED & data.keys() else data

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tuple[Selection, Slice, Collection[str]]:
        part, include = slice_of_sorted(data), data["include"]
        if part.key != "updated_at" and ("updated_after" in data or "updated_before" in data):
            raise ValidationError("Must be updatedAt or -updatedAt with updatedAfter and updatedBefore.", "sort")
        further = {name: data[name] for name in _FURTHER if name in data}
        return Selection(data["project_id"], data["state"], **further), part, include


_FURTHER = ("file_id", "external_id", "number", "updated_after", "updated_before")
_UPDATED = {"updatedAfter", "updatedBefore"}


class DocumentQuery(CamelSchema):
    """How much of a document."""

    include = Include("states", "transfers", "number")
    regions = fields.Boolean(
        truthy={"true"}, falsy={"false"}, load_default=False, metadata={"description": "Add `entityDetails`."}
    )
