"""The values inside requests: text that can be kept, flat external data, ids, the order of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.documents.domain.documents import Scalar
from shared.listing import Slice
from shared.web.bodies import slice_of

MAX_TITLE = 256
MAX_EXTERNAL_ID = 1000
MAX_MESSAGE = 2000
MAX_PAIRS = 20
MAX_KEY = 50
MAX_VALUE = 2000
# Beyond it, other programs would read another number than was sent (RFC 8259 §6).
MAX_NUMBER = 2**53 - 1
# JSON schema of the values of external data.
SCALAR = {
    "anyOf": [
        {"type": "string", "maxLength": MAX_VALUE},
        {"type": "number", "minimum": -MAX_NUMBER, "maximum": MAX_NUMBER},
        {"type": "boolean"},
        {"type": "null"},
    ]
}

SORT_KEYS = {"createdAt": "created_at", "updatedAt": "updated_at"}


class Sort(fields.String):
    """A key, with - or + before it. A + that was pasted into a URL as it is arrives as a space."""

    def __init__(self, *keys: str, **metadata: str) -> None:
        orders = [sign + key for key in keys for sign in ("", "-", "+")]
        super().__init__(load_default="-createdAt", validate=validate.OneOf(orders), metadata=metadata)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        given = str(super()._deserialize(value, attr, data, **more))
        return f"+{given[1:]}" if given.startswith(" ") else given


class ExternalData(fields.Dict):
    """Flat pairs. Of keys that differ only in case the last wins; keys that are too long are dropped silently."""

    def __init__(self, **more: Any) -> None:
        described = {
            "description": f"At most {MAX_PAIRS} pairs; keys ignore case, longer ones than {MAX_KEY} are left out.",
            "example": {"internalSystemId": "sap-01"},
            "maxProperties": MAX_PAIRS,
            "additionalProperties": SCALAR,
        }
        super().__init__(metadata=described, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> dict[str, Scalar]:
        pairs = super()._deserialize(value, attr, data, **more)  # type: ignore[no-untyped-call]
        return flat_pairs(pairs)


def flat_pairs(given: Mapping[str, Any]) -> dict[str, Scalar]:
    """The pairs to keep; ValidationError names the key whose value cannot be kept, or says that there are too many."""
    kept: dict[str, tuple[str, Scalar]] = {}
    for key, value in given.items():
        scalar = _scalar(key, value)
        if len(key) <= MAX_KEY:
            kept[key.lower()] = (key, scalar)
    if len(kept) > MAX_PAIRS:
        raise ValidationError(f"Must have at most {MAX_PAIRS} pairs.")
    return dict(kept.values())


def _scalar(key: str, value: Any) -> Scalar:
    if isinstance(value, str):
        if len(value) > MAX_VALUE:
            raise ValidationError({key: [f"Must have at most {MAX_VALUE} characters."]})
        return value
    if isinstance(value, (int, float)):
        if not abs(value) <= MAX_NUMBER:
            raise ValidationError({key: ["Must be a number that others can read too; send it as text."]})
        return value
    if value is not None:
        raise ValidationError({key: ["Must be text, a number, true, false or null; nothing nested."]})
    return None


def slice_of_sorted(query: dict[str, Any]) -> Slice:
    """The part that a loaded `ListQuery` with `sort` asks for."""
    return slice_of(query, SORT_KEYS[query["sort"].lstrip("+-")], query["sort"].startswith("-"))
