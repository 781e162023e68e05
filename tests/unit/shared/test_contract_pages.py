"""Words in a part: as they were written, and nothing of another form."""

import json
from typing import Any

import pytest

from shared.contracts.envelope import Malformed
from shared.contracts.pages import PrintedWord, read_words

WORD = ["Invoice", 0.1, 0.2, 0.05, 0.01, 1.0, 0]


def written(*words: Any) -> bytes:
    return json.dumps({"words": words}).encode()


def test_words_are_read_as_they_were_written() -> None:
    assert read_words(written(WORD)) == (PrintedWord("Invoice", 0.1, 0.2, 0.05, 0.01, 1.0, 0),)
    assert read_words(written()) == ()


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"[]", b'{"words": {}}', b"\xff", b"{}", b"[" * 100_000),
        *(written(word) for word in ("Invoice", WORD[:-1], [*WORD, 1], {"text": "x"}, None)),
        *(
            written([*WORD[:place], wrong, *WORD[place + 1 :]])
            for place, wrong in ((0, 1), (1, "0"), (5, None), (6, 0.5))
        ),
        *(written([*WORD[:6], True]),),
    ],
    ids=lambda data: repr(data)[:40],
)
def test_anything_else_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        read_words(data)
