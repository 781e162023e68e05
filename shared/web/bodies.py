"""What JSON bodies have in common: members in camelCase, text that can be kept, lists that come in parts."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError, fields, post_dump, validate

from shared import ids
from shared.listing import MAX_LIMIT, Cursor, Page, Slice
from shared.web.cursors import CURSOR_EXAMPLE, CursorText, Ordered, write_cursor
from shared.web.fields import MAX_NUMBER, SEEN, QueryInteger, StrictSchema

MAX_OFFSET = 10_000_000
# By length and pattern, because `$` alone would let a line end pass.
HEX_ID = [validate.Length(equal=24), validate.Regexp(f"^{ids.HEX_ID}$", error="Must be 24 hex digits.")]
UUID = [validate.Length(equal=36), validate.Regexp(f"^{ids.UUID}$", error="Must be a UUID.")]


class CamelSchema(StrictSchema):
    """Strict, and each member is called in JSON as the contract calls it: `file_id` is `fileId`."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        camel = re.sub(r"_(\w)", lambda match: match.group(1).upper(), field_name)
        field_obj.data_key = field_obj.data_key or camel


class AnswerSchema(CamelSchema):
    """Of answers in which members without a value are left out."""

    @post_dump
    def leave_out_absent(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if value is not None}


class ListSchema(AnswerSchema):
    """What the answer to a list says beside its `data`."""

    limit = fields.Integer(required=True, metadata={"example": 20})
    offset = fields.Integer(required=True, metadata={"example": 0})
    total_count = fields.Integer(required=True, metadata={"example": 1000})
    total_count_capped = fields.Boolean(
        metadata={"description": "There are more than `totalCount`; nobody counted on.", "example": True}
    )
    next_cursor = fields.String(
        metadata={"description": "Of a part with more behind it: where they begin.", "example": CURSOR_EXAMPLE}
    )


class ListQuery(CamelSchema):
    """Which part of a list. A limit above the highest is taken as the highest."""

    offset = QueryInteger(load_default=0, validate=validate.Range(0, MAX_OFFSET))
    limit = QueryInteger(
        load_default=20,
        validate=validate.Range(0, MAX_NUMBER),
        metadata={"description": f"At most {MAX_LIMIT} come, however many are asked for."},
    )
    cursor = CursorText(
        metadata={
            "description": "The `nextCursor` of the part before, in place of `offset`: as fast for the last part as "
            "for the first, and whole however many items come in between.",
            "example": CURSOR_EXAMPLE,
        }
    )


def slice_of(query: dict[str, Any], key: str = "created_at", descending: bool = True) -> Slice:
    """The part that a loaded `ListQuery` asks for; ValidationError when its cursor comes from another order."""
    after = query.get("cursor")
    if after is None:
        return Slice(query["offset"], min(query["limit"], MAX_LIMIT), key, descending)
    if query["offset"]:
        raise ValidationError("Send offset or cursor, not both.", "cursor")
    if (after.key, after.descending) != (key, descending):
        raise ValidationError("Must be sent with the sort of the list that it came from.", "cursor")
    return Slice(0, min(query["limit"], MAX_LIMIT), key, descending, after.place)


def listed(page: Page[Any], part: Slice) -> dict[str, Any]:
    """What a `ListSchema` with `data` dumps."""
    told = {"data": page.items, "limit": part.limit, "offset": part.offset, "total_count": page.total}
    if page.capped:
        told["total_count_capped"] = True
    if page.more and page.items:
        last = page.items[-1]
        place = Cursor(getattr(last, part.key), last.id)
        told["next_cursor"] = write_cursor(Ordered(part.key, part.descending, place))
    return told


def text(maximum: int, minimum: int = 0, **more: Any) -> fields.String:
    """A string of so many characters; one that must not be empty must not be blank either."""
    limits: list[Any] = [validate.Length(minimum, maximum)]
    if minimum:
        limits.append(validate.Regexp(rf"[\s\S]*?{SEEN}", error="Must not be blank."))
        more["metadata"] = {"pattern": SEEN, **more.get("metadata", {})}
    return fields.String(validate=limits, **more)
