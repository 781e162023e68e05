"""Queries and bodies of requests: read once, bounded, strict, and refused with the name of what is wrong."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, request
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict

from shared.errors import BadRequest, PayloadTooLarge
from shared.web.fields import SEEN

MAX_BODY_BYTES = 1_000_000
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def read_query(schema: Schema) -> Any:
    return load(schema, _lists_where_declared(schema, request.args))


def _lists_where_declared(schema: Schema, given: MultiDict[str, str]) -> dict[str, Any]:
    """Repeatable parameters as lists; any other that comes twice is refused."""
    values: dict[str, Any] = {}
    for name, texts in given.lists():
        declared = next((f for f in schema.fields.values() if (f.data_key or f.name) == name), None)
        if hasattr(declared, "inner"):
            values[name] = texts
        elif len(texts) > 1:
            raise BadRequest(f"{name}: comes {len(texts)} times. Send it once.")
        else:
            values[name] = texts[0]
    return values


def read_json(schema: Schema, required: bool, media_types: Sequence[str] = ("application/json",)) -> Any:
    data = _read_bytes()
    if not data and not required:
        return load(schema, {})
    if data and request.mimetype not in media_types:
        raise BadRequest(f"Content-Type: send {' or '.join(media_types)}.")
    try:
        plain = json.loads(data, parse_constant=_no_constant, parse_float=_number, object_pairs_hook=_unique_members)
    except (ValueError, RecursionError) as fault:
        raise BadRequest(f"The body is not JSON: {fault}.") from fault
    return load(schema, plain)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _number(text: str) -> int | float:
    """`5.0` is the integer 5, as JSON Schema has it: JSON knows only numbers."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large a number")
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member comes more than once in one object")
    return members


def read_text(limit: int) -> str:
    """The text without blanks around it, e.g. the line end that a shell appends."""
    data = _read_bytes()
    if request.mimetype != "text/plain":
        raise BadRequest("Content-Type: send text/plain.")
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        raise BadRequest("The body is not UTF-8 text.") from fault
    if len(text) > limit:
        raise BadRequest(f"The body must be text of at most {limit} characters.")
    _refuse_unkeepable(text, ())
    if not re.search(SEEN, text):
        raise BadRequest("The body is blank. Send text.")
    return text.strip()


def read_form() -> bytes:
    data = _read_bytes()
    if data and request.mimetype != "application/x-www-form-urlencoded":
        raise BadRequest("Content-Type: send application/x-www-form-urlencoded.")
    return data


def _read_bytes() -> bytes:
    data = request.stream.read(MAX_BODY_BYTES + 1)
    if len(data) > MAX_BODY_BYTES:
        raise PayloadTooLarge(f"The body is larger than {MAX_BODY_BYTES} bytes.")
    g.body = data
    return data


def load(schema: Schema, plain: Any) -> Any:
    """What the schema makes of plain data from a request; BadRequest names the members that it refuses."""
    _refuse_unkeepable(plain, ())
    try:
        return schema.load(plain)
    except ValidationError as fault:
        raise BadRequest("; ".join(_sentences(fault.messages_dict, ()))) from fault


def _refuse_unkeepable(plain: Any, path: Sequence[str]) -> None:
    """NUL ends text in too many places (MongoDB's patterns, C libraries, terminals) to be let in; half a surrogate pair
    is nothing that could be kept or sent, though JSON can spell it.
    """
    if isinstance(plain, dict):
        for name, member in plain.items():
            _refuse_unkeepable(name, path)
            _refuse_unkeepable(member, (*path, name))
    elif isinstance(plain, list):
        for item in plain:
            _refuse_unkeepable(item, path)
    elif isinstance(plain, str) and _UNKEEPABLE.search(plain):
        raise BadRequest(f"{_told(path)}: Text must not hold NUL characters or halves of surrogate pairs.")


def _sentences(messages: Any, path: Sequence[str]) -> list[str]:
    """`{"a": {"b": ["Bad."]}}` as `a.b: Bad.`"""
    if isinstance(messages, Mapping):
        return [text for name, inner in messages.items() for text in _sentences(inner, _step(path, name))]
    if isinstance(messages, str):
        return [f"{_told(path)}: {messages}"]
    return [text for each in messages for text in _sentences(each, path)]


def _step(path: Sequence[str], name: Any) -> Sequence[str]:
    return path if name == "_schema" else (*path, str(name))


def _told(path: Sequence[str]) -> str:
    return ".".join(path) or "body"
