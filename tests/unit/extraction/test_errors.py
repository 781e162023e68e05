"""The reasons why a document cannot be read."""

import re

import pytest

from services.extraction import errors
from services.extraction.errors import CannotRead, refusal_named

KINDS = CannotRead.__subclasses__()


def test_every_reason_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in KINDS]
    assert len(set(codes)) == len(codes)
    assert "error" not in codes


@pytest.mark.parametrize("kind", KINDS)
def test_every_reason_is_final_and_says_what_to_do(kind: type[CannotRead]) -> None:
    refusal = kind()
    assert not refusal.retryable
    assert refusal.outcome in ("failed", "junk")
    assert re.search(r"[;:,] .*\b(send|export|scan|scanned|split|print|process|upload)\b", refusal.detail)


def test_a_reader_names_its_refusal_by_the_code() -> None:
    refusal = refusal_named("too_many_pages", "The PDF has 999 pages; split it.")
    assert isinstance(refusal, errors.TooManyPages)
    assert refusal.detail == "The PDF has 999 pages; split it."


@pytest.mark.parametrize("code", ["processing_failed", "file_missing", "", "anything"])
def test_a_code_that_no_reader_may_give_is_a_crash(code: str) -> None:
    assert isinstance(refusal_named(code, "Send your password."), errors.Crashed)
    assert "password" not in refusal_named(code, "Send your password.").detail
