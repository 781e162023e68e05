"""The mock answers what the description shows, and whatever else of it is preferred."""

import io
import json
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from gateway.mock import Mock
from gateway.routes import Table
from shared.errors import BadRequest, Unauthenticated

REFUSAL = {
    "headers": {"Retry-After": {"example": 5}, "X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}},
    "content": {"application/problem+json": {"examples": {"Away": {"value": {"a": 1}}, "Busy": {"value": {"a": 2}}}}},
}
LIST = {
    "headers": {"ETag": {"description": "Of it."}, "Cache-Control": {"example": "no-store"}},
    "content": {"application/json": {"example": {"name": "ü"}}},
}


def operation(answers: dict[str, Any], scope: str | None = None) -> dict[str, Any]:
    security = [{"oauth2": [scope]}] if scope else []
    return {"x-paperlane-service": "shop", "security": security, "responses": answers}


DOCUMENT = {
    "paths": {
        "/v2/things": {
            "get": operation({"200": LIST, "503": {"$ref": "#/components/responses/Away"}}, "things.read"),
            "post": operation({"202": {"description": "Accepted"}}),
        },
        "/v2/pictures": {"get": operation({"200": {"content": {"image/png": {}}}})},
        "/v2/photos": {"get": operation({"200": {"content": {"image/png": {}, "application/pdf": {}}}})},
        "/v2/page": {"get": operation({"200": {"content": {"text/html": {}}}})},
    },
    "components": {"responses": {"Away": REFUSAL}},
}
TABLE, MOCK = Table(DOCUMENT), Mock(DOCUMENT)


def ask(method: str, path: str, **headers: str) -> tuple[str, dict[str, str], bytes]:
    environ = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    status, example = MOCK.answer(method, TABLE.find(method, path), environ)
    return status, dict(example.headers), example.body


@pytest.mark.parametrize("name", ["authorization", "x_api_key", "api_key"])
def test_success_is_answered_to_any_credentials(name: str) -> None:
    status, headers, body = ask("GET", "/v2/things", **{name: "whatever"})
    assert (status, json.loads(body)) == ("200 OK", {"name": "ü"})
    assert headers == {"Content-Type": "application/json", "Cache-Control": "no-store"}
    assert ask("HEAD", "/v2/things", **{name: "whatever"})[2] == body


@pytest.mark.parametrize("headers", [{}, {"authorization": ""}, {"prefer": "wait=1"}])
def test_there_must_be_some_where_there_must_be_some(headers: dict[str, str]) -> None:
    with pytest.raises(Unauthenticated) as refused:
        ask("GET", "/v2/things", **headers)
    assert refused.value.headers["WWW-Authenticate"] == 'Bearer realm="paperlane"'
    assert ask("POST", "/v2/things", **headers)[0] == "202 Accepted"


@pytest.mark.parametrize(
    ("prefer", "body"),
    [
        ("code=503", {"a": 1}),
        ("Code = 503", {"a": 1}),
        ('respond-async, wait=5, code="503"; example=Busy', {"a": 2}),
        ("example=Busy", {"a": 2}),
        ("code=200, example=success", {"name": "ü"}),
        ("return=minimal", {"name": "ü"}),
        ("barcode=503", {"name": "ü"}),
    ],
)
def test_another_described_answer_can_be_preferred(prefer: str, body: dict[str, Any]) -> None:
    assert json.loads(ask("GET", "/v2/things", authorization="x", prefer=prefer)[2]) == body


def test_headers_of_a_refusal_come_with_it() -> None:
    status, headers, _ = ask("GET", "/v2/things", authorization="x", prefer="code=503")
    assert (status, headers["Retry-After"]) == ("503 Service Unavailable", "5")
    assert headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("prefer", ["code=418", "code=200, example=Busy", "example=nothing"])
def test_what_is_not_described_is_not_made_up(prefer: str) -> None:
    with pytest.raises(BadRequest, match="code=503; example=Busy"):
        ask("GET", "/v2/things", authorization="x", prefer=prefer)


def test_a_file_is_a_pdf_that_can_be_opened() -> None:
    _, headers, body = ask("GET", "/v2/photos")
    assert headers["Content-Type"] == "application/pdf"
    pdf = pypdfium2.PdfDocument(body)
    assert "An example" in pdf[0].get_textpage().get_text_bounded()
    pdf.close()
    assert ask("GET", "/v2/page")[1:] == ({"Content-Type": "text/html"}, b"An example of this media type.\n")


def test_a_picture_is_a_png_that_can_be_opened() -> None:
    _, headers, body = ask("GET", "/v2/pictures")
    assert headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(body)).size == (250, 354)
