"""The queries and answers of the audit log's door."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from shared.audit.chain import MAX_TEXT
from shared.audit.trail import Selection
from shared.web.fields import Moment, QueryInteger, StrictSchema

MAX_LIMIT = 50
MAX_OFFSET = 10_000
MAX_ASKED = 200
MAX_SEQUENCE = 2**53
_TEXT = validate.Length(max=MAX_TEXT)
_CHAIN = {"example": "documents-0197f3a1-6f5e-7c3b-9d2e-1a2b3c4d5e6f"}
_CLIENT = {"example": "client-6040dc9680b782b365ea77d5"}
_HASH = {"example": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
_NONE: dict[str, Any] = {"example": []}
_SEQUENCE = {"example": 4711}
_ZERO = {"example": 0}


class EntriesQuery(StrictSchema):
    """Which entries, and which part of them."""

    action = fields.String(load_default="", validate=_TEXT, metadata={"description": "For example `token.issued`."})
    actor = fields.String(load_default="", validate=_TEXT, metadata={"description": "A client id."})
    subject = fields.String(load_default="", validate=_TEXT, metadata={"description": "The id of what it was done to."})
    limit = QueryInteger(load_default=50, validate=validate.Range(0, MAX_LIMIT))
    offset = QueryInteger(load_default=0, validate=validate.Range(0, MAX_OFFSET))

    @post_load
    def _selection(self, data: dict[str, Any], **_: Any) -> Selection:
        return Selection(**data)


class AuditEntry(StrictSchema):
    """Who did what to what."""

    chain = fields.String(required=True, metadata=_CHAIN)
    sequence = fields.Integer(
        required=True, metadata={"description": "The entry's place in its chain, from 1.", **_SEQUENCE}
    )
    time = Moment(required=True)
    action = fields.String(required=True, metadata={"example": "client.changed"})
    actor = fields.String(required=True, metadata=_CLIENT)
    subject = fields.String(required=True, metadata=_CLIENT)
    request_id = fields.String(
        required=True,
        data_key="requestId",
        attribute="requestId",
        metadata={"example": "4f1c2b0e-6d0c-4a51-9b8e-3c1d5a7f9e20"},
    )
    address = fields.String(required=True, metadata={"example": "192.0.2.7"})
    before = fields.String(required=True, metadata={"description": "SHA-256 of what was changed, if it was.", **_HASH})
    after = fields.String(required=True, metadata={"description": "SHA-256 of what it became.", **_HASH})
    detail = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata={"example": {"name": "ERP"}}
    )
    hash = fields.String(required=True, metadata=_HASH)


class Entries(StrictSchema):
    """A part of a company's entries."""

    data = fields.List(fields.Nested(AuditEntry), required=True)
    limit = fields.Integer(required=True, metadata={"example": 50})
    offset = fields.Integer(required=True, metadata=_ZERO)
    total_count = fields.Integer(
        required=True, data_key="totalCount", metadata={"description": "Counted up to 10 000.", "example": 1}
    )


class VerificationQuery(StrictSchema):
    """Where to go on."""

    chain = fields.String(load_default="", validate=_TEXT)
    after = QueryInteger(load_default=0, validate=validate.Range(0, MAX_SEQUENCE))


class ChainFault(StrictSchema):
    """Something that the writer of a chain did not do."""

    sequence = fields.Integer(required=True, metadata=_SEQUENCE)
    kind = fields.String(
        required=True,
        metadata={
            "description": "edited, missing, reordered, broken, foreign-key or after-close.",
            "example": "edited",
        },
    )
    text = fields.String(required=True, metadata={"example": "The entry is not the one that was written."})


class ReportedHead(StrictSchema):
    """A head that auth was told."""

    sequence = fields.Integer(required=True, metadata=_SEQUENCE)
    hash = fields.String(required=True, metadata=_HASH)
    time = Moment(required=True)


class EndedChain(StrictSchema):
    """A chain whose process was killed, and how many of its entries were never written."""

    chain = fields.String(required=True, metadata=_CHAIN)
    lost = fields.Integer(required=True, metadata=_ZERO)


