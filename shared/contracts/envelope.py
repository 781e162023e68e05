"""The envelope around every message and its JSON codec: unknown members are ignored, known ones are checked strictly.

Python names are snake_case, JSON names camelCase. Dates travel as RFC 3339 text, amounts as JSON numbers.
"""

from __future__ import annotations

import dataclasses
import json
import re
import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

MAX_MESSAGE_BYTES = 64 * 1024

Kind = TypeVar("Kind")
BodyOf = typing.Callable[[str, int], type]


class Malformed(Exception):
    """The bytes are no message that we know; trying again cannot help."""


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """Where bytes lie in object storage and how to know that they are the right ones. `size` is in bytes."""

    bucket: str
    key: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message. `id` is the outbox id and stays the same over redeliveries; `time` is RFC 3339.

    `correlation_id` is the request id of the call that began it all; `cause_id` the request or message that led here;
    `traceparent` the sender's span (W3C Trace Context), None from senders that know none.
    """

    id: str
    type: str
    version: int
    correlation_id: str
    cause_id: str
    time: str
    sender: str
    company_id: str
    body: Any
    traceparent: str | None = None


def to_plain(value: Any) -> Any:
    """A dataclass tree as dicts and lists with camelCase names, ready for JSON; None members are left out."""
    kind: type = type(value)
    if dataclasses.is_dataclass(kind):
        members = ((name, getattr(value, field.name)) for name, field in _fields_of(kind).items())
        return {name: to_plain(member) for name, member in members if member is not None}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    return value


def from_plain(kind: Any, plain: Any, path: str = "message") -> Any:
    """Read `plain` as `kind`: a dataclass, a scalar, tuple[X, ...], dict[str, X], X | None or Any.

    Malformed names the member that is missing or of another type.
    """
    if kind is Any:
        return plain
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        inner = next(argument for argument in arguments if argument is not type(None))
        return None if plain is None else from_plain(inner, plain, path)
    if dataclasses.is_dataclass(kind):
        return _read_dataclass(typing.cast(type, kind), plain, path)
    if origin is tuple:
        items = _expect(list, plain, path)
        return tuple(from_plain(arguments[0], item, f"{path}[{index}]") for index, item in enumerate(items))
    if origin is dict:
        members = _expect(dict, plain, path)
        return {name: from_plain(arguments[1], member, f"{path}.{name}") for name, member in members.items()}
    return _expect(kind, plain, path)


def write_json(value: Any) -> bytes:
    """A dataclass tree as UTF-8 JSON; equal values give equal bytes."""
    return json.dumps(to_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_json(kind: type[Kind], data: bytes, name: str) -> Kind:
    """The `kind` that `data` holds; Malformed, which calls the whole `name`, when it holds none."""
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError) as fault:
        raise Malformed(f"{name} is not JSON: {fault}") from fault
    return typing.cast(Kind, from_plain(kind, plain, name))


def encode(envelope: Envelope) -> bytes:
    """UTF-8 JSON of at most 64 KiB; a larger one is a programming error (bytes travel through object storage)."""
    data = write_json(envelope)
    if len(data) > MAX_MESSAGE_BYTES:
        raise ValueError(f"{envelope.type} has {len(data)} bytes; a message carries at most {MAX_MESSAGE_BYTES}")
    return data


def decode(data: bytes, body_of: BodyOf) -> Envelope:
    """The envelope in `data`; `body_of(type, version)` gives the body's class or raises Malformed."""
    return _with_body(read_json(Envelope, data, "message"), body_of)


def envelope_from_plain(plain: dict[str, Any], body_of: BodyOf) -> Envelope:
    """The envelope that `to_plain` made, e.g. one kept in an outbox."""
    return _with_body(typing.cast(Envelope, from_plain(Envelope, plain)), body_of)


def _with_body(envelope: Envelope, body_of: BodyOf) -> Envelope:
    body = from_plain(body_of(envelope.type, envelope.version), envelope.body, "body")
    return dataclasses.replace(envelope, body=body)


def _read_dataclass(kind: type, plain: Any, path: str) -> Any:
    members, hints = _expect(dict, plain, path), _hints_of(kind)
    values = {}
    for name, field in _fields_of(kind).items():
        if name in members:
            values[field.name] = from_plain(hints[field.name], members[name], f"{path}.{name}")
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise Malformed(f"{path}.{name} is missing")
    return kind(**values)


@cache
def _fields_of(kind: type) -> dict[str, dataclasses.Field[Any]]:
    """The dataclass's fields by their names in JSON."""
    return {_camel(field.name): field for field in dataclasses.fields(kind)}


@cache
def _hints_of(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _expect(kind: type, plain: Any, path: str) -> Any:
    accepted = (int, float) if kind is float else (kind,)
    if not isinstance(plain, accepted) or (isinstance(plain, bool) and kind is not bool):
        raise Malformed(f"{path} is {type(plain).__name__}, not {kind.__name__}")
    return plain


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match.group(1).upper(), name)
