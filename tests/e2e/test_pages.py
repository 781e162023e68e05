"""Pages through the whole stack: text, words and pictures that fit each other, for those who may see the document."""

import io
from typing import Any

import pytest
from PIL import Image

from paperlane.client import ApiRefusal
from tests.support.lane import Lane
from tests.support.samples import BUNDLE, draw_letter, encrypted, english, scan

SAMPLE = (BUNDLE / "invoice.pdf").read_bytes()


def refused(lane: Lane, path: str) -> tuple[int, str]:
    with pytest.raises(ApiRefusal) as refusal:
        lane.client.request("GET", path)
    return refusal.value.status, refusal.value.title


def darkest(picture: Image.Image, region: dict[str, float]) -> Any:
    """The darkest grey in a region of fractions, which is that of print."""
    left, top = region["left"] * picture.width, region["top"] * picture.height
    right, bottom = left + region["width"] * picture.width, top + region["height"] * picture.height
    return picture.crop((int(left), int(top), int(right) + 1, int(bottom) + 1)).getextrema()[0]


@pytest.mark.parametrize("content", [SAMPLE, scan(draw_letter(english()))], ids=["digital", "scan"])
def test_text_words_regions_and_pictures_tell_of_one_page(lane: Lane, content: bytes) -> None:
    document = lane.process(content)
    path = f"/v2/documents/{document['id']}"
    number = lane.get(f"{path}?regions=true")["entityDetails"]["number"]
    (page,) = lane.get(f"{path}/text")["pages"]
    assert number["text"] in page["text"]
    plain = lane.client.request("GET", f"{path}/text", {"Accept": "text/plain"})
    assert (plain.text, plain.headers["Content-Type"]) == (page["text"], "text/plain; charset=utf-8")
    words = lane.get(f"{path}/pages/1/words")["words"]
    assert [word for word in words if word["left"] == pytest.approx(number["region"]["left"], abs=1e-4)]
    headers = [" ".join(table["header"]) for table in lane.get(f"{path}/tables")["tables"]]
    assert any("Qty" in header or "Menge" in header for header in headers)
    for width in (1000, 250):
        shown = lane.client.request("GET", f"{path}/pages/1.png?width={width}")
        picture = Image.open(io.BytesIO(shown.content)).convert("L")
        assert (shown.headers["Content-Type"], picture.width) == ("image/png", width)
        assert darkest(picture, number["region"]) < 140
    again = lane.client.request("GET", f"{path}/pages/1.png", {"If-None-Match": shown.headers["ETag"]})
    assert again.status_code == 200, "the picture of another width has another tag"


def test_pages_that_are_not_there_are_told_apart(lane: Lane) -> None:
    document, locked = lane.process(SAMPLE), lane.process(encrypted(SAMPLE))
    path = f"/v2/documents/{document['id']}"
    for page in ("0", "2", "x"):
        assert refused(lane, f"{path}/pages/{page}/words") == (404, "Not found")
        assert refused(lane, f"{path}/pages/{page}.png") == (404, "Not found")
    assert locked["state"] == "failed"
    for what in ("text", "tables", "pages/1/words", "pages/1.png"):
        assert refused(lane, f"/v2/documents/{locked['id']}/{what}") == (409, "Document not read")
        assert refused(lane, f"/v2/documents/{'f' * 24}/{what}") == (404, "Not found")
    lane.client.request("DELETE", path)
    for what in ("text", "pages/1/words", "pages/1.png"):
        assert refused(lane, f"{path}/{what}") == (404, "Not found")
