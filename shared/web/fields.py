"""Marshmallow fields that are stricter than marshmallow's, and the base of all bodies: unknown members are refused."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.clock import from_rfc3339, rfc3339

# A character that is no blank, neither to Python nor to ECMAScript, whose patterns JSON schemas have.
SEEN = r"[^\s\x1c-\x1f\x85\ufeff]"
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


class MomentFilter(fields.String):
    """A point in time in a query: an RFC 3339 date-time, whose + may arrive as the space that it is in a pasted URL.

    Loads as the first moment of our clock, which has milliseconds, that is not before it.
    """

    default_error_messages = {"moment": "Must be a date-time with its offset, such as 2026-03-02T09:30:00Z."}  # noqa: RUF012

    def __init__(self, description: str) -> None:
        described = {"description": description, "format": "date-time", "example": "2026-03-02T09:30:00Z"}
        super().__init__(metadata=described)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = str(super()._deserialize(value, attr, data, **more)).replace(" ", "+").upper()
        if not _DATE_TIME.fullmatch(text):
            raise self.make_error("moment")
        try:
            moment = from_rfc3339(text)
            return moment + timedelta(microseconds=-moment.microsecond % 1000)
        except (ValueError, OverflowError) as fault:  # there is no such day, or no such year
            raise self.make_error("moment") from fault


# By RFC 3339 §5.6: Python takes more for a date-time, such as weeks.
_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})")


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
