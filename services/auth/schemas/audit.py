"""The body in which the gateway reports the heads of its audit chains."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from shared.contracts.audit import AuditHeadReported
from shared.web.fields import StrictBoolean, StrictSchema

_NAME = validate.Length(1, 100)


class HeadReport(StrictSchema):
    """An `AuditHeadReported`, written as in a message."""

    service = fields.String(required=True, validate=_NAME)
    chain = fields.String(required=True, validate=_NAME)
    sequence = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**53))
    hash = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))
    lost = fields.Integer(required=True, strict=True, validate=validate.Range(0, 2**53))
    closed = StrictBoolean(required=True)

    @post_load
    def _head(self, data: dict[str, Any], **_: Any) -> AuditHeadReported:
        return AuditHeadReported(**data)
