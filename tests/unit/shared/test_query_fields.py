"""What many queries have in common: names of what to show as well, short numbers."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.web.application import create
from shared.web.fields import MAX_NUMBER, Include, NumberFilter, StrictSchema
from shared.web.openapi import describe
from shared.web.routes import Answer, Operation, Routes

routes: Routes[object] = Routes("demo")


class Query(StrictSchema):
    include = Include("number", "states")
    number = NumberFilter()


@routes.get("/v2/echo", Operation(None, "Echo", Answer(200, Query), query=Query))
def echo(desk: object, query: Any) -> Any:
    return query


@pytest.fixture
def client() -> FlaskClient:
    return create(routes, object(), None).test_client()


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("", {"include": []}),
        ("include=number", {"include": ["number"]}),
        ("include=number,states", {"include": ["number", "states"]}),
        ("include=states&include=number", {"include": ["states", "number"]}),
        (f"number={MAX_NUMBER}", {"include": [], "number": MAX_NUMBER}),
    ],
)
def test_what_is_asked_for_arrives(client: FlaskClient, query: str, read: Any) -> None:
    assert client.get(f"/v2/echo?{query}").json == read


@pytest.mark.parametrize(
    "query",
    ["include=", "include=Number", "include=number,", "include=number&include=x", "include=number%20states",
     "number=0", "number=-1", f"number={MAX_NUMBER + 1}", "number=x", "number=1.0", "number=1_0", "number="],
)  # fmt: skip
def test_what_nobody_can_show_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/v2/echo?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in (answer.json or {})["detail"]


def test_the_names_are_described() -> None:
    parameters = {each["name"]: each for each in describe(routes)["paths"]["/v2/echo"]["get"]["parameters"]}
    include, number = (parameters[name]["schema"] for name in ("include", "number"))
    assert (include["type"], include["items"]["enum"]) == ("array", ["number", "states"])
    assert (number["type"], number["minimum"], number["maximum"]) == ("integer", 1, MAX_NUMBER)
