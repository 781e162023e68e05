"""What many queries have in common: names of what to show as well, short numbers, moments."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.web.application import create
from shared.web.fields import MAX_NUMBER, Include, MomentFilter, NumberFilter, StrictSchema
from shared.web.openapi import describe
from shared.web.routes import Answer, Operation, Routes

routes: Routes[object] = Routes("demo")


class Query(StrictSchema):
    include = Include("number", "states")
    number = NumberFilter()
    since = MomentFilter("Only from this moment on.")


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
     "since=", "since=2026-03-02", "since=2026-03-02T09:30:00", "since=2026-W10-1T09:30:00Z", "since=20260302T093000Z",
     "since=2026-02-30T09:30:00Z", "since=2026-03-02T24:00:00Z", "since=2026-03-02T09:30Z", "since=1772443800",
     "since=2026-03-02%2009:30:00Z", "since=2026-03-02T09:30:00,5Z", "since=0001-01-01T00:00:00%2B01:00",
     "since=9999-12-31T23:59:59.9999Z", "since=2026-03-02T09:30:00%2B24:00", "since=٢٠٢٦-03-02T09:30:00Z",
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


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T09:30:00Z", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        ("2026-03-02t09:30:00.5z", datetime(2026, 3, 2, 9, 30, 0, 500_000, UTC)),
        ("2026-03-02T09:30:00+02:00", datetime(2026, 3, 2, 7, 30, tzinfo=UTC)),
        ("2026-03-02T09:30:00 02:00", datetime(2026, 3, 2, 7, 30, tzinfo=UTC)),
        ("2026-03-02T09:30:00-23:59", datetime(2026, 3, 3, 9, 29, tzinfo=UTC)),
        ("2026-03-02T09:30:00.123456Z", datetime(2026, 3, 2, 9, 30, 0, 124_000, UTC)),
        ("2026-03-02T09:30:59.9999Z", datetime(2026, 3, 2, 9, 31, tzinfo=UTC)),
    ],
)
def test_a_moment_is_the_first_of_our_clock_from_then_on(text: str, moment: datetime) -> None:
    assert Query().load({"since": text})["since"] == moment
