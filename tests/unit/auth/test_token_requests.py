"""Reading token requests: whatever is sent, it is a well-formed request or a refusal of RFC 6749 §5.2."""

import base64
from contextlib import suppress
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.requests import (
    ASSERTION_TYPE,
    AssertionProof,
    SecretProof,
    read_basic,
    read_request,
    requested_scopes,
)
from services.auth.errors import InvalidClient, InvalidRequest

texts = st.text(min_size=1, max_size=40).filter(lambda text: text.isprintable() or "\x00" not in text)


def basic(pair: bytes) -> str:
    return "Basic " + base64.b64encode(pair).decode()


@given(client_id=texts, secret=texts, encode=st.sampled_from([quote_plus, lambda text: quote(text, safe="")]))
def test_every_pair_survives_its_encoding(client_id: str, secret: str, encode: object) -> None:
    assert callable(encode)
    header = basic(f"{encode(client_id)}:{encode(secret)}".encode())
    assert read_basic(header) == SecretProof(client_id, secret)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_pair_or_refused(noise: bytes) -> None:
    for header in (basic(noise), "Basic " + noise.decode("latin-1"), noise.decode("latin-1")):
        with suppress(InvalidClient):
            assert isinstance(read_request(header, b"grant_type=client_credentials").proof, SecretProof)


@given(st.one_of(st.binary(max_size=200), st.text(alphabet="=&%+abc0", max_size=60).map(str.encode)))
def test_any_body_is_a_form_or_refused(noise: bytes) -> None:
    try:
        members = read_request(basic(b"a:b"), noise).members
    except (InvalidRequest, InvalidClient):
        return
    assert all(members.values())


@pytest.mark.parametrize(
    "form",
    [
        "client_id=a&client_secret=b",
        "client_secret=b",
        "client_id=other",
        f"client_assertion_type={quote(ASSERTION_TYPE)}&client_assertion=a.b.c",
        "scope=a&scope=a",
        "x=%ff",
        "x=\xe9",
        "&".join(f"p{index}" for index in range(21)),
    ],
)
def test_what_is_ambiguous_is_refused(form: str) -> None:
    with pytest.raises(InvalidRequest):
        read_request(basic(b"a:b"), form.encode("latin-1"))


def test_two_ways_in_the_form_are_ambiguous_too() -> None:
    with pytest.raises(InvalidRequest, match="one way"):
        read_request(None, b"client_id=a&client_secret=b&client_assertion=a.b.c")


@pytest.mark.parametrize("form", ["", "client_id=a", "client_secret=b", "client_id=a&client_secret="])
def test_who_proves_nothing_is_no_client(form: str) -> None:
    with pytest.raises(InvalidClient):
        read_request(None, form.encode())


def test_the_form_may_hold_the_pair_or_an_assertion() -> None:
    assert read_request(None, b"client_id=a%20b&client_secret=c").proof == SecretProof("a b", "c")
    form = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": "a.b.c", "client_id": "a"}
    assert read_request(None, urlencode(form).encode()).proof == AssertionProof("a.b.c", "a")


def test_an_assertion_says_what_it_is_and_is_not_endless() -> None:
    with pytest.raises(InvalidRequest, match="client_assertion_type"):
        read_request(None, b"client_assertion=a.b.c")
    with pytest.raises(InvalidClient):
        read_request(
            None, urlencode({"client_assertion_type": ASSERTION_TYPE, "client_assertion": "x" * 8193}).encode()
        )


@pytest.mark.parametrize(
    ("members", "scopes"),
    [({}, None), ({"scope": "b a b"}, {"a", "b"}), ({"scope": " "}, set()), ({"scope": "a\tb"}, {"a\tb"})],
)
def test_scopes_are_separated_by_spaces_alone(members: dict[str, str], scopes: set[str] | None) -> None:
    assert requested_scopes(members) == scopes
