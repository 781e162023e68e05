"""Paths have one spelling, and the table says where each goes."""

from typing import Any

import pytest

from gateway.errors import MethodNotAllowed, NotCovered
from gateway.routes import MAX_FORM_BYTES, MAX_UPLOAD_BYTES, Route, Table, canonical_path
from shared.errors import BadRequest, NotFound
from shared.web.reading import MAX_BODY_BYTES


def operation(service: str, scope: str | None = None, body: dict[str, Any] | None = None) -> dict[str, Any]:
    described: dict[str, Any] = {"x-paperlane-service": service, "security": [{"oauth2": [scope]}] if scope else []}
    return described | ({"requestBody": {"content": body}} if body else {})


JSON = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
FORM = {"multipart/form-data": {"schema": {"type": "object"}}}
BYTES = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
TABLE = Table(
    {
        "paths": {
            "/v2/things/{thing_id}": {"get": operation("shop", "things.read")},
            "/v2/things/new": {"post": operation("shop", "things.write", JSON)},
            "/v2/things/{thing_id}/photo.jpg": {"post": operation("photos", "things.write", BYTES)},
            "/v2/things/{thing_id}/forms": {"post": operation("photos", "things.write", BYTES | FORM)},
            "/v2/open": {"get": operation("shop")},
            "/v2/later/{kind}": {"post": operation("none")},
            "/v2/later/cakes": {"get": operation("shop")},
        }
    }
)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/v2/files", "/v2/files"),
        ("/v2/files?x=/../%2e", "/v2/files"),
        ("/v2/files/%41%2d%5F%7e", "/v2/files/A-_~"),
        ("/v2/files/%c3%a9%20", "/v2/files/%C3%A9%20"),
        ("/v2/files/%252e%252e", "/v2/files/%252e%252e"),
        ("/v2/files/..a/...", "/v2/files/..a/..."),
        ("/v2/x:y@z,(1)+'!'$&*=", "/v2/x:y@z,(1)+'!'$&*="),
        ("/v2/files/", "/v2/files/"),
        ("/auth/token", "/v2/auth/token"),
        ("/%61uth/token?a", "/v2/auth/token"),
    ],
)
def test_a_path_has_one_spelling(target: str, path: str) -> None:
    assert canonical_path(target) == path
    assert canonical_path(path) == path


@pytest.mark.parametrize(
    "target",
    [
        "", "*", "a:443", "http://a/v2", "//v2", "/v2//x", "/v2/..", "/v2/%2e%2E/x", "/./v2", "/v2/.%2e",
        "/v2/x;y", "/v2/%2f", "/v2/%5C", "/v2/\\", "/v2/%3b", "/v2/%00", "/v2/%1f", "/v2/%7F", "/v2/%", "/v2/%4",
        "/v2/%g1", "/v2/x#y", "/v2/x?y#z", "/v2/x y", "/v2/é", "/v2/x\n", "/v2/<x>", '/v2/"', "/v2/{id}", "/v2/x|y",
    ],
)  # fmt: skip
def test_a_path_that_can_be_read_in_two_ways_has_none(target: str) -> None:
    with pytest.raises(BadRequest):
        canonical_path(target)


def test_an_operation_says_where_it_goes_and_what_it_demands() -> None:
    show = Route("shop", "/v2/things/{thing_id}", "things.read", MAX_BODY_BYTES)
    assert TABLE.find("GET", "/v2/things/1") == TABLE.find("HEAD", "/v2/things/1") == show
    photo = TABLE.find("POST", "/v2/things/new/photo.jpg")
    assert photo == Route("photos", "/v2/things/{thing_id}/photo.jpg", "things.write", MAX_UPLOAD_BYTES)
    assert TABLE.find("GET", "/v2/open").scope is None


def test_only_a_form_may_be_longer_than_its_file() -> None:
    for path, room in (("/v2/things/1/forms", MAX_FORM_BYTES), ("/v2/things/1/photo.jpg", 0)):
        route = TABLE.find("POST", path)
        assert route.limit("Multipart/Form-Data; boundary=x") == MAX_UPLOAD_BYTES + room
        assert route.limit("application/pdf") == route.limit("") == MAX_UPLOAD_BYTES
    assert TABLE.find("POST", "/v2/things/new").limit("multipart/form-data") == MAX_BODY_BYTES


def test_what_is_written_out_wins_over_a_parameter() -> None:
    assert TABLE.find("POST", "/v2/things/new").template == "/v2/things/new"
    with pytest.raises(MethodNotAllowed) as refused:
        TABLE.find("GET", "/v2/things/new")
    assert refused.value.headers == {"Allow": "POST"}


@pytest.mark.parametrize(
    "path", ["/v2/things", "/v2/things/", "/v2/things/1/", "/v2/things/1/photoxjpg", "/v2/things/1/2/3"]
)
def test_what_the_document_does_not_have_is_not_there(path: str) -> None:
    with pytest.raises(NotFound):
        TABLE.find("GET", path)


@pytest.mark.parametrize("path", ["/v2/later", "/v2/later/", "/v2/later/pies", "/v2/later/pies/4711/photo.jpg"])
@pytest.mark.parametrize("method", ["GET", "POST", "INVENTED"])
def test_what_the_contract_has_and_we_have_not_yet_is_said(method: str, path: str) -> None:
    with pytest.raises(NotCovered):
        TABLE.find(method, path)


def test_a_part_of_what_is_absent_may_be_there() -> None:
    assert TABLE.find("GET", "/v2/later/cakes").service == "shop"


@pytest.mark.parametrize("path", ["/v2/laterx", "/v1/later", "/later", "/v2/later-on"])
def test_what_the_contract_has_not_is_not_found(path: str) -> None:
    with pytest.raises(NotFound):
        TABLE.find("GET", path)
