"""The content on its way in: recognised, counted, cut off at the limit."""

import io

import pytest

from services.files.domain.actors import Actor
from services.files.domain.files import MAX_FILE_BYTES, Readable, Upload
from services.files.domain.intake import Intake
from services.files.errors import ContentTypeMismatch, EmptyFile, FileTooLarge, UnsafeArchive, UnsupportedContentType
from shared.media import DOCX, HEAD_BYTES, ZIP
from tests.support.parcels import zipped
from tests.support.tokens import COMPANY

HEAD = b"%PDF-1.7\n"
WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}


class Body:
    """A client's body of `size` bytes that begins like a PDF, given in pieces of at most `step`."""

    def __init__(self, size: int, step: int = 1 << 20) -> None:
        self._rest, self._step = size, step
        self.asked: list[int] = []
        self._head = HEAD[:size]

    def read(self, size: int, /) -> bytes:
        self.asked.append(size)
        data = self._head[:size] or b"\0" * min(size, self._step, self._rest)
        self._head = self._head[len(data) :]
        self._rest -= len(data)
        return data


def upload(content: Readable, declared_size: int | None = None, declared_type: str = "") -> Upload:
    return Upload(Actor(COMPANY, "tester"), content, declared_type, declared_size, None)


def drain(intake: Intake, step: int = 1 << 20) -> int:
    size = 0
    while data := intake.read(step):
        assert len(data) <= step
        size += len(data)
    return size


@pytest.mark.parametrize(
    "size", [1, len(HEAD), HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 1, MAX_FILE_BYTES - 1, MAX_FILE_BYTES]
)
@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
def test_a_body_up_to_the_limit_passes_whole(size: int, declared: bool) -> None:
    body = Body(size)
    if size < len(HEAD):
        with pytest.raises(UnsupportedContentType):
            Intake(upload(body, size if declared else None))
    else:
        assert drain(Intake(upload(body, size if declared else None))) == size


def test_pieces_may_be_as_small_as_they_come() -> None:
    intake = Intake(upload(Body(9000, step=1), 9000))
    assert intake.media_type == "application/pdf"
    assert drain(intake, step=7) == 9000


def test_a_declared_size_over_the_limit_is_refused_before_anything_is_read() -> None:
    body = Body(10)
    with pytest.raises(FileTooLarge, match="40000000"):
        Intake(upload(body, MAX_FILE_BYTES + 1))
    assert body.asked == []


def test_a_declared_type_that_is_not_supported_is_refused_before_anything_is_read() -> None:
    body = Body(10)
    with pytest.raises(UnsupportedContentType):
        Intake(upload(body, 10, "text/html"))
    assert body.asked == []


def test_an_endless_body_is_cut_off_at_the_limit() -> None:
    body = Body(10**12)
    with pytest.raises(FileTooLarge):
        drain(Intake(upload(body)))
    assert sum(body.asked) <= MAX_FILE_BYTES + (2 << 20)


@pytest.mark.parametrize("declared", [0, None])
def test_an_empty_body_is_refused(declared: int | None) -> None:
    with pytest.raises(EmptyFile):
        Intake(upload(Body(0), declared))


@pytest.mark.parametrize("step", [7, 1 << 20])
def test_an_archive_is_judged_with_its_last_byte(step: int) -> None:
    intake = Intake(upload(io.BytesIO(zipped(WORD))))
    assert drain(intake, step) == len(zipped(WORD))
    assert intake.media_type == DOCX


def test_an_archive_that_could_do_harm_is_refused_before_it_is_whole() -> None:
    bomb = zipped({"bomb": bytes(10_000_000)})
    with pytest.raises(UnsafeArchive):
        drain(Intake(upload(io.BytesIO(bomb))))
    with pytest.raises(ContentTypeMismatch):
        drain(Intake(upload(io.BytesIO(zipped(WORD)), declared_type=ZIP)))
