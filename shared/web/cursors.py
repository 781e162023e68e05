"""Places in lists as clients keep them: opaque text that says behind which item of which order the list goes on."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import fields

from shared.listing import Cursor

CURSOR_EXAMPLE = "LWNyZWF0ZWRfYXQgMTc2Mzc5NjAwMDAwMCA2MDQwZGM5NjgwYjc4MmIzNjVlYTc3ZDU"

_TEXT = re.compile(r"(-?)([a-z_]{1,30}) (\d{1,14}) ([0-9A-Za-z_.:-]{1,64})\Z")


@dataclass(frozen=True, slots=True)
class Ordered:
    """A place in the list that is ordered by `key`."""

    key: str
    descending: bool
    place: Cursor


def write_cursor(ordered: Ordered) -> str:
    """The text for it. Moments have milliseconds, as MongoDB keeps them."""
    sign = "-" if ordered.descending else ""
    milliseconds = round(ordered.place.at.timestamp() * 1000)
    plain = f"{sign}{ordered.key} {milliseconds} {ordered.place.id}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Ordered | None:
    """What the text says; None when it is no cursor."""
    try:
        found = _TEXT.match(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii"))
        at = datetime.fromtimestamp(int(found[3]) / 1000, UTC) if found else None
    except (binascii.Error, ValueError, OverflowError, OSError):
        return None
    return Ordered(found[2], found[1] == "-", Cursor(at, found[4])) if found and at else None


class CursorText(fields.String):
    """A `nextCursor` as it was given."""

    default_error_messages = {"cursor": "Must be the nextCursor of a part of this list, as it was given."}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        ordered = read_cursor(str(super()._deserialize(value, attr, data, **more)))
        if ordered is None:
            raise self.make_error("cursor")
        return ordered
