"""What is taken for an e-mail, and what only looks like it."""

import time

import pytest

from shared.media import MAIL, recognise
from tests.support.parcels import mailed

RECEIVED = b"Received: from a (b [1.2.3.4])\r\n\tby c; Mon, 2 Mar 2026\r\n"


@pytest.mark.parametrize(
    "head",
    [
        mailed(),
        b"From: a@example.com\nTo: b@example.com\nSubject: c\n\nText",
        b"Return-Path: <a@example.com>\r\n" + RECEIVED + b"Subject: c\r\nDate: d\r\n\r\n%PDF",
        RECEIVED * 200 + b"Message-ID: <1>\r\nMIME-Version: 1.0\r\n",
        (b"Subject: a\nDate: b\n" + RECEIVED * 200)[:8192],
        b"from : a\nTO: b\nsubject: c\n\n",
    ],
)
def test_e_mails_are_known_by_their_headers(head: bytes) -> None:
    assert recognise(head) == MAIL


@pytest.mark.parametrize(
    "head",
    [
        b"From: a@example.com\n\nText",
        b"To: b\nSubject: c\nDate: d\n\n",
        b"From: a\nTo: b\nSubject: c\nThis is no header\n\n",
        b"A letter\nFrom: a\nTo: b\nSubject: c\n\n",
        b"HTTP/1.1 200 OK\r\nDate: a\r\n\r\n",
        b"\nFrom: a\nTo: b\nSubject: c\n\n",
        b"key: value\nother: value\n",
    ],
)
def test_other_texts_are_not(head: bytes) -> None:
    assert recognise(head) is None


def test_a_head_that_is_made_to_take_long_takes_no_time() -> None:
    began = time.perf_counter()
    assert recognise((b"From: a" + b"\r\n" + b" " * 60) * 130 + b"\r") is None
    assert time.perf_counter() - began < 1
