"""Marshmallow fields that are stricter than marshmallow's, and the base of all bodies: unknown members are refused."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from shared.clock import rfc3339


class StrictSchema(Schema):
    """Members that are not declared are refused, not ignored."""

    class Meta:
        unknown = RAISE


class StrictBoolean(fields.Field[bool]):
    """JSON true or false. "yes", "true" and 1 are none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bool:  # noqa: ARG002
        if not isinstance(value, bool):
            raise ValidationError("Must be true or false.")
        return value


class QueryInteger(fields.Integer):
    """An integer in a query, in ASCII digits. Python would take `1_0` and the digits of other scripts too."""

    def _validated(self, value: Any) -> int:
        if not re.fullmatch(r"-?[0-9]{1,30}", str(value)):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Moment(fields.Field[datetime]):
    """A point in time in an answer, as RFC 3339 in UTC with milliseconds."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **_: Any) -> str | None:  # noqa: ARG002
        return None if value is None else rfc3339(value)
