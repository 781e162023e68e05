"""The HTTP door: strict bodies and queries, problem answers, request ids, and a description that says the same."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import fields, validate
from openapi_spec_validator import validate as validate_openapi
from pymongo.errors import ServerSelectionTimeoutError
from werkzeug.exceptions import UnsupportedMediaType

from shared.errors import Conflict
from shared.web.application import create
from shared.web.fields import StrictBoolean, StrictSchema
from shared.web.openapi import describe
from shared.web.problems import framework_problem
from shared.web.routes import Answer, Json, Operation, Routes, Text

routes: Routes[object] = Routes("demo")


class Body(StrictSchema):
    ok = StrictBoolean(required=True)
    count = fields.Integer(strict=True)
    tags = fields.List(fields.String())


class Query(StrictSchema):
    limit = fields.Integer(load_default=20, validate=validate.Range(min=0))
    state = fields.List(fields.String(), load_default=[])


class Echo(StrictSchema):
    body = fields.Dict()
    query = fields.Dict()


@routes.post("/v2/echo", Operation(None, "Echo", Answer(200, Echo), body=Json(Body), query=Query))
def echo(desk: object, **given: Any) -> dict[str, Any]:
    return given


@routes.post("/v2/loose", Operation(None, "Echo", Answer(200, Echo), body=Json(StrictSchema, required=False)))
def loose(desk: object, **given: Any) -> dict[str, Any]:
    return given


@routes.post("/v2/text", Operation(None, "Take a text", Answer(202), body=Text(limit=5)))
def text(desk: object, body: str) -> None:
    assert body


@routes.get("/v2/faults/<kind>", Operation(None, "Fail", Answer(200), refusals=(Conflict,)))
def fail(desk: object, kind: str) -> None:
    faults = {
        "conflict": Conflict("no"),
        "bug": ZeroDivisionError("secret"),
        "mongo": ServerSelectionTimeoutError(),
        "framework": UnsupportedMediaType(),
    }
    raise faults[kind]


@pytest.fixture
def client() -> FlaskClient:
    app: Flask = create(routes, object(), bearer=None)
    return app.test_client()


def test_what_is_sent_arrives(client: FlaskClient) -> None:
    answer = client.post("/v2/echo?limit=3&state=a&state=b", json={"ok": True, "count": 2})
    assert answer.json == {"body": {"ok": True, "count": 2}, "query": {"limit": 3, "state": ["a", "b"]}}


@pytest.mark.parametrize(("sent", "count"), [("2.0", 2), ("20e-1", 2), ("-0.0", 0), ("1E15", 10**15)])
def test_an_integer_is_one_however_it_is_spelled(client: FlaskClient, sent: str, count: int) -> None:
    answer = client.post("/v2/echo", data=f'{{"ok": true, "count": {sent}}}', content_type="application/json")
    assert answer.json == {"body": {"ok": True, "count": count}, "query": {"limit": 20, "state": []}}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"ok": "yes"}, "ok"),
        ({"ok": 1}, "ok"),
        ({}, "ok"),
        ({"ok": True, "count": 5.7}, "count"),
        ({"ok": True, "count": "5"}, "count"),
        ({"ok": True, "count": True}, "count"),
        ({"ok": True, "tags": ["a", 1]}, "tags.1"),
        ({"ok": True, "__proto__": 1}, "__proto__"),
        ([], "body"),
        (None, "body"),
    ],
)
def test_a_wrong_member_is_named(client: FlaskClient, body: Any, named: str) -> None:
    answer = client.post("/v2/echo", data=json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["code"] == "bad_request"
    assert answer.json["detail"].startswith(named + ":")


@pytest.mark.parametrize(
    "data",
    ["{", '{"ok": NaN}', '{"ok": 1e999}', "[" * 100_000, "\xff", '{"ok": true', ""],
    ids=["cut", "nan", "infinite", "deep", "latin", "open", "empty"],
)
def test_what_is_no_json_is_said(client: FlaskClient, data: str) -> None:
    answer = client.post("/v2/echo", data=data.encode("latin-1"), content_type="application/json")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (rb'{"ok": true, "\ud800": 1}', "body"),
        (rb'{"ok": [{"a": "\udfff"}]}', "ok.a"),
        (rb'{"ok": "a\u0000"}', "ok"),
        (rb'["\ud800"]', "body"),
    ],
)
def test_text_that_cannot_be_kept_is_a_client_s_fault(client: FlaskClient, data: bytes, place: str) -> None:
    answer = client.post("/v2/echo", data=data, content_type="application/json")
    assert answer.status_code == 400
    assert (answer.json or {})["detail"].startswith(f"{place}: Text must not hold")


def test_other_media_types_are_refused(client: FlaskClient) -> None:
    assert client.post("/v2/echo", data='{"ok": true}', content_type="text/plain").status_code == 400
    assert client.post("/v2/text", json="abc").status_code == 400


def test_a_body_that_may_be_absent_may_be_absent(client: FlaskClient) -> None:
    assert client.post("/v2/loose").json == {"body": {}}


@pytest.mark.parametrize("query", ["limit=1&limit=2", "limit=x", "limit=-1", "nix=1", "state[$ne]=x"])
def test_wrong_query_parameters_are_refused(client: FlaskClient, query: str) -> None:
    assert client.post(f"/v2/echo?{query}", json={"ok": True}).status_code == 400
    assert client.post(f"/v2/text?{query}", data="a", content_type="text/plain").status_code == 400


@pytest.mark.parametrize(
    ("sent", "status"),
    [("ab", 202), ("abcdef", 400), ("a\x00", 400), ("", 400), ("\u2003\n", 400), ("\x1c\ufeff", 400)],
)
def test_text_bodies_have_a_limit(client: FlaskClient, sent: str, status: int) -> None:
    assert client.post("/v2/text", data=sent, content_type="text/plain; charset=utf-8").status_code == status


def test_a_body_of_a_megabyte_and_more_is_refused(client: FlaskClient) -> None:
    answer = client.post("/v2/echo", data=b"1" * 1_000_001, content_type="application/json")
    assert (answer.status_code, answer.json and answer.json["code"]) == (413, "payload_too_large")


@pytest.mark.parametrize(("kind", "status"), [("conflict", 409), ("bug", 500), ("mongo", 503)])
def test_every_fault_is_a_problem_that_gives_nothing_away(client: FlaskClient, kind: str, status: int) -> None:
    answer = client.get(f"/v2/faults/{kind}")
    assert answer.status_code == status
    assert answer.json is not None
    assert set(answer.json) == {"type", "title", "detail", "status", "code"}
    assert answer.json["type"] == f"urn:paperlane:problem:{answer.json['code']}"
    assert "secret" not in answer.text
    assert (answer.headers.get("Retry-After") is not None) == (status == 503)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nix", 404, "not_found"),
        ("GET", "/v2/echo", 405, "method_not_allowed"),
        ("OPTIONS", "/v2/echo", 405, "method_not_allowed"),
    ],
)
def test_the_framework_answers_problems_too(
    client: FlaskClient, method: str, path: str, status: int, code: str
) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json is not None
    assert answer.json["type"] == f"urn:paperlane:problem:{code}"


@pytest.mark.parametrize(
    ("status", "code", "title"),
    [
        (400, "bad_request", "Bad request"),
        (401, "authentication_failed", "Authentication failed"),
        (403, "access_forbidden", "Access forbidden"),
        (406, "not_acceptable", "Not acceptable"),
        (409, "conflict_status", "Conflict status"),
        (411, "length_required", "Length required"),
        (413, "payload_too_large", "Payload too large"),
        (414, "uri_too_long", "Uri too long"),
        (415, "unsupported_media_type", "Unsupported media type"),
        (417, "expectation_failed", "Expectation failed"),
        (431, "request_header_fields_too_large", "Request header fields too large"),
        (500, "error", "Error"),
        (501, "not_implemented", "Not implemented"),
    ],
)
def test_what_framework_and_server_refuse_has_a_code_of_its_own(status: int, code: str, title: str) -> None:
    assert json.loads(framework_problem(status, "Because.")) == {
        "type": f"urn:paperlane:problem:{code}",
        "title": title,
        "detail": "Because.",
        "status": status,
        "code": code,
    }


def test_a_refusal_of_the_frameworks_that_says_nothing_is_a_problem_too(client: FlaskClient) -> None:
    answer = client.get("/v2/faults/framework")
    assert (answer.status_code, answer.content_type) == (415, "application/problem+json")
    assert answer.json is not None
    assert (answer.json["code"], bool(answer.json["detail"])) == ("unsupported_media_type", True)


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-1.2_3", True), ("a b", False), ("x" * 65, False), ("a\x1b[31m", False)]
)
def test_a_harmless_request_id_is_kept(client: FlaskClient, given: str, kept: bool) -> None:
    answer = client.get("/nix", headers={"X-Request-Id": given})
    assert (answer.headers["X-Request-Id"] == given) is kept


def test_the_description_is_valid_openapi() -> None:
    document = describe(routes)
    validate_openapi(document)
    assert set(document["paths"]["/v2/echo"]["post"]["responses"]) == {"200", "400", "408", "413", "503"}
    assert document["components"]["schemas"]["Body"]["additionalProperties"] is False
