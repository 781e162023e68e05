"""The codec: what is no message is refused with a name for what is wrong, whatever the bytes are."""

import json
from dataclasses import dataclass, field

import pytest

from shared.contracts.envelope import (
    MAX_MESSAGE_BYTES,
    Malformed,
    decode,
    encode,
    envelope_from_plain,
    from_plain,
    to_plain,
    write_json,
)
from shared.contracts.extraction import DocumentRefused
from shared.contracts.registry import KINDS, body_of, kind_named, kind_of, received_by
from tests.support.messages import message


@dataclass(frozen=True, slots=True)
class Leaf:
    ratio: float
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    leaves: tuple[Leaf, ...]
    by_name: dict[str, Leaf]
    tags: tuple[str, ...] = field(default_factory=tuple)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"id": ' + b"9" * 5000 + b"}"],
    ids=["empty", "cut off", "array", "null", "string", "not UTF-8", "nested deeply", "endless number"],
)
def test_bytes_that_are_no_message_are_malformed(data: bytes) -> None:
    with pytest.raises(Malformed, match="message"):
        decode(data, body_of)


@pytest.mark.parametrize("change", [{"type": "make-coffee"}, {"version": 2}], ids=repr)
def test_an_unknown_kind_or_version_is_malformed(change: dict[str, object]) -> None:
    data = json.dumps({**json.loads(encode(message())), **change}).encode()
    with pytest.raises(Malformed, match="no message"):
        decode(data, body_of)


def test_equal_messages_have_equal_bytes_and_survive_the_outbox() -> None:
    assert encode(message()) == encode(message())
    assert envelope_from_plain(to_plain(message()), body_of) == message()


def test_a_message_carries_at_most_64_kib() -> None:
    body = message(DocumentRefused).body
    spare = MAX_MESSAGE_BYTES - len(encode(message(DocumentRefused, correlation_id="")))
    assert len(encode(message(DocumentRefused, correlation_id="x" * spare))) == MAX_MESSAGE_BYTES
    with pytest.raises(ValueError, match="at most 65536"):
        encode(message(DocumentRefused, correlation_id="x" * (spare + 1)))
    assert message(DocumentRefused).body == body


def test_trees_are_read_with_their_types_and_written_without_empty_members() -> None:
    tree = Tree((Leaf(1.0), Leaf(0.5, "half")), {"first": Leaf(2)}, ("a",))
    plain = {
        "leaves": [{"ratio": 1.0}, {"ratio": 0.5, "label": "half"}],
        "byName": {"first": {"ratio": 2}},
        "tags": ["a"],
    }
    assert to_plain(tree) == plain
    assert from_plain(Tree, plain) == tree
    assert from_plain(Tree, {"leaves": [], "byName": {}}) == Tree((), {})
    assert json.loads(write_json(tree)) == plain


@pytest.mark.parametrize(
    ("plain", "path"),
    [
        ({"leaves": [{"ratio": 1}, {"ratio": "1"}], "byName": {}}, r"leaves\[1\]\.ratio"),
        ({"leaves": [{"ratio": True}], "byName": {}}, r"leaves\[0\]\.ratio"),
        ({"leaves": {}, "byName": {}}, "leaves is dict, not list"),
        ({"leaves": [], "byName": {"x": None}}, r"byName\.x is NoneType, not dict"),
        ({"leaves": []}, "byName is missing"),
    ],
)
def test_a_fault_is_named_with_its_path(plain: dict[str, object], path: str) -> None:
    with pytest.raises(Malformed, match=path):
        from_plain(Tree, plain)


def test_the_registry_finds_kinds_by_name_message_and_receiver() -> None:
    assert kind_of(message()) is kind_named("process-document", 1)
    received = {kind.name for kind in received_by("documents")}
    assert received == {"document-extracted", "document-refused", "members-stored"}
    assert received_by("nobody") == ()
    assert len({(kind.name, kind.version) for kind in KINDS}) == len({kind.body for kind in KINDS}) == len(KINDS)
