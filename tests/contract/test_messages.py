"""Every kind of message has one golden example, which stays readable for as long as its version lives."""

import json
from typing import Any

import pytest

from shared.contracts.envelope import Malformed, decode, encode
from shared.contracts.registry import KINDS, Kind, body_of
from shared.messaging.topology import routing_key
from tests.support.messages import EXAMPLES, golden

# Later additions, which older senders leave out.
OPTIONAL = (("traceparent",), ("body", "pages"), ("body", "fields"))
OPTIONAL_IN = {"process-document": (("body", "fileId"), ("body", "nested"))}
# What fits one member, of the values that fit no other.
FITTING = (
    (("body", "languages"), ["x"]),
    (("body", "fileIds"), ["x"]),
    (("body", "closed"), True),
    (("body", "nested"), True),
    *((path, None) for path in OPTIONAL),
)
each_kind = pytest.mark.parametrize("kind", KINDS, ids=routing_key)


def members(plain: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every member of a JSON object, nested objects included."""
    return [
        deeper
        for name, value in plain.items()
        for deeper in ((*path, name), *(members(value, (*path, name)) if isinstance(value, dict) else ()))
    ]


def changed(data: bytes, path: tuple[str, ...], change: Any) -> bytes:
    """The JSON in `data` after `change(object, name)` was applied where `path` leads."""
    plain = parent = json.loads(data)
    for name in path[:-1]:
        parent = parent[name]
    change(parent, path[-1])
    return json.dumps(plain).encode()


def test_examples_and_registry_name_the_same_kinds() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.json")} == {routing_key(kind) for kind in KINDS}


@each_kind
def test_the_example_is_read_and_written_back_equal(kind: Kind) -> None:
    envelope = decode(golden(kind), body_of)
    assert type(envelope.body) is kind.body
    assert (envelope.type, envelope.version) == (kind.name, kind.version)
    assert envelope.sender in kind.senders
    assert json.loads(encode(envelope)) == json.loads(golden(kind))


@each_kind
def test_members_that_a_later_release_adds_are_ignored(kind: Kind) -> None:
    plain = json.loads(golden(kind))
    plain["tracestate"] = plain["body"]["priority"] = {"added": ["later"]}
    assert decode(json.dumps(plain).encode(), body_of) == decode(golden(kind), body_of)


@each_kind
def test_a_missing_member_is_named(kind: Kind) -> None:
    later = {*OPTIONAL, *OPTIONAL_IN.get(kind.name, ())}
    for path in (path for path in members(json.loads(golden(kind))) if path not in later):
        with pytest.raises(Malformed, match=path[-1]):
            decode(changed(golden(kind), path, lambda parent, name: parent.pop(name)), body_of)


@each_kind
def test_a_message_of_before_traces_is_read_as_it_was(kind: Kind) -> None:
    plain = json.loads(golden(kind))
    plain.pop("traceparent", None)
    envelope = decode(json.dumps(plain).encode(), body_of)
    assert envelope.traceparent is None
    assert json.loads(encode(envelope)) == plain


@each_kind
@pytest.mark.parametrize("wrong", [True, None, 1.5, ["x"]], ids=repr)
def test_a_member_of_another_type_is_refused(kind: Kind, wrong: object) -> None:
    for path in members(json.loads(golden(kind))):
        data = changed(golden(kind), path, lambda parent, name: parent.update({name: wrong}))
        if (path, wrong) not in FITTING:
            with pytest.raises(Malformed):
                decode(data, body_of)
