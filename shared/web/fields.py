"""Marshmallow fields that are stricter than marshmallow's, and the base of all bodies: unknown members are refused."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.clock import rfc3339

# Far more than any company has of anything, and an integer to every client.
MAX_NUMBER = 2**31 - 1


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


class NumberFilter(QueryInteger):
    """The short number of a record (`shared.database.numbers`), to find it by."""

    def __init__(self) -> None:
        described = {"description": "Only the one with this short number.", "example": 17}
        super().__init__(validate=validate.Range(1, MAX_NUMBER), metadata=described)


class Include(fields.List[str]):
    """What an answer shows on top of what it always does: some of `names`, each in a parameter of its own or several in
    one, with commas between them.
    """

    def __init__(self, *names: str) -> None:
        described = {"description": "What to show as well. Commas may stand between names.", "example": [names[0]]}
        super().__init__(fields.String(validate=validate.OneOf(names)), load_default=(), metadata=described)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> list[Any]:
        names = [name for text in value for name in text.split(",")] if isinstance(value, list) else value
        return super()._deserialize(names, attr, data, **more)


class Moment(fields.Field[datetime]):
    """A point in time in an answer, as RFC 3339 in UTC with milliseconds."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **_: Any) -> str | None:  # noqa: ARG002
        return None if value is None else rfc3339(value)
