"""Which part of a file a Range header asks for."""

import pytest

from services.files.domain.ranges import read_range
from services.files.errors import RangeNotSatisfiable

SIZE = 1000


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-499", (0, 500)),
        ("bytes=500-", (500, 500)),
        ("bytes=999-", (999, 1)),
        ("bytes=-1", (999, 1)),
        ("bytes=-999", (1, 999)),
        ("bytes=-1000", (0, 1000)),
        ("bytes=-5000", (0, 1000)),
        ("bytes=900-5000", (900, 100)),
        ("bytes=0-999", (0, 1000)),
        ("BYTES= 1-2 ", (1, 2)),
    ],
)
def test_one_range_is_understood(header: str, span: tuple[int, int]) -> None:
    assert read_range(header, SIZE) == span


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-2",
        "bytes=a-b",
        "bytes=1-2,5-6",
        "bytes=1 -2",
        "bytes=1-2x",
        "bytes=--1",
        "bytes=+1-2",
        "pages=1-2",
        f"bytes={'9' * 5000}-",
        "bytes=\u0661-\u0662",
    ],
)
def test_all_else_is_ignored(header: str) -> None:
    assert read_range(header, SIZE) is None


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-2000", "bytes=-0", f"bytes={'9' * 18}-"])
def test_a_range_without_a_byte_is_refused_with_the_size(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable) as refused:
        read_range(header, SIZE)
    assert refused.value.headers["Content-Range"] == "bytes */1000"