class ChainPart(StrictSchema):
    """What was checked of one chain in this call."""

    chain = fields.String(required=True, metadata=_CHAIN)
    entries = fields.Integer(required=True, metadata=_SEQUENCE)
    first_sequence = fields.Integer(required=True, data_key="firstSequence", metadata={"example": 1})
    last_sequence = fields.Integer(required=True, data_key="lastSequence", metadata=_SEQUENCE)
    first_time = Moment(required=True, data_key="firstTime")
    last_time = Moment(required=True, data_key="lastTime")
    head = fields.String(required=True, metadata={"description": "The hash of the last entry.", **_HASH})
    lost = fields.Integer(
        required=True, metadata={"description": "Entries that its own process could not write.", **_ZERO}
    )
    closed = fields.Boolean(required=True, metadata={"description": "Its process ended in order.", "example": False})
    ended = fields.List(fields.Nested(EndedChain), required=True, metadata=_NONE)
    faults = fields.List(fields.Nested(ChainFault), required=True, metadata={"description": "The first 100.", **_NONE})
    fault_count = fields.Integer(required=True, data_key="faultCount", metadata=_ZERO)
    reported = fields.Nested(ReportedHead, allow_none=True, required=True)


class NextPart(StrictSchema):
    """The query of the next call."""

    chain = fields.String(required=True, metadata=_CHAIN)
    after = fields.Integer(required=True, attribute="sequence", metadata=_SEQUENCE)


class Verification(StrictSchema):
    """Chains, in the order of their names and begin; one that is cut by the end of a part goes on in the next."""

    chains = fields.List(fields.Nested(ChainPart), required=True)
    next = fields.Nested(NextPart, allow_none=True, required=True, metadata={"example": None})


class HashesQuery(StrictSchema):
    """Which entries of which chain."""

    chain = fields.String(required=True, validate=_TEXT, metadata=_CHAIN)
    at = fields.List(
        QueryInteger(validate=validate.Range(1, MAX_SEQUENCE)),
        required=True,
        validate=validate.Length(1, MAX_ASKED),
        metadata={"description": "Sequences, 200 at most.", "example": [1, 4711], "explode": True, "style": "form"},
    )


class EntryHash(StrictSchema):
    """An entry's place and hash."""

    sequence = fields.Integer(required=True, metadata=_SEQUENCE)
    hash = fields.String(required=True, metadata=_HASH)


class Hashes(StrictSchema):
    """The hashes that were asked for."""

    data = fields.List(fields.Nested(EntryHash), required=True)


class AnchorsQuery(StrictSchema):
    """Which anchors, and where to go on."""

    service = fields.String(load_default="", validate=_TEXT, metadata={"description": "Only those of this service."})
    after = QueryInteger(load_default=0, validate=validate.Range(0, MAX_SEQUENCE))


class Anchor(StrictSchema):
    """A head of a chain as auth was told it."""

    sequence = fields.Integer(required=True, metadata={"description": "The anchor's own place, from 1.", **_SEQUENCE})
    time = Moment(required=True)
    service = fields.String(required=True, metadata={"example": "documents"})
    chain = fields.String(required=True, attribute="of", metadata=_CHAIN)
    at = fields.Integer(required=True, metadata={"description": "The sequence of the chain's head.", **_SEQUENCE})
    head = fields.String(required=True, metadata={"description": "The hash of the chain's head.", **_HASH})
    lost = fields.Integer(required=True, metadata=_ZERO)
    closed = fields.Boolean(required=True, metadata={"example": False})


class Anchors(StrictSchema):
    """A part of the anchors, oldest first, with what is wrong in their own chain."""

    data = fields.List(fields.Nested(Anchor), required=True)
    faults = fields.List(fields.Nested(ChainFault), required=True, metadata=_NONE)
    head = fields.String(
        required=True, metadata={"description": "The hash of the last anchor that was looked at.", **_HASH}
    )
    next = fields.Integer(
        required=True, allow_none=True, metadata={"description": "`after` of the next call.", "example": None}
    )
