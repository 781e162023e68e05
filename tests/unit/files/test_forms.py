"""A file in a form: streamed out of it byte for byte, and alone in it."""

import random
from io import BytesIO

import pytest

from services.files.api.forms import AROUND_BYTES, FormFile
from services.files.domain.files import MAX_FILE_BYTES
from services.files.errors import FileTooLarge, MalformedForm
from tests.support import forms
from tests.support.forms import CLOSING, OPENING, TYPE

BOUNDARY = forms.BOUNDARY.encode()
FILE = b'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: Application/PDF; a=b\r\n\r\n'


class Dribble:
    """A body that gives at most `step` bytes at once, and counts them."""

    def __init__(self, data: bytes, step: int = 1 << 20) -> None:
        self._stream, self._step = BytesIO(data), step
        self.given = 0

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(min(size, self._step))
        self.given += len(data)
        return data


def form(data: bytes, headers: bytes = FILE) -> bytes:
    return forms.form(headers + data)


def drain(part: FormFile, size: int = 1000) -> bytes:
    return b"".join(iter(lambda: part.read(size), b""))


def read(body: bytes, step: int = 1 << 20) -> bytes:
    return drain(FormFile(Dribble(body, step), None, TYPE))


@pytest.mark.parametrize("step", [1, 7, 1000, 1 << 20])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"\r\n",
        b"\r\n--",
        b"--" + BOUNDARY,
        b"a\r\n--" + BOUNDARY[:-1] + b"c\r\n",
        b"a\r\n-" + CLOSING[:-5],
        b"\n\r" * 500 + CLOSING[:9] * 20,
    ],
)
def test_the_bytes_come_as_they_are(data: bytes, step: int) -> None:
    assert read(form(data), step) == data


def test_a_large_file_comes_as_it_is_and_never_whole() -> None:
    data = random.Random(7).randbytes(3_000_000)
    body = Dribble(form(data))
    part = FormFile(body, None, TYPE)
    assert part.read(10) == data[:10]
    assert body.given <= 1 << 16
    assert data[:10] + drain(part, 50_000) == data


def test_what_stands_around_the_form_does_not_matter() -> None:
    assert read(b"preamble\r\n" + form(b"x") + b"epilogue" * 100) == b"x"


@pytest.mark.parametrize(
    ("headers", "name", "media_type"),
    [
        (FILE, "a.pdf", "application/pdf"),
        (b'Content-Disposition: form-data; name="file"\r\n\r\n', None, ""),
        (b'Content-Disposition: form-data; name="file"; filename=""\r\n\r\n', None, ""),
        ('Content-Disposition: form-data; name=file; filename="März €.pdf"\r\n\r\n'.encode(), "März €.pdf", ""),
        ('Content-Disposition: form-data; name=file; filename="Ma\u0308rz"\r\n\r\n'.encode(), "März", ""),
        (b"Content-Disposition: form-data; name=file; filename*=UTF-8''%E2%82%AC.pdf\r\n\r\n", "€.pdf", ""),
        (b"Content-Disposition: form-data; name=file; filename*=UTF-8''%E2%82%AC; filename=b\r\n\r\n", "€", ""),
        (b'content-disposition: form-data; name="file"; filename="a%22b\\"c"\r\n\r\n', 'a"b"c', ""),
        ('Content-Disposition: form-data; name=file; filename="März.pdf"\r\n\r\n'.encode("latin-1"), "März.pdf", ""),
        (b"Content-Disposition: form-data; name=file\r\nContent-Type: image/png\r\n\r\n", None, "image/png"),
    ],
)
def test_the_part_tells_name_and_type(headers: bytes, name: str | None, media_type: str) -> None:
    part = FormFile(Dribble(form(b"x", headers)), None, TYPE)
    assert (part.name, part.media_type) == (name, media_type)
    assert drain(part) == b"x"


NAMELESS = b"Content-Disposition: form-data\r\n\r\n"
OTHER = FILE.replace(b'"file"', b'"other"')


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        OPENING,
        OPENING + FILE,
        OPENING + FILE + b"x",
        OPENING + FILE + b"x" + CLOSING[:-5],
        b"--" + BOUNDARY + b"--\r\n",
        form(b"x", OTHER),
        form(b"x", NAMELESS),
        form(b"x", b"Content-Type: image/png\r\n\r\n"),
        form(b"a\r\n--" + BOUNDARY + b"c\r\n"),
        form(b"x")[:-4] + b"\r\n" + FILE + b"y" + CLOSING,
        form(b"x")[:-4] + b"\r\n" + OTHER + b"y" + CLOSING,
        form(b"x", OTHER)[:-4] + b"\r\n" + FILE + b"y" + CLOSING,
        b"p" * (AROUND_BYTES + 70_000) + form(b"x"),
        form(b"x", b"a: " + b"h" * (AROUND_BYTES + 70_000) + b"\r\n" + FILE),
        form(b"x") + b"e" * (AROUND_BYTES + 70_000),
    ],
)
def test_a_form_that_is_broken_or_holds_something_else_is_refused(body: bytes) -> None:
    for step in (1000, 1 << 20):
        with pytest.raises(MalformedForm):
            read(body, step)


@pytest.mark.parametrize("around", [b"p" * 10**8, form(b"x") + b"e" * 10**8])
def test_an_endless_form_is_not_read_to_its_end(around: bytes) -> None:
    body = Dribble(around)
    with pytest.raises(MalformedForm):
        drain(FormFile(body, None, TYPE))
    assert body.given < 3 * AROUND_BYTES


NOT_ASCII = "multipart/form-data; boundary*=UTF-8''%E2%82%AC"


@pytest.mark.parametrize(
    "type_", ["multipart/form-data", 'multipart/form-data; boundary=""', TYPE + "x" * 60, NOT_ASCII]
)
def test_a_form_needs_a_boundary(type_: str) -> None:
    with pytest.raises(MalformedForm, match="boundary"):
        FormFile(Dribble(form(b"x")), None, type_)


def test_a_form_that_declares_too_much_is_refused_unread() -> None:
    body = Dribble(form(b"x"))
    FormFile(body, MAX_FILE_BYTES + AROUND_BYTES, TYPE)
    body = Dribble(form(b"x"))
    with pytest.raises(FileTooLarge):
        FormFile(body, MAX_FILE_BYTES + AROUND_BYTES + 1, TYPE)
    assert body.given == 0
