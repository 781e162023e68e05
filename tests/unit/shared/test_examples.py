"""Whole examples from those of single members, and refusals as the description shows them."""

from typing import Any

import pytest

from shared.errors import BadRequest, Conflict, Forbidden, NotFound, Unauthenticated, Unavailable
from shared.web.examples import UNTOLD, Examples
from shared.web.oauth import OAUTH
from shared.web.refusals import describe_refusals, describe_server_refusal

REFERENCE = {"$ref": "#/components/schemas/Tree"}
SCHEMAS: dict[str, Any] = {
    "Tree": {
        "type": "object",
        "properties": {
            "name": {"type": "string", "example": "oak"},
            "age": {"type": "integer", "minimum": 3},
            "planted": {"type": "string", "format": "date"},
            "parent": REFERENCE,
            "kids": {"type": "array", "items": REFERENCE},
            "note": {"type": ["string", "null"]},
        },
        "required": ["age", "kids"],
    }
}


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"type": "string", "example": "a"}, "a"),
        ({"type": ["string", "null"], "example": None}, None),
        ({"const": "Bearer"}, "Bearer"),
        ({"type": "integer", "default": 20, "minimum": 0}, 20),
        ({"enum": ["asc", "desc"]}, "asc"),
        ({"type": "number"}, 1),
        ({"type": "boolean"}, True),
        ({"type": "null"}, None),
        ({"type": "string", "format": "date-time"}, "2026-03-02T09:30:00.000Z"),
        ({"type": "string"}, UNTOLD),
        ({}, UNTOLD),
        ({"type": "object", "additionalProperties": {"type": "string"}}, {}),
        ({"type": "array", "items": {"type": "string", "example": "a"}}, ["a"]),
        ({"type": "array", "items": {}}, []),
        ({"anyOf": [{"type": "null"}, REFERENCE]}, None),
        ({"oneOf": [{"enum": ["x"]}, REFERENCE]}, "x"),
        (
            {"allOf": [{"type": "object", "properties": {"a": {"const": 1}}}, {"type": "object", "example": {"b": 2}}]},
            {"a": 1, "b": 2},
        ),
    ],
)
def test_an_example_is_one_of_what_is_allowed(schema: Any, example: Any) -> None:
    assert Examples(SCHEMAS).of(schema) == example


def test_all_members_are_shown_and_a_tree_ends() -> None:
    whole = {"name": "oak", "age": 3, "planted": "2026-03-02", "kids": [], "note": UNTOLD}
    assert Examples(SCHEMAS).of(REFERENCE) == whole
    assert Examples(SCHEMAS).of({"type": "array", "items": REFERENCE}) == [whole]
    assert Examples(SCHEMAS).of({"anyOf": [REFERENCE, {"type": "null"}]}, ("Tree",)) is None


def test_what_may_be_left_out_of_a_request_is_unless_it_has_an_example_of_its_own() -> None:
    assert Examples(SCHEMAS, sparing=True).of(REFERENCE) == {"name": "oak", "age": 3, "kids": []}


class Taken(Conflict):
    def __init__(self) -> None:
        super().__init__("It is taken.", {"X-Taken": "yes"})


class Blunt(BadRequest):
    code = "blunt"
    sample = ("It is blunt. Sharpen it.",)


class Numbered(BadRequest):
    def __init__(self, number: int) -> None:
        super().__init__(f"{number} is wrong.")


def test_a_refusal_is_shown_as_it_is_answered() -> None:
    name, described = describe_refusals([Taken])
    (content,) = described["content"].values()
    assert (name, described["description"]) == ("Taken", "Conflict: `conflict_status`")
    assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert content["examples"]["Taken"]["value"]["detail"] == "It is taken."
    assert described["headers"]["X-Taken"]["example"] == "yes"


def test_refusals_of_one_status_are_one_answer_whatever_their_order() -> None:
    name, described = describe_refusals([Blunt, BadRequest])
    assert (name, described) == describe_refusals([BadRequest, Blunt, Blunt])
    assert (name, described["description"]) == ("BadRequest-Blunt", "Bad request: `bad_request`, `blunt`")
    (content,) = described["content"].values()
    assert content["examples"]["Blunt"]["value"]["detail"] == "It is blunt. Sharpen it."


@pytest.mark.parametrize(
    ("kind", "header", "begins"),
    [(Unauthenticated, "WWW-Authenticate", "Bearer"), (Forbidden, "WWW-Authenticate", "Bearer"), (NotFound, "", "")],
)
def test_headers_are_those_of_the_refusal(kind: Any, header: str, begins: str) -> None:
    headers = describe_refusals([kind])[1]["headers"]
    assert list(headers) == ([header] if header else [])
    assert all(each["example"].startswith(begins) for each in headers.values())
    assert describe_refusals([Unavailable])[1]["headers"]["Retry-After"]["example"] == 5


def test_in_another_manner_a_refusal_is_shown_so() -> None:
    name, described = describe_refusals([BadRequest], OAUTH)
    content = described["content"]["application/json"]
    assert (name, described["description"]) == ("OAuth.BadRequest", "Bad request: `invalid_request`")
    assert content["schema"] == {"$ref": "#/components/schemas/OAuthProblem"}
    assert content["examples"]["BadRequest"]["value"]["error"] == "invalid_request"
    assert "Cache-Control" in described["headers"]


def test_a_refusal_that_asks_for_more_than_nothing_needs_a_sample() -> None:
    with pytest.raises(TypeError, match="number"):
        describe_refusals([Numbered])


def test_what_the_server_refuses_is_a_problem_too() -> None:
    name, described = describe_server_refusal(431)
    assert name == "RequestHeaderFieldsTooLarge"
    assert described["description"] == "Request header fields too large: `request_header_fields_too_large`"
